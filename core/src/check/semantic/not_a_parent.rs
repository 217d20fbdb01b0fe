//! Rule: not-a-parent
//!
//! A parentRef to something that has neither listeners nor a mesh.

use super::finding::{full_name, namespace_of};
use super::not_a_backend::group;
use super::{Context, Finding, Rule};
use crate::check::attach::Known;
use crate::check::attach::kinds::{can_be_parent, delegates, has_delegation};
use crate::check::model::ObjectRef;
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("not-a-parent"),
    severity: Severity::Error,
    what: "a parentRef of a kind that no route can be attached to",
    why: "A route attaches to a Gateway, to a ListenerSet, or in a mesh to a Service. For any other parent no \
          controller writes a status, and the route serves nothing through it. Judged are kinds of Kubernetes and \
          of Gateway API; other groups may be a controller's own. An HTTPRoute as a parent is a warning: that is \
          route delegation, which kgateway and few others have.",
    source: "Gateway API v1.6.3, `shared_types.go:24-55`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{kind: GatewayClass, name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{kind: Gateway, name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let delegation = context.settings.controller().is_some_and(has_delegation);
    for route in &context.model.routes {
        for (index, parent) in route.parents.iter().enumerate() {
            let target = &parent.target;
            let name = full_name(&target.kind, namespace_of(target, &route.meta), &target.name);
            let path = Path::ROOT.key("spec").key("parentRefs").index(index).key("kind");
            if can_be_parent(target) == Known::No {
                let message = format!("no route can be attached to {name} of {}", group(&target.group));
                out.push(RULE.find(route.meta.object, path, message).hint(hint(target)));
            } else if delegates(target) && !delegation {
                let message =
                    format!("{name} as a parent is route delegation, which Gateway API does not have");
                let hint = "use it with a controller that has it (`--profile kgateway`), or name a Gateway";
                let finding = RULE.find(route.meta.object, path, message).hint(hint);
                out.push(finding.at_most(Severity::Warning));
            }
        }
    }
}

fn hint(target: &ObjectRef<'_>) -> &'static str {
    match (target.group.as_ref(), target.kind.as_ref()) {
        (_, "Gateway" | "ListenerSet") => "leave `group` out: it is `gateway.networking.k8s.io`",
        (_, "XListenerSet") => "write `group: gateway.networking.x-k8s.io`",
        (_, "Service") => "write `group: ''`: a Service is of the core group",
        _ => "name the Gateway or ListenerSet whose listeners should serve it",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn judges_kinds_of_kubernetes_and_gateway_api() {
        for (parent, expected) in [
            ("kind: GatewayClass", "error"),
            ("kind: Gateway, group: ''", "error"),
            ("kind: Service", "error"),
            ("kind: Ingress, group: networking", "error"),
            ("kind: ListenerSet, group: gateway.networking.x-k8s.io", "error"),
            ("kind: HTTPRoute", "warning"),
            ("kind: Service, group: ''", ""),
            ("kind: ListenerSet", ""),
            ("kind: XListenerSet, group: gateway.networking.x-k8s.io", ""),
            ("kind: VirtualGateway, group: example.com", ""),
        ] {
            let text = RULE.bad.replace("kind: GatewayClass", parent);
            let line = format!("0 {expected} spec.parentRefs[0].kind");
            let lines = if expected.is_empty() { Vec::new() } else { vec![line] };
            assert_eq!(found(&RULE, &text), lines, "{parent}");
        }
    }
}
