//! Organizations: tenants behind few Gateways, each with listeners, a certificate and routes of its own.
//!
//! A strategy is a row of a table ([`strategy`]). Host names come first ([`hosts`]), then the listeners that
//! they need ([`listeners`]); what goes to one Gateway as a whole is placed on one ([`shards`]); then everything is
//! made for where it went.

mod certificates;
mod hosts;
mod issuing;
mod listeners;
mod owners;
mod routes;
mod shards;
mod strategy;
mod survey;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::names::{Names, Tenant};
use super::{Certificate, Gateway, ListenerSet, Placed, PlacedBy, Route, split};
use crate::diagnostic::{Code, Diagnostic};
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
use routes::{Home, Making};
use shards::Shelf;
use strategy::{Gateways, Row};

pub(crate) use issuing::Issued;
pub(crate) use owners::{HOSTNAME_OF_ANOTHER, HOSTNAME_TWICE};
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
}

/// An organization with what it needs.
pub(super) struct Drawn<'v> {
    organization: &'v Organization<'v>,
    hosts: Hosts<'v>,
    listeners: Vec<Draft<'v>>,
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
    let Ground { row, in_sets, bound } = ground;
    let drawn = draw_all(values, row, names, out);
    let units: Vec<Vec<Unit<'v>>> = drawn.iter().map(|drawn| units(drawn, row)).collect();
    let mut shelf = Shelf::new(gateways, bound, in_sets);
    let own;
    let Decided { gateways: shared, places } = if let Some(known) = known {
        &known.decided
    } else {
        owners::check(&drawn, out);
        let all: Vec<Unit<'_>> = units.iter().flatten().cloned().collect();
        own = shards::decide(&all, row, values, &shelf, out);
        &own
    };
    let shared: Vec<usize> = shared.iter().map(|name| shelf.shared(name, out)).collect();
    let mut added = Added::default();
    // Every Gateway is made before the first has a listener of an organization: what others are made like has none.
    let mut places = places.iter();
    let mut homes: Vec<Vec<Option<usize>>> = Vec::with_capacity(drawn.len());
    for (drawn, units) in drawn.iter().zip(units) {
        let organization = drawn.organization;
        let home = |(unit, place): (Unit<'v>, &Place)| {
            let (gateway, by) = match place {
                Place::Own => (shelf.dedicated(organization, out), PlacedBy::Request),
                Place::Shared(at, by) => (*shared.get(*at)?, *by),
                Place::Nowhere => return None,
            };
            let Unit { name, load, .. } = unit;
            added.placements.push(Placed { name, organization: organization.name, gateway, by, load });
            Some(gateway)
        };
        homes.push(units.into_iter().zip(places.by_ref()).map(home).collect());
    }
    for (drawn, own) in drawn.into_iter().zip(homes) {
        // An organization that is placed as a whole has one place for all of its listeners.
        let place = |listener: usize| own.get(if own.len() == 1 { 0 } else { listener }).copied().flatten();
        let has_sets = in_sets && !row.is_dedicated(drawn.organization);
        let target = has_sets.then(|| Kind::ListenerSet.served(values.target)).flatten();
        let homes = added.listeners(&drawn, &place, target, gateways);
        added.rest(drawn, &homes, values, names, out);
    }
    if let Some(known) = known {
        allow_sets(gateways, known.joining);
    } else {
        let mut issued = Issued::default();
        issued.add(added.certificates.iter());
        issued.check(values, out);
        allow_sets(gateways, &joining(&added.listener_sets));
    }
    drop_pattern(values, row, gateways, &mut added.placements);
    added
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
        let row = strategy::of(written.sharding.strategy);
        let in_sets = row.has_listener_sets(values, pattern, out);
        Some(Self { row, in_sets, bound: bound(written.sharding.limits, pattern) })
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
    Drawn { organization, hosts, listeners }
}

/// What of an organization goes to one Gateway as a whole: everything, or each listener on its own.
fn units<'v>(drawn: &Drawn<'v>, row: Row) -> Vec<Unit<'v>> {
    let Drawn { organization, hosts, listeners } = drawn;
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
        place: &dyn Fn(usize) -> Option<usize>,
        set: Option<Served>,
        gateways: &mut [Gateway<'v>],
    ) -> Vec<Option<Home<'v>>> {
        let Drawn { organization, listeners: drafts, .. } = drawn;
        let mut homes = Vec::with_capacity(drafts.len());
        let mut in_sets = 0;
        for (index, draft) in drafts.iter().enumerate() {
            let (secret_namespace, secret) = certificates::secret(organization, draft);
            let Some(gateway) = place(index).and_then(|at| gateways.get_mut(at)) else {
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
        drawn: Drawn<'v>,
        homes: &[Option<Home<'v>>],
        values: &'v Values<'v>,
        names: &Names<'v>,
        out: &mut Vec<Diagnostic>,
    ) {
        let Drawn { organization, hosts, listeners } = drawn;
        let tenant = Tenant { org: organization.name, base_domain: base_domain(values) };
        let making = Making { tenant, drafts: &listeners, homes, names };
        for (service, hostnames) in organization.services.iter().zip(&hosts.services) {
            self.routes.extend(making.routes(service, hostnames, out));
        }
        self.certificates.extend(certificates::of(organization, &hosts, &listeners, values));
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
fn drop_pattern(
    values: &Values<'_>,
    row: Row,
    gateways: &mut Vec<Gateway<'_>>,
    placements: &mut [Placed<'_>],
) {
    let is_shared = matches!(row.gateways, Gateways::One | Gateways::Growing);
    if is_shared || values.routes.is_some() || !values.services.is_empty() || gateways.len() < 2 {
        return;
    }
    gateways.remove(0);
    for placed in placements {
        placed.gateway = placed.gateway.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests;
