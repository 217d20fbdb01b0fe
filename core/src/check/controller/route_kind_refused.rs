//! Rule: route-kind-refused
//!
//! Not every controller serves every kind of route.

use super::gateways;
use crate::check::rule::{Context, Finding, Rule};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("route-kind-refused"),
    severity: Severity::Error,
    what: "a kind of route that the controller does not serve",
    why: "The API server takes the route, and nobody looks at it: it gets no status, and clients no connection.",
    source: "the profile of the controller, `routes_refused`; each finding names its source",
    bad: r"
# with --profile traefik
apiVersion: gateway.networking.k8s.io/v1
kind: UDPRoute
metadata: {name: dns}
spec:
  parentRefs: [{name: public}]
  rules: [{backendRefs: [{name: dns, port: 53}]}]
",
    good: r"
# with --profile envoy-gateway
apiVersion: gateway.networking.k8s.io/v1
kind: UDPRoute
metadata: {name: dns}
spec:
  parentRefs: [{name: public}]
  rules: [{backendRefs: [{name: dns, port: 53}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(profile) = context.settings.controller() else { return };
    let refused = profile.routes_refused;
    for route in gateways::routes(context) {
        if profile.refuses(route.kind) {
            let message = profile.refusal_of_route(route.kind);
            let hint = "use another kind of route, or a Gateway of another controller";
            let finding = RULE.find(route.meta.object, Path::ROOT.key("kind"), message);
            out.push(finding.hint(hint).source(refused.source));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::with;
    use super::RULE;

    #[test]
    fn leaves_routes_of_a_mesh_alone() {
        let text = RULE.bad.replace("{name: public}", "{group: '', kind: Service, name: dns}");
        assert!(with(&RULE, "traefik", &text).is_empty());
    }
}
