//! Words of OpenAPI that an API server does not take, or not together.

use std::collections::BTreeSet;

use gatewright_core::path::Path;
use serde_json::Value;

use super::{items, text};
use crate::finding::{Findings, What};
use crate::structure::shown;

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Keywords that no schema may have.
const UNSUPPORTED: [&str; 5] =
    ["$ref", "additionalItems", "definitions", "dependencies", "patternProperties"];

const REASONS: [&str; 4] =
    ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/// What describes an object as such.
pub(super) const OF_OBJECTS: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// What is so because of where a schema stands.
#[derive(Clone, Copy, Default)]
struct Around {
    is_root: bool,
    in_metadata: bool,
    /// Why there may be no default.
    no_default: Option<&'static str>,
}

pub(super) fn check(schema: &Value, path: &Path, findings: &mut Findings) {
    walk(schema, path, Around { is_root: true, ..Around::default() }, findings);
}

fn walk(schema: &Value, path: &Path, around: Around, findings: &mut Findings) {
    alone(schema, path, around, findings);
    list_type(schema, path, findings);
    map_keys(schema, path, findings);
    rules(schema, path, findings);
    let below = Around { is_root: false, ..around };
    let is_object = around.is_root || schema["x-kubernetes-embedded-resource"] == true;
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let of_object = is_object && OF_OBJECTS.contains(&name.as_str());
        let below = Around {
            in_metadata: below.in_metadata || of_object,
            no_default: below
                .no_default
                .or((of_object && around.is_root).then_some("in top-level metadata, kind and apiVersion")),
            ..below
        };
        walk(property, &path.key("properties").key(name), below, findings);
    }
    if schema["additionalProperties"].is_object() {
        let in_metadata = "inside additionalProperties applying to object metadata";
        let below =
            Around { no_default: below.no_default.or(below.in_metadata.then_some(in_metadata)), ..below };
        walk(&schema["additionalProperties"], &path.key("additionalProperties"), below, findings);
    }
    if schema["items"].is_object() {
        walk(&schema["items"], &path.key("items"), below, findings);
    }
    for (condition, path) in super::conditions(schema, path) {
        walk(condition, &path, below, findings);
    }
}

/// Keywords that are at fault by themselves.
fn alone(schema: &Value, path: &Path, around: Around, findings: &mut Findings) {
    let mut forbid = |key: &str, why: &str| {
        findings.add(What::Malformed, path.key(key), format!("Forbidden: {why}"));
    };
    for key in UNSUPPORTED.into_iter().filter(|key| !schema[*key].is_null()) {
        forbid(key, &format!("{key} is not supported"));
    }
    for key in ["id", "$schema"].into_iter().filter(|key| !text(schema, key).is_empty()) {
        forbid(key, &format!("{key} is not supported"));
    }
    if schema["uniqueItems"] == true {
        forbid("uniqueItems", "cannot be set to true since the runtime complexity becomes quadratic");
    }
    if schema["items"].is_array() {
        forbid("items", "items must be a schema object and not an array");
    }
    if around.is_root && schema["nullable"] == true {
        forbid("nullable", "nullable cannot be true at the root");
    }
    if let Some(why) = around.no_default.filter(|_| !schema["default"].is_null()) {
        forbid("default", &format!("must not be set {why}"));
    }
    if around.in_metadata && schema["x-kubernetes-embedded-resource"] == true {
        forbid("x-kubernetes-embedded-resource", "must not be used inside of resource meta");
    }
    let has_properties = schema["properties"].as_object().is_some_and(|map| !map.is_empty());
    let additional = &schema["additionalProperties"];
    if has_properties && (additional.is_object() || *additional == false) {
        forbid("additionalProperties", "additionalProperties and properties are mutual exclusive");
    }
    if schema["x-kubernetes-preserve-unknown-fields"] == false {
        let message = "Invalid value: false: must be true or undefined";
        findings.add(What::Malformed, path.key("x-kubernetes-preserve-unknown-fields"), message);
    }
    let kind = text(schema, "type");
    if !kind.is_empty() {
        one_of(schema, "type", &TYPES, path, findings);
    }
    one_of(schema, "x-kubernetes-map-type", &["atomic", "granular"], path, findings);
    one_of(schema, "x-kubernetes-list-type", &["atomic", "set", "map"], path, findings);
    for (key, wanted) in [("x-kubernetes-map-type", "object"), ("x-kubernetes-list-type", "array")] {
        if schema[key].is_string() && kind != wanted {
            let message = format!("Invalid value: {kind:?}: must be {wanted} if {key} is specified");
            findings.add(What::Malformed, path.key("type"), message);
        }
    }
}

fn one_of(schema: &Value, key: &str, known: &[&str], path: &Path, findings: &mut Findings) {
    if let Some(found) = schema[key].as_str().filter(|found| !known.contains(found)) {
        let message = format!("Unsupported value: {found:?}: supported values: {}", known.join(", "));
        findings.add(What::Enum, path.key(key), message);
    }
}

/// What lists of type set and map ask of their items.
fn list_type(schema: &Value, path: &Path, findings: &mut Findings) {
    let kind = text(schema, "x-kubernetes-list-type");
    let (items, of_items) = (&schema["items"], path.key("items"));
    let mut refuse = |path: Path, message: String| findings.add(What::Malformed, path, message);
    if matches!(kind, "set" | "map") && items["nullable"] == true {
        refuse(
            of_items.key("nullable"),
            format!("Forbidden: cannot be nullable when x-kubernetes-list-type is {kind}"),
        );
    }
    match (kind, text(items, "type")) {
        ("set", "array") if !matches!(text(items, "x-kubernetes-list-type"), "" | "atomic") => {
            let message = "Invalid value: must be atomic as item of a list with x-kubernetes-list-type=set";
            refuse(of_items.key("x-kubernetes-list-type"), message.to_owned());
        }
        ("set", "object") if text(items, "x-kubernetes-map-type") != "atomic" => {
            let message = "Invalid value: must be atomic as item of a list with x-kubernetes-list-type=set";
            refuse(of_items.key("x-kubernetes-map-type"), message.to_owned());
        }
        ("map", "object") => {}
        ("map", _) if items.is_null() => {
            refuse(
                of_items,
                "Required value: must have a schema if x-kubernetes-list-type is map".to_owned(),
            );
        }
        ("map", found) => {
            let why = "must be object if parent array's x-kubernetes-list-type is map";
            refuse(of_items.key("type"), format!("Invalid value: {found:?}: {why}"));
        }
        _ => {}
    }
}

fn map_keys(schema: &Value, path: &Path, findings: &mut Findings) {
    const KEYS: &str = "x-kubernetes-list-map-keys";
    let (keys, kind) = (items(schema, KEYS), text(schema, "x-kubernetes-list-type"));
    let mut refuse = |path: Path, message: String| findings.add(What::Malformed, path, message);
    if kind != "map" {
        if !keys.is_empty() {
            let message = format!("Required value: must be map if {KEYS} is non-empty");
            refuse(path.key("x-kubernetes-list-type"), message);
        }
        return;
    }
    if keys.is_empty() {
        let message = "Required value: must not be empty if x-kubernetes-list-type is map";
        refuse(path.key(KEYS), message.to_owned());
    }
    let mut known = BTreeSet::new();
    for key in keys.iter().filter_map(Value::as_str) {
        if !known.insert(key) {
            refuse(path.key(KEYS), "Invalid value: must not contain duplicate entries".to_owned());
        }
        let property = &schema["items"]["properties"][key];
        let place = path.key("items").key("properties").key(key);
        if !property.is_object() {
            refuse(path.key(KEYS), "Invalid value: entries must all be names of item properties".to_owned());
            continue;
        }
        if matches!(text(property, "type"), "array" | "object") {
            let why = "must be a scalar type if parent array's x-kubernetes-list-type is map";
            refuse(place.key("type"), format!("Invalid value: {why}"));
        }
        let is_required = items(&schema["items"], "required").iter().any(|name| name == key);
        if !is_required && property["default"].is_null() {
            let why =
                format!("this property is in {KEYS}, so it must have a default or be a required property");
            refuse(place.key("default"), format!("Required value: {why}"));
        }
        if property["nullable"] == true {
            let why = format!("this property is in {KEYS}, so it cannot be nullable");
            refuse(place.key("nullable"), format!("Forbidden: {why}"));
        }
    }
}

/// Everything of rules but their expressions.
fn rules(schema: &Value, path: &Path, findings: &mut Findings) {
    for (index, rule) in items(schema, "x-kubernetes-validations").iter().enumerate() {
        let path = path.key("x-kubernetes-validations").index(index);
        let mut refuse = |key: &str, message: &str| {
            findings.add(What::Malformed, path.key(key), message.to_owned());
        };
        let has_lines = |text: &str| text.contains(['\n', '\r']);
        let (rule_text, message) = (text(rule, "rule").trim(), text(rule, "message"));
        if rule_text.is_empty() {
            refuse("rule", "Required value: rule is not specified");
        } else if !message.is_empty() && message.trim().is_empty() {
            refuse("message", "Invalid value: must be non-empty if specified");
        } else if has_lines(message.trim()) {
            refuse("message", "Invalid value: must not contain line breaks");
        } else if has_lines(rule_text) && message.trim().is_empty() {
            refuse("message", "Required value: message must be specified if rule contains line breaks");
        }
        let expression = text(rule, "messageExpression");
        if !expression.is_empty() && expression.trim().is_empty() {
            refuse("messageExpression", "Required value: messageExpression must be non-empty if specified");
        }
        let below = text(rule, "fieldPath");
        if !below.is_empty() && (has_lines(below) || led_to(schema, below).is_none()) {
            let message = format!("Invalid value: {}: must be a valid path", shown(&below.into()));
            refuse("fieldPath", &message);
        }
        one_of(rule, "reason", &REASONS, &path, findings);
    }
}

/// The schema that a path of plain names (`.a.b`) leads to. Where others lead is not known here: to the schema itself,
/// as it were.
pub(super) fn led_to<'s>(schema: &'s Value, path: &str) -> Option<&'s Value> {
    if path.contains(['[', ']', '\'']) {
        return Some(schema);
    }
    path.strip_prefix('.')?.split('.').try_fold(schema, |schema, name| {
        let (properties, values) = (&schema["properties"], &schema["additionalProperties"]);
        let below = if properties.is_object() { &properties[name] } else { values };
        below.is_object().then_some(below)
    })
}
