//! Rule: review-malformed
//!
//! What cannot be read cannot be judged.

use super::super::settings::Action;
use super::super::uses::{At, USES_MAX};
use super::{Fault, Rule};
use crate::diagnostic::Code;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("review-malformed"),
    action: Action::Deny,
    what: "a review that is no AdmissionReview, or whose object cannot be read",
    why: "Nobody can say what such a request would do. It is denied, whatever the settings say.",
    bad: r#"
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
    uid: 7
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

/// An object with more uses than are looked at.
pub(in super::super) fn too_many_uses(kind: &str, namespace: &str, name: &str) -> Fault {
    let hint = "split it into several objects: the bound is Gatewright's own, and no route or Gateway that an API server takes has more, \
                but in annotations";
    let text = format!("{kind} `{namespace}/{name}` uses host names more than {USES_MAX} times");
    Fault { hint: hint.to_owned(), ..fault(text) }
}

/// An object of a kind that no rule judges, where the settings deny those.
pub(in super::super) fn unknown_kind(kind: &str) -> Fault {
    let text = format!("{kind} is judged by no rule, and the settings deny such kinds (`unknownKinds`)");
    let hint = "ask the platform to allow such kinds, or not to send them here";
    Fault { hint: hint.to_owned(), ..fault(text) }
}

pub(in super::super) fn fault(text: impl Into<String>) -> Fault {
    Fault {
        code: RULE.code,
        host: String::new(),
        at: At::Object,
        text: text.into(),
        hint: "send an AdmissionReview of admission.k8s.io/v1 with its object".to_owned(),
    }
}
