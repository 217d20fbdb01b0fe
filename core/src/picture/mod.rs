//! A plan as a picture: who is behind which listener of which Gateway, and how full each is.
//!
//! [`of`] makes the picture of a summary; one file a format writes it down. Few organizations are drawn one by one; of
//! many behind one Gateway the picture has a single node, so that five thousand are as readable as five.

mod dot;
mod mermaid;
mod svg;

use std::collections::BTreeMap;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;

use crate::shorten::shortened;
use crate::summary::{Gateway, Listener, Summary};

/// Most organizations, or routes, that are drawn one by one in front of a Gateway; more become one node.
///
/// Our own bound: what still fits a page.
const DRAWN_MAX: usize = 12;

/// Most characters of a name in the picture.
const NAME_MAX: usize = 60;

/// What is drawn: three columns of nodes from left to right, and arrows between them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Every node, column by column.
    pub nodes: Vec<Node>,
    /// From node to node, by index.
    pub arrows: Vec<(usize, usize)>,
}

/// A box of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// In which column it stands.
    pub column: Column,
    /// Its lines, the first of them its name.
    pub lines: Vec<String>,
    /// How much of it is taken, in percent, where it has a bound.
    pub fill: Option<u8>,
}

/// A column of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Organizations, or routes where there are none.
    Origin,
    /// Listeners, of Gateways and of ListenerSets.
    Listener,
    /// Gateways.
    Gateway,
}

/// What stands in front of one listener.
struct Served<'s> {
    listener: &'s Listener,
    /// Where it stands, if not on the Gateway itself.
    set: Option<&'s str>,
    origins: Vec<String>,
}

/// The picture of a plan.
pub fn of(summary: &Summary) -> Picture {
    let mut picture = Picture::default();
    for gateway in &summary.gateways {
        let node = picture.add(gateway_node(gateway));
        let served = served(summary, gateway);
        let origins: usize = served.iter().map(|served| served.origins.len()).sum();
        if served.len() <= DRAWN_MAX && origins <= 2 * DRAWN_MAX {
            picture.draw(&served, node);
        } else {
            picture.draw_summed(&served, node);
        }
    }
    picture
}

/// Listeners behind which something stands, those of ListenerSets of the Gateway among them.
fn served<'s>(summary: &'s Summary, gateway: &'s Gateway) -> Vec<Served<'s>> {
    let of_routes = routes_by_listener(summary);
    let origins = |parent: &str, listener: &Listener| match &listener.organization {
        Some(organization) => vec![organization.clone()],
        None => of_routes.get(&(parent.to_owned(), listener.name.clone())).cloned().unwrap_or_default(),
    };
    let own = gateway.listeners.iter().map(|listener| Served {
        listener,
        set: None,
        origins: origins(&place(&gateway.namespace, &gateway.name), listener),
    });
    let joined = summary
        .listener_sets
        .iter()
        .filter(|set| set.gateway == gateway.name && set.gateway_namespace == gateway.namespace);
    let of_sets = joined.flat_map(|set| {
        set.listeners.iter().map(|listener| Served {
            listener,
            set: Some(&set.name),
            origins: origins(&place(&set.namespace, &set.name), listener),
        })
    });
    own.chain(of_sets).collect()
}

/// Names of routes by the parent and the listener that they attach to.
fn routes_by_listener(summary: &Summary) -> BTreeMap<(String, String), Vec<String>> {
    let mut found: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for route in &summary.routes {
        for parent in &route.parents {
            for listener in parent.listeners.iter().flatten() {
                let key = (place(&parent.namespace, &parent.name), listener.clone());
                found.entry(key).or_default().push(place(&route.namespace, &route.name));
            }
        }
    }
    found
}

fn place(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_owned() } else { format!("{namespace}/{name}") }
}

fn gateway_node(gateway: &Gateway) -> Node {
    let most = crate::limits::LISTENERS_MAX;
    let own = gateway.listeners.len();
    Node {
        column: Column::Gateway,
        lines: vec![
            shortened(&gateway.name, NAME_MAX).into_owned(),
            format!("{own} of {most} listeners of its own"),
        ],
        fill: u8::try_from((own * 100).div_ceil(most).min(100)).ok(),
    }
}

impl Picture {
    fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Every listener with what stands in front of it.
    fn draw(&mut self, served: &[Served<'_>], gateway: usize) {
        let mut origins: BTreeMap<String, usize> = BTreeMap::new();
        for Served { listener, set, origins: of } in served {
            let host = listener.hostname.as_deref().unwrap_or("every host");
            let mut lines = vec![
                shortened(&listener.name, NAME_MAX).into_owned(),
                format!("{}:{} {}", listener.protocol, listener.port, shortened(host, NAME_MAX)),
            ];
            lines.extend(set.map(|set| format!("in ListenerSet {}", shortened(set, NAME_MAX))));
            let node = self.add(Node { column: Column::Listener, lines, fill: None });
            self.arrows.push((node, gateway));
            for origin in of {
                let known = origins.get(origin).copied();
                let origin_node = known.unwrap_or_else(|| {
                    let lines = vec![shortened(origin, NAME_MAX).into_owned()];
                    self.add(Node { column: Column::Origin, lines, fill: None })
                });
                origins.insert(origin.clone(), origin_node);
                self.arrows.push((origin_node, node));
            }
        }
    }

    /// One node for all that stands in front of a Gateway, and one for its listeners.
    fn draw_summed(&mut self, served: &[Served<'_>], gateway: usize) {
        let mut origins: Vec<&str> =
            served.iter().flat_map(|served| &served.origins).map(String::as_str).collect();
        origins.sort_unstable();
        origins.dedup();
        let sets: std::collections::BTreeSet<&str> = served.iter().filter_map(|served| served.set).collect();
        let mut lines = vec![format!("{} listeners", served.len())];
        if !sets.is_empty() {
            lines.push(format!("in {} ListenerSets", sets.len()));
        }
        let listeners = self.add(Node { column: Column::Listener, lines, fill: None });
        self.arrows.push((listeners, gateway));
        let (Some(first), Some(last)) = (origins.first(), origins.last()) else { return };
        let is_organization = served.iter().any(|served| served.listener.organization.is_some());
        let word = if is_organization { "organizations" } else { "routes" };
        let lines = vec![
            format!("{} {word}", origins.len()),
            format!("{} … {}", shortened(first, NAME_MAX), shortened(last, NAME_MAX)),
        ];
        let node = self.add(Node { column: Column::Origin, lines, fill: None });
        self.arrows.push((node, listeners));
    }
}

#[cfg(test)]
mod tests;
