//! Rule: zero-weights
//!
//! Shares are weights over their sum, which must not be zero.

use super::{Context, Finding, Rule, finding};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("zero-weights"),
    severity: Severity::Warning,
    what: "a rule whose backends all have weight 0",
    why: "A backend of weight 0 gets no traffic. With no backend left the rule serves nothing, and Gateway API does not say \
          what a controller answers.",
    source: "Gateway API v1.6.1, `shared_types.go:315-333`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: blue, port: 80, weight: 0}, {name: green, port: 80, weight: 0}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: blue, port: 80, weight: 0}, {name: green, port: 80, weight: 1}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for route in &context.model.routes {
        for (index, rule) in route.rules.iter().enumerate() {
            if !rule.backends.is_empty() && rule.backends.iter().all(|backend| backend.weight == 0) {
                let count = rule.backends.len();
                let message = if count == 1 {
                    "the only backend has weight 0, so no backend gets a request".to_owned()
                } else {
                    format!("all {count} backends have weight 0, so no backend gets a request")
                };
                out.push(
                    RULE.find(route.meta.object, finding::rule(index).key("backendRefs"), message)
                        .hint("give at least one backend a weight above 0"),
                );
            }
        }
    }
}
