//! What a match asks for, in one form: equal forms take the same requests and have the same precedence.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::prefix::without_slash;
use super::rank::Rank;
use crate::check::model::{Match, Route, TextMatch};

/// A text and how it is compared.
pub(super) type Text<'m> = (How, &'m str);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum How {
    /// Not at all.
    Any,
    Exact,
    Prefix,
    Expression,
}

/// The form of a match.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) struct Shape<'m> {
    /// Whether it is of an HTTPRoute.
    pub(super) http: bool,
    /// HTTP path, or gRPC method.
    pub(in crate::check) path: Text<'m>,
    /// gRPC service.
    pub(super) service: Text<'m>,
    /// HTTP method.
    pub(in crate::check) method: Option<&'m str>,
    /// In ascending order of name, in lower case; of names that are equal in it only the first counts.
    pub(super) headers: Vec<(Cow<'m, str>, Text<'m>)>,
    pub(super) query_params: Vec<(&'m str, Text<'m>)>,
}

/// A match by its rule and its index in it; none where the rule has no matches.
pub(in crate::check) type MatchPlace = (usize, Option<usize>);

/// The forms of all matches of a route, rule by rule, each with its place. A rule without matches
/// has one, of everything; in routes of other kinds than HTTP and gRPC all rules have. What was not read as a
/// whole is left out, for it may ask for something else.
pub(in crate::check) fn of<'m>(route: &'m Route<'_>) -> impl Iterator<Item = (MatchPlace, Shape<'m>)> {
    let http = route.kind == "HTTPRoute";
    let rules = route.rules.iter().enumerate().filter(|(_, rule)| route.is_whole && rule.is_whole);
    rules.flat_map(move |(rule, found)| {
        let everything = found.matches.is_empty().then(|| ((rule, None), of_match(None, http)));
        let listed = found.matches.iter().enumerate().filter(|(_, one)| one.is_whole);
        let listed = listed.map(move |(index, one)| ((rule, Some(index)), of_match(Some(one), http)));
        everything.into_iter().chain(listed)
    })
}

/// The form of a match of an HTTPRoute or of another route; none stands for everything.
pub(in crate::check) fn of_match<'m>(found: Option<&'m Match<'_>>, http: bool) -> Shape<'m> {
    let path = if http { (How::Prefix, "/") } else { (How::Any, "") };
    let (service, method) = ((How::Any, ""), None);
    let mut shape = Shape { http, path, service, method, headers: Vec::new(), query_params: Vec::new() };
    let Some(Match { path, service, method, headers, query_params, is_whole: _ }) = found else {
        return shape;
    };
    if let Some(path) = path {
        shape.path = text(path);
    }
    if let Some(service) = service {
        shape.service = text(service);
    }
    shape.method = method.as_deref();
    shape.headers = distinct(headers, true).map(|(name, value)| (lower(name), text(value))).collect();
    shape.headers.sort_unstable();
    shape.query_params = distinct(query_params, false).map(|(name, value)| (name, text(value))).collect();
    shape.query_params.sort_unstable();
    shape
}

fn text<'m>(found: &'m TextMatch<'_>) -> Text<'m> {
    match found {
        TextMatch::Exact(text) => (How::Exact, text),
        TextMatch::Prefix(text) => (How::Prefix, without_slash(text)),
        TextMatch::Expression(text) => (How::Expression, text),
    }
}

/// A header name, as it is compared.
pub(in crate::check) fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Of several conditions on one name only the first counts; header names differ by more than case.
///
/// Source: Gateway API v1.6.1, `apis/v1/httproute_types.go:617-621`.
pub(in crate::check) fn distinct<'m, 'a>(
    conditions: &'m [(Cow<'a, str>, TextMatch<'a>)],
    any_case: bool,
) -> impl Iterator<Item = (&'m str, &'m TextMatch<'a>)> {
    let mut seen = BTreeSet::new();
    conditions.iter().filter_map(move |(name, value)| {
        let is_first = seen.insert(if any_case { lower(name) } else { Cow::Borrowed(name.as_ref()) });
        is_first.then_some((name.as_ref(), value))
    })
}

impl<'m> Shape<'m> {
    /// Whether it asks for headers or query parameters.
    pub(in crate::check) fn has_conditions(&self) -> bool {
        !self.headers.is_empty() || !self.query_params.is_empty()
    }

    /// Its rank, with the path and method that it asks for: matches that have all of it in common tie
    /// where one request meets them. Of expressions the order is the controller's own; equal ones tie.
    ///
    /// Source: Gateway API v1.6.1, `httproute_types.go:185-196`.
    pub(in crate::check) fn tier(&self) -> (Rank, Text<'m>, Text<'m>, Option<&'m str>) {
        (self.rank(), self.path, self.service, self.method)
    }

    /// Whether one request can be what both ask for, given that paths and methods are equal.
    pub(in crate::check) fn meets(&self, other: &Shape<'_>) -> bool {
        !exclude(&self.headers, &other.headers) && !exclude(&self.query_params, &other.query_params)
    }

    /// What it asks for, in words, as far as a message needs it.
    pub(in crate::check) fn words(&self) -> String {
        let (how, path) = self.path;
        let (_, service) = self.service;
        match how {
            How::Any if service.is_empty() => "every request".to_owned(),
            How::Any => format!("service `{service}`"),
            How::Exact if !service.is_empty() => format!("method `{service}/{path}`"),
            How::Exact => format!("path `{path}`"),
            How::Prefix => format!("prefix `{path}`"),
            How::Expression => format!("expression `{path}`"),
        }
    }
}

/// Whether two lists of conditions ask for different exact values of one name; expressions may meet anything.
/// Both are in the order of names, each of which they have once.
fn exclude<N: Ord>(conditions: &[(N, Text<'_>)], others: &[(N, Text<'_>)]) -> bool {
    conditions.iter().filter(|(_, (how, _))| *how == How::Exact).any(|(name, (_, value))| {
        let found = others.binary_search_by(|(other, _)| other.cmp(name)).ok().and_then(|at| others.get(at));
        found.is_some_and(|(_, (how, other))| *how == How::Exact && other != value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(names: &[String]) -> Vec<(Cow<'_, str>, TextMatch<'_>)> {
        names.iter().map(|name| (Cow::Borrowed(name.as_str()), TextMatch::Exact("v".into()))).collect()
    }

    #[test]
    fn the_first_of_each_name_counts_however_many_there_are() {
        let names: Vec<String> = (0..50_000).flat_map(|at| [format!("X-{at}"), format!("x-{at}")]).collect();
        let conditions = listed(&names);
        assert_eq!(distinct(&conditions, false).count(), 100_000);
        assert!(distinct(&conditions, true).map(|(name, _)| name).eq(names.iter().step_by(2)));
    }

    #[test]
    fn different_exact_values_of_one_name_exclude_each_other() {
        let one = |how, value| [("a", (How::Exact, "1")), ("b", (how, value))];
        assert!(exclude(&one(How::Exact, "1"), &one(How::Exact, "2")));
        assert!(!exclude(&one(How::Exact, "1"), &one(How::Exact, "1")));
        assert!(!exclude(&one(How::Exact, "1"), &one(How::Expression, "2")));
        assert!(!exclude(&one(How::Exact, "1"), &[("c", (How::Exact, "2"))]));
    }
}
