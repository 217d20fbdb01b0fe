//! Host names of the values' own routes that a listener of an organization takes from them.

use std::collections::{BTreeMap, BTreeSet};

use super::owners::HOSTNAME_OF_ANOTHER;
use crate::diagnostic::Diagnostic;
use crate::hostname::{Hostname, suffix, wider};
use crate::plan::routes::Draft;
use crate::plan::{Gateway, Listener, ListenerSet};
use crate::values::quoted;

/// Listeners of organizations by the index of their Gateway, their port and their host name, a wildcard without its star.
type Listeners<'p, 'v> = BTreeMap<(usize, u16, &'p str), &'p Listener<'v>>;

/// Refuses them: of several listeners the one that says most takes a request.
pub(in crate::plan) fn check<'v>(
    gateways: &[Gateway<'v>],
    sets: &[ListenerSet<'v>],
    routes: &[Draft<'_>],
    out: &mut Vec<Diagnostic>,
) {
    let of_organizations = listeners(gateways, sets);
    if of_organizations.is_empty() {
        return;
    }
    for route in routes {
        let mut told = BTreeSet::new();
        for (position, at) in &route.parents.own {
            let (Some(gateway), Some(parent)) = (gateways.get(*at), route.parents.refs.get(*position)) else {
                continue;
            };
            let own = gateway.listeners.iter().filter(|own| own.organization.is_none());
            for own in own.filter(|own| own.is_picked(parent, route.kind)) {
                for hostname in &route.hostnames {
                    let Some(taker) = taker(hostname, *at, own, &of_organizations) else { continue };
                    if told.insert(hostname) {
                        out.push(finding(route, hostname, gateway, own, taker));
                    }
                }
            }
        }
    }
}

fn listeners<'p, 'v>(gateways: &'p [Gateway<'v>], sets: &'p [ListenerSet<'v>]) -> Listeners<'p, 'v> {
    let by_name: BTreeMap<_, _> = gateways
        .iter()
        .enumerate()
        .rev()
        .map(|(at, gateway)| ((gateway.namespace, gateway.name.as_ref()), at))
        .collect();
    let of_gateways = gateways
        .iter()
        .enumerate()
        .flat_map(|(at, gateway)| gateway.listeners.iter().map(move |own| (at, own)));
    let of_sets = sets.iter().filter_map(|set| {
        let at = *by_name.get(&(set.gateway_namespace, set.gateway.as_ref()))?;
        Some(set.listeners.iter().map(move |own| (at, own)))
    });
    of_gateways
        .chain(of_sets.flatten())
        .filter(|(_, listener)| listener.organization.is_some())
        .filter_map(|(at, listener)| {
            Some(((at, listener.port, suffix(listener.hostname.as_ref()?.as_str())), listener))
        })
        .collect()
}

/// The listener of an organization that takes a host name before the listener that the route attaches to.
fn taker<'p, 'v>(
    hostname: &Hostname<'_>,
    at: usize,
    own: &Listener<'_>,
    listeners: &Listeners<'p, 'v>,
) -> Option<&'p Listener<'v>> {
    let name = suffix(hostname.as_str());
    let said = own.hostname.as_ref().map_or("", |own| suffix(own.as_str()));
    let mut closer = [name].into_iter().chain(wider(name)).take_while(|name| name.len() > said.len());
    closer.find_map(|name| listeners.get(&(at, own.port, name)).copied())
}

fn finding(
    route: &Draft<'_>,
    hostname: &Hostname<'_>,
    gateway: &Gateway<'_>,
    own: &Listener<'_>,
    taker: &Listener<'_>,
) -> Diagnostic {
    let message = format!(
        "`{hostname}` goes to listener `{}` of organization {} on port {} of Gateway `{}`, which says more than `{}`",
        taker.name,
        quoted(taker.organization.unwrap_or_default()),
        own.port,
        gateway.name,
        own.name
    );
    Diagnostic::error(HOSTNAME_OF_ANOTHER, route.path.clone(), message)
        .source("Gateway API v1.6.1, `apis/v1/gateway_types.go:78-216`: the most specific listener takes a request")
        .hint("let one of the two have another host name, or put them on different Gateways")
}
