//! Ports of Services, which are for one transport protocol each.

use crate::check::model::{Service, ServicePort};

/// The protocols that a port of a Service may have. Of another nothing is said, as the type has none.
///
/// Source: `k8s.io/api` v0.36.2, `core/v1/types.go:6239`.
const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];

/// The transport protocol that a kind of route sends.
pub fn transport(kind: &str) -> &'static str {
    if kind == "UDPRoute" { "UDP" } else { "TCP" }
}

/// The ports of a number, where a Service has it for other protocols only than a kind of route sends; none where it
/// has it for that one, or lacks it.
pub fn of_another_transport<'s, 'c>(
    service: &'s Service<'c>,
    kind: &str,
    number: Option<i64>,
) -> Vec<&'s ServicePort<'c>> {
    let sent = transport(kind);
    let ports: Vec<_> = service.ports.iter().filter(|port| Some(port.number) == number).collect();
    let is_other =
        |port: &&ServicePort<'_>| port.protocol != sent && PROTOCOLS.contains(&port.protocol.as_ref());
    if ports.iter().all(is_other) { ports } else { Vec::new() }
}
