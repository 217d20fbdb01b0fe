//! A structural schema: what of it JSON Schema does not have.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::number::Numbers;

/// What one value is, apart from its bounds.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "a schema has as many words that are true or false")]
pub(crate) struct Schema {
    pub(crate) properties: BTreeMap<String, Schema>,
    /// What the values under all other keys are.
    pub(crate) values: Option<Box<Schema>>,
    /// Whether keys that it does not describe are kept.
    pub(crate) open: bool,
    pub(crate) items: Option<Box<Schema>>,
    pub(crate) nullable: bool,
    /// A whole Kubernetes object.
    pub(crate) embedded: bool,
    pub(crate) default: Option<Value>,
    pub(crate) uniqueness: Uniqueness,
    /// Replaced as a whole by an update.
    pub(crate) atomic: bool,
    /// Whether a JSON number is a floating-point number to CEL.
    pub(crate) is_number: bool,
    /// Which numbers its type and format have.
    pub(crate) numbers: Numbers,
    pub(crate) format: Option<String>,
    /// Its CEL rules, as numbers in the list that [`read`] gives.
    pub(crate) rules: Vec<usize>,
    /// Whether it or anything below it has CEL rules.
    pub(crate) ruled: bool,
}

/// `x-kubernetes-list-type`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) enum Uniqueness {
    #[default]
    None,
    Set,
    Keys(Vec<String>),
}

/// An item of `x-kubernetes-validations`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rule {
    pub(crate) rule: String,
    pub(crate) message: Option<String>,
    pub(crate) message_expression: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) field_path: Option<String>,
    #[serde(default)]
    pub(crate) optional_old_self: bool,
}

impl Schema {
    /// What stands under a key, if anything is said of it.
    pub(crate) fn at(&self, key: &str) -> Option<&Self> {
        self.properties.get(key).or(self.values.as_deref())
    }
}

/// The schema of a whole object, and its rules.
pub(crate) fn read(schema: &Value) -> Result<(Schema, Vec<Rule>), String> {
    let mut rules = Vec::new();
    let schema = of(schema, "openAPIV3Schema", &mut rules)?;
    Ok((schema, rules))
}

fn of(schema: &Value, path: &str, rules: &mut Vec<Rule>) -> Result<Schema, String> {
    let Some(map) = schema.as_object() else { return Err(format!("{path}: a schema is a map")) };
    let is = |key: &str| map.get(key).is_some_and(|value| *value == true);
    let mut found = Schema {
        open: is("x-kubernetes-preserve-unknown-fields") || is("additionalProperties"),
        nullable: is("nullable"),
        embedded: is("x-kubernetes-embedded-resource"),
        default: map.get("default").cloned(),
        uniqueness: uniqueness(map, path)?,
        atomic: map.get("x-kubernetes-map-type").is_some_and(|kind| kind == "atomic"),
        is_number: map.get("type").is_some_and(|kind| kind == "number"),
        numbers: Numbers::of(map),
        format: map.get("format").and_then(Value::as_str).map(str::to_owned),
        ..Schema::default()
    };
    for (name, property) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let below = of(property, &format!("{path}.properties.{name}"), rules)?;
        found.ruled |= below.ruled;
        found.properties.insert(name.clone(), below);
    }
    if let Some(values) = map.get("additionalProperties").filter(|values| values.is_object()) {
        let below = of(values, &format!("{path}.additionalProperties"), rules)?;
        found.ruled |= below.ruled;
        found.values = Some(Box::new(below));
    }
    if let Some(items) = map.get("items") {
        let below = of(items, &format!("{path}.items"), rules)?;
        found.ruled |= below.ruled;
        found.items = Some(Box::new(below));
    }
    for rule in map.get("x-kubernetes-validations").and_then(Value::as_array).into_iter().flatten() {
        let rule =
            Rule::deserialize(rule).map_err(|fault| format!("{path}.x-kubernetes-validations: {fault}"))?;
        found.ruled = true;
        found.rules.push(rules.len());
        rules.push(rule);
    }
    Ok(found)
}

fn uniqueness(map: &Map<String, Value>, path: &str) -> Result<Uniqueness, String> {
    match map.get("x-kubernetes-list-type").and_then(Value::as_str) {
        None | Some("atomic") => Ok(Uniqueness::None),
        Some("set") => Ok(Uniqueness::Set),
        Some("map") => {
            let keys = map.get("x-kubernetes-list-map-keys").and_then(Value::as_array);
            let keys: Option<Vec<String>> =
                keys.and_then(|keys| keys.iter().map(|key| key.as_str().map(str::to_owned)).collect());
            match keys {
                Some(keys) if !keys.is_empty() => Ok(Uniqueness::Keys(keys)),
                _ => Err(format!("{path}.x-kubernetes-list-map-keys: a list of type map needs keys")),
            }
        }
        Some(other) => Err(format!("{path}.x-kubernetes-list-type: `{other}` is not atomic, set or map")),
    }
}
