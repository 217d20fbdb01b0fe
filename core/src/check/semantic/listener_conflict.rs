//! Rule: listener-conflict
//!
//! Two listeners of one Gateway, or of one ListenerSet, that no request could tell apart.

use super::conflicts::{self, Between};
use super::{Context, Finding, Rule};
use crate::check::attach::ConflictKind;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("listener-conflict"),
    severity: Severity::Error,
    what: "listeners of one object that speak TLS with the same port and host name",
    why: "A TLS handshake has a port and a host name, and nothing else to tell an HTTPS listener from a TLS one by; their \
          `tls` does not count. All listeners that are not distinct get Conflicted=True with reason HostnameConflict; no \
          controller may pick a winner, so none of them serves. Where the protocol is the same too, the API server refuses them.",
    source: "Gateway API v1.6.1, `gateway_types.go:78-144` and `:172-192`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: web, port: 443, protocol: HTTPS, hostname: shop.example.com, tls: {certificateRefs: [{name: shop-cert}]}}
    - {name: raw, port: 443, protocol: TLS, hostname: shop.example.com, tls: {mode: Passthrough}}
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: web, port: 443, protocol: HTTPS, hostname: shop.example.com, tls: {certificateRefs: [{name: shop-cert}]}}
    - {name: raw, port: 443, protocol: TLS, hostname: db.example.com, tls: {mode: Passthrough}}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for found in conflicts::of(context, Between::OneObject) {
        if found.conflict.kind == ConflictKind::Hostname {
            let (own, other) = (found.joined.listener, found.other.listener);
            let host = match &own.hostname {
                Some(hostname) => format!("host `{hostname}`"),
                None => "no host name".to_owned(),
            };
            let message = format!(
                "listener `{}` has port {} and {host} like listener `{}`, so neither serves",
                own.name, own.port, other.name
            );
            let hint = "give one of them another host name or port";
            out.push(found.finding(&RULE, message).hint(hint));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_refused};
    use super::RULE;

    fn listeners(text: &str) -> Vec<String> {
        let head = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: gw}\n\
                    spec:\n  gatewayClassName: c\n  listeners:\n";
        found(&RULE, &format!("{head}{text}"))
    }

    #[test]
    fn listeners_without_a_host_name_conflict_too() {
        let text = "
    - {name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a}]}}
    - {name: b, port: 443, protocol: TLS, tls: {mode: Passthrough}}
    - {name: c, port: 8443, protocol: TLS, tls: {mode: Passthrough}}
";
        assert_eq!(listeners(text), ["0 error spec.listeners[0]", "0 error spec.listeners[1]"]);
    }

    #[test]
    fn a_listener_that_was_not_read_as_a_whole_is_in_no_conflict() {
        for (key, expected) in [("hostname: shop", 2), ("hostName: shop", 0), ("hostname: [shop]", 0)] {
            let text = RULE.bad.replace("hostname: shop.example.com", key);
            assert_eq!(found_in_refused(&RULE, &text).len(), expected, "{key}");
        }
        let once = RULE.bad.replacen("hostname: shop.example.com", "hostName: shop.example.com", 1);
        assert!(found_in_refused(&RULE, &once).is_empty());
    }

    #[test]
    fn a_wider_host_name_is_another_one() {
        let text = "
    - {name: a, port: 443, protocol: HTTPS, hostname: a.com, tls: {certificateRefs: [{name: a}]}}
    - {name: b, port: 443, protocol: TLS, hostname: '*.a.com', tls: {mode: Passthrough}}
    - {name: c, port: 443, protocol: TLS, tls: {mode: Passthrough}}
";
        assert!(listeners(text).is_empty());
    }
}
