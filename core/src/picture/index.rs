//! What stands in front of each Gateway of a summary, looked up once for all of them.

use std::collections::BTreeMap;

use crate::summary::{Gateway, Listener, ListenerSet, Route, Summary};

/// Namespace and name.
type Place<'s> = (&'s str, &'s str);

/// What a summary says of Gateways elsewhere than at the Gateways themselves.
pub(super) struct Index<'s> {
    /// ListenerSets by the Gateway that they join.
    sets: BTreeMap<Place<'s>, Vec<&'s ListenerSet>>,
    /// Routes by the listener that they attach to: whether it stands in a ListenerSet, in which parent, and its name.
    routes: BTreeMap<(bool, Place<'s>, &'s str), Vec<Attached<'s>>>,
}

/// A route in front of a listener.
pub(super) struct Attached<'s> {
    kind: &'static str,
    namespace: &'s str,
    name: &'s str,
}

/// Who is in front of a listener. Routes of two kinds may have one name, and that of an organization.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin<'s> {
    /// An organization, by its name.
    Organization(&'s str),
    /// A route, by namespace, name and kind.
    Route(&'s str, &'s str, &'static str),
}

/// A listener with what stands in front of it.
pub(super) struct Served<'s> {
    pub(super) listener: &'s Listener,
    /// The ListenerSet in which it stands, if not on the Gateway itself.
    pub(super) set: Option<&'s str>,
    /// Routes that attach to it, where it is for no organization.
    pub(super) routes: &'s [Attached<'s>],
}

impl<'s> Served<'s> {
    /// The organization that it is for, or the routes.
    pub(super) fn origins(&self) -> impl Iterator<Item = Origin<'s>> {
        let organization = self.listener.organization.as_deref().map(Origin::Organization);
        let routes = self.routes.iter().map(|route| Origin::Route(route.namespace, route.name, route.kind));
        organization.into_iter().chain(routes)
    }
}

impl Origin<'_> {
    /// Its name.
    pub(super) fn name(self) -> String {
        match self {
            Self::Organization(name) | Self::Route("", name, _) => name.to_owned(),
            Self::Route(namespace, name, _) => format!("{namespace}/{name}"),
        }
    }

    /// The kind of a route.
    pub(super) const fn kind(self) -> Option<&'static str> {
        match self {
            Self::Organization(_) => None,
            Self::Route(_, _, kind) => Some(kind),
        }
    }
}

impl<'s> Index<'s> {
    pub(super) fn of(summary: &'s Summary) -> Self {
        let mut index = Self { sets: BTreeMap::new(), routes: BTreeMap::new() };
        for set in &summary.listener_sets {
            index.sets.entry((&set.gateway_namespace, &set.gateway)).or_default().push(set);
        }
        for route in &summary.routes {
            let Route { kind, namespace, name, .. } = route;
            for parent in &route.parents {
                let place = (parent.namespace.as_str(), parent.name.as_str());
                for listener in parent.listeners.iter().flatten() {
                    let key = (parent.kind.ends_with("ListenerSet"), place, listener.as_str());
                    index.routes.entry(key).or_default().push(Attached { kind, namespace, name });
                }
            }
        }
        index
    }

    /// The listeners of a Gateway, those of its ListenerSets after its own.
    pub(super) fn served(&'s self, gateway: &'s Gateway) -> impl Iterator<Item = Served<'s>> {
        let place = (gateway.namespace.as_str(), gateway.name.as_str());
        let own = gateway.listeners.iter().map(move |listener| Served {
            listener,
            set: None,
            routes: self.routes(false, place, listener),
        });
        let sets = self.sets.get(&place).into_iter().flatten();
        own.chain(sets.flat_map(|set| {
            set.listeners.iter().map(|listener| Served {
                listener,
                set: Some(&set.name),
                routes: self.routes(true, (&set.namespace, &set.name), listener),
            })
        }))
    }

    fn routes(&'s self, in_set: bool, place: Place<'s>, listener: &'s Listener) -> &'s [Attached<'s>] {
        let attached =
            self.routes.get(&(in_set, place, &listener.name)).filter(|_| listener.organization.is_none());
        attached.map(Vec::as_slice).unwrap_or_default()
    }
}
