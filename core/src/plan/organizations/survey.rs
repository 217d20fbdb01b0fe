//! What is kept of an organization while a million of them are placed: its size and its host names.

use super::layout::{Demand, Ground, demands, has_domain, units};
use super::records::Records;
use super::shards::{self, Decided, GatewayInventory, Unit};
use super::strategy::{self, Gateways};
use crate::Scope;
use crate::diagnostic::Diagnostic;
use crate::path::Step;
use crate::placement::Load;
use crate::plan::gateways;
use crate::plan::names::Names;
use crate::values::Values;

/// An organization without the tree that it was read from.
#[derive(Debug)]
pub(crate) struct Surveyed {
    /// Its index in `organizations`.
    pub(crate) index: usize,
    pub(crate) name: Box<str>,
    pub(crate) is_dedicated: bool,
    pub(crate) load: Load,
    /// Its namespaces, that of its ListenerSets first.
    pub(crate) namespaces: Vec<Box<str>>,
    /// Host names of its services, and the wildcards that its listeners answer for.
    pub(crate) hostnames: Vec<Box<str>>,
}

/// Whether every organization goes to one Gateway, whatever the others are. In a migration they have two strategies.
pub(crate) fn is_placed_whole(values: &Values<'_>) -> bool {
    let organizations = &values.organizations;
    strategy::of(organizations.sharding.strategy).gateways != Gateways::Fixed
        && organizations.migration.is_none()
}

/// Looks at every organization of the values, none of which is placed.
pub(crate) fn survey(values: &Values<'_>, scope: &Scope, out: &mut Vec<Diagnostic>) -> Vec<Surveyed> {
    if !has_domain(values, out) {
        return Vec::new();
    }
    let names = Names::compile(values, scope, out);
    let row = strategy::of(values.organizations.sharding.strategy);
    let surveyed = |demand: &Demand<'_>| {
        let organization = demand.organization;
        let Some(Step::Index(index)) = organization.path.steps().last().copied() else { return None };
        let wildcards =
            demand.hosts.domains.iter().map(|(domain, _)| domain).filter(|name| name.is_wildcard());
        let of_services = demand.hosts.services.iter().flatten();
        Some(Surveyed {
            index: usize::try_from(*index).ok()?,
            name: organization.name.into(),
            is_dedicated: row.is_dedicated(organization),
            load: units(demand, row).iter().map(|unit| unit.load).sum(),
            namespaces: organization.namespaces.iter().map(|name| (*name).into()).collect(),
            hostnames: of_services.chain(wildcards).map(|name| name.as_str().into()).collect(),
        })
    };
    demands(values, row, &names, out).iter().filter_map(surveyed).collect()
}

/// Where organizations go, and on what they are placed.
pub(crate) struct Placement {
    pub(crate) decided: Decided,
    /// Whether listeners of those that share a Gateway stand in ListenerSets.
    pub(crate) in_sets: bool,
    /// Names of the Gateways that the values have without them.
    pub(crate) written: Vec<String>,
}

/// Decides where units go; `None` after an error of the values.
pub(crate) fn place(
    values: &Values<'_>,
    scope: &Scope,
    units: &[Unit<'_>],
    out: &mut Vec<Diagnostic>,
) -> Option<Placement> {
    // What is wrong with the values themselves is said where their objects are planned.
    let mut said = Vec::new();
    let names = Names::compile(values, scope, &mut said);
    let mut gateways = gateways::build(values, scope, &names, &mut said);
    let written = gateways.iter().map(|gateway| gateway.name.to_string()).collect();
    let Ground { row, in_sets, bound } = Ground::of(values, &gateways, &mut said)?;
    let inventory = GatewayInventory::new(&mut gateways, bound, in_sets);
    let decided =
        shards::decide(units, row, &values.organizations.sharding, &Records::of(values), &inventory, out);
    Some(Placement { decided, in_sets, written })
}
