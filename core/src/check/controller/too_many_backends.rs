//! Rule: too-many-backends
//!
//! Some controllers take fewer backends in a rule than Gateway API allows.

use crate::check::rule::{Context, Finding, Rule, finding};
use crate::diagnostic::{Code, Severity};
use crate::limits::BACKEND_REFS_MAX;

pub(super) static RULE: Rule = Rule {
    code: Code("too-many-backends"),
    severity: Severity::Error,
    what: "more backends in one rule than the controller takes",
    why: "The API server takes 16, but a controller that builds something else of them (a load balancer's action, a \
          TLS upstream) may have a smaller bound: it refuses the rule, or leaves the other backends out.",
    source: "the profile of the controller, `targets_max` and `tls_route_targets_max`; each finding names its source",
    bad: r"
# with --profile nginx-gateway-fabric
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: {name: db}
spec:
  parentRefs: [{name: public}]
  hostnames: [db.example.com]
  rules: [{backendRefs: [{name: blue, port: 5432}, {name: green, port: 5432}]}]
",
    good: r"
# with --profile nginx-gateway-fabric
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: {name: db}
spec:
  parentRefs: [{name: public}]
  hostnames: [db.example.com]
  rules: [{backendRefs: [{name: blue, port: 5432}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(profile) = context.settings.controller() else { return };
    for route in &context.model.routes {
        let bound =
            if route.kind == "TLSRoute" { profile.tls_route_targets_max } else { profile.targets_max };
        // Gateway API's own bound is the API server's.
        if bound.value >= BACKEND_REFS_MAX {
            continue;
        }
        for (index, rule) in route.rules.iter().enumerate() {
            let count = rule.backends.len();
            if count > bound.value {
                let path = finding::rule(index).key("backendRefs");
                let message = profile.bound_of_backends(count, bound.value);
                let hint = "put one Service in front of several, or spread them over rules";
                out.push(RULE.find(route.meta.object, path, message).hint(hint).source(bound.source));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::with;
    use super::RULE;

    #[test]
    fn a_bound_of_other_kinds_is_apart() {
        let route = RULE.bad.replace("TLSRoute", "HTTPRoute");
        assert!(with(&RULE, "nginx-gateway-fabric", &route).is_empty());
        let six: Vec<String> = (0..6).map(|at| format!("{{name: s{at}, port: 80}}")).collect();
        let route = route.replace("{name: blue, port: 5432}, {name: green, port: 5432}", &six.join(", "));
        assert_eq!(with(&RULE, "aws", &route), ["0 error spec.rules[0].backendRefs"]);
    }
}
