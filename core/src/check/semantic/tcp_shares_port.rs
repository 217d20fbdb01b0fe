//! Rule: tcp-shares-port
//!
//! A TCP listener takes every connection of its port.

use super::conflicts::{self, Between};
use super::{Context, Finding, Rule};
use crate::check::attach::ConflictKind;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("tcp-shares-port"),
    severity: Severity::Error,
    what: "a listener on the port of a TCP listener of the same object",
    why: "Raw TCP has no host name to tell connections apart by, so a controller that knows TCP must accept no \
          listener of that port. The API server lets it pass, for the protocols differ.",
    source: "Gateway API v1.6.1, `gateway_types.go:128-137`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: raw, port: 80, protocol: TCP}
    - {name: http, port: 80, protocol: HTTP}
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: raw, port: 9000, protocol: TCP}
    - {name: http, port: 80, protocol: HTTP}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for found in conflicts::of(context, Between::OneObject) {
        if found.conflict.kind == ConflictKind::Protocol && found.is_tcp() {
            let (own, other) = (found.joined.listener, found.other.listener);
            let message = format!(
                "listener `{}` ({}) shares port {} with listener `{}` ({}), so neither serves",
                own.name, own.protocol, own.port, other.name, other.protocol
            );
            out.push(found.finding(&RULE, message).hint("give the TCP listener a port of its own"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn udp_may_share_a_port() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec:
  gatewayClassName: c
  listeners:
    - {name: a, port: 53, protocol: TCP}
    - {name: b, port: 53, protocol: UDP}
";
        assert!(found(&RULE, text).is_empty());
    }
}
