//! Which kinds a decision may look at, for hosts that have to fetch them.

use super::request::{Question, Request};
use crate::ownership::{API_VERSION, Claims, DOMAIN_CLAIM, HOSTNAME_GRANT, Kind, Settings};

/// A kind to be listed whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needed {
    /// The versions that it may be served in, the newest first; each has all of its objects.
    pub api_versions: &'static [&'static str],
    /// The kind.
    pub kind: &'static str,
}

const fn needed_kind(api_versions: &'static [&'static str], kind: &'static str) -> Needed {
    Needed { api_versions, kind }
}

const GRANTS: Needed = needed_kind(&[API_VERSION], HOSTNAME_GRANT);
const CLAIMS: Needed = needed_kind(&[API_VERSION], DOMAIN_CLAIM);
const NAMESPACES: Needed = needed_kind(&["v1"], "Namespace");

/// Versions of Gateway API's kinds.
///
/// Source: its CRDs, v1.2 to v1.6.3: the standard channel of 1.6 serves TCPRoutes and UDPRoutes as v1 alone, and before it they were
/// v1alpha2 in the experimental channel, as TLSRoutes were before 1.5.
const V1: &[&str] = &["gateway.networking.k8s.io/v1"];
const V1_OR_ALPHA: &[&str] = &["gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1alpha2"];

/// What routes attach to.
const PARENTS: [Needed; 3] = [
    needed_kind(V1, "Gateway"),
    needed_kind(V1, "ListenerSet"),
    needed_kind(&["gateway.networking.x-k8s.io/v1alpha1"], "XListenerSet"),
];

/// What serves the hosts of listeners: TCPRoutes and UDPRoutes that of one that has a host.
const ROUTES: [Needed; 5] = [
    needed_kind(V1, "HTTPRoute"),
    needed_kind(V1, "GRPCRoute"),
    needed_kind(V1_OR_ALPHA, "TLSRoute"),
    needed_kind(V1_OR_ALPHA, "TCPRoute"),
    needed_kind(V1_OR_ALPHA, "UDPRoute"),
];

const INGRESSES: Needed = needed_kind(&["networking.k8s.io/v1"], "Ingress");

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
        Kind::Gateway => &[&ROUTES],
        // What annotations of routes say is served on each of their parents.
        Kind::ListenerSet(_) => &[&PARENTS, &ROUTES],
        Kind::Grant | Kind::Claim => &[&PARENTS, &ROUTES, &[INGRESSES]],
        Kind::Ingress | Kind::Request | Kind::Effective | Kind::Certificate | Kind::DnsEndpoint => &[],
    };
    for kinds in beside {
        needed.extend_from_slice(kinds);
    }
    needed
}
