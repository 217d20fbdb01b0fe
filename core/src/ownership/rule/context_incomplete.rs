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
    let hint = format!(
        "try again; if it stays, whoever decides must be able to list {kind} objects, or name them in the `complete` of \
         its context"
    );
    of(kind, hint, at)
}

/// Whether a suffix is a public one can only be told by who has a list.
pub(in super::super) fn public_suffix(at: At) -> Fault {
    of(
        "public suffix",
        "give `settings.context` its `publicSuffixes`, or judge such claims by our own webhook".to_owned(),
        at,
    )
}

fn of(what: &str, hint: String, at: At) -> Fault {
    let text = format!("not every {what} is known here, and the answer depends on them");
    Fault { code: RULE.code, host: String::new(), at, text, hint }
}
