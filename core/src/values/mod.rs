//! What the user wrote: parsed, checked, typed, and still in the user's own terms.
//!
//! [`parse`] walks the tree against the tables of this room and brings it to its normal form;
//! [`Values::read`] then borrows typed sections from it. Faults never stop either: what is wrong is
//! reported and read as if it were absent, so that one run finds everything.

mod dns_certificates;
mod endpoint;
mod filter;
mod gateway;
mod host_network;
mod inline;
pub mod layers;
mod monitoring;
mod names;
mod organization;
mod quantity;
mod read;
mod reference;
mod relay;
mod route;
mod schema;
mod sections;
mod service;
pub(crate) mod shape;
mod slips;
mod tenant_cluster;
mod text;
mod trail;
mod walk;
mod words;

use std::borrow::Cow;

pub use dns_certificates::{Certificates, Dns, Solver};
pub use endpoint::{Endpoint, Host};
pub(crate) use gateway::GATEWAY;
pub use host_network::HostNetwork;
pub use monitoring::Monitoring;
pub use names::{is_dns_label, is_label_value, is_object_name, is_qualified_name};
pub(crate) use names::{namespace_fault, object_name_fault};
pub(crate) use organization::{GATEWAYS_MAX, all_dedicated};
pub use organization::{
    Limits, Migration, Organization, OrganizationService, Organizations, Phase, Quota, Sharding, Strategy,
};
pub use read::HOSTNAME_TEMPLATE;
pub(crate) use read::NO_EFFECT;
pub use reference::reference;
pub(crate) use route::ROUTE;
pub use schema::schema;
pub use tenant_cluster::PASSTHROUGH_LISTENER;
pub(crate) use text::is_header_name;
pub use text::milliseconds;
pub use walk::{
    BAD_VALUE, DUPLICATE_NAME, MISSING_KEY, NOT_IN_RELEASE, NULL_ITEM, TOO_MANY_ITEMS, UNKNOWN_KEY,
    VALUE_MAPPED, WRONG_TYPE,
};
pub use words::{COMPARED, nearest, quoted};

use crate::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::profile::{self, Profile};
use crate::release::{Channel, Kind, Release, Target};
use crate::tree::{Map, Node, Value};

/// `global.namespace` is set.
pub const GLOBAL_NAMESPACE: Code = Code("global-namespace");

/// Everything a values file says, with defaults in place.
#[derive(Debug)]
pub struct Values<'v> {
    /// Release and channel of the cluster's CRDs.
    pub target: Target,
    /// `profile`; `None` for `auto`.
    pub profile: Option<&'static Profile>,
    /// `externalHostnames`.
    pub external_hostnames: ExternalHostnames,
    /// `names.route`.
    pub route_name: &'v str,
    /// `names.hostname`.
    pub route_hostname: &'v str,
    /// `nameOverride`.
    pub name_override: Option<&'v str>,
    /// `fullnameOverride`.
    pub fullname_override: Option<&'v str>,
    /// `labels` and `annotations` of every object.
    pub metadata: Metadata<'v>,
    /// `enabled`.
    pub enabled: Enabled,
    /// `externalServices`, then one for each endpoint in place of a backend's name and each of `tenantClusters`.
    pub services: Vec<Service<'v>>,
    /// `gateway`, then `gateways`.
    pub gateways: Vec<Gateway<'v>>,
    /// `routes`; `None` when absent or empty, so that routes are derived.
    pub routes: Option<Vec<Route<'v>>>,
    /// The routes of `tenantClusters`.
    pub tenant_routes: Vec<Route<'v>>,
    /// `referenceGrants`.
    pub reference_grants: ReferenceGrants,
    /// `dns`, if enabled.
    pub dns: Option<Dns<'v>>,
    /// `certificates`, if enabled.
    pub certificates: Option<Certificates<'v>>,
    /// `hostNetwork`, with its defaults.
    pub host_network: HostNetwork<'v>,
    /// `monitoring`, if enabled.
    pub monitoring: Option<Monitoring<'v>>,
    /// `relay`.
    pub relay: Relay<'v>,
    /// `organizations`, and how they share Gateways.
    pub organizations: Organizations<'v>,
}

/// What labels of pods, Services and the relay call the chart where nobody says.
pub(crate) const DEFAULT_CHART: &str = "gatewright";

impl Values<'_> {
    /// The application's name in labels and derived names: `nameOverride`, else the chart's.
    pub(crate) fn app_name<'a>(&'a self, scope: &'a Scope) -> &'a str {
        let chart = if scope.chart.is_empty() { DEFAULT_CHART } else { &scope.chart };
        self.name_override.unwrap_or(chart)
    }

    /// The entries of `externalServices`.
    pub(crate) fn written_services(&self) -> &[Service<'_>] {
        self.services.get(..self.first_inline()).unwrap_or_default()
    }

    /// Where the services made of endpoints in place begin among [`Values::services`].
    pub(crate) fn first_inline(&self) -> usize {
        self.services.partition_point(|service| service.origin == ServiceOrigin::Written)
    }
}

/// How an upstream named by DNS is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExternalHostnames {
    /// The profile's way.
    Auto,
    /// The controller's own object.
    Backend,
    /// A Service of type ExternalName.
    ExternalName,
    /// The relay.
    Relay,
    /// Gateway API's XBackend.
    XBackend,
}

/// Which ReferenceGrants are rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceGrants {
    /// Where this release also creates what is referred to.
    Auto,
    /// For every reference across namespaces.
    All,
    /// None.
    Nothing,
}

/// Which parts are rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enabled {
    /// Backends.
    pub services: bool,
    /// Gateways.
    pub gateway: bool,
    /// Routes.
    pub routes: bool,
}

/// Labels, annotations and description of one entry.
#[derive(Clone, Copy, Debug, Default)]
pub struct Metadata<'v> {
    /// `labels`.
    pub labels: Option<&'v Map<'v>>,
    /// `annotations`.
    pub annotations: Option<&'v Map<'v>>,
    /// `description`, which becomes an annotation of that name.
    pub description: Option<&'v str>,
}

/// What a service's endpoints speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the words of the values")]
pub enum Protocol {
    Http,
    Https,
    H2c,
    Grpc,
    Grpcs,
    Tls,
    Tcp,
    Udp,
}

impl Protocol {
    fn parse(word: &str) -> Option<Self> {
        [Self::Http, Self::Https, Self::H2c, Self::Grpc, Self::Grpcs, Self::Tls, Self::Tcp, Self::Udp]
            .into_iter()
            .find(|protocol| protocol.word() == word)
    }

    /// The word of the values.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::Https => "HTTPS",
            Self::H2c => "H2C",
            Self::Grpc => "GRPC",
            Self::Grpcs => "GRPCS",
            Self::Tls => "TLS",
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
        }
    }
}

/// A service outside the cluster.
#[derive(Debug)]
pub struct Service<'v> {
    /// Its name.
    pub name: Cow<'v, str>,
    /// The port routes refer to; 0 where it is missing or refused, which is an error already.
    pub port: u16,
    /// What its endpoints speak.
    pub protocol: Protocol,
    /// Where it is: at least one place, all of them in use.
    pub endpoints: Vec<Endpoint<'v>>,
    /// `expansion`.
    pub expansion: Expansion,
    /// `hostHeader`.
    pub host_header: HostHeader<'v>,
    /// `tls`.
    pub tls: Option<UpstreamTls<'v>>,
    /// What it was made from.
    pub origin: ServiceOrigin,
    /// Namespace of its objects, if it names one.
    pub namespace: Option<&'v str>,
    /// Labels, annotations, description.
    pub metadata: Metadata<'v>,
    /// Where it stands in the values.
    pub path: Path,
}

/// What a service was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceOrigin {
    /// An entry of `externalServices`.
    Written,
    /// An endpoint in place of a backend's name.
    InPlace,
    /// An entry of `tenantClusters`.
    TenantCluster,
}

/// `expansion`: how several endpoints become objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expansion {
    /// Grouped for IPs that share port, weight and TLS name, and beyond 16; else one each.
    Auto,
    /// One object an endpoint.
    PerEndpoint,
    /// One object with several endpoints.
    Grouped,
}

/// `hostHeader`: which host name the upstream sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostHeader<'v> {
    /// The endpoint's for an upstream named by DNS, where the profile can say it.
    Auto,
    /// The client's.
    Preserve,
    /// The endpoint's.
    Endpoint,
    /// This one.
    Named(Hostname<'v>),
}

/// `tls` of a service: how its certificate is checked.
#[derive(Debug)]
pub struct UpstreamTls<'v> {
    /// SNI and certificate name.
    pub hostname: Option<Hostname<'v>>,
    /// CA certificates: items of `caCertificateRefs`.
    pub ca_certificate_refs: Vec<&'v Node<'v>>,
    /// `wellKnownCACertificates`.
    pub well_known: Option<&'v str>,
    /// Items of `subjectAltNames`: a text or a map.
    pub subject_alt_names: Vec<&'v Node<'v>>,
    /// `insecureSkipVerify`.
    pub insecure_skip_verify: bool,
}

/// A Gateway as written; what is missing is for the planner to derive.
#[derive(Debug)]
pub struct Gateway<'v> {
    /// Its name, if it names one.
    pub name: Option<&'v str>,
    /// Its namespace, if it names one.
    pub namespace: Option<&'v str>,
    /// Its own profile, if it names one other than `auto`.
    pub profile: Option<&'static Profile>,
    /// Its class, if it names one.
    pub class: Option<&'v str>,
    /// Its listeners; `None` when absent or empty.
    pub listeners: Option<Vec<Listener<'v>>>,
    /// `allowedListeners`, `addresses`, `infrastructure`, as they are.
    pub node: Option<&'v Node<'v>>,
    /// Labels, annotations, description.
    pub metadata: Metadata<'v>,
    /// Where it stands in the values.
    pub path: Path,
}

/// A listener as written.
#[derive(Debug)]
pub struct Listener<'v> {
    /// Its name.
    pub name: &'v str,
    /// `HTTP`, `HTTPS`, `TLS`, `TCP` or `UDP`.
    pub protocol: &'v str,
    /// Its port.
    pub port: u16,
    /// Hosts it answers for.
    pub hostname: Option<Hostname<'v>>,
    /// `tls`, as it is.
    pub tls: Option<&'v Node<'v>>,
    /// `allowedRoutes`, as it is.
    pub allowed_routes: Option<&'v Node<'v>>,
    /// Where it stands in the values.
    pub path: Path,
}

/// A route as written.
#[derive(Debug)]
pub struct Route<'v> {
    /// Its name.
    pub name: Cow<'v, str>,
    /// Its kind: one of the five route kinds.
    pub kind: Kind,
    /// `gateway`.
    pub gateway: Option<&'v str>,
    /// `sectionName`.
    pub section_name: Option<&'v str>,
    /// Whether it is that of a tenant cluster, for which TLS passes through.
    pub is_tenant: bool,
    /// `parentRefs`, items in Gateway API's form; empty when absent.
    pub parent_refs: Vec<&'v Node<'v>>,
    /// Its namespace, if it names one.
    pub namespace: Option<&'v str>,
    /// Its host names.
    pub hostnames: Vec<Hostname<'v>>,
    /// Its rules.
    pub rules: Vec<Rule<'v>>,
    /// `useDefaultGateways`.
    pub use_default_gateways: Option<&'v str>,
    /// Labels, annotations, description.
    pub metadata: Metadata<'v>,
    /// Where it stands in the values.
    pub path: Path,
}

/// A rule of a route as written.
#[derive(Debug)]
pub struct Rule<'v> {
    /// `name`, `timeouts`, `retry`, `sessionPersistence`, as they are.
    pub node: &'v Node<'v>,
    /// Items of `matches`.
    pub matches: Vec<&'v Node<'v>>,
    /// Items of `filters`.
    pub filters: Vec<&'v Node<'v>>,
    /// Its backends.
    pub backend_refs: Vec<BackendRef<'v>>,
    /// Where it stands in the values.
    pub path: Path,
}

/// A backend of a rule as written.
#[derive(Debug)]
pub struct BackendRef<'v> {
    /// What it names.
    pub backend: BackendName<'v>,
    /// Its port, if it names one.
    pub port: Option<u16>,
    /// Its namespace, if it names one.
    pub namespace: Option<&'v str>,
    /// Its share; 1 when absent.
    pub weight: u32,
    /// Its kind, if it names one.
    pub kind: Option<&'v str>,
    /// Its group, if it names one.
    pub group: Option<&'v str>,
    /// Items of `filters`.
    pub filters: Vec<&'v Node<'v>>,
    /// Where it stands in the values.
    pub path: Path,
}

/// What a backend of a rule names.
#[derive(Debug)]
pub enum BackendName<'v> {
    /// An external service of these values, else a Service of the cluster.
    Name(&'v str),
    /// An endpoint in place: the index of its service among the inline ones of [`Values::services`].
    Inline(usize),
}

/// `relay`.
#[derive(Debug)]
pub struct Relay<'v> {
    /// `image`, if it names one.
    pub image: Option<&'v str>,
    /// Number of pods.
    pub replicas: i64,
    /// Whether a NetworkPolicy is rendered.
    pub network_policy: bool,
    /// The rest, as it is: `resources`, `imagePullSecrets`, `nodeSelector`, `tolerations`, `affinity`.
    pub node: Option<&'v Node<'v>>,
}

/// Checks a tree of values and brings it to its normal form in place.
pub fn parse(root: &mut Node<'_>, out: &mut Vec<Diagnostic>) -> Target {
    if root.is_null() {
        root.value = Value::Map(Map::default());
    }
    let target = target_of(root);
    walk::walk(root, shape::Shape::Object(&sections::VALUES), trail::Trail::ROOT, target, out);
    if let Some(namespace) = root.get("global").and_then(|global| global.get("namespace")) {
        let path = Path::ROOT.key("global").key("namespace");
        let found = namespace.as_text().map_or_else(String::new, |text| format!(" {}", quoted(text)));
        out.push(
            Diagnostic::warning(
                GLOBAL_NAMESPACE,
                path,
                format!("`global.namespace`{found} moves nothing: it is ignored"),
            )
            .hint("set the release's namespace with Helm's `-n`, or `namespace` on the entries"),
        );
    }
    target
}

/// The target must be known before the walk, which judges fields by it; its own faults the walk reports.
fn target_of(root: &Node<'_>) -> Target {
    let section = root.get("gatewayAPI");
    let version =
        section.and_then(|section| section.get("version")).and_then(|version| match &version.value {
            Value::Text(text) => Release::parse(text),
            Value::Float(float) => Release::parse(&float.to_string()),
            _ => None,
        });
    let channel = section.and_then(|section| section.get("channel")).and_then(Node::as_text);
    Target {
        release: version.unwrap_or(Target::DEFAULT.release),
        channel: if channel == Some("experimental") {
            Channel::Experimental
        } else {
            Target::DEFAULT.channel
        },
    }
}

/// The profile that a word names; `None` for `auto` and words the walk has refused.
fn profile_of(node: Option<&Node<'_>>) -> Option<&'static Profile> {
    node.and_then(Node::as_text).and_then(profile::named)
}
