//! Which Gateway a route attaches to, and whether anything there takes it.

use std::borrow::Cow;

use super::{Gateway, Listener, check_comparable};
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::profile::{PORTABLE, Profile};
use crate::release::Kind;
use crate::tree::Node;
use crate::values::{Route, Values, nearest, quoted};

/// A route names a Gateway that is not there.
const UNKNOWN_GATEWAY: Code = Code("unknown-gateway");
/// A route names no Gateway, and there are several.
const AMBIGUOUS_GATEWAY: Code = Code("ambiguous-gateway");
/// A route names a listener that is not there.
const UNKNOWN_LISTENER: Code = Code("unknown-listener");
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
    /// Those Gateways of this release that are among them.
    pub(super) gateways: Vec<usize>,
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
        return given(route, namespace, gateways, values);
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
    if profile.routes_refused.value.contains(&wanted.kind) {
        let message = format!("{} does not serve {}", profile.title, wanted.kind.newest().kind);
        out.push(
            Diagnostic::error(ROUTE_KIND_REFUSED, wanted.path.clone(), message)
                .level(Level::Controller)
                .source(profile.routes_refused.source)
                .hint("use another kind of route, or a Gateway of another controller"),
        );
    }
    let section = match wanted.section {
        Some(name) => {
            if gateway.rendered && !gateway.listeners.iter().any(|listener| listener.name == name) {
                out.push(unknown_listener(wanted.path, name, gateway));
            }
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
    Parents { refs: vec![Cow::Owned(Node::map(entries))], gateways: vec![index], profile: Some(profile) }
}

/// TCP and UDP routes carry no host name: which listener is theirs goes by port.
fn own_listener<'g, 'v>(
    wanted: &Attachment<'_, '_>,
    gateway: &'g Gateway<'v>,
    out: &mut Vec<Diagnostic>,
) -> Option<&'g Listener<'v>> {
    let takers: Vec<_> = gateway.listeners.iter().filter(|listener| listener.takes(wanted.kind)).collect();
    if takers.is_empty() && gateway.rendered {
        let kind = wanted.kind.newest().kind;
        let message = format!("no listener of Gateway `{}` takes an {kind}", gateway.name);
        out.push(
            Diagnostic::error(NO_LISTENER, wanted.path.clone(), message.replace("an T", "a T").replace("an G", "a G"))
                .source("Gateway API v1.6.1, gateway_types.go: kinds by listener protocol")
                .hint("add a listener: HTTP or HTTPS for HTTPRoute and GRPCRoute, TLS, TCP or UDP for the route of that name"),
        );
    }
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
                    Diagnostic::error(NO_LISTENER, wanted.path.clone(), message)
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
) -> Parents<'v> {
    let text = |node: &Node<'v>, key: &str| node.get(key).and_then(Node::as_text).map(str::to_owned);
    let own: Vec<usize> = route
        .parent_refs
        .iter()
        .filter(|parent| text(parent, "kind").is_none_or(|kind| kind == "Gateway"))
        .filter_map(|parent| {
            let name = text(parent, "name")?;
            let at = text(parent, "namespace").unwrap_or_else(|| namespace.to_owned());
            gateways.iter().position(|gateway| gateway.name == name && gateway.namespace == at)
        })
        .collect();
    let profile = own.first().map(|index| gateways[*index].profile).or(values.profile);
    Parents {
        refs: route.parent_refs.iter().map(|node| Cow::Borrowed(*node)).collect(),
        gateways: own,
        profile,
    }
}

/// With `enabled.gateway: false` a name that is not in the values is a Gateway that exists.
fn existing<'v>(route: &'v Route<'v>, name: &'v str, values: &Values<'_>) -> Parents<'v> {
    let mut entries = vec![("name", Node::text(name))];
    if let Some(section) = route.section_name {
        entries.push(("sectionName", Node::text(section)));
    }
    Parents { refs: vec![Cow::Owned(Node::map(entries))], gateways: Vec::new(), profile: values.profile }
}

/// Warns where a route attaches to nothing although parent and kind fit.
pub(super) fn check_reach(
    parents: &Parents<'_>,
    kind: Kind,
    hostnames: &[Hostname<'_>],
    namespace: &str,
    gateways: &[Gateway<'_>],
    path: &Path,
    out: &mut Vec<Diagnostic>,
) {
    for gateway in parents.gateways.iter().map(|index| &gateways[*index]).filter(|gateway| gateway.rendered) {
        let takers = || gateway.listeners.iter().filter(|listener| listener.takes(kind));
        let same = namespace == gateway.namespace;
        if takers().next().is_some()
            && !same
            && takers().all(|listener| !listener.derived && listener.routes_from() == "Same")
        {
            let message = format!(
                "namespace {}, but every listener of Gateway `{}` takes routes of its own namespace only",
                quoted(namespace),
                gateway.name
            );
            out.push(
                Diagnostic::warning(NAMESPACE_NOT_ALLOWED, path.clone(), message)
                    .hint("set `allowedRoutes.namespaces.from` of a listener to All or Selector"),
            );
        }
        if hostnames.is_empty()
            || takers().any(|listener| listener.hostname.is_none())
            || takers().next().is_none()
        {
            continue;
        }
        for hostname in hostnames {
            let meets = |listener: &Listener<'_>| {
                listener.hostname.as_ref().is_some_and(|own| own.overlaps(hostname))
            };
            if !takers().any(meets) {
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
    let names: Vec<_> = gateways.iter().map(|gateway| format!("`{}`", gateway.name)).collect();
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
    Diagnostic::error(UNKNOWN_LISTENER, path.key("sectionName"), message).hint(hint)
}
