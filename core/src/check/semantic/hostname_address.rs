//! Rule: hostname-address
//!
//! Gateway API's pattern for host names lets IPv4 addresses pass, its text forbids them.

use core::net::Ipv4Addr;

use super::{Context, Finding, Rule, hosts};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("hostname-address"),
    severity: Severity::Warning,
    what: "a host name that is an IPv4 address",
    why: "The API server takes it, for the pattern does not tell an address from a name. Gateway API forbids it: \
          controllers may refuse it or never match it, and no TLS client sends an address as SNI (RFC 6066).",
    source: "Gateway API v1.6.1, `shared_types.go:613`: IPs are not allowed",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [192.0.2.10]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (object, place, name) in hosts::of(context.model) {
        if name.parse::<Ipv4Addr>().is_ok() {
            let message = format!("`{name}` is an IP address, but Gateway API allows names only");
            out.push(
                RULE.find(object, place.path(), message).hint(
                    "leave the host name out, so that requests to the address match, or give a DNS name",
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn looks_at_listeners_and_not_at_names_of_digits() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec:
  gatewayClassName: c
  listeners:
    - {name: a, port: 80, protocol: HTTP, hostname: 192.0.2.1}
    - {name: b, port: 80, protocol: HTTP, hostname: 1.2.3}
    - {name: c, port: 80, protocol: HTTP, hostname: '*.2.3.4'}
";
        assert_eq!(found(&RULE, text), ["0 warning spec.listeners[0].hostname"]);
    }
}
