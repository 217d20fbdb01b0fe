//! What stands at one moment of a change: listeners behind doors, routes that name them, and who so is served.

use std::collections::{BTreeMap, BTreeSet};

use super::gateways::Admits;
use super::{Listener, Parent, Summary};
use crate::hostname::{suffix, wider};

/// A listener, with kind, namespace and name of what it stands in.
struct Place<'s> {
    kind: &'static str,
    namespace: &'s str,
    name: &'s str,
    listener: &'s Listener,
}

/// A parent of a route, with the route's namespace.
type Wish<'s> = (&'s str, &'s Parent);

/// Namespace and name of a Gateway, one of its ports, and whether TLS is spoken there.
pub(super) type Door<'s> = (&'s str, &'s str, u16, bool);

/// What stands at one moment, with the kind of each holder of listeners.
pub(super) struct Moment<'s> {
    /// By Gateway: the listeners behind each door, by host name without star.
    doors: BTreeMap<Door<'s>, BTreeMap<&'s str, Place<'s>>>,
    /// The Gateways of ListenerSets.
    sets: BTreeMap<(&'s str, &'s str), (&'s str, &'s str)>,
    /// The parents of each host name's routes; the empty one is that of routes without any.
    hosts: BTreeMap<&'s str, Vec<Wish<'s>>>,
}

/// A host name at a door.
struct Call<'m, 's> {
    host: &'s str,
    door: Door<'s>,
    /// Those behind it.
    listeners: &'m BTreeMap<&'s str, Place<'s>>,
    /// The parents of its routes.
    wishes: &'m [Wish<'s>],
}

impl<'s> Moment<'s> {
    /// The moment at which a plan is there whole.
    pub(super) fn whole(summary: &'s Summary) -> Self {
        Self::of(summary, summary, &BTreeSet::new())
    }

    /// The moment at which objects of the `fresh` kinds are as in the new plan, or not deleted yet.
    pub(super) fn of(old: &'s Summary, new: &'s Summary, fresh: &BTreeSet<&str>) -> Self {
        let mut moment = Self { doors: BTreeMap::new(), sets: BTreeMap::new(), hosts: BTreeMap::new() };
        let is_fresh = |kind: &str| fresh.contains(kind);
        let gateways = either(
            &old.gateways,
            &new.gateways,
            |_| is_fresh("Gateway"),
            |gateway| (gateway.namespace.as_str(), gateway.name.as_str()),
        );
        for gateway in gateways {
            for listener in &gateway.listeners {
                let owner = ("Gateway", gateway.namespace.as_str(), gateway.name.as_str());
                moment.add(owner, (&gateway.namespace, &gateway.name), listener);
            }
        }
        let kind = if is_fresh("XListenerSet") { "XListenerSet" } else { "ListenerSet" };
        let sets = either(
            &old.listener_sets,
            &new.listener_sets,
            |_| is_fresh(kind),
            |set| (set.namespace.as_str(), set.name.as_str()),
        );
        for set in sets {
            let gateway = (set.gateway_namespace.as_str(), set.gateway.as_str());
            moment.sets.insert((&set.namespace, &set.name), gateway);
            for listener in &set.listeners {
                moment.add(("ListenerSet", &set.namespace, &set.name), gateway, listener);
            }
        }
        let routes = either(
            &old.routes,
            &new.routes,
            |route| is_fresh(route.kind),
            |route| (route.kind, route.namespace.as_str(), route.name.as_str()),
        );
        for route in routes {
            let any = route.hostnames.is_empty().then_some("");
            for hostname in route.hostnames.iter().map(String::as_str).chain(any) {
                let wishes = route.parents.iter().map(|parent| (route.namespace.as_str(), parent));
                moment.hosts.entry(hostname).or_default().extend(wishes);
            }
        }
        moment
    }

    fn add(
        &mut self,
        (kind, namespace, name): (&'static str, &'s str, &'s str),
        gateway: (&'s str, &'s str),
        listener: &'s Listener,
    ) {
        let tls = listener.tls.is_some();
        let door = self.doors.entry((gateway.0, gateway.1, listener.port, tls)).or_default();
        // Of two with one host name the Gateway's own goes first, and it is here first.
        let hostname = listener.hostname.as_deref().map_or("", suffix);
        door.entry(hostname).or_insert(Place { kind, namespace, name, listener });
    }

    /// Each host name with the doors behind which a listener takes it that a route of it names.
    pub(super) fn serving(&self) -> BTreeSet<(&'s str, Door<'s>)> {
        self.calls().filter(Call::is_served).map(|call| (call.host, call.door)).collect()
    }

    /// Each host name with the doors behind which a listener that no route of it names takes it from one that is named.
    pub(super) fn astray(&self) -> BTreeMap<(&'s str, Door<'s>), &'s Listener> {
        self.calls().filter_map(|call| Some(((call.host, call.door), call.astray()?))).collect()
    }

    /// Each host name at each door of the Gateways that its routes name.
    fn calls(&self) -> impl Iterator<Item = Call<'_, 's>> {
        self.hosts.iter().flat_map(move |(host, wishes)| {
            let gateways: BTreeSet<(&str, &str)> =
                wishes.iter().filter_map(|(_, parent)| self.gateway(parent)).collect();
            gateways.into_iter().flat_map(move |(namespace, name)| {
                let doors = self.doors.range((namespace, name, 0, false)..=(namespace, name, u16::MAX, true));
                doors.map(move |(door, listeners)| Call { host, door: *door, listeners, wishes })
            })
        })
    }

    fn gateway(&self, parent: &'s Parent) -> Option<(&'s str, &'s str)> {
        let place = (parent.namespace.as_str(), parent.name.as_str());
        if is_set(parent) { self.sets.get(&place).copied() } else { Some(place) }
    }
}

impl<'m, 's> Call<'m, 's> {
    /// Listeners that stand for the host name, the narrowest first, which takes it.
    fn takers(&self) -> impl Iterator<Item = &'m Place<'s>> {
        let (own, listeners) = (suffix(self.host), self.listeners);
        [own].into_iter().chain(wider(own)).filter_map(|name| listeners.get(name))
    }

    fn is_named(&self, place: &Place<'_>) -> bool {
        self.wishes.iter().any(|wish| names(wish, place))
    }

    fn is_served(&self) -> bool {
        match self.host {
            "" => self.listeners.values().any(|place| self.is_named(place)),
            _ => self.takers().next().is_some_and(|taker| self.is_named(taker)),
        }
    }

    /// The listener that takes the host name, where only wider ones are named. What routes without host names get is
    /// whatever is left.
    fn astray(&self) -> Option<&'s Listener> {
        let mut takers = self.takers();
        let taker = takers.next().filter(|taker| !self.host.is_empty() && !self.is_named(taker))?;
        takers.any(|wider| self.is_named(wider)).then_some(taker.listener)
    }
}

fn is_set(parent: &Parent) -> bool {
    parent.kind.ends_with("ListenerSet")
}

/// Whether a parent of a route means a listener that lets it attach.
fn names((from, parent): &Wish<'_>, place: &Place<'_>) -> bool {
    let Place { kind, namespace, name, listener } = place;
    let is_admitted = match &listener.admits {
        Admits::All | Admits::Labelled => true,
        Admits::Same => from == namespace,
        Admits::None => false,
        Admits::Named(namespaces) => namespaces.contains(*from),
    };
    is_set(parent) == (*kind == "ListenerSet")
        && parent.namespace == *namespace
        && parent.name == *name
        && parent.section_name.as_ref().is_none_or(|section| *section == listener.name)
        && parent.port.is_none_or(|port| port == i64::from(listener.port))
        && is_admitted
}

/// The objects of one moment: the new ones with the old ones that are still to be deleted, or the old ones.
fn either<'s, T, K: Ord>(
    old: &'s [T],
    new: &'s [T],
    is_fresh: impl Fn(&T) -> bool,
    key: impl Fn(&'s T) -> K,
) -> Vec<&'s T> {
    let fresh: Vec<&T> = new.iter().filter(|item| is_fresh(item)).collect();
    let known: BTreeSet<K> = fresh.iter().map(|item| key(item)).collect();
    let old = old.iter().filter(|item| !known.contains(&key(item)));
    fresh.into_iter().chain(old).collect()
}
