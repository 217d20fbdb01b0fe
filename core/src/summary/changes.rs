//! What changes from one plan to another: objects that come, go, and stay under their name.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Object, Placement, Summary};
use crate::release;

/// What changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Changes<'s> {
    /// Objects that only the new plan has.
    pub added: Vec<&'s Object>,
    /// Objects that only the old plan has. A renamed object is one removed and one added.
    pub removed: Vec<&'s Object>,
    /// Objects whose manifests differ.
    pub changed: Vec<Changed<'s>>,
    /// Number of objects that stay as they are.
    pub unchanged: usize,
    /// Organizations, or host names, that go from one Gateway to another.
    pub moved: Vec<Moved<'s>>,
}

/// An organization, or one of its host names, that goes to another Gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moved<'s> {
    /// Its name.
    pub name: &'s str,
    /// Where it was.
    pub from: &'s str,
    /// Where it will be.
    pub to: &'s str,
}

/// An object whose manifest changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Changed<'s> {
    /// What it will be.
    #[serde(flatten)]
    pub new: &'s Object,
    /// The digest of what it was.
    pub old_digest: &'s str,
    /// What it was.
    #[serde(skip)]
    pub old: &'s Object,
}

/// Compares two plans. An object is the same one by group, kind, namespace and name, whatever its version.
pub fn between<'s>(old: &'s Summary, new: &'s Summary) -> Changes<'s> {
    let mut before: BTreeMap<_, &Object> =
        old.objects.iter().map(|object| (identity(object), object)).collect();
    let mut changes = Changes {
        added: Vec::new(),
        removed: Vec::new(),
        changed: Vec::new(),
        unchanged: 0,
        moved: moved(old, new),
    };
    for new in &new.objects {
        match before.remove(&identity(new)) {
            None => changes.added.push(new),
            Some(old) if old.manifest == new.manifest => changes.unchanged += 1,
            Some(old) => changes.changed.push(Changed { new, old_digest: &old.digest, old }),
        }
    }
    changes.removed = old.objects.iter().filter(|object| before.contains_key(&identity(object))).collect();
    changes
}

fn moved<'s>(old: &'s Summary, new: &'s Summary) -> Vec<Moved<'s>> {
    let before: BTreeMap<&str, &str> =
        old.placements.iter().map(|placed| (placed.name.as_str(), placed.gateway.as_str())).collect();
    let moved = |placed: &'s Placement| {
        let from = *before.get(placed.name.as_str())?;
        (from != placed.gateway).then_some(Moved { name: &placed.name, from, to: &placed.gateway })
    };
    new.placements.iter().filter_map(moved).collect()
}

fn identity(object: &Object) -> (&str, &str, &str, &str) {
    (release::group(object.api_version), object.kind, &object.namespace, &object.name)
}
