//! Organizations: tenants behind few Gateways, each with listeners, a certificate and routes of its own.
//!
//! A strategy is a row of a table ([`strategy`]). Host names come first ([`hosts`]), then the listeners that
//! they need ([`listeners`]); what goes to one Gateway as a whole is placed on one ([`shards`]); then everything is
//! made for where it went. On the way from one strategy to another it is laid out by both ([`migration`]).

mod admission;
pub(super) mod beside;
mod certificates;
pub(crate) mod gateway_names;
mod hostname_index;
mod hosts;
mod issuers;
mod issuing;
mod joining;
mod layout;
mod listeners;
mod migration;
mod overlaps;
mod owners;
mod pattern;
mod records;
pub(super) mod refusals;
mod routes;
mod shards;
pub(crate) mod strategy;
mod survey;

use std::borrow::Cow;

use super::names::{Names, Tenant};
use super::routes::Draft;
use super::{Away, Certificate, Gateway, ListenerSet, Migration, Placed, Route, check_comparable, split};
use crate::diagnostic::{self, Diagnostic};
use crate::limits::LISTENERS_MAX;
use crate::values::{Metadata, Organization, Values};
use hosts::Hosts;
use layout::{Demand, Ground, ListenerPlace, base_domain, lay_out};
use migration::Moving;
use overlaps::Overlaps;
use routes::{Home, RouteContext, Side};

pub(crate) use issuing::Issued;
pub(crate) use joining::Joining;
pub(crate) use owners::{HOSTNAME_OF_ANOTHER, HOSTNAME_TWICE, NAMESPACE_TWICE};
pub(crate) use shards::{ADDRESS_MISSING, Decided, Place, Unit};
pub(crate) use survey::{Placement, Surveyed, is_placed_whole, place, survey};

/// What organizations add to a plan.
#[derive(Debug, Default)]
pub(super) struct Added<'v> {
    pub(super) listener_sets: Vec<ListenerSet<'v>>,
    pub(super) routes: Vec<Route<'v>>,
    pub(super) certificates: Vec<Certificate<'v>>,
    pub(super) placements: Vec<Placed<'v>>,
    pub(super) migration: Option<Migration<'v>>,
    pub(super) away: Vec<Away<'v>>,
}

/// What is known of a release of which only some organizations are planned.
#[derive(Debug)]
pub(crate) struct BatchContext<'k> {
    /// Where those that are planned go.
    pub(crate) decided: Decided,
    /// Namespaces of the ListenerSets of each Gateway, by its name: of all organizations.
    pub(crate) joining: &'k Joining,
}

/// Plans every organization, and adds its listeners and Gateways to those of the values. With `batch`, only some are
/// there, and what holds for all of them has been looked at.
pub(super) fn build<'v>(
    values: &'v Values<'v>,
    names: &Names<'v>,
    gateways: &mut Vec<Gateway<'v>>,
    routes: &mut [Draft<'v>],
    batch: Option<&BatchContext<'_>>,
    out: &mut Vec<Diagnostic>,
) -> Added<'v> {
    let Some(ground) = Ground::of(values, gateways, out) else { return Added::default() };
    refusals::check_gateways(values, ground.row, gateways, out);
    refusals::check_limits(values, ground.in_sets, out);
    let migration = migration::of(values, out);
    let written = gateways.len();
    let said = out.len();
    let pattern = gateways.first().map(|gateway| gateway.name.clone()).unwrap_or_default();
    let records = migration::records(values, migration, ground.row, &pattern, out);
    let (demands, places) = lay_out(ground, &records, batch, values, names, gateways, out);
    refusals::check_hosts(values, &demands, out);
    let mut moving = migration.and_then(|migration| {
        let (row, records) = migration::before(migration)?;
        let mut found = Vec::new();
        let ground = Ground::by(row, values, gateways.first()?, &mut found);
        let old = lay_out(ground, &records, None, values, names, gateways, &mut found);
        found.extend(migration::doubtful(values, migration, &old.1.placed, gateways));
        // What is wrong with both strategies is said once.
        if !diagnostic::has_errors(out.get(said..).unwrap_or_default()) {
            out.extend(found);
        }
        Some(Moving::new(migration, old, ground.bound))
    });
    let mut added = Added::default();
    let mut overlaps = Overlaps::new(gateways);
    for demand in demands {
        let mut listener_places = places.of(&demand);
        let old = moving
            .as_mut()
            .and_then(|moving| moving.next(&demand, &mut listener_places, &mut overlaps, gateways));
        let old_homes = old
            .as_ref()
            .map(|old| added.listeners(&old.demand, &old.listener_places, &mut overlaps, gateways));
        let homes = added.listeners(&demand, &listener_places, &mut overlaps, gateways);
        let new = Side::new(&demand.listeners, &homes);
        // Who serves is named first: DNS records point there.
        let sides = match old.as_ref().zip(old_homes.as_deref()) {
            None => vec![new],
            Some((old, homes)) => {
                let before = Side::new(&old.demand.listeners, homes);
                if old.is_cut_over { vec![new, before] } else { vec![before, new] }
            }
        };
        added.rest(demand.organization, &demand.hosts, &sides, values, names, out);
    }
    for made in gateways.iter_mut().skip(written).filter(|made| made.listeners.is_empty()) {
        made.listeners.push(super::listeners::unneeded(&made.path));
    }
    let mut rows = vec![ground.row];
    added.placements = places.placed.into_iter().flatten().collect();
    if let Some(migration) = migration {
        rows.extend(migration::before(migration).map(|(row, _)| row));
        added.migration = Some(Moving::finish(moving, migration, ground.row.strategy, gateways, out));
    }
    overlaps.finish(out);
    judge(values, &added, gateways, batch, out);
    pattern::drop_unused(&rows, gateways, routes, &mut added);
    added
}

/// Says what cannot work of what was added, or not as somebody may expect, and lets ListenerSets and challenges in.
fn judge(
    values: &Values<'_>,
    added: &Added<'_>,
    gateways: &mut [Gateway<'_>],
    batch: Option<&BatchContext<'_>>,
    out: &mut Vec<Diagnostic>,
) {
    // The first tells it for all.
    let is_apart = |set: &&ListenerSet<'_>| set.namespace.is_empty() != set.gateway_namespace.is_empty();
    if let Some(set) = added.listener_sets.iter().find(is_apart) {
        check_comparable(set.namespace, set.gateway_namespace, &set.path, out);
    }
    certificates::check_issuers(values, out);
    refusals::check_sets(&added.listener_sets, gateways, out);
    if let Some(batch) = batch {
        batch.joining.allow(gateways, out);
        admission::allow_challenges(values, gateways, batch.joining, out);
    } else {
        let mut issued = Issued::default();
        issued.add(added.certificates.iter());
        if values.enabled.gateway {
            issued.check(values, out);
        }
        let mut joining = Joining::default();
        for set in &added.listener_sets {
            joining.add(&set.gateway, set.namespace);
        }
        joining.allow(gateways, out);
        admission::allow_challenges(values, gateways, &joining, out);
    }
}

impl<'v> Added<'v> {
    /// Puts the listeners of an organization where they go, and says where each of them is.
    fn listeners(
        &mut self,
        demand: &Demand<'v>,
        listener_places: &[Option<ListenerPlace>],
        overlaps: &mut Overlaps,
        gateways: &mut [Gateway<'v>],
    ) -> Vec<Option<Home<'v>>> {
        let Demand { organization, listeners: drafts, .. } = demand;
        let mut homes = Vec::with_capacity(drafts.len());
        let mut in_sets = 0;
        for (draft, listener_place) in drafts.iter().zip(listener_places) {
            let (secret_namespace, secret) = certificates::secret(organization, draft);
            let listener_place = listener_place
                .and_then(|listener_place| Some((listener_place, gateways.get_mut(listener_place.gateway)?)));
            let Some((ListenerPlace { gateway: at, set, stands }, gateway)) = listener_place else {
                homes.push(None);
                continue;
            };
            let namespace = if set.is_some() { organization.home() } else { gateway.namespace };
            let made = listeners::listener(
                organization.name,
                draft,
                (secret_namespace, &secret),
                namespace,
                &organization.namespaces,
            );
            if !stands {
                let is_rendered = set.is_none() && gateway.rendered;
                self.away.extend(is_rendered.then_some(Away { namespace, listener: made }));
                homes.push(None);
                continue;
            }
            overlaps.beside_written(at, gateway, &made);
            let Some(served) = set else {
                gateway.listeners.push(made);
                homes.push(Some(Home { kind: None, name: gateway.name.clone(), namespace }));
                continue;
            };
            if in_sets % LISTENERS_MAX == 0 {
                let name = split::part_name(organization.name, in_sets / LISTENERS_MAX + 1);
                self.listener_sets.push(empty_set(name, organization, gateway));
            }
            in_sets += 1;
            homes.push(self.listener_sets.last_mut().map(|last| {
                last.listeners.push(made);
                Home { kind: Some((served.group(), served.kind)), name: last.name.clone(), namespace }
            }));
        }
        homes
    }

    /// Makes the certificates and routes of an organization whose listeners have their places.
    fn rest(
        &mut self,
        organization: &'v Organization<'v>,
        hosts: &Hosts<'v>,
        sides: &[Side<'_, 'v>],
        values: &'v Values<'v>,
        names: &Names<'v>,
        out: &mut Vec<Diagnostic>,
    ) {
        let tenant = Tenant { org: organization.name, base_domain: base_domain(values) };
        let context = RouteContext { tenant, sides, names };
        for (service, hostnames) in organization.services.iter().zip(&hosts.services) {
            self.routes.extend(context.routes(service, hostnames, out));
        }
        self.certificates.extend(certificates::of(organization, hosts, sides, values));
    }
}

/// A ListenerSet of an organization in its own namespace, without listeners yet.
fn empty_set<'v>(name: String, organization: &Organization<'v>, gateway: &Gateway<'v>) -> ListenerSet<'v> {
    ListenerSet {
        name: Cow::Owned(name),
        namespace: organization.home(),
        gateway: gateway.name.clone(),
        gateway_namespace: gateway.namespace,
        listeners: Vec::new(),
        metadata: Metadata::default(),
        path: organization.path.clone(),
    }
}

#[cfg(test)]
mod tests;
