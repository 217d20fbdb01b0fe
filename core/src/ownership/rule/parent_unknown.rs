//! Rule: parent-unknown
//!
//! What a route inherits from a parent that is not there cannot be told.

use super::super::settings::Action;
use super::super::uses::At;
use super::{Fault, Rule};
use crate::diagnostic::Code;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("parent-unknown"),
    action: Action::Deny,
    what: "a route without host names whose parent has no listener for it",
    why: "It would inherit the hosts of whatever listener comes to be there, and nobody would have judged them.",
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

/// `why` says what is missing, after the parent, and `hint` what to do.
pub(in super::super) fn fault(parent: &str, [why, hint]: [&str; 2], at: At) -> Fault {
    Fault {
        code: RULE.code,
        host: String::new(),
        at,
        text: format!("without `hostnames` it serves the hosts of {parent}, {why}"),
        hint: hint.to_owned(),
    }
}
