//! Rule: protocol-conflict
//!
//! Two listeners of one object whose protocols cannot share a port.

use super::conflicts::{self, Place};
use super::{Context, Finding, Rule};
use crate::check::attach::ConflictKind;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("protocol-conflict"),
    severity: Severity::Error,
    what: "listeners of one object whose protocols cannot share a port",
    why: "A port cannot speak plain HTTP to one client and TLS to the next. Such listeners get Conflicted=True with \
          reason ProtocolConflict, and none of them serves.",
    source: "Gateway API v1.6.1, `gateway_types.go:78-143` and `:1480-1489`; Envoy Gateway v1.9.0, \
             `internal/gatewayapi/validate.go`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: http, port: 443, protocol: HTTP, hostname: www.example.com}
    - {name: https, port: 443, protocol: HTTPS, hostname: shop.example.com, tls: {certificateRefs: [{name: shop-cert}]}}
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: http, port: 80, protocol: HTTP, hostname: www.example.com}
    - {name: https, port: 443, protocol: HTTPS, hostname: shop.example.com, tls: {certificateRefs: [{name: shop-cert}]}}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for found in conflicts::of(context, Place::Own) {
        if found.conflict.kind == ConflictKind::Protocol && !found.is_tcp() {
            let (own, other) = (found.joined.listener, found.other.listener);
            let message = if own.protocol == other.protocol {
                format!(
                    "listeners `{}` and `{}` end TLS and pass it through on one port, {}, so neither serves",
                    own.name, other.name, own.port
                )
            } else {
                format!(
                    "listener `{}` speaks {} on port {}, where listener `{}` speaks {}, so neither serves",
                    own.name, own.protocol, own.port, other.name, other.protocol
                )
            };
            out.push(found.finding(&RULE, message).hint("give one of them another port"));
        }
    }
}
