//! Rule: shadowed-match
//!
//! Of equal matches in one route only the first ever wins.

use std::collections::BTreeMap;

use super::finding::{matching, rule};
use super::matches::{self, MatchPlace, Shape, SlashApart};
use super::{Context, Finding, Rule};
use crate::check::model::Route;
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("shadowed-match"),
    severity: Severity::Warning,
    what: "a match, or a whole rule, that an equal match before it in the same route keeps from ever winning",
    why: "Precedence goes by how specific a match is, so order does not matter, except between equal matches: there \
          the first rule of the route wins, and the later one never gets a request. Prefixes that differ by a slash \
          at their end are equal; a proxy that counts characters lets the longer win all the same.",
    source: "Gateway API v1.6.1, `httproute_types.go:185-206`; `grpcroute_types.go` has the same",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{path: {value: /cart}}]
      backendRefs: [{name: cart, port: 80}]
    - matches: [{path: {value: /cart/}}]
      backendRefs: [{name: cart-v2, port: 80}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{path: {value: /}}]
      backendRefs: [{name: shop, port: 80}]
    - matches: [{path: {value: /cart}}]
      backendRefs: [{name: cart-v2, port: 80}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for route in &context.model.routes {
        if matches!(route.kind, "HTTPRoute" | "GRPCRoute") {
            of_route(route, out);
        }
    }
}

fn of_route(route: &Route<'_>, out: &mut Vec<Finding>) {
    let mut first: BTreeMap<Shape<'_>, MatchPlace> = BTreeMap::new();
    let mut shadowed: Vec<(MatchPlace, MatchPlace)> = Vec::new();
    for (place, shape) in matches::of(route) {
        match first.get(&shape) {
            Some(earlier) => shadowed.push((place, *earlier)),
            None => {
                first.insert(shape, place);
            }
        }
    }
    for of_rule in shadowed.chunk_by(|((one, _), _), ((other, _), _)| one == other) {
        let Some(((at, _), first)) = of_rule.first() else { continue };
        let matches = route.rules.get(*at).map_or(0, |rule| rule.matches.len().max(1));
        let elsewhere = of_rule.iter().all(|(_, (earlier, _))| earlier != at);
        let slash = |((rule, index), (first, at)): &(MatchPlace, MatchPlace)| {
            SlashApart::find(route.matched(*rule, *index), route.matched(*first, *at))
        };
        if of_rule.len() == matches && elsewhere {
            let message = format!(
                "this rule never wins: {} the same as {}, which comes first{}",
                if matches == 1 {
                    "its match is"
                } else {
                    "each of its matches has an equal one before it, the first"
                },
                path(*first),
                more(of_rule.iter().find_map(slash))
            );
            out.push(RULE.find(route.meta.object, rule(*at), message).hint(
                "take the rule out, join its backends with those of the first, or match something else",
            ));
            continue;
        }
        for both @ (place, earlier) in of_rule {
            let message = format!(
                "this match never wins: it is the same as {}, which comes first{}",
                path(*earlier),
                more(slash(both))
            );
            let hint = "take it out, or match something else";
            out.push(RULE.find(route.meta.object, path(*place), message).hint(hint));
        }
    }
}

fn path((rule, index): MatchPlace) -> Path {
    index.map_or_else(|| self::rule(rule), |index| matching(rule, index))
}

/// What equal prefixes that are not written alike come to.
fn more(slash: Option<SlashApart<'_>>) -> String {
    slash.map(|slash| format!("; {slash}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TARGET, found, found_in_refused, judge};
    use super::RULE;

    #[test]
    fn tells_a_rule_from_a_match() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a}
spec:
  rules:
    - matches: [{path: {value: /a}}, {path: {value: /b}}, {path: {value: /b}}]
    - matches: [{path: {value: /a}}, {path: {value: /c}}]
    - matches: [{path: {value: /c}}, {path: {value: /b}}]
    - matches: [{path: {value: /a}, method: GET}, {path: {type: Exact, value: /a}}]
";
        assert_eq!(
            found(&RULE, text),
            [
                "0 warning spec.rules[0].matches[2]",
                "0 warning spec.rules[1].matches[0]",
                "0 warning spec.rules[2]"
            ]
        );
    }

    /// The trace ranks them alike: `trace::tests::a_slash_at_the_end_of_a_prefix_does_not_count`.
    #[test]
    fn a_slash_at_the_end_of_a_prefix_does_not_count_and_is_told() {
        for (first, second, told) in [("/a", "/a/", true), ("/a/", "/a", true), ("/a/", "/a/", false)] {
            let text = format!(
                "{{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {{name: a}}, \
                 spec: {{rules: [{{matches: [{{path: {{value: {first}}}}}]}}, {{matches: [{{path: {{value: {second}}}}}]}}]}}}}"
            );
            let own = judge(&text, TARGET, false).into_iter();
            let own: Vec<_> = own.filter(|finding| finding.diagnostic.code == RULE.code).collect();
            let [finding] = own.try_into().expect("one finding");
            let message = finding.diagnostic.message;
            assert_eq!(message.contains("ignores the slash"), told, "{message}");
            assert_eq!(message.contains("lets `/a/` win"), told, "{message}");
        }
    }

    #[test]
    fn compares_headers_in_any_order_and_case() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: a}
spec:
  rules:
    - matches: [{headers: [{name: A, value: v}, {name: b, value: w}]}]
    - matches: [{headers: [{name: B, value: w}, {name: a, value: v}]}]
    - matches: [{headers: [{name: B, value: w}]}]
    - {}
    - {}
";
        assert_eq!(found(&RULE, text), ["0 warning spec.rules[1]", "0 warning spec.rules[4]"]);
    }

    #[test]
    fn what_was_not_read_as_a_whole_equals_nothing() {
        let text = |rules: &str| {
            format!(
                "{{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {{name: a}}, spec: {{rules: [{rules}]}}}}"
            )
        };
        let twice = |matching: &str| text(&format!("{{matches: [{matching}]}}, {{matches: [{matching}]}}"));
        assert_eq!(found_in_refused(&RULE, &twice("{path: {value: /a}}")).len(), 1);
        for unread in [
            "{path: {type: Prefix, value: /a}}",
            "{path: {value: /a}, header: [{name: a, value: b}]}",
            "{headers: [{name: a, value: b, type: Regex}]}",
            "{queryParams: [{name: a}]}",
            "/a",
        ] {
            assert!(found_in_refused(&RULE, &twice(unread)).is_empty(), "{unread}");
        }
        assert!(
            found_in_refused(&RULE, &text("{match: [{path: {value: /a}}]}, {}, {matches: /b}")).is_empty()
        );
    }
}
