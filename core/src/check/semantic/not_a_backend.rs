//! Rule: not-a-backend
//!
//! A backend of a kind that requests cannot be sent to.

use super::finding::full_name;
use super::{Context, Finding, Rule, backends};
use crate::check::attach::Known;
use crate::check::attach::kinds::{can_be_backend, delegates};
use crate::check::model::ObjectRef;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("not-a-backend"),
    severity: Severity::Error,
    what: "a backend of a kind that no controller sends requests to",
    why: "The API server takes a reference to any kind. The route gets ResolvedRefs=False with reason InvalidKind, and \
          the backend's share is lost as that of one that does not exist (`backend-not-found`). Judged are kinds of \
          Kubernetes and of Gateway API; other groups may be a controller's own. An HTTPRoute as a backend is a warning: \
          that is route delegation, which kgateway and few others have.",
    source: "Gateway API v1.6.3, `object_reference_types.go:92-128`; `shared_types.go` reason InvalidKind",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{kind: Pod, name: shop-0, port: 8080}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 8080}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for route in &context.model.routes {
        for (place, backend) in backends::of(route) {
            let target = &backend.target;
            let namespace = super::finding::namespace_of(target, &route.meta);
            let name = full_name(&target.kind, namespace, &target.name);
            if can_be_backend(target) == Known::No {
                let (group, loss) = (group(&target.group), place.loss(route.kind));
                let message = format!("nothing can be sent to {name} of {group}, so {loss}");
                let path = place.path().key("kind");
                out.push(RULE.find(route.meta.object, path, message).hint(hint(target)));
            } else if delegates(target) && context.settings.controller().is_none() {
                let message =
                    format!("{name} as a backend is route delegation, which Gateway API does not have");
                let hint = "use it with a controller that has it (`--profile kgateway`), or name a Service";
                let finding = RULE.find(route.meta.object, place.path().key("kind"), message).hint(hint);
                out.push(finding.at_most(Severity::Warning));
            }
        }
    }
}

/// A group in words.
pub(super) fn group(name: &str) -> String {
    if name.is_empty() { "the core group".to_owned() } else { format!("group `{name}`") }
}

fn hint(target: &ObjectRef<'_>) -> &'static str {
    match target.kind.as_ref() {
        "Service" => "leave `group` out: a Service is of the core group",
        "Pod" | "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" => {
            "name the Service that selects its pods"
        }
        _ => "name a Service, or a backend of the controller's own",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, judge_as, of_rule, settings};
    use super::RULE;
    use crate::check::Settings;
    use crate::profile;

    #[test]
    fn judges_kinds_of_kubernetes_and_gateway_api() {
        for (backend, expected) in [
            ("kind: Pod", "error"),
            ("kind: Service, group: gateway.networking.k8s.io", "error"),
            ("kind: Deployment, group: apps", "error"),
            ("kind: Gateway, group: gateway.networking.k8s.io", "error"),
            ("kind: XBackend, group: gateway.networking.x-k8s.io", ""),
            ("kind: Bucket, group: example.com", ""),
            ("kind: HTTPRoute, group: gateway.networking.k8s.io", "warning"),
            ("kind: Service", ""),
        ] {
            let text = RULE.bad.replace("kind: Pod", backend);
            let line = format!("0 {expected} spec.rules[0].backendRefs[0].kind");
            let lines = if expected.is_empty() { Vec::new() } else { vec![line] };
            assert_eq!(found(&RULE, &text), lines, "{backend}");
        }
    }

    /// What a named controller does not take is `backend-kind-refused`.
    #[test]
    fn delegation_is_left_to_a_named_controller() {
        let by_label = RULE.bad.replace("kind: Pod", "kind: label, group: delegation.kgateway.dev");
        assert_eq!(found(&RULE, &by_label), ["0 warning spec.rules[0].backendRefs[0].kind"]);
        let text = RULE.bad.replace("kind: Pod", "kind: HTTPRoute, group: gateway.networking.k8s.io");
        for (word, code) in [("kgateway", None), ("istio", Some("backend-kind-refused"))] {
            let settings = Settings { profile: profile::named(word), ..settings(false) };
            let findings = judge_as(&text, &settings);
            assert_eq!(findings.first().map(|finding| finding.diagnostic.code.0), code);
            assert!(of_rule(&RULE, findings).is_empty());
        }
    }
}
