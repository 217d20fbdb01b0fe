//! Rule: policy-across-namespaces
//!
//! What a BackendTLSPolicy names is always in its own namespace.

use super::finding::full_name;
use super::{Context, Finding, Rule, policies};
use crate::check::model::ObjectRef;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("policy-across-namespaces"),
    severity: Severity::Error,
    what: "a BackendTLSPolicy whose Service or CA certificates are in another namespace",
    why: "Its references have no namespace and no grant reaches them, so the policy attaches to nothing: the Gateway \
          goes on speaking plain text to the backend, or refuses to speak to it. Without `--complete` the policy's own \
          namespace may have an object of that name too: this is then a warning, or an info where no Service of the \
          namespace was given.",
    source: "Gateway API v1.6.1, `policy_types.go:27-106` and `backendtlspolicy_types.go:187-202`: a \
             LocalObjectReference",
    bad: r"
# with --complete
apiVersion: v1
kind: Service
metadata: {name: www, namespace: edge}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: team-a}
spec: {ports: [{name: https, port: 443}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: shop-tls, namespace: edge}
spec:
  targetRefs: [{group: '', kind: Service, name: shop}]
  validation: {hostname: shop.example.com, wellKnownCACertificates: System}
",
    good: r"
# with --complete
apiVersion: v1
kind: Service
metadata: {name: www, namespace: edge}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: team-a}
spec: {ports: [{name: https, port: 443}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: shop-tls, namespace: team-a}
spec:
  targetRefs: [{group: '', kind: Service, name: shop}]
  validation: {hostname: shop.example.com, wellKnownCACertificates: System}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for missing in policies::missing(context) {
        let Some(namespace) = missing.elsewhere else { continue };
        let ObjectRef { kind, name, .. } = missing.reference;
        let message = format!(
            "{} is not there, only {}, and a BackendTLSPolicy reaches its own namespace only",
            full_name(kind, &missing.policy.meta.namespace, name),
            full_name(kind, namespace, name)
        );
        let hint =
            format!("move the policy, or what it names, so that both are in one namespace, as `{namespace}`");
        out.push(missing.finding(&RULE, message).hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_all};
    use super::RULE;

    #[test]
    fn is_as_certain_as_what_is_known_of_the_namespace() {
        let (path, authority) = ("spec.targetRefs[0].name", "spec.validation.caCertificateRefs[0].name");
        assert_eq!(found_in_all(&RULE, RULE.bad), [format!("2 error {path}")]);
        assert_eq!(found(&RULE, RULE.bad), [format!("2 warning {path}")]);
        let unseen = RULE.bad.replace("name: www, namespace: edge", "name: www");
        assert_eq!(found(&RULE, &unseen), [format!("2 info {path}")]);
        let authorities = RULE.bad.replace(
            "wellKnownCACertificates: System}",
            "caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]}\n---\n\
             {apiVersion: v1, kind: ConfigMap, metadata: {name: ca, namespace: team-a}}",
        );
        assert_eq!(found(&RULE, &authorities), [format!("2 warning {path}"), format!("2 info {authority}")]);
    }
}
