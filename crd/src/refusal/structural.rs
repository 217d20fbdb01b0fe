//! Whether a schema is structural: every value has a type of its own, and conditions only add to it.

use gatewright_core::path::Path;
use serde_json::{Value, json};

use super::keywords::OF_OBJECTS;
use super::{conditions, parts, text};
use crate::finding::{Findings, What};
use crate::pattern::not_a_pattern;
use crate::structure::shown;

/// Keywords that a condition may not have, where they say anything.
const NOT_IN_CONDITIONS: [&str; 13] = [
    "additionalProperties",
    "default",
    "description",
    "nullable",
    "title",
    "type",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-map-type",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-validations",
];

/// Keywords that the root may not have beside a status of its own.
const NOT_BESIDE_STATUS: [&str; 11] = [
    "allOf",
    "anyOf",
    "default",
    "enum",
    "maxProperties",
    "minProperties",
    "not",
    "oneOf",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-map-type",
];

pub(super) fn check(schema: &Value, path: &Path, findings: &mut Findings) {
    if text(schema, "type") != "object" {
        refuse(path.key("type"), "Invalid value: must be object at the root", findings);
    }
    if !schema["additionalProperties"].is_null() {
        refuse(path.key("additionalProperties"), "Forbidden: must not be used at the root", findings);
    }
    metadata_of_root(&schema["properties"]["metadata"], path, findings);
    value(schema, path, true, findings);
    completeness(schema, schema, path, findings);
}

/// Where a status is written apart, the root has nothing that would not hold for it alone.
pub(super) fn check_beside_status(schema: &Value, path: &Path, findings: &mut Findings) {
    for key in NOT_BESIDE_STATUS.into_iter().filter(|key| says_something(&schema[*key])) {
        let message =
            "Invalid value: it is not allowed at the root of the schema if the status subresource is enabled";
        refuse(path.key(key), message, findings);
    }
}

/// A schema that describes a value.
fn value(schema: &Value, path: &Path, is_root: bool, findings: &mut Findings) {
    let is = |key: &str| schema[key] == true;
    let kind = text(schema, "type");
    let (embedded, open, int_or_string) = (
        is("x-kubernetes-embedded-resource"),
        is("x-kubernetes-preserve-unknown-fields"),
        is("x-kubernetes-int-or-string"),
    );
    if kind == "array" && !schema["items"].is_object() {
        refuse(path.key("items"), "Required value: must be specified", findings);
    }
    if embedded && kind != "object" {
        let message = "Invalid value: must be object if x-kubernetes-embedded-resource is true";
        refuse(path.key("type"), message, findings);
    } else if kind.is_empty() && !int_or_string && !open && !is_root {
        refuse(path.key("type"), "Required value: must not be empty for what has a schema", findings);
    }
    if int_or_string && (open || embedded) {
        let message = "Invalid value: what is an integer or a string is neither open nor an object";
        refuse(path.key("x-kubernetes-int-or-string"), message, findings);
    }
    if embedded && !schema["additionalProperties"].is_null() {
        let message = "Forbidden: must not be used if x-kubernetes-embedded-resource is set";
        refuse(path.key("additionalProperties"), message, findings);
    }
    if embedded && !open && !says_something(&schema["properties"]) {
        let message = "Required value: must not be empty if x-kubernetes-embedded-resource is true without \
                       x-kubernetes-preserve-unknown-fields";
        refuse(path.key("properties"), message, findings);
    }
    if is_root || embedded {
        for name in OF_OBJECTS {
            let (found, wanted) =
                (&schema["properties"][name], if name == "metadata" { "object" } else { "string" });
            if found.is_object() && text(found, "type") != wanted {
                let message = format!("Invalid value: must be {wanted}");
                refuse(path.key("properties").key(name).key("type"), &message, findings);
            }
        }
    }
    pattern(schema, path, findings);
    below(schema, true, schema["anyOf"] == both(), path, findings);
    for (part, path) in parts(schema, path) {
        value(part, &path, false, findings);
    }
}

/// What says once more of an integer or a string that it is one of them.
fn both() -> Value {
    json!([{"type": "integer"}, {"type": "string"}])
}

/// The conditions of a schema; without those of `anyOf` where they are known to be right.
fn below(schema: &Value, of_value: bool, skip_any: bool, path: &Path, findings: &mut Findings) {
    let (any, first) = (path.key("anyOf"), path.key("allOf").index(0));
    for (condition, path) in conditions(schema, path) {
        if skip_any && (path == any.index(0) || path == any.index(1)) {
            continue;
        }
        let skip_any = of_value && path == first && condition["anyOf"] == both();
        self::condition(condition, skip_any, &path, findings);
    }
}

/// A schema that only adds conditions to one that describes a value.
fn condition(schema: &Value, skip_any: bool, path: &Path, findings: &mut Findings) {
    let says = |key: &&str| match *key {
        // These count where they are empty, too.
        "default" => !schema["default"].is_null(),
        "additionalProperties" if schema["additionalProperties"].is_object() => true,
        key => says_something(&schema[key]),
    };
    for key in NOT_IN_CONDITIONS.into_iter().filter(says) {
        refuse(path.key(key), "Forbidden: must be undefined to be structural", findings);
    }
    if schema["properties"]["metadata"].is_object() {
        let message = "Forbidden: must not be specified in a nested context";
        refuse(path.key("properties").key("metadata"), message, findings);
    }
    pattern(schema, path, findings);
    below(schema, false, skip_any, path, findings);
    for (part, path) in
        parts(schema, path).into_iter().filter(|(_, at)| *at != path.key("additionalProperties"))
    {
        condition(part, false, &path, findings);
    }
}

/// Holds what the conditions of the root are about against what it describes; those of other values may be about
/// anything.
fn completeness(schema: &Value, described: &Value, path: &Path, findings: &mut Findings) {
    for (condition, path) in conditions(schema, path) {
        complete(condition, described, &path, findings);
    }
}

fn complete(schema: &Value, described: &Value, path: &Path, findings: &mut Findings) {
    let mut part = |part: &Value, described: &Value, path: Path| {
        if described.is_null() {
            let message = "Required value: what a condition is about must be described where the value is";
            refuse(path, message, findings);
        } else {
            complete(part, described, &path, findings);
        }
    };
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        part(property, &described["properties"][name], path.key("properties").key(name));
    }
    if schema["items"].is_object() {
        part(&schema["items"], &described["items"], path.key("items"));
    }
    completeness(schema, described, path, findings);
}

/// Of metadata only the names can be described.
fn metadata_of_root(metadata: &Value, path: &Path, findings: &mut Findings) {
    let names = |map: &serde_json::Map<String, Value>| {
        map.keys().all(|name| matches!(name.as_str(), "name" | "generateName"))
    };
    let only_names = metadata.as_object().into_iter().flatten().all(|(key, value)| match key.as_str() {
        "type" => true,
        "properties" => value.as_object().is_some_and(names),
        _ => !says_something(value),
    });
    if !only_names {
        let message = "Forbidden: must not specify anything other than name and generateName, but metadata is \
                       implicitly specified";
        refuse(path.key("properties").key("metadata"), message, findings);
    }
}

fn pattern(schema: &Value, path: &Path, findings: &mut Findings) {
    let found = text(schema, "pattern");
    if let Some(why) = not_a_pattern(found) {
        let message = format!(
            "Invalid value: {}: must be a valid regular expression, but isn't: {why}",
            shown(&found.into())
        );
        refuse(path.key("pattern"), &message, findings);
    }
}

/// Whether Go would not take it for a zero value.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}

fn refuse(path: Path, message: &str, findings: &mut Findings) {
    findings.add(What::Malformed, path, message);
}
