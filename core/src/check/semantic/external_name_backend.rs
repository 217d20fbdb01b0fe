//! Rule: external-name-backend
//!
//! Services of type ExternalName are no portable backends, and not safe ones.

use super::{Context, Finding, Rule, external_names};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("external-name-backend"),
    severity: Severity::Warning,
    what: "a backend that is a Service of type ExternalName",
    why: "Gateway API advises controllers against them (CVE-2021-25740), and it depends on the controller what comes \
          of one: Envoy Gateway 1.9.0 and Traefik 3.7.5 refuse the reference, Cilium 1.20.0 accepts it and finds no \
          upstream, NGINX Gateway Fabric at e55bfe3 takes it. With \
          `--profile` for a controller that takes it this is an info.",
    source: "Gateway API v1.6.1, `object_reference_types.go:117-126`: implementations SHOULD NOT support ExternalName \
             Services; Envoy Gateway `internal/gatewayapi/validate.go`; Traefik \
             `pkg/provider/kubernetes/gateway/kubernetes.go`; Cilium `operator/pkg/gateway-api/routechecks`; NGINX Gateway \
             Fabric `internal/controller/state/graph/backend_refs.go`",
    bad: r"
apiVersion: v1
kind: Service
metadata: {name: legacy}
spec: {type: ExternalName, externalName: legacy.example.com, ports: [{port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: legacy, port: 80}]}]
",
    good: r"
apiVersion: v1
kind: Service
metadata: {name: legacy}
spec: {ports: [{port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: legacy, labels: {kubernetes.io/service-name: legacy}}
addressType: IPv4
ports: [{port: 80}]
endpoints: [{addresses: [192.0.2.10], conditions: {ready: true}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: legacy, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let controller = context.settings.controller();
    // Of a controller that takes none, `external-name-refused` says so.
    if controller.is_some_and(|profile| !profile.external_name.value) {
        return;
    }
    for (route, place, name) in external_names::of(context) {
        let path = place.path();
        out.push(if let Some(profile) = controller {
            let message = format!(
                "{name} is of type ExternalName: {} takes it, but Gateway API advises controllers not to",
                profile.title
            );
            RULE.find(route.meta.object, path, message)
                .at_most(Severity::Info)
                .hint("leave it where the backend has a name only; other controllers may refuse it")
        } else {
            let message =
                format!("{name} is of type ExternalName, which Gateway API advises controllers not to support");
            RULE.find(route.meta.object, path, message).hint(
                "use the controller's own backend object, or a Service without selector and an EndpointSlice with \
                 addresses",
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{judge_as, of_rule, settings};
    use super::RULE;
    use crate::check::Settings;
    use crate::profile;

    #[test]
    fn goes_by_the_named_controller() {
        for (word, severity) in
            [("portable", "warning"), ("nginx-gateway-fabric", "info"), ("kong", "info"), ("cilium", "")]
        {
            let settings = Settings { profile: profile::named(word), ..settings(false) };
            let line = format!("1 {severity} spec.rules[0].backendRefs[0]");
            let lines = if severity.is_empty() { Vec::new() } else { vec![line] };
            assert_eq!(of_rule(&RULE, judge_as(RULE.bad, &settings)), lines, "{word}");
        }
    }
}
