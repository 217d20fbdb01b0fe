//! Organizations: where each went and why, ListenerSets, and what the strategy comes to.

use std::collections::BTreeMap;

use serde::Serialize;

use super::gateways::{self, Listener};
use super::path;
use crate::plan::{self, PlacedBy, Plan};
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

pub(super) fn placements(plan: &Plan<'_>) -> Vec<Placement> {
    let placements = plan.placements.iter().map(|placed| Placement {
        name: placed.name.to_string(),
        organization: placed.organization.to_owned(),
        gateway: gateway_name(plan, placed.gateway),
        displaced: placed.by == PlacedBy::Displacement,
        why: match placed.by {
            PlacedBy::Request => "a Gateway of its own",
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

/// Counts of a plan with organizations; `None` without.
pub(super) fn sharding(plan: &Plan<'_>, values: &Values<'_>) -> Option<Sharding> {
    let written = &values.organizations;
    let mut tenants: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for placed in &plan.placements {
        let of = tenants.entry(placed.gateway).or_default();
        // What one organization has stands together.
        if of.last() != Some(&placed.organization) {
            of.push(placed.organization);
        }
    }
    for of in tenants.values_mut() {
        of.sort_unstable();
        of.dedup();
    }
    let mut sharing: Vec<&str> =
        tenants.values().filter(|of| of.len() > 1).flat_map(|of| of.iter().copied()).collect();
    sharing.sort_unstable();
    sharing.dedup();
    let load: crate::placement::Load = plan.placements.iter().map(|placed| placed.load).sum();
    (!written.list.is_empty()).then(|| Sharding {
        strategy: written.sharding.strategy.word(),
        organizations: written.list.len(),
        services: load.rules as usize,
        gateways: tenants.len(),
        listeners: load.listeners as usize,
        listener_sets: plan.listener_sets.len(),
        certificates: load.certificates as usize,
        largest_failure_domain: tenants.values().map(Vec::len).max().unwrap_or(0),
        sharing: sharing.len(),
        displaced: plan.placements.iter().filter(|placed| placed.by == PlacedBy::Displacement).count(),
    })
}
