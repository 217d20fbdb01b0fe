//! The way of organizations from one strategy to another: who is where, and what is left of the old.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::organizations::{Placement, placements};
use crate::plan::{self, Plan};
use crate::values::Values;

/// A migration under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Migration {
    /// `parallel`, `cutover` or `cleanup`.
    pub phase: &'static str,
    /// The strategy before.
    pub from: &'static str,
    /// The strategy to come.
    pub to: &'static str,
    /// Organizations that are served by their new listeners.
    pub cut_over: usize,
    /// Listeners of the old strategy that the new one does not have.
    pub old_listeners: usize,
    /// How many of them still stand.
    pub old_listeners_left: usize,
    /// Who is on the way; nobody in phase `cleanup`.
    pub organizations: Vec<Migrant>,
    /// Which organization is on which Gateway by the strategy before.
    pub placements: Vec<Placement>,
}

/// An organization on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Migrant {
    /// Its name.
    pub name: String,
    /// Whether it is served by its new listeners.
    pub cut_over: bool,
    /// Its Gateways by the strategy before.
    pub from: Vec<String>,
    /// Its Gateways by the strategy to come.
    pub to: Vec<String>,
    /// Listeners that it has by the old strategy and not by the new.
    pub old_listeners: usize,
    /// How many of them still stand.
    pub old_listeners_left: usize,
}

impl Migration {
    /// Organizations that are served by their old listeners still.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Migrant> {
        self.organizations.iter().filter(|organization| !organization.cut_over)
    }
}

pub(super) fn migration(plan: &Plan<'_>, values: &Values<'_>) -> Option<Migration> {
    let plan::Migration { phase, from, placements: old, organizations } = plan.migration.as_ref()?;
    let (from_gateways, to_gateways) = (gateways(plan, old), gateways(plan, &plan.placements));
    let of = |gateways: &BTreeMap<&str, BTreeSet<&str>>, name: &str| -> Vec<String> {
        gateways.get(name).into_iter().flatten().map(ToString::to_string).collect()
    };
    let migrants = organizations.iter().map(|migrant| {
        let plan::Migrant { name, is_cut_over: cut_over, old_listeners, left } = *migrant;
        Migrant {
            name: name.to_owned(),
            cut_over,
            from: of(&from_gateways, name),
            to: of(&to_gateways, name),
            old_listeners,
            old_listeners_left: left,
        }
    });
    Some(Migration {
        phase: phase.word(),
        from: from.word(),
        to: values.organizations.sharding.strategy.word(),
        cut_over: organizations.iter().filter(|migrant| migrant.is_cut_over).count(),
        old_listeners: organizations.iter().map(|migrant| migrant.old_listeners).sum(),
        old_listeners_left: organizations.iter().map(|migrant| migrant.left).sum(),
        organizations: migrants.collect(),
        placements: placements(plan, old),
    })
}

/// The Gateways of each organization.
fn gateways<'p>(plan: &'p Plan<'_>, placed: &'p [plan::Placed<'_>]) -> BTreeMap<&'p str, BTreeSet<&'p str>> {
    let mut gateways: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for placed in placed {
        let name = plan.gateways.get(placed.gateway).map(|gateway| gateway.name.as_ref());
        gateways.entry(placed.organization).or_default().extend(name);
    }
    gateways
}
