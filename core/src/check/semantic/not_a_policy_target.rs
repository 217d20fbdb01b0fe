//! Rule: not-a-policy-target
//!
//! A BackendTLSPolicy for something that it cannot be for.

use super::finding::full_name;
use super::not_a_backend::group;
use super::{Context, Finding, Rule};
use crate::check::attach::Known;
use crate::check::attach::kinds::{can_be_backend, delegates};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("not-a-policy-target"),
    severity: Severity::Error,
    what: "a BackendTLSPolicy whose target is of a kind that it cannot be for",
    why: "The API server takes a target of any kind. The policy does not attach, and the Gateway goes on speaking plain \
          text to the backend. Judged are kinds of Kubernetes and of Gateway API; other groups may be a controller's \
          own. A kind other than Service is a warning, for Gateway API leaves it to the implementation.",
    source: "Gateway API v1.7.0, `backendtlspolicy_types.go:94-103`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: shop-tls}
spec:
  targetRefs: [{group: v1, kind: Service, name: shop}]
  validation: {hostname: shop.example.com, wellKnownCACertificates: System}
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: shop-tls}
spec:
  targetRefs: [{group: '', kind: Service, name: shop}]
  validation: {hostname: shop.example.com, wellKnownCACertificates: System}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for policy in &context.model.policies {
        // One without a name is the API server's to refuse.
        let named = policy.targets.iter().enumerate().filter(|(_, (target, _))| !target.name.is_empty());
        for (index, (target, _)) in named {
            if can_be_backend(target) != Known::No && !delegates(target) {
                continue;
            }
            let name = full_name(&target.kind, &policy.meta.namespace, &target.name);
            let of = group(&target.group);
            let path = |field| Path::ROOT.key("spec").key("targetRefs").index(index).key(field);
            out.push(if target.kind == "Service" {
                let message = format!("there is no {name} of {of}, so the policy is for nothing");
                let finding = RULE.find(policy.meta.object, path("group"), message);
                finding.hint("write `group: ''`: a Service is of the core group")
            } else {
                let message =
                    format!("Gateway API has no BackendTLSPolicy for {name} of {of}, only for a Service");
                let finding = RULE.find(policy.meta.object, path("kind"), message).at_most(Severity::Warning);
                finding.hint("name the Service of the backends, with `group: ''` and `kind: Service`")
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn judges_kinds_of_kubernetes_and_gateway_api() {
        for (target, expected) in [
            ("group: v1, kind: Service", "error group"),
            ("group: core, kind: Service", "error group"),
            ("group: '', kind: Pod", "warning kind"),
            ("group: '', kind: service", "warning kind"),
            ("group: apps, kind: Deployment", "warning kind"),
            ("group: gateway.networking.k8s.io, kind: Gateway", "warning kind"),
            ("group: gateway.networking.k8s.io, kind: HTTPRoute", "warning kind"),
            ("group: '', kind: Service", ""),
            ("group: gateway.networking.x-k8s.io, kind: XBackend", ""),
            ("group: gateway.envoyproxy.io, kind: Backend", ""),
        ] {
            let text = RULE.bad.replace("group: v1, kind: Service", target);
            let lines: Vec<String> = expected
                .split_once(' ')
                .map(|(severity, field)| format!("0 {severity} spec.targetRefs[0].{field}"))
                .into_iter()
                .collect();
            assert_eq!(found(&RULE, &text), lines, "{target}");
        }
    }
}
