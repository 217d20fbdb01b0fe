//! By which strategy organizations have the Gateways that they are on, and after which one these are called.

use std::collections::{BTreeMap, BTreeSet};

use super::found::{Found, Shape};
use crate::plan::gateway_names;
use crate::plan::strategy::{self, Gateways, Listeners, Row, Sets};
use crate::tree::Node;
use crate::values::Strategy;

/// A strategy with what it goes by.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) row: Row,
    /// What listeners of those that share a Gateway are.
    pub(super) shape: Shape,
    /// The Gateway that the others are made like, by its name in the values; the input need not have it.
    pub(super) pattern: String,
    /// How many shared Gateways there are.
    pub(super) gateways: u32,
}

/// Who would be an organization by one layout.
#[derive(Default)]
struct Tally {
    organizations: usize,
    routes: usize,
}

/// Strategy by its index among [`Strategy::ALL`], shape and pattern.
type Key<'f> = (usize, Shape, &'f str);

impl Layout {
    /// The one that most organizations fit; of those the one that adds and leaves out the fewest Gateways, of those one
    /// with a single Gateway.
    ///
    /// Takes the names of all Gateways, and how many routes there are.
    pub(super) fn of(found: &[Found<'_>], names: &BTreeSet<&str>, routes: usize) -> Option<Self> {
        let mut tallies: BTreeMap<Key<'_>, Tally> = BTreeMap::new();
        for found in found {
            for (index, row) in rows() {
                for shape in Shape::ALL.into_iter().filter(|shape| takes(row, *shape)) {
                    for pattern in patterns(row, shape, found) {
                        let tally = tallies.entry((index, shape, pattern)).or_default();
                        tally.organizations += 1;
                        tally.routes += found.routes.len();
                    }
                }
            }
        }
        let numbers = numbers(names);
        let most = tallies.values().map(|tally| tally.organizations).max()?;
        let likely = tallies.into_iter().filter(|(_, tally)| tally.organizations == most);
        let ((index, shape, pattern), _) = likely.min_by_key(|((index, _, pattern), tally)| {
            let row = row(*index);
            let numbers = numbers.get(&(*index, *pattern));
            let unlike = row.map(|row| unlike(row, pattern, names, numbers, tally.routes < routes));
            (unlike, row.is_some_and(|row| row.gateways != Gateways::One), *index)
        })?;
        let mut layout = Self { row: row(index)?, shape, pattern: pattern.to_owned(), gateways: 0 };
        layout.gateways = layout.count(found, names);
        Some(layout)
    }

    /// How many shared Gateways there are by the highest number: with a fixed number of them in the input, else of those
    /// that organizations are on.
    fn count(&self, found: &[Found<'_>], names: &BTreeSet<&str>) -> u32 {
        let number = |name: &str| {
            let mut readings = self.row.readings(name);
            readings.find(|(pattern, _)| *pattern == self.pattern).map(|(_, number)| number + 1)
        };
        let highest = if self.row.gateways == Gateways::Fixed {
            names.iter().filter_map(|name| number(name)).max()
        } else {
            let shared = found.iter().filter(|found| self.fits(found) && !self.is_dedicated(found));
            shared.flat_map(Found::gateways).filter_map(number).max()
        };
        highest.unwrap_or(0)
    }

    /// Whether an organization has its Gateway and its listeners by this layout.
    pub(super) fn fits(&self, found: &Found<'_>) -> bool {
        patterns(self.row, self.shape, found).contains(&self.pattern.as_str())
    }

    /// Whether an organization has a Gateway of its own by this layout.
    pub(super) fn is_dedicated(&self, found: &Found<'_>) -> bool {
        pattern_of_own(self.row, found) == Some(&self.pattern)
    }

    /// `sharding` of the values.
    pub(super) fn sharding(&self) -> Node<'static> {
        let sharding = Node::map([("strategy", Node::text(self.row.strategy.word()))]);
        let sharding = match self.row.gateways {
            Gateways::Fixed => sharding.with("gateways", Node::integer(self.gateways)),
            Gateways::Pool => sharding.with("maxGateways", Node::integer(self.gateways)),
            Gateways::Growing if self.gateways > 1 => {
                sharding.with("maxGateways", Node::integer(self.gateways))
            }
            Gateways::One | Gateways::Growing | Gateways::Each => sharding,
        };
        match self.row.listener_sets {
            Sets::Available if self.shape == Shape::Sets => {
                sharding.with("listenerSets", Node::text("always"))
            }
            Sets::Available => sharding.with("listenerSets", Node::text("never")),
            Sets::Always | Sets::Never => sharding,
        }
    }

    /// Why an organization does not fit.
    pub(super) fn why_not(&self, found: &Found<'_>) -> String {
        if found.shape != self.shape {
            return format!("it has {}, and most others have {}", found.shape.words(), self.shape.words());
        }
        let gateways: BTreeSet<String> = found.gateways().map(|gateway| format!("`{gateway}`")).collect();
        let gateways = gateways.into_iter().collect::<Vec<_>>().join(", ");
        format!(
            "it is on Gateway {gateways}, and by strategy `{}`, which most others show, it would be on one called after `{}`",
            self.row.strategy.word(),
            self.pattern
        )
    }
}

/// Every strategy with its index.
fn rows() -> impl Iterator<Item = (usize, Row)> {
    Strategy::ALL.into_iter().map(strategy::of).enumerate()
}

fn row(index: usize) -> Option<Row> {
    Strategy::ALL.get(index).copied().map(strategy::of)
}

/// Whether listeners of those that share a Gateway may be such ones.
fn takes(row: Row, shape: Shape) -> bool {
    match (row.listeners, row.listener_sets) {
        (Listeners::Host, _) => shape == Shape::Host,
        (Listeners::Wildcard, Sets::Never) => shape == Shape::Wildcard,
        (Listeners::Wildcard, Sets::Always) => shape == Shape::Sets,
        (Listeners::Wildcard, Sets::Available) => shape != Shape::Host,
    }
}

/// The patterns after which the Gateways of an organization can be called.
fn patterns<'f>(row: Row, shape: Shape, found: &'f Found<'_>) -> BTreeSet<&'f str> {
    let mut patterns: BTreeSet<&str> = pattern_of_own(row, found).into_iter().collect();
    if found.shape == shape {
        let readings =
            |gateway| row.readings(gateway).map(|(pattern, _)| pattern).collect::<BTreeSet<&str>>();
        let common = found.gateways().map(readings).reduce(|all, of_one| &all & &of_one);
        patterns.extend(common.into_iter().flatten());
    }
    patterns
}

fn pattern_of_own<'f>(row: Row, found: &'f Found<'_>) -> Option<&'f str> {
    let is_possible = found.shape == Shape::Wildcard && (row.dedicates || row.gateways == Gateways::Each);
    gateway_names::pattern_of_own(found.gateways().next().filter(|_| is_possible)?, &found.name)
}

/// How many Gateways rendering would add to those of the input, or leave out.
fn unlike(
    row: Row,
    pattern: &str,
    names: &BTreeSet<&str>,
    numbers: Option<&BTreeSet<u32>>,
    has_others: bool,
) -> usize {
    // A pattern that nobody shares is rendered for the other routes, if there are any.
    let is_rendered = has_others || matches!(row.gateways, Gateways::One | Gateways::Growing);
    let missing = match (row.gateways, numbers) {
        (Gateways::Fixed, Some(numbers)) => {
            let last = numbers.last().and_then(|last| usize::try_from(*last).ok());
            last.map_or(0, |last| last + 1 - numbers.len())
        }
        _ => 0,
    };
    missing + usize::from(is_rendered != names.contains(pattern))
}

/// The numbers of shared Gateways, by strategy and pattern.
fn numbers<'n>(names: &BTreeSet<&'n str>) -> BTreeMap<(usize, &'n str), BTreeSet<u32>> {
    let mut numbers: BTreeMap<(usize, &str), BTreeSet<u32>> = BTreeMap::new();
    for (index, row) in rows() {
        for (pattern, number) in names.iter().flat_map(|name| row.readings(name)) {
            numbers.entry((index, pattern)).or_default().insert(number);
        }
    }
    numbers
}
