//! Rule: route-tie
//!
//! Between equal matches of two routes the date of creation decides.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{matching, named, reason_of_age, rule};
use super::matches::{self, MatchPlace, Shape, SlashApart};
use super::{Context, Finding, Rule};
use crate::check::attach::precedence;
use crate::check::model::Route;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("route-tie"),
    severity: Severity::Warning,
    what: "equal matches of two routes for one host at one listener",
    why: "The route that was created first gets all requests, at one moment the one whose namespace/name comes first. \
          Deleting a route and creating it anew, as a migration or a restore does, turns the order round.",
    source: "Gateway API v1.6.1, `httproute_types.go:185-206`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec: {gatewayClassName: example, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{matches: [{path: {value: /cart}}], backendRefs: [{name: cart, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop-new}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{matches: [{path: {value: /cart}}], backendRefs: [{name: cart-v2, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec: {gatewayClassName: example, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{matches: [{path: {value: /cart}}], backendRefs: [{name: cart, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop-new}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{matches: [{path: {value: /cart/v2}}], backendRefs: [{name: cart-v2, port: 80}]}]
",
    check,
};

/// What two routes tie over: the first match of the loser and its like, the host, and all matches of the loser.
struct Tie<'m> {
    place: MatchPlace,
    like: MatchPlace,
    shape: &'m Shape<'m>,
    host: &'m str,
    places: BTreeSet<MatchPlace>,
}

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let routes = &context.model.routes;
    let shapes: Vec<Vec<(MatchPlace, Shape<'_>)>> =
        routes.iter().map(|route| matches::of(route).collect()).collect();
    // By loser and winner.
    let mut ties: BTreeMap<(usize, usize), Tie<'_>> = BTreeMap::new();
    for joined in &context.attach.listeners {
        let mut attached: Vec<(usize, &Route<'_>)> =
            joined.routes.iter().filter_map(|index| Some((*index, routes.get(*index)?))).collect();
        attached.sort_by(|(_, one), (_, other)| precedence(&one.meta).cmp(&precedence(&other.meta)));
        let mut first: BTreeMap<(&str, &str, &Shape<'_>), (usize, MatchPlace)> = BTreeMap::new();
        for (index, route) in attached {
            for host in joined.hosts(route) {
                for (place, shape) in shapes.get(index).into_iter().flatten() {
                    let (winner, like) = *first.entry((route.kind, host, shape)).or_insert((index, *place));
                    if winner != index {
                        let tie = ties.entry((index, winner)).or_insert(Tie {
                            place: *place,
                            like,
                            shape,
                            host,
                            places: BTreeSet::new(),
                        });
                        // One match may tie at several hosts and listeners.
                        tie.places.insert(*place);
                    }
                }
            }
        }
    }
    for ((loser, winner), tie) in &ties {
        let (Some(loser), Some(winner)) = (routes.get(*loser), routes.get(*winner)) else { continue };
        let Tie { place, like, shape, host, places } = tie;
        let host = if host.is_empty() { "every host".to_owned() } else { format!("`{host}`") };
        let what = if matches!(loser.kind, "HTTPRoute" | "GRPCRoute") {
            format!("{} for {host}", shape.words())
        } else {
            host
        };
        let others = if places.len() > 1 { " (and others)" } else { "" };
        let why = match reason_of_age(&winner.meta, &loser.meta) {
            Some(reason) => format!("and gets the requests: {reason}"),
            None => "and which of the two is created first gets the requests".to_owned(),
        };
        let message = format!("{} matches {what}{others} as well, {why}", named(winner.kind, &winner.meta));
        let ((at, index), (first, of_first)) = (*place, *like);
        let message = match SlashApart::find(winner.matched(first, of_first), loser.matched(at, index)) {
            Some(slash) => format!("{message}; {slash}"),
            None => message,
        };
        let path = index.map_or_else(|| rule(at), |index| matching(at, index));
        let hint =
            "match something more specific in one of them, or make them one route, where order decides";
        out.push(RULE.find(loser.meta.object, path, message).hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::tests::{TARGET, found, found_in_refused, judge};
    use super::RULE;

    fn routes(routes: &[(&str, &str)]) -> String {
        let mut text = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: gw}\n\
             spec: {gatewayClassName: c, listeners: [{name: a, port: 80, protocol: HTTP}, {name: b, port: 81, protocol: HTTP}]}\n"
            .to_owned();
        for (index, (created, host)) in routes.iter().enumerate() {
            let _ = write!(
                text,
                "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n\
                 metadata: {{name: r{index}, creationTimestamp: '{created}'}}\n\
                 spec: {{parentRefs: [{{name: gw}}], hostnames: [{host}]}}\n"
            );
        }
        text
    }

    #[test]
    fn the_younger_one_is_told_once() {
        let text = routes(&[
            ("2026-01-02T00:00:00Z", "a.example.com"),
            ("2026-01-01T00:00:00Z", "a.example.com, b.example.com"),
            ("2026-01-03T00:00:00Z", "a.example.com, '*.example.com'"),
        ]);
        assert_eq!(
            found(&RULE, &text),
            ["1 warning spec.rules[0].matches[0]", "3 warning spec.rules[0].matches[0]"]
        );
    }

    #[test]
    fn one_match_at_two_listeners_is_one() {
        let text =
            routes(&[("2026-01-01T00:00:00Z", "a.example.com"), ("2026-01-02T00:00:00Z", "a.example.com")]);
        let one_listener = text.replace(", {name: b, port: 81, protocol: HTTP}", "");
        let said = |text: &str| judge(text, TARGET, false).remove(0).diagnostic.message;
        assert_eq!(said(&text), said(&one_listener));
    }

    /// `httproute_types.go:93-97`: such a name must be ignored.
    #[test]
    fn a_host_that_the_listener_does_not_serve_ties_nobody() {
        let text = routes(&[
            ("2026-01-01T00:00:00Z", "a.example.com, c.other.com"),
            ("2026-01-02T00:00:00Z", "b.example.com, c.other.com"),
        ]);
        assert_eq!(found(&RULE, &text).len(), 1);
        let served = text.replace("protocol: HTTP}", "protocol: HTTP, hostname: '*.example.com'}");
        assert!(found(&RULE, &served).is_empty());
    }

    #[test]
    fn a_route_or_rule_that_was_not_read_as_a_whole_ties_nobody() {
        let routes = |spec: &str| {
            routes(&[("2026-01-01T00:00:00Z", "a.example.com"), ("2026-01-02T00:00:00Z", "a.example.com")])
                .replacen("hostnames: [a.example.com]", &format!("hostnames: [a.example.com], {spec}"), 1)
        };
        assert_eq!(found_in_refused(&RULE, &routes("rules: [{}]")).len(), 1);
        for unread in
            ["hostname: b.example.com", "rules: [{match: []}]", "rules: [{matches: [{path: {type: Glob}}]}]"]
        {
            assert!(found_in_refused(&RULE, &routes(unread)).is_empty(), "{unread}");
        }
        let section = routes("rules: [{}]").replacen("{name: gw}]", "{name: gw, sectionname: a}]", 1);
        assert!(found_in_refused(&RULE, &section).is_empty());
    }

    #[test]
    fn the_older_one_is_so_in_any_time_zone() {
        // The first is younger, though its text sorts first.
        let text = routes(&[
            ("2026-01-01T23:30:00-01:00", "a.example.com"),
            ("2026-01-02T00:00:00Z", "a.example.com"),
        ]);
        assert_eq!(found(&RULE, &text), ["1 warning spec.rules[0].matches[0]"]);
    }
}
