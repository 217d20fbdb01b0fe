//! Which Gateway a route attaches to, and whether it serves the kind.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Gateway, Listener, check_comparable, siblings};
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::path::Path;
use crate::profile::{PORTABLE, Profile};
use crate::release::{GATEWAY_GROUP, Kind};
use crate::shorten::listed;
use crate::tree::Node;
use crate::values::{ExternalHostnames, Route, Values, nearest, quoted};

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
pub(super) const NO_LISTENER: Code = Code("no-listener");
/// The listener that a route names does not take it, where another one does.
const LISTENER_REFUSES: Code = Code("listener-refuses");
/// The controller does not serve the kind.
const ROUTE_KIND_REFUSED: Code = Code("route-kind-refused");

/// Most Gateways that one message lists.
///
/// Our own bound: every route may get such a message, and all of them together stay in proportion to the
/// values.
const NAMES_SHOWN: usize = 64;

const KINDS_SOURCE: &str = "Gateway API v1.6.1, gateway_types.go: kinds by listener protocol";
const TLS_MODE_SOURCE: &str = "Gateway API v1.6.1, gateway_types.go: TLSModeType, the default is Terminate";

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

/// The Gateways of a release, to be found by name.
pub(super) struct GatewayIndex<'g, 'v> {
    list: &'g [Gateway<'v>],
    by_name: BTreeMap<&'g str, usize>,
    by_place: BTreeMap<(&'g str, &'g str), usize>,
    /// Names that more than one has.
    repeated: BTreeSet<&'g str>,
}

impl<'g, 'v> GatewayIndex<'g, 'v> {
    pub(super) fn new(list: &'g [Gateway<'v>]) -> Self {
        let (mut by_name, mut by_place) = (BTreeMap::new(), BTreeMap::new());
        let mut repeated = BTreeSet::new();
        for (index, gateway) in list.iter().enumerate() {
            let name = gateway.name.as_ref();
            if *by_name.entry(name).or_insert(index) != index {
                repeated.insert(name);
            }
            by_place.entry((gateway.namespace, gateway.name.as_ref())).or_insert(index);
        }
        Self { list, by_name, by_place, repeated }
    }
}

/// Resolves what a route of the values names.
pub(super) fn resolve<'v>(
    route: &'v Route<'v>,
    namespace: &str,
    ports: &[u16],
    gateway_index: &GatewayIndex<'_, 'v>,
    values: &Values<'_>,
    out: &mut Vec<Diagnostic>,
) -> Parents<'v> {
    if !route.parent_refs.is_empty() {
        return given(route, namespace, gateway_index, values, out);
    }
    let gateways = gateway_index.list;
    if route.use_default_gateways == Some("All") && route.gateway.is_none() {
        return Parents::default();
    }
    let index = match route.gateway {
        Some(name) => match gateway_index.by_name.get(name) {
            Some(index) => *index,
            None if values.enabled.gateway => {
                out.push(unknown_gateway(route, name, gateways));
                return Parents::default();
            }
            None => return existing(route, name, values, out),
        },
        None if gateways.len() == 1 => 0,
        None => {
            out.push(ambiguous(route, gateway_index));
            return Parents::default();
        }
    };
    attach(
        &Attachment {
            kind: route.kind,
            section: route.section_name,
            ports,
            passes_through: route.is_tenant,
            path: &route.path,
        },
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
    /// Whether TLS has to reach the backends.
    pub(super) passes_through: bool,
    pub(super) path: &'a Path,
}

impl Attachment<'_, '_> {
    /// Whether a listener takes what is to be attached.
    fn is_taken_by(&self, listener: &Listener<'_>) -> bool {
        listener.takes(self.kind) && !(self.passes_through && listener.terminates())
    }
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
    check(wanted, gateway, out);
    let section = match wanted.section {
        Some(name) => Some(Cow::Borrowed(name)),
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

/// Whether a controller takes routes of a kind at all.
fn check_kind(kind: Kind, profile: &Profile, path: &Path, out: &mut Vec<Diagnostic>) {
    if profile.routes_refused.value.contains(&kind) {
        let message = profile.refusal_of_route(kind.newest().kind);
        out.push(
            Diagnostic::error(ROUTE_KIND_REFUSED, path.clone(), message)
                .level(Level::Controller)
                .source(profile.routes_refused.source)
                .hint("use another kind of route (for a derived one another `protocol` of its service), or a Gateway of another controller"),
        );
    }
}

/// Whether the Gateway takes what is to be attached, and the listener that is named. Where no listener does, the one that is
/// named is not missed on top of it.
fn check(wanted: &Attachment<'_, '_>, gateway: &Gateway<'_>, out: &mut Vec<Diagnostic>) {
    if check_served(wanted, gateway, out)
        && let Some(name) = wanted.section
    {
        check_section(name, wanted, gateway, out);
    }
}

/// Whether the Gateway's controller and listeners take routes of a kind at all; false where no listener does.
fn check_served(wanted: &Attachment<'_, '_>, gateway: &Gateway<'_>, out: &mut Vec<Diagnostic>) -> bool {
    let Attachment { kind, passes_through, path, .. } = *wanted;
    let word = kind.newest().kind;
    check_kind(kind, gateway.profile, path, out);
    let is_served = !gateway.rendered
        || gateway.is_overfull()
        || gateway.listeners.iter().any(|listener| wanted.is_taken_by(listener));
    if !is_served && passes_through {
        let message = format!("Gateway `{}` has no listener that passes TLS through", gateway.name);
        out.push(
            Diagnostic::error(NO_LISTENER, path.clone(), message)
                .source(TLS_MODE_SOURCE)
                .hint("add a listener with `protocol: TLS` and `tls: {mode: Passthrough}`"),
        );
    } else if !is_served {
        let message = format!("Gateway `{}` has no listener for routes of kind {word}", gateway.name);
        out.push(
            Diagnostic::error(NO_LISTENER, path.clone(), message)
                .source(KINDS_SOURCE)
                .hint("add a listener: HTTP or HTTPS for HTTPRoute and GRPCRoute, TLS, TCP or UDP for the route of that name"),
        );
    }
    is_served
}

/// Whether the listener that a route names is there and takes it, where another one does.
fn check_section(name: &str, wanted: &Attachment<'_, '_>, gateway: &Gateway<'_>, out: &mut Vec<Diagnostic>) {
    if !gateway.rendered || gateway.is_overfull() {
        return;
    }
    let path = wanted.path.key("sectionName");
    let Some(listener) = gateway.listeners.iter().find(|listener| listener.name == name) else {
        out.push(unknown_listener(&path, name, gateway));
        return;
    };
    let takes = |listener: &&Listener<'_>| wanted.is_taken_by(listener);
    if let Some(other) = gateway.listeners.iter().find(takes).filter(|_| !takes(&listener)) {
        let (why, source) = if listener.takes(wanted.kind) {
            ("ends TLS, which has to reach the backends".to_owned(), TLS_MODE_SOURCE)
        } else {
            let kind = wanted.kind.newest().kind;
            (format!("speaks {} and takes no routes of kind {kind}", listener.protocol), KINDS_SOURCE)
        };
        let message = format!("listener `{name}` of Gateway `{}` {why}", gateway.name);
        out.push(
            Diagnostic::error(LISTENER_REFUSES, path, message)
                .source(source)
                .hint(format!("name one that does, such as `{}`", other.name)),
        );
    }
}

/// TCP and UDP routes carry no host name: which listener is theirs goes by port.
fn own_listener<'g, 'v>(
    wanted: &Attachment<'_, '_>,
    gateway: &'g Gateway<'v>,
    out: &mut Vec<Diagnostic>,
) -> Option<&'g Listener<'v>> {
    if !matches!(wanted.kind, Kind::TcpRoute | Kind::UdpRoute) || !gateway.rendered || gateway.is_overfull() {
        return None;
    }
    let takers: Vec<_> = gateway.listeners.iter().filter(|listener| listener.takes(wanted.kind)).collect();
    match takers.as_slice() {
        [only] => Some(only),
        [] => None,
        several => {
            let by_port = several.iter().find(|listener| wanted.ports.contains(&listener.port)).copied();
            if by_port.is_none() && !wanted.ports.contains(&0) {
                let names = listed(several.iter().map(|listener| format!("`{}`", listener.name)));
                let message = format!("Gateway `{}` has the listeners {names} for it", gateway.name);
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
    gateway_index: &GatewayIndex<'_, 'v>,
    values: &Values<'_>,
    out: &mut Vec<Diagnostic>,
) -> Parents<'v> {
    let gateways = gateway_index.list;
    siblings::check(&route.parent_refs, values.target, &route.path.key("parentRefs"), out);
    let mut own: Vec<(usize, usize)> = Vec::new();
    for (position, parent) in route.parent_refs.iter().enumerate() {
        let path = route.path.key("parentRefs").index(position);
        let place = gateway_of(parent, namespace);
        let Some(index) = place.and_then(|place| gateway_index.by_place.get(&place).copied()) else {
            // Of what exists already the values' own profile is all that is known; a Service is a mesh's.
            if let Some(profile) = values.profile
                && parent.get("kind").and_then(Node::as_text) != Some("Service")
            {
                check_kind(route.kind, profile, &path, out);
            }
            continue;
        };
        let wanted = Attachment {
            kind: route.kind,
            section: parent.get("sectionName").and_then(Node::as_text),
            ports: &[],
            passes_through: route.is_tenant,
            path: &path,
        };
        check(&wanted, &gateways[index], out);
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

/// With `enabled.gateway: false` a name that is not in the values is a Gateway that exists.
fn existing<'v>(
    route: &'v Route<'v>,
    name: &'v str,
    values: &Values<'_>,
    out: &mut Vec<Diagnostic>,
) -> Parents<'v> {
    if let Some(profile) = values.profile {
        check_kind(route.kind, profile, &route.path, out);
    }
    let mut entries = vec![("name", Node::text(name))];
    if let Some(section) = route.section_name {
        entries.push(("sectionName", Node::text(section)));
    }
    Parents { refs: vec![Cow::Owned(Node::map(entries))], own: Vec::new(), profile: values.profile }
}

/// Namespace and name of the Gateway that a parent of a route names; `None` for other kinds.
pub(crate) fn gateway_of<'n>(parent: &'n Node<'_>, route_namespace: &'n str) -> Option<(&'n str, &'n str)> {
    let [group, kind, namespace, name] = parent_of(parent, route_namespace)?;
    (group == GATEWAY_GROUP && kind == Kind::Gateway.newest().kind).then_some((namespace, name))
}

/// Group, kind, namespace and name of what a parent of a route names, with what Gateway API fills in.
pub(crate) fn parent_of<'n>(parent: &'n Node<'_>, route_namespace: &'n str) -> Option<[&'n str; 4]> {
    let text = |key: &str| parent.get(key).and_then(Node::as_text);
    let (group, kind) =
        (text("group").unwrap_or(GATEWAY_GROUP), text("kind").unwrap_or(Kind::Gateway.newest().kind));
    Some([group, kind, text("namespace").unwrap_or(route_namespace), text("name")?])
}

/// The profile of parents that say none.
pub(super) fn profile_of(parents: &Parents<'_>) -> &'static Profile {
    parents.profile.unwrap_or(&PORTABLE)
}

fn unknown_gateway(route: &Route<'_>, name: &str, gateways: &[Gateway<'_>]) -> Diagnostic {
    let message = format!("no Gateway {} in these values", quoted(name));
    // Among more Gateways than a message would list, comparing takes longer than it helps.
    let near = Some(gateways).filter(|gateways| gateways.len() <= NAMES_SHOWN);
    let near = near.and_then(|gateways| nearest(name, gateways.iter().map(|gateway| gateway.name.as_ref())));
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if route.is_tenant => {
            "name a Gateway of these values; for one outside this release set `enabled.gateway: false`"
                .to_owned()
        }
        None => {
            "for a Gateway outside this release use `parentRefs`, or set `enabled.gateway: false`".to_owned()
        }
    };
    Diagnostic::error(UNKNOWN_GATEWAY, route.path.key("gateway"), message).hint(hint)
}

fn ambiguous(route: &Route<'_>, gateway_index: &GatewayIndex<'_, '_>) -> Diagnostic {
    let gateways = gateway_index.list;
    let shown = |gateway: &Gateway<'_>| {
        if gateway_index.repeated.contains(gateway.name.as_ref()) {
            format!("`{}` ({})", gateway.name, gateway.path)
        } else {
            format!("`{}`", gateway.name)
        }
    };
    let names = listed(gateways.iter().map(shown));
    let message = format!("no `gateway`, and there are {}: {names}", gateways.len());
    Diagnostic::error(AMBIGUOUS_GATEWAY, route.path.clone(), message).hint("name one with `gateway`")
}

fn unknown_listener(path: &Path, name: &str, gateway: &Gateway<'_>) -> Diagnostic {
    let known: Vec<_> = gateway.listeners.iter().map(|listener| listener.name.as_ref()).collect();
    let message = format!("Gateway `{}` has no listener {}", gateway.name, quoted(name));
    let hint = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it has {}", listed(known)),
    };
    Diagnostic::error(UNKNOWN_LISTENER, path.clone(), message).hint(hint)
}
