//! A kind of the core's tables as its CRD has it. `cargo xtask codegen --check` holds the tables against the
//! CRDs, so that a test of this needs none of them.

use gatewright_core::check::api::schema::{
    Integer, Kind, List, Literal, Object, Property, Rule, Schema, Shape, Text, Uniqueness,
};
use gatewright_crd::Version;
use serde_json::{Map, Value, json};

/// The version of the CRD.
pub fn version(kind: &Kind) -> Version {
    Version { name: kind.version.to_owned(), schema: schema(kind.schema), status_apart: true }
}

fn schema(of: &Schema) -> Value {
    let mut out = Map::new();
    let mut add = |key: &str, value: Value| drop(out.insert(key.to_owned(), value));
    match &of.shape {
        Shape::Object(Object {
            properties,
            defaulted,
            ruled,
            required,
            values,
            min,
            max,
            atomic,
            address,
        }) => {
            let names = |list: &[Property], is_in: fn(&Schema) -> bool| -> Vec<&str> {
                list.iter().filter(|(_, schema)| is_in(schema)).map(|(name, _)| *name).collect()
            };
            assert_eq!(names(defaulted, |_| true), names(properties, |schema| schema.default.is_some()));
            assert_eq!(names(ruled, |_| true), names(properties, |schema| schema.ruled));
            add("type", json!("object"));
            let properties = properties.iter().map(|(name, below)| ((*name).to_owned(), schema(below)));
            add("properties", Value::Object(properties.collect()));
            add("required", json!(required));
            if let Some(values) = values {
                add("additionalProperties", schema(values));
            }
            add("minProperties", json!(min));
            add("maxProperties", json!(max));
            if *atomic {
                add("x-kubernetes-map-type", json!("atomic"));
            }
            if *address {
                add("oneOf", addresses());
            }
        }
        Shape::List(List { items, min, max, uniqueness }) => {
            add("type", json!("array"));
            add("items", schema(items));
            add("minItems", json!(min));
            add("maxItems", json!(max));
            match uniqueness {
                Uniqueness::None => {}
                Uniqueness::Set => add("x-kubernetes-list-type", json!("set")),
                Uniqueness::Keys(keys) => {
                    add("x-kubernetes-list-type", json!("map"));
                    add("x-kubernetes-list-map-keys", json!(keys));
                }
            }
        }
        Shape::Text(Text { min, max, pattern, one_of }) => {
            add("type", json!("string"));
            add("minLength", json!(min));
            add("maxLength", json!(max));
            if let Some(pattern) = pattern {
                add("pattern", json!(pattern.text));
            }
            if !one_of.is_empty() {
                add("enum", json!(one_of));
            }
        }
        Shape::Integer(Integer { min, max, one_of }) => {
            add("type", json!("integer"));
            add("minimum", json!(min));
            add("maximum", json!(max));
            if !one_of.is_empty() {
                add("enum", json!(one_of));
            }
        }
        Shape::Bool => add("type", json!("boolean")),
    }
    if let Some(default) = &of.default {
        add("default", literal(default));
    }
    let rules = of
        .rules
        .iter()
        .map(|Rule { port, message, .. }| json!({"rule": port.expression, "message": message}));
    add("x-kubernetes-validations", rules.collect());
    Value::Object(out)
}

/// What the table keeps as one word.
fn addresses() -> Value {
    json!([
        {"properties": {
            "type": {"enum": ["IPAddress"]},
            "value": {"anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]},
        }},
        {"properties": {"type": {"not": {"enum": ["IPAddress"]}}}},
    ])
}

/// A default.
pub fn literal(value: &Literal) -> Value {
    match value {
        Literal::Text(text) => json!(text),
        Literal::Integer(integer) => json!(integer),
        Literal::List(items) => items.iter().map(literal).collect(),
        Literal::Map(entries) => {
            entries.iter().map(|(key, value)| ((*key).to_owned(), literal(value))).collect()
        }
    }
}
