//! Organizations: where each went and why, ListenerSets, and what the strategy comes to.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::gateways::{self, Listener};
use super::path;
use crate::limits::LISTENERS_MAX;
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
    /// How full each Gateway is, in the order of the plan.
    pub shards: Vec<Shard>,
}

/// A Gateway that organizations share, and what they take of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shard {
    /// Its name.
    pub gateway: String,
    /// Organizations behind it.
    pub organizations: usize,
    /// Listeners that it has itself, of organizations and others.
    pub own_listeners: usize,
    /// The most that it may have.
    pub own_listeners_max: usize,
    /// Listeners of organizations, on it and in its ListenerSets.
    pub listeners: u32,
    /// Certificates of organizations.
    pub certificates: u32,
    /// Rules of organizations' routes.
    pub rules: u32,
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
    if written.list.is_empty() {
        return None;
    }
    let mut tenants: BTreeMap<usize, (BTreeSet<&str>, Load)> = BTreeMap::new();
    for placed in &plan.placements {
        let (organizations, load) = tenants.entry(placed.gateway).or_default();
        organizations.insert(placed.organization);
        *load = *load + placed.load;
    }
    let shared = tenants.values().filter(|(organizations, _)| organizations.len() > 1);
    let sharing: BTreeSet<&str> =
        shared.flat_map(|(organizations, _)| organizations.iter().copied()).collect();
    let total: Load = tenants.values().map(|(_, load)| *load).sum();
    Some(Sharding {
        strategy: written.sharding.strategy.word(),
        organizations: written.list.len(),
        services: total.rules as usize,
        gateways: tenants.len(),
        listeners: total.listeners as usize,
        listener_sets: plan.listener_sets.len(),
        certificates: total.certificates as usize,
        largest_failure_domain: tenants
            .values()
            .map(|(organizations, _)| organizations.len())
            .max()
            .unwrap_or_default(),
        sharing: sharing.len(),
        displaced: plan.placements.iter().filter(|placed| placed.by == PlacedBy::Displacement).count(),
        shards: tenants.iter().map(|(gateway, of)| shard(plan, *gateway, of)).collect(),
    })
}

fn shard(plan: &Plan<'_>, gateway: usize, of: &(BTreeSet<&str>, Load)) -> Shard {
    let (organizations, load) = of;
    Shard {
        gateway: gateway_name(plan, gateway),
        organizations: organizations.len(),
        own_listeners: plan.gateways.get(gateway).map_or(0, |gateway| gateway.listeners.len()),
        own_listeners_max: LISTENERS_MAX,
        listeners: load.listeners,
        certificates: load.certificates,
        rules: load.rules,
    }
}
