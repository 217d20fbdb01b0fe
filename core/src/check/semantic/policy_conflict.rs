//! Rule: policy-conflict
//!
//! One port of a Service has one BackendTLSPolicy.

use std::collections::BTreeMap;

use super::finding::{full_name, named, reason_of_age};
use super::{Context, Finding, Rule};
use crate::check::attach::precedence;
use crate::check::model::Policy;
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("policy-conflict"),
    severity: Severity::Error,
    what: "two BackendTLSPolicies for one target and port",
    why: "The older policy wins, then the one whose name comes first; the other gets Accepted=False with reason \
          Conflicted, and its certificates and host name count for nothing.",
    source: "Gateway API v1.6.1, `backendtlspolicy_types.go:70-86`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: shop-tls}
spec:
  targetRefs: [{group: '', kind: Service, name: shop}]
  validation: {hostname: shop.example.com, wellKnownCACertificates: System}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: shop-tls-new}
spec:
  targetRefs: [{group: '', kind: Service, name: shop}]
  validation: {hostname: new.example.com, wellKnownCACertificates: System}
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: shop-tls}
spec:
  targetRefs: [{group: '', kind: Service, name: shop, sectionName: https}]
  validation: {hostname: shop.example.com, wellKnownCACertificates: System}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: shop-tls-new}
spec:
  targetRefs: [{group: '', kind: Service, name: shop, sectionName: admin}]
  validation: {hostname: new.example.com, wellKnownCACertificates: System}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let mut policies: Vec<&Policy<'_>> = context.model.policies.iter().collect();
    policies.sort_by(|one, other| precedence(&one.meta).cmp(&precedence(&other.meta)));
    let mut first: BTreeMap<_, &Policy<'_>> = BTreeMap::new();
    for policy in policies {
        for (index, (target, section)) in policy.targets.iter().enumerate() {
            let namespace = policy.meta.namespace.as_ref();
            let key = (namespace, &target.group, &target.kind, &target.name, section);
            let Some(winner) = first.get(&key) else {
                first.insert(key, policy);
                continue;
            };
            // Within one policy the API server refuses it.
            if winner.meta.object == policy.meta.object {
                continue;
            }
            let port = section.as_ref().map_or(String::new(), |section| format!(", port `{section}`"));
            let why = match reason_of_age(&winner.meta, &policy.meta) {
                Some(reason) => format!("{reason}, so this policy does not count there"),
                None => "the one that is created first counts, at one moment the one whose name comes first"
                    .to_owned(),
            };
            let message = format!(
                "{} is for {}{port} as well, and {why}",
                named("BackendTLSPolicy", &winner.meta),
                full_name(&target.kind, namespace, &target.name)
            );
            let path = Path::ROOT.key("spec").key("targetRefs").index(index);
            let hint = "keep one of the two, or name different ports in `sectionName`";
            out.push(RULE.find(policy.meta.object, path, message).hint(hint));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn the_younger_one_loses() {
        let policy = |name: &str, year: u16| {
            format!(
                "apiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\n\
                 metadata: {{name: {name}, creationTimestamp: '{year}-01-01T00:00:00Z'}}\n\
                 spec: {{targetRefs: [{{group: '', kind: Service, name: a}}], \
                 validation: {{hostname: a.example.com, wellKnownCACertificates: System}}}}\n"
            )
        };
        let text = format!("{}---\n{}", policy("a", 2026), policy("b", 2025));
        assert_eq!(found(&RULE, &text), ["0 error spec.targetRefs[0]"]);
    }
}
