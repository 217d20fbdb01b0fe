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
          upstream, NGINX Gateway Fabric at e55bfe3 takes it.",
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
    // Of a controller that takes none, `external-name-refused` says so.
    if context.settings.controller().is_some_and(|profile| !profile.external_name.value) {
        return;
    }
    for (route, place, name) in external_names::of(context) {
        let message =
            format!("{name} is of type ExternalName, which Gateway API advises controllers not to support");
        out.push(RULE.find(route.meta.object, place.path(), message).hint(
            "use the controller's own backend object, or a Service without selector and an EndpointSlice with \
             addresses",
        ));
    }
}
