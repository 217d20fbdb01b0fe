//! Which Gateway, port and listener a request meets.
//!
//! Source: Gateway API v1.6.1, `apis/v1/gateway_types.go:146-216` (most specific host name, isolation) and
//! `:390-406` (misdirected requests).

use core::ops::Range;
use std::collections::BTreeSet;

use super::request::{Parts, Request};
use crate::check::attach::{Attachments, Conflict, ConflictKind, Joined, Known, ListenerId};
use crate::check::matches::of_host;
use crate::check::model::{Model, Route};
use crate::check::or_unnamed;
use crate::check::rule::finding::listed;
use crate::hostname::covers;

/// A Gateway's port, and what listens there.
pub(super) struct Door<'t, 'c> {
    pub(super) gateway: usize,
    pub(super) port: i64,
    /// Those that are certain to be there.
    pub(super) listeners: Vec<(ListenerId, &'t Joined<'c>)>,
}

/// How a listener reads what comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    Http,
    Https,
    Tls,
    Tcp,
    Udp,
}

pub(super) fn layer(joined: &Joined<'_>) -> Option<Layer> {
    match joined.listener.protocol.as_ref() {
        "HTTP" => Some(Layer::Http),
        "HTTPS" => Some(Layer::Https),
        "TLS" => Some(Layer::Tls),
        "TCP" => Some(Layer::Tcp),
        "UDP" => Some(Layer::Udp),
        _ => None,
    }
}

/// Whether a listener takes connections over TLS.
pub(super) fn takes_tls(joined: &Joined<'_>) -> bool {
    matches!(layer(joined), Some(Layer::Https | Layer::Tls))
}

/// Whether a listener hands connections through, whatever host they are for.
pub(super) fn is_transport(joined: &Joined<'_>) -> bool {
    matches!(layer(joined), Some(Layer::Tcp | Layer::Udp))
}

/// The listener with the most specific host name that covers a host: an exact one, then the wildcard with
/// the most labels, then the one without.
pub(super) fn best<'t, 'c>(
    listeners: &[(ListenerId, &'t Joined<'c>)],
    host: &str,
) -> Option<(ListenerId, &'t Joined<'c>)> {
    let fits = listeners.iter().filter(|(_, joined)| serves(joined, host));
    let specific = |(_, joined): &&(ListenerId, &Joined<'_>)| of_host(joined.listener.hostname.as_deref());
    fits.max_by_key(specific).copied()
}

pub(super) fn serves(joined: &Joined<'_>, host: &str) -> bool {
    joined.listener.hostname.as_ref().is_none_or(|name| covers(name, host))
}

/// The listeners of a Gateway that work: part of it, in no conflict, of a protocol that we know and that the named controller does
/// not refuse.
fn working<'t, 'c>(
    attachments: &'t Attachments<'c>,
    gateway: usize,
) -> impl Iterator<Item = (ListenerId, &'t Joined<'c>)> {
    let works = |joined: &Joined<'_>| {
        joined.member == Known::Yes && !joined.refused && !joined.conflict.is_some_and(Conflict::is_certain)
    };
    attachments.merged(gateway).filter(move |(_, joined)| works(joined) && layer(joined).is_some())
}

/// The Gateways that a request may reach; none if the one that it names is not there.
pub(super) fn asked(
    model: &Model<'_>,
    attachments: &Attachments<'_>,
    request: &Request,
) -> Option<Range<usize>> {
    let Some((namespace, name)) = &request.gateway else { return Some(0..model.gateways.len()) };
    let found = attachments.index.gateway(namespace, name)?;
    Some(found..found + 1)
}

/// The Gateway that a request reaches, and its port; which others could be meant goes to `notes`.
pub(super) fn door<'t, 'c>(
    model: &'c Model<'c>,
    attachments: &'t Attachments<'c>,
    request: &Request,
    parts: &Parts<'_>,
    notes: &mut Vec<String>,
) -> Option<Door<'t, 'c>> {
    let gateways = asked(model, attachments, request)?;
    let found = |gateway| {
        let (port, listeners) = port(attachments, gateway, request, parts)?;
        let score = score(model, attachments, request, (gateway, &listeners), parts);
        Some((score, Door { gateway, port, listeners }))
    };
    let mut doors: Vec<(Score, Door<'t, 'c>)> = gateways.filter_map(found).collect();
    // Sorting keeps the order of the input among equals.
    doors.sort_by(|(one, _), (other, _)| other.cmp(one));
    let mut doors = doors.into_iter();
    let (score, door) = doors.next()?;
    let both = |joined: &Joined<'_>| joined.conflict.is_some_and(|it| it.kind == ConflictKind::PlainAndTls);
    if door.listeners.iter().any(|(_, joined)| both(joined)) {
        notes.push(format!(
            "port {} has listeners for plain HTTP and for TLS; whether it takes both, the controller decides",
            door.port
        ));
    }
    let others: Vec<_> = doors.filter(|(score, _)| score.serves || score.routed > Routed::Nowhere).collect();
    if !others.is_empty() {
        notes.push(assumed(model, (&score, &door), &others, whose_routes(&parts.host)));
    }
    Some(door)
}

/// Says which Gateway was assumed, why, and which others there are.
fn assumed(
    model: &Model<'_>,
    (score, door): (&Score, &Door<'_, '_>),
    others: &[(Score, Door<'_, '_>)],
    whose: &str,
) -> String {
    let name = |door: &Door<'_, '_>| {
        let meta = model.gateways.get(door.gateway).map(|gateway| &gateway.meta);
        meta.map(|meta| format!("`{}/{}`", meta.namespace, or_unnamed(&meta.name))).unwrap_or_default()
    };
    let routed = if score.routed > Routed::Nowhere { format!(", which has {whose}") } else { String::new() };
    let others = others.iter().map(|(score, door)| {
        let routed = if score.routed > Routed::Nowhere { format!(" (with {whose})") } else { String::new() };
        format!("{}{routed}", name(door))
    });
    format!("Gateway {} is assumed{routed}; name another as `gateway`: {}", name(door), listed(others))
}

/// How well a Gateway and its port fit, the weightiest first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// Whether the port takes what the client speaks: TLS, or HTTP.
    speaks: bool,
    routed: Routed,
    /// Whether a listener on the port serves the host.
    serves: bool,
    /// How specific that listener's host name is.
    host: (usize, usize),
}

/// Where a Gateway has a route for the host.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Routed {
    Nowhere,
    /// At a listener that the request does not reach.
    Elsewhere,
    /// At the listener that takes the request.
    Here,
}

fn score(
    model: &Model<'_>,
    attachments: &Attachments<'_>,
    request: &Request,
    (gateway, listeners): (usize, &[(ListenerId, &Joined<'_>)]),
    parts: &Parts<'_>,
) -> Score {
    // TCP and UDP are for no host: who asks for one means them by the port only.
    let meant = |joined: &Joined<'_>| request.port.is_some() || !request.is_named() || !is_transport(joined);
    let listeners: Vec<_> = listeners.iter().copied().filter(|(_, joined)| meant(joined)).collect();
    let tls = listeners.iter().any(|(_, joined)| takes_tls(joined));
    let best = best(&listeners, if tls { &parts.sni } else { &parts.host }).map(|(_, joined)| joined);
    let mut named = working(attachments, gateway).map(|(_, joined)| joined).filter(|joined| meant(joined));
    let routed = if best.is_some_and(|joined| has_route(model, joined, &parts.host)) {
        Routed::Here
    } else if request.port.is_none() && named.any(|joined| has_route(model, joined, &parts.host)) {
        Routed::Elsewhere
    } else {
        Routed::Nowhere
    };
    Score {
        speaks: !listeners.is_empty() && (request.sni.is_none() || tls),
        routed,
        serves: best.is_some(),
        host: best.map_or((0, 0), |joined| of_host(joined.listener.hostname.as_deref())),
    }
}

/// Whether a listener serves a host, and has a route for it.
fn has_route(model: &Model<'_>, joined: &Joined<'_>, host: &str) -> bool {
    let mut routes = joined.routes.iter().filter_map(|at| model.routes.get(*at));
    serves(joined, host) && routes.any(|route| is_for(route, host))
}

/// The port, given or guessed, and what listens there. Guessed are the well-known ones first: 443 with an
/// SNI, else 80 and then 443, else the lowest. With an SNI no plain port is guessed where one takes TLS.
fn port<'t, 'c>(
    attachments: &'t Attachments<'c>,
    gateway: usize,
    request: &Request,
    parts: &Parts<'_>,
) -> Option<(i64, Vec<(ListenerId, &'t Joined<'c>)>)> {
    let all: Vec<_> = working(attachments, gateway).collect();
    let secure = request.sni.is_some();
    let named = request.is_named();
    let preference = |(_, joined): &&(ListenerId, &Joined<'_>)| {
        let tls = takes_tls(joined);
        let fits = if secure { tls } else { layer(joined) == Some(Layer::Http) };
        let host = if tls { &parts.sni } else { &parts.host };
        let usual = joined.listener.port == if tls { 443 } else { 80 };
        let plain = secure && !tls;
        // The smallest goes first.
        (
            plain,
            named && is_transport(joined),
            named && !serves(joined, host),
            named && !fits,
            named && !usual,
            joined.listener.port,
        )
    };
    let port = request.port.or_else(|| all.iter().min_by_key(preference).map(|(_, it)| it.listener.port))?;
    let mut here: Vec<_> = all.into_iter().filter(|(_, joined)| joined.listener.port == port).collect();
    // TCP and UDP ports are apart; who asks for a host asks by TCP.
    if here.iter().any(|(_, joined)| layer(joined) != Some(Layer::Udp)) {
        here.retain(|(_, joined)| layer(joined) != Some(Layer::Udp));
    }
    // A port that takes both goes by what the client speaks.
    let speaks = |(_, joined): &(ListenerId, &Joined<'_>)| takes_tls(joined) == secure;
    if here.iter().any(speaks) {
        here.retain(speaks);
    }
    (!here.is_empty()).then_some((port, here))
}

/// Most listeners of which a note of its own says why they are left out; the others are counted. Our own bound.
pub(super) const NOTED: usize = 8;

/// Says that a Gateway is not there, and which are.
pub(super) fn no_gateway(model: &Model<'_>, named: Option<&(String, String)>) -> String {
    let names = model.gateways.iter();
    let names =
        names.map(|gateway| format!("`{}/{}`", gateway.meta.namespace, or_unnamed(&gateway.meta.name)));
    match named {
        Some((namespace, name)) if !model.gateways.is_empty() => {
            format!("the input has no Gateway `{namespace}/{name}`; it has {}", listed(names))
        }
        _ => "the input has no Gateway, so nothing can be said of requests".to_owned(),
    }
}

/// Why nothing listens: listeners that do not work, and ports where some do.
pub(super) fn nobody_there(
    model: &Model<'_>,
    attachments: &Attachments<'_>,
    request: &Request,
) -> Vec<String> {
    let gateways = asked(model, attachments, request).unwrap_or_default();
    let mut notes = out_of_work(attachments, gateways.clone(), request.port, None);
    let open = gateways.flat_map(|gateway| working(attachments, gateway));
    let ports: BTreeSet<i64> = open.map(|(_, joined)| joined.listener.port).collect();
    let port = request.port.map(|port| format!(" on port {port}")).unwrap_or_default();
    let others = if ports.is_empty() { "" } else { "; listeners are on " };
    notes.push(format!("nothing listens{port}{others}{}", listed(ports)));
    notes
}

/// Listeners that would serve a host, or any, and do not work.
pub(super) fn out_of_work(
    attachments: &Attachments<'_>,
    gateways: Range<usize>,
    port: Option<i64>,
    host: Option<&str>,
) -> Vec<String> {
    let why = |joined: &Joined<'_>| match joined.member {
        Known::Unknown => None,
        Known::No => Some("it is no part of the Gateway"),
        Known::Yes if joined.refused => Some("the named controller serves no routes of its protocol"),
        Known::Yes if joined.conflict.is_some_and(Conflict::is_certain) => {
            Some("another listener conflicts with it")
        }
        Known::Yes => layer(joined).is_none().then_some("its protocol is the controller's own"),
    };
    let all = gateways.flat_map(|gateway| attachments.merged(gateway)).map(|(_, joined)| joined);
    let meant = all.filter(|joined| {
        port.is_none_or(|port| port == joined.listener.port) && host.is_none_or(|host| serves(joined, host))
    });
    let mut left_out = meant.filter_map(|joined| Some((joined.listener, why(joined)?)));
    let notes = left_out.by_ref().take(NOTED);
    let notes = notes.map(|(listener, why)| {
        format!("listener `{}` on port {} is left out: {why}", listener.name, listener.port)
    });
    let mut notes: Vec<_> = notes.collect();
    let more = left_out.count();
    if more > 0 {
        notes.push(format!("{more} more listeners are left out"));
    }
    notes
}

/// Says which other ports of the Gateway have routes for the host, and take TLS if the client speaks it.
pub(super) fn other_ports(
    model: &Model<'_>,
    attachments: &Attachments<'_>,
    door: &Door<'_, '_>,
    request: &Request,
    parts: &Parts<'_>,
) -> Option<String> {
    let routed = |joined: &Joined<'_>| match layer(joined)? {
        Layer::Http if request.sni.is_some() => None,
        Layer::Http | Layer::Https => Some(has_route(model, joined, &parts.host)),
        Layer::Tls => Some(has_route(model, joined, &parts.sni)),
        Layer::Tcp | Layer::Udp => None,
    };
    let others = working(attachments, door.gateway).map(|(_, joined)| joined);
    let others = others.filter(|joined| joined.listener.port != door.port && routed(joined) == Some(true));
    let ports: BTreeSet<i64> = others.map(|joined| joined.listener.port).collect();
    let first = ports.first()?;
    let whose = whose_routes(&parts.host);
    Some(if ports.len() == 1 {
        format!("port {first} has {whose}: ask there")
    } else {
        format!("other ports have {whose}: ask on one of {}", listed(&ports))
    })
}

/// Routes for a host in words.
fn whose_routes(host: &str) -> &'static str {
    if host.is_empty() { "routes for every host" } else { "routes for the host" }
}

/// Whether a route is for a host.
pub(super) fn is_for(route: &Route<'_>, host: &str) -> bool {
    route.hostnames.is_empty() || route.hostnames.iter().any(|name| covers(name, host))
}
