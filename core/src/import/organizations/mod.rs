//! Organizations: routes of tenants below one domain, with the listeners that serve them.
//!
//! An organization is a guess too. It holds if rendering it serves the same host names from the same namespaces on the
//! same Gateways with the same Secrets; else its routes stay routes.

mod found;
mod layout;
mod listeners;
mod open;
mod routes;
mod served;

use std::collections::{BTreeMap, BTreeSet};

use super::names::Named;
use super::objects::{Key, Objects};
use super::trial::Entry;
use crate::hostname::Hostname;
use crate::plan::strategy::Gateways;
use crate::release::Target;
use crate::summary;
use crate::tree::{Node, Value};
use found::{Found, Others};
use layout::Layout;
use listeners::{Listeners, named_by};
use open::Reach;
use routes::TenantRoute;
use served::Served;

/// Organizations, and what they take out of `gateways` and `routes`.
#[derive(Debug, Default)]
pub(super) struct Organizations<'a> {
    pub(super) list: Vec<Organization<'a>>,
    base_domain: String,
    /// None where there are no organizations.
    layout: Option<Layout>,
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
    /// Where what is placed of it is, by the names of the values; nothing where its Gateway is its own.
    placements: BTreeMap<String, String>,
    /// What of its host names has to come back.
    served: Vec<Served>,
    /// Routes of others on its listeners, which name none.
    open: Vec<Reach>,
}

/// The object of a route, the organization that its routes could have been, and why they are none; without one only the
/// route is in the way.
pub(super) type Misfit = (usize, Option<String>, String);

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
        let (mut list, mut misfits) = (Vec::new(), Vec::new());
        let mut fitting: BTreeMap<usize, TenantRoute<'a>> = BTreeMap::new();
        for entry in search.routes {
            match routes::read(search, &listeners, entry.object) {
                Some(Ok(route)) => {
                    fitting.insert(entry.object, route);
                }
                Some(Err(why)) => misfits.push((entry.object, None, why.to_owned())),
                None => {}
            }
        }
        let others = search.routes.iter().map(|entry| entry.object);
        let others = others.filter(|object| !fitting.contains_key(object));
        let others = Others {
            named: others.clone().flat_map(|object| named_by(search.objects, object)).collect(),
            open: open::of_input(search.objects, others),
        };
        let mut groups: BTreeMap<String, Vec<(usize, TenantRoute<'a>)>> = BTreeMap::new();
        for (object, route) in fitting {
            groups.entry(route.organization.clone()).or_default().push((object, route));
        }
        for (name, routes) in groups {
            match Found::of(name, routes, &listeners, &others) {
                Ok(found) => list.push(found),
                Err(misfit) => misfits.push(misfit),
            }
        }
        let names = search.gateways.values().map(AsRef::as_ref).collect();
        let Some(layout) = Layout::of(&list, &names, search.routes.len()) else {
            return (Self::default(), misfits);
        };
        let (list, others): (Vec<Found<'a>>, Vec<Found<'a>>) =
            list.into_iter().partition(|found| layout.fits(found));
        misfits.extend(others.iter().filter_map(|found| {
            Some((*found.routes.first()?, Some(found.name.clone()), layout.why_not(found)))
        }));
        let list = list.into_iter().map(|found| Organization::of(found, &layout)).collect();
        let base_domain = search.base_domain.to_string();
        let mut found = Self { list, base_domain, layout: Some(layout), ..Self::default() };
        found.drop(&BTreeSet::new());
        (found, misfits)
    }

    /// Whether a route is one of theirs.
    pub(super) fn has_route(&self, object: usize) -> bool {
        self.routes.contains(&object)
    }

    /// Those on whose listeners a route of others is that names none, by their index, each with the words for it.
    pub(super) fn with_reach_of(&self, objects: &Objects<'_>, route: usize) -> BTreeMap<usize, String> {
        let Some(route) = objects.get(route) else { return BTreeMap::new() };
        let key = route.key();
        let is_on = |organization: &Organization<'_>| organization.open.iter().any(|reach| reach.is_of(&key));
        let with = self.list.iter().enumerate().filter(|(_, organization)| is_on(organization));
        with.map(|(index, _)| (index, format!("{}, which names no listener", route.identity))).collect()
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

    /// Those whose host names do not come back as they were, or whose listeners no longer take routes of others.
    pub(super) fn unequal(&self, made: &BTreeMap<Key, Node<'static>>) -> BTreeMap<usize, String> {
        let served = served::of(made);
        let open = open::of_rendered(made);
        let lost = |organization: &Organization<'_>| {
            let of_others = || organization.open.iter().find_map(|wanted| wanted.lost(&open, made));
            organization.served.iter().find_map(|wanted| wanted.lost(&served)).or_else(of_others)
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

    /// The Gateway that others are made like, by its name in the values, which comes first.
    pub(super) fn pattern(&self) -> Option<&str> {
        self.layout.as_ref().filter(|_| !self.list.is_empty()).map(|layout| layout.pattern.as_str())
    }

    /// Whether a Gateway has listeners of theirs.
    pub(super) fn are_on(&self, object: usize) -> bool {
        self.listeners.contains_key(&object)
    }

    /// The values that make them.
    pub(super) fn add_to(&self, mut values: Node<'a>) -> Node<'a> {
        let Some(layout) = self.layout.as_ref().filter(|_| !self.list.is_empty()) else { return values };
        let mut placements = self.list.iter().flat_map(|organization| &organization.placements).peekable();
        if placements.peek().is_some() {
            let placements = placements.map(|(name, gateway)| (name.as_str(), gateway.as_str()));
            values = values.with("placements", summary::placements(placements).into_owned());
        }
        let entries = self.list.iter().map(|organization| organization.node.clone());
        values
            .with("baseDomain", Node::text(self.base_domain.clone()))
            .with("organizations", Node::list(entries))
            .with("sharding", layout.sharding())
    }
}

impl<'a> Organization<'a> {
    fn of(found: Found<'a>, layout: &Layout) -> Self {
        let is_dedicated = layout.is_dedicated(&found);
        let Found { name, hosts, mut node, routes, listeners, served, open, .. } = found;
        let placements = match layout.row.gateways {
            _ if is_dedicated => BTreeMap::new(),
            Gateways::Fixed => hosts,
            _ => hosts.into_values().next().map(|gateway| (name.clone(), gateway)).into_iter().collect(),
        };
        if is_dedicated && layout.row.dedicates {
            node = node.with("gateway", Node::map([("dedicated", Node::boolean(true))]));
        }
        Self { name, node, routes, listeners, placements, served, open }
    }
}

/// The items of a list below a node.
fn items<'n, 'a>(node: &'n Node<'a>, key: &str) -> impl Iterator<Item = &'n Node<'a>> {
    node.get(key).into_iter().flat_map(Node::items).map(|(_, item)| item)
}
