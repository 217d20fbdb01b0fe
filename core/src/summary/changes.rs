//! What changes from one plan to another: objects that come, go, and stay under their name.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Object, Summary};
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
    let mut changes = Changes { added: Vec::new(), removed: Vec::new(), changed: Vec::new(), unchanged: 0 };
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

fn identity(object: &Object) -> (&str, &str, &str, &str) {
    (release::group(object.api_version), object.kind, &object.namespace, &object.name)
}
