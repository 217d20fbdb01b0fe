//! Listeners: written or derived, who may attach, and what conflicts.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::listener_conflicts;
use super::names::Names;
use super::routes::Draft;
use super::{Gateway, Listener, Route};
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::hostname::Hostname;
use crate::limits::LISTENERS_MAX;
use crate::path::Path;
use crate::release::{Kind, NAME_LABEL};
use crate::tree::{Node, Value};
use crate::values::{self, BackendName, PASSTHROUGH_LISTENER, Protocol, Service, ServiceOrigin, Values};

/// More listeners than a Gateway may have.
const TOO_MANY_LISTENERS: Code = Code("too-many-listeners");
/// TLS settings that do not fit the listener's protocol.
const LISTENER_TLS: Code = Code("listener-tls");

/// Secret of a derived HTTPS listener, as in the External Gateway Load Balancer chart.
const DEFAULT_CERTIFICATE: &str = "gateway-cert";

/// Port of the derived listener for plain requests, as in the External Gateway Load Balancer chart.
const HTTP_PORT: u16 = 80;
/// Port of listeners with TLS: of derived ones, as in the External Gateway Load Balancer chart, and of organizations'.
pub(crate) const HTTPS_PORT: u16 = 443;

/// A listener as written.
pub(super) fn written<'v>(listener: &'v values::Listener<'v>) -> Listener<'v> {
    Listener {
        name: Cow::Borrowed(listener.name),
        protocol: listener.protocol,
        port: listener.port,
        hostname: listener.hostname.clone(),
        tls: listener.tls.map(Cow::Borrowed),
        allowed_routes: listener.allowed_routes.map(Cow::Borrowed),
        derived: false,
        organization: None,
        path: listener.path.clone(),
    }
}

/// The listeners that the services need: http:80, https:443, and one a TLS, TCP or UDP port.
pub(super) fn derive<'v>(
    values: &'v Values<'v>,
    names: &Names<'v>,
    path: &Path,
    out: &mut Vec<Diagnostic>,
) -> Vec<Listener<'v>> {
    let speaks =
        |protocols: &[Protocol]| services(values).any(|service| protocols.contains(&service.protocol));
    let mut list = Vec::new();
    let has_https = speaks(&[Protocol::Https, Protocol::Grpcs]);
    if speaks(&[Protocol::Http, Protocol::H2c, Protocol::Grpc]) {
        list.push(listener("http", "HTTP", HTTP_PORT, path));
    }
    if has_https {
        let secret = Node::list([Node::map([("name", Node::text(DEFAULT_CERTIFICATE))])]);
        let tls = Node::map([("mode", Node::text("Terminate")), ("certificateRefs", secret)]);
        list.push(Listener { tls: Some(Cow::Owned(tls)), ..listener("https", "HTTPS", HTTPS_PORT, path) });
    }
    let mut l4: BTreeMap<(&str, u16), Vec<&'v Service<'v>>> = BTreeMap::new();
    for service in services(values) {
        if matches!(service.protocol, Protocol::Tls | Protocol::Tcp | Protocol::Udp) {
            l4.entry((service.protocol.word(), service.port)).or_default().push(service);
        }
    }
    for ((protocol, port), services) in l4 {
        if protocol == "TLS" && port == HTTPS_PORT && has_https {
            list.extend(beside_https(&services, values, names, path, out));
            continue;
        }
        let name = format!("{}-{port}", protocol.to_ascii_lowercase());
        let tls = (protocol == "TLS").then(passthrough);
        list.push(Listener { tls, ..listener(name, protocol, port, path) });
    }
    if !values.tenant_routes.is_empty() {
        let hostname = values.organizations.base_domain.as_ref().and_then(|domain| {
            Hostname::parse(&format!("*.{domain}")).ok().map(|(hostname, _)| hostname.into_owned())
        });
        let listener = listener(PASSTHROUGH_LISTENER, "TLS", HTTPS_PORT, path);
        list.push(Listener { hostname, tls: Some(passthrough()), ..listener });
    }
    if list.is_empty() {
        list.push(unneeded(path));
    }
    list
}

/// A Gateway has at least one listener, needed or not.
///
/// Source: Gateway API v1.6.1, Gateway `spec.listeners` minItems.
pub(super) fn unneeded<'v>(path: &Path) -> Listener<'v> {
    listener("http", "HTTP", HTTP_PORT, path)
}

/// Services that need a listener of their own: those of tenant clusters share one.
fn services<'v>(values: &'v Values<'v>) -> impl Iterator<Item = &'v Service<'v>> {
    values.services.iter().filter(|service| service.origin != ServiceOrigin::TenantCluster)
}

/// On the port of the HTTPS listener only a host name tells passthrough listeners apart from it.
fn beside_https<'v>(
    services: &[&'v Service<'v>],
    values: &'v Values<'v>,
    names: &Names<'v>,
    path: &Path,
    out: &mut Vec<Diagnostic>,
) -> Vec<Listener<'v>> {
    let mut list = Vec::new();
    for service in services {
        let hostnames = match &values.routes {
            Some(routes) => tls_hostnames(routes, &service.name),
            None => {
                vec![
                    names
                        .hostname(service, out)
                        .and_then(|name| Hostname::parse(&name).ok().map(|(name, _)| name.into_owned())),
                ]
            }
        };
        for (number, hostname) in hostnames.into_iter().enumerate() {
            let suffix = if number == 0 { String::new() } else { format!("-{:03}", number + 1) };
            let name = format!("tls-{}{suffix}", service.name);
            list.push(Listener {
                hostname,
                tls: Some(passthrough()),
                ..listener(name, "TLS", HTTPS_PORT, path)
            });
        }
    }
    list
}

/// Host names of the TLSRoutes that refer to a service.
fn tls_hostnames<'v>(routes: &'v [values::Route<'v>], service: &str) -> Vec<Option<Hostname<'v>>> {
    let refers = |route: &&values::Route<'_>| {
        let mut backends = route.rules.iter().flat_map(|rule| &rule.backend_refs);
        backends.any(|backend| matches!(backend.backend, BackendName::Name(name) if name == service))
    };
    let routes = routes.iter().filter(|route| route.kind == Kind::TlsRoute).filter(refers);
    routes.flat_map(|route| route.hostnames.iter().cloned().map(Some)).collect()
}

fn passthrough<'v>() -> Cow<'v, Node<'v>> {
    Cow::Owned(Node::map([("mode", Node::text("Passthrough"))]))
}

fn listener<'v>(name: impl Into<Cow<'v, str>>, protocol: &'v str, port: u16, path: &Path) -> Listener<'v> {
    Listener {
        name: name.into(),
        protocol,
        port,
        hostname: None,
        tls: None,
        allowed_routes: None,
        derived: true,
        organization: None,
        path: path.clone(),
    }
}

impl Listener<'_> {
    /// Whether a route of this kind can attach, by Gateway API's table of protocols.
    pub(crate) fn takes(&self, kind: Kind) -> bool {
        match self.protocol {
            "HTTP" | "HTTPS" => matches!(kind, Kind::HttpRoute | Kind::GrpcRoute),
            "TLS" => kind == Kind::TlsRoute,
            "TCP" => kind == Kind::TcpRoute,
            _ => kind == Kind::UdpRoute,
        }
    }

    /// Whether TLS ends at the gateway.
    pub(crate) fn terminates(&self) -> bool {
        let mode = self.tls.as_ref().and_then(|tls| tls.get("mode")).and_then(Node::as_text);
        match self.protocol {
            "HTTPS" => true,
            "TLS" => mode != Some("Passthrough"),
            _ => false,
        }
    }

    /// Whether a parent that names the listener's Gateway means this listener for a kind of route.
    pub(crate) fn is_picked(&self, parent: &Node<'_>, kind: Kind) -> bool {
        let section = parent.get("sectionName").and_then(Node::as_text);
        let port = parent.get("port").and_then(Node::as_integer);
        self.takes(kind)
            && section.is_none_or(|section| section == self.name)
            && port.is_none_or(|port| port == i64::from(self.port))
    }

    /// Whether a route that picks this listener attaches to it, as far as values tell: who a namespace
    /// selector of `allowedRoutes` picks, they do not.
    pub(crate) fn admits(&self, route: &Route<'_>, gateway_namespace: &str) -> bool {
        self.admits_from(route.namespace, gateway_namespace)
            && self.allows(route.kind)
            && (route.hostnames.is_empty() || route.hostnames.iter().any(|hostname| self.meets(hostname)))
    }

    /// Whether routes of a namespace may attach, as far as values tell. Derived listeners are opened to those
    /// that name them.
    pub(super) fn admits_from(&self, namespace: &str, gateway_namespace: &str) -> bool {
        self.derived
            || match self.routes_from() {
                "All" | "Selector" => true,
                "None" => false,
                _ => namespace == gateway_namespace,
            }
    }

    /// From where routes may attach: `Same`, `All`, `Selector` or `None`.
    pub(crate) fn routes_from(&self) -> &str {
        let namespaces = self.allowed_routes.as_ref().and_then(|allowed| allowed.get("namespaces"));
        namespaces.and_then(|namespaces| namespaces.get("from")).and_then(Node::as_text).unwrap_or("Same")
    }

    /// Whether `allowedRoutes.kinds` leaves a kind in.
    pub(crate) fn allows(&self, kind: Kind) -> bool {
        let word = kind.newest().kind;
        self.allowed_routes.as_ref().and_then(|allowed| allowed.get("kinds")).is_none_or(|kinds| {
            kinds.is_empty()
                || kinds.items().any(|(_, item)| item.get("kind").and_then(Node::as_text) == Some(word))
        })
    }

    /// Whether it answers for a host name, or for some below it.
    pub(super) fn meets(&self, hostname: &Hostname<'_>) -> bool {
        self.hostname.as_ref().is_none_or(|own| own.overlaps(hostname))
    }
}

/// Lets routes of other namespaces attach to the derived listeners of the Gateways they name.
pub(super) fn open_to_routes<'v>(gateways: &mut [Gateway<'v>], routes: &[Draft<'v>]) {
    let mut foreign: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for route in routes {
        for (_, index) in &route.parents.own {
            if gateways.get(*index).is_some_and(|gateway| gateway.namespace != route.namespace) {
                foreign.entry(*index).or_default().insert(route.namespace);
            }
        }
    }
    for (index, mut namespaces) in foreign {
        let Some(gateway) = gateways.get_mut(index) else { continue };
        namespaces.insert(gateway.namespace);
        let allowed = from_namespaces(namespaces.into_iter().filter(|name| !name.is_empty()));
        for listener in gateway.listeners.iter_mut().filter(|listener| listener.derived) {
            listener.allowed_routes = Some(Cow::Owned(allowed.clone().into_owned()));
        }
    }
}

/// The names that a selector picks namespaces by, if it does nothing else: in an expression or as a label.
pub(crate) fn namespaces_named<'n>(selector: &'n Node<'_>) -> Option<impl Iterator<Item = &'n str>> {
    let labels = selector.get("matchLabels").and_then(Node::as_map).filter(|labels| !labels.is_empty());
    let expressions = selector.get("matchExpressions").and_then(Node::as_list).unwrap_or_default();
    let names: Vec<&str> = match (labels, expressions) {
        (None, [expression]) => {
            let text = |key: &str| expression.get(key).and_then(Node::as_text);
            if text("key") != Some(NAME_LABEL) || text("operator") != Some("In") {
                return None;
            }
            let values = expression.get("values").into_iter().flat_map(Node::items);
            values.filter_map(|(_, name)| name.as_text()).collect()
        }
        (Some(labels), []) if labels.len() == 1 => vec![labels.get(NAME_LABEL)?.as_text()?],
        _ => return None,
    };
    Some(names.into_iter())
}

/// `allowedRoutes` or `allowedListeners` for the namespaces of these names.
///
/// [`namespaces_named`] is its inverse.
pub(crate) fn from_namespaces<'v>(names: impl Iterator<Item = &'v str>) -> Node<'static> {
    let expression = Node::map([
        ("key", Node::text(NAME_LABEL)),
        ("operator", Node::text("In")),
        ("values", Node::list(names.map(|name| Node::text(name.to_owned())))),
    ]);
    let selector = Node::map([("matchExpressions", Node::list([expression]))]);
    let from = Node::map([("from", Node::text("Selector")), ("selector", selector)]);
    Node::map([("namespaces", from)])
}

/// Checks every rendered Gateway's listeners against the API server's rules and each other.
pub(super) fn check(gateways: &[Gateway<'_>], services: &[Service<'_>], out: &mut Vec<Diagnostic>) {
    for gateway in gateways.iter().filter(|gateway| gateway.rendered) {
        let count = gateway.listeners.len();
        if gateway.is_overfull() {
            let message = format!("{count} listeners, but a Gateway may have {LISTENERS_MAX}");
            out.push(
                Diagnostic::error(TOO_MANY_LISTENERS, gateway.path.key("listeners"), message)
                    .level(Level::Api)
                    .source("Gateway API v1.6.1, Gateway spec.listeners maxItems")
                    .hint("use one wildcard listener for many hosts, or several `gateways`"),
            );
        }
        for listener in &gateway.listeners {
            check_tls(listener, out);
        }
        // Above the bound there is an error already, and comparing pairs would take long.
        if !gateway.is_overfull() {
            listener_conflicts::check(&gateway.listeners, services, out);
        }
    }
}

fn check_tls(listener: &Listener<'_>, out: &mut Vec<Diagnostic>) {
    let mode = listener.tls.as_ref().and_then(|tls| tls.get("mode")).and_then(Node::as_text);
    let fault = match (listener.protocol, &listener.tls) {
        ("HTTP" | "TCP" | "UDP", Some(_)) => Some("`tls` on a listener without TLS"),
        ("HTTPS", Some(_)) if mode == Some("Passthrough") => Some("`mode: Passthrough` on an HTTPS listener"),
        ("TLS", None) => Some("no `tls` on a TLS listener"),
        ("TCP" | "UDP", _) if listener.hostname.is_some() => Some("`hostname` on a TCP or UDP listener"),
        _ => None,
    };
    if let Some(fault) = fault {
        out.push(
            Diagnostic::error(LISTENER_TLS, listener.path.clone(), format!("{fault}, which the API server refuses"))
                .level(Level::Api)
                .source("Gateway API v1.6.1, Gateway CEL rules on spec.listeners")
                .hint("HTTPS terminates; TLS has a mode; HTTP, TCP and UDP have neither tls nor (TCP, UDP) hostname"),
        );
    }
}

/// `certificateRefs` of a listener, each with what it names.
pub(super) fn certificate_refs<'n, 'v>(
    listener: &'n Listener<'v>,
) -> impl Iterator<Item = &'n Node<'v>> + use<'n, 'v> {
    listener
        .tls
        .as_ref()
        .and_then(|tls| tls.get("certificateRefs"))
        .into_iter()
        .flat_map(|refs| match &refs.value {
            Value::List(items) => items.as_slice(),
            _ => &[],
        })
        .filter(|item| !item.is_null())
}
