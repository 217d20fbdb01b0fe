//! Rule: policy-across-namespaces
//!
//! What a BackendTLSPolicy names is always in its own namespace.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::finding::{Seen, full_name, is_service};
use super::{Context, Finding, Rule};
use crate::check::attach::Known;
use crate::check::model::{ObjectRef, Policy};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("policy-across-namespaces"),
    severity: Severity::Error,
    what: "a BackendTLSPolicy whose Service, port or CA certificates are not in its namespace",
    why: "Its references have no namespace and no grant reaches them, so the policy attaches to nothing: the Gateway \
          goes on speaking plain text to the backend, or refuses to speak to it.",
    source: "Gateway API v1.6.1, `policy_types.go:27-106` and `backendtlspolicy_types.go:187-202`: a \
             LocalObjectReference; a missing section must fail to attach",
    bad: r"
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
    let model = context.model;
    if model.policies.is_empty() {
        return;
    }
    let known = Seen::services(model, context.settings.complete);
    let services = model.services.keys().map(|(namespace, name)| (name.as_ref(), namespace.as_ref()));
    let services: BTreeMap<&str, &str> = services.collect();
    let others = model
        .others
        .iter()
        .map(|[group, kind, namespace, name]| ([group, kind, name].map(AsRef::as_ref), namespace.as_ref()));
    let others: BTreeMap<[&str; 3], &str> = others.collect();
    for policy in &model.policies {
        let namespace = policy.meta.namespace.as_ref();
        for (index, (target, section)) in
            policy.targets.iter().enumerate().filter(|(_, (target, _))| is_service(target))
        {
            let path = Path::ROOT.key("spec").key("targetRefs").index(index);
            let elsewhere = services.get(target.name.as_ref()).copied();
            match model.services.get(&(Cow::Borrowed(namespace), Cow::Borrowed(target.name.as_ref()))) {
                None if known.holds(namespace) || elsewhere.is_some() => {
                    let finding = absent(policy, target, &path, elsewhere);
                    let at_most = match (known.holds(namespace), elsewhere) {
                        (true, Some(_)) => Severity::Error,
                        (true, None) if context.settings.complete => Severity::Error,
                        (true, None) => Severity::Warning,
                        (false, _) => Severity::Info,
                    };
                    out.push(finding.at_most(at_most));
                }
                None => {}
                Some(service) => {
                    let Some(section) = section else { continue };
                    if service.ports.iter().all(|port| port.name != *section) {
                        let message = format!(
                            "{} has no port named `{section}`",
                            full_name("Service", namespace, &target.name)
                        );
                        let hint = "`sectionName` is the name of a port of the Service, not its number";
                        out.push(RULE.find(policy.meta.object, path.key("sectionName"), message).hint(hint));
                    }
                }
            }
        }
        for (index, authority) in policy.certificates.iter().enumerate() {
            let ObjectRef { group, kind, name, namespace: _ } = authority;
            let elsewhere = others.get(&[group, kind, name].map(AsRef::as_ref)).copied();
            let judged = matches!(kind.as_ref(), "ConfigMap" | "Secret") && group.is_empty();
            let there = context.attach.index.other(authority, namespace);
            if judged && there != Known::Yes && (context.settings.complete || elsewhere.is_some()) {
                let path = Path::ROOT.key("spec").key("validation").key("caCertificateRefs").index(index);
                let finding = absent(policy, authority, &path, elsewhere);
                out.push(if context.settings.complete { finding } else { finding.at_most(Severity::Info) });
            }
        }
    }
}

/// Where the input is not complete, an object of that name may stand in the policy's namespace all the same.
fn absent(policy: &Policy<'_>, target: &ObjectRef<'_>, path: &Path, elsewhere: Option<&str>) -> Finding {
    let name = full_name(&target.kind, &policy.meta.namespace, &target.name);
    let path = path.key("name");
    match elsewhere {
        Some(namespace) => {
            let message = format!(
                "{name} is not there, only {}, and a BackendTLSPolicy reaches its own namespace only",
                full_name(&target.kind, namespace, &target.name)
            );
            let hint = format!(
                "move the policy, or what it names, so that both are in one namespace, as `{namespace}`"
            );
            RULE.find(policy.meta.object, path, message).hint(hint)
        }
        None => RULE
            .find(policy.meta.object, path, format!("{name} does not exist"))
            .hint("create it, or correct the name"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_all};
    use super::RULE;

    #[test]
    fn looks_at_ports_and_authorities() {
        let text = "
apiVersion: v1
kind: Service
metadata: {name: a}
spec: {ports: [{name: https, port: 443}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: p}
spec:
  targetRefs: [{group: '', kind: Service, name: a, sectionName: '443'}]
  validation: {hostname: a.example.com, caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]}
";
        let port = "1 error spec.targetRefs[0].sectionName";
        assert_eq!(found(&RULE, text), [port]);
        assert_eq!(found_in_all(&RULE, text), [port, "1 error spec.validation.caCertificateRefs[0].name"]);
        let elsewhere =
            format!("{text}---\n{{apiVersion: v1, kind: ConfigMap, metadata: {{name: ca, namespace: b}}}}\n");
        assert_eq!(found(&RULE, &elsewhere), [port, "1 info spec.validation.caCertificateRefs[0].name"]);
    }
}
