//! Rule: weight-too-large
//!
//! Some controllers take smaller weights than Gateway API does.

use crate::check::rule::{Context, Finding, Rule, finding};
use crate::diagnostic::{Code, Severity};
use crate::limits::WEIGHT_MAX;
use crate::profile::words::WEIGHT_HINT;

pub(super) static RULE: Rule = Rule {
    code: Code("weight-too-large"),
    severity: Severity::Error,
    what: "a weight beyond the controller's own bound",
    why: "The API server takes weights up to 1,000,000. A controller that hands them to something else, such as the \
          load balancer of a cloud, refuses the route where that has a smaller bound.",
    source: "the profile of the controller, `weight_max`; each finding names its source",
    bad: r"
# with --profile aws
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: blue, port: 80, weight: 9000}, {name: green, port: 80, weight: 1000}]}]
",
    good: r"
# with --profile aws
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: blue, port: 80, weight: 9}, {name: green, port: 80, weight: 1}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(profile) = context.settings.controller() else { return };
    // Beyond Gateway API's bound the API server has said it already.
    let refused = i64::from(profile.weight_max.value) + 1..=i64::from(WEIGHT_MAX);
    for route in &context.model.routes {
        for (index, rule) in route.rules.iter().enumerate() {
            for backend in rule.backends.iter().filter(|backend| refused.contains(&backend.weight)) {
                let path = finding::rule(index).key("backendRefs").index(backend.index).key("weight");
                let message = profile.bound_of_weight(backend.weight);
                let finding = RULE.find(route.meta.object, path, message);
                out.push(finding.hint(WEIGHT_HINT).source(profile.weight_max.source));
            }
        }
    }
}
