//! Recorded placements: what is recorded stays where it is, and a record that does not fit is told.

use std::collections::{BTreeMap, BTreeSet};

use super::gateway_names;
use super::shards::{GatewayInventory, Unit};
use super::strategy::{Gateways, Row};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::placement::Load;
use crate::shorten::listed;
use crate::tree::Map;
use crate::values::{COMPARED, Migration, NO_EFFECT, Organization, Sharding, Values, nearest, quoted};

/// Recorded placements are more than a Gateway is to hold.
const PLACEMENT_OVER: Code = Code("placement-over");
/// A recorded Gateway that is no longer there.
const PLACEMENT_GONE: Code = Code("placement-gone");
/// A recorded Gateway whose number is beyond what anybody else needs.
const PLACEMENT_BEYOND: Code = Code("placement-beyond");
/// A record of what is no organization, or with strategy `hash` no host name of one.
const PLACEMENT_UNKNOWN: Code = Code("placement-unknown");

/// Most recorded names that a message has; our own bound.
const SHOWN: usize = 8;

/// Recorded placements.
pub(super) struct Records<'v> {
    gateways: Option<&'v Map<'v>>,
    /// Where they stand in the values.
    path: Path,
    /// Whether they are those of the strategy before, in a migration.
    is_before: bool,
}

impl<'v> Records<'v> {
    /// Those of `placements`.
    pub(super) fn of(values: &Values<'v>) -> Self {
        let path = Path::ROOT.key("placements");
        Self { gateways: values.organizations.placements, path, is_before: false }
    }

    /// Those of `migration.placements`.
    pub(super) fn before(migration: &Migration<'v>) -> Self {
        let path = Path::ROOT.key("migration").key("placements");
        Self { gateways: migration.placements, path, is_before: true }
    }

    /// The same without any.
    pub(super) fn without(self) -> Self {
        Self { gateways: None, ..self }
    }

    /// The Gateway that a unit is recorded on.
    pub(super) fn gateway(&self, name: &str) -> Option<&'v str> {
        self.gateways?.get(name)?.as_text()
    }

    /// Every recorded name with its Gateway.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'v str, &'v str)> + use<'v> {
        let entries = self.gateways.into_iter().flatten();
        entries.filter_map(|entry| Some((entry.key.as_ref(), entry.value.as_text()?)))
    }

    /// Whether an organization has a Gateway of its own. Before a migration it was where it is recorded, whatever it
    /// asks for now.
    pub(super) fn is_dedicated(&self, organization: &Organization<'_>, row: Row, pattern: &str) -> bool {
        match self.gateway(organization.name).filter(|_| self.is_before && row.dedicates) {
            Some(gateway) => gateway == gateway_names::own(pattern, organization.name),
            None => row.is_dedicated(organization),
        }
    }

    /// Says what of the records does not fit those who share Gateways, and the Gateways that there are.
    pub(super) fn check(
        &self,
        units: &[Unit<'_>],
        row: Row,
        sharding: &Sharding,
        names: &[String],
        inventory: &GatewayInventory<'_, '_>,
        out: &mut Vec<Diagnostic>,
    ) {
        if self.gateways.is_none() {
            return;
        }
        let shared: Vec<&Unit<'_>> = units.iter().filter(|unit| !unit.is_dedicated).collect();
        let pattern = inventory.pattern().map_or("", |pattern| &pattern.name);
        self.check_gone(&shared, names, || row.names(pattern, sharding), out);
        self.check_over(&shared, names, inventory, out);
        out.extend(self.beyond(&shared, row, sharding, names, inventory));
        out.extend(self.unknown(units, row));
        // Where everybody has one, the values tell it.
        if row.dedicates {
            out.extend(self.idle(units, pattern));
        }
    }

    /// Nothing that is recorded moves unless somebody says where to.
    fn check_gone<N: Iterator<Item = String>>(
        &self,
        shared: &[&Unit<'_>],
        names: &[String],
        possible: impl Fn() -> N,
        out: &mut Vec<Diagnostic>,
    ) {
        let known: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        for unit in shared {
            if let Some(gateway) = self.gateway(&unit.name).filter(|gateway| !known.contains(gateway)) {
                let path = self.path.key("gateways").key(&unit.name);
                let message =
                    format!("{} is recorded on Gateway `{gateway}`, which is gone", quoted(&unit.name));
                let hint = format!(
                    "there may be {}: name one of them to move it, or take the line out to have it placed anew",
                    listed(possible().map(|name| format!("`{name}`")))
                );
                out.push(Diagnostic::error(PLACEMENT_GONE, path, message).hint(hint));
            }
        }
    }

    /// Nothing recorded moves, not even where it is more than a Gateway is to hold.
    fn check_over(
        &self,
        shared: &[&Unit<'_>],
        names: &[String],
        inventory: &GatewayInventory<'_, '_>,
        out: &mut Vec<Diagnostic>,
    ) {
        let mut loads: BTreeMap<&str, Load> = BTreeMap::new();
        for unit in shared {
            if let Some(gateway) = self.gateway(&unit.name) {
                let load = loads.entry(gateway).or_default();
                *load = *load + unit.load;
            }
        }
        for name in names {
            let room = inventory.room(name);
            let Some(load) = loads.get(name.as_str()).filter(|load| !room.fits(**load)) else { continue };
            let message = format!(
                "those recorded on Gateway `{name}` have {} listeners and {} certificates, but it has room for {}",
                load.listeners,
                load.certificates,
                room.words()
            );
            out.push(
                Diagnostic::warning(PLACEMENT_OVER, self.path.key("gateways"), message)
                    .hint("name another Gateway beside some of them, or set `sharding.limits` higher"),
            );
        }
    }

    /// A last Gateway that is there for a record alone, with numbers before it that nobody has: `eg-30` for `eg-03`.
    fn beyond(
        &self,
        shared: &[&Unit<'_>],
        row: Row,
        sharding: &Sharding,
        names: &[String],
        inventory: &GatewayInventory<'_, '_>,
    ) -> Option<Diagnostic> {
        let (last, others) = names.split_last()?;
        let before = others.last()?;
        let mut all = row.names(inventory.pattern().map_or("", |pattern| &pattern.name), sharding);
        let next = all.find(|name| name == before).and_then(|_| all.next()).filter(|next| next != last)?;
        let mut recorded = shared.iter().filter(|unit| self.gateway(&unit.name) == Some(last));
        let first = recorded.next()?;
        let are_alone = shared.iter().all(|unit| self.gateway(&unit.name) == Some(last));
        let message = format!(
            "{} is recorded on Gateway `{last}`, which is made for that: {} {}",
            quoted(&first.name),
            if are_alone { "there might be" } else { "the others take" },
            listed(others.iter().map(|name| format!("`{name}`")))
        );
        let others = others.iter().map(String::as_str).take(COMPARED);
        let near = nearest(last, [next.as_str()].into_iter()).or_else(|| nearest(last, others));
        let near = near.unwrap_or(&next);
        let hint = if *near == *next {
            format!("did you mean `{near}`, which would be made next?")
        } else {
            format!("did you mean `{near}`?")
        };
        let path = self.path.key("gateways").key(&first.name);
        Some(Diagnostic::warning(PLACEMENT_BEYOND, path, message).hint(hint))
    }

    /// Records of organizations that have Gateways of their own, where they are whatever is recorded.
    fn idle(&self, units: &[Unit<'_>], pattern: &str) -> Option<Diagnostic> {
        let own = |unit: &&Unit<'_>| {
            let recorded = self.gateway(&unit.name).filter(|_| unit.is_dedicated);
            recorded.is_some_and(|gateway| gateway != gateway_names::own(pattern, &unit.name))
        };
        let mut names = units.iter().filter(own).map(|unit| unit.name.as_ref()).peekable();
        let path = self.path.key("gateways").key(names.peek()?);
        let words = names.map(|name| format!("{} (`{}`)", quoted(name), gateway_names::own(pattern, name)));
        let message = format!(
            "recorded on other Gateways than those of their own, where they are, so this has no effect: {}",
            listed(words)
        );
        Some(Diagnostic::warning(NO_EFFECT, path, message).hint(
            "take these lines out, or `gateway.dedicated` to let them share; to move those who are served go by the phases of `migration`",
        ))
    }

    /// Recorded names that nobody has: of organizations that are gone, or slips, by which somebody else is placed anew.
    fn unknown(&self, units: &[Unit<'_>], row: Row) -> Option<Diagnostic> {
        let known: BTreeSet<&str> = units.iter().map(|unit| unit.name.as_ref()).collect();
        let unknown: Vec<&str> =
            self.all().map(|(name, _)| name).filter(|name| !known.contains(name)).collect();
        let first = unknown.first()?;
        let without = || known.iter().copied().filter(|name| self.gateway(name).is_none()).take(COMPARED);
        let shown = unknown.iter().take(SHOWN).map(|name| match nearest(name, without()) {
            Some(near) => format!("{} (did you mean `{near}`?)", quoted(name)),
            None => quoted(name),
        });
        let shown: Vec<String> = shown.collect();
        let more = unknown.len() - shown.len();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let what =
            if row.gateways == Gateways::Fixed { "host name of an organization" } else { "organization" };
        let message = format!("recorded, but no {what}: {}{more}", shown.join(", "));
        let path = self.path.key("gateways").key(first);
        Some(
            Diagnostic::warning(PLACEMENT_UNKNOWN, path, message)
                .hint("mend the names, or take out the lines of those that are gone: nothing else does"),
        )
    }
}

#[cfg(test)]
mod tests;
