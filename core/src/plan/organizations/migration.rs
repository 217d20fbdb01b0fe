//! The way from one strategy, or from one record of placements, to another, so that at no moment a host name is without
//! a listener that serves it.
//!
//! Organizations are laid out twice, by what was before and by what is to come, each as if the other did not
//! exist: nobody moves within either. In phase `parallel` both stand, and routes name both. Where both are on one
//! Gateway a request goes to the listener that says most, which is the old one; of those cut over it leaves, and the
//! new one takes over within one change of one object. On another Gateway the old one stays to the end, for clients
//! that know the old address still. What cannot stand side by side is refused.
//!
//! Objects are applied in the order in which they are emitted, Gateways before routes and ListenerSets after them,
//! and what is gone is deleted at last: Helm's install order.

mod record;

use std::collections::{BTreeMap, BTreeSet};
use std::vec::IntoIter;

use super::hostname_index::HostnameIndex;
use super::layout::{Demand, ListenerPlace, Places};
use super::listeners::Draft;
use super::overlaps::Overlaps;
use super::records::Records;
use super::shards::GATEWAYS_FULL;
use super::strategy::{self, Gateways, Row};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::LISTENERS_MAX;
use crate::path::Path;
use crate::placement::Load;
use crate::plan::{Gateway, Migrant, Migration};
use crate::shorten::listed;
use crate::tree::Map;
use crate::values::{
    self, COMPARED, Organization, Organizations, Phase, Values, all_dedicated, nearest, quoted,
};

/// A migration in which nobody moves.
const MIGRATION_UNCHANGED: Code = Code("migration-unchanged");
/// Who is cut over does not fit the phase of a migration.
const MIGRATION_ORGANIZATIONS: Code = Code("migration-organizations");
/// A migration names an organization that is not there.
const UNKNOWN_ORGANIZATION: Code = Code("unknown-organization");
/// An old and a new listener of a migration that cannot stand side by side.
const MIGRATION_CONFLICT: Code = Code("migration-conflict");

pub(super) use record::doubtful;

/// The way round for listeners that cannot stand side by side.
const WAY_ROUND: &str = "go by way of other Gateways: first to `sharding.strategy: pool`, `hash` or `dedicated`, and \
                         when that migration is cleaned up from there to this strategy";

/// The migration of the values, if it can be gone.
pub(super) fn of<'v>(values: &'v Values<'v>, out: &mut Vec<Diagnostic>) -> Option<&'v values::Migration<'v>> {
    let organizations = &values.organizations;
    let migration = organizations.migration.as_ref()?;
    let path = Path::ROOT.key("migration");
    let said = out.len();
    let row = strategy::of(migration.from);
    let is_fixed = matches!(row.gateways, Gateways::One | Gateways::Each);
    if row.strategy == organizations.sharding.strategy && is_fixed {
        let message = format!("from `{0}` to `{0}`: nothing would change", migration.from.word());
        out.push(
            Diagnostic::error(MIGRATION_UNCHANGED, path.key("from"), message)
                .hint("let `sharding.strategy` say where to, and `from` what it was before"),
        );
    } else {
        out.extend(record::missing(values, migration));
    }
    let known: BTreeSet<&str> = organizations.list.iter().map(|organization| organization.name).collect();
    let mut unknown = migration.organizations.iter().filter(|(name, _)| !known.contains(name)).peekable();
    let shown = unknown.peek().map(|_| listed(known.iter().map(|name| quoted(name)))).unwrap_or_default();
    for (name, path) in unknown {
        let message = format!("no organization {} in these values", quoted(name));
        let hint = match nearest(name, known.iter().copied().take(COMPARED)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("take it out, or name one of {shown}"),
        };
        out.push(Diagnostic::error(UNKNOWN_ORGANIZATION, path.clone(), message).hint(hint));
    }
    out.extend(misfit(migration, organizations, &path));
    (out.len() == said).then_some(migration)
}

/// What of the organizations that are named does not fit the phase.
fn misfit(
    migration: &values::Migration<'_>,
    organizations: &Organizations<'_>,
    path: &Path,
) -> Option<Diagnostic> {
    let listed: BTreeSet<&str> = migration.organizations.iter().map(|(name, _)| *name).collect();
    let moves = |organization: &&Organization<'_>| {
        let recorded =
            |placements: Option<&Map<'_>>| placements?.get(organization.name)?.as_text().map(str::to_owned);
        migration.from != organizations.sharding.strategy
            || organization.is_dedicated
            || recorded(migration.placements) != recorded(organizations.placements)
    };
    let (message, hint) = match migration.phase {
        Phase::Parallel if !listed.is_empty() => (
            "in phase parallel nobody is cut over, but `organizations` names some".to_owned(),
            "set `phase: cutover`, or take `organizations` out",
        ),
        Phase::Cutover if listed.is_empty() => {
            ("nobody is cut over".to_owned(), "name `organizations`, or set `phase: parallel`")
        }
        Phase::Cleanup if !listed.is_empty() => {
            let waiting = organizations.list.iter().filter(|one| !listed.contains(one.name)).filter(moves);
            let mut left = waiting.map(|organization| organization.name);
            let first = left.next()?;
            let who = match left.count() {
                0 => format!("{} is", quoted(first)),
                more => format!("{} and {more} more are", quoted(first)),
            };
            (
                format!("cleanup takes the old listeners of everybody, and {who} not cut over"),
                "cut everybody over first; then take `organizations` out or name all",
            )
        }
        Phase::Parallel | Phase::Cutover | Phase::Cleanup => return None,
    };
    Some(Diagnostic::error(MIGRATION_ORGANIZATIONS, path.key("organizations"), message).hint(hint))
}

/// The record by which everybody is placed; none where it is left from before a migration, which is an error.
pub(super) fn records<'v>(
    values: &Values<'v>,
    migration: Option<&values::Migration<'_>>,
    row: Row,
    pattern: &str,
    out: &mut Vec<Diagnostic>,
) -> Records<'v> {
    let records = Records::of(values);
    let Some(migration) = migration else { return records };
    let Some(left) = record::left(values, migration, row, pattern) else {
        let is_idle = row.gateways == Gateways::Each && records.all().next().is_some();
        out.extend(is_idle.then(|| all_dedicated(Path::ROOT.key("placements"))));
        return records;
    };
    out.push(left);
    records.without()
}

/// The strategy before, and where everybody was; `None` where nothing of it is left.
pub(super) fn before<'v>(migration: &values::Migration<'v>) -> Option<(Row, Records<'v>)> {
    (migration.phase != Phase::Cleanup).then(|| (strategy::of(migration.from), Records::before(migration)))
}

/// Organizations on their way, one after the other.
pub(super) struct Moving<'v> {
    demands: IntoIter<Demand<'v>>,
    places: Places<'v>,
    cut_over: BTreeSet<&'v str>,
    migrants: Vec<Migrant<'v>>,
    /// By what it is that cannot stand side by side: the first of that sort, and how many there are.
    clashes: BTreeMap<Clash, (String, usize)>,
    /// What one Gateway takes at most.
    bound: Load,
    rooms: BTreeMap<usize, Room<'v>>,
}

/// An organization by the strategy before.
pub(super) struct Before<'v> {
    pub(super) demand: Demand<'v>,
    /// Where its listeners go.
    pub(super) listener_places: Vec<Option<ListenerPlace>>,
    /// Whether its new listeners serve it.
    pub(super) is_cut_over: bool,
}

/// Why two listeners cannot stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Clash {
    /// They have one host name on one port of one Gateway.
    SameHost,
    /// The new one takes requests from the old one before its route attaches.
    TooSoon,
    /// They stand in ListenerSets of one name, which would join two Gateways.
    TwoParents,
}

/// What a Gateway has left for old and new listeners together.
struct Room<'v> {
    /// For listeners of its own, not in ListenerSets.
    own: u32,
    all: Load,
    /// How many organizations fit.
    fit: usize,
    /// The first that does not, and how many do not.
    without: Option<(&'v str, usize)>,
}

impl<'v> Moving<'v> {
    pub(super) fn new(
        migration: &'v values::Migration<'v>,
        (demands, places): (Vec<Demand<'v>>, Places<'v>),
        bound: Load,
    ) -> Self {
        Self {
            migrants: Vec::with_capacity(demands.len()),
            demands: demands.into_iter(),
            places,
            cut_over: migration.organizations.iter().map(|(name, _)| *name).collect(),
            clashes: BTreeMap::new(),
            bound,
            rooms: BTreeMap::new(),
        }
    }

    /// The next organization, which `new` is by the strategy to come. Of each listener, old or new, it is said whether
    /// it stands in this phase.
    pub(super) fn next(
        &mut self,
        new: &Demand<'v>,
        listener_places: &mut [Option<ListenerPlace>],
        overlaps: &mut Overlaps,
        gateways: &[Gateway<'v>],
    ) -> Option<Before<'v>> {
        let old = self.demands.next()?;
        let mut old_places = self.places.of(&old);
        let name = old.organization.name;
        let is_cut_over = self.cut_over.contains(name);
        self.clash((&old, &old_places), (new, listener_places), gateways);
        let is_on_the_way = !is_alike((&old, &old_places), (new, listener_places));
        let mut migrant = Migrant { name, is_cut_over, old_listeners: 0, left: 0 };
        let mut overlapped = BTreeSet::new();
        let by_hostname = HostnameIndex::of(new.listeners.iter().map(|draft| &draft.hostname));
        for (draft, old_place) in old.listeners.iter().zip(&mut old_places) {
            let Some(old_place) = old_place else { continue };
            let taker = by_hostname.most_specific(&draft.hostname);
            let taker = taker
                .and_then(|at| Some((at, new.listeners.get(at)?, listener_places.get_mut(at)?.as_mut()?)));
            let beside = taker.filter(|(_, _, listener_place)| listener_place.gateway == old_place.gateway);
            let Some((at, taker, listener_place)) = beside else {
                migrant.old_listeners += 1;
                migrant.left += 1;
                continue;
            };
            old_place.stands = !is_cut_over;
            if taker.name == draft.name && listener_place.set == old_place.set {
                // The same listener; its certificate is the old one until the new one must have been issued.
                listener_place.stands = is_cut_over;
                continue;
            }
            migrant.old_listeners += 1;
            migrant.left += usize::from(!is_cut_over);
            if let Some(gateway) = gateways.get(listener_place.gateway).filter(|_| !is_cut_over) {
                let pair = [
                    (draft.name.as_str(), Some(&draft.hostname)),
                    (taker.name.as_str(), Some(&taker.hostname)),
                ];
                let more = 1 + usize::from(overlapped.insert(at));
                overlaps.beside_old(gateway, pair, &taker.path, more);
            }
        }
        self.migrants.extend(is_on_the_way.then_some(migrant));
        if !self.fits(name, [&old_places, listener_places], overlaps, gateways) {
            old_places.fill(None);
            // What is counted here is not to be counted once more by its Gateway.
            listener_places.fill(None);
        }
        Some(Before { demand: old, listener_places: old_places, is_cut_over })
    }

    /// Finds listeners of an organization that cannot stand side by side.
    fn clash(
        &mut self,
        (old, old_places): (&Demand<'v>, &[Option<ListenerPlace>]),
        (new, listener_places): (&Demand<'v>, &[Option<ListenerPlace>]),
        gateways: &[Gateway<'v>],
    ) {
        let place = |listener_place: ListenerPlace| {
            let gateway = gateways.get(listener_place.gateway).map_or("", |gateway| &gateway.name);
            match listener_place.set {
                Some(_) => format!("in a ListenerSet of Gateway `{gateway}`"),
                None => format!("on Gateway `{gateway}`"),
            }
        };
        let by_hostname = HostnameIndex::of(old.listeners.iter().map(|draft| &draft.hostname));
        for (draft, listener_place) in new.listeners.iter().zip(listener_places) {
            let wider = by_hostname.most_specific(&draft.hostname);
            let wider =
                wider.and_then(|at| Some((old.listeners.get(at)?, old_places.get(at).copied().flatten()?)));
            let Some(((wider, old_place), listener_place)) = wider.zip(*listener_place) else { continue };
            let clash = match () {
                () if listener_place.gateway != old_place.gateway => {
                    match (old_place.set, listener_place.set) {
                        (Some(_), Some(_)) => Clash::TwoParents,
                        _ => continue,
                    }
                }
                () if wider.hostname != draft.hostname => Clash::TooSoon,
                () if wider.name != draft.name || listener_place.set != old_place.set => Clash::SameHost,
                () => continue,
            };
            let (_, count) = self.clashes.entry(clash).or_insert_with(|| {
                let pair = format!(
                    "`{}` (`{}`) {} and new `{}` (`{}`) {}",
                    wider.name,
                    wider.hostname,
                    place(old_place),
                    draft.name,
                    draft.hostname,
                    place(listener_place)
                );
                (pair, 0)
            });
            *count += 1;
        }
    }

    /// Whether Gateways have room for the listeners of an organization that stand.
    fn fits(
        &mut self,
        name: &'v str,
        sides: [&[Option<ListenerPlace>]; 2],
        overlaps: &Overlaps,
        gateways: &[Gateway<'v>],
    ) -> bool {
        let mut wanted: BTreeMap<usize, (u32, u32)> = BTreeMap::new();
        for listener_place in
            sides.into_iter().flatten().flatten().filter(|listener_place| listener_place.stands)
        {
            let (own, all) = wanted.entry(listener_place.gateway).or_default();
            *own += u32::from(listener_place.set.is_none());
            *all += 1;
        }
        let mut fits = true;
        for (gateway, (own, all)) in wanted {
            if gateway >= gateways.len() {
                continue;
            }
            let room =
                self.rooms.entry(gateway).or_insert_with(|| Room::new(self.bound, overlaps.written(gateway)));
            let load = Load { listeners: all, certificates: all, rules: 0, target_groups: 0, tls_hosts: all };
            if room.own >= own && room.all.fits(load) {
                room.own -= own;
                room.all = room.all.less(load);
                room.fit += 1;
            } else {
                room.without.get_or_insert((name, 0)).1 += 1;
                fits = false;
            }
        }
        fits
    }

    /// Says what did not fit, and what became of the migration to a strategy.
    pub(super) fn finish(
        moving: Option<Self>,
        migration: &values::Migration<'_>,
        to: values::Strategy,
        gateways: &[Gateway<'v>],
        out: &mut Vec<Diagnostic>,
    ) -> Migration<'v> {
        let values::Migration { phase, from, .. } = *migration;
        let Some(Self { places, migrants, clashes, bound, rooms, .. }) = moving else {
            return Migration { phase, from, placements: Vec::new(), organizations: Vec::new() };
        };
        if from == to && migrants.is_empty() {
            let message =
                format!("from `{0}` to `{0}`: everybody is where `migration.placements` says", from.word());
            out.push(Diagnostic::error(MIGRATION_UNCHANGED, Path::ROOT.key("migration"), message).hint(
                "write another Gateway beside somebody's name in `placements`, or give an organization `gateway.dedicated`; \
                 to another strategy it goes by `sharding.strategy`",
            ));
        }
        out.extend(clashes.into_iter().map(|(clash, (first, count))| clash.finding(&first, count)));
        // Where the new listeners alone are too many, that they do not fit beside the old ones is no news.
        let is_told = out.iter().any(|found| found.code == GATEWAYS_FULL);
        for (at, room) in rooms.into_iter().filter(|_| !is_told) {
            let gateway = gateways.get(at).map_or("", |gateway| &gateway.name);
            out.extend(room.finding(gateway, bound));
        }
        let placements = places.placed.into_iter().flatten().collect();
        Migration { phase, from, placements, organizations: migrants }
    }
}

/// Whether an organization has the same listeners at the same places before and after.
fn is_alike(
    (old, old_places): (&Demand<'_>, &[Option<ListenerPlace>]),
    (new, listener_places): (&Demand<'_>, &[Option<ListenerPlace>]),
) -> bool {
    let names = |(old, new): (&Draft<'_>, &Draft<'_>)| old.name == new.name;
    let place = |listener_place: &Option<ListenerPlace>| {
        listener_place.map(|listener_place| (listener_place.gateway, listener_place.set))
    };
    old.listeners.len() == new.listeners.len()
        && old.listeners.iter().zip(&new.listeners).all(names)
        && old_places.iter().map(place).eq(listener_places.iter().map(place))
}

/// Most listeners that a Gateway has of its own.
fn own_listeners_max(bound: Load) -> u32 {
    bound.listeners.min(u32::try_from(LISTENERS_MAX).unwrap_or(u32::MAX))
}

impl Room<'_> {
    fn new(bound: Load, written: usize) -> Self {
        let written = u32::try_from(written).unwrap_or(u32::MAX);
        let all = bound.less(Load { listeners: written, ..Load::default() });
        Self { own: own_listeners_max(bound).saturating_sub(written), all, fit: 0, without: None }
    }

    fn finding(&self, gateway: &str, bound: Load) -> Option<Diagnostic> {
        let (first, without) = self.without?;
        let message = format!(
            "Gateway `{gateway}` has room for the old and new listeners of {} of {} organizations, with {} at most; {} is \
             the first without",
            self.fit,
            self.fit + without,
            Load { listeners: own_listeners_max(bound), ..bound }.words(),
            quoted(first),
        );
        let fault = Diagnostic::error(GATEWAYS_FULL, Path::ROOT.key("migration"), message);
        Some(
            fault
                .source("Gateway API v1.6.1, Gateway spec.listeners maxItems; the values' own `sharding.limits`")
                .hint("let new listeners stand on other Gateways, with `sharding.strategy: pool`, `hash` or `dedicated`, or in ListenerSets"),
        )
    }
}

impl Clash {
    /// Tells the first pair of listeners of this sort.
    fn finding(self, first: &str, count: usize) -> Diagnostic {
        let (why, source, hint) = match self {
            Self::SameHost => (
                "two listeners of one Gateway and port with one host name conflict",
                "Gateway API v1.6.1, gateway_types.go: listener distinctness; GEP-1713",
                "keep new listeners out of ListenerSets with `sharding.listenerSets: never` (strategy `hybrid`), or ",
            ),
            Self::TooSoon => (
                "the new one says more, so it takes requests from the old one as soon as it is there, and that is before \
                 routes name it",
                "Gateway API v1.6.1, `apis/v1/gateway_types.go:78-216`; Helm's install order",
                "",
            ),
            Self::TwoParents => (
                "both ListenerSets have the organization's name, and one ListenerSet has one Gateway",
                "Gateway API v1.6.1, ListenerSet spec.parentRef",
                "",
            ),
        };
        let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
        let message = format!("{first} cannot stand side by side{more}: {why}");
        Diagnostic::error(MIGRATION_CONFLICT, Path::ROOT.key("migration"), message)
            .source(source)
            .hint(format!("{hint}{WAY_ROUND}"))
    }
}

#[cfg(test)]
mod tests;
