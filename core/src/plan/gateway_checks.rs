//! What a Gateway's controller makes of its class, listeners and routes.

use std::collections::{BTreeMap, BTreeSet};

use super::routes::Draft;
use super::{Gateway, Listener, ListenerSet};
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::hostname::LABEL_MAX;
use crate::profile::words::ROUTE_UNREPORTED_HINT;
use crate::profile::{Profile, Support};
use crate::release::Kind;
use crate::tree::Node;

/// Routes that the Gateway's class does not serve, or not side by side.
const CLASS_REFUSES_ROUTE: Code = Code("class-refuses-route");
/// A kind of route of which nothing says that the controller serves it.
const ROUTE_KIND_UNREPORTED: Code = Code("route-kind-unreported");
/// Something an administrator must have set for the listeners to be served.
const NEEDS_PORTS: Code = Code("needs-ports");
/// Listeners that end TLS and others that pass it through on one port, which not every controller can.
const TLS_MODE_MIXED: Code = Code("tls-mode-mixed");
/// A Gateway's name that no label holds.
const GATEWAY_NAME_LONG: Code = Code("gateway-name-long");
/// `from: Selector` without a selector.
const SELECTOR_MISSING: Code = Code("selector-missing");

/// Holds every Gateway against what is known of its controller.
pub(super) fn check(
    gateways: &[Gateway<'_>],
    sets: &[ListenerSet<'_>],
    routes: &[Draft<'_>],
    out: &mut Vec<Diagnostic>,
) {
    let mut ended_in_sets = BTreeSet::new();
    for set in sets {
        let ended = set.listeners.iter().filter(|listener| listener.terminates());
        ended_in_sets.extend(ended.map(|listener| (set.gateway_namespace, &*set.gateway, listener.port)));
    }
    let mut attached = attached(routes);
    for (index, gateway) in gateways.iter().enumerate() {
        let routes = attached.remove(&index).unwrap_or_default();
        check_layers(gateway, &routes, out);
        check_unreported(gateway.profile, &routes, out);
        if gateway.rendered {
            check_name(gateway, out);
            check_ports(gateway, out);
            check_tls_modes(gateway, &ended_in_sets, out);
            gateway.listeners.iter().for_each(|listener| check_selector(listener, out));
        }
    }
}

/// The first route of each kind that attaches to a Gateway, by the Gateway's index.
fn attached<'d, 'v>(routes: &'d [Draft<'v>]) -> BTreeMap<usize, Vec<&'d Draft<'v>>> {
    let mut found: BTreeMap<usize, Vec<&Draft<'_>>> = BTreeMap::new();
    for route in routes {
        for (_, gateway) in &route.parents.own {
            let own = found.entry(*gateway).or_default();
            if own.iter().all(|earlier| earlier.kind != route.kind) {
                own.push(route);
            }
        }
    }
    found
}

/// Routes whose layer is not that of the class; of an unknown class, that of the first route.
fn check_layers(gateway: &Gateway<'_>, routes: &[&Draft<'_>], out: &mut Vec<Diagnostic>) {
    let layers = gateway.profile.quirks.layers;
    let of_kind = |kind: Kind| layers.iter().find(|layer| layer.kinds.contains(&kind));
    let named = layers.iter().find(|layer| layer.classes.contains(&gateway.class));
    let Some(own) = named.or_else(|| of_kind(routes.first()?.kind)) else { return };
    let mixed = routes.iter().any(|route| own.kinds.contains(&route.kind));
    for route in routes {
        let needed = of_kind(route.kind).filter(|_| !own.kinds.contains(&route.kind));
        let Some(needed) = needed else { continue };
        let word = route.kind.newest().kind;
        let maker = match named {
            Some(_) => format!("class `{}`", gateway.class),
            None => gateway.profile.product().to_owned(),
        };
        let message = own.refusal_of_route(word, &gateway.name, &maker);
        let class = needed.classes.first().copied().unwrap_or_default();
        let hint = if mixed {
            format!(
                "write two `gateways`, the other one with a class of `{}` such as `{class}`, and `routes` that name \
                 their `gateway`",
                needed.controller
            )
        } else {
            format!("set the Gateway's `className` to one of `{}` such as `{class}`", needed.controller)
        };
        out.push(
            Diagnostic::error(CLASS_REFUSES_ROUTE, route.path.clone(), message)
                .level(Level::Controller)
                .source(needed.source)
                .hint(hint),
        );
    }
}

fn check_unreported(profile: &Profile, routes: &[&Draft<'_>], out: &mut Vec<Diagnostic>) {
    let Some(unreported) = profile.quirks.routes_unreported else { return };
    for route in routes.iter().filter(|route| unreported.value.contains(&route.kind)) {
        let message = profile.silence_on_route(route.kind.newest().kind);
        out.push(
            Diagnostic::warning(ROUTE_KIND_UNREPORTED, route.path.clone(), message)
                .level(Level::Controller)
                .source(unreported.source)
                .hint(ROUTE_UNREPORTED_HINT),
        );
    }
}

/// Controllers put the name into a label of what they make for the Gateway, and what is too long for it some do not cut.
fn check_name(gateway: &Gateway<'_>, out: &mut Vec<Diagnostic>) {
    let length = gateway.name.len();
    if length <= LABEL_MAX {
        return;
    }
    let message = format!(
        "the name `{}` has {length} characters, but label `gateway.networking.k8s.io/gateway-name` of what a controller \
         makes for the Gateway holds {LABEL_MAX}: some then make nothing",
        gateway.name
    );
    out.push(
        Diagnostic::warning(GATEWAY_NAME_LONG, gateway.path.clone(), message)
            .level(Level::Controller)
            .source("Gateway API GEP-1762; Kubernetes v1.36, IsValidLabelValue; Contour issue 5970")
            .hint("shorten it; that of an organization's own Gateway is `<name of the first Gateway>-<organization>`"),
    );
}

/// Once a Gateway, for all its listeners.
fn check_ports(gateway: &Gateway<'_>, out: &mut Vec<Diagnostic>) {
    let Some(ports) = gateway.profile.quirks.listener_ports else { return };
    let of_listeners = gateway.listeners.iter().map(|listener| i64::from(listener.port));
    let Some(message) = ports.value.refusal(of_listeners) else { return };
    out.push(
        Diagnostic::info(NEEDS_PORTS, gateway.path.clone(), message)
            .level(Level::Controller)
            .source(ports.source)
            .hint(ports.value.hint),
    );
}

/// Ports on which some listeners end TLS and some pass it through. A warning even where that is refused: some that
/// do not report the feature take disjoint host names.
fn check_tls_modes(
    gateway: &Gateway<'_>,
    ended_in_sets: &BTreeSet<(&str, &str, u16)>,
    out: &mut Vec<Diagnostic>,
) {
    let Gateway { name, namespace, profile, listeners, .. } = gateway;
    if profile.tls_mixed.value == Support::Yes {
        return;
    }
    let ended: BTreeSet<u16> = listeners.iter().filter(|own| own.terminates()).map(|own| own.port).collect();
    let is_mixed = |passed: &&Listener<'_>| {
        passed.protocol == "TLS"
            && !passed.terminates()
            && (ended.contains(&passed.port) || ended_in_sets.contains(&(namespace, name, passed.port)))
    };
    let Some(passed) = listeners.iter().find(is_mixed) else { return };
    let message = format!(
        "on port {} listener `{}` passes TLS through and others end it, which {} does not report to support",
        passed.port, passed.name, profile.title
    );
    out.push(
        Diagnostic::warning(TLS_MODE_MIXED, passed.path.clone(), message)
            .level(Level::Controller)
            .source(profile.tls_mixed.source)
            .hint("give what is passed through another `port`, or a Gateway of its own in `gateways`"),
    );
}

/// A selector that is not there picks no namespace; an empty one picks all.
fn check_selector(listener: &Listener<'_>, out: &mut Vec<Diagnostic>) {
    let namespaces = listener.allowed_routes.as_ref().and_then(|allowed| allowed.get("namespaces"));
    let selector = namespaces.and_then(|namespaces| namespaces.get("selector"));
    if listener.routes_from() == "Selector" && selector.is_none_or(Node::is_null) {
        let path = listener.path.key("allowedRoutes").key("namespaces");
        let message = format!(
            "`from: Selector` without `selector`, so that listener `{}` names no namespace whose routes may attach",
            listener.name
        );
        out.push(
            Diagnostic::warning(SELECTOR_MISSING, path, message)
                .source("Gateway API v1.6.1, gateway_types.go RouteNamespaces: selector must be specified when from is Selector")
                .hint("give `selector.matchLabels`, or set `from` to `Same` or `All`"),
        );
    }
}
