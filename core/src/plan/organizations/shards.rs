//! Which Gateway each organization goes to, and which Gateways that takes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::gateway_names;
use super::records::Records;
use super::strategy::{Gateways, Row};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::LISTENERS_MAX;
use crate::path::Path;
use crate::placement::{self, Amount, Bin, Entry, Load, Placement};
use crate::plan::{Gateway, Listener, PlacedBy, has_addresses};
use crate::shorten::listed;
use crate::values::{Limits, Organization, Sharding, quoted};

/// There is no Gateway with room for an organization.
pub(super) const GATEWAYS_FULL: Code = Code("gateways-full");
/// A Gateway of one organization that has the name of a shared one.
const GATEWAY_NAME_TAKEN: Code = Code("gateway-name-taken");
/// A Gateway that has no address, where the one that it is made like has some.
pub(crate) const ADDRESS_MISSING: Code = Code("gateway-address-missing");

/// Gateways of a pool where the values do not say: their numbers have two digits.
const POOL_MAX: u32 = 99;

/// Whose bound it is where the values say less than Gateway API or the controller.
const OWN_LIMITS: &str = "the values' own `sharding.limits`";

/// Most Gateways that a message names; our own bound.
const SHOWN: usize = 8;

/// What goes to one Gateway as a whole: an organization, or one of its host names.
#[derive(Clone, Debug)]
pub(crate) struct Unit<'u> {
    /// Its name, by which it is placed and recorded.
    pub(crate) name: Cow<'u, str>,
    /// Whether its organization has a Gateway of its own.
    pub(crate) is_dedicated: bool,
    pub(crate) load: Load,
}

/// Where a unit goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// To the Gateway of its organization.
    Own,
    /// To a shared Gateway, by its index among [`Decided::gateways`].
    Shared(usize, PlacedBy),
    /// Nowhere, which is an error.
    Nowhere,
}

/// Who goes where, before any Gateway is made.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// Names of the shared Gateways.
    pub(crate) gateways: Vec<String>,
    /// Of each unit.
    pub(crate) places: Vec<Place>,
}

/// The Gateways of a release while organizations are placed on them. The first is the one that others are made like.
pub(super) struct GatewayInventory<'s, 'v> {
    pub(super) gateways: &'s mut Vec<Gateway<'v>>,
    /// Indexes by name.
    by_name: BTreeMap<String, usize>,
    /// What one takes at most by the values and its controller.
    bound: Load,
    /// Whether listeners of organizations stand in ListenerSets.
    in_sets: bool,
}

impl Row {
    /// Whether an organization has a Gateway of its own.
    pub(super) fn is_dedicated(self, organization: &Organization<'_>) -> bool {
        self.gateways == Gateways::Each || self.dedicates && organization.is_dedicated
    }

    /// The fewest and the most shared Gateways.
    fn count(self, sharding: &Sharding) -> (u32, u32) {
        match self.gateways {
            Gateways::One => (1, 1),
            Gateways::Fixed => (sharding.gateways, sharding.gateways),
            Gateways::Growing => (1, sharding.max_gateways.unwrap_or(1)),
            Gateways::Pool => (1, sharding.max_gateways.unwrap_or(POOL_MAX)),
            Gateways::Each => (0, 0),
        }
    }

    /// What to do where the Gateways have too little of something.
    fn hint(self, lacks: Amount, in_sets: bool, is_own: bool) -> &'static str {
        let helps_in_sets = lacks == Amount::Listeners && !in_sets;
        match (self.gateways, helps_in_sets) {
            (Gateways::Fixed, _) => {
                "set `sharding.gateways` higher; recorded placements keep the others where they are"
            }
            (Gateways::Growing, true) => {
                "set `sharding.maxGateways` higher, or let listeners stand in ListenerSets with `sharding.listenerSets`"
            }
            (Gateways::Pool, _) if is_own => "set `sharding.maxGateways` or `sharding.limits` higher",
            (Gateways::Growing, false) | (Gateways::Pool, _) => "set `sharding.maxGateways` higher",
            (Gateways::One | Gateways::Each, true) => {
                "take `sharding.strategy: hybrid` or `pool`, which take more Gateways, or `listenerSets`"
            }
            (Gateways::One | Gateways::Each, false) => {
                "take `sharding.strategy: hybrid` or `pool`, which take more Gateways"
            }
        }
    }

    /// Names of all shared Gateways that there may be, in the order of their numbers.
    pub(super) fn names(self, pattern: &str, sharding: &Sharding) -> impl Iterator<Item = String> {
        (0..self.count(sharding).1).map(move |number| self.name(pattern, number))
    }
}

/// Decides where every unit goes; one that no Gateway has room for is an error.
pub(super) fn decide(
    units: &[Unit<'_>],
    row: Row,
    sharding: &Sharding,
    records: &Records<'_>,
    inventory: &GatewayInventory<'_, '_>,
    out: &mut Vec<Diagnostic>,
) -> Decided {
    let shared: Vec<&Unit<'_>> = units.iter().filter(|unit| !unit.is_dedicated).collect();
    let (mut gateways, mut placement) = share(&shared, row, sharding, records, inventory);
    records.check(units, row, sharding, &gateways, inventory, out);
    check_full(&shared, row, sharding, &gateways, &placement, inventory, out);
    check_names(units, &gateways, inventory, out);
    let is_only = gateways.len() == 1;
    if row.gateways == Gateways::Pool {
        gateways = occupied(gateways, &mut placement);
    }
    let mut of_shared = placement.bins.iter().enumerate();
    let place = |unit: &Unit<'_>| {
        if unit.is_dedicated {
            return Place::Own;
        }
        let Some((at, Some(bin))) = of_shared.next().map(|(at, bin)| (at, *bin)) else {
            return Place::Nowhere;
        };
        let by = match () {
            () if records.gateway(&unit.name) == gateways.get(bin).map(String::as_str) => PlacedBy::Record,
            () if is_only => PlacedBy::Only,
            () if placement.displaced.binary_search(&at).is_ok() => PlacedBy::Displacement,
            () => PlacedBy::Hash,
        };
        Place::Shared(bin, by)
    };
    let places = units.iter().map(place).collect();
    Decided { gateways, places }
}

/// Names of the shared Gateways, as many as it takes and those that are recorded, and who goes to which.
fn share(
    shared: &[&Unit<'_>],
    row: Row,
    sharding: &Sharding,
    records: &Records<'_>,
    inventory: &GatewayInventory<'_, '_>,
) -> (Vec<String>, Placement) {
    let (fewest, most) = row.count(sharding);
    let pattern = inventory.pattern().map_or("", |gateway| &gateway.name);
    if shared.is_empty() {
        return ((0..fewest).map(|number| row.name(pattern, number)).collect(), Placement::default());
    }
    let recorded: BTreeSet<&str> = shared.iter().filter_map(|unit| records.gateway(&unit.name)).collect();
    let is_recorded = |number: &u32| recorded.contains(row.name(pattern, *number).as_str());
    let mut numbers: BTreeSet<u32> =
        (0..most).filter(|number| *number < fewest || is_recorded(number)).collect();
    let mut others = (0..most).filter(|number| *number >= fewest && !is_recorded(number));
    let total: Load = shared.iter().map(|unit| unit.load).sum();
    // The first may have less room than those that are made.
    let takes = |number: u32| total.bins(inventory.room(&row.name(pattern, number)));
    let at_least = usize::try_from(takes(0).min(takes(1))).unwrap_or(usize::MAX);
    let missing = at_least.saturating_sub(numbers.len());
    numbers.extend(others.by_ref().take(missing));
    let mut others = others.peekable();
    loop {
        let names: Vec<String> = numbers.iter().map(|number| row.name(pattern, *number)).collect();
        let placement = place_on(shared, &names, records, inventory);
        let Some(next) = others.peek() else { return (names, placement) };
        let room = inventory.room(&row.name(pattern, *next));
        let without = shared.iter().zip(&placement.bins).filter(|(_, bin)| bin.is_none());
        // What fits no empty Gateway is not helped by one more.
        let helped = without.map(|(unit, _)| unit.load).filter(|load| room.fits(*load));
        let missing = helped.sum::<Load>().bins(room);
        if missing == 0 {
            return (names, placement);
        }
        numbers.extend(others.by_ref().take(usize::try_from(missing).unwrap_or(usize::MAX)));
    }
}

/// The Gateways that somebody is on, all if nobody is on any: a pool has as many as it takes. Nobody likes another one
/// better for it, so that nobody moves.
fn occupied(names: Vec<String>, placement: &mut Placement) -> Vec<String> {
    let used: BTreeSet<usize> = placement.bins.iter().flatten().copied().collect();
    if used.is_empty() {
        return names;
    }
    let renumbered: BTreeMap<usize, usize> = used.iter().enumerate().map(|(new, old)| (*old, new)).collect();
    for bin in &mut placement.bins {
        *bin = bin.and_then(|bin| renumbered.get(&bin).copied());
    }
    names.into_iter().enumerate().filter(|(at, _)| used.contains(at)).map(|(_, name)| name).collect()
}

fn place_on(
    shared: &[&Unit<'_>],
    names: &[String],
    records: &Records<'_>,
    inventory: &GatewayInventory<'_, '_>,
) -> Placement {
    let by_name: BTreeMap<&str, usize> =
        names.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
    let entries: Vec<Entry<'_>> = shared
        .iter()
        .map(|unit| Entry {
            name: &unit.name,
            load: unit.load,
            recorded: records.gateway(&unit.name).and_then(|name| by_name.get(name).copied()),
        })
        .collect();
    let bins: Vec<Bin<'_>> = names.iter().map(|name| Bin { name, room: inventory.room(name) }).collect();
    placement::place(&entries, &bins)
}

impl<'s, 'v> GatewayInventory<'s, 'v> {
    pub(super) fn new(gateways: &'s mut Vec<Gateway<'v>>, bound: Load, in_sets: bool) -> Self {
        // Of two with one name, which is an error elsewhere, the first.
        let by_name =
            gateways.iter().enumerate().rev().map(|(at, gateway)| (gateway.name.to_string(), at)).collect();
        Self { gateways, by_name, bound, in_sets }
    }

    /// The Gateway that others are made like.
    pub(super) fn pattern(&self) -> Option<&Gateway<'v>> {
        self.gateways.first()
    }

    /// The listeners of a Gateway that is made like the pattern. What is derived there is for routes that attach to
    /// the pattern alone.
    fn copied(&self) -> impl Iterator<Item = &Listener<'v>> {
        let listeners = self.pattern().into_iter().flat_map(|pattern| &pattern.listeners);
        listeners.filter(|listener| !listener.derived)
    }

    /// The listeners that the Gateway of a name has of its own.
    fn own(&self, name: &str) -> Vec<&str> {
        match self.by_name.get(name).and_then(|at| self.gateways.get(*at)) {
            Some(gateway) => gateway.listeners.iter().map(|listener| listener.name.as_ref()).collect(),
            None => self.copied().map(|listener| listener.name.as_ref()).collect(),
        }
    }

    /// Those that take of the listeners that the Gateway of a name has room for, in words.
    fn beside(&self, name: &str, lacks: Amount) -> String {
        let own = self.own(name);
        if lacks != Amount::Listeners || own.is_empty() {
            return String::new();
        }
        format!(" beside its own {}", listed(own.into_iter().map(|name| format!("`{name}`"))))
    }

    /// What the Gateway of a name takes beside its own listeners.
    pub(super) fn room(&self, name: &str) -> Load {
        let own = u32::try_from(self.own(name).len()).unwrap_or(u32::MAX);
        self.most().less(Load { listeners: own, ..Load::default() })
    }

    /// What a shared Gateway takes at most, its own listeners among it.
    fn most(&self) -> Load {
        let most = u32::try_from(LISTENERS_MAX).unwrap_or(u32::MAX);
        let listeners = if self.in_sets { self.bound.listeners } else { self.bound.listeners.min(most) };
        Load { listeners, ..self.bound }
    }

    /// Whose bound a Gateway has for something.
    pub(super) fn whose(&self, amount: Amount, limits: Limits) -> &'static str {
        let quota = || self.pattern().and_then(|pattern| pattern.profile.quirks.load_balancer.as_ref());
        match amount {
            _ if self.is_own(amount, limits) => OWN_LIMITS,
            Amount::Listeners | Amount::TlsHosts => "Gateway API v1.6.1, Gateway spec.listeners maxItems",
            Amount::Certificates | Amount::Rules | Amount::TargetGroups => {
                quota().map_or("", |fact| fact.source)
            }
        }
    }

    /// Whether a bound is one of the values, which say less than Gateway API or the controller.
    fn is_own(&self, amount: Amount, limits: Limits) -> bool {
        let own = match amount {
            Amount::Listeners if self.in_sets => limits.listeners.or(Some(0)),
            Amount::Listeners => {
                limits.listeners.filter(|own| usize::try_from(*own).is_ok_and(|own| own < LISTENERS_MAX))
            }
            Amount::Certificates => limits.certificates,
            Amount::Rules => limits.rules,
            Amount::TargetGroups => limits.target_groups,
            Amount::TlsHosts => limits.tls_hosts.or(Some(0)),
        };
        own.is_some()
    }

    /// The index of a shared Gateway, which is made if it is not there.
    pub(super) fn shared(&mut self, name: &str, out: &mut Vec<Diagnostic>) -> usize {
        let known = self.by_name.get(name).copied();
        let index = known.unwrap_or_else(|| self.make(name.to_owned(), None, out));
        let most = self.most();
        if let Some(gateway) = self.gateways.get_mut(index) {
            // In a migration both strategies place on it, and one of them may have ListenerSets.
            gateway.bound = Some(gateway.bound.map_or(most, |other| other.max(most)));
        }
        index
    }

    /// The index of an organization's own Gateway, which is made if it is not there.
    pub(super) fn dedicated(
        &mut self,
        organization: &'v Organization<'v>,
        out: &mut Vec<Diagnostic>,
    ) -> usize {
        let pattern = self.pattern().map_or("", |gateway| &gateway.name);
        let name = gateway_names::own(pattern, organization.name);
        let known = self.by_name.get(&name).copied();
        known.unwrap_or_else(|| self.make(name, Some(organization), out))
    }

    fn make(
        &mut self,
        name: String,
        owner: Option<&'v Organization<'v>>,
        out: &mut Vec<Diagnostic>,
    ) -> usize {
        let index = self.gateways.len();
        let Some(pattern) = self.gateways.first() else { return index };
        let own = owner.and_then(|owner| owner.gateway);
        let path = owner.map_or_else(|| pattern.path.clone(), |owner| owner.path.key("gateway"));
        if has_addresses(pattern.given) && !has_addresses(own) {
            let message = format!(
                "Gateway `{name}` is made like `{}`, whose addresses it cannot share, and has none of its own",
                pattern.name
            );
            let hint = if owner.is_some() {
                "give `gateway.addresses` to the organization".to_owned()
            } else {
                format!("write a Gateway of the name `{name}` with its addresses into `gateways`")
            };
            out.push(Diagnostic::error(ADDRESS_MISSING, path.clone(), message).hint(hint));
        }
        let made = Gateway {
            name: Cow::Owned(name.clone()),
            namespace: pattern.namespace,
            profile: pattern.profile,
            profile_reason: pattern.profile_reason,
            class: owner.and_then(|owner| owner.class).unwrap_or(pattern.class),
            listeners: self.copied().cloned().collect(),
            given: own,
            allowed_listeners: pattern.allowed_listeners.clone(),
            rendered: pattern.rendered,
            bound: None,
            metadata: owner.map_or(pattern.metadata, |owner| owner.gateway_metadata),
            path,
        };
        self.gateways.push(made);
        self.by_name.insert(name, index);
        index
    }
}

/// A Gateway of one organization must not have the name of one that others share.
fn check_names(
    units: &[Unit<'_>],
    names: &[String],
    inventory: &GatewayInventory<'_, '_>,
    out: &mut Vec<Diagnostic>,
) {
    let pattern = inventory.pattern().map_or("", |gateway| &gateway.name);
    let shared: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    for unit in units.iter().filter(|unit| unit.is_dedicated) {
        let own = gateway_names::own(pattern, &unit.name);
        if shared.contains(own.as_str()) {
            let message = format!(
                "organization {} would have Gateway `{own}` for its own, but others share one of that name",
                quoted(&unit.name)
            );
            out.push(
                Diagnostic::error(GATEWAY_NAME_TAKEN, Path::ROOT.key("organizations"), message)
                    .hint("rename the organization"),
            );
        }
    }
}

/// Says of all that have no place how many have, and where.
fn check_full(
    shared: &[&Unit<'_>],
    row: Row,
    sharding: &Sharding,
    names: &[String],
    placement: &Placement,
    inventory: &GatewayInventory<'_, '_>,
    out: &mut Vec<Diagnostic>,
) {
    let without: Vec<&&Unit<'_>> =
        shared.iter().zip(&placement.bins).filter(|(_, bin)| bin.is_none()).map(|(unit, _)| unit).collect();
    let (Some(first), Some(name)) = (without.first(), names.first()) else { return };
    let taken = |bin: usize| placement.bins.iter().filter(|at| **at == Some(bin)).count();
    let counted = names.iter().enumerate().take(SHOWN);
    let fits: Vec<String> = counted.map(|(bin, name)| format!("{} on `{name}`", taken(bin))).collect();
    let more = if names.len() > fits.len() { ", …" } else { "" };
    let room = inventory.room(name);
    let left = placement.left.first().copied().unwrap_or_default();
    let lacks = left.lacks(first.load).unwrap_or(Amount::Listeners);
    let is_own = inventory.is_own(lacks, sharding.limits);
    let hint = match (room.fits(first.load), is_own) {
        (true, _) => row.hint(lacks, inventory.in_sets, is_own),
        (false, true) => {
            "no Gateway has room for the first: give it fewer host names, or set `sharding.limits` higher"
        }
        (false, false) => "no Gateway has room for the first: give it fewer host names",
    };
    let message = format!(
        "{} of {} find no place, {} first: {}{more}; a Gateway has room for {}{}",
        without.len(),
        shared.len(),
        quoted(&first.name),
        fits.join(", "),
        room.words(),
        inventory.beside(name, lacks),
    );
    out.push(
        Diagnostic::error(GATEWAYS_FULL, Path::ROOT.key("organizations"), message)
            .source(inventory.whose(lacks, sharding.limits))
            .hint(hint),
    );
}
