//! Rule: backend-kind-refused
//!
//! A controller takes Services and its own objects as backends, and no other controller's.

use crate::check::attach::{self, Reference};
use crate::check::rule::{Context, Finding, Rule, backends};
use crate::diagnostic::{Code, Severity};
use crate::profile::{Form, Profile};

pub(super) static RULE: Rule = Rule {
    code: Code("backend-kind-refused"),
    severity: Severity::Warning,
    what: "a backend of a kind that is another controller's own",
    why: "The API server takes a reference to any kind. A controller that does not know it sets ResolvedRefs=False with \
          reason InvalidKind, and the backend's share is lost as that of one that does not exist \
          (`backend-not-found`).",
    source: "Gateway API v1.6.1, `shared_types.go:398-442` InvalidKind; the profile of the controller, `vendor`, whose \
             source each finding names",
    bad: r"
# with --profile istio
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{group: gateway.envoyproxy.io, kind: Backend, name: shop}]}]
",
    good: r"
# with --profile istio
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{group: networking.istio.io, kind: Hostname, name: shop.example.com, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(profile) = context.settings.controller() else { return };
    let index = &context.attach.index;
    for route in &context.model.routes {
        for (place, backend) in backends::of(route) {
            if attach::backend(index, Some(profile), route, backend) == Reference::KindRefused {
                let what = format!("a backend of kind {} of {}", backend.target.kind, backend.target.group);
                let finding = RULE.find(route.meta.object, place.path(), profile.refusal(&what));
                out.push(finding.hint(hint(profile)).source(profile.vendor.source));
            }
        }
    }
}

fn hint(profile: &Profile) -> String {
    match profile.vendor.value.map(Form::words) {
        Some(own) => format!("use a Service, or a {own}"),
        None => "use a Service".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::with;
    use super::RULE;

    #[test]
    fn a_kind_of_nobody_that_is_known_is_left_alone() {
        assert!(with(&RULE, "istio", &RULE.bad.replace("envoyproxy.io", "example.com")).is_empty());
        assert!(with(&RULE, "envoy-gateway", RULE.bad).is_empty());
    }

    #[test]
    fn imports_of_services_are_those_of_gke_or_of_anybody() {
        for (group, word, expected) in
            [("net.gke.io", "istio", 1), ("net.gke.io", "gke", 0), ("multicluster.x-k8s.io", "istio", 0)]
        {
            let own = RULE.bad.replace(
                "group: gateway.envoyproxy.io, kind: Backend",
                &format!("group: {group}, kind: ServiceImport"),
            );
            assert_eq!(with(&RULE, word, &own).len(), expected, "{group} {word}");
        }
    }
}
