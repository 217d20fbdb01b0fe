//! Rule: certificate-not-found
//!
//! A listener whose certificate is not there cannot end TLS.

use super::finding::{full_name, listener, namespace_of};
use super::{Context, Finding, Rule};
use crate::check::attach::{Reference, certificate};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("certificate-not-found"),
    severity: Severity::Error,
    what: "a certificate that does not exist, where the input is complete",
    why: "The listener gets ResolvedRefs=False with reason InvalidCertificateRef and is not programmed. Secrets are \
          seldom in the input, so this is looked for with `--complete` only.",
    source: "Gateway API v1.6.1, `gateway_types.go:1590-1630`",
    bad: r"
# with --complete
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-cert}]}}
",
    good: r"
# with --complete
apiVersion: v1
kind: Secret
metadata: {name: shop-cert}
type: kubernetes.io/tls
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-cert}]}}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for joined in &context.attach.listeners {
        for (index, reference) in joined.certificates() {
            if certificate(&context.attach.index, joined.referrer(), reference) != Reference::NotFound {
                continue;
            }
            let namespace = namespace_of(reference, joined.meta);
            let message =
                format!("{} does not exist", full_name(&reference.kind, namespace, &reference.name));
            let path =
                listener(joined.listener.index).key("tls").key("certificateRefs").index(index).key("name");
            let hint = "create a Secret of type kubernetes.io/tls, or correct the name";
            out.push(RULE.find(joined.meta.object, path, message).hint(hint));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_all};
    use super::RULE;

    #[test]
    fn looks_where_tls_ends_and_only_in_a_complete_input() {
        let bad = RULE.bad;
        assert_eq!(found_in_all(&RULE, bad), ["0 error spec.listeners[0].tls.certificateRefs[0].name"]);
        assert!(found(&RULE, bad).is_empty());
        let passed = bad.replace("protocol: HTTPS, tls: {", "protocol: TLS, tls: {mode: Passthrough, ");
        assert_ne!(passed, bad);
        assert!(found_in_all(&RULE, &passed).is_empty());
    }
}
