//! Rule: unsupported-protocol
//!
//! Protocols without a domain are Gateway API's own, and there are five.

use super::finding::listener;
use super::{Context, Finding, Rule, listeners};
use crate::check::attach::allowed;
use crate::diagnostic::{Code, Severity};
use crate::values::nearest;

pub(super) static RULE: Rule = Rule {
    code: Code("unsupported-protocol"),
    severity: Severity::Error,
    what: "a listener whose protocol is none of HTTP, HTTPS, TLS, TCP and UDP, and has no domain in front",
    why: "The API server takes any word, also `http` in lower case. A controller sets Accepted to False with reason \
          UnsupportedProtocol, and nothing attaches to the listener. A protocol of a controller's own has a domain: \
          `example.com/bar`.",
    source: "Gateway API v1.6.1, `gateway_types.go:484-545`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners: [{name: web, port: 80, protocol: http}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners: [{name: web, port: 80, protocol: HTTP}]
",
    check,
};

const PROTOCOLS: [&str; 5] = ["HTTP", "HTTPS", "TLS", "TCP", "UDP"];

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, meta, found) in listeners::of(context.model) {
        let protocol = found.protocol.as_ref();
        // An absent one is the API server's to refuse.
        if protocol.is_empty() || allowed::protocol_kinds(found, context.settings.target) != Some(&[]) {
            continue;
        }
        let message = format!(
            "protocol `{protocol}` is none of {}, so no controller takes the listener",
            PROTOCOLS.join(", ")
        );
        let hint = match nearest(protocol, PROTOCOLS.into_iter()) {
            Some(near) => format!("write `{near}`"),
            None => "a controller's own protocol has its domain in front: `example.com/bar`".to_owned(),
        };
        out.push(RULE.find(meta.object, listener(found.index).key("protocol"), message).hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn protocols_with_a_domain_are_a_controllers_own() {
        for (protocol, expected) in [("HTTPs", 1), ("QUIC", 1), ("example.com/bar", 0), ("TCP", 0)] {
            let text = format!(
                "{{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {{name: a}}, spec: \
                 {{gatewayClassName: c, listeners: [{{name: a, port: 80, protocol: {protocol}}}]}}}}"
            );
            assert_eq!(found(&RULE, &text).len(), expected, "{protocol}");
        }
    }
}
