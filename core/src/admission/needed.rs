//! Which kinds a decision may look at, for hosts that have to fetch them.

use super::request::{Question, Request};
use crate::ownership::{API_VERSION, Claims, DOMAIN_CLAIM, HOSTNAME_GRANT, Kind, Settings};

/// A kind to be listed whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needed {
    /// The version that is served longest.
    pub api_version: &'static str,
    /// The kind.
    pub kind: &'static str,
}

const fn needed_kind(api_version: &'static str, kind: &'static str) -> Needed {
    Needed { api_version, kind }
}

const GRANTS: Needed = needed_kind(API_VERSION, HOSTNAME_GRANT);
const CLAIMS: Needed = needed_kind(API_VERSION, DOMAIN_CLAIM);
const NAMESPACES: Needed = needed_kind("v1", "Namespace");

/// What routes attach to.
///
/// Source of the versions: the CRDs of Gateway API v1.6.3.
const PARENTS: [Needed; 3] = [
    needed_kind("gateway.networking.k8s.io/v1", "Gateway"),
    needed_kind("gateway.networking.k8s.io/v1", "ListenerSet"),
    needed_kind("gateway.networking.x-k8s.io/v1alpha1", "XListenerSet"),
];

/// What serves the hosts of listeners: TCPRoutes and UDPRoutes that of one that has a host.
const ROUTES: [Needed; 5] = [
    needed_kind("gateway.networking.k8s.io/v1", "HTTPRoute"),
    needed_kind("gateway.networking.k8s.io/v1", "GRPCRoute"),
    needed_kind("gateway.networking.k8s.io/v1", "TLSRoute"),
    needed_kind("gateway.networking.k8s.io/v1alpha2", "TCPRoute"),
    needed_kind("gateway.networking.k8s.io/v1alpha2", "UDPRoute"),
];

const INGRESSES: Needed = needed_kind("networking.k8s.io/v1", "Ingress");

/// The kinds that the decision on a request (not a whole review) may look at; none where nothing is looked up.
pub fn needed(request: &str, settings: &Settings) -> Vec<Needed> {
    let Ok(request) = Request::read(request) else { return Vec::new() };
    let Ok(Question::Change(kind, _)) = request.change() else { return Vec::new() };
    let mut needed = Vec::new();
    if settings.needs_grants {
        needed.push(GRANTS);
    }
    if settings.trusted_labels.len() > 1 {
        needed.push(NAMESPACES);
    }
    if settings.claims != Claims::Off {
        needed.push(CLAIMS);
    }
    let beside: &[&[Needed]] = match kind {
        Kind::Route(_) => &[&PARENTS],
        Kind::Gateway | Kind::ListenerSet(_) => &[&ROUTES],
        Kind::Grant | Kind::Claim => &[&PARENTS, &ROUTES, &[INGRESSES]],
        Kind::Ingress | Kind::Request | Kind::Effective | Kind::Certificate | Kind::DnsEndpoint => &[],
    };
    for kinds in beside {
        needed.extend_from_slice(kinds);
    }
    needed
}
