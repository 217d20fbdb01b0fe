//! Rule: protocol-conflict
//!
//! Two listeners of one object whose protocols cannot share a port.

use super::conflicts::{self, Between};
use super::{Context, Finding, Rule};
use crate::check::attach::ConflictKind;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("protocol-conflict"),
    severity: Severity::Error,
    what: "listeners of one object whose protocols cannot share a port",
    why: "Gateway API leaves it to the controller whether it can tell plain HTTP from TLS on one port. Where it cannot, as Envoy \
          Gateway, such listeners get Conflicted=True with reason ProtocolConflict, and none of them serves: a warning. \
          TLS that ends beside TLS that is passed through is an error with `--profile` of a controller that reports \
          TLSRouteModeMixed as unsupported.",
    source: "Gateway API v1.6.1, `gateway_types.go:78-113` and `:1480-1489`; Envoy Gateway v1.9.0, \
             `internal/gatewayapi/validate.go`; conformance test `tlsroute-listener-mixed-termination-not-supported` of v1.7.0",
    bad: r"
# with --profile cilium
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: ends, port: 443, protocol: TLS, hostname: db.example.com, tls: {certificateRefs: [{name: db-cert}]}}
    - {name: passes, port: 443, protocol: TLS, hostname: raw.example.com, tls: {mode: Passthrough}}
",
    good: r"
# with --profile cilium
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: ends, port: 443, protocol: TLS, hostname: db.example.com, tls: {certificateRefs: [{name: db-cert}]}}
    - {name: passes, port: 8443, protocol: TLS, hostname: raw.example.com, tls: {mode: Passthrough}}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for found in conflicts::of(context, Between::OneObject) {
        let (own, other) = (found.joined.listener, found.other.listener);
        let message = match found.conflict.kind {
            ConflictKind::PlainAndTls => format!(
                "listener `{}` speaks {} on port {}, where listener `{}` speaks {}, which not every controller can tell \
                 apart",
                own.name, own.protocol, own.port, other.name, other.protocol
            ),
            ConflictKind::Protocol if !found.is_tcp() => format!(
                "listeners `{}` and `{}` end TLS and pass it through on one port, {}, so neither serves",
                own.name, other.name, own.port
            ),
            ConflictKind::Protocol | ConflictKind::Hostname => continue,
        };
        out.push(found.finding(&RULE, message).hint("give one of them another port"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    /// Gateway API says of protocols only that the controller must be able to tell them apart.
    #[test]
    fn warns_of_plain_http_beside_tls() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec:
  gatewayClassName: c
  listeners:
    - {name: http, port: 443, protocol: HTTP, hostname: a.com}
    - {name: https, port: 443, protocol: HTTPS, hostname: b.com, tls: {certificateRefs: [{name: b}]}}
";
        let warnings = ["0 warning spec.listeners[0]", "0 warning spec.listeners[1]"];
        assert_eq!(found(&RULE, text), warnings);
        assert_eq!(found(&RULE, &text.replace("b.com", "a.com")), warnings);
    }

    #[test]
    fn tls_modes_are_mixed_unless_the_profile_refuses_it() {
        assert!(found(&RULE, RULE.bad).is_empty());
    }
}
