//! Rule: partial-tie
//!
//! Two matches of equal rank that ask for different things, and that one request can meet both.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{matching, named, rule};
use super::matches::{self, MatchPlace, Shape, SlashApart};
use super::{Context, Finding, Rule};
use crate::check::attach::precedence;
use crate::check::model::Route;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("partial-tie"),
    severity: Severity::Info,
    what: "matches of two routes with equal rank but different headers or query parameters, for one host and path",
    why: "A request that has what both ask for meets two matches of equal precedence, so the route that was created \
          first gets it, at one moment the one whose namespace/name comes first. Of one host, path and rank the first \
          32 matches with headers or query parameters are compared.",
    source: "Gateway API v1.6.1, `httproute_types.go:185-203`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec: {gatewayClassName: example, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: beta}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{matches: [{headers: [{name: X-Beta, value: 'true'}]}], backendRefs: [{name: beta, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: staff}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{matches: [{headers: [{name: X-Staff, value: 'true'}]}], backendRefs: [{name: staff, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec: {gatewayClassName: example, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: beta}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{matches: [{headers: [{name: X-Group, value: beta}]}], backendRefs: [{name: beta, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: staff}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{matches: [{headers: [{name: X-Group, value: staff}]}], backendRefs: [{name: staff, port: 80}]}]
",
    check,
};

/// Most matches of one host, path and rank that are compared; of later ones nothing is said. Each is held against
/// each other one, so without a bound 10,000 routes for one host would take 50 million comparisons; with it, 496.
///
/// Source: our own bound; the rule's page names it.
const COMPARED: usize = 32;

/// A match of a route, by the route's index and its place in it.
type Entry<'m> = (usize, MatchPlace, &'m Shape<'m>);

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let routes = &context.model.routes;
    // Few routes match more than paths; only those can tie without being equal.
    let shapes: BTreeMap<usize, Vec<(MatchPlace, Shape<'_>)>> = routes
        .iter()
        .enumerate()
        .map(|(at, route)| {
            (at, matches::of(route).filter(|(_, shape)| shape.has_conditions()).collect::<Vec<_>>())
        })
        .filter(|(_, shapes)| !shapes.is_empty())
        .collect();
    let mut told: BTreeSet<(usize, usize)> = BTreeSet::new();
    for joined in &context.attach.listeners {
        let mut ranks: BTreeMap<_, Vec<Entry<'_>>> = BTreeMap::new();
        for index in &joined.routes {
            let (Some(route), Some(shapes)) = (routes.get(*index), shapes.get(index)) else { continue };
            for host in joined.hosts(route) {
                for (place, shape) in shapes {
                    let of_rank = ranks.entry((route.kind, host, shape.tier())).or_default();
                    if of_rank.len() < COMPARED {
                        of_rank.push((*index, *place, shape));
                    }
                }
            }
        }
        for ((_, host, _), of_rank) in &ranks {
            for (position, one) in of_rank.iter().enumerate() {
                for other in of_rank.iter().skip(position + 1) {
                    tell(routes, host, *one, *other, &mut told, out);
                }
            }
        }
    }
}

fn tell(
    routes: &[Route<'_>],
    host: &str,
    one: Entry<'_>,
    other: Entry<'_>,
    told: &mut BTreeSet<(usize, usize)>,
    out: &mut Vec<Finding>,
) {
    let ((first, place, of_one), (second, its_place, of_other)) = (one, other);
    // Equal ones are another rule's.
    if first == second || of_one == of_other || !of_one.meets(of_other) || !told.insert((first, second)) {
        return;
    }
    let (Some(a), Some(b)) = (routes.get(first), routes.get(second)) else { return };
    let (winner, loser, (_, (at, index), shape)) =
        if precedence(&a.meta) <= precedence(&b.meta) { (a, b, other) } else { (b, a, one) };
    let host = if host.is_empty() { "every host".to_owned() } else { format!("`{host}`") };
    let slash = SlashApart::find(a.matched(place.0, place.1), b.matched(its_place.0, its_place.1));
    let slash = slash.map(|slash| format!("; {slash}")).unwrap_or_default();
    let message = format!(
        "a request for {} of {host} can meet a match of {} as well, of equal precedence; the older route gets it{slash}",
        shape.words(),
        named(winner.kind, &winner.meta)
    );
    let path = index.map_or_else(|| rule(at), |index| matching(at, index));
    let hint =
        "ask for one header or parameter with different values, or make them one route, where order decides";
    out.push(RULE.find(loser.meta.object, path, message).hint(hint));
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::tests::found;
    use super::{COMPARED, RULE};

    /// A Gateway, a route with so many rules, and one more route that may tie with each of them.
    fn routes(rules: usize) -> String {
        let mut text = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: gw}\n\
             spec: {gatewayClassName: c, listeners: [{name: a, port: 80, protocol: HTTP}]}\n"
            .to_owned();
        let of = |name: &str, headers: &mut dyn Iterator<Item = String>| {
            let matches = headers.map(|name| format!("{{headers: [{{name: {name}, value: v}}]}}"));
            let matches = matches.collect::<Vec<_>>().join(", ");
            format!(
                "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: {name}}}\n\
                 spec: {{parentRefs: [{{name: gw}}], rules: [{{matches: [{matches}]}}]}}\n"
            )
        };
        let _ = write!(text, "{}", of("a", &mut (0..rules).map(|at| format!("X-{at}"))));
        let _ = write!(text, "{}", of("b", &mut ["Other".to_owned()].into_iter()));
        text
    }

    #[test]
    fn compares_so_many_of_one_rank_and_no_more() {
        assert!(RULE.why.contains(&format!("the first {COMPARED} matches")));
        let line = "2 info spec.rules[0].matches[0]";
        assert_eq!(found(&RULE, &routes(1)), [line]);
        assert_eq!(found(&RULE, &routes(COMPARED - 1)), [line], "the last that is compared");
        assert!(found(&RULE, &routes(COMPARED)).is_empty(), "the first that is not");
    }
}
