//! The object's metadata, which no CRD describes.
//!
//! What the API server itself writes (`uid`, `resourceVersion`, `managedFields` …) may stand there, as it
//! does in what `kubectl get -o yaml` prints; only its types are looked at.
//!
//! Source: Kubernetes v1.36, `k8s.io/apimachinery` v0.36.2, `pkg/api/validation/objectmeta.go`.

use super::fault::{Faults, TOO_LONG};
use super::place::Place;
use super::schema::{Kind, Object, Schema, Shape};
use super::uniqueness;
use crate::check::time::Time;
use crate::limits::{ANNOTATIONS_BYTES_MAX, OBJECT_NAME_MAX};
use crate::tree::{Map, Node, Value};
use crate::values;

/// Where the rules of metadata are written down.
pub(super) const SOURCE: &str = "Kubernetes v1.36, ObjectMeta";

/// Any kind whose objects live in a namespace.
pub(super) static NAMESPACED: Kind =
    Kind { group: "", version: "", kind: "", namespaced: true, schema: &ANYTHING };

/// Any kind whose objects live in none.
pub(super) static CLUSTER_WIDE: Kind =
    Kind { group: "", version: "", kind: "", namespaced: false, schema: &ANYTHING };

static ANYTHING: Schema = Schema {
    shape: Shape::Object(Object {
        properties: &[],
        defaulted: &[],
        ruled: &[],
        required: &[],
        values: None,
        min: 0,
        max: usize::MAX,
        atomic: false,
        address: false,
    }),
    default: None,
    rules: &[],
    ruled: false,
};

/// A field's name, and what its value must be.
type Field = (&'static str, Type);

/// What JSON decodes into a field of Go's type.
#[derive(Clone, Copy)]
enum Type {
    Text,
    Integer,
    Bool,
    /// RFC 3339, as Go reads it.
    Time,
    /// Texts under free keys.
    Texts,
    /// A list of texts.
    TextList,
    /// A list of maps with these fields.
    Maps(&'static [Field]),
    /// Anything.
    Any,
}

const FIELDS: &[Field] = &[
    ("annotations", Type::Texts),
    ("creationTimestamp", Type::Time),
    ("deletionGracePeriodSeconds", Type::Integer),
    ("deletionTimestamp", Type::Time),
    ("finalizers", Type::TextList),
    ("generateName", Type::Text),
    ("generation", Type::Integer),
    ("labels", Type::Texts),
    ("managedFields", Type::Maps(MANAGED_FIELDS)),
    ("name", Type::Text),
    ("namespace", Type::Text),
    ("ownerReferences", Type::Maps(&OWNER_REFERENCE)),
    ("resourceVersion", Type::Text),
    ("selfLink", Type::Text),
    ("uid", Type::Text),
];

const MANAGED_FIELDS: &[Field] = &[
    ("apiVersion", Type::Text),
    ("fieldsType", Type::Text),
    ("fieldsV1", Type::Any),
    ("manager", Type::Text),
    ("operation", Type::Text),
    ("subresource", Type::Text),
    ("time", Type::Time),
];

const OWNER_REFERENCE: [Field; 6] = [
    ("apiVersion", Type::Text),
    ("blockOwnerDeletion", Type::Bool),
    ("controller", Type::Bool),
    ("kind", Type::Text),
    ("name", Type::Text),
    ("uid", Type::Text),
];

pub(super) fn check(kind: &Kind, metadata: &Node<'_>, place: &Place<'_>, faults: &mut Faults) {
    let Value::Map(map) = &metadata.value else { return faults.wrong_type(place, "object", metadata, None) };
    fields(FIELDS, map, place, faults);
    names(kind, metadata, place, faults);
    labels(metadata, place, faults);
    annotations(metadata, place, faults);
    finalizers(metadata, &place.key("finalizers"), faults);
    owners(metadata, &place.key("ownerReferences"), faults);
}

/// Unknown fields and wrong types; null is nothing in Go.
fn fields(known: &'static [Field], map: &Map<'_>, place: &Place<'_>, faults: &mut Faults) {
    for entry in map {
        let place = place.key(&entry.key);
        match known.iter().find(|(name, _)| *name == entry.key) {
            None => faults.unknown_field(&place, known.iter().map(|(name, _)| *name), None),
            Some((_, kind)) if !entry.value.is_null() => field(*kind, &entry.value, &place, faults),
            Some(_) => {}
        }
    }
}

fn field(kind: Type, node: &Node<'_>, place: &Place<'_>, faults: &mut Faults) {
    match (kind, &node.value) {
        (Type::Text, Value::Text(_))
        | (Type::Integer, Value::Integer(_))
        | (Type::Bool, Value::Bool(_))
        | (Type::Any, _) => {}
        (Type::Time, Value::Text(text)) => {
            if Time::parse(text).is_none() {
                let message = format!("Invalid value: {text:?}: not a time as RFC 3339 has it");
                faults.metadata(place, message, "write it like `2006-01-02T15:04:05Z`");
            }
        }
        (Type::Texts, Value::Map(map)) => {
            for entry in map.iter().filter(|entry| !entry.value.is_null()) {
                field(Type::Text, &entry.value, &place.key(&entry.key), faults);
            }
        }
        (Type::TextList, Value::List(_)) => {
            for (index, item) in node.items() {
                field(Type::Text, item, &place.index(index), faults);
            }
        }
        (Type::Maps(known), Value::List(_)) => {
            for (index, item) in node.items() {
                let place = place.index(index);
                match &item.value {
                    Value::Map(map) => fields(known, map, &place, faults),
                    _ => faults.wrong_type(&place, "object", item, None),
                }
            }
        }
        (Type::Text | Type::Time, _) => faults.wrong_type(place, "string", node, None),
        (Type::Integer, _) => faults.wrong_type(place, "integer", node, None),
        (Type::Bool, _) => faults.wrong_type(place, "boolean", node, None),
        (Type::Texts, _) => faults.wrong_type(place, "object", node, None),
        (Type::TextList | Type::Maps(_), _) => faults.wrong_type(place, "array", node, None),
    }
}

fn names(kind: &Kind, metadata: &Node<'_>, place: &Place<'_>, faults: &mut Faults) {
    let text = |key| metadata.get(key).and_then(Node::as_text).unwrap_or_default();
    let (name, generate_name, namespace) = (text("name"), text("generateName"), text("namespace"));
    let hint = "use lower-case letters, digits, `-` and `.`, with a letter or digit at both ends";
    if name.is_empty() && generate_name.is_empty() {
        if metadata.get("name").is_none_or(|name| name.as_text().is_some()) {
            faults.required(&place.key("name"), "name or generateName is required");
        }
    } else if !name.is_empty() && !values::is_object_name(name) {
        let message = format!(
            "Invalid value: {name:?}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric \
             characters, '-' or '.', and be no more than {OBJECT_NAME_MAX} characters"
        );
        faults.metadata(&place.key("name"), message, hint);
    }
    // What is generated has five characters more, so a hyphen at the end is in the middle of the name.
    let prefix = generate_name.strip_suffix('-').unwrap_or(generate_name);
    if !prefix.is_empty() && !values::is_object_name(prefix) {
        let message =
            format!("Invalid value: {generate_name:?}: not the start of a lowercase RFC 1123 subdomain");
        faults.metadata(&place.key("generateName"), message, hint);
    }
    // The API server takes the namespace of an object without namespaces for nothing.
    if kind.namespaced && !namespace.is_empty() && !values::is_dns_label(namespace) {
        let message = format!(
            "Invalid value: {namespace:?}: a lowercase RFC 1123 label must consist of lower case alphanumeric \
             characters or '-', and be no more than 63 characters"
        );
        faults.metadata(&place.key("namespace"), message, "use lower-case letters, digits and `-`");
    }
}

fn labels(metadata: &Node<'_>, place: &Place<'_>, faults: &mut Faults) {
    let place = place.key("labels");
    for entry in metadata.get("labels").and_then(Node::as_map).into_iter().flatten() {
        let place = place.key(&entry.key);
        qualified(&entry.key, &entry.key, &place, faults);
        if let Some(value) = entry.value.as_text()
            && !values::is_label_value(value)
        {
            let message = format!(
                "Invalid value: {value:?}: a valid label must be an empty string or consist of alphanumeric \
                 characters, '-', '_' or '.', and must start and end with an alphanumeric character"
            );
            faults.metadata(&place, message, "use at most 63 letters, digits, `-`, `_` and `.`");
        }
    }
}

fn annotations(metadata: &Node<'_>, place: &Place<'_>, faults: &mut Faults) {
    let place = place.key("annotations");
    let mut bytes = 0;
    for entry in metadata.get("annotations").and_then(Node::as_map).into_iter().flatten() {
        bytes += entry.key.len() + entry.value.as_text().map_or(0, str::len);
        qualified(&lower_case(&entry.key), &entry.key, &place.key(&entry.key), faults);
    }
    if bytes > ANNOTATIONS_BYTES_MAX {
        let message = format!("Too long: may not be more than {ANNOTATIONS_BYTES_MAX} bytes");
        let hint = format!("keys and values have {bytes} bytes together; move what is large to a ConfigMap");
        faults.add(TOO_LONG, &place, message, hint);
    }
}

/// The key of an annotation as it is judged: one character for each, as Go has it, so that `İ` is `i`.
fn lower_case(key: &str) -> String {
    key.chars().filter_map(|character| character.to_lowercase().next()).collect()
}

fn qualified(name: &str, shown: &str, place: &Place<'_>, faults: &mut Faults) {
    if !values::is_qualified_name(name) {
        let message = format!(
            "Invalid value: {shown:?}: name part must consist of alphanumeric characters, '-', '_' or '.', and must \
             start and end with an alphanumeric character; an optional DNS subdomain and '/' may stand before it"
        );
        faults.metadata(place, message, "use at most 63 letters, digits, `-`, `_` and `.` after the `/`");
    }
}

/// The items of a list, nulls among them.
fn items<'m, 'a>(metadata: &'m Node<'a>, key: &str) -> impl Iterator<Item = (usize, &'m Node<'a>)> {
    metadata.get(key).and_then(Node::as_list).unwrap_or_default().iter().enumerate()
}

fn finalizers(metadata: &Node<'_>, place: &Place<'_>, faults: &mut Faults) {
    let (mut orphans, mut waits) = (false, false);
    for (index, finalizer) in items(metadata, "finalizers") {
        // Null is an empty text in Go.
        let Some(finalizer) = finalizer.as_text().or(finalizer.is_null().then_some("")) else { continue };
        qualified(finalizer, finalizer, &place.index(index), faults);
        orphans |= finalizer == "orphan";
        waits |= finalizer == "foregroundDeletion";
    }
    if orphans && waits {
        let message = "Invalid value: finalizer orphan and foregroundDeletion cannot be both set";
        faults.metadata(place, message, "leave one of the two");
    }
}

fn owners(metadata: &Node<'_>, place: &Place<'_>, faults: &mut Faults) {
    let mut controllers = Vec::new();
    for (index, owner) in items(metadata, "ownerReferences") {
        let place = place.index(index);
        let text = |key| owner.get(key).and_then(Node::as_text).unwrap_or_default();
        let is_wrong_type =
            |key| owner.get(key).is_some_and(|value| !value.is_null() && value.as_text().is_none());
        for key in ["kind", "name", "uid"] {
            if text(key).is_empty() && !is_wrong_type(key) {
                let message = "Invalid value: \"\": must not be empty";
                let hint = "give each owner its apiVersion, kind, name and uid";
                faults.metadata(&place.key(key), message, hint);
            }
        }
        let api_version = text("apiVersion");
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        if !is_wrong_type("apiVersion") && (version.is_empty() || version.contains('/')) {
            let message = format!("Invalid value: {api_version:?}: version must not be empty");
            faults.metadata(
                &place.key("apiVersion"),
                message,
                "write a version, or a group, `/` and a version",
            );
        }
        if (group, version, text("kind")) == ("", "v1", "Event") {
            let message = "Invalid value: /v1, Kind=Event is disallowed from being an owner";
            faults.metadata(&place, message, "take it out: events are no owners");
        }
        if owner.get("controller").and_then(Node::as_bool) == Some(true) {
            controllers.push(owner);
        }
    }
    // The API server takes out an owner that stands there twice, with a warning.
    let keys = OWNER_REFERENCE.map(|(name, _)| name);
    controllers.sort_by(|a, b| uniqueness::by_keys(&keys, a, b));
    controllers.dedup_by(|a, b| uniqueness::by_keys(&keys, a, b).is_eq());
    if controllers.len() > 1 {
        let count = controllers.len();
        let message =
            format!("Invalid value: only one reference can have `controller: true`, but {count} have");
        faults.metadata(place, message, "leave `controller: true` to one of them");
    }
}
