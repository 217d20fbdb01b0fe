//! Rule: certificate-not-found
//!
//! A listener whose certificate is not there cannot end TLS.

use super::finding::{listener, namespace_of};
use super::{Context, Finding, Rule, words};
use crate::check::attach::{Joined, Owner, Reference, certificate};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("certificate-not-found"),
    severity: Severity::Error,
    what: "a certificate that does not exist, where the input is complete",
    why: "The listener gets ResolvedRefs=False with reason InvalidCertificateRef and is not programmed. Secrets are \
          seldom in the input, so this is looked for with `--complete` only. One that cert-manager will make, by a \
          Certificate in the input or the Gateway's issuer annotation, is an info.",
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
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: example}
spec: {controllerName: example.com/gateway}
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
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: example}
spec: {controllerName: example.com/gateway}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let makers = context.model.makers();
    for joined in &context.attach.listeners {
        // One without a name is the API server's to refuse.
        let named = joined.certificates().filter(|(_, reference)| !reference.name.is_empty());
        for (index, reference) in named {
            if certificate(&context.attach.index, joined.referrer(), reference) != Reference::NotFound {
                continue;
            }
            let namespace = namespace_of(reference, joined.meta);
            let message = words::certificate(Reference::NotFound, joined.referrer(), reference);
            let path =
                listener(joined.listener.index).key("tls").key("certificateRefs").index(index).key("name");
            let finding = RULE.find(joined.meta.object, path, message);
            let maker = if makers.contains_key(&(namespace, &*reference.name)) {
                Some("a Certificate in the input")
            } else if is_made_for(context, joined, namespace) {
                Some("the issuer in the Gateway's annotations")
            } else {
                None
            };
            out.push(match maker {
                Some(maker) => finding.at_most(Severity::Info).hint(format!(
                    "cert-manager makes it from {maker}; until then the listener is not programmed"
                )),
                None => finding.hint("create a Secret of type kubernetes.io/tls, or correct the name"),
            });
        }
    }
}

/// Whether cert-manager makes the certificates of a listener: its Gateway is annotated, and it has a host name
/// and its Secrets in the Gateway's namespace.
///
/// Source: cert-manager v1.21.2, `pkg/controller/certificate-shim/sync.go`.
fn is_made_for(context: &Context<'_>, joined: &Joined<'_>, namespace: &str) -> bool {
    let Owner::Gateway(gateway) = joined.owner else { return false };
    context.model.gateways.get(gateway).is_some_and(|gateway| gateway.has_issuer)
        && joined.listener.hostname.is_some()
        && namespace == joined.meta.namespace
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

    #[test]
    fn a_secret_of_another_group_is_none() {
        let other = RULE.good.replace("apiVersion: v1\n", "apiVersion: example.com/v1\n");
        assert_ne!(other, RULE.good);
        assert_eq!(found_in_all(&RULE, &other), ["1 error spec.listeners[0].tls.certificateRefs[0].name"]);
    }

    #[test]
    fn one_that_cert_manager_makes_is_an_info() {
        let place = "spec.listeners[0].tls.certificateRefs[0].name";
        let annotated =
            RULE.bad.replace("{name: public}", "{name: public, annotations: {cert-manager.io/issuer: ca}}");
        let hosted = annotated.replace("{name: https,", "{name: https, hostname: shop.example.com,");
        // cert-manager skips a listener without `hostname`.
        assert_eq!(found_in_all(&RULE, &annotated), [format!("0 error {place}")]);
        assert_eq!(found_in_all(&RULE, &hosted), [format!("0 info {place}")]);
        let elsewhere = hosted.replace("{name: shop-cert}", "{name: shop-cert, namespace: certs}");
        let grant = "---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: certs}
spec:
  from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: default}]
  to: [{group: '', kind: Secret, name: shop-cert}]
";
        assert_eq!(found_in_all(&RULE, &format!("{elsewhere}{grant}")), [format!("0 error {place}")]);
        let certificate = |secret: &str| {
            format!(
                "{}---\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {{name: c}}\nspec: {{secretName: {secret}}}\n",
                RULE.bad
            )
        };
        assert_eq!(found_in_all(&RULE, &certificate("shop-cert")), [format!("0 info {place}")]);
        assert_eq!(found_in_all(&RULE, &certificate("other")), [format!("0 error {place}")]);
    }
}
