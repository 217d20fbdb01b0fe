//! Rule: port-of-another-protocol
//!
//! A backend whose port the Service has for other protocols than the one that the route sends.

use super::finding::{full_name, is_service, listed, namespace_of};
use super::{Context, Finding, Rule, backends};
use crate::check::attach::{of_another_transport, transport};
use crate::check::model::ServicePort;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("port-of-another-protocol"),
    severity: Severity::Warning,
    what: "a backend port that its Service has for other protocols only: a UDPRoute sends UDP, every other route TCP",
    why: "A Service has each port for one transport protocol, TCP unless it says so, and may have one number for \
          several. Gateway API tells ports apart by number only, so the reference resolves; what the route sends \
          arrives at a port that the Service does not offer.",
    source: "`k8s.io/api` v0.36.2, `core/v1/types.go:6239-6243`; Gateway API v1.6.1, `object_reference_types.go:148-152`",
    bad: r"
apiVersion: v1
kind: Service
metadata: {name: dns}
spec: {ports: [{name: dns, port: 53, protocol: UDP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: dns-over-https}
spec:
  parentRefs: [{name: public}]
  hostnames: [dns.example.com]
  rules: [{backendRefs: [{name: dns, port: 53}]}]
",
    good: r"
apiVersion: v1
kind: Service
metadata: {name: dns}
spec: {ports: [{name: dns, port: 53, protocol: UDP}, {name: http, port: 8080}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: dns-over-https}
spec:
  parentRefs: [{name: public}]
  hostnames: [dns.example.com]
  rules: [{backendRefs: [{name: dns, port: 8080}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for route in &context.model.routes {
        let sent = transport(route.kind);
        for (place, backend) in backends::of(route).filter(|(_, backend)| is_service(&backend.target)) {
            let namespace = namespace_of(&backend.target, &route.meta);
            let Some(service) = context.attach.index.service(namespace, &backend.target.name) else {
                continue;
            };
            let ports = of_another_transport(service, route.kind, backend.port);
            let Some(ServicePort { number, .. }) = ports.first() else { continue };
            let message = format!(
                "{} has port {number} for {} only, and {} sends {sent}",
                full_name("Service", namespace, &backend.target.name),
                listed(ports.iter().map(|port| port.protocol.as_ref())),
                with_article(route.kind)
            );
            let right = service.ports.iter().filter(|port| port.protocol == sent).map(|port| port.number);
            let right = listed(right);
            let hint = if right.is_empty() {
                format!("give the Service the port with `protocol: {sent}`, or name one that has it")
            } else {
                format!("its ports for {sent} are {right}")
            };
            out.push(RULE.find(route.meta.object, place.path().key("port"), message).hint(hint));
        }
    }
}

/// A kind of route in words: `a TCPRoute`.
fn with_article(kind: &str) -> String {
    format!("{} {kind}", if kind == "HTTPRoute" { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TARGET, judge, of_rule};
    use super::RULE;
    use crate::release::{Channel, Target};

    #[test]
    fn each_kind_of_route_sends_one_protocol() {
        let target = Target { channel: Channel::Experimental, ..TARGET };
        for (kind, version, ports, expected) in [
            ("UDPRoute", "v1alpha2", "{port: 53}", 1),
            ("UDPRoute", "v1alpha2", "{port: 53, protocol: SCTP}", 1),
            ("UDPRoute", "v1alpha2", "{name: a, port: 53}, {name: b, port: 53, protocol: UDP}", 0),
            ("UDPRoute", "v1alpha2", "{port: 54}", 0),
            ("TCPRoute", "v1alpha2", "{port: 53, protocol: UDP}", 1),
            ("TCPRoute", "v1alpha2", "{port: 53, protocol: TCP}", 0),
            ("TCPRoute", "v1alpha2", "{port: 53, protocol: udp}", 0),
            ("GRPCRoute", "v1", "{port: 53, protocol: UDP}", 1),
        ] {
            let text = format!(
                "apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {{ports: [{ports}]}}\n---\n\
                 apiVersion: gateway.networking.k8s.io/{version}\nkind: {kind}\nmetadata: {{name: a}}\n\
                 spec: {{rules: [{{backendRefs: [{{name: a, port: 53}}]}}]}}\n"
            );
            let lines = of_rule(&RULE, judge(&text, target, false));
            assert_eq!(lines.len(), expected, "{kind} {ports}: {lines:?}");
            assert!(
                lines.iter().all(|line| line == "1 warning spec.rules[0].backendRefs[0].port"),
                "{lines:?}"
            );
        }
    }
}
