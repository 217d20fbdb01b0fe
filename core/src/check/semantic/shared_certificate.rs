//! Rule: shared-certificate
//!
//! One certificate at two listeners covers the hosts of both, so browsers use one connection for both.

use std::collections::BTreeMap;

use super::finding::{full_name, listener, named, namespace_of};
use super::{Context, Finding, Rule};
use crate::check::attach::Joined;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("shared-certificate"),
    severity: Severity::Info,
    what: "two TLS listeners of one port, with different host names, that show one certificate",
    why: "With HTTP/2 a browser sends requests for every host that a connection's certificate covers over that \
          connection, so they reach the listener of the other host: it answers 421, or 404 where the controller does \
          not look at the host. Controllers may set the condition OverlappingTLSConfig.",
    source: "Gateway API v1.6.1, `gateway_types.go:391-405` and `:1668-1713`, reason OverlappingCertificates; \
             RFC 9113 9.1.1",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: www, port: 443, protocol: HTTPS, hostname: www.example.com, tls: {certificateRefs: [{name: both}]}}
    - {name: shop, port: 443, protocol: HTTPS, hostname: shop.example.com, tls: {certificateRefs: [{name: both}]}}
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: www, port: 443, protocol: HTTPS, hostname: www.example.com, tls: {certificateRefs: [{name: www-cert}]}}
    - {name: shop, port: 443, protocol: HTTPS, hostname: shop.example.com, tls: {certificateRefs: [{name: shop-cert}]}}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let mut first: BTreeMap<_, &Joined<'_>> = BTreeMap::new();
    for joined in &context.attach.listeners {
        // Those that conflict serve nothing, those that overlap are reported as such.
        if joined.gateway.is_none() || joined.conflict.is_some() || joined.overlap.is_some() {
            continue;
        }
        for (index, certificate) in joined.certificates() {
            let namespace = namespace_of(certificate, joined.meta);
            let key = (joined.gateway, joined.listener.port, &certificate.kind, namespace, &certificate.name);
            let Some(other) = first.get(&key) else {
                first.insert(key, joined);
                continue;
            };
            // One listener may name a certificate twice.
            if other.owner == joined.owner && other.listener.index == joined.listener.index {
                continue;
            }
            let message = format!(
                "listener `{}` of {} shows {} too, so HTTP/2 connections for one host carry requests for the other",
                other.listener.name,
                named(other.owner_kind, other.meta),
                full_name(&certificate.kind, namespace, &certificate.name)
            );
            let path = listener(joined.listener.index).key("tls").key("certificateRefs").index(index);
            let hint = "give each listener a certificate of its own, or make it one listener";
            out.push(RULE.find(joined.meta.object, path, message).hint(hint));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    fn listeners(listeners: &str) -> Vec<String> {
        let head = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: gw}\n\
                    spec:\n  gatewayClassName: c\n  listeners:\n";
        found(&RULE, &format!("{head}{listeners}"))
    }

    #[test]
    fn listeners_of_two_ports_may_share_one() {
        let text = "
    - {name: a, port: 443, protocol: HTTPS, hostname: a.com, tls: {certificateRefs: [{name: c}, {name: c}]}}
    - {name: b, port: 8443, protocol: HTTPS, hostname: b.com, tls: {certificateRefs: [{name: c}]}}
";
        assert!(listeners(text).is_empty());
        let shared = ["0 info spec.listeners[1].tls.certificateRefs[0]"];
        assert_eq!(listeners(&text.replace("8443", "443")), shared);
    }

    #[test]
    fn hosts_that_overlap_are_another_rules() {
        let text = "
    - {name: a, port: 443, protocol: HTTPS, hostname: a.b.com, tls: {certificateRefs: [{name: c}]}}
    - {name: b, port: 443, protocol: HTTPS, hostname: '*.b.com', tls: {certificateRefs: [{name: c}]}}
";
        assert!(listeners(text).is_empty());
    }
}
