//! Whose record it is: what stands under `migration.placements` is where organizations were, and what stands under
//! `placements` where they will be.

use std::collections::{BTreeMap, BTreeSet};

use super::super::records::Records;
use super::super::strategy::{self, Gateways, Row};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::plan::{Gateway, Placed};
use crate::values::{Migration, Phase, Values, quoted};

/// A migration whose record of where organizations were stands under `placements`, or nowhere.
const MIGRATION_PLACEMENTS: Code = Code("migration-placements");

/// Within one strategy nothing but the record says who moves.
pub(super) fn missing(values: &Values<'_>, migration: &Migration<'_>) -> Option<Diagnostic> {
    if !is_without(migration) || migration.from != values.organizations.sharding.strategy {
        return None;
    }
    let message =
        format!("from `{0}` to `{0}`, but nobody says where organizations were", migration.from.word());
    let path = Path::ROOT.key("migration");
    Some(Diagnostic::error(MIGRATION_PLACEMENTS, path, message).hint(
        "write what was recorded before into `migration.placements`; if nothing was, record it from the values of before with \
         `gatewright plan --record FILE`",
    ))
}

/// A record that the strategy before may have left and the one to come cannot have: taken for the new one it would be
/// ignored, and where organizations were would be a guess.
pub(super) fn left(
    values: &Values<'_>,
    migration: &Migration<'_>,
    row: Row,
    pattern: &str,
) -> Option<Diagnostic> {
    if !is_without(migration) {
        return None;
    }
    let sides = Sides::new(values, migration, row, pattern);
    let mut all =
        Records::of(values).all().filter(|(name, gateway)| sides.may(name, gateway) == [true, false]);
    let (name, gateway) = all.next()?;
    let more = match all.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let message = format!(
        "{} is recorded on Gateway `{gateway}`{more}, where `{}` may have had it and `{}` has it not: that is where it was",
        quoted(name),
        migration.from.word(),
        row.strategy.word()
    );
    let path = Path::ROOT.key("placements").key("gateways").key(name);
    Some(
        Diagnostic::error(MIGRATION_PLACEMENTS, path, message).hint(
            "put this record into `migration.placements`; `placements` is for where organizations will be",
        ),
    )
}

/// A record that either strategy may have, where the old one would have put organizations elsewhere.
pub(in super::super) fn doubtful(
    values: &Values<'_>,
    migration: &Migration<'_>,
    placed: &[Option<Placed<'_>>],
    gateways: &[Gateway<'_>],
) -> Option<Diagnostic> {
    let strategy = values.organizations.sharding.strategy;
    if !is_without(migration) || migration.from == strategy {
        return None;
    }
    let sides = Sides::new(values, migration, strategy::of(strategy), &gateways.first()?.name);
    let records = Records::of(values);
    if records.all().any(|(name, gateway)| sides.may(name, gateway) == [false, true]) {
        return None;
    }
    let elsewhere = placed.iter().flatten().find_map(|placed| {
        let guess = gateways.get(placed.gateway)?.name.as_ref();
        let recorded = records.gateway(&placed.name).filter(|recorded| *recorded != guess)?;
        (sides.may(&placed.name, recorded) == [true, true]).then_some((&placed.name, recorded, guess))
    });
    let (name, recorded, guess) = elsewhere?;
    let message = format!(
        "{} is recorded on Gateway `{recorded}`, which both `{}` and `{}` may have; it is taken for the new one, and the \
         old one for `{guess}`",
        quoted(name),
        migration.from.word(),
        strategy.word()
    );
    let path = Path::ROOT.key("placements").key("gateways").key(name);
    Some(Diagnostic::warning(MIGRATION_PLACEMENTS, path, message).hint(
        "if this is the record of before, put it into `migration.placements`; else write there what \
         `gatewright plan --record FILE` says of the values of before",
    ))
}

/// Whether what is old still counts, and no record says where it is.
fn is_without(migration: &Migration<'_>) -> bool {
    migration.phase != Phase::Cleanup && migration.placements.is_none()
}

/// What the strategy before and the one to come may record.
struct Sides<'s> {
    rows: [(Row, BTreeSet<String>); 2],
    /// Organizations, and whether they ask for a Gateway of their own.
    organizations: BTreeMap<&'s str, bool>,
}

impl<'s> Sides<'s> {
    fn new(values: &'s Values<'_>, migration: &Migration<'_>, row: Row, pattern: &str) -> Self {
        let written = &values.organizations;
        let rows = [strategy::of(migration.from), row];
        Self {
            rows: rows.map(|row| (row, row.names(pattern, &written.sharding).collect())),
            organizations: written.list.iter().map(|one| (one.name, one.is_dedicated)).collect(),
        }
    }

    /// Whether the strategy before may have a name on a Gateway, and whether the one to come may.
    fn may(&self, name: &str, gateway: &str) -> [bool; 2] {
        let [(old, of_old), (new, of_new)] = &self.rows;
        let asks = self.organizations.get(name).copied();
        // By `hash` host names are recorded, which have dots.
        let knows =
            |row: &Row| if row.gateways == Gateways::Fixed { name.contains('.') } else { asks.is_some() };
        let leaves = new.dedicates && asks == Some(true);
        [knows(old) && of_old.contains(gateway), knows(new) && of_new.contains(gateway) && !leaves]
    }
}
