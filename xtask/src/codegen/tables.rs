//! The CRDs' schemas as Rust, equal parts written once.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Map, Value, json};

use super::crds::{Kind, Served};

const HEAD: &str = "\
//! What Gateway API's CRDs ask of each kind. Written by `cargo xtask codegen`.

use super::cel::port;
use super::pattern::pattern;
use super::schema::{Integer, Kind, List, Literal, Object, Rule, Schema, Shape, Text, Uniqueness};
use crate::release::{Channel, Release, Target};

";

/// Every keyword that a schema may have. One that is not known here would be ignored silently.
const KEYWORDS: &[&str] = &[
    "additionalProperties",
    "default",
    "description",
    "enum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-map-type",
    "x-kubernetes-validations",
];

/// Schemas that were written already, by what they say.
#[derive(Default)]
struct Pool {
    numbers: BTreeMap<String, usize>,
    text: String,
}

pub(super) fn write(all: &[Served]) -> Result<String> {
    let mut pool = Pool::default();
    let mut targets = String::new();
    for Served { minor, release, channel, kinds } in all {
        let mut rows = String::new();
        for kind in kinds {
            let Kind { group, version, kind: name, namespaced, schema } = kind;
            let number = schema_number(&mut pool, &of_object(schema)?)
                .with_context(|| format!("{name} {version} of Gateway API {release} {channel}"))?;
            writeln!(
                rows,
                "Kind {{ group: {group:?}, version: {version:?}, kind: {name:?}, namespaced: {namespaced}, \
                 schema: &S{number} }},"
            )?;
        }
        let constant = format!("V{}_{}", minor.replace('.', "_"), channel.to_uppercase());
        write!(
            targets,
            "/// Gateway API v{release}, {channel}.\nstatic {constant}: &[Kind] = &[\n{rows}];\n\n"
        )?;
    }
    let mut arms = String::new();
    for Served { minor, release: _, channel, kinds: _ } in all {
        let minor = minor.replace('.', "_");
        let variant = if *channel == "standard" { "Standard" } else { "Experimental" };
        writeln!(arms, "(Release::V{minor}, Channel::{variant}) => V{minor}_{},", channel.to_uppercase())?;
    }
    let releases: BTreeMap<&str, &str> =
        all.iter().map(|served| (served.minor.as_str(), served.release.as_str())).collect();
    let mut names = String::new();
    for (minor, release) in releases {
        writeln!(names, "Release::V{} => {release:?},", minor.replace('.', "_"))?;
    }
    Ok(format!(
        "{HEAD}/// The kinds that a target serves, by group, kind and version.\n\
         pub const fn kinds(target: Target) -> &'static [Kind] {{\n\
         match (target.release, target.channel) {{\n{arms}}}\n}}\n\n\
         /// The patch release that the tables of a release come from.\n\
         pub const fn patch(release: Release) -> &'static str {{\nmatch release {{\n{names}}}\n}}\n\n\
         {targets}{}",
        pool.text
    ))
}

/// The schema of a whole object: metadata is checked by other rules, and a status is written by
/// controllers, through a subresource that drops it from everything else. Only its fields are known.
fn of_object(schema: &Value) -> Result<Value> {
    let mut schema = schema.clone();
    let properties = schema["properties"].as_object_mut().context("an object has no properties")?;
    properties.remove("metadata").context("an object has no metadata")?;
    if let Some(status) = properties.get_mut("status") {
        strip(status);
    }
    Ok(schema)
}

/// Leaves of a schema only which fields there are.
fn strip(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    map.retain(|key, _| {
        matches!(key.as_str(), "type" | "properties" | "items" | "additionalProperties" | "required")
    });
    map.remove("required");
    for key in ["items", "additionalProperties"] {
        if let Some(below) = map.get_mut(key) {
            strip(below);
        }
    }
    if let Some(properties) = map.get_mut("properties").and_then(Value::as_object_mut) {
        properties.values_mut().for_each(strip);
    }
}

fn schema_number(pool: &mut Pool, schema: &Value) -> Result<usize> {
    let mut schema = schema.as_object().context("a schema is no object")?.clone();
    schema.remove("description");
    for key in schema.keys() {
        ensure!(KEYWORDS.contains(&key.as_str()), "the keyword `{key}` of a schema is not known here");
    }
    let (shape, below) = shape(pool, &schema)?;
    let rules = rules(&schema)?;
    let default = match schema.get("default") {
        Some(default) => format!("Some({})", literal(default)?),
        None => "None".to_owned(),
    };
    let ruled = below || !rules.is_empty();
    let body = format!("Schema {{ shape: {shape}, default: {default}, rules: &[{rules}], ruled: {ruled} }}");
    if let Some(number) = pool.numbers.get(&body) {
        return Ok(*number);
    }
    let number = pool.numbers.len();
    writeln!(pool.text, "static S{number}: Schema = {body};")?;
    pool.numbers.insert(body, number);
    Ok(number)
}

/// The shape, and whether a schema below it has rules.
fn shape(pool: &mut Pool, schema: &Map<String, Value>) -> Result<(String, bool)> {
    let ruled = |pool: &Pool, number: usize| {
        pool.numbers.iter().any(|(body, at)| *at == number && body.ends_with("ruled: true }"))
    };
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => {
            let mut below = false;
            let mut properties = String::new();
            let mut defaulted = String::new();
            let mut with_rules = String::new();
            // serde_json's map is sorted by key, as the tables must be.
            for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten()
            {
                let number = schema_number(pool, property).with_context(|| format!("at {name}"))?;
                let row = format!("({name:?}, &S{number}), ");
                if ruled(pool, number) {
                    below = true;
                    with_rules += &row;
                }
                if property.get("default").is_some() {
                    defaulted += &row;
                }
                properties += &row;
            }
            let values = match schema.get("additionalProperties") {
                None => "None".to_owned(),
                Some(values) => {
                    let number = schema_number(pool, values).context("at additionalProperties")?;
                    below |= ruled(pool, number);
                    format!("Some(&S{number})")
                }
            };
            let text = format!(
                "Shape::Object(Object {{ properties: &[{properties}], defaulted: &[{defaulted}], \
                 ruled: &[{with_rules}], required: {}, values: {values}, min: {}, max: {}, atomic: {}, \
                 address: {} }})",
                words(schema.get("required"))?,
                bound(schema, "minProperties", "0")?,
                bound(schema, "maxProperties", "usize::MAX")?,
                schema.get("x-kubernetes-map-type").is_some_and(|kind| kind == "atomic"),
                is_address(schema)?,
            );
            Ok((text, below))
        }
        Some("array") => {
            let number = schema_number(pool, &schema["items"]).context("at items")?;
            let uniqueness = match schema.get("x-kubernetes-list-type").and_then(Value::as_str) {
                None | Some("atomic") => "Uniqueness::None".to_owned(),
                Some("set") => "Uniqueness::Set".to_owned(),
                Some("map") => {
                    format!("Uniqueness::Keys({})", words(schema.get("x-kubernetes-list-map-keys"))?)
                }
                Some(other) => bail!("the list type `{other}` is not known here"),
            };
            let text = format!(
                "Shape::List(List {{ items: &S{number}, min: {}, max: {}, uniqueness: {uniqueness} }})",
                bound(schema, "minItems", "0")?,
                bound(schema, "maxItems", "usize::MAX")?,
            );
            Ok((text, ruled(pool, number)))
        }
        Some("string") => {
            ensure!(!schema.contains_key("format"), "formats of strings are not known here");
            let pattern = match schema.get("pattern").and_then(Value::as_str) {
                Some(text) => format!("Some(pattern({}))", raw(text)),
                None => "None".to_owned(),
            };
            let text = format!(
                "Shape::Text(Text {{ min: {}, max: {}, pattern: {pattern}, one_of: {} }})",
                bound(schema, "minLength", "0")?,
                bound(schema, "maxLength", "usize::MAX")?,
                words(schema.get("enum"))?,
            );
            Ok((text, false))
        }
        Some("integer") => {
            let (least, most) = match schema.get("format").and_then(Value::as_str) {
                Some("int32") => ("i32::MIN as i64", "i32::MAX as i64"),
                None | Some("int64") => ("i64::MIN", "i64::MAX"),
                Some(other) => bail!("the format `{other}` is not known here"),
            };
            let text = format!(
                "Shape::Integer(Integer {{ min: {}, max: {}, one_of: {} }})",
                bound(schema, "minimum", least)?,
                bound(schema, "maximum", most)?,
                integers(schema.get("enum"))?,
            );
            Ok((text, false))
        }
        Some("boolean") => Ok(("Shape::Bool".to_owned(), false)),
        other => bail!("the type {other:?} is not known here"),
    }
}

/// Whether it has the one `oneOf` that we know: that of a Gateway's addresses.
fn is_address(schema: &Map<String, Value>) -> Result<bool> {
    let Some(found) = schema.get("oneOf") else { return Ok(false) };
    let known = json!([
        {"properties": {
            "type": {"enum": ["IPAddress"]},
            "value": {"anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]},
        }},
        {"properties": {"type": {"not": {"enum": ["IPAddress"]}}}},
    ]);
    ensure!(*found == known, "this `oneOf` is not known here: {found}");
    Ok(true)
}

fn rules(schema: &Map<String, Value>) -> Result<String> {
    let mut text = String::new();
    for rule in schema.get("x-kubernetes-validations").and_then(Value::as_array).into_iter().flatten() {
        let rule = rule.as_object().context("a rule is no object")?;
        for key in rule.keys() {
            ensure!(
                matches!(key.as_str(), "rule" | "message"),
                "the key `{key}` of a rule is not known here"
            );
        }
        let expression = rule.get("rule").and_then(Value::as_str).context("a rule has no expression")?;
        let message = rule.get("message").and_then(Value::as_str).context("a rule has no message")?;
        write!(
            text,
            "Rule {{ port: port({}), message: {}, transition: {} }}, ",
            raw(expression),
            raw(message),
            expression.contains("oldSelf")
        )?;
    }
    Ok(text)
}

fn literal(value: &Value) -> Result<String> {
    Ok(match value {
        Value::String(text) => format!("Literal::Text({text:?})"),
        Value::Number(number) => {
            format!("Literal::Integer({})", number.as_i64().context("a default is no integer")?)
        }
        Value::Array(items) => {
            let items = items.iter().map(literal).collect::<Result<Vec<_>>>()?;
            format!("Literal::List(&[{}])", items.join(", "))
        }
        Value::Object(map) => {
            let entries = map
                .iter()
                .map(|(key, value)| Ok(format!("({key:?}, {})", literal(value)?)))
                .collect::<Result<Vec<_>>>()?;
            format!("Literal::Map(&[{}])", entries.join(", "))
        }
        Value::Null | Value::Bool(_) => bail!("the default {value} is not known here"),
    })
}

fn bound(schema: &Map<String, Value>, key: &str, absent: &str) -> Result<String> {
    match schema.get(key) {
        None => Ok(absent.to_owned()),
        Some(value) => Ok(value.as_i64().with_context(|| format!("{key} is no integer"))?.to_string()),
    }
}

/// A list of strings.
fn words(value: Option<&Value>) -> Result<String> {
    let words = match value {
        None => Vec::new(),
        Some(value) => value
            .as_array()
            .context("a list of words is no list")?
            .iter()
            .map(|word| word.as_str().map(|word| format!("{word:?}")).context("a word is no string"))
            .collect::<Result<_>>()?,
    };
    Ok(format!("&[{}]", words.join(", ")))
}

/// A list of integers.
fn integers(value: Option<&Value>) -> Result<String> {
    let known = |value: &Value| value.as_array()?.iter().map(Value::as_i64).collect::<Option<Vec<_>>>();
    match value {
        None => Ok("&[]".to_owned()),
        Some(value) => {
            Ok(format!("&{:?}", known(value).context("an enum of integers holds something else")?))
        }
    }
}

/// A raw string, so that an expression reads as its CRD has it.
fn raw(text: &str) -> String {
    // As many as the longest run behind a quotation mark, and one more.
    let runs = text.split('"').skip(1).map(|rest| rest.len() - rest.trim_start_matches('#').len() + 1);
    let hashes = "#".repeat(runs.max().unwrap_or(0));
    format!("r{hashes}\"{text}\"{hashes}")
}
