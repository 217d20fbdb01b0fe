//! A plan as a picture: who is behind which listener of which Gateway, and how full each is.
//!
//! [`of`] makes the picture of a summary; one file a format writes it down. What is few is drawn one by one. Many
//! organizations behind one Gateway are a single node, and so are many Gateways that are alike: five thousand of
//! either are as readable as five.

mod dot;
mod fill;
mod index;
mod mermaid;
mod svg;

use std::collections::{BTreeMap, BTreeSet};

pub use dot::dot;
pub use fill::{Fill, Level};
pub use mermaid::mermaid;
pub use svg::svg;

use crate::shorten::shortened;
use crate::summary::{Amount, Gateway, Room, Summary};
use index::{Index, Origin, Served};

/// Most Gateways that are drawn one by one; of more, those that are alike become one node.
///
/// Our own bound: what still fits a page.
const GATEWAYS_MAX: usize = 12;

/// Most listeners that are drawn one by one in front of a Gateway; more become one node.
///
/// Our own bound: what still fits a page.
const LISTENERS_MAX: usize = 12;

/// Most organizations, or routes, that are drawn one by one in front of a Gateway; more become one node.
///
/// Our own bound: two for each listener.
const ORIGINS_MAX: usize = 2 * LISTENERS_MAX;

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
    /// How much of it is taken, where it has a bound.
    pub fill: Option<Fill>,
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

/// The picture of a plan.
pub fn of(summary: &Summary) -> Picture {
    let index = Index::of(summary);
    let mut picture = Picture::default();
    for group in groups(&summary.gateways) {
        let node = picture.add(gateway_node(&group));
        let served: Vec<Served<'_>> = group.iter().flat_map(|gateway| index.served(gateway)).collect();
        let origins: usize = served.iter().map(|served| served.origins().count()).sum();
        if group.len() == 1 && served.len() <= LISTENERS_MAX && origins <= ORIGINS_MAX {
            picture.draw(&served, node);
        } else {
            picture.draw_summed(&served, node);
        }
    }
    picture
}

/// The Gateways that are one node each: every one alone, or of too many those that are alike. Those are of one
/// profile, all of these values or none of them, and of nobody, of one organization each, or of several.
fn groups(gateways: &[Gateway]) -> Vec<Vec<&Gateway>> {
    if gateways.len() <= GATEWAYS_MAX {
        return gateways.iter().map(|gateway| vec![gateway]).collect();
    }
    let mut alike: BTreeMap<(&str, bool, usize), Vec<&Gateway>> = BTreeMap::new();
    for gateway in gateways {
        let key = (gateway.profile, gateway.rendered, gateway.organizations.min(2));
        alike.entry(key).or_default().push(gateway);
    }
    alike.into_values().collect()
}

fn gateway_node(group: &[&Gateway]) -> Node {
    let rooms = group.iter().filter_map(|gateway| Some((*gateway, known_room(gateway)?.fullest())));
    let fullness = |one: &(&Gateway, Taken), other: &(&Gateway, Taken)| one.1.0.by_fullness(other.1.0);
    let (least, most) = (rooms.clone().min_by(fullness), rooms.max_by(fullness));
    let mut lines = match group {
        [gateway] => vec![name(&gateway.name)],
        _ => vec![format!("{} Gateways", group.len())],
    };
    if let [first, .., last] = group {
        lines.push(format!("{} … {}", name(&first.name), name(&last.name)));
    }
    match least.zip(most) {
        None => {}
        Some(((_, (least, _)), (gateway, most))) if least.by_fullness(most.0).is_eq() => {
            let each = if group.len() > 1 { " each" } else { "" };
            lines.push(format!("{}{each}", words(most)));
            lines.extend(in_sets(gateway).filter(|_| group.len() == 1));
        }
        Some(((emptiest, least), (fullest, most))) => {
            lines.push(format!("least full {}: {}", name(&emptiest.name), words(least)));
            lines.push(format!("fullest {}: {}", name(&fullest.name), words(most)));
        }
    }
    Node { column: Column::Gateway, lines, fill: most.and_then(|(_, (amount, _))| Fill::of(amount)) }
}

/// The room of a Gateway, where these values tell it: one that exists already may have any listeners, and is as full as
/// placement held it to be with organizations behind it.
fn known_room(gateway: &Gateway) -> Option<&Room> {
    gateway.room.as_ref().filter(|_| gateway.rendered || gateway.organizations > 0)
}

/// What a Gateway has the least of, and what that is in words.
type Taken = (Amount, &'static str);

fn words((amount, what): Taken) -> String {
    format!("{} {what}", amount.words())
}

/// How many of a Gateway's listeners stand in ListenerSets, if any do.
fn in_sets(gateway: &Gateway) -> Option<String> {
    let room = gateway.room.as_ref()?;
    let count = room.listeners.taken.saturating_sub(room.own_listeners.taken) as usize;
    (count > 0).then(|| format!("{} in ListenerSets", counted(count, "listener")))
}

fn name(name: &str) -> String {
    shortened(name, NAME_MAX).into_owned()
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

impl Picture {
    fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Every listener with what stands in front of it.
    fn draw(&mut self, served: &[Served<'_>], gateway: usize) {
        let mut origins: BTreeMap<Origin<'_>, usize> = BTreeMap::new();
        for served in served {
            let Served { listener, set, routes: _ } = served;
            let host = listener.hostname.as_deref().unwrap_or("every host");
            let mut lines =
                vec![name(&listener.name), format!("{}:{} {}", listener.protocol, listener.port, name(host))];
            lines.extend(set.map(|set| format!("in ListenerSet {}", name(set))));
            let node = self.add(Node { column: Column::Listener, lines, fill: None });
            self.arrows.push((node, gateway));
            for origin in served.origins() {
                let origin_node = *origins.entry(origin).or_insert_with(|| {
                    let lines = [Some(name(&origin.name())), origin.kind().map(str::to_owned)];
                    let lines = lines.into_iter().flatten().collect();
                    self.add(Node { column: Column::Origin, lines, fill: None })
                });
                self.arrows.push((origin_node, node));
            }
        }
    }

    /// One node for all listeners of Gateways, and one each for the organizations and the routes in front of them.
    fn draw_summed(&mut self, served: &[Served<'_>], gateway: usize) {
        if served.is_empty() {
            return;
        }
        let mut lines = vec![counted(served.len(), "listener")];
        let in_sets = served.iter().filter(|served| served.set.is_some()).count();
        if in_sets > 0 {
            lines.push(format!("{in_sets} of them in ListenerSets"));
        }
        let listeners = self.add(Node { column: Column::Listener, lines, fill: None });
        self.arrows.push((listeners, gateway));
        let origins: BTreeSet<Origin<'_>> = served.iter().flat_map(Served::origins).collect();
        let (organizations, routes): (Vec<Origin<'_>>, Vec<_>) =
            origins.into_iter().partition(|origin| origin.kind().is_none());
        for (word, names) in [("organization", organizations), ("route", routes)] {
            let (Some(first), Some(last)) = (names.first(), names.last()) else { continue };
            let (first, last) = (name(&first.name()), name(&last.name()));
            let range = if names.len() == 1 { first } else { format!("{first} … {last}") };
            let lines = vec![counted(names.len(), word), range];
            let node = self.add(Node { column: Column::Origin, lines, fill: None });
            self.arrows.push((node, listeners));
        }
    }
}

#[cfg(test)]
mod tests;
