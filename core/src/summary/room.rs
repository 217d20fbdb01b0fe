//! How much of a Gateway is taken, and how much there is.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::limits::LISTENERS_MAX;
use crate::placement::Load;
use crate::plan::Plan;

/// What a Gateway runs out of: of each how much is taken, and the bound that placement kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Room {
    /// Listeners of its own, whoever they are for.
    pub own_listeners: Amount,
    /// Listeners, its own and those of its ListenerSets.
    pub listeners: Amount,
    /// Certificates of organizations.
    pub certificates: Amount,
    /// Rules of organizations' routes.
    pub rules: Amount,
    /// Different backends of organizations.
    pub target_groups: Amount,
    /// Listeners of organizations that end TLS.
    pub tls_hosts: Amount,
}

/// How much of something is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Amount {
    /// So much is.
    pub taken: u32,
    /// So much may be; null: any.
    pub most: Option<u32>,
}

impl Room {
    /// What it has the least of, in proportion, and what that is in words.
    pub fn fullest(&self) -> (Amount, &'static str) {
        let Self { own_listeners, listeners, certificates, rules, target_groups, tls_hosts } = *self;
        let others = [
            (own_listeners, "listeners of its own"),
            (certificates, "certificates"),
            (rules, "rules"),
            (target_groups, "backends"),
            (tls_hosts, "listeners that end TLS"),
        ];
        others.into_iter().fold((listeners, "listeners"), |fullest, other| {
            if other.0.by_fullness(fullest.0).is_gt() { other } else { fullest }
        })
    }
}

impl Amount {
    /// The greater is nearer to its bound; what has none is least of all.
    pub fn by_fullness(self, other: Self) -> Ordering {
        match (self.most, other.most) {
            (Some(most), Some(others)) => {
                let scaled = |taken: u32, by: u32| u64::from(taken) * u64::from(by);
                scaled(self.taken, others).cmp(&scaled(other.taken, most))
            }
            (own, others) => own.is_some().cmp(&others.is_some()),
        }
    }

    /// The same for people: `20 of 64`, or `20` where there is no bound.
    pub fn words(self) -> String {
        self.most.map_or_else(|| self.taken.to_string(), |most| format!("{} of {most}", self.taken))
    }
}

/// The room of a Gateway with so many listeners of its own and in ListenerSets, and what its organizations bring.
pub(super) fn of(bound: Option<Load>, own: usize, in_sets: usize, load: Load) -> Room {
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let bounded = |taken: u32, most: u32| Amount { taken, most: (most != u32::MAX).then_some(most) };
    let own_most = count(LISTENERS_MAX);
    let bound = bound.unwrap_or(Load { listeners: own_most, ..Load::UNBOUNDED });
    Room {
        own_listeners: bounded(count(own), bound.listeners.min(own_most)),
        listeners: bounded(count(own.saturating_add(in_sets)), bound.listeners),
        certificates: bounded(load.certificates, bound.certificates),
        rules: bounded(load.rules, bound.rules),
        target_groups: bounded(load.target_groups, bound.target_groups),
        tls_hosts: bounded(load.tls_hosts, bound.tls_hosts),
    }
}

/// How many listeners the ListenerSets of each Gateway have, by its namespace and name.
pub(super) fn listeners_in_sets<'p>(plan: &'p Plan<'_>) -> BTreeMap<(&'p str, &'p str), usize> {
    let mut counts = BTreeMap::new();
    for set in &plan.listener_sets {
        *counts.entry((set.gateway_namespace, set.gateway.as_ref())).or_default() += set.listeners.len();
    }
    counts
}
