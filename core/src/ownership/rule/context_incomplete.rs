//! Rule: context-incomplete
//!
//! What is not known is not permitted.

use super::super::settings::Action;
use super::super::uses::At;
use super::{Fault, Rule};
use crate::diagnostic::Code;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("context-incomplete"),
    action: Action::Deny,
    what: "a question that needs objects of a kind of which not all are known",
    why: "A cache that has not caught up, or is not allowed to read, would find no claim where there is one. So nothing is decided by it.",
    bad: r#"
context:
  complete: [HostnameGrant]
  objects:
  - apiVersion: gatewright.dev/v1alpha1
    kind: HostnameGrant
    metadata: {name: shop}
    spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
review:
  apiVersion: admission.k8s.io/v1
  kind: AdmissionReview
  request:
    uid: 7a1f
    operation: CREATE
    namespace: shop
    kind: {group: gateway.networking.k8s.io, version: v1, kind: HTTPRoute}
    object:
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: web, namespace: shop}
      spec: {parentRefs: [{namespace: edge, name: public}], hostnames: [pay.shop.example.com]}
"#,
    good: r#"
context:
  complete: [HostnameGrant, DomainClaim]
  objects:
  - apiVersion: gatewright.dev/v1alpha1
    kind: HostnameGrant
    metadata: {name: shop}
    spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
review:
  apiVersion: admission.k8s.io/v1
  kind: AdmissionReview
  request:
    uid: 7a1f
    operation: CREATE
    namespace: shop
    kind: {group: gateway.networking.k8s.io, version: v1, kind: HTTPRoute}
    object:
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: web, namespace: shop}
      spec: {parentRefs: [{namespace: edge, name: public}], hostnames: [pay.shop.example.com]}
"#,
};

pub(in super::super) fn fault(kind: &str, at: At) -> Fault {
    Fault {
        code: RULE.code,
        host: String::new(),
        at,
        text: format!("not every {kind} is known here, and the answer depends on them"),
        hint: format!("try again; if it stays, see whether whoever decides may list {kind} objects"),
    }
}

/// Whether a suffix is a public one can only be told by who has a list.
pub(in super::super) fn public_suffix(at: At) -> Fault {
    Fault {
        code: RULE.code,
        host: String::new(),
        at,
        text: "which suffixes are public is not known here, and the answer depends on them".to_owned(),
        hint: "give the context its `publicSuffixes`, as `gatewright review` does".to_owned(),
    }
}
