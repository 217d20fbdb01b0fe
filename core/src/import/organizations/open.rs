//! Routes that name no listener: they attach to every one of their Gateway or ListenerSet that takes them, those of
//! tenants too, and have to go on doing so once organizations bring these.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::super::objects::{Key, Objects, key};
use super::items;
use crate::hostname::Hostname;
use crate::plan::{namespaces_named, parent_of};
use crate::release::GATEWAY_GROUP;
use crate::tree::Node;

/// Kinds of routes that listeners with TLS of their own take.
const KINDS: [&str; 2] = ["GRPCRoute", "HTTPRoute"];

/// A route that attaches to a listener without naming it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reach {
    route: Key,
    /// Which of its parents that is by.
    parent: usize,
    /// Host name and port of the listener, which may get another name.
    hostname: String,
    port: i64,
}

/// Those of routes of the input, by their listeners: Gateway or ListenerSet by its object, and name.
pub(super) fn of_input(
    objects: &Objects<'_>,
    routes: impl Iterator<Item = usize>,
) -> BTreeMap<(usize, String), Vec<Reach>> {
    let mut found: BTreeMap<(usize, String), Vec<Reach>> = BTreeMap::new();
    let index_of = |[group, kind, namespace, name]: &Key| objects.find(group, kind, namespace, name);
    for route in routes.filter_map(|index| objects.get(index)) {
        let node = |key: &Key| Some(&objects.get(index_of(key)?)?.node);
        for (parent, listener, reach) in of_route(&route.key(), &route.node, node) {
            if let Some(parent) = index_of(&parent) {
                found.entry((parent, listener)).or_default().push(reach);
            }
        }
    }
    found
}

/// Those of rendered routes.
pub(super) fn of_rendered(made: &BTreeMap<Key, Node<'static>>) -> BTreeSet<Reach> {
    let reaches = made.iter().flat_map(|(key, route)| of_route(key, route, |parent| made.get(parent)));
    reaches.map(|(_, _, reach)| reach).collect()
}

/// Each with the parent and the name of the listener.
fn of_route<'n, 'a: 'n>(
    route: &Key,
    node: &Node<'_>,
    find: impl Fn(&Key) -> Option<&'n Node<'a>>,
) -> Vec<(Key, String, Reach)> {
    let [group, kind, namespace, _] = route;
    let mut found = Vec::new();
    let Some(spec) = node.get("spec").filter(|_| group == GATEWAY_GROUP && KINDS.contains(&kind.as_str()))
    else {
        return found;
    };
    let hostnames: Vec<Hostname<'_>> =
        items(spec, "hostnames").filter_map(|host| Some(Hostname::parse(host.as_text()?).ok()?.0)).collect();
    for (parent, reference) in items(spec, "parentRefs").enumerate() {
        if reference.get("sectionName").is_some() {
            continue;
        }
        let Some([group, kind, owner, name]) = parent_of(reference, namespace) else { continue };
        let parent_key = key(group, kind, owner, name);
        let Some(listeners) = find(&parent_key).and_then(|node| node.get("spec")) else { continue };
        let wanted = reference.get("port").and_then(Node::as_integer);
        for listener in items(listeners, "listeners") {
            let text = |key: &str| listener.get(key).and_then(Node::as_text);
            let port = listener.get("port").and_then(Node::as_integer).unwrap_or_default();
            let (Some(name), Some(raw), "HTTPS") =
                (text("name"), text("hostname"), text("protocol").unwrap_or_default())
            else {
                continue;
            };
            let Ok((hostname, _)) = Hostname::parse(raw) else { continue };
            let is_taken = hostnames.is_empty() || hostnames.iter().any(|host| host.overlaps(&hostname));
            if is_taken && wanted.is_none_or(|wanted| wanted == port) && admits(listener, owner, namespace) {
                let hostname = hostname.to_string();
                let reach = Reach { route: route.clone(), parent, hostname, port };
                found.push((parent_key.clone(), name.to_owned(), reach));
            }
        }
    }
    found
}

/// Whether a listener takes routes from a namespace; labels that nobody knows are taken to fit.
fn admits(listener: &Node<'_>, owner: &str, namespace: &str) -> bool {
    let namespaces = listener.get("allowedRoutes").and_then(|allowed| allowed.get("namespaces"));
    match namespaces.and_then(|namespaces| namespaces.get("from")?.as_text()) {
        Some("All") => true,
        Some("None") => false,
        Some("Selector") => {
            let named = namespaces.and_then(|namespaces| namespaces_named(namespaces.get("selector")?));
            named.is_none_or(|mut named| named.any(|name| name == namespace))
        }
        _ => owner == namespace,
    }
}

impl Reach {
    pub(super) fn is_of(&self, route: &Key) -> bool {
        self.route == *route
    }

    /// What would be otherwise, if it is not among those that are rendered.
    pub(super) fn lost(
        &self,
        rendered: &BTreeSet<Self>,
        made: &BTreeMap<Key, Node<'static>>,
    ) -> Option<String> {
        // What is not rendered at all is told of by itself.
        (made.contains_key(&self.route) && !rendered.contains(self)).then(|| self.to_string())
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { route: [_, kind, namespace, name], parent: _, hostname, port: _ } = self;
        write!(
            f,
            "{kind} {namespace}/{name}, which names no listener, would not be served at `{hostname}` any more"
        )
    }
}
