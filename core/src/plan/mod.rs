//! What will exist, in our own nouns: the stage between what the user wrote and Kubernetes objects.
//!
//! [`build`] decides everything: which Gateway and listener serves a route, which object stands for
//! an upstream with which controller, exact weights, parts of routes that pass a limit, policies,
//! grants, certificates, DNS names. Emission afterwards only writes down.

mod api_checks;
mod backends;
mod certificates;
mod dns;
mod form;
mod fullname;
mod gateway_checks;
mod gateways;
mod grants;
mod host_header;
mod listener_conflicts;
mod listeners;
mod monitoring;
mod names;
mod organizations;
mod parents;
mod placed;
mod precedence;
mod reach;
mod refusal;
mod relay;
mod routes;
mod rule_checks;
mod rules;
mod scope;
mod service_index;
mod siblings;
mod split;
mod tls;
mod weights;

use std::borrow::Cow;

pub(crate) use api_checks::is_origin;
pub(crate) use form::X_BACKEND_SOURCE;
pub use form::{FormReason, Misfit};
pub(crate) use listeners::{HTTPS_PORT, from_namespaces, namespaces_named};
pub use monitoring::{Alert, Bound, Certificates, Monitoring, Panel, RECORDED};
pub(crate) use parents::{gateway_of, parent_of};
pub use relay::{RELAY_ENDPOINT_BYTES, RELAY_PORTS, RELAY_UPSTREAM_BYTES, Relay, Upstream};
pub(crate) use rules::{object_ref, service_entry_host};

use crate::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::limits::LISTENERS_MAX;
use crate::path::Path;
use crate::placement::Load;
use crate::profile::{Form, Profile};
use crate::release::{Kind, Target};
use crate::tree::Node;
use crate::values::{Endpoint, Metadata, Service, Values};
use placed::Away;
use scope::{NAMESPACE_UNKNOWN, check_comparable, namespace_of};

pub(crate) use organizations::{
    BatchContext, Decided, HOSTNAME_OF_ANOTHER, HOSTNAME_TWICE, Issued, Joining, NAMESPACE_TWICE, Place,
    Placement, Surveyed, Unit, gateway_names, is_placed_whole, place, strategy, survey,
};
pub use placed::{Migrant, Migration, Placed, PlacedBy};
pub use scope::{NameRefusal, namespace_refusal, release_refusal};

/// There is nothing to render.
pub const NOTHING_TO_RENDER: Code = Code("nothing-to-render");

/// Everything that will exist.
#[derive(Debug)]
pub struct Plan<'v> {
    /// Release and channel that kinds are emitted for.
    pub target: Target,
    /// Gateways, rendered or referred to.
    pub gateways: Vec<Gateway<'v>>,
    /// Listeners beside those of the Gateways.
    pub listener_sets: Vec<ListenerSet<'v>>,
    /// Which organization went to which Gateway.
    pub placements: Vec<Placed<'v>>,
    /// The way from another strategy, if organizations are on it.
    pub migration: Option<Migration<'v>>,
    /// Routes, each within every limit.
    pub routes: Vec<Route<'v>>,
    /// Objects that stand for upstreams.
    pub backends: Vec<Backend<'v>>,
    /// How gateways check upstreams' certificates.
    pub tls_policies: Vec<TlsPolicy<'v>>,
    /// Envoy Gateway's filters that give each backend its own Host header.
    pub host_filters: Vec<HostFilter<'v>>,
    /// References across namespaces that are allowed.
    pub grants: Vec<Grant<'v>>,
    /// Certificates to be issued.
    pub certificates: Vec<Certificate<'v>>,
    /// DNS records.
    pub dns: Vec<DnsRecords<'v>>,
    /// Relays, one a namespace.
    pub relays: Vec<Relay<'v>>,
    /// What is watched.
    pub monitoring: Option<Monitoring<'v>>,
}

/// A Gateway.
#[derive(Debug)]
pub struct Gateway<'v> {
    /// Its name.
    pub name: Cow<'v, str>,
    /// Its namespace; empty where the release's is unknown.
    pub namespace: &'v str,
    /// What its controller can do.
    pub profile: &'static Profile,
    /// Who said so.
    pub profile_reason: ProfileReason,
    /// Its GatewayClass.
    pub class: &'v str,
    /// Its listeners, in the order of the values.
    pub listeners: Vec<Listener<'v>>,
    /// `addresses` and `infrastructure` as written.
    pub given: Option<&'v Node<'v>>,
    /// `allowedListeners` in Gateway API's form.
    pub allowed_listeners: Option<Cow<'v, Node<'v>>>,
    /// Whether this release renders it; else it exists already.
    pub rendered: bool,
    /// What it takes at most where placement shares it out to organizations: listeners, its own among them, and
    /// what else organizations bring. `None`: nobody is placed on it, and Gateway API's own bound holds.
    pub bound: Option<Load>,
    /// Its own labels, annotations, description.
    pub metadata: Metadata<'v>,
    /// The value it came from.
    pub path: Path,
}

impl Gateway<'_> {
    /// Whether it has more listeners than the API server takes, which is an error: which of them a route
    /// attaches to is then not looked at, for routes times listeners may be any number.
    pub(crate) fn is_overfull(&self) -> bool {
        self.listeners.len() > LISTENERS_MAX
    }
}

/// Why a Gateway has its profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileReason {
    /// Its own `profile`.
    Own,
    /// The value `profile`.
    Value,
    /// Its class name is the controller's usual one.
    Class,
    /// Nothing said another.
    Fallback,
}

/// A listener.
#[derive(Clone, Debug)]
pub struct Listener<'v> {
    /// Its name.
    pub name: Cow<'v, str>,
    /// `HTTP`, `HTTPS`, `TLS`, `TCP` or `UDP`.
    pub protocol: &'v str,
    /// Its port.
    pub port: u16,
    /// Hosts it answers for; `None`: every host.
    pub hostname: Option<Hostname<'v>>,
    /// `tls` in Gateway API's form.
    pub tls: Option<Cow<'v, Node<'v>>>,
    /// `allowedRoutes` in Gateway API's form.
    pub allowed_routes: Option<Cow<'v, Node<'v>>>,
    /// Whether it was derived from the services.
    pub derived: bool,
    /// The organization that it is for, if it is for one.
    pub organization: Option<&'v str>,
    /// The value it came from.
    pub path: Path,
}

/// Listeners beside a Gateway's own.
#[derive(Debug)]
pub struct ListenerSet<'v> {
    /// Its name.
    pub name: Cow<'v, str>,
    /// Its namespace; empty where the release's is unknown.
    pub namespace: &'v str,
    /// The Gateway they belong to.
    pub gateway: Cow<'v, str>,
    /// That Gateway's namespace.
    pub gateway_namespace: &'v str,
    /// One to 64 listeners.
    pub listeners: Vec<Listener<'v>>,
    /// Its own labels, annotations, description.
    pub metadata: Metadata<'v>,
    /// The value it came from.
    pub path: Path,
}

/// A route, or a part of one.
#[derive(Clone, Debug)]
pub struct Route<'v> {
    /// Its name.
    pub name: Cow<'v, str>,
    /// Its namespace; empty where the release's is unknown.
    pub namespace: &'v str,
    /// One of the five route kinds.
    pub kind: Kind,
    /// `parentRefs` in Gateway API's form.
    pub parents: Vec<Cow<'v, Node<'v>>>,
    /// Its host names.
    pub hostnames: Vec<Hostname<'v>>,
    /// Its rules.
    pub rules: Vec<Rule<'v>>,
    /// `useDefaultGateways`.
    pub use_default_gateways: Option<&'v str>,
    /// Its own labels, annotations, description; of its service, if it is derived.
    pub metadata: Metadata<'v>,
    /// The value it came from.
    pub path: Path,
}

/// A rule of a route.
#[derive(Clone, Debug)]
pub struct Rule<'v> {
    /// Its name.
    pub name: Option<Cow<'v, str>>,
    /// `matches` in Gateway API's form.
    pub matches: Vec<Cow<'v, Node<'v>>>,
    /// `filters` in Gateway API's form.
    pub filters: Vec<Cow<'v, Node<'v>>>,
    /// Who answers.
    pub backends: Vec<BackendUse<'v>>,
    /// `timeouts`, `retry` and `sessionPersistence` as written.
    pub given: Option<&'v Node<'v>>,
    /// The value it came from.
    pub path: Path,
}

/// A backend of a rule.
#[derive(Clone, Debug)]
pub struct BackendUse<'v> {
    /// What it refers to.
    pub target: ObjectRef<'v>,
    /// Its namespace, where it is another than the route's.
    pub namespace: Option<&'v str>,
    /// Its port, where the kind has one.
    pub port: Option<u16>,
    /// Its share; `None` for a lone backend with weight 1.
    pub weight: Option<u32>,
    /// Its own filters.
    pub filters: Vec<Cow<'v, Node<'v>>>,
}

/// Group, kind and name of something referred to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectRef<'v> {
    /// Its API group; empty for the core group.
    pub group: &'v str,
    /// Its kind.
    pub kind: &'v str,
    /// Its name.
    pub name: Cow<'v, str>,
}

/// An object that stands for one upstream, or several that share everything but the address.
#[derive(Debug)]
pub struct Backend<'v> {
    /// Its name.
    pub name: Cow<'v, str>,
    /// Its namespace; empty where the release's is unknown.
    pub namespace: &'v str,
    /// What object it is.
    pub form: Form,
    /// The profile of the first Gateway that needs it.
    pub profile: &'static Profile,
    /// Why that profile takes this form.
    pub reason: FormReason,
    /// The service it belongs to.
    pub service: &'v Service<'v>,
    /// The places it stands for: at least one.
    pub endpoints: Vec<&'v Endpoint<'v>>,
    /// How the gateway encrypts to it, if it does.
    pub tls: Option<BackendTls<'v>>,
    /// The relay's port, for [`Form::Relay`].
    pub relay_port: u16,
    /// `spec.type` of its Service, for [`Form::Relay`].
    pub service_type: &'static str,
}

impl Backend<'_> {
    /// The port of the first endpoint. An object for one host has it for itself and for references to it:
    /// nothing maps ports on the way to a host name.
    pub(crate) fn first_port(&self) -> u16 {
        self.endpoints.first().and_then(|endpoint| endpoint.port).unwrap_or(self.service.port)
    }
}

/// How a gateway encrypts to a backend.
#[derive(Clone, Debug)]
pub struct BackendTls<'v> {
    /// SNI and certificate name; `None` only where the certificate is not checked.
    pub hostname: Option<Hostname<'v>>,
    /// Whether the certificate is not checked.
    pub skip_verify: bool,
}

/// A BackendTLSPolicy.
#[derive(Debug)]
pub struct TlsPolicy<'v> {
    /// Its name, which is its target's object name.
    pub name: Cow<'v, str>,
    /// Its namespace, which is its target's.
    pub namespace: &'v str,
    /// What it is for.
    pub target: ObjectRef<'v>,
    /// SNI and certificate name.
    pub hostname: Hostname<'v>,
    /// Whether the controller holds the name against the certificate, as far as is known.
    pub name_checked: bool,
    /// The service whose `tls` it carries.
    pub service: &'v Service<'v>,
}

/// Envoy Gateway's HTTPRouteFilter that sets each request's Host to the chosen endpoint's name.
#[derive(Debug)]
pub struct HostFilter<'v> {
    /// Its name.
    pub name: Cow<'v, str>,
    /// Its namespace, which is the route's.
    pub namespace: &'v str,
    /// The route it is for.
    pub path: Path,
}

/// A ReferenceGrant: what one namespace may refer to in another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant<'v> {
    /// Its name.
    pub name: Cow<'v, str>,
    /// The namespace of what is referred to.
    pub namespace: Cow<'v, str>,
    /// The namespace that refers.
    pub from_namespace: &'v str,
    /// Kinds that refer, all of Gateway API's group.
    pub from_kinds: Vec<Kind>,
    /// What is referred to.
    pub to: ObjectRef<'v>,
    /// The value it came from.
    pub path: Path,
}

/// A cert-manager Certificate.
#[derive(Debug)]
pub struct Certificate<'v> {
    /// Its name, and its Secret's.
    pub name: Cow<'v, str>,
    /// Its namespace, which is the Gateway's.
    pub namespace: &'v str,
    /// Names it is for, in ascending order.
    pub dns_names: Vec<Hostname<'v>>,
    /// `issuerRef` as written.
    pub issuer_ref: &'v Node<'v>,
    /// Whose it is; `None`: the Gateway's own.
    pub organization: Option<&'v str>,
    /// The listener it is for.
    pub path: Path,
}

/// An external-dns DNSEndpoint.
#[derive(Debug)]
pub struct DnsRecords<'v> {
    /// Its name, which is the route's.
    pub name: Cow<'v, str>,
    /// Its namespace, which is the route's.
    pub namespace: &'v str,
    /// Names it has records for.
    pub hostnames: Vec<Hostname<'v>>,
    /// Time to live, in seconds.
    pub ttl: i64,
    /// `A`, `AAAA` or `CNAME`, and what the records point to.
    pub records: Vec<(&'static str, Vec<&'v str>)>,
    /// The Gateway whose addresses those are, by its index; `None` for those of `dns.targets`.
    pub gateway: Option<usize>,
    /// The route it is for.
    pub path: Path,
}

/// Plans everything; what cannot work is an error in `out`, and the plan goes on without it.
pub fn build<'v>(values: &'v Values<'v>, scope: &'v Scope, out: &mut Vec<Diagnostic>) -> Plan<'v> {
    build_some(values, scope, None, out)
}

/// The same; with `batch` the values have only some of a release's organizations.
pub(crate) fn build_some<'v>(
    values: &'v Values<'v>,
    scope: &'v Scope,
    batch: Option<&BatchContext<'_>>,
    out: &mut Vec<Diagnostic>,
) -> Plan<'v> {
    let routes_wanted = values.routes.is_some() || !values.services.is_empty();
    let tenants_wanted = !values.organizations.list.is_empty() || !values.tenant_routes.is_empty();
    if values.gateways.is_empty() && !routes_wanted && !tenants_wanted {
        out.push(
            Diagnostic::error(
                NOTHING_TO_RENDER,
                Path::ROOT,
                "nothing to render: no services, gateways, routes or organizations",
            )
            .hint("give at least one entry of `externalServices`, `gateway`, `routes` or `organizations`"),
        );
    }
    scope::check(scope, out);
    let names = names::Names::compile(values, scope, out);
    let mut gateways = gateways::build(values, scope, &names, out);
    let index = service_index::ServiceIndex::new(values, scope);
    let mut routes = routes::collect(values, scope, &names, &gateways, &index, out);
    listeners::open_to_routes(&mut gateways, &routes);
    organizations::refusals::check_domain(values, out);
    let added = organizations::build(values, &names, &mut gateways, &mut routes, batch, out);
    organizations::beside::check(&gateways, &added.listener_sets, &routes, out);
    listeners::check(&gateways, &values.services, out);
    gateway_checks::check(&gateways, &added.listener_sets, &routes, out);
    let mut backends = backends::build(values, scope, &routes, &gateways, &index, out);
    let relays = relay::build(values, scope, &mut backends, out);
    let context = rules::RuleContext { values, index: &index, backends: &backends };
    let (routes, host_filters) = rules::build(&context, routes, out);
    let tls_policies = tls::policies(&backends.list, values.target);
    let mut routes = split::split(routes, &gateways, values.target, out);
    routes.extend(added.routes);
    let mut certificates = certificates::build(values, &mut gateways, &routes, out);
    certificates.extend(added.certificates);
    let dns = dns::build(values, &gateways, &added.listener_sets, &routes, out);
    let grants = grants::build(values, &gateways, &routes, &backends.list, &certificates, &added.away, out);
    let mut plan = Plan {
        target: values.target,
        gateways,
        listener_sets: added.listener_sets,
        placements: added.placements,
        migration: added.migration,
        routes,
        backends: backends.list,
        tls_policies,
        host_filters,
        grants,
        certificates,
        dns,
        relays,
        monitoring: None,
    };
    plan.keep_enabled(values);
    plan.monitoring = monitoring::build(values, scope, &plan, out);
    plan
}

impl Plan<'_> {
    /// Takes out what `enabled` switches off; what remains refers to it as existing elsewhere.
    fn keep_enabled(&mut self, values: &Values<'_>) {
        if !values.enabled.services {
            self.backends.clear();
            self.tls_policies.clear();
            self.relays.clear();
        }
        if !values.enabled.routes {
            self.routes.clear();
            self.host_filters.clear();
            self.dns.clear();
        }
        if !values.enabled.gateway {
            self.listener_sets.clear();
            self.certificates.clear();
        }
        if !(values.enabled.services || values.enabled.gateway || values.enabled.routes) {
            self.grants.clear();
        }
    }
}

/// Whether a Gateway as written asks for addresses.
fn has_addresses(gateway: Option<&Node<'_>>) -> bool {
    gateway.and_then(|gateway| gateway.get("addresses")).is_some_and(|list| !list.is_empty())
}
