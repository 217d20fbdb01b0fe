//! Rule: policy-target-not-found
//!
//! A BackendTLSPolicy for a Service that is not there, or with CA certificates that are not.

use super::finding::{full_name, is_service, listed};
use super::{Context, Finding, Rule, policies};
use crate::check::model::ObjectRef;
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("policy-target-not-found"),
    severity: Severity::Error,
    what: "a BackendTLSPolicy whose Service, port or CA certificates do not exist",
    why: "The policy does not attach, and the Gateway goes on speaking plain text to the backend; without valid CA \
          certificates it refuses to speak to it. Services are looked for in namespaces of which at least one was \
          given, and there a missing one is a warning; with `--complete` in all, and CA certificates with \
          `--complete` only.",
    source: "Gateway API v1.6.1, `policy_types.go:27-106`: a missing section must fail to attach; \
             `backendtlspolicy_types.go:187-202`",
    bad: r"
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {ports: [{name: https, port: 443}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: shop-tls}
spec:
  targetRefs: [{group: '', kind: Service, name: shop, sectionName: '443'}]
  validation: {hostname: shop.example.com, wellKnownCACertificates: System}
",
    good: r"
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {ports: [{name: https, port: 443}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: shop-tls}
spec:
  targetRefs: [{group: '', kind: Service, name: shop, sectionName: https}]
  validation: {hostname: shop.example.com, wellKnownCACertificates: System}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    // What another namespace has is `policy-across-namespaces`.
    for missing in policies::missing(context).into_iter().filter(|missing| missing.elsewhere.is_none()) {
        let ObjectRef { kind, name, .. } = missing.reference;
        let message = format!("{} does not exist", full_name(kind, &missing.policy.meta.namespace, name));
        out.push(missing.finding(&RULE, message).hint("create it, or correct the name"));
    }
    for policy in &context.model.policies {
        let targets = policy.targets.iter().enumerate().filter(|(_, (target, _))| is_service(target));
        for (at, (target, section)) in targets {
            let service = context.attach.index.service(&policy.meta.namespace, &target.name);
            let (Some(service), Some(section)) = (service, section) else { continue };
            if service.ports.iter().all(|port| port.name != *section) {
                let name = full_name("Service", &policy.meta.namespace, &target.name);
                let message = format!("{name} has no port named `{section}`");
                let path = Path::ROOT.key("spec").key("targetRefs").index(at).key("sectionName");
                let names: Vec<String> = service
                    .ports
                    .iter()
                    .filter(|port| !port.name.is_empty())
                    .map(|port| format!("`{}`", port.name))
                    .collect();
                let hint = if names.is_empty() {
                    "no port of it has a name, which `sectionName` goes by; leave `sectionName` out for all ports"
                        .to_owned()
                } else {
                    format!("its ports are {}; `sectionName` is a port's name, not its number", listed(names))
                };
                out.push(RULE.find(policy.meta.object, path, message).hint(hint));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TARGET, found, found_in_all, judge};
    use super::RULE;

    #[test]
    fn hints_at_the_names_of_the_ports() {
        let hint = |text: &str| judge(text, TARGET, false).remove(0).diagnostic.hint.into_owned();
        let two =
            RULE.bad.replace("{name: https, port: 443}", "{name: https, port: 443}, {name: http, port: 80}");
        assert!(hint(&two).starts_with("its ports are `https`, `http`;"), "{}", hint(&two));
        assert!(hint(&RULE.bad.replace("name: https, ", "")).starts_with("no port of it has a name"));
    }

    #[test]
    fn looks_at_services_ports_and_authorities() {
        let (port, name) = ("spec.targetRefs[0].sectionName", "spec.targetRefs[0].name");
        let authority = "spec.validation.caCertificateRefs[0].name";
        let text = RULE.bad.replace(
            "wellKnownCACertificates: System",
            "caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]",
        );
        assert_eq!(found(&RULE, &text), [format!("1 error {port}")]);
        assert_eq!(found_in_all(&RULE, &text), [format!("1 error {authority}"), format!("1 error {port}")]);
        let misspelt = RULE.bad.replace("name: shop, sectionName", "name: ship, sectionName");
        assert_eq!(found(&RULE, &misspelt), [format!("1 warning {name}")]);
        assert_eq!(found_in_all(&RULE, &misspelt), [format!("1 error {name}")]);
        let unseen = misspelt.replace("{name: shop}", "{name: shop, namespace: other}");
        assert!(found(&RULE, &unseen).is_empty());
    }
}
