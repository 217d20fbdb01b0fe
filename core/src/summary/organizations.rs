//! Organizations: where each went and why, ListenerSets, and what the strategy comes to.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::gateways::{self, Listener};
use super::path;
use crate::placement::Load;
use crate::plan::{self, Placed, PlacedBy, Plan};
use crate::values::Values;

/// Listeners beside a Gateway's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListenerSet {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The Gateway that it joins.
    pub gateway: String,
    /// That Gateway's namespace.
    pub gateway_namespace: String,
    /// Its listeners.
    pub listeners: Vec<Listener>,
    /// The value it came from.
    pub path: String,
}

/// An organization, or one of its host names, on its Gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Placement {
    /// By what it is recorded: the organization's name, or the host name.
    pub name: String,
    /// Whose it is.
    pub organization: String,
    /// Its Gateway.
    pub gateway: String,
    /// Whether others keep it from the Gateway that it would have alone.
    pub displaced: bool,
    /// Whether it is the organization's own Gateway, which needs no record.
    pub by_request: bool,
    /// Who said so.
    pub why: &'static str,
}

/// What a strategy comes to: the rows of the comparison that it was chosen by, counted in this plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sharding {
    /// Its word.
    pub strategy: &'static str,
    /// Organizations of the values.
    pub organizations: usize,
    /// Services of theirs that have a route.
    pub services: usize,
    /// Gateways, each with an address of its own.
    pub gateways: usize,
    /// Listeners of organizations, on Gateways and in ListenerSets.
    pub listeners: usize,
    /// ListenerSets.
    pub listener_sets: usize,
    /// Certificates of organizations.
    pub certificates: usize,
    /// The most organizations that one Gateway's failure takes with it.
    pub largest_failure_domain: usize,
    /// Organizations that share a Gateway with another one.
    pub sharing: usize,
    /// Organizations, or host names, that others keep from the Gateway that they would have alone.
    pub displaced: usize,
}

/// Organizations behind one Gateway, and what they take of it.
#[derive(Default)]
pub(super) struct Tenants<'p> {
    pub(super) organizations: BTreeSet<&'p str>,
    pub(super) load: Load,
}

pub(super) fn listener_sets(sets: &[plan::ListenerSet<'_>], counts: &[Vec<usize>]) -> Vec<ListenerSet> {
    let sets = sets.iter().zip(counts).map(|(set, counts)| {
        let plan::ListenerSet { name, namespace, gateway, gateway_namespace, listeners, path: at, .. } = set;
        ListenerSet {
            name: name.to_string(),
            namespace: (*namespace).to_owned(),
            gateway: gateway.to_string(),
            gateway_namespace: (*gateway_namespace).to_owned(),
            listeners: listeners
                .iter()
                .zip(counts)
                .map(|(listener, routes)| gateways::listener(listener, *routes))
                .collect(),
            path: path(at),
        }
    });
    sets.collect()
}

pub(super) fn placements(plan: &Plan<'_>, placed: &[Placed<'_>]) -> Vec<Placement> {
    let placements = placed.iter().map(|placed| Placement {
        name: placed.name.to_string(),
        organization: placed.organization.to_owned(),
        gateway: gateway_name(plan, placed.gateway),
        displaced: placed.by == PlacedBy::Displacement,
        by_request: placed.by == PlacedBy::Request,
        why: match placed.by {
            PlacedBy::Request => "a Gateway of its own",
            // Others may be organizations' own, or those of a strategy before.
            PlacedBy::Only if plan.gateways.len() > 1 => "the only shared Gateway",
            PlacedBy::Only => "the only Gateway",
            PlacedBy::Record => "recorded there",
            PlacedBy::Hash => "by hash",
            PlacedBy::Displacement => "by hash, where others left room",
        },
    });
    placements.collect()
}

fn gateway_name(plan: &Plan<'_>, index: usize) -> String {
    plan.gateways.get(index).map(|gateway| gateway.name.to_string()).unwrap_or_default()
}

/// Who is behind each Gateway, by its index in the plan.
pub(super) fn tenants<'p>(plan: &'p Plan<'_>) -> BTreeMap<usize, Tenants<'p>> {
    let mut tenants: BTreeMap<usize, Tenants<'_>> = BTreeMap::new();
    for placed in &plan.placements {
        let Tenants { organizations, load } = tenants.entry(placed.gateway).or_default();
        organizations.insert(placed.organization);
        *load = *load + placed.load;
    }
    tenants
}

/// Counts of a plan with organizations; `None` without.
pub(super) fn sharding(
    plan: &Plan<'_>,
    tenants: &BTreeMap<usize, Tenants<'_>>,
    values: &Values<'_>,
) -> Option<Sharding> {
    let written = &values.organizations;
    if written.list.is_empty() {
        return None;
    }
    let shared = tenants.values().filter(|tenants| tenants.organizations.len() > 1);
    let sharing: BTreeSet<&str> = shared.flat_map(|tenants| tenants.organizations.iter().copied()).collect();
    let total: Load = tenants.values().map(|tenants| tenants.load).sum();
    let largest = tenants.values().map(|tenants| tenants.organizations.len()).max();
    Some(Sharding {
        strategy: written.sharding.strategy.word(),
        organizations: written.list.len(),
        services: total.rules as usize,
        gateways: tenants.len(),
        listeners: total.listeners as usize,
        listener_sets: plan.listener_sets.len(),
        certificates: total.certificates as usize,
        largest_failure_domain: largest.unwrap_or_default(),
        sharing: sharing.len(),
        displaced: plan.placements.iter().filter(|placed| placed.by == PlacedBy::Displacement).count(),
    })
}
