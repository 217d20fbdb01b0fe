//! What kinds a parent and a backend may be of.
//!
//! Groups of Gateway API and of Kubernetes itself are known; whatever else there is may be a controller's
//! own, and is not judged without it.

use super::known::Known;
use crate::check::model::ObjectRef;
use crate::profile::Profile;
use crate::release::{EXPERIMENTAL_GROUP, GATEWAY_GROUP};

/// Whether a group is Gateway API's or Kubernetes' own: a CustomResourceDefinition's has a dot.
///
/// Source: `k8s.io/apiextensions-apiserver` v0.36.2, `pkg/apis/apiextensions/validation/validation.go:361`.
pub(super) fn is_known(group: &str) -> bool {
    !group.contains('.') || matches!(group, GATEWAY_GROUP | EXPERIMENTAL_GROUP)
}

/// Whether a reference is to a Gateway.
pub fn is_gateway(target: &ObjectRef<'_>) -> bool {
    target.group == GATEWAY_GROUP && target.kind == "Gateway"
}

/// Whether a reference is to a Service.
pub fn is_service(target: &ObjectRef<'_>) -> bool {
    target.group.is_empty() && target.kind == "Service"
}

/// Group and kind by which a route delegates to all routes that have a label.
pub(super) const ROUTE_LABEL: (&str, &str) = ("delegation.kgateway.dev", "label");

/// Who has route delegation, by the words of their profiles.
pub(super) const DELEGATORS: &[&str] = &["kgateway"];

/// Whether a reference is to HTTPRoutes, by name or by label: route delegation, which is no part of Gateway API.
///
/// Source: kgateway 2.4.0, `design/10943-route-delegation.md`.
pub fn delegates(target: &ObjectRef<'_>) -> bool {
    matches!((target.group.as_ref(), target.kind.as_ref()), (GATEWAY_GROUP, "HTTPRoute") | ROUTE_LABEL)
}

/// Whether a controller has route delegation.
pub fn has_delegation(profile: &Profile) -> bool {
    DELEGATORS.contains(&profile.word)
}

/// Whether an object of this kind can be a backend.
///
/// Source: Gateway API v1.6.3, `apis/v1/object_reference_types.go:92-128`: a Service has core support, and what
/// has an invalid group or kind is refused.
pub fn can_be_backend(target: &ObjectRef<'_>) -> Known {
    match (target.group.as_ref(), target.kind.as_ref()) {
        ("", "Service") => Known::Yes,
        (EXPERIMENTAL_GROUP, "XBackend") => Known::Unknown,
        (group, _) if is_known(group) && !delegates(target) => Known::No,
        _ => Known::Unknown,
    }
}

/// Whether an object of this kind can be a route's parent: what has listeners, or a Service of a mesh.
///
/// Source: Gateway API v1.6.3, `apis/v1/shared_types.go:24-55`.
pub fn can_be_parent(target: &ObjectRef<'_>) -> Known {
    match (target.group.as_ref(), target.kind.as_ref()) {
        (GATEWAY_GROUP, "Gateway" | "ListenerSet")
        | (EXPERIMENTAL_GROUP, "XListenerSet")
        | ("", "Service") => Known::Yes,
        (group, _) if is_known(group) && !delegates(target) => Known::No,
        _ => Known::Unknown,
    }
}
