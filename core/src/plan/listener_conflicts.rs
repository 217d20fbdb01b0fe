//! Listeners that a controller cannot tell apart: by port, protocol and host name; TCP shares its port with
//! nobody.

use std::collections::BTreeMap;

use super::{Gateway, Listener};
use crate::diagnostic::{Code, Diagnostic};
use crate::values::{Protocol, Service, quoted};

/// Two listeners that the API server or the controller would not tell apart.
const LISTENER_CONFLICT: Code = Code("listener-conflict");

/// Finds the first other listener that each one conflicts with.
pub(super) fn check(listeners: &[Listener<'_>], services: &[Service<'_>], out: &mut Vec<Diagnostic>) {
    let mut by_port: BTreeMap<(bool, u16), Vec<&Listener<'_>>> = BTreeMap::new();
    for listener in listeners.iter().filter(|listener| listener.port > 0) {
        by_port.entry((listener.protocol == "UDP", listener.port)).or_default().push(listener);
    }
    for group in by_port.values() {
        for (position, second) in group.iter().enumerate() {
            if let Some((first, why)) =
                group[..position].iter().find_map(|first| conflict(first, second).map(|why| (first, why)))
            {
                out.push(finding(first, second, why, services));
            }
        }
    }
}

/// A listener in a ListenerSet that one of its Gateway's own keeps out.
pub(super) fn with_gateway(gateway: &Gateway<'_>, listener: &Listener<'_>) -> Option<Diagnostic> {
    let mut own = gateway
        .listeners
        .iter()
        .filter(|own| own.organization.is_none() && own.port == listener.port && own.protocol != "UDP");
    let (own, why) = own.find_map(|own| Some((own, conflict(own, listener)?)))?;
    let message = format!(
        "listener `{}` of a ListenerSet and `{}` of Gateway `{}` on port {} {why}: the Gateway's own stands and the other does not",
        listener.name, own.name, gateway.name, listener.port
    );
    Some(
        Diagnostic::error(LISTENER_CONFLICT, listener.path.clone(), message)
            .source("Gateway API v1.6.1, listenerset_types.go: the Gateway's own listeners come first")
            .hint("give the Gateway's listener another port or host name"),
    )
}

fn conflict(first: &Listener<'_>, second: &Listener<'_>) -> Option<&'static str> {
    let encrypted = |listener: &Listener<'_>| matches!(listener.protocol, "HTTPS" | "TLS");
    match (first.protocol, second.protocol) {
        ("TCP", _) | (_, "TCP") => Some("share it with TCP"),
        ("UDP", _) => Some("are both UDP"),
        _ if encrypted(first) != encrypted(second) => Some("speak TLS and no TLS"),
        _ if first.hostname == second.hostname => Some("have the same host name"),
        _ => None,
    }
}

fn finding(first: &Listener<'_>, second: &Listener<'_>, why: &str, services: &[Service<'_>]) -> Diagnostic {
    let message = format!(
        "listeners {} and {} on port {} {why}: a controller accepts neither",
        named(first, services),
        named(second, services),
        second.port
    );
    let (path, hint) = match movable(first, services).or_else(|| movable(second, services)) {
        Some(service) => {
            let hint = format!(
                "give service {} another `port` (an endpoint may keep its own: `host:{}`), or write the Gateway's `listeners`",
                quoted(&service.name),
                service.port
            );
            (service.path.key("port"), hint)
        }
        None if first.derived || second.derived => {
            (second.path.clone(), "write the Gateway's `listeners`, each with a port of its own".to_owned())
        }
        None if matches!(first.protocol, "TCP" | "UDP") || second.protocol == "TCP" => {
            (second.path.clone(), "give one of them another port".to_owned())
        }
        None => (second.path.clone(), "give one of them another port or host name".to_owned()),
    };
    Diagnostic::error(LISTENER_CONFLICT, path, message)
        .source("Gateway API v1.6.1, gateway_types.go: listener distinctness")
        .hint(hint)
}

/// A listener as the user knows it: a derived one by a service that it is for.
fn named(listener: &Listener<'_>, services: &[Service<'_>]) -> String {
    let wanting: Vec<_> = wanted_by(listener, services).collect();
    match wanting.as_slice() {
        [] => format!("`{}`", listener.name),
        [only] => format!("`{}` (of service {})", listener.name, quoted(&only.name)),
        [first, rest @ ..] => {
            format!("`{}` (of service {} and {} more)", listener.name, quoted(&first.name), rest.len())
        }
    }
}

/// The service whose `port` is a derived listener's port.
fn movable<'s, 'v>(listener: &Listener<'_>, services: &'s [Service<'v>]) -> Option<&'s Service<'v>> {
    let by_port =
        |service: &&Service<'_>| matches!(service.protocol, Protocol::Tls | Protocol::Tcp | Protocol::Udp);
    wanted_by(listener, services).find(by_port)
}

/// The services that a derived listener is for.
fn wanted_by<'s, 'v>(
    listener: &Listener<'_>,
    services: &'s [Service<'v>],
) -> impl Iterator<Item = &'s Service<'v>> {
    let Listener { protocol, port, derived, .. } = listener;
    services.iter().filter(move |service| {
        *derived
            && match service.protocol {
                Protocol::Http | Protocol::H2c | Protocol::Grpc => *protocol == "HTTP",
                Protocol::Https | Protocol::Grpcs => *protocol == "HTTPS",
                Protocol::Tls | Protocol::Tcp | Protocol::Udp => {
                    *protocol == service.protocol.word() && *port == service.port
                }
            }
    })
}
