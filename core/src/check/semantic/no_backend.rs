//! Rule: no-backend
//!
//! A rule that sends its requests nowhere.

use super::{Context, Finding, Rule, finding};
use crate::check::model::{FilterKind, Rule as RouteRule};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("no-backend"),
    severity: Severity::Warning,
    what: "a rule of an HTTPRoute or GRPCRoute without backends that does not redirect either",
    why: "The route is accepted, and every request of the rule is answered with 500, for gRPC with UNAVAILABLE. A \
          route without rules has one such rule, for every path.",
    source: "Gateway API v1.6.1, `httproute_types.go:267-282`; conformance test `httproute-omitted-backendrefs` of \
             v1.7.0",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{path: {value: /cart}}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{path: {value: /cart}}]
      backendRefs: [{name: cart, port: 80}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    // A key that was not read may be a misspelt `rules` or `backendRefs`, of which level `api` tells.
    for route in context.model.routes.iter().filter(|route| route.is_whole) {
        let answer = match route.kind {
            "HTTPRoute" => "500",
            "GRPCRoute" => "UNAVAILABLE",
            _ => continue,
        };
        for (index, rule) in route.rules.iter().enumerate() {
            if rule.is_whole && rule.backends.is_empty() && !answers(rule) {
                let message = format!("the rule has no backends, so its requests are answered with {answer}");
                let path = finding::rule(index);
                out.push(RULE.find(route.meta.object, path, message).hint(HINT));
            }
        }
        if route.rules.is_empty() {
            let message = format!("the route has no rules, so its requests are answered with {answer}");
            out.push(RULE.find(route.meta.object, Path::ROOT.key("spec").key("rules"), message).hint(HINT));
        }
    }
}

const HINT: &str = "give `backendRefs`, or a filter that answers (RequestRedirect)";

/// Whether a filter answers in place of a backend, or may.
fn answers(rule: &RouteRule<'_>) -> bool {
    let may = |kind: &FilterKind<'_>| {
        matches!(
            kind,
            FilterKind::Redirect { .. }
                | FilterKind::UnreadRedirect
                | FilterKind::Extension(_)
                | FilterKind::Other(_)
        )
    };
    rule.filters.iter().any(|filter| may(&filter.kind))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_refused};
    use super::RULE;

    #[test]
    fn a_filter_may_answer() {
        let text = "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {rules: \
                    [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}, {}]}}";
        assert_eq!(found(&RULE, text), ["0 warning spec.rules[1]"]);
    }

    #[test]
    fn a_route_without_rules_has_one_without_backends() {
        let route = |kind: &str| {
            format!(
                "{{apiVersion: gateway.networking.k8s.io/v1, kind: {kind}, metadata: {{name: a}}, spec: {{}}}}"
            )
        };
        assert_eq!(found(&RULE, &route("HTTPRoute")).len(), 1);
        assert_eq!(found(&RULE, &route("GRPCRoute")).len(), 1);
    }

    #[test]
    fn a_misspelt_key_is_level_apis_to_tell() {
        for spec in
            ["rule: [{backendRefs: [{name: a, port: 80}]}]", "rules: [{backendRef: [{name: a, port: 80}]}]"]
        {
            for kind in ["HTTPRoute", "GRPCRoute"] {
                let text = format!(
                    "{{apiVersion: gateway.networking.k8s.io/v1, kind: {kind}, metadata: {{name: a}}, spec: {{{spec}}}}}"
                );
                assert!(found_in_refused(&RULE, &text).is_empty(), "{text}");
            }
        }
        assert!(found_in_refused(&RULE, &RULE.good.replace("spec:", "Spec:")).is_empty());
    }
}
