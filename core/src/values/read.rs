//! Typed sections, borrowed from a tree that the walk has brought to its normal form.
//!
//! What the walk refused reads as absent here: it has its diagnostic already.

use std::borrow::Cow;

use super::inline::Inline;
use super::text;
use super::walk::{BAD_VALUE, MISSING_KEY, NOT_IN_RELEASE};
use super::words::quoted;
use super::{
    BackendName, BackendRef, Certificates, Dns, Enabled, Endpoint, Expansion, ExternalHostnames, Gateway,
    HostHeader, Listener, Metadata, Organizations, Protocol, ReferenceGrants, Relay, Route, Rule, Service,
    ServiceOrigin, Solver, UpstreamTls, Values, host_network, monitoring, organization, profile_of,
    tenant_cluster,
};
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::hostname::Hostname;
use crate::path::{Path, Step};
use crate::release::{Availability, Kind, Release, Target};
use crate::tree::{Node, Value};

/// A key that has no effect beside another one.
pub(crate) const NO_EFFECT: Code = Code("no-effect");

/// Records live this long where the values do not say, in seconds.
const DNS_TTL: i64 = 300;

/// `names.hostname`, where the values have none: a name that no public DNS knows.
pub const HOSTNAME_TEMPLATE: &str = "{{ service }}.local";

/// `names.organizationHostname`, where the values have none.
const ORGANIZATION_TEMPLATE: &str = "{{ service }}.{{ org }}.{{ baseDomain }}";

/// Pods of the relay where the values do not say: one may go while a node is drained.
const RELAY_REPLICAS: i64 = 2;

/// Which releases know sets of certificates beside `System`.
const OWN_SETS_OF_CAS: Availability =
    Availability { standard: Some(Release::V1_5), experimental: Some(Release::V1_5) };

impl<'v> Values<'v> {
    /// Reads every section; `target` comes from [`super::parse`], `namespace` is the release's, or empty.
    pub fn read(root: &'v Node<'v>, target: Target, namespace: &'v str, out: &mut Vec<Diagnostic>) -> Self {
        let text = |section: &str, key: &str, default: &'static str| {
            root.get(section).and_then(|node| node.get(key)).and_then(Node::as_text).unwrap_or(default)
        };
        let (external, written) = (root.get("externalServices"), root.get("routes"));
        let mut services = Vec::with_capacity(count(external));
        services.extend(
            entries(external, "externalServices").filter_map(|(path, node)| service(node, path, target, out)),
        );
        let mut inline = Inline::new(namespace);
        let mut routes = Vec::with_capacity(count(written));
        routes.extend(
            entries(written, "routes").filter_map(|(path, node)| route(node, path, &mut inline, out)),
        );
        let gateways = gateways(root, out);
        let tenant_routes = tenant_cluster::routes(root, &gateways, &mut inline, out);
        inline.append_to(&mut services);
        organization::check(root, out);
        Self {
            target,
            profile: profile_of(root.get("profile")),
            external_hostnames: match root.get("externalHostnames").and_then(Node::as_text) {
                Some("backend") => ExternalHostnames::Backend,
                Some("externalName") => ExternalHostnames::ExternalName,
                Some("relay") => ExternalHostnames::Relay,
                Some("xbackend") => ExternalHostnames::XBackend,
                _ => ExternalHostnames::Auto,
            },
            route_name: text("names", "route", "{{ service }}-route"),
            route_hostname: text("names", "hostname", HOSTNAME_TEMPLATE),
            name_override: root.get("nameOverride").and_then(Node::as_text).filter(|name| !name.is_empty()),
            fullname_override: root
                .get("fullnameOverride")
                .and_then(Node::as_text)
                .filter(|name| !name.is_empty()),
            metadata: metadata(root),
            enabled: enabled(root.get("enabled")),
            services,
            gateways,
            tenant_routes,
            routes: if routes.is_empty() { None } else { Some(routes) },
            reference_grants: match root.get("referenceGrants").and_then(Node::as_text) {
                Some("all") => ReferenceGrants::All,
                Some("none") => ReferenceGrants::Nothing,
                _ => ReferenceGrants::Auto,
            },
            dns: root.get("dns").filter(|dns| is_true(dns.get("enabled"))).map(|node| Dns {
                ttl: node.get("ttl").and_then(Node::as_integer).unwrap_or(DNS_TTL),
                targets: texts(node.get("targets")),
            }),
            certificates: certificates(root.get("certificates"), out),
            host_network: host_network::host_network(root.get("hostNetwork"), out),
            monitoring: monitoring::monitoring(root.get("monitoring")),
            relay: relay(root.get("relay"), out),
            organizations: Organizations {
                base_domain: hostname(root.get("baseDomain")),
                hostname: text("names", "organizationHostname", ORGANIZATION_TEMPLATE),
                list: organization::organizations(root, out),
                sharding: organization::sharding(root.get("sharding")),
                placements: organization::placements(root.get("placements")),
                migration: organization::migration(root.get("migration")),
            },
        }
    }
}

/// Entries of a section that is a list, or a map keyed by name; nulls are skipped.
pub(super) fn entries<'v>(
    node: Option<&'v Node<'v>>,
    section: &str,
) -> impl Iterator<Item = (Path, &'v Node<'v>)> {
    let base = Path::ROOT.key(section);
    steps(node).map(move |(step, node)| (base.step(step), node))
}

/// How many entries there are at most.
fn count(node: Option<&Node<'_>>) -> usize {
    match node.map(|node| &node.value) {
        Some(Value::List(items)) => items.len(),
        Some(Value::Map(map)) => map.len(),
        _ => 0,
    }
}

pub(super) fn steps<'v>(node: Option<&'v Node<'v>>) -> Box<dyn Iterator<Item = (Step, &'v Node<'v>)> + 'v> {
    match node.map(|node| &node.value) {
        Some(Value::List(_)) => {
            let items = node.into_iter().flat_map(Node::items);
            Box::new(items.map(|(index, item)| (Step::Index(u32::try_from(index).unwrap_or(u32::MAX)), item)))
        }
        Some(Value::Map(map)) => Box::new(
            map.iter()
                .filter(|entry| !entry.value.is_null())
                .map(|entry| (Step::Key(entry.key.as_ref().into()), &entry.value)),
        ),
        _ => Box::new(std::iter::empty()),
    }
}

fn is_true(node: Option<&Node<'_>>) -> bool {
    node.and_then(Node::as_bool) == Some(true)
}

fn texts<'v>(node: Option<&'v Node<'v>>) -> Vec<&'v str> {
    node.into_iter().flat_map(Node::items).filter_map(|(_, item)| item.as_text()).collect()
}

fn nodes<'v>(node: Option<&'v Node<'v>>) -> Vec<&'v Node<'v>> {
    node.into_iter().flat_map(Node::items).map(|(_, item)| item).collect()
}

pub(super) fn port(node: Option<&Node<'_>>) -> Option<u16> {
    node.and_then(Node::as_integer).and_then(|port| u16::try_from(port).ok())
}

pub(super) fn hostname<'v>(node: Option<&'v Node<'v>>) -> Option<Hostname<'v>> {
    node.and_then(Node::as_text).and_then(|text| Hostname::parse(text).ok()).map(|(hostname, _)| hostname)
}

pub(super) fn metadata<'v>(node: &'v Node<'v>) -> Metadata<'v> {
    Metadata {
        labels: node.get("labels").and_then(Node::as_map),
        annotations: node.get("annotations").and_then(Node::as_map),
        description: node.get("description").and_then(Node::as_text).filter(|text| !text.is_empty()),
    }
}

fn enabled(node: Option<&Node<'_>>) -> Enabled {
    let part = |key: &str| match node.map(|node| &node.value) {
        Some(Value::Bool(all)) => *all,
        Some(Value::Map(_)) => node.and_then(|node| node.get(key)).and_then(Node::as_bool).unwrap_or(true),
        _ => true,
    };
    Enabled { services: part("services"), gateway: part("gateway"), routes: part("routes") }
}

fn service<'v>(
    node: &'v Node<'v>,
    path: Path,
    target: Target,
    out: &mut Vec<Diagnostic>,
) -> Option<Service<'v>> {
    let name = node.get("name")?.as_text()?;
    let protocol =
        node.get("protocol").and_then(Node::as_text).and_then(Protocol::parse).unwrap_or(Protocol::Http);
    let list = node.get("endpoints");
    let at = path.key("endpoints");
    if list.is_some_and(|list| list.as_list().is_some() && list.items().next().is_none()) {
        let message = "no endpoints, but a service has at least one";
        out.push(
            Diagnostic::error(MISSING_KEY, at.clone(), message)
                .hint("give `host`, `host:port` or an IP address"),
        );
    }
    let mut endpoints = Vec::with_capacity(count(list));
    endpoints.extend(
        list.into_iter()
            .flat_map(Node::items)
            .filter_map(|(index, item)| Endpoint::read(item, at.index(index), out)),
    );
    if node.get("loadBalanceAcrossEndpoints").and_then(Node::as_bool) == Some(false) {
        endpoints.truncate(1);
    }
    let tls = node.get("tls").map(|tls| upstream_tls(tls, &path, target, out));
    if tls.is_some() && !matches!(protocol, Protocol::Https | Protocol::Grpcs | Protocol::Tls) {
        let message =
            format!("`tls` on a service that speaks {}: only HTTPS, GRPCS and TLS have it", protocol.word());
        let hint = "set `protocol: HTTPS` (or GRPCS, TLS), or remove `tls`";
        out.push(Diagnostic::error(NO_EFFECT, path.key("tls"), message).hint(hint));
    }
    Some(Service {
        name: Cow::Borrowed(name),
        port: port(node.get("port")).unwrap_or(0),
        protocol,
        endpoints,
        expansion: match node.get("expansion").and_then(Node::as_text) {
            Some("perEndpoint") => Expansion::PerEndpoint,
            Some("grouped") => Expansion::Grouped,
            _ => Expansion::Auto,
        },
        host_header: host_header(node.get("hostHeader"), &path, out),
        tls,
        origin: ServiceOrigin::Written,
        namespace: node.get("namespace").and_then(Node::as_text),
        metadata: metadata(node),
        path,
    })
}

fn host_header<'v>(node: Option<&'v Node<'v>>, path: &Path, out: &mut Vec<Diagnostic>) -> HostHeader<'v> {
    match node.and_then(Node::as_text) {
        None | Some("auto") => HostHeader::Auto,
        Some("preserve") => HostHeader::Preserve,
        Some("endpoint") => HostHeader::Endpoint,
        Some(text) => match Hostname::parse(text) {
            Ok((name, _)) if !name.is_wildcard() => HostHeader::Named(name),
            _ => {
                let message =
                    format!("{} is none of auto, preserve, endpoint, and no host name", quoted(text));
                out.push(Diagnostic::error(BAD_VALUE, path.key("hostHeader"), message));
                HostHeader::Auto
            }
        },
    }
}

fn upstream_tls<'v>(
    node: &'v Node<'v>,
    path: &Path,
    target: Target,
    out: &mut Vec<Diagnostic>,
) -> UpstreamTls<'v> {
    let ca_certificate_refs = nodes(node.get("caCertificateRefs"));
    let well_known = node.get("wellKnownCACertificates").and_then(Node::as_text);
    if !ca_certificate_refs.is_empty() && well_known.is_some() {
        let message =
            "`caCertificateRefs` and `wellKnownCACertificates`, but a BackendTLSPolicy has one of them";
        out.push(
            Diagnostic::error(BAD_VALUE, path.key("tls"), message)
                .source("Gateway API v1.6.1, BackendTLSPolicy CEL rule on spec.validation")
                .hint("keep one of them"),
        );
    }
    if let Some(set) = well_known.filter(|set| text::is_own_set_of_cas(set))
        && !OWN_SETS_OF_CAS.holds(target)
    {
        let message =
            format!("{} is not in {target}: a controller's own set is {OWN_SETS_OF_CAS}", quoted(set));
        out.push(
            Diagnostic::error(NOT_IN_RELEASE, path.key("tls").key("wellKnownCACertificates"), message)
                .level(Level::Api)
                .source("Gateway API v1.4.1, BackendTLSPolicy spec.validation.wellKnownCACertificates enum")
                .hint("write `System`, or set `gatewayAPI.version` to what the cluster has"),
        );
    }
    UpstreamTls {
        hostname: hostname(node.get("hostname")),
        ca_certificate_refs,
        well_known,
        subject_alt_names: nodes(node.get("subjectAltNames")),
        insecure_skip_verify: is_true(node.get("insecureSkipVerify")),
    }
}

fn gateways<'v>(root: &'v Node<'v>, out: &mut Vec<Diagnostic>) -> Vec<Gateway<'v>> {
    let single = root
        .get("gateway")
        .filter(|node| node.as_map().is_some_and(|map| map.iter().any(|entry| !entry.value.is_null())))
        .map(|node| (Path::ROOT.key("gateway"), node));
    single
        .into_iter()
        .chain(entries(root.get("gateways"), "gateways"))
        .map(|(path, node)| gateway(node, path, out))
        .collect()
}

fn gateway<'v>(node: &'v Node<'v>, path: Path, out: &mut Vec<Diagnostic>) -> Gateway<'v> {
    if node.get("className").is_some() && node.get("gatewayClassName").is_some() {
        let message = "`className` and `gatewayClassName`: they say the same thing in two spellings";
        out.push(
            Diagnostic::error(NO_EFFECT, path.key("gatewayClassName"), message).hint("keep one of them"),
        );
    }
    let at = path.key("listeners");
    let listeners: Vec<_> = steps(node.get("listeners"))
        .filter_map(|(step, item)| {
            Some(Listener {
                name: item.get("name")?.as_text()?,
                protocol: item.get("protocol")?.as_text()?,
                port: port(item.get("port"))?,
                hostname: hostname(item.get("hostname")),
                tls: item.get("tls"),
                allowed_routes: item.get("allowedRoutes"),
                path: at.step(step),
            })
        })
        .collect();
    let has_listeners = steps(node.get("listeners")).next().is_some();
    Gateway {
        name: node.get("name").and_then(Node::as_text),
        namespace: node.get("namespace").and_then(Node::as_text),
        profile: profile_of(node.get("profile")),
        class: node.get("className").or_else(|| node.get("gatewayClassName")).and_then(Node::as_text),
        listeners: has_listeners.then_some(listeners),
        node: Some(node),
        metadata: metadata(node),
        path,
    }
}

fn route<'v>(
    node: &'v Node<'v>,
    path: Path,
    inline: &mut Inline<'v>,
    out: &mut Vec<Diagnostic>,
) -> Option<Route<'v>> {
    let kind = match node.get("kind").and_then(Node::as_text) {
        Some("GRPCRoute") => Kind::GrpcRoute,
        Some("TLSRoute") => Kind::TlsRoute,
        Some("TCPRoute") => Kind::TcpRoute,
        Some("UDPRoute") => Kind::UdpRoute,
        _ => Kind::HttpRoute,
    };
    let text = |key: &str| node.get(key).and_then(Node::as_text);
    let parent_refs = nodes(node.get("parentRefs"));
    if !parent_refs.is_empty() && (text("gateway").is_some() || text("sectionName").is_some()) {
        let message = "`parentRefs` beside `gateway` or `sectionName`: they say the same thing in two forms";
        out.push(Diagnostic::error(NO_EFFECT, path.key("parentRefs"), message).hint("keep one form"));
    }
    let at = path.key("rules");
    let rules = node
        .get("rules")
        .into_iter()
        .flat_map(Node::items)
        .map(|(index, item)| rule(item, at.index(index), (kind, text("namespace")), inline, out))
        .collect();
    Some(Route {
        is_tenant: false,
        name: Cow::Borrowed(text("name")?),
        kind,
        gateway: text("gateway"),
        section_name: text("sectionName"),
        parent_refs,
        namespace: text("namespace"),
        hostnames: nodes(node.get("hostnames")).into_iter().filter_map(|item| hostname(Some(item))).collect(),
        rules,
        use_default_gateways: text("useDefaultGateways"),
        metadata: metadata(node),
        path,
    })
}

fn rule<'v>(
    node: &'v Node<'v>,
    path: Path,
    route: (Kind, Option<&'v str>),
    inline: &mut Inline<'v>,
    out: &mut Vec<Diagnostic>,
) -> Rule<'v> {
    let at = path.key("backendRefs");
    let backend_refs = node
        .get("backendRefs")
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|(index, item)| backend_ref(item, at.index(index), route, inline, out))
        .collect();
    Rule {
        node,
        matches: nodes(node.get("matches")),
        filters: nodes(node.get("filters")),
        backend_refs,
        path,
    }
}

fn backend_ref<'v>(
    node: &'v Node<'v>,
    path: Path,
    route: (Kind, Option<&'v str>),
    inline: &mut Inline<'v>,
    out: &mut Vec<Diagnostic>,
) -> Option<BackendRef<'v>> {
    let own_port = port(node.get("port"));
    let name = node.get("name").and_then(Node::as_text);
    let backend = match (name, node.get("address")) {
        (Some(name), None) => BackendName::Name(name),
        (None, Some(address)) => {
            let endpoint = Endpoint::read(address, path.key("address"), out)?;
            check_beside_address(node, &endpoint, own_port, &path, out);
            BackendName::Inline(inline.index_of(endpoint, own_port, route))
        }
        (Some(_), Some(_)) => {
            let message = "`name` and `address`, but a backend is one of them";
            out.push(Diagnostic::error(BAD_VALUE, path, message).hint("keep one of them"));
            return None;
        }
        (None, None) => {
            if node.as_map().is_some() && node.get("name").is_none() {
                let message = "neither `name` nor `address`: a backend is one of them";
                out.push(Diagnostic::error(MISSING_KEY, path, message));
            }
            return None;
        }
    };
    Some(BackendRef {
        backend,
        port: own_port,
        namespace: node.get("namespace").and_then(Node::as_text),
        weight: node
            .get("weight")
            .and_then(Node::as_integer)
            .and_then(|weight| u32::try_from(weight).ok())
            .unwrap_or(1),
        kind: node.get("kind").and_then(Node::as_text),
        group: node.get("group").and_then(Node::as_text),
        filters: nodes(node.get("filters")),
        path,
    })
}

/// An address says where the backend is; what else a name would need has no meaning beside it.
fn check_beside_address(
    node: &Node<'_>,
    endpoint: &Endpoint<'_>,
    port: Option<u16>,
    path: &Path,
    out: &mut Vec<Diagnostic>,
) {
    for key in ["namespace", "kind", "group"].into_iter().filter(|key| node.get(key).is_some()) {
        let message = format!("`{key}` beside `address`, which it says nothing about");
        out.push(Diagnostic::error(NO_EFFECT, path.key(key), message).hint("remove it"));
    }
    if let (Some(inner), Some(outer)) = (endpoint.port, port)
        && inner != outer
    {
        let message = format!("`address` says port {inner}, `port` says {outer}");
        out.push(Diagnostic::error(BAD_VALUE, path.key("port"), message).hint("keep one of them"));
    }
}

fn certificates<'v>(node: Option<&'v Node<'v>>, out: &mut Vec<Diagnostic>) -> Option<Certificates<'v>> {
    let node = node.filter(|node| is_true(node.get("enabled")))?;
    let issuer_ref = node.get("issuerRef").filter(|issuer| issuer.get("name").is_some());
    if issuer_ref.is_none() {
        let path = Path::ROOT.key("certificates").key("issuerRef");
        out.push(Diagnostic::error(
            MISSING_KEY,
            path,
            "`certificates.issuerRef.name` is missing: who issues the certificates",
        ));
    }
    let solver = match node.get("solver").and_then(Node::as_text) {
        Some("dns01") => Some(Solver::Dns01),
        Some("http01") => Some(Solver::Http01),
        Some("none") => Some(Solver::NotAcme),
        _ => None,
    };
    Some(Certificates { issuer_ref: issuer_ref?, solver })
}

fn relay<'v>(node: Option<&'v Node<'v>>, out: &mut Vec<Diagnostic>) -> Relay<'v> {
    if let Some(node) = node {
        super::relay::check(node, out);
    }
    Relay {
        image: node.and_then(|node| node.get("image")).and_then(Node::as_text),
        replicas: node
            .and_then(|node| node.get("replicas"))
            .and_then(Node::as_integer)
            .unwrap_or(RELAY_REPLICAS),
        network_policy: node
            .and_then(|node| node.get("networkPolicy"))
            .and_then(Node::as_bool)
            .unwrap_or(true),
        node,
    }
}
