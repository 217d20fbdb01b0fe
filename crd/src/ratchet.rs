//! Values that an update leaves alone: what is wrong with them is forgiven.
//!
//! Source: KEP-4008, CRD validation ratcheting.

use std::collections::BTreeMap;

use gatewright_core::path::{Path, Step};
use serde_json::Value;

use crate::schema::{Schema, Uniqueness};
use crate::uniqueness::identity;

/// Values of an update held against what they were. What costs time by their size is done once for each, by where
/// they stand in memory.
#[derive(Default)]
pub(crate) struct Ratchet<'v> {
    /// The items of lists, by their keys.
    items: BTreeMap<*const Value, BTreeMap<String, &'v Value>>,
    /// Whether two values are the same.
    same: BTreeMap<(*const Value, *const Value), bool>,
}

impl<'v> Ratchet<'v> {
    /// Whether a value, or anything above it, can be told to be what it was before.
    pub(crate) fn is_unchanged(
        &mut self,
        schema: &Schema,
        new: &'v Value,
        old: &'v Value,
        path: &Path,
    ) -> bool {
        let (mut schema, mut new, mut old) = (Some(schema), new, old);
        for step in path.steps() {
            if self.is_same(new, old) {
                return true;
            }
            let Some(here) = schema else { return false };
            let below = match step {
                Step::Key(key) => new.get(key.as_ref()).zip(old_value(here, key, old)),
                Step::Index(index) => {
                    new.get(*index as usize).and_then(|item| Some((item, self.old_item(here, item, old)?)))
                }
            };
            let Some((new_below, old_below)) = below else { return false };
            (new, old) = (new_below, old_below);
            schema = match step {
                Step::Key(key) => here.at(key),
                Step::Index(_) => here.items.as_deref(),
            };
        }
        self.is_same(new, old)
    }

    /// Whether two values are the same.
    pub(crate) fn is_same(&mut self, new: &'v Value, old: &'v Value) -> bool {
        *self.same.entry((new, old)).or_insert_with(|| new == old)
    }

    /// The item of an older list that has the same keys. Items of other lists cannot be told from one another.
    pub(crate) fn old_item(&mut self, schema: &Schema, item: &Value, old: &'v Value) -> Option<&'v Value> {
        let Uniqueness::Keys(_) = schema.uniqueness else { return None };
        let key = |item| identity(&schema.uniqueness, item).map(|identity| identity.to_string());
        let items = self.items.entry(old).or_insert_with(|| {
            // Of several the first counts, and so is put in last.
            old.as_array().into_iter().flatten().rev().filter_map(|old| Some((key(old)?, old))).collect()
        });
        items.get(&key(item)?).copied()
    }
}

/// What stood under a key, unless the map is replaced as a whole.
pub(crate) fn old_value<'o>(schema: &Schema, key: &str, old: &'o Value) -> Option<&'o Value> {
    if schema.atomic { None } else { old.get(key) }
}
