//! References: from routes to backends, from listeners to certificates.
//!
//! Source of the reasons: Gateway API v1.6.1, `apis/v1/shared_types.go:398-442` and
//! `apis/v1/gateway_types.go:1566-1623`. Whether an object exists is not told where no ReferenceGrant
//! permits the reference (v1.5.1, `site-src/api-types/referencegrant.md:107-113`).

use super::index::{Index, Referrer};
use super::kinds::{DELEGATORS, ROUTE_LABEL, can_be_backend, delegates, is_known, is_service};
use super::known::Known;
use crate::check::model::{BackendRef, ObjectRef, Route};
use crate::profile::Profile;
use crate::release::{EXPERIMENTAL_GROUP, GATEWAY_GROUP};

/// What became of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// The object is there, and the reference is permitted.
    Resolved,
    /// No ReferenceGrant permits it.
    NotPermitted,
    /// Nobody takes a reference to this group and kind.
    InvalidKind,
    /// The controller that is named takes none to this group and kind.
    KindRefused,
    /// There is no such object, of a kind that no controller we know takes.
    KindNotFound,
    /// Whether anybody takes one is the controller's own matter.
    KindUnknown,
    /// There is no such object.
    NotFound,
    /// The Service has no such port.
    NoSuchPort,
    /// The Service's `appProtocol` is none that this kind of route can speak.
    UnsupportedProtocol,
    /// Whether a ReferenceGrant permits it depends on what was not given.
    GrantUnknown,
    /// Whether the object exists depends on what was not given.
    ObjectUnknown,
}

impl Reference {
    /// Whether it certainly cannot be used.
    pub const fn is_invalid(self) -> bool {
        !matches!(self, Self::Resolved | Self::KindUnknown | Self::GrantUnknown | Self::ObjectUnknown)
    }

    /// Gateway API's reason of a route's condition `ResolvedRefs`, where it is certainly false.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::NotPermitted => Some("RefNotPermitted"),
            Self::InvalidKind | Self::KindRefused | Self::KindNotFound => Some("InvalidKind"),
            // The API has no reason for a missing port; controllers use this one or their own.
            Self::NotFound | Self::NoSuchPort => Some("BackendNotFound"),
            Self::UnsupportedProtocol => Some("UnsupportedProtocol"),
            Self::Resolved | Self::KindUnknown | Self::GrantUnknown | Self::ObjectUnknown => None,
        }
    }
}

/// A kind that some controller takes as a backend.
struct Kind {
    group: &'static str,
    kind: &'static str,
    /// Whether it stands for an object by its name; else for a host of Istio's registry, or for routes by a label.
    is_object: bool,
    /// The words of the profiles that take it; none where more than we know of may.
    profiles: &'static [&'static str],
}

impl Kind {
    const fn object(group: &'static str, kind: &'static str, profiles: &'static [&'static str]) -> Self {
        Self { group, kind, is_object: true, profiles }
    }

    const fn name(group: &'static str, kind: &'static str, profiles: &'static [&'static str]) -> Self {
        Self { group, kind, is_object: false, profiles }
    }
}

/// Every kind that some controller takes as a backend, but a Service.
///
/// Source: the files of `profile/`; for delegation kgateway 2.4.0, `design/10943-route-delegation.md`; for GKE
/// `GoogleCloudPlatform/gke-networking-recipes` at 2f933f46173a, `public-store-route.yaml` in
/// `gateway/single-cluster/gke-gateway-controller/multi-cluster-gateway`.
const BACKENDS: [Kind; 11] = [
    Kind::name(ROUTE_LABEL.0, ROUTE_LABEL.1, DELEGATORS),
    Kind::object("gateway.envoyproxy.io", "Backend", &["envoy-gateway"]),
    Kind::object("gateway.kgateway.dev", "Backend", &["kgateway"]),
    Kind::object(GATEWAY_GROUP, "HTTPRoute", DELEGATORS),
    Kind::object("net.gke.io", "ServiceImport", &["gke"]),
    Kind::name("networking.istio.io", "Hostname", &["istio", "higress"]),
    Kind::object("networking.istio.io", "ServiceEntry", &["istio"]),
    Kind::object("traefik.io", "TraefikService", &["traefik"]),
    Kind::object(EXPERIMENTAL_GROUP, "XBackend", &[]),
    Kind::object("multicluster.x-k8s.io", "ServiceImport", &[]),
    Kind::object("inference.networking.k8s.io", "InferencePool", &[]),
];

/// Judges a reference of a route to a backend, a mirror's included.
pub fn backend(
    index: &Index<'_>,
    profile: Option<&Profile>,
    route: &Route<'_>,
    backend: &BackendRef<'_>,
) -> Reference {
    let target = &backend.target;
    let namespace = target.namespace_from(&route.meta.namespace);
    let is_service = is_service(target);
    let known = BACKENDS.iter().find(|known| known.group == target.group && known.kind == target.kind);
    match known {
        _ if can_be_backend(target) == Known::No => return Reference::InvalidKind,
        Some(Kind { profiles, .. }) => {
            // The portable profile stands for whatever there is.
            let named = profile.filter(|profile| !profile.controller.is_empty());
            if named.is_some_and(|profile| !profiles.is_empty() && !profiles.contains(&profile.word)) {
                return Reference::KindRefused;
            }
        }
        // Conformance test `httproute-invalid-backendref-unknown-kind`.
        None if !is_service && index.other(target, namespace) == Known::No => return Reference::KindNotFound,
        None => {}
    }
    match index.grants(Referrer::route(route), target, namespace) {
        Known::Yes => {}
        Known::No => return Reference::NotPermitted,
        Known::Unknown => return Reference::GrantUnknown,
    }
    match known {
        _ if is_service => service(index, route, backend),
        Some(Kind { is_object: false, .. }) => Reference::ObjectUnknown,
        Some(_) if !delegates(target) => exists(index.other(target, namespace)),
        _ => Reference::KindUnknown,
    }
}

/// Judges a reference of a route to a Service, as if it were permitted.
pub fn service(index: &Index<'_>, route: &Route<'_>, backend: &BackendRef<'_>) -> Reference {
    let namespace = backend.target.namespace_from(&route.meta.namespace);
    let Some(service) = index.service(namespace, &backend.target.name) else {
        return exists(index.absent());
    };
    let port = service.ports.iter().find(|port| Some(port.number) == backend.port);
    // Of type ExternalName it needs no ports, and without them says nothing of any.
    let silent = service.external_name && service.ports.is_empty();
    match port {
        None if !silent && backend.port.is_some() => Reference::NoSuchPort,
        // GEP-1911 lists neither among what a GRPCRoute can speak.
        Some(port)
            if route.kind == "GRPCRoute"
                && matches!(port.app_protocol.as_ref(), "kubernetes.io/ws" | "kubernetes.io/wss") =>
        {
            Reference::UnsupportedProtocol
        }
        _ => Reference::Resolved,
    }
}

/// Judges a reference of a listener to a certificate. Grants to a Gateway do not reach its ListenerSets.
///
/// A Secret has core support, and other kinds are a controller's own matter. None that we know takes one of Gateway
/// API's or of Kubernetes' own.
///
/// Source: v1.6.1, `apis/v1/listenerset_types.go:48-51`, `apis/v1/gateway_types.go:585-612`; conformance test
/// `gateway-invalid-tls-configuration`: a kind that does not exist is invalid.
pub fn certificate(index: &Index<'_>, from: Referrer<'_>, certificate: &ObjectRef<'_>) -> Reference {
    let is_secret = certificate.group.is_empty() && certificate.kind == "Secret";
    if !is_secret && is_known(&certificate.group) {
        return Reference::InvalidKind;
    }
    match granted(index, from, certificate) {
        Reference::NotFound if !is_secret => Reference::KindNotFound,
        Reference::Resolved | Reference::ObjectUnknown if !is_secret => Reference::KindUnknown,
        found => found,
    }
}

/// Kinds that some controller takes CA certificates from.
///
/// Source: v1.7.0, `apis/v1/backendtlspolicy_types.go:203-215` and `apis/v1/gateway_types.go:886-893`.
pub const AUTHORITIES: [(&str, &str); 3] =
    [("", "ConfigMap"), ("", "Secret"), ("certificates.k8s.io", "ClusterTrustBundle")];

/// Judges a reference of a Gateway or a BackendTLSPolicy to CA certificates.
///
/// Source: v1.7.0, `apis/v1/gateway_types.go:843-893` and `apis/v1/backendtlspolicy_types.go:159-192`;
/// conformance tests `gateway-with-invalid-clientcertificate-validation` and `backendtlspolicy-invalid-kind`.
pub fn authority(index: &Index<'_>, from: Referrer<'_>, certificate: &ObjectRef<'_>) -> Reference {
    if !AUTHORITIES.contains(&(&certificate.group, &certificate.kind)) {
        return Reference::InvalidKind;
    }
    if !certificate.group.is_empty() {
        // Objects of no namespace are not looked for.
        return Reference::ObjectUnknown;
    }
    granted(index, from, certificate)
}

/// Whether a BackendTLSPolicy leaves nothing to trust a Service with: it names CA certificates, none of them
/// valid. Requests are then answered with a 5xx.
///
/// Source: v1.7.0, `apis/v1/backendtlspolicy_types.go:187-192`; conformance test
/// `backendtlspolicy-invalid-ca-certificate-ref`.
pub fn is_distrusted(index: &Index<'_>, route: &Route<'_>, backend: &BackendRef<'_>) -> bool {
    let target = &backend.target;
    let namespace = target.namespace_from(&route.meta.namespace);
    let there = is_service(target) && index.service(namespace, &target.name).is_some();
    let policy = index.policy(namespace, &target.name, backend.port).filter(|_| there);
    let Some(policy) = policy else { return false };
    let from = Referrer { group: GATEWAY_GROUP, kind: "BackendTLSPolicy", namespace };
    let invalid = |certificate: &ObjectRef<'_>| authority(index, from, certificate).is_invalid();
    !policy.certificates.is_empty() && policy.certificates.iter().all(invalid)
}

/// Judges a reference to an object other than a Service by grants and by whether it is there.
fn granted(index: &Index<'_>, from: Referrer<'_>, target: &ObjectRef<'_>) -> Reference {
    let namespace = target.namespace_from(from.namespace);
    match index.grants(from, target, namespace) {
        Known::Yes => exists(index.other(target, namespace)),
        Known::No => Reference::NotPermitted,
        Known::Unknown => Reference::GrantUnknown,
    }
}

const fn exists(known: Known) -> Reference {
    match known {
        Known::Yes => Reference::Resolved,
        Known::No => Reference::NotFound,
        Known::Unknown => Reference::ObjectUnknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing;

    #[test]
    fn every_backend_that_is_an_object_is_found_by_group_kind_and_name() {
        let objects = BACKENDS.iter().filter(|known| known.is_object && known.kind != "HTTPRoute");
        for Kind { group, kind, .. } in objects {
            let judge = |api_version: &str| {
                let text = format!(
                    "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: r}}\nspec:\n  \
                     rules: [{{backendRefs: [{{group: {group}, kind: {kind}, name: b}}]}}]\n---\n\
                     apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: b}}\n"
                );
                let model = testing::model(&text);
                let index = Index::new(&model, &testing::complete());
                backend(&index, None, &model.routes[0], &model.routes[0].rules[0].backends[0])
            };
            assert_eq!(judge(&format!("{group}/v1")), Reference::Resolved, "{group} {kind}");
            assert_eq!(judge("other.example.com/v1"), Reference::NotFound, "{group} {kind}");
        }
    }
}
