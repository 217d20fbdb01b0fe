//! Organizations: tenants behind few Gateways, each with listeners, a certificate and routes of its own.
//!
//! A strategy is a row of a table ([`strategy`]). Host names come first ([`hosts`]), then the listeners that
//! they need ([`listeners`]); what goes to one Gateway as a whole is placed on one ([`shards`]); then everything is
//! made for where it went. On the way from one strategy to another it is laid out by both ([`migration`]).

mod certificates;
pub(crate) mod gateway_names;
mod hosts;
mod issuing;
mod listeners;
mod migration;
mod overlaps;
mod owners;
mod refusals;
mod routes;
mod shards;
pub(crate) mod strategy;
mod survey;
mod takers;

use core::ops::Range;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::names::{Names, Tenant};
use super::{
    Away, Certificate, Gateway, ListenerSet, Migration, Placed, PlacedBy, Route, check_comparable, split,
};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::hostname::Hostname;
use crate::limits::LISTENERS_MAX;
use crate::path::Path;
use crate::placement::Load;
use crate::profile::LoadBalancer;
use crate::release::{Kind, Served};
use crate::tree::Node;
use crate::values::{Limits, MISSING_KEY, Metadata, Organization, Values, quoted};
use hosts::Hosts;
use listeners::Draft;
use migration::Moving;
use overlaps::Overlaps;
use routes::{Home, Making, Side};
use shards::{Records, Shelf};
use strategy::{Gateways, Row};

pub(crate) use issuing::Issued;
pub(crate) use owners::{HOSTNAME_OF_ANOTHER, HOSTNAME_TWICE, NAMESPACE_TWICE};
pub(crate) use shards::{Decided, Place, Unit};
pub(crate) use survey::{Placement, Surveyed, is_placed_whole, place, survey};

/// An organization has more than its quota.
const QUOTA: Code = Code("quota");
/// Most namespaces that a Gateway's `allowedListeners` names. Beyond, ListenerSets of every namespace may join.
///
/// Our own bound: with names of 63 characters, half of what an object may have
/// ([`crate::limits::OBJECT_BYTES_MAX`]).
pub(crate) const NAMESPACES_MAX: usize = 10_000;

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

/// An organization with what it needs by one strategy.
pub(super) struct Drawn<'v> {
    organization: &'v Organization<'v>,
    hosts: Hosts<'v>,
    listeners: Vec<Draft<'v>>,
    /// Which of the places are its own: one for everything, or one for each listener.
    units: Range<usize>,
}

/// Where everything of one strategy goes.
pub(super) struct Places<'v> {
    row: Row,
    /// The kind of the ListenerSets in which listeners stand.
    set: Option<Served>,
    placed: Vec<Option<Placed<'v>>>,
}

/// Where a listener goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    gateway: usize,
    /// The kind of the ListenerSet in which it stands, where it stands in one.
    set: Option<Served>,
    /// Whether it stands there, not only before or after this phase of a migration.
    stands: bool,
}

/// What is known of a release of which only some organizations are planned.
#[derive(Debug)]
pub(crate) struct Known<'k> {
    /// Where those that are planned go.
    pub(crate) decided: Decided,
    /// Namespaces of the ListenerSets of each Gateway, by its name: of all organizations.
    pub(crate) joining: &'k BTreeMap<String, BTreeSet<Box<str>>>,
}

/// Plans every organization, and adds its listeners and Gateways to those of the values. With `known`, only some are
/// there, and what holds for all of them has been looked at.
pub(super) fn build<'v>(
    values: &'v Values<'v>,
    names: &Names<'v>,
    gateways: &mut Vec<Gateway<'v>>,
    known: Option<&Known<'_>>,
    out: &mut Vec<Diagnostic>,
) -> Added<'v> {
    let Some(ground) = Ground::of(values, gateways, out) else { return Added::default() };
    refusals::check_gateways(values, ground.row, gateways, out);
    let migration = migration::of(values, out);
    let said = out.len();
    let records = Records::of(values);
    let (drawn, places) = lay_out(ground, &records, known, values, names, gateways, out);
    let mut moving = migration.and_then(|migration| {
        let (row, records) = migration::before(migration)?;
        let mut found = Vec::new();
        let ground = Ground::by(row, values, gateways.first()?, &mut found);
        let old = lay_out(ground, &records, None, values, names, gateways, &mut found);
        // What is wrong with both strategies is said once.
        if !diagnostic::has_errors(out.get(said..).unwrap_or_default()) {
            out.extend(found);
        }
        Some(Moving::new(migration, old, ground.bound))
    });
    let mut added = Added::default();
    let mut overlaps = Overlaps::new(gateways);
    for drawn in drawn {
        let mut spots = places.of(&drawn);
        let old = moving.as_mut().and_then(|moving| moving.next(&drawn, &mut spots, &mut overlaps, gateways));
        let old_homes =
            old.as_ref().map(|old| added.listeners(&old.drawn, &old.spots, &mut overlaps, gateways));
        let homes = added.listeners(&drawn, &spots, &mut overlaps, gateways);
        let new = Side::new(&drawn.listeners, &homes);
        // Who serves is named first: DNS records point there.
        let sides = match old.as_ref().zip(old_homes.as_deref()) {
            None => vec![new],
            Some((old, homes)) => {
                let before = Side::new(&old.drawn.listeners, homes);
                if old.is_cut_over { vec![new, before] } else { vec![before, new] }
            }
        };
        added.rest(drawn.organization, &drawn.hosts, &sides, values, names, out);
    }
    let mut rows = vec![ground.row];
    added.placements = places.placed.into_iter().flatten().collect();
    if let Some(migration) = migration {
        rows.extend(migration::before(migration).map(|(row, _)| row));
        added.migration = Some(Moving::finish(moving, migration, gateways, out));
    }
    overlaps.finish(out);
    // The first tells it for all.
    let is_apart = |set: &&ListenerSet<'_>| set.namespace.is_empty() != set.gateway_namespace.is_empty();
    if let Some(set) = added.listener_sets.iter().find(is_apart) {
        check_comparable(set.namespace, set.gateway_namespace, &set.path, out);
    }
    refusals::check_sets(&added.listener_sets, gateways, out);
    if let Some(known) = known {
        allow_sets(gateways, known.joining);
    } else {
        let mut issued = Issued::default();
        issued.add(added.certificates.iter());
        issued.check(values, out);
        allow_sets(gateways, &joining(&added.listener_sets));
    }
    drop_pattern(values, &rows, gateways, &mut added);
    added
}

/// What every organization needs by a strategy, and where it goes. Makes the Gateways that it takes; none of them has a
/// listener of an organization before the last is made, for others are made like the first.
fn lay_out<'v>(
    ground: Ground,
    records: &Records<'_>,
    known: Option<&Known<'_>>,
    values: &'v Values<'v>,
    names: &Names<'v>,
    gateways: &mut Vec<Gateway<'v>>,
    out: &mut Vec<Diagnostic>,
) -> (Vec<Drawn<'v>>, Places<'v>) {
    let Ground { row, in_sets, bound } = ground;
    let mut drawn = draw_all(values, row, names, out);
    let mut all: Vec<Unit<'v>> = Vec::with_capacity(drawn.len());
    for drawn in &mut drawn {
        let first = all.len();
        all.extend(units(drawn, row));
        drawn.units = first..all.len();
    }
    let mut shelf = Shelf::new(gateways, bound, in_sets);
    let own;
    let Decided { gateways: shared, places } = if let Some(known) = known {
        &known.decided
    } else {
        owners::check(&drawn, out);
        own = shards::decide(&all, row, &values.organizations.sharding, records, &shelf, out);
        &own
    };
    let shared: Vec<usize> = shared.iter().map(|name| shelf.shared(name, out)).collect();
    let mut placed = Vec::with_capacity(all.len());
    let mut all = all.into_iter().zip(places);
    for drawn in &drawn {
        let organization = drawn.organization;
        placed.extend(all.by_ref().take(drawn.units.len()).map(|(unit, place)| {
            let (gateway, by) = match place {
                Place::Own => (shelf.dedicated(organization, out), PlacedBy::Request),
                Place::Shared(at, by) => (*shared.get(*at)?, *by),
                Place::Nowhere => return None,
            };
            let Unit { name, load, .. } = unit;
            Some(Placed { name, organization: organization.name, gateway, by, load })
        }));
    }
    let set = Kind::ListenerSet.served(values.target).filter(|_| in_sets);
    (drawn, Places { row, set, placed })
}

impl Places<'_> {
    /// Where each listener of an organization goes; none where there is no room.
    fn of(&self, drawn: &Drawn<'_>) -> Vec<Option<Spot>> {
        let own = self.placed.get(drawn.units.clone()).unwrap_or_default();
        let set = self.set.filter(|_| !self.row.is_dedicated(drawn.organization));
        let spot = |listener: usize| {
            let placed = own.get(if own.len() == 1 { 0 } else { listener })?.as_ref()?;
            Some(Spot { gateway: placed.gateway, set, stands: true })
        };
        (0..drawn.listeners.len()).map(spot).collect()
    }
}

/// What holds for every organization of a release.
#[derive(Clone, Copy)]
struct Ground {
    row: Row,
    /// Whether listeners stand in ListenerSets.
    in_sets: bool,
    /// What a Gateway takes at most.
    bound: Load,
}

impl Ground {
    /// `None` without organizations, and after an error.
    fn of(values: &Values<'_>, gateways: &[Gateway<'_>], out: &mut Vec<Diagnostic>) -> Option<Self> {
        let written = &values.organizations;
        let pattern = gateways.first()?;
        if written.list.is_empty() || !has_domain(values, out) {
            return None;
        }
        Some(Self::by(strategy::of(written.sharding.strategy), values, pattern, out))
    }

    /// The same by another strategy.
    fn by(row: Row, values: &Values<'_>, pattern: &Gateway<'_>, out: &mut Vec<Diagnostic>) -> Self {
        let in_sets = row.has_listener_sets(values, pattern, out);
        Self { row, in_sets, bound: bound(values.organizations.sharding.limits, pattern) }
    }
}

fn draw_all<'v>(
    values: &'v Values<'v>,
    row: Row,
    names: &Names<'v>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Drawn<'v>> {
    let list = &values.organizations.list;
    list.iter().map(|organization| draw(organization, row, values, names, out)).collect()
}

/// What an organization needs, wherever it goes.
fn draw<'v>(
    organization: &'v Organization<'v>,
    row: Row,
    values: &Values<'v>,
    names: &Names<'v>,
    out: &mut Vec<Diagnostic>,
) -> Drawn<'v> {
    refusals::check_services(organization, out);
    let base_domain = base_domain(values);
    let hosts = hosts::of(organization, base_domain, row.listeners, names, out);
    let listeners = listeners::drafts(organization, &hosts, row.listeners);
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let hostnames = hosts.services.iter().map(Vec::len).sum();
    let bounds = [
        ("hostnames", count(hostnames), organization.quota.hostnames),
        ("listeners", count(listeners.len()), organization.quota.listeners),
    ];
    for (word, found, quota) in bounds {
        if let Some(quota) = quota.filter(|quota| found > *quota) {
            let message = format!(
                "organization {} has {found} {word}, but its quota is {quota}",
                quoted(organization.name)
            );
            out.push(Diagnostic::error(QUOTA, organization.path.key("quota").key(word), message));
        }
    }
    Drawn { organization, hosts, listeners, units: 0..0 }
}

/// What of an organization goes to one Gateway as a whole: everything, or each listener on its own.
fn units<'v>(drawn: &Drawn<'v>, row: Row) -> Vec<Unit<'v>> {
    let Drawn { organization, hosts, listeners, .. } = drawn;
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    if row.gateways == Gateways::Fixed {
        let one = Load { listeners: 1, certificates: 1, rules: 1, target_groups: 1, tls_hosts: 1 };
        let unit = |draft: &Draft<'v>| Unit {
            name: Cow::Owned(draft.hostname.to_string()),
            is_dedicated: false,
            load: one,
        };
        return listeners.iter().map(unit).collect();
    }
    let services = count(hosts.services.iter().filter(|own| !own.is_empty()).count());
    let load = Load {
        listeners: count(listeners.len()),
        certificates: if row.listeners == strategy::Listeners::Host {
            services
        } else {
            count(listeners.len())
        },
        rules: services,
        target_groups: services,
        tls_hosts: count(listeners.len()),
    };
    let is_dedicated = row.is_dedicated(organization);
    vec![Unit { name: Cow::Borrowed(organization.name), is_dedicated, load }]
}

impl<'v> Added<'v> {
    /// Puts the listeners of an organization where they go, and says where each of them is.
    fn listeners(
        &mut self,
        drawn: &Drawn<'v>,
        spots: &[Option<Spot>],
        overlaps: &mut Overlaps,
        gateways: &mut [Gateway<'v>],
    ) -> Vec<Option<Home<'v>>> {
        let Drawn { organization, listeners: drafts, .. } = drawn;
        let mut homes = Vec::with_capacity(drafts.len());
        let mut in_sets = 0;
        for (draft, spot) in drafts.iter().zip(spots) {
            let (secret_namespace, secret) = certificates::secret(organization, draft);
            let spot = spot.and_then(|spot| Some((spot, gateways.get_mut(spot.gateway)?)));
            let Some((Spot { gateway: at, set, stands }, gateway)) = spot else {
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
                self.listener_sets.push(ListenerSet {
                    name: Cow::Owned(split::part_name(organization.name, in_sets / LISTENERS_MAX + 1)),
                    namespace,
                    gateway: gateway.name.clone(),
                    gateway_namespace: gateway.namespace,
                    listeners: Vec::new(),
                    metadata: Metadata::default(),
                    path: organization.path.clone(),
                });
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
        let making = Making { tenant, sides, names };
        for (service, hostnames) in organization.services.iter().zip(&hosts.services) {
            self.routes.extend(making.routes(service, hostnames, out));
        }
        self.certificates.extend(certificates::of(organization, hosts, sides, values));
    }
}

/// The domain of derived host names, which the template may not need.
fn base_domain<'a>(values: &'a Values<'_>) -> &'a str {
    values.organizations.base_domain.as_ref().map_or("", Hostname::as_str)
}

/// Whether there is a domain where the template needs one.
fn has_domain(values: &Values<'_>, out: &mut Vec<Diagnostic>) -> bool {
    let written = &values.organizations;
    let needs = |organization: &Organization<'_>| {
        organization.hostnames.is_empty()
            && organization.services.iter().any(|service| service.hostnames.is_empty())
    };
    let missing = written.base_domain.is_none()
        && written.hostname.contains("baseDomain")
        && written.list.iter().any(needs);
    if missing {
        let message = "`baseDomain` is missing: the domain below which organizations have their host names";
        out.push(
            Diagnostic::error(MISSING_KEY, Path::ROOT, message)
                .hint("set `baseDomain: example.com`, or give every organization `hostnames`"),
        );
    }
    !missing
}

/// What one Gateway takes at most: what the values say, else what its controller says.
fn bound(limits: Limits, pattern: &Gateway<'_>) -> Load {
    let quota = pattern.profile.quirks.load_balancer.map(|fact| fact.value);
    let least =
        |own: Option<u32>, of: fn(&LoadBalancer) -> u32| own.or(quota.as_ref().map(of)).unwrap_or(u32::MAX);
    Load {
        listeners: limits.listeners.unwrap_or(u32::MAX),
        certificates: least(limits.certificates, |quota| quota.certificates),
        rules: least(limits.rules, |quota| quota.rules),
        target_groups: least(limits.target_groups, |quota| quota.target_groups),
        tls_hosts: limits.tls_hosts.unwrap_or(u32::MAX),
    }
}

/// Namespaces of ListenerSets by the name of their Gateway.
fn joining(sets: &[ListenerSet<'_>]) -> BTreeMap<String, BTreeSet<Box<str>>> {
    let mut joining: BTreeMap<String, BTreeSet<Box<str>>> = BTreeMap::new();
    for set in sets {
        if !joining.contains_key(set.gateway.as_ref()) {
            joining.insert(set.gateway.to_string(), BTreeSet::new());
        }
        joining.get_mut(set.gateway.as_ref()).map(|namespaces| namespaces.insert(set.namespace.into()));
    }
    joining
}

/// Lets the ListenerSets of organizations join their Gateways, unless the values say who may.
fn allow_sets(gateways: &mut [Gateway<'_>], joining: &BTreeMap<String, BTreeSet<Box<str>>>) {
    for gateway in gateways.iter_mut().filter(|gateway| gateway.allowed_listeners.is_none()) {
        let Some(namespaces) = joining.get(gateway.name.as_ref()) else { continue };
        let allowed = if namespaces.len() > NAMESPACES_MAX {
            Node::map([("namespaces", Node::map([("from", Node::text("All"))]))])
        } else {
            super::listeners::from_namespaces(namespaces.iter().map(AsRef::as_ref))
        };
        gateway.allowed_listeners = Some(Cow::Owned(allowed));
    }
}

/// Takes the Gateway that the others are made like out of the plan, where nothing of the values is behind it.
fn drop_pattern(values: &Values<'_>, rows: &[Row], gateways: &mut Vec<Gateway<'_>>, added: &mut Added<'_>) {
    let is_shared = rows.iter().any(|row| matches!(row.gateways, Gateways::One | Gateways::Growing));
    if is_shared || values.routes.is_some() || !values.services.is_empty() || gateways.len() < 2 {
        return;
    }
    gateways.remove(0);
    let before = added.migration.iter_mut().flat_map(|migration| &mut migration.placements);
    for placed in added.placements.iter_mut().chain(before) {
        placed.gateway = placed.gateway.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests;
