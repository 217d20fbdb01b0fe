//! What stands at one moment of a change: listeners behind doors, routes that name them, and who so is served.

use std::collections::{BTreeMap, BTreeSet};

use super::awaited::Awaited;
use super::gateways::{Admits, From};
use super::matches;
use super::{Listener, Parent, Route, Rule, Summary};
use crate::hostname::{suffix, wider};

/// A listener, with kind, namespace and name of what it stands in.
struct Place<'s> {
    kind: &'static str,
    namespace: &'s str,
    name: &'s str,
    listener: &'s Listener,
    /// Whether it takes requests and cannot answer them yet: nobody lets it refer to its certificate.
    waits: bool,
}

/// A route with one of its parents.
type Wish<'s> = (&'s Route, &'s Parent);

/// What is spoken behind a port; TCP and UDP of one number are two ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Speech {
    /// HTTP or TCP.
    Plain,
    /// TLS, wherever it ends.
    Tls,
    /// UDP.
    Udp,
}

/// Namespace and name of a Gateway, one of its ports, and what is spoken there.
pub(super) type Door<'s> = (&'s str, &'s str, u16, Speech);

/// A host name and one of the matches of its routes, in words; none stands for all that they answer.
pub(super) type Asked<'s> = (&'s str, Option<&'s str>);

/// What is answered behind a door.
pub(super) type Serves<'s> = (Asked<'s>, Door<'s>);

/// Namespace and name of a Gateway.
pub(super) type Name<'s> = (&'s str, &'s str);

/// What stands at one moment, with the kind of each holder of listeners.
pub(super) struct Moment<'s> {
    /// By Gateway: the listeners behind each door, by host name without star.
    doors: BTreeMap<Door<'s>, Listeners<'s>>,
    /// The doors with a listener for less than every host, by its host name without star.
    narrow: BTreeMap<&'s str, BTreeSet<Door<'s>>>,
    /// The Gateways of ListenerSets.
    sets: BTreeMap<Name<'s>, Name<'s>>,
    /// The routes of each host name without star, with their parents, by the Gateway that these lead to: each door is
    /// visited with its own alone. The empty name is that of routes without any.
    hosts: BTreeMap<&'s str, BTreeMap<Name<'s>, Vec<Wish<'s>>>>,
}

/// Listeners by host name without star.
type Listeners<'s> = BTreeMap<&'s str, Place<'s>>;

/// A route that names listeners which stand for a host name, and not the one that takes it.
pub(super) struct Missed<'s> {
    pub(super) door: Door<'s>,
    /// The listener that takes the host name.
    pub(super) listener: &'s Listener,
    pub(super) route: &'s Route,
    /// Whether the route names that listener, which does not let it attach.
    pub(super) is_refused: bool,
}

impl<'s> Moment<'s> {
    /// The moment at which a plan is there whole.
    pub(super) fn whole(summary: &'s Summary) -> Self {
        Self::of(summary, summary, &BTreeSet::new(), &Awaited::default())
    }

    /// The moment at which objects of the `fresh` kinds are as in the new plan, or not deleted yet; `awaited` are grants
    /// that are not there yet.
    pub(super) fn of(
        old: &'s Summary,
        new: &'s Summary,
        fresh: &BTreeSet<&str>,
        awaited: &Awaited<'s>,
    ) -> Self {
        let mut moment = Self {
            doors: BTreeMap::new(),
            narrow: BTreeMap::new(),
            sets: BTreeMap::new(),
            hosts: BTreeMap::new(),
        };
        let is_fresh = |kind: &str| fresh.contains(kind);
        let gateways = either(
            &old.gateways,
            &new.gateways,
            |_| is_fresh("Gateway"),
            |gateway| (gateway.namespace.as_str(), gateway.name.as_str()),
        );
        let mut lets_sets_in: BTreeMap<Name<'s>, &From> = BTreeMap::new();
        for gateway in gateways {
            lets_sets_in.insert((&gateway.namespace, &gateway.name), &gateway.lets_sets_in);
            for listener in &gateway.listeners {
                let owner = ("Gateway", gateway.namespace.as_str(), gateway.name.as_str());
                moment.add(owner, (&gateway.namespace, &gateway.name), listener, awaited);
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
            if lets_sets_in.get(&gateway).is_some_and(|from| !from.has(&set.namespace, gateway.0)) {
                continue;
            }
            for listener in &set.listeners {
                moment.add(("ListenerSet", &set.namespace, &set.name), gateway, listener, awaited);
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
                for parent in &route.parents {
                    if let Some(gateway) = moment.gateway(parent) {
                        let wishes = moment.hosts.entry(suffix(hostname)).or_default();
                        wishes.entry(gateway).or_default().push((route, parent));
                    }
                }
            }
        }
        moment
    }

    fn add(
        &mut self,
        (kind, namespace, name): (&'static str, &'s str, &'s str),
        gateway: (&'s str, &'s str),
        listener: &'s Listener,
        awaited: &Awaited<'_>,
    ) {
        let speech = match listener.protocol.as_str() {
            "UDP" => Speech::Udp,
            _ if listener.tls.is_some() => Speech::Tls,
            _ => Speech::Plain,
        };
        let door = (gateway.0, gateway.1, listener.port, speech);
        let hostname = listener.hostname.as_deref().map_or("", suffix);
        if !hostname.is_empty() {
            self.narrow.entry(hostname).or_default().insert(door);
        }
        // Of two with one host name the Gateway's own goes first, and it is here first.
        let place = Place { kind, namespace, name, listener, waits: awaited.is_for(listener, namespace) };
        self.doors.entry(door).or_default().entry(hostname).or_insert(place);
    }

    /// What of these host names is answered, and behind which doors: by the routes that say most of each, among those
    /// that are attached somewhere.
    pub(super) fn serving(&self, names: &BTreeSet<&'s str>) -> BTreeSet<Serves<'s>> {
        let mut serving = BTreeSet::new();
        for name in names {
            for gateways in covering(&self.hosts, name) {
                let before = serving.len();
                for (gateway, wishes) in gateways {
                    self.add_served(name, *gateway, wishes, &mut serving);
                }
                if serving.len() > before {
                    break;
                }
            }
        }
        serving
    }

    /// Adds what wishes of a Gateway have answered of a host name.
    fn add_served(
        &self,
        name: &'s str,
        gateway: Name<'s>,
        wishes: &[Wish<'s>],
        serving: &mut BTreeSet<Serves<'s>>,
    ) {
        for (door, listeners) in self.doors_of(gateway) {
            let taker = takers(name, listeners).next();
            for wish in wishes {
                let is_served = match name {
                    // What routes without host names get is whatever is left.
                    "" => listeners.values().any(|place| attaches(wish, place)),
                    _ => taker.is_some_and(|taker| attaches(wish, taker)),
                };
                if is_served {
                    serving.extend(matches(wish.0).map(|words| ((name, words), door)));
                }
            }
        }
    }

    /// The routes that answer a host name behind a door: those on the listener that takes it which say most of the name.
    pub(super) fn answered(&self, name: &str, door: Door<'s>) -> Vec<&'s Route> {
        let taker = self.doors.get(&door).and_then(|listeners| takers(name, listeners).next());
        let Some(taker) = taker else { return Vec::new() };
        let patterns = covering(&self.hosts, name).filter_map(|gateways| gateways.get(&(door.0, door.1)));
        let mut on_it = patterns.map(|wishes| -> Vec<&'s Route> {
            wishes.iter().filter(|wish| attaches(wish, taker)).map(|(route, _)| *route).collect()
        });
        on_it.find(|routes| !routes.is_empty()).unwrap_or_default()
    }

    /// Whether a host name, or one of its matches, is answered behind a door, by whatever route.
    pub(super) fn answers(&self, ((name, words), door): Serves<'s>) -> bool {
        self.answered(name, door).into_iter().any(|route| match words {
            None => true,
            Some(words) => matches(route).flatten().any(|wide| matches::cover(wide, words)),
        })
    }

    /// The routes of one host name that are only on listeners which the one that takes it keeps requests from.
    pub(super) fn missed(&self, name: &str) -> Vec<Missed<'s>> {
        // Where every listener is for every host, one takes all.
        let doors: BTreeSet<Door<'s>> = covering(&self.narrow, name).flatten().copied().collect();
        let mut missed = Vec::new();
        for door in doors {
            let mut takers = self.doors.get(&door).into_iter().flat_map(|listeners| takers(name, listeners));
            let Some(taker) = takers.next() else { continue };
            let wider: Vec<&Place<'s>> = takers.collect();
            let gateway = (door.0, door.1);
            let wishes = covering(&self.hosts, name).filter_map(|gateways| gateways.get(&gateway)).flatten();
            for wish in wishes.filter(|wish| !attaches(wish, taker)) {
                if wider.iter().any(|place| attaches(wish, place)) {
                    let (listener, route) = (taker.listener, wish.0);
                    missed.push(Missed { door, listener, route, is_refused: means(wish, taker) });
                }
            }
        }
        missed
    }

    /// The doors of a Gateway.
    fn doors_of(&self, (namespace, name): Name<'s>) -> impl Iterator<Item = (Door<'s>, &Listeners<'s>)> {
        let all = (namespace, name, 0, Speech::Plain)..=(namespace, name, u16::MAX, Speech::Udp);
        self.doors.range(all).map(|(door, listeners)| (*door, listeners))
    }

    /// The Gateway that a parent leads to.
    pub(super) fn gateway(&self, parent: &'s Parent) -> Option<Name<'s>> {
        let place = (parent.namespace.as_str(), parent.name.as_str());
        if is_set(parent) { self.sets.get(&place).copied() } else { Some(place) }
    }
}

/// The host names of the routes of two plans; the empty one is that of routes without any.
pub(super) fn names<'s>(old: &'s Summary, new: &'s Summary) -> BTreeSet<&'s str> {
    let routes = old.routes.iter().chain(&new.routes);
    let of = |route: &'s Route| {
        let any = route.hostnames.is_empty().then_some("");
        route.hostnames.iter().map(String::as_str).chain(any)
    };
    routes.flat_map(of).collect()
}

/// What names without star have that stand for a host name, the narrowest first.
fn covering<'m, T>(of: &'m BTreeMap<&str, T>, name: &str) -> impl Iterator<Item = &'m T> {
    let own = suffix(name);
    // The suffix of a wildcard is the first of those that cover it.
    let exact = (!own.starts_with('.') && !own.is_empty()).then_some(own);
    exact.into_iter().chain(wider(own)).filter_map(|name| of.get(name))
}

/// What the narrowest of them has.
pub(super) fn nearest<'m, T>(of: &'m BTreeMap<&str, T>, name: &str) -> Option<&'m T> {
    covering(of, name).next()
}

/// Listeners that stand for a host name, the narrowest first, which takes it.
fn takers<'m, 's>(name: &str, listeners: &'m Listeners<'s>) -> impl Iterator<Item = &'m Place<'s>> {
    covering(listeners, name)
}

/// The matches of a route, and none, which stands for all.
pub(super) fn matches(route: &Route) -> impl Iterator<Item = Option<&str>> {
    let of = |rule: &'_ Rule| rule.matches.is_empty().then_some("");
    let words =
        route.rules.iter().flat_map(move |rule| rule.matches.iter().map(String::as_str).chain(of(rule)));
    words.map(Some).chain([None])
}

fn is_set(parent: &Parent) -> bool {
    parent.kind.ends_with("ListenerSet")
}

/// Whether a parent of a route means a listener.
fn means((_, parent): &Wish<'_>, place: &Place<'_>) -> bool {
    let Place { kind, namespace, name, listener, waits: _ } = place;
    is_set(parent) == (*kind == "ListenerSet")
        && parent.namespace == *namespace
        && parent.name == *name
        && parent.section_name.as_ref().is_none_or(|section| *section == listener.name)
        && parent.port.is_none_or(|port| port == i64::from(listener.port))
}

/// Whether it does, and the listener lets the route attach and can answer.
fn attaches(wish: &Wish<'_>, place: &Place<'_>) -> bool {
    let Admits { from, kinds } = &place.listener.admits;
    let route = wish.0;
    !place.waits
        && means(wish, place)
        && kinds.contains(&route.kind)
        && from.has(&route.namespace, place.namespace)
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
