//! Values that an update leaves alone: what is wrong with them is forgiven.
//!
//! Source: KEP-4008, CRD validation ratcheting.

use gatewright_core::path::{Path, Step};
use serde_json::Value;

use crate::schema::{Schema, Uniqueness};
use crate::uniqueness::identity;

/// Whether a value, or anything above it, can be told to be what it was before.
pub(crate) fn is_unchanged(schema: &Schema, new: &Value, old: &Value, path: &Path) -> bool {
    let (mut schema, mut new, mut old) = (Some(schema), new, old);
    for step in path.steps() {
        if new == old {
            return true;
        }
        let Some(here) = schema else { return false };
        let below = match step {
            Step::Key(key) => new.get(key.as_ref()).zip(old_value(here, key, old)),
            Step::Index(index) => {
                new.get(*index as usize).and_then(|item| Some((item, old_item(here, item, old)?)))
            }
        };
        let Some((new_below, old_below)) = below else { return false };
        (new, old) = (new_below, old_below);
        schema = match step {
            Step::Key(key) => here.at(key),
            Step::Index(_) => here.items.as_deref(),
        };
    }
    new == old
}

/// What stood under a key, unless the map is replaced as a whole.
pub(crate) fn old_value<'o>(schema: &Schema, key: &str, old: &'o Value) -> Option<&'o Value> {
    if schema.atomic { None } else { old.get(key) }
}

/// The item of an older list that has the same keys. Items of other lists cannot be told from one another.
pub(crate) fn old_item<'o>(schema: &Schema, item: &Value, old: &'o Value) -> Option<&'o Value> {
    let Uniqueness::Keys(_) = schema.uniqueness else { return None };
    let wanted = identity(&schema.uniqueness, item);
    old.as_array()?.iter().find(|old| identity(&schema.uniqueness, old) == wanted)
}
