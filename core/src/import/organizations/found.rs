//! A tenant as its routes and listeners show it, before it is known what the others are like.

use std::collections::{BTreeMap, BTreeSet};

use super::Misfit;
use super::listeners::{Listener, Listeners};
use super::open::Reach;
use super::routes::{self, TenantRoute};
use super::served::Served;
use crate::tree::Node;

/// What the listeners of an organization are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// One a host name.
    Host,
    /// A wildcard.
    Wildcard,
    /// In ListenerSets.
    Sets,
}

/// An organization, if others are like it.
pub(super) struct Found<'a> {
    pub(super) name: String,
    pub(super) shape: Shape,
    /// The Gateway of each of its listeners, by host name; more than one only with a listener a host name.
    pub(super) hosts: BTreeMap<String, String>,
    pub(super) node: Node<'a>,
    /// The index of its routes' objects.
    pub(super) routes: BTreeSet<usize>,
    /// Its listeners on Gateways, by the Gateway's object and their names.
    pub(super) listeners: BTreeSet<(usize, String)>,
    /// What of its host names has to come back.
    pub(super) served: Vec<Served>,
    /// Routes of others on its listeners, which name none.
    pub(super) open: Vec<Reach>,
}

/// What other routes have of listeners: Gateway or ListenerSet by its object, and name.
pub(super) struct Others {
    /// Listeners that they name.
    pub(super) named: BTreeSet<(usize, String)>,
    /// Those that they attach to without naming them.
    pub(super) open: BTreeMap<(usize, String), Vec<Reach>>,
}

impl Shape {
    pub(super) const ALL: [Self; 3] = [Self::Host, Self::Wildcard, Self::Sets];

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Host => "a listener for every host name",
            Self::Wildcard => "a wildcard listener",
            Self::Sets => "its listeners in ListenerSets",
        }
    }

    fn of(used: &[&Listener<'_, '_>]) -> Result<Self, &'static str> {
        match used.iter().filter(|listener| listener.set.is_some()).count() {
            0 if used.iter().any(|listener| listener.hostname.is_wildcard()) => Ok(Self::Wildcard),
            0 => Ok(Self::Host),
            in_sets if in_sets == used.len() => Ok(Self::Sets),
            _ => Err("its listeners stand in ListenerSets and on the Gateway"),
        }
    }
}

impl<'a> Found<'a> {
    pub(super) fn of(
        name: String,
        routes: Vec<(usize, TenantRoute<'a>)>,
        listeners: &Listeners<'_, 'a>,
        others: &Others,
    ) -> Result<Self, Misfit> {
        let object = routes.first().map_or(0, |(object, _)| *object);
        Self::read(name.clone(), routes, listeners, others)
            .map_err(|why| (object, Some(name), why.to_owned()))
    }

    fn read(
        name: String,
        routes: Vec<(usize, TenantRoute<'a>)>,
        listeners: &Listeners<'_, 'a>,
        others: &Others,
    ) -> Result<Self, &'static str> {
        let used: BTreeSet<usize> =
            routes.iter().flat_map(|(_, route)| route.listeners.iter().copied()).collect();
        let used: Vec<&Listener<'_, 'a>> =
            used.into_iter().filter_map(|index| listeners.get(index)).collect();
        if used.iter().any(|listener| others.named.contains(&listener.place())) {
            return Err("another route names one of its listeners");
        }
        let shape = Shape::of(&used)?;
        let gateway = |listener: &&Listener<'_, 'a>| {
            Some((listener.hostname.to_string(), listeners.gateway(listener.gateway)?.to_owned()))
        };
        let hosts: BTreeMap<String, String> = used.iter().filter_map(gateway).collect();
        let gateways: BTreeSet<&String> = hosts.values().collect();
        if gateways.is_empty() {
            return Err("its routes attach to no Gateway that is imported");
        }
        if gateways.len() > 1 && shape != Shape::Host {
            return Err("its routes attach to several Gateways");
        }
        let namespaces = namespaces(shape, &used, &routes);
        let home = namespaces.first().cloned().unwrap_or_default();
        let mut node = start(&name, &namespaces, shape, &used, &routes);
        let served = routes.iter().flat_map(|(_, route)| route.served(listeners)).collect();
        let open = used
            .iter()
            .filter_map(|listener| others.open.get(&listener.place()))
            .flatten()
            .cloned()
            .collect();
        let of_gateways = used.iter().filter(|listener| listener.set.is_none());
        let cut = of_gateways.map(|listener| listener.place()).collect();
        let objects = routes.iter().map(|(object, _)| *object).collect();
        let services = routes::services(&home, routes.into_iter().map(|(_, route)| route));
        node = node.with("services", services.ok_or("two of its Services have one name")?);
        Ok(Self { name, shape, hosts, node, routes: objects, listeners: cut, served, open })
    }

    /// The names of its Gateways in the values; one may be there more than once.
    pub(super) fn gateways(&self) -> impl Iterator<Item = &str> {
        self.hosts.values().map(String::as_str)
    }
}

/// Its namespaces: first that of its certificate, then those that its listeners take routes from, and those of its routes.
fn namespaces(shape: Shape, used: &[&Listener<'_, '_>], routes: &[(usize, TenantRoute<'_>)]) -> Vec<String> {
    // With a listener a host name the certificates are where the Services are.
    let homes = used.iter().filter(|_| shape != Shape::Host).filter_map(|listener| listener.home());
    let allowed = used.iter().flat_map(|listener| listener.namespaces());
    let own = routes.iter().map(|(_, route)| route.namespace.as_str());
    let mut namespaces: Vec<String> = Vec::new();
    for namespace in homes.take(1).chain(allowed).chain(own) {
        if !namespaces.iter().any(|known| known == namespace) {
            namespaces.push(namespace.to_owned());
        }
    }
    namespaces
}

/// The entry without its services.
fn start<'a>(
    name: &str,
    namespaces: &[String],
    shape: Shape,
    used: &[&Listener<'_, '_>],
    routes: &[(usize, TenantRoute<'_>)],
) -> Node<'a> {
    let mut node = Node::map([("name", Node::text(name.to_owned()))]);
    if namespaces != [name] {
        node = node.with("namespaces", Node::list(namespaces.iter().cloned().map(Node::text)));
    }
    let default = match routes.first() {
        Some((_, route)) if shape == Shape::Host => Some(format!("{}-tls", route.service)),
        _ => {
            used.first().filter(|first| first.hostname.is_wildcard()).map(|_| format!("{name}-wildcard-tls"))
        }
    };
    // One name is for all of its listeners.
    if let ([only], Some(default)) = (used, default)
        && let Some(secret) = only.secret()
        && secret != default
    {
        let certificate = Node::map([("secretName", Node::text(secret.to_owned()))]);
        node = node.with("certificate", certificate);
    }
    node
}
