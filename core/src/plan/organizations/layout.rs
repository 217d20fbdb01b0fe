//! What every organization needs by one strategy, and where that goes.

use core::ops::Range;
use std::borrow::Cow;

use super::hosts::{self, Base, Hosts};
use super::listeners::{self, Draft};
use super::records::Records;
use super::shards::{self, Decided, GatewayInventory, Place, Unit};
use super::strategy::{self, Gateways, Row};
use super::{BatchContext, owners, refusals};
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::placement::Load;
use crate::plan::names::Names;
use crate::plan::{Gateway, Placed, PlacedBy};
use crate::profile::LoadBalancer;
use crate::release::{Kind, Served};
use crate::values::{Limits, MISSING_KEY, Organization, Values, quoted};

/// An organization has more than its quota.
const QUOTA: Code = Code("quota");

/// An organization with what it needs by one strategy.
pub(super) struct Demand<'v> {
    pub(super) organization: &'v Organization<'v>,
    pub(super) hosts: Hosts<'v>,
    pub(super) listeners: Vec<Draft<'v>>,
    /// Whether it has a Gateway of its own.
    pub(super) is_dedicated: bool,
    /// Which of the places are its own: one for everything, or one for each listener.
    pub(super) units: Range<usize>,
}

/// Where everything of one strategy goes.
pub(super) struct Places<'v> {
    /// The kind of the ListenerSets in which listeners stand.
    pub(super) set: Option<Served>,
    pub(super) placed: Vec<Option<Placed<'v>>>,
}

/// Where a listener goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListenerPlace {
    pub(super) gateway: usize,
    /// The kind of the ListenerSet in which it stands, where it stands in one.
    pub(super) set: Option<Served>,
    /// Whether it stands there, not only before or after this phase of a migration.
    pub(super) stands: bool,
}

/// What every organization needs by a strategy, and where it goes. Makes the Gateways that it takes; none of them has a
/// listener of an organization before the last is made, for others are made like the first.
pub(super) fn lay_out<'v>(
    ground: Ground,
    records: &Records<'_>,
    batch: Option<&BatchContext<'_>>,
    values: &'v Values<'v>,
    names: &Names<'v>,
    gateways: &mut Vec<Gateway<'v>>,
    out: &mut Vec<Diagnostic>,
) -> (Vec<Demand<'v>>, Places<'v>) {
    let Ground { row, in_sets, bound } = ground;
    let mut demands = demands(values, row, names, out);
    let pattern = gateways.first().map_or("", |gateway| &gateway.name);
    for demand in &mut demands {
        demand.is_dedicated = records.is_dedicated(demand.organization, row, pattern);
    }
    let mut all: Vec<Unit<'v>> = Vec::with_capacity(demands.len());
    for demand in &mut demands {
        let first = all.len();
        all.extend(units(demand, row));
        demand.units = first..all.len();
    }
    let mut inventory = GatewayInventory::new(gateways, bound, in_sets);
    let own;
    let Decided { gateways: shared, places } = if let Some(batch) = batch {
        &batch.decided
    } else {
        owners::check(&demands, out);
        own = shards::decide(&all, row, &values.organizations.sharding, records, &inventory, out);
        &own
    };
    let shared: Vec<usize> = shared.iter().map(|name| inventory.shared(name, out)).collect();
    let mut placed = Vec::with_capacity(all.len());
    let mut all = all.into_iter().zip(places);
    for demand in &demands {
        let organization = demand.organization;
        placed.extend(all.by_ref().take(demand.units.len()).map(|(unit, place)| {
            let (gateway, by) = match place {
                Place::Own => (inventory.dedicated(organization, out), PlacedBy::Request),
                Place::Shared(at, by) => (*shared.get(*at)?, *by),
                Place::Nowhere => return None,
            };
            let Unit { name, load, .. } = unit;
            Some(Placed { name, organization: organization.name, gateway, by, load })
        }));
    }
    let set = Kind::ListenerSet.served(values.target).filter(|_| in_sets);
    (demands, Places { set, placed })
}

impl Places<'_> {
    /// Where each listener of an organization goes; none where there is no room.
    pub(super) fn of(&self, demand: &Demand<'_>) -> Vec<Option<ListenerPlace>> {
        let own = self.placed.get(demand.units.clone()).unwrap_or_default();
        let set = self.set.filter(|_| !demand.is_dedicated);
        let listener_place = |listener: usize| {
            let placed = own.get(if own.len() == 1 { 0 } else { listener })?.as_ref()?;
            Some(ListenerPlace { gateway: placed.gateway, set, stands: true })
        };
        (0..demand.listeners.len()).map(listener_place).collect()
    }
}

/// What holds for every organization of a release.
#[derive(Clone, Copy)]
pub(super) struct Ground {
    pub(super) row: Row,
    /// Whether listeners stand in ListenerSets.
    pub(super) in_sets: bool,
    /// What a Gateway takes at most.
    pub(super) bound: Load,
}

impl Ground {
    /// `None` without organizations, and after an error.
    pub(super) fn of(
        values: &Values<'_>,
        gateways: &[Gateway<'_>],
        out: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let written = &values.organizations;
        let pattern = gateways.first()?;
        if written.list.is_empty() || !has_domain(values, out) {
            return None;
        }
        Some(Self::by(strategy::of(written.sharding.strategy), values, pattern, out))
    }

    /// The same by another strategy.
    pub(super) fn by(
        row: Row,
        values: &Values<'_>,
        pattern: &Gateway<'_>,
        out: &mut Vec<Diagnostic>,
    ) -> Self {
        let in_sets = row.has_listener_sets(values, pattern, out);
        Self { row, in_sets, bound: bound(values.organizations.sharding.limits, pattern) }
    }
}

pub(super) fn demands<'v>(
    values: &'v Values<'v>,
    row: Row,
    names: &Names<'v>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Demand<'v>> {
    let base = Base::of(values);
    let list = &values.organizations.list;
    list.iter().map(|organization| demand(organization, row, base, names, out)).collect()
}

/// What an organization needs, wherever it goes.
fn demand<'v>(
    organization: &'v Organization<'v>,
    row: Row,
    base: Base<'_>,
    names: &Names<'v>,
    out: &mut Vec<Diagnostic>,
) -> Demand<'v> {
    refusals::check_services(organization, out);
    let hosts = hosts::of(organization, base, row.listeners, names, out);
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
    let is_dedicated = row.is_dedicated(organization);
    Demand { organization, hosts, listeners, is_dedicated, units: 0..0 }
}

/// What of an organization goes to one Gateway as a whole: everything, or each listener on its own.
pub(super) fn units<'v>(demand: &Demand<'v>, row: Row) -> Vec<Unit<'v>> {
    let Demand { organization, hosts, listeners, is_dedicated, .. } = demand;
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
    vec![Unit { name: Cow::Borrowed(organization.name), is_dedicated: *is_dedicated, load }]
}

/// The domain of derived host names, which the template may not need.
pub(super) fn base_domain<'a>(values: &'a Values<'_>) -> &'a str {
    values.organizations.base_domain.as_ref().map_or("", Hostname::as_str)
}

/// Whether there is a domain where the template needs one.
pub(super) fn has_domain(values: &Values<'_>, out: &mut Vec<Diagnostic>) -> bool {
    let written = &values.organizations;
    // It is refused where it stands.
    if written.base_domain.as_ref().is_some_and(Hostname::is_wildcard) {
        return false;
    }
    let missing = written.base_domain.is_none()
        && written.hostname.contains("baseDomain")
        && written.list.iter().any(hosts::are_derived);
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
