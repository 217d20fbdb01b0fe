//! Rule: hostname-inherited
//!
//! A route without host names serves those of the listeners that it attaches to.

use super::super::asked::{Asked, Near};
use super::super::settings::Action;
use super::{Fault, Rule, ask_for_grant};
use crate::diagnostic::Code;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("hostname-inherited"),
    action: Action::Deny,
    what: "a route without host names on a listener whose host no grant permits",
    why: "Such a route answers for every host of the listener, and for all hosts where the listener names none. Admission that looks at \
          `hostnames` only lets it pass.",
    bad: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  gatewayClassName: example
  listeners: [{name: http, protocol: HTTP, port: 80, allowedRoutes: {namespaces: {from: All}}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{namespace: edge, name: public}]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"#,
    good: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  gatewayClassName: example
  listeners: [{name: http, protocol: HTTP, port: 80, hostname: "*.shop.example.com", allowedRoutes: {namespaces: {from: All}}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{namespace: edge, name: public}]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"#,
};

pub(in super::super) fn fault(asked: &Asked<'_>, listener: &str, near: &Near<'_, '_>) -> Fault {
    // A route of TCP or UDP could not name any.
    let (without, hint) = if asked.kind.is_l4() {
        ("", format!("attach to another listener, or {}", ask_for_grant(asked, near)))
    } else {
        let hint = "name the `hostnames` that are granted, or a `sectionName` whose listener has one of them";
        ("without `hostnames` ", hint.to_owned())
    };
    let what = format!("{without}it serves `{}` of {listener}, which", asked.host);
    Fault::not_granted(RULE.code, &what, asked, near, hint)
}
