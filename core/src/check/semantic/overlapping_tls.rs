//! Rule: overlapping-tls
//!
//! Browsers use one connection for all hosts that its certificate covers.

use super::finding::{host, listener, named};
use super::{Context, Finding, Rule};
use crate::diagnostic::{Code, Severity};

pub(crate) static RULE: Rule = Rule {
    code: Code("overlapping-tls"),
    severity: Severity::Warning,
    what: "TLS listeners of one port whose host names overlap",
    why: "With HTTP/2 a browser that has a connection for `*.example.com` sends requests for `shop.example.com` over \
          it, past the listener that is meant for them: it gets 404, or 421 and tries again. Controllers must set the \
          condition OverlappingTLSConfig.",
    source: "Gateway API v1.6.1, `gateway_types.go:391-405` and `:1668-1713`; RFC 9113 9.1.1",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: all, port: 443, protocol: HTTPS, hostname: '*.example.com', tls: {certificateRefs: [{name: wildcard}]}}
    - {name: shop, port: 443, protocol: HTTPS, hostname: shop.example.com, tls: {certificateRefs: [{name: shop-cert}]}}
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
    for joined in &context.attach.listeners {
        let Some(other) = joined.overlap.and_then(|id| context.attach.listener(id)) else { continue };
        // What could not be read is level `api`'s to tell, and may be a host name that keeps them apart.
        if !joined.listener.is_whole || !other.listener.is_whole {
            continue;
        }
        let own = host(joined.listener.hostname.as_deref());
        let its = host(other.listener.hostname.as_deref());
        let whose = if other.owner == joined.owner {
            String::new()
        } else {
            format!(" of {}", named(other.owner_kind, other.meta))
        };
        let message = format!(
            "{own} on port {} overlaps with {its} of listener `{}`{whose}; HTTP/2 connections for one carry \
             requests for the other",
            joined.listener.port, other.listener.name
        );
        let path = listener(joined.listener.index);
        let path = if joined.listener.hostname.is_some() { path.key("hostname") } else { path };
        let hint = "give them certificates that cover none of each other's hosts, or make it one listener";
        let finding = RULE.find(joined.meta.object, path, message).hint(hint);
        let certain = [joined, other].iter().all(|one| one.member == crate::check::attach::Known::Yes);
        out.push(if certain { finding } else { finding.at_most(Severity::Info) });
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_refused};
    use super::RULE;

    #[test]
    fn says_it_at_both_listeners() {
        assert_eq!(
            found(&RULE, RULE.bad),
            ["0 warning spec.listeners[0].hostname", "0 warning spec.listeners[1].hostname"]
        );
    }

    #[test]
    fn a_host_name_that_was_not_read_overlaps_with_nothing() {
        let text = RULE.good.replacen("hostname:", "hostName:", 1);
        assert!(found_in_refused(&RULE, &text).is_empty());
    }
}
