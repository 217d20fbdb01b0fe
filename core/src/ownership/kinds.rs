//! The kinds whose objects use host names, or say who may.

use crate::release::{EXPERIMENTAL_GROUP, GATEWAY_GROUP, ROUTE_KINDS};

/// The group of our own kinds.
pub const GROUP: &str = "gatewright.dev";

/// Group and version, as objects of our own kinds have them.
pub const API_VERSION: &str = "gatewright.dev/v1alpha1";

/// Kinds of our own.
pub const HOSTNAME_GRANT: &str = "HostnameGrant";
/// The atomic part: one name, one owner.
pub const DOMAIN_CLAIM: &str = "DomainClaim";
/// The self-service request of a namespace.
pub const GATEWAY_HOSTNAME_REQUEST: &str = "GatewayHostnameRequest";
/// A namespace's grants, compiled for ValidatingAdmissionPolicy.
pub const EFFECTIVE_HOSTNAMES: &str = "EffectiveHostnames";

/// The kinds of ListenerSets, which are one kind to rules and grants.
pub(super) const LISTENER_SETS: [&str; 2] = ["ListenerSet", "XListenerSet"];

/// Every kind that a decision may ask for all of. Users of grants that are of other kinds are told where they are given.
pub(super) const KINDS: [&str; 12] = [
    HOSTNAME_GRANT,
    DOMAIN_CLAIM,
    "Namespace",
    "Gateway",
    "ListenerSet",
    "XListenerSet",
    "HTTPRoute",
    "GRPCRoute",
    "TLSRoute",
    "TCPRoute",
    "UDPRoute",
    "Ingress",
];

/// What a grant permits that names no kinds.
pub const GRANTED_BY_DEFAULT: [&str; 3] = ["HTTPRoute", "GRPCRoute", "TLSRoute"];

/// A kind that is judged; the group and the version play no part beyond telling it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A route, of [`ROUTE_KINDS`].
    Route(&'static str),
    /// A Gateway.
    Gateway,
    /// `ListenerSet` or `XListenerSet`.
    ListenerSet(&'static str),
    /// An Ingress of `networking.k8s.io`.
    Ingress,
    /// A HostnameGrant.
    Grant,
    /// A DomainClaim.
    Claim,
    /// A GatewayHostnameRequest.
    Request,
    /// Compiled grants, which only a controller writes.
    Effective,
    /// A Certificate of cert-manager.
    Certificate,
    /// A DNSEndpoint of external-dns.
    DnsEndpoint,
}

impl Kind {
    /// The kind that a group and a name say; none where objects of it use no host names that we know of.
    pub fn of(group: &str, kind: &str) -> Option<Self> {
        Some(match (group, kind) {
            (GATEWAY_GROUP, "Gateway") => Self::Gateway,
            (GATEWAY_GROUP, "ListenerSet") => Self::ListenerSet("ListenerSet"),
            (EXPERIMENTAL_GROUP, "XListenerSet") => Self::ListenerSet("XListenerSet"),
            (GATEWAY_GROUP, _) => Self::Route(ROUTE_KINDS.into_iter().find(|known| *known == kind)?),
            ("networking.k8s.io", "Ingress") => Self::Ingress,
            (GROUP, HOSTNAME_GRANT) => Self::Grant,
            (GROUP, DOMAIN_CLAIM) => Self::Claim,
            (GROUP, GATEWAY_HOSTNAME_REQUEST) => Self::Request,
            (GROUP, EFFECTIVE_HOSTNAMES) => Self::Effective,
            ("cert-manager.io", "Certificate") => Self::Certificate,
            ("externaldns.k8s.io", "DNSEndpoint") => Self::DnsEndpoint,
            _ => return None,
        })
    }

    /// As it is written in `kind`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Route(name) | Self::ListenerSet(name) => name,
            Self::Gateway => "Gateway",
            Self::Ingress => "Ingress",
            Self::Grant => HOSTNAME_GRANT,
            Self::Claim => DOMAIN_CLAIM,
            Self::Request => GATEWAY_HOSTNAME_REQUEST,
            Self::Effective => EFFECTIVE_HOSTNAMES,
            Self::Certificate => "Certificate",
            Self::DnsEndpoint => "DNSEndpoint",
        }
    }

    /// Whether a grant must name the kind, or be one for every route. What claims a name, certifies it or points it
    /// somewhere needs a grant of whatever kinds.
    pub const fn needs_kind(self) -> bool {
        matches!(self, Self::Route(_) | Self::Gateway | Self::ListenerSet(_) | Self::Ingress)
    }

    /// Whether its objects live in namespaces.
    pub const fn is_namespaced(self) -> bool {
        !matches!(self, Self::Grant | Self::Claim)
    }

    /// Whether it is a TCPRoute or UDPRoute, which have no host names of their own.
    pub fn is_l4(self) -> bool {
        matches!(self, Self::Route("TCPRoute" | "UDPRoute"))
    }
}

/// A kind as grants name it: an XListenerSet is a ListenerSet everywhere.
pub fn granted_as(kind: &str) -> &str {
    if kind == "XListenerSet" { "ListenerSet" } else { kind }
}
