//! Rule: parent-not-supported
//!
//! What a parent of an unknown kind makes of host names is unknown too.

use super::super::settings::Action;
use super::super::uses::{At, Parent};
use super::{Fault, Rule};
use crate::diagnostic::Code;
use crate::release::GATEWAY_GROUP;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("parent-not-supported"),
    action: Action::Deny,
    what: "a parent that is no Gateway, no ListenerSet and not passed over by the settings",
    why: "Some controllers attach routes to kinds of their own, with listeners that nobody here knows. `--unjudged-parent` names the kinds \
          whose routes are left alone; core/Service, by which meshes are configured, is among them.",
    bad: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{group: example.com, kind: Edge, name: public}]
  hostnames: [pay.shop.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"#,
    good: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{namespace: edge, name: public}]
  hostnames: [pay.shop.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"#,
};

pub(in super::super) fn fault(parent: &Parent<'_>, host: &str, at: At) -> Fault {
    let group = if parent.group.is_empty() { "core" } else { &parent.group };
    let kind = &parent.kind;
    // Without a group it is Gateway API's.
    let hint = if kind == "Service" && group == GATEWAY_GROUP {
        "write `group: \"\"` for a Service"
    } else {
        "attach to one of these, or have the settings pass over such parents"
    };
    Fault {
        code: RULE.code,
        host: host.to_owned(),
        at,
        text: format!("a parent of kind {group}/{kind} cannot be judged: only Gateways and ListenerSets are"),
        hint: hint.to_owned(),
    }
}
