//! Which Gateway a route attaches to, and whether anything there takes it.

use std::borrow::Cow;

use super::routes::Draft;
use super::{Gateway, Listener, check_comparable};
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::path::Path;
use crate::profile::{PORTABLE, Profile};
use crate::release::{Channel, Kind, Target};
use crate::tree::Node;
use crate::values::{ExternalHostnames, Route, Values, nearest, quoted};

/// Two parents that the API server cannot tell apart.
const PARENTS_REFUSED: Code = Code("parents-refused");
/// A route names a Gateway that is not there.
const UNKNOWN_GATEWAY: Code = Code("unknown-gateway");
/// A route names no Gateway, and there are several.
pub(super) const AMBIGUOUS_GATEWAY: Code = Code("ambiguous-gateway");
/// A route names a listener that is not there.
const UNKNOWN_LISTENER: Code = Code("unknown-listener");
/// Several listeners of the Gateway take the route, and none is named.
const AMBIGUOUS_LISTENER: Code = Code("ambiguous-listener");
/// Parents of one route have controllers that need different objects.
const SEVERAL_PROFILES: Code = Code("several-profiles");
/// No listener of the Gateway takes the route's kind.
const NO_LISTENER: Code = Code("no-listener");
/// No listener of the Gateway has a host name that meets one of the route's.
const HOSTNAME_NOT_SERVED: Code = Code("hostname-not-served");
/// The listeners take routes of other namespaces only.
const NAMESPACE_NOT_ALLOWED: Code = Code("namespace-not-allowed");
/// The controller does not serve the kind.
const ROUTE_KIND_REFUSED: Code = Code("route-kind-refused");

/// The parents of a route.
#[derive(Debug, Default)]
pub(super) struct Parents<'v> {
    /// `parentRefs` in Gateway API's form.
    pub(super) refs: Vec<Cow<'v, Node<'v>>>,
    /// Those of them that are Gateways of this release: index into `refs`, and into the Gateways.
    pub(super) own: Vec<(usize, usize)>,
    /// What the first parent's controller can do.
    pub(super) profile: Option<&'static Profile>,
}

/// Resolves what a route of the values names.
pub(super) fn resolve<'v>(
    route: &'v Route<'v>,
    namespace: &str,
    ports: &[u16],
    gateways: &[Gateway<'v>],
    values: &Values<'_>,
    out: &mut Vec<Diagnostic>,
) -> Parents<'v> {
    if !route.parent_refs.is_empty() {
        return given(route, namespace, gateways, values, out);
    }
    if route.use_default_gateways == Some("All") && route.gateway.is_none() {
        return Parents::default();
    }
    let index = match route.gateway {
        Some(name) => match gateways.iter().position(|gateway| gateway.name == name) {
            Some(index) => index,
            None if values.enabled.gateway => {
                out.push(unknown_gateway(route, name, gateways));
                return Parents::default();
            }
            None => return existing(route, name, values),
        },
        None if gateways.len() == 1 => 0,
        None => {
            out.push(ambiguous(route, gateways));
            return Parents::default();
        }
    };
    attach(
        &Attachment { kind: route.kind, section: route.section_name, ports, path: &route.path },
        index,
        namespace,
        gateways,
        out,
    )
}

/// What of a route decides where it attaches.
pub(super) struct Attachment<'a, 'v> {
    pub(super) kind: Kind,
    pub(super) section: Option<&'v str>,
    /// Ports of the route's backends, for TCP and UDP.
    pub(super) ports: &'a [u16],
    pub(super) path: &'a Path,
}

/// Attaches to one Gateway of this release.
pub(super) fn attach<'v>(
    wanted: &Attachment<'_, 'v>,
    index: usize,
    namespace: &str,
    gateways: &[Gateway<'v>],
    out: &mut Vec<Diagnostic>,
) -> Parents<'v> {
    let gateway = &gateways[index];
    let profile = gateway.profile;
    check_comparable(gateway.namespace, namespace, wanted.path, out);
    check_served(wanted.kind, gateway, wanted.path, out);
    let section = match wanted.section {
        Some(name) => {
            check_section(name, gateway, &wanted.path.key("sectionName"), out);
            Some(Cow::Borrowed(name))
        }
        None => own_listener(wanted, gateway, out).map(|listener| listener.name.clone()),
    };
    let mut entries = vec![("name", Node::text(gateway.name.clone()))];
    if gateway.namespace != namespace && !gateway.namespace.is_empty() {
        entries.push(("namespace", Node::text(gateway.namespace)));
    }
    if let Some(section) = section {
        entries.push(("sectionName", Node::text(section)));
    }
    Parents { refs: vec![Cow::Owned(Node::map(entries))], own: vec![(0, index)], profile: Some(profile) }
}

/// Whether the Gateway's controller and listeners take routes of a kind at all.
fn check_served(kind: Kind, gateway: &Gateway<'_>, path: &Path, out: &mut Vec<Diagnostic>) {
    let (profile, word) = (gateway.profile, kind.newest().kind);
    if profile.routes_refused.value.contains(&kind) {
        let message = format!("{} does not serve {word}", profile.title);
        out.push(
            Diagnostic::error(ROUTE_KIND_REFUSED, path.clone(), message)
                .level(Level::Controller)
                .source(profile.routes_refused.source)
                .hint("use another kind of route (for a derived one another `protocol` of its service), or a Gateway of another controller"),
        );
    }
    if gateway.rendered && !gateway.listeners.iter().any(|listener| listener.takes(kind)) {
        let message = format!("Gateway `{}` has no listener for routes of kind {word}", gateway.name);
        out.push(
            Diagnostic::error(NO_LISTENER, path.clone(), message)
                .source("Gateway API v1.6.1, gateway_types.go: kinds by listener protocol")
                .hint("add a listener: HTTP or HTTPS for HTTPRoute and GRPCRoute, TLS, TCP or UDP for the route of that name"),
        );
    }
}

fn check_section(name: &str, gateway: &Gateway<'_>, path: &Path, out: &mut Vec<Diagnostic>) {
    if gateway.rendered && !gateway.listeners.iter().any(|listener| listener.name == name) {
        out.push(unknown_listener(path, name, gateway));
    }
}

/// TCP and UDP routes carry no host name: which listener is theirs goes by port.
fn own_listener<'g, 'v>(
    wanted: &Attachment<'_, '_>,
    gateway: &'g Gateway<'v>,
    out: &mut Vec<Diagnostic>,
) -> Option<&'g Listener<'v>> {
    let takers: Vec<_> = gateway.listeners.iter().filter(|listener| listener.takes(wanted.kind)).collect();
    if !matches!(wanted.kind, Kind::TcpRoute | Kind::UdpRoute) || !gateway.rendered {
        return None;
    }
    match takers.as_slice() {
        [only] => Some(only),
        [] => None,
        several => {
            let by_port = several.iter().find(|listener| wanted.ports.contains(&listener.port)).copied();
            if by_port.is_none() {
                let names: Vec<_> = several.iter().map(|listener| format!("`{}`", listener.name)).collect();
                let message =
                    format!("Gateway `{}` has the listeners {} for it", gateway.name, names.join(", "));
                out.push(
                    Diagnostic::error(AMBIGUOUS_LISTENER, wanted.path.clone(), message)
                        .hint("name one with `sectionName`"),
                );
            }
            by_port
        }
    }
}

/// `parentRefs` stay as they are; those that are Gateways of this release give the profile.
fn given<'v>(
    route: &'v Route<'v>,
    namespace: &str,
    gateways: &[Gateway<'v>],
    values: &Values<'_>,
    out: &mut Vec<Diagnostic>,
) -> Parents<'v> {
    check_parents(&route.parent_refs, values.target, &route.path.key("parentRefs"), out);
    let mut own: Vec<(usize, usize)> = Vec::new();
    for (position, parent) in route.parent_refs.iter().enumerate() {
        let Some((at, name)) = gateway_of(parent, namespace) else { continue };
        let index = gateways.iter().position(|gateway| gateway.name == name && gateway.namespace == at);
        let Some(index) = index else { continue };
        let path = route.path.key("parentRefs").index(position);
        check_served(route.kind, &gateways[index], &path, out);
        if let Some(section) = parent.get("sectionName").and_then(Node::as_text) {
            check_section(section, &gateways[index], &path.key("sectionName"), out);
        }
        own.push((position, index));
    }
    let mut profiles = own.iter().map(|(_, index)| gateways[*index].profile);
    let profile = profiles.next();
    if let Some((one, other)) =
        profile.zip(profiles.find(|other| profile.is_some_and(|one| one.word != other.word)))
        && values.external_hostnames != ExternalHostnames::Relay
    {
        let message = format!(
            "parents of {} and {}, which need different objects for one upstream",
            one.title, other.title
        );
        out.push(
            Diagnostic::error(SEVERAL_PROFILES, route.path.key("parentRefs"), message)
                .level(Level::Controller)
                .hint(
                    "write one route for each Gateway, or set `externalHostnames: relay`, which both reach",
                ),
        );
    }
    Parents {
        refs: route.parent_refs.iter().map(|node| Cow::Borrowed(*node)).collect(),
        own,
        profile: profile.or(values.profile),
    }
}

/// Several references to one parent all say a section, or none does, and no two of them say the same.
///
/// Source: Gateway API v1.4.1 to v1.7.0, CEL rules on `spec.parentRefs`; ports tell parents apart in the
/// experimental channel only.
fn check_parents(parents: &[&Node<'_>], target: Target, path: &Path, out: &mut Vec<Diagnostic>) {
    let text = |node: &Node<'_>, key: &str, default: &str| {
        node.get(key).and_then(Node::as_text).unwrap_or(default).to_owned()
    };
    let parent = |node: &Node<'_>| {
        let group = text(node, "group", "gateway.networking.k8s.io");
        (group, text(node, "kind", "Gateway"), text(node, "namespace", ""), text(node, "name", ""))
    };
    let port = |node: &Node<'_>| match target.channel {
        Channel::Standard => None,
        Channel::Experimental => node.get("port").and_then(Node::as_integer),
    };
    for (index, node) in parents.iter().enumerate() {
        for (other, earlier) in parents[..index].iter().enumerate() {
            if parent(node) != parent(earlier) {
                continue;
            }
            let (own, its) = (text(node, "sectionName", ""), text(earlier, "sectionName", ""));
            let message = if own == its && port(node) == port(earlier) {
                format!("the same parent as parentRefs[{other}]")
            } else if own.is_empty() != its.is_empty() {
                format!("the parent of parentRefs[{other}], but only one of the two has a `sectionName`")
            } else if port(node).is_some() != port(earlier).is_some() {
                format!("the parent of parentRefs[{other}], but only one of the two has a `port`")
            } else {
                continue;
            };
            out.push(
                Diagnostic::error(PARENTS_REFUSED, path.index(index), message)
                    .level(Level::Api)
                    .source("Gateway API v1.4.1 to v1.7.0, CEL rules on spec.parentRefs")
                    .hint("name a different `sectionName` in each, or remove one"),
            );
            break;
        }
    }
}

/// With `enabled.gateway: false` a name that is not in the values is a Gateway that exists.
fn existing<'v>(route: &'v Route<'v>, name: &'v str, values: &Values<'_>) -> Parents<'v> {
    let mut entries = vec![("name", Node::text(name))];
    if let Some(section) = route.section_name {
        entries.push(("sectionName", Node::text(section)));
    }
    Parents { refs: vec![Cow::Owned(Node::map(entries))], own: Vec::new(), profile: values.profile }
}

/// Warns where a route attaches to nothing although parent and kind fit.
pub(super) fn check_reach(draft: &Draft<'_>, gateways: &[Gateway<'_>], out: &mut Vec<Diagnostic>) {
    let Draft { parents, kind, hostnames, namespace, path, .. } = draft;
    for (position, index) in &parents.own {
        let gateway = &gateways[*index];
        let picked: Vec<_> = gateway
            .listeners
            .iter()
            .filter(|listener| listener.is_picked(&parents.refs[*position], *kind))
            .collect();
        if !gateway.rendered || picked.is_empty() {
            continue;
        }
        let closed = |listener: &&Listener<'_>| !listener.derived && listener.routes_from() == "Same";
        if *namespace != gateway.namespace && picked.iter().all(closed) {
            let message = format!(
                "namespace {}, but Gateway `{}` takes routes of its own namespace only",
                quoted(namespace),
                gateway.name
            );
            out.push(
                Diagnostic::warning(NAMESPACE_NOT_ALLOWED, path.clone(), message)
                    .hint("set `allowedRoutes.namespaces.from` of a listener to All or Selector"),
            );
        }
        for hostname in hostnames {
            let meets = |listener: &&Listener<'_>| {
                listener.hostname.as_ref().is_none_or(|own| own.overlaps(hostname))
            };
            if !picked.iter().any(meets) {
                let message = format!("no listener of Gateway `{}` answers for `{hostname}`", gateway.name);
                out.push(
                    Diagnostic::warning(HOSTNAME_NOT_SERVED, path.key("hostnames"), message)
                        .source("Gateway API v1.6.1, httproute_types.go: hostname intersection")
                        .hint("add a listener with that host name, or a wildcard above it"),
                );
            }
        }
    }
}

/// Namespace and name of the Gateway that a parent of a route names; `None` for other kinds.
pub(crate) fn gateway_of<'n>(parent: &'n Node<'_>, route_namespace: &'n str) -> Option<(&'n str, &'n str)> {
    let text = |key: &str| parent.get(key).and_then(Node::as_text);
    let is_gateway = text("kind").is_none_or(|kind| kind == Kind::Gateway.newest().kind);
    is_gateway.then_some((text("namespace").unwrap_or(route_namespace), text("name")?))
}

/// The profile of parents that say none.
pub(super) fn profile_of(parents: &Parents<'_>) -> &'static Profile {
    parents.profile.unwrap_or(&PORTABLE)
}

fn unknown_gateway(route: &Route<'_>, name: &str, gateways: &[Gateway<'_>]) -> Diagnostic {
    let message = format!("no Gateway {} in these values", quoted(name));
    let known: Vec<_> = gateways.iter().map(|gateway| gateway.name.as_ref()).collect();
    let hint = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "for a Gateway outside this release use `parentRefs`, or set `enabled.gateway: false`".to_owned()
        }
    };
    Diagnostic::error(UNKNOWN_GATEWAY, route.path.key("gateway"), message).hint(hint)
}

fn ambiguous(route: &Route<'_>, gateways: &[Gateway<'_>]) -> Diagnostic {
    let twice = |name: &str| gateways.iter().filter(|gateway| gateway.name == name).count() > 1;
    let names: Vec<_> = gateways
        .iter()
        .map(|gateway| {
            if twice(&gateway.name) {
                format!("`{}` ({})", gateway.name, gateway.path)
            } else {
                format!("`{}`", gateway.name)
            }
        })
        .collect();
    let message = format!("no `gateway`, and there are {}: {}", gateways.len(), names.join(", "));
    Diagnostic::error(AMBIGUOUS_GATEWAY, route.path.clone(), message).hint("name one with `gateway`")
}

fn unknown_listener(path: &Path, name: &str, gateway: &Gateway<'_>) -> Diagnostic {
    let known: Vec<_> = gateway.listeners.iter().map(|listener| listener.name.as_ref()).collect();
    let message = format!("Gateway `{}` has no listener {}", gateway.name, quoted(name));
    let hint = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it has {}", known.join(", ")),
    };
    Diagnostic::error(UNKNOWN_LISTENER, path.clone(), message).hint(hint)
}
