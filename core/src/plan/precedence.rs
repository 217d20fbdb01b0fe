//! Which rules of a route could tie with each other under Gateway API's order of precedence.
//!
//! Precedence goes by match: exact path, longest prefix, method, most headers, most query
//! parameters (v1.6.1, `httproute_types.go:185-196`). Between routes a tie goes to the older one,
//! within a route to the earlier rule. So rules that could tie must stay in one route.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Rule;
use crate::release::Kind;
use crate::tree::Node;

/// Within one bucket of equal rank this many matches are compared pair by pair; more count as ties.
const COMPARED_PAIRWISE: usize = 512;

/// What of a match decides its rank, without what two tying matches may differ in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank<'n> {
    /// `Exact`, `PathPrefix`, `RegularExpression`, or a gRPC method's type.
    kind: &'n str,
    /// The path, or gRPC service and method; empty for regular expressions, whose order is the controller's own.
    path: (&'n str, &'n str),
    has_method: bool,
    headers: usize,
    query_params: usize,
}

/// One match of one rule.
struct Match<'n> {
    rule: usize,
    method: Option<&'n str>,
    /// Names with the value an exact match asks for.
    headers: Vec<(String, Option<&'n str>)>,
    query_params: Vec<(String, Option<&'n str>)>,
}

/// For each rule the first rule of its group; rules of one group could tie.
pub(super) fn groups(rules: &[Rule<'_>], kind: Kind) -> Vec<usize> {
    let everything = [Cow::Owned(Node::map([]))];
    let mut buckets: BTreeMap<Rank<'_>, Vec<Match<'_>>> = BTreeMap::new();
    for (index, rule) in rules.iter().enumerate() {
        let matches = if rule.matches.is_empty() { &everything[..] } else { &rule.matches[..] };
        for node in matches {
            let (rank, found) = rank(node, kind, index);
            buckets.entry(rank).or_default().push(found);
        }
    }
    let mut first: Vec<usize> = (0..rules.len()).collect();
    for bucket in buckets.values() {
        let all_tie = bucket.len() > COMPARED_PAIRWISE;
        for (position, second) in bucket.iter().enumerate() {
            let earlier =
                if all_tie { &bucket[position.saturating_sub(1)..position] } else { &bucket[..position] };
            for one in earlier {
                if one.rule != second.rule && (all_tie || overlap(one, second)) {
                    join(&mut first, one.rule, second.rule);
                }
            }
        }
    }
    (0..rules.len()).map(|index| root(&first, index)).collect()
}

fn root(first: &[usize], mut index: usize) -> usize {
    while first[index] != index {
        index = first[index];
    }
    index
}

fn join(first: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(first, one), root(first, other));
    first[one.max(other)] = one.min(other);
}

fn rank<'n>(node: &'n Node<'_>, kind: Kind, rule: usize) -> (Rank<'n>, Match<'n>) {
    let text =
        |node: Option<&'n Node<'_>>, key: &str| node.and_then(|node| node.get(key)).and_then(Node::as_text);
    let headers = conditions(node.get("headers"), true);
    let query_params = conditions(node.get("queryParams"), false);
    let (word, path, method) = if kind == Kind::GrpcRoute {
        let method = node.get("method");
        let word = text(method, "type").unwrap_or("Exact");
        (word, (text(method, "service").unwrap_or(""), text(method, "method").unwrap_or("")), None)
    } else {
        let path = node.get("path");
        let word = text(path, "type").unwrap_or("PathPrefix");
        let value = text(path, "value").unwrap_or("/");
        // A prefix goes by path elements: `/a/` and `/a` match the same requests.
        let value = if word == "PathPrefix" && value.len() > 1 { value.trim_end_matches('/') } else { value };
        (word, (value, ""), node.get("method").and_then(Node::as_text))
    };
    let path = if word == "RegularExpression" { ("", "") } else { path };
    let rank = Rank {
        kind: word,
        path,
        has_method: method.is_some(),
        headers: headers.len(),
        query_params: query_params.len(),
    };
    (rank, Match { rule, method, headers, query_params })
}

fn conditions<'n>(node: Option<&'n Node<'_>>, any_case: bool) -> Vec<(String, Option<&'n str>)> {
    node.into_iter()
        .flat_map(Node::items)
        .filter_map(|(_, item)| {
            let name = item.get("name")?.as_text()?;
            let exact = item.get("type").and_then(Node::as_text).unwrap_or("Exact") == "Exact";
            let name = if any_case { name.to_ascii_lowercase() } else { name.to_owned() };
            Some((name, item.get("value").and_then(Node::as_text).filter(|_| exact)))
        })
        .collect()
}

/// Whether one request can match both: unless a method, header or parameter must have two values.
fn overlap(one: &Match<'_>, other: &Match<'_>) -> bool {
    let differ = |a: &[(String, Option<&str>)], b: &[(String, Option<&str>)]| {
        a.iter().any(|(name, value)| {
            value.is_some()
                && b.iter().any(|(other, wanted)| name == other && wanted.is_some() && value != wanted)
        })
    };
    one.method == other.method
        && !differ(&one.headers, &other.headers)
        && !differ(&one.query_params, &other.query_params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Path;

    fn rule<'v>(matches: impl IntoIterator<Item = Node<'v>>) -> Rule<'v> {
        Rule {
            name: None,
            matches: matches.into_iter().map(Cow::Owned).collect(),
            filters: Vec::new(),
            backends: Vec::new(),
            given: None,
            path: Path::ROOT,
        }
    }

    fn path<'v>(word: &'v str, value: &'v str) -> Node<'v> {
        Node::map([("path", Node::map([("type", Node::text(word)), ("value", Node::text(value))]))])
    }

    fn header(value: &str) -> Node<'_> {
        let header = Node::map([("name", Node::text("X-Version")), ("value", Node::text(value))]);
        Node::map([("headers", Node::list([header]))])
    }

    #[test]
    fn different_ranks_and_exclusive_headers_do_not_tie() {
        let rules = [
            rule([path("PathPrefix", "/a")]),
            rule([path("PathPrefix", "/b")]),
            rule([path("Exact", "/a")]),
            rule([header("1")]),
            rule([header("2")]),
            rule([]),
        ];
        assert_eq!(groups(&rules, Kind::HttpRoute), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn equal_matches_tie_transitively() {
        let rules = [
            rule([path("PathPrefix", "/a")]),
            rule([path("PathPrefix", "/b")]),
            rule([path("PathPrefix", "/a/"), path("PathPrefix", "/b")]),
            rule([path("RegularExpression", "/x.*")]),
            rule([path("RegularExpression", "/y.*")]),
        ];
        assert_eq!(groups(&rules, Kind::HttpRoute), [0, 0, 0, 3, 3]);
    }
}
