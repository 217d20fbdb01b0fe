//! What of an object has a place in the values, by the tables that values are read with.

use super::objects::Object;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::tree::{Node, Value};
use crate::values::shape::{Object as Table, Shape};

/// A part of an object, or a whole one, that values cannot say.
pub(super) const NO_PLACE: Code = Code("import-no-place");

/// What to do about it.
const NO_PLACE_HINT: &str = "see whether it is needed; if it is, keep the object as it is and let the values name it as an existing one";

/// What to do about a ReferenceGrant, which no value names.
const GRANT_HINT: &str = "the object stays as it is and goes on allowing what it allows; set `referenceGrants: all` to have those rendered that these values need";

/// What to do about one in whose place another is rendered.
const OTHER_GRANT_HINT: &str =
    "see what it allows beyond that, and keep it under another name if that is needed";

/// What to do about a whole object, in whose place another one is rendered or not.
pub(super) fn hint_of(kind: &str, is_made: bool) -> &'static str {
    match (kind, is_made) {
        ("ReferenceGrant", false) => GRANT_HINT,
        ("ReferenceGrant", true) => OTHER_GRANT_HINT,
        _ => NO_PLACE_HINT,
    }
}

/// Takes out of the value at `path` what the values' table knows no key for, and says each.
pub(super) fn fit(
    node: &mut Node<'_>,
    table: &Table,
    path: &Path,
    object: &Object<'_>,
    out: &mut Vec<Diagnostic>,
) {
    let Value::Map(map) = &mut node.value else { return };
    let strange: Vec<String> = map
        .iter()
        .filter(|entry| table.field(&entry.key).is_none())
        .map(|entry| entry.key.to_string())
        .collect();
    for key in strange {
        map.remove(&key);
        let found =
            Diagnostic::warning(NO_PLACE, path.key(&key), format!("values have no place for `{key}`"));
        out.push(object.say(found.about_key().hint(NO_PLACE_HINT)));
    }
    for entry in map.iter_mut() {
        if let Some(field) = table.field(&entry.key) {
            fit_shape(&mut entry.value, field.shape, &path.key(&entry.key), object, out);
        }
    }
}

fn fit_shape(node: &mut Node<'_>, shape: Shape, path: &Path, object: &Object<'_>, out: &mut Vec<Diagnostic>) {
    match shape {
        Shape::Object(table) => fit(node, table, path, object, out),
        Shape::List(list) => fit_items(node, list.of, path, object, out),
        Shape::Named(of) => fit_items(node, *of, path, object, out),
        _ => {}
    }
}

fn fit_items(node: &mut Node<'_>, of: Shape, path: &Path, object: &Object<'_>, out: &mut Vec<Diagnostic>) {
    let Value::List(items) = &mut node.value else { return };
    for (index, item) in items.iter_mut().enumerate() {
        fit_shape(item, of, &path.index(index), object, out);
    }
}
