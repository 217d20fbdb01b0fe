//! Rule: not-a-certificate
//!
//! Certificates of listeners are Secrets.

use super::finding::listener;
use super::{Context, Finding, Rule, words};
use crate::check::attach::{Reference, certificate};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("not-a-certificate"),
    severity: Severity::Error,
    what: "a certificate of a listener that is no Secret",
    why: "The listener gets ResolvedRefs=False with reason InvalidCertificateRef and is not programmed. Kinds of groups \
          beside Kubernetes' own are a controller's own matter, and found only where the object is known not to exist.",
    source: "Gateway API v1.6.1, `gateway_types.go:585-612`; conformance test `gateway-invalid-tls-configuration` of \
             v1.7.0",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{kind: ConfigMap, name: shop-cert}]}}
",
    good: r"
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
            let found = certificate(&context.attach.index, joined.referrer(), reference);
            if !matches!(found, Reference::InvalidKind | Reference::KindNotFound) {
                continue;
            }
            let message = words::certificate(found, joined.referrer(), reference);
            let path = listener(joined.listener.index).key("tls").key("certificateRefs").index(index);
            let field = if reference.kind == "Secret" { "group" } else { "kind" };
            let finding = RULE
                .find(joined.meta.object, path.key(field), message)
                .hint("name a Secret of type kubernetes.io/tls; `kind` and `group` may be left out");
            out.push(if reference.group.is_empty() { finding } else { finding.at_most(Severity::Warning) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_all};
    use super::RULE;

    #[test]
    fn kinds_of_other_groups_weigh_less() {
        let place = "0 {} spec.listeners[0].tls.certificateRefs[0].kind";
        for (group, expected) in [("''", "error"), ("example.com", "warning")] {
            let text = RULE.bad.replace("{kind: ConfigMap", &format!("{{group: {group}, kind: ConfigMap"));
            assert_eq!(found_in_all(&RULE, &text), [place.replace("{}", expected)]);
            assert_eq!(found(&RULE, &text).is_empty(), group == "example.com");
        }
        let secret = RULE.bad.replace("kind: ConfigMap", "group: example.com, kind: Secret");
        assert_eq!(found_in_all(&RULE, &secret), [place.replace("{}", "warning").replace(".kind", ".group")]);
    }
}
