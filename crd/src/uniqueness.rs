//! Items of lists that may not repeat (`x-kubernetes-list-type`).

use std::collections::BTreeSet;

use gatewright_core::path::Path;
use serde_json::Value;

use crate::finding::{Findings, What};
use crate::schema::{Schema, Uniqueness};
use crate::structure::shown;

/// Reports each item that another one before it equals, as far as the list goes by that.
pub(crate) fn check(schema: &Schema, value: &Value, path: &Path, findings: &mut Findings) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if let Some(schema) = schema.at(key) {
                    check(schema, value, &path.key(key), findings);
                }
            }
        }
        Value::Array(items) => {
            let mut seen = BTreeSet::new();
            for (index, item) in items.iter().enumerate() {
                if let Some(identity) = identity(&schema.uniqueness, item)
                    && !seen.insert(identity.to_string())
                {
                    let message = format!("Duplicate value: {}", shown(&identity));
                    findings.add(What::Duplicate, path.index(index), message);
                }
                if let Some(schema) = &schema.items {
                    check(schema, item, &path.index(index), findings);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Whether anything repeats that may not.
pub(crate) fn is_violated(schema: &Schema, value: &Value) -> bool {
    let mut findings = Findings::default();
    check(schema, value, &Path::ROOT, &mut findings);
    !findings.into_vec().is_empty()
}

/// What makes an item the same as another one; nothing where any may repeat.
pub(crate) fn identity(uniqueness: &Uniqueness, item: &Value) -> Option<Value> {
    match uniqueness {
        Uniqueness::None => None,
        Uniqueness::Set => Some(item.clone()),
        Uniqueness::Keys(keys) => {
            let keyed = keys.iter().filter_map(|key| Some((key.clone(), item.get(key)?.clone())));
            Some(Value::Object(keyed.collect()))
        }
    }
}
