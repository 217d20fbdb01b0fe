//! What kinds a parent and a backend may be of.
//!
//! Groups of Gateway API and of Kubernetes itself are known; whatever else there is may be a controller's
//! own, and is not judged without it.

use super::known::Known;
use crate::check::model::ObjectRef;

/// The group of Gateway API's own kinds.
const GATEWAY: &str = "gateway.networking.k8s.io";
/// The group of its experimental kinds that have a name of their own.
const EXPERIMENTAL: &str = "gateway.networking.x-k8s.io";

/// Whether a group is Gateway API's or Kubernetes' own: a CustomResourceDefinition's has a dot.
///
/// Source: `k8s.io/apiextensions-apiserver` v0.36.2, `pkg/apis/apiextensions/validation/validation.go:361`.
fn is_known(group: &str) -> bool {
    !group.contains('.') || matches!(group, GATEWAY | EXPERIMENTAL)
}

/// Whether a reference is to an HTTPRoute: route delegation, which is no part of Gateway API.
///
/// Source: kgateway 2.4.0, `design/10943-route-delegation.md`.
pub fn delegates(target: &ObjectRef<'_>) -> bool {
    target.group == GATEWAY && target.kind == "HTTPRoute"
}

/// Whether an object of this kind can be a backend.
///
/// Source: Gateway API v1.6.3, `apis/v1/object_reference_types.go:92-128`: a Service has core support, and what
/// has an invalid group or kind is refused.
pub fn can_be_backend(target: &ObjectRef<'_>) -> Known {
    match (target.group.as_ref(), target.kind.as_ref()) {
        ("", "Service") => Known::Yes,
        (EXPERIMENTAL, "XBackend") => Known::Unknown,
        (group, _) if is_known(group) && !delegates(target) => Known::No,
        _ => Known::Unknown,
    }
}

/// Whether an object of this kind can be a route's parent: what has listeners, or a Service of a mesh.
///
/// Source: Gateway API v1.6.3, `apis/v1/shared_types.go:24-55`.
pub fn can_be_parent(target: &ObjectRef<'_>) -> Known {
    match (target.group.as_ref(), target.kind.as_ref()) {
        (GATEWAY, "Gateway" | "ListenerSet") | (EXPERIMENTAL, "XListenerSet") | ("", "Service") => Known::Yes,
        (group, _) if is_known(group) && !delegates(target) => Known::No,
        _ => Known::Unknown,
    }
}
