//! Gateway API releases and channels: which kind is served under which apiVersion.
//!
//! Source of every row: the CRDs in `config/crd/{standard,experimental}` of the Go module
//! `sigs.k8s.io/gateway-api` at v1.4.1, v1.5.1, v1.6.3 and v1.7.0.

use std::fmt;

/// A minor release of Gateway API. Patch releases serve the same kinds and versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// 1.4
    V1_4,
    /// 1.5
    V1_5,
    /// 1.6
    V1_6,
    /// 1.7
    V1_7,
}

impl Release {
    /// Every release we know, oldest first.
    pub const ALL: [Self; 4] = [Self::V1_4, Self::V1_5, Self::V1_6, Self::V1_7];

    /// `1.4`, `1.5` …
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1_4 => "1.4",
            Self::V1_5 => "1.5",
            Self::V1_6 => "1.6",
            Self::V1_7 => "1.7",
        }
    }

    /// Parses `1.6`, `1.6.3` or `v1.6.3`; patch levels are dropped.
    pub fn parse(raw: &str) -> Option<Self> {
        let raw = raw.strip_prefix('v').unwrap_or(raw);
        let mut parts = raw.split('.');
        let (major, minor) = (parts.next()?, parts.next()?);
        let patch_is_a_number = parts.next().is_none_or(|patch| patch.parse::<u16>().is_ok());
        if major != "1" || !patch_is_a_number || parts.next().is_some() {
            return None;
        }
        Self::ALL.into_iter().find(|release| release.name().strip_prefix("1.") == Some(minor))
    }
}

/// A channel of Gateway API's CRDs. Experimental serves everything that standard does, and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// `standard`
    Standard,
    /// `experimental`
    Experimental,
}

impl Channel {
    /// Both channels.
    pub const ALL: [Self; 2] = [Self::Standard, Self::Experimental];

    /// The word users write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Experimental => "experimental",
        }
    }
}

/// What the cluster serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The minor release of the CRDs.
    pub release: Release,
    /// Their channel.
    pub channel: Channel,
}

impl Target {
    /// What is meant where nobody names a release or a channel.
    pub const DEFAULT: Self = Self { release: Release::V1_6, channel: Channel::Standard };
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gateway API {} {}", self.release.name(), self.channel.name())
    }
}

/// From which release on something exists, by channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Availability {
    /// In the standard channel from here on; `None`: in no release we know.
    pub standard: Option<Release>,
    /// In the experimental channel from here on.
    pub experimental: Option<Release>,
}

impl Availability {
    /// In every release and channel we know.
    pub const ALWAYS: Self = Self { standard: Some(Release::V1_4), experimental: Some(Release::V1_4) };

    /// Whether a cluster with these CRDs has it.
    pub fn holds(self, target: Target) -> bool {
        let from = match target.channel {
            Channel::Standard => self.standard,
            Channel::Experimental => self.experimental,
        };
        from.is_some_and(|from| from <= target.release)
    }
}

impl fmt::Display for Availability {
    /// `standard from 1.7 on, experimental from 1.4 on`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.standard {
            Some(release) => write!(f, "standard from {} on, ", release.name())?,
            None => f.write_str("not in standard, ")?,
        }
        match self.experimental {
            Some(release) => write!(f, "experimental from {} on", release.name()),
            None => f.write_str("not in experimental"),
        }
    }
}

/// Every kind that is emitted or referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the Kubernetes kind of that name")]
pub enum Kind {
    Gateway,
    HttpRoute,
    GrpcRoute,
    TlsRoute,
    TcpRoute,
    UdpRoute,
    ReferenceGrant,
    BackendTlsPolicy,
    ListenerSet,
    XBackend,
    Service,
    EndpointSlice,
    ConfigMap,
    Deployment,
    PodDisruptionBudget,
    NetworkPolicy,
    EnvoyGatewayBackend,
    EnvoyGatewayHttpRouteFilter,
    IstioServiceEntry,
    IstioDestinationRule,
    KgatewayBackend,
    Certificate,
    DnsEndpoint,
    PrometheusRule,
}

impl Kind {
    /// The kinds of routes, in the order of [`ROUTE_KINDS`].
    pub const ROUTES: [Self; 5] =
        [Self::HttpRoute, Self::GrpcRoute, Self::TlsRoute, Self::TcpRoute, Self::UdpRoute];
}

/// The names under which an API server serves a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// `group/version`, or `v1` for the core group.
    pub api_version: &'static str,
    /// The kind's name, `XListenerSet` for a ListenerSet of 1.4.
    pub kind: &'static str,
}

impl Served {
    /// The group alone; empty for the core group.
    pub fn group(self) -> &'static str {
        group(self.api_version)
    }
}

/// The group of Gateway API's kinds.
pub const GATEWAY_GROUP: &str = "gateway.networking.k8s.io";

/// The group of its experimental kinds that have a name of their own.
pub const EXPERIMENTAL_GROUP: &str = "gateway.networking.x-k8s.io";

/// Its kinds of routes; the first is the one that values mean where they name none.
pub const ROUTE_KINDS: [&str; 5] = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"];

/// The label that the API server itself puts on every namespace.
pub const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// The group of an apiVersion; empty for the core group.
pub fn group(api_version: &str) -> &str {
    let slash = api_version.bytes().position(|byte| byte == b'/');
    slash.and_then(|slash| api_version.get(..slash)).unwrap_or_default()
}

/// Rows of one kind stand together, newest first; the first that the target holds is emitted.
struct Row {
    kind: Kind,
    served: Served,
    standard: Option<Release>,
    experimental: Option<Release>,
}

const fn row(
    kind: Kind,
    api_version: &'static str,
    name: &'static str,
    standard: Option<Release>,
    experimental: Option<Release>,
) -> Row {
    Row { kind, served: Served { api_version, kind: name }, standard, experimental }
}

const R4: Option<Release> = Some(Release::V1_4);
const R5: Option<Release> = Some(Release::V1_5);
const R6: Option<Release> = Some(Release::V1_6);

const V1: &str = "gateway.networking.k8s.io/v1";
const V1BETA1: &str = "gateway.networking.k8s.io/v1beta1";
const V1ALPHA2: &str = "gateway.networking.k8s.io/v1alpha2";
const V1ALPHA3: &str = "gateway.networking.k8s.io/v1alpha3";
const X: &str = "gateway.networking.x-k8s.io/v1alpha1";

static ROWS: &[Row] = &[
    row(Kind::Gateway, V1, "Gateway", R4, R4),
    row(Kind::HttpRoute, V1, "HTTPRoute", R4, R4),
    row(Kind::GrpcRoute, V1, "GRPCRoute", R4, R4),
    row(Kind::TlsRoute, V1, "TLSRoute", R5, R5),
    row(Kind::TlsRoute, V1ALPHA3, "TLSRoute", None, R4),
    row(Kind::TcpRoute, V1, "TCPRoute", R6, R6),
    row(Kind::TcpRoute, V1ALPHA2, "TCPRoute", None, R4),
    row(Kind::UdpRoute, V1, "UDPRoute", R6, R6),
    row(Kind::UdpRoute, V1ALPHA2, "UDPRoute", None, R4),
    // v1 exists from 1.5 on, v1beta1 is served and stored by every release: one grant for all of them.
    row(Kind::ReferenceGrant, V1BETA1, "ReferenceGrant", R4, R4),
    row(Kind::BackendTlsPolicy, V1, "BackendTLSPolicy", R4, R4),
    row(Kind::ListenerSet, V1, "ListenerSet", R5, R5),
    row(Kind::ListenerSet, X, "XListenerSet", None, R4),
    row(Kind::XBackend, X, "XBackend", None, R6),
    row(Kind::Service, "v1", "Service", R4, R4),
    row(Kind::EndpointSlice, "discovery.k8s.io/v1", "EndpointSlice", R4, R4),
    row(Kind::ConfigMap, "v1", "ConfigMap", R4, R4),
    row(Kind::Deployment, "apps/v1", "Deployment", R4, R4),
    row(Kind::PodDisruptionBudget, "policy/v1", "PodDisruptionBudget", R4, R4),
    row(Kind::NetworkPolicy, "networking.k8s.io/v1", "NetworkPolicy", R4, R4),
    row(Kind::EnvoyGatewayBackend, "gateway.envoyproxy.io/v1alpha1", "Backend", R4, R4),
    row(Kind::EnvoyGatewayHttpRouteFilter, "gateway.envoyproxy.io/v1alpha1", "HTTPRouteFilter", R4, R4),
    row(Kind::IstioServiceEntry, "networking.istio.io/v1", "ServiceEntry", R4, R4),
    row(Kind::IstioDestinationRule, "networking.istio.io/v1", "DestinationRule", R4, R4),
    row(Kind::KgatewayBackend, "gateway.kgateway.dev/v1alpha1", "Backend", R4, R4),
    row(Kind::Certificate, "cert-manager.io/v1", "Certificate", R4, R4),
    row(Kind::DnsEndpoint, "externaldns.k8s.io/v1alpha1", "DNSEndpoint", R4, R4),
    row(Kind::PrometheusRule, "monitoring.coreos.com/v1", "PrometheusRule", R4, R4),
];

impl Kind {
    /// Under which names the target serves it; `None` where its CRDs do not have the kind.
    pub fn served(self, target: Target) -> Option<Served> {
        ROWS.iter()
            .filter(|row| row.kind == self)
            .find(|row| row.availability().holds(target))
            .map(|row| row.served)
    }

    /// The newest names of the kind, for messages about kinds that a target lacks.
    pub fn newest(self) -> Served {
        ROWS.iter().find(|row| row.kind == self).expect("every kind has a row: tested").served
    }

    /// Where the kind exists under any apiVersion.
    pub fn availability(self) -> Availability {
        let rows = || ROWS.iter().filter(|row| row.kind == self);
        Availability {
            standard: rows().filter_map(|row| row.standard).min(),
            experimental: rows().filter_map(|row| row.experimental).min(),
        }
    }
}

impl Row {
    const fn availability(&self) -> Availability {
        Availability { standard: self.standard, experimental: self.experimental }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(kind: Kind, release: Release, channel: Channel) -> Option<&'static str> {
        kind.served(Target { release, channel }).map(|served| served.api_version)
    }

    #[test]
    fn every_kind_has_a_row() {
        assert_eq!(Kind::PrometheusRule as usize + 1, 24, "a new kind needs a row and a place in this test");
        for row in ROWS {
            assert!(row.kind.newest().api_version.ends_with(|c: char| c.is_ascii_digit()));
        }
        let kinds: std::collections::BTreeSet<_> = ROWS.iter().map(|row| row.kind).collect();
        assert_eq!(kinds.len(), 24);
        assert_eq!(Kind::ROUTES.map(|kind| kind.newest().kind), ROUTE_KINDS);
    }

    #[test]
    fn serves_what_the_crds_of_each_release_hold() {
        use Channel::{Experimental, Standard};
        use Release::{V1_4, V1_5, V1_6};
        assert_eq!(served(Kind::TlsRoute, V1_4, Standard), None);
        assert_eq!(served(Kind::TlsRoute, V1_4, Experimental), Some(V1ALPHA3));
        assert_eq!(served(Kind::TlsRoute, V1_5, Standard), Some(V1));
        assert_eq!(served(Kind::TcpRoute, V1_5, Standard), None);
        assert_eq!(served(Kind::TcpRoute, V1_5, Experimental), Some(V1ALPHA2));
        assert_eq!(served(Kind::TcpRoute, V1_6, Standard), Some(V1));
        assert_eq!(served(Kind::ListenerSet, V1_4, Experimental), Some(X));
        assert_eq!(served(Kind::XBackend, V1_6, Standard), None);
        let target = Target { release: V1_4, channel: Experimental };
        assert_eq!(Kind::ListenerSet.served(target).map(|served| served.kind), Some("XListenerSet"));
    }

    #[test]
    fn parses_patch_levels() {
        assert_eq!(Release::parse("1.6.3"), Some(Release::V1_6));
        assert_eq!(Release::parse("v1.4"), Some(Release::V1_4));
        for raw in ["1", "1.3", "1.60", "2.6", "1.6.x", "1.6.1.1", ""] {
            assert_eq!(Release::parse(raw), None, "{raw}");
        }
    }
}
