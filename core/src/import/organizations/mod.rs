//! Organizations: routes of tenants below one domain, with the listeners that serve them.
//!
//! An organization is a guess too. It holds if rendering it serves the same host names from the same namespaces on the
//! same Gateways; else its routes stay routes.

mod listeners;
mod routes;
mod served;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::names::Named;
use super::objects::{Key, Objects};
use super::trial::Entry;
use crate::hostname::Hostname;
use crate::placement;
use crate::release::Target;
use crate::tree::{Map, Node, Value};
use listeners::{Listeners, named_by};
use routes::TenantRoute;
use served::Served;

/// Organizations, and what they take out of `gateways` and `routes`.
#[derive(Debug, Default)]
pub(super) struct Organizations<'a> {
    pub(super) list: Vec<Organization<'a>>,
    base_domain: String,
    strategy: &'static str,
    /// Whether their listeners stand in ListenerSets.
    in_sets: bool,
    /// The Gateway that most of them are on, by its name in the values.
    main: String,
    /// The objects of all their routes.
    routes: BTreeSet<usize>,
    /// The listeners of each Gateway that they bring themselves.
    listeners: BTreeMap<usize, BTreeSet<String>>,
}

/// One organization.
#[derive(Debug)]
pub(super) struct Organization<'a> {
    pub(super) name: String,
    node: Node<'a>,
    /// The index of its routes' objects.
    pub(super) routes: BTreeSet<usize>,
    /// Its listeners on Gateways, by the Gateway's object and their names.
    listeners: BTreeSet<(usize, String)>,
    /// The name of its Gateway in the values.
    gateway: String,
    is_dedicated: bool,
    /// What of its host names has to come back.
    served: Vec<Served>,
}

/// The object of a route, the organization that it could have been of, and why it is none.
pub(super) type Misfit = (usize, String, String);

/// What organizations are looked for in.
pub(super) struct Search<'s, 'a> {
    pub(super) objects: &'s Objects<'a>,
    pub(super) target: Target,
    pub(super) base_domain: &'s Hostname<'s>,
    pub(super) gateways: &'s Named<'a>,
    pub(super) routes: &'s [Entry<'a>],
}

impl<'a> Organizations<'a> {
    /// Every organization that routes and listeners show, and routes that could have been of one, each with the reason.
    pub(super) fn of(search: &Search<'_, 'a>) -> (Self, Vec<Misfit>) {
        let listeners = Listeners::of(search.objects, search.gateways);
        let fitting: BTreeMap<usize, TenantRoute<'a>> = search
            .routes
            .iter()
            .filter_map(|entry| Some((entry.object, routes::read(search, &listeners, entry.object)?)))
            .collect();
        let others = search.routes.iter().filter(|entry| !fitting.contains_key(&entry.object));
        let taken: BTreeSet<(usize, String)> =
            others.flat_map(|entry| named_by(search.objects, entry.object)).collect();
        let mut groups: BTreeMap<String, Vec<(usize, TenantRoute<'a>)>> = BTreeMap::new();
        for (object, route) in fitting {
            groups.entry(route.organization.clone()).or_default().push((object, route));
        }
        let (mut list, mut misfits) = (Vec::new(), Vec::new());
        for (name, routes) in groups {
            match Found::of(name, routes, &listeners, &taken) {
                Ok(found) => list.push(found),
                Err(misfit) => misfits.push(misfit),
            }
        }
        let Some((main, shape)) = most(list.iter().map(|found| (found.gateway.clone(), found.shape))) else {
            return (Self::default(), misfits);
        };
        let (list, others): (Vec<Found<'a>>, Vec<Found<'a>>) =
            list.into_iter().partition(|found| found.fits(&main, shape));
        misfits.extend(others.iter().filter_map(|found| {
            let why = format!(
                "Gateway `{}` or its listeners are not as those of the others, on `{main}`",
                found.gateway
            );
            Some((*found.routes.first()?, found.name.clone(), why))
        }));
        let is_spread = list.iter().any(|found| found.gateway != main);
        let strategy = match shape {
            Shape::Host => "perService",
            _ if is_spread => "hybrid",
            Shape::Wildcard => "wildcardPerOrganization",
            Shape::Sets => "listenerSets",
        };
        let list = list.into_iter().map(|found| found.into_organization(&main)).collect();
        let (base_domain, in_sets) = (search.base_domain.to_string(), shape == Shape::Sets);
        let mut found = Self { list, base_domain, strategy, in_sets, main, ..Self::default() };
        found.drop(&BTreeSet::new());
        (found, misfits)
    }

    /// Whether a route is one of theirs.
    pub(super) fn has_route(&self, object: usize) -> bool {
        self.routes.contains(&object)
    }

    /// Drops some by their index.
    pub(super) fn drop(&mut self, dropped: &BTreeSet<usize>) {
        let mut index = 0;
        self.list.retain(|_| {
            index += 1;
            !dropped.contains(&(index - 1))
        });
        self.routes = self.list.iter().flat_map(|organization| organization.routes.iter().copied()).collect();
        self.listeners = BTreeMap::new();
        for (gateway, name) in self.list.iter().flat_map(|organization| &organization.listeners) {
            self.listeners.entry(*gateway).or_default().insert(name.clone());
        }
    }

    /// Those whose host names do not come back as they were.
    pub(super) fn unequal(&self, made: &BTreeMap<Key, Node<'static>>) -> BTreeMap<usize, String> {
        let served = served::of(made);
        let lost = |organization: &Organization<'_>| {
            organization.served.iter().find(|wanted| !served.contains(*wanted)).map(Served::to_string)
        };
        self.list.iter().enumerate().filter_map(|(index, found)| Some((index, lost(found)?))).collect()
    }

    /// A Gateway without the listeners that organizations bring themselves.
    pub(super) fn without_listeners(&self, gateway: &Node<'a>, object: usize) -> Node<'a> {
        let Some(cut) = self.listeners.get(&object) else { return gateway.clone() };
        let mut gateway = gateway.clone();
        if let Value::Map(map) = &mut gateway.value
            && let Some(Value::List(listeners)) = map.get_mut("listeners").map(|list| &mut list.value)
        {
            listeners.retain(|listener| {
                listener.get("name").and_then(Node::as_text).is_none_or(|name| !cut.contains(name))
            });
        }
        gateway
    }

    /// Whether a Gateway is the one that others are made like, and so comes first.
    pub(super) fn is_main(&self, name: &str) -> bool {
        !self.list.is_empty() && self.main == name
    }

    /// The values that make them.
    pub(super) fn add_to(&self, mut values: Node<'a>) -> Node<'a> {
        if self.list.is_empty() {
            return values;
        }
        let mut sharding = Node::map([("strategy", Node::text(self.strategy))]);
        let shared = || self.list.iter().filter(|organization| !organization.is_dedicated);
        if let Some(last) = shared().filter_map(|found| number(&self.main, &found.gateway)).max() {
            sharding = sharding.with("maxGateways", Node::integer(last));
        }
        if self.strategy == "hybrid" {
            sharding =
                sharding.with("listenerSets", Node::text(if self.in_sets { "always" } else { "never" }));
        }
        let mut gateways = Map::default();
        for organization in shared() {
            let gateway = Node::text(organization.gateway.clone());
            gateways.insert(Cow::Owned(organization.name.clone()), gateway);
        }
        if !gateways.is_empty() {
            let gateways = Node::bare(Value::Map(gateways));
            let placements = Node::map([("gateways", gateways), ("hash", Node::text(placement::NAME))]);
            values = values.with("placements", placements);
        }
        let entries = self.list.iter().map(|organization| organization.node.clone());
        values
            .with("baseDomain", Node::text(self.base_domain.clone()))
            .with("organizations", Node::list(entries))
            .with("sharding", sharding)
    }
}

/// The number of a shared Gateway that is made like the main one: `<main>-02` is the second.
fn number(main: &str, gateway: &str) -> Option<i64> {
    gateway.strip_prefix(main)?.strip_prefix('-')?.parse().ok()
}

/// What the listeners of an organization are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    /// One a host name.
    Host,
    /// A wildcard.
    Wildcard,
    /// In ListenerSets.
    Sets,
}

/// An organization before it is known what the others are like.
struct Found<'a> {
    name: String,
    shape: Shape,
    gateway: String,
    node: Node<'a>,
    routes: BTreeSet<usize>,
    listeners: BTreeSet<(usize, String)>,
    served: Vec<Served>,
}

/// The Gateway and the shape that most have; of equals the first.
fn most(all: impl Iterator<Item = (String, Shape)>) -> Option<(String, Shape)> {
    let (mut gateways, mut shapes) = (BTreeMap::new(), BTreeMap::new());
    for (gateway, shape) in all {
        *gateways.entry(gateway).or_insert(0_usize) += 1;
        *shapes.entry(shape).or_insert(0_usize) += 1;
    }
    let gateway = gateways.into_iter().rev().max_by_key(|(_, count)| *count)?.0;
    Some((gateway, shapes.into_iter().rev().max_by_key(|(_, count)| *count)?.0))
}

impl<'a> Found<'a> {
    fn of(
        name: String,
        routes: Vec<(usize, TenantRoute<'a>)>,
        listeners: &Listeners<'_, 'a>,
        taken: &BTreeSet<(usize, String)>,
    ) -> Result<Self, Misfit> {
        let object = routes.first().map_or(0, |(object, _)| *object);
        Self::read(name.clone(), routes, listeners, taken).map_err(|why| (object, name, why.to_owned()))
    }

    fn read(
        name: String,
        routes: Vec<(usize, TenantRoute<'a>)>,
        listeners: &Listeners<'_, 'a>,
        taken: &BTreeSet<(usize, String)>,
    ) -> Result<Self, &'static str> {
        const NOWHERE: &str = "its routes attach to no Gateway of the input";
        let first = routes.first().ok_or(NOWHERE)?.1.gateway;
        let gateway = listeners.gateway(first).ok_or(NOWHERE)?.to_owned();
        let used: BTreeSet<usize> =
            routes.iter().flat_map(|(_, route)| route.listeners.iter().copied()).collect();
        let used: Vec<_> = used.into_iter().filter_map(|index| listeners.get(index)).collect();
        let in_sets = used.iter().filter(|listener| listener.set.is_some()).count();
        if used.iter().any(|listener| taken.contains(&(listener.object, listener.name.clone()))) {
            return Err("another route names one of its listeners");
        }
        if routes.iter().any(|(_, route)| route.gateway != first) {
            return Err("its routes attach to several Gateways");
        }
        if in_sets != 0 && in_sets != used.len() {
            return Err("its listeners stand in ListenerSets and on the Gateway");
        }
        let shape = match () {
            () if in_sets > 0 => Shape::Sets,
            () if used.iter().any(|listener| listener.hostname.is_wildcard()) => Shape::Wildcard,
            () => Shape::Host,
        };
        // With a listener a host name the certificates are where the Services are.
        let homes = used.iter().filter(|_| shape != Shape::Host).filter_map(|listener| listener.home());
        let allowed = used.iter().flat_map(|listener| listener.namespaces());
        let own = routes.iter().map(|(_, route)| route.namespace.as_str());
        let mut namespaces: Vec<&str> = Vec::new();
        for namespace in homes.take(1).chain(allowed).chain(own) {
            if !namespaces.contains(&namespace) {
                namespaces.push(namespace);
            }
        }
        let home = namespaces.first().map_or_else(String::new, |home| (*home).to_owned());
        let mut node = Node::map([("name", Node::text(name.clone()))]);
        if namespaces != [name.as_str()] {
            let namespaces = namespaces.iter().map(|namespace| Node::text((*namespace).to_owned()));
            node = node.with("namespaces", Node::list(namespaces));
        }
        if let ([only], Some(secret)) = (used.as_slice(), used.first().and_then(|listener| listener.secret()))
            && only.hostname.is_wildcard()
            && secret != format!("{name}-wildcard-tls")
        {
            let certificate = Node::map([("secretName", Node::text(secret.to_owned()))]);
            node = node.with("certificate", certificate);
        }
        let served = routes.iter().flat_map(|(_, route)| route.served(listeners)).collect();
        let of_gateways = used.iter().filter(|listener| listener.set.is_none());
        let cut = of_gateways.map(|listener| (listener.object, listener.name.clone())).collect();
        let objects = routes.iter().map(|(object, _)| *object).collect();
        let services = routes::services(&home, routes.into_iter().map(|(_, route)| route));
        node = node.with("services", services.ok_or("two of its Services have one name")?);
        Ok(Self { name, shape, gateway, node, routes: objects, listeners: cut, served })
    }

    fn is_dedicated(&self, main: &str) -> bool {
        self.shape != Shape::Host && self.gateway == format!("{main}-{}", self.name)
    }

    /// Whether a strategy gives it its Gateway and listeners beside others on the main Gateway.
    fn fits(&self, main: &str, shape: Shape) -> bool {
        let is_named = self.gateway == main || shape != Shape::Host && number(main, &self.gateway).is_some();
        self.is_dedicated(main) && self.shape == Shape::Wildcard || self.shape == shape && is_named
    }

    fn into_organization(self, main: &str) -> Organization<'a> {
        let is_dedicated = self.is_dedicated(main);
        let Self { name, gateway, mut node, routes, listeners, served, .. } = self;
        if is_dedicated {
            node = node.with("gateway", Node::map([("dedicated", Node::boolean(true))]));
        }
        Organization { name, node, routes, listeners, gateway, is_dedicated, served }
    }
}
