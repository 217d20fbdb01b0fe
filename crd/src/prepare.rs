//! What the API server does before it validates: unknown fields found, defaults filled in, nulls dropped.

use gatewright_core::path::Path;
use serde_json::Value;

use crate::finding::{Findings, What};
use crate::schema::Schema;
use crate::{format, number};

/// Of a whole object no schema describes these.
const OF_OBJECTS: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Prepares a value, and tells what of it cannot be judged here.
pub(crate) fn prepare(schema: &Schema, value: &mut Value, path: &Path, findings: &mut Findings) {
    match value {
        Value::Object(map) => {
            let is_object = path.is_root() || schema.embedded;
            if schema.embedded {
                for key in OF_OBJECTS.iter().take(2).filter(|key| !map.contains_key(**key)) {
                    findings.add(What::Required, path.key(key), "Required value: must not be empty");
                }
                let message = "what an embedded object has as metadata is not looked at";
                findings.add(What::NotEvaluated, path.key("metadata"), message);
            }
            for (name, property) in &schema.properties {
                if let Some(default) = &property.default
                    && map.get(name).is_none_or(|found| found.is_null() && !property.nullable)
                {
                    map.insert(name.clone(), default.clone());
                }
            }
            map.retain(|key, value| {
                !value.is_null()
                    || is_object && OF_OBJECTS.contains(&key.as_str())
                    || schema.at(key).is_none_or(|schema| schema.nullable)
            });
            for (key, value) in map {
                if is_object && OF_OBJECTS.contains(&key.as_str()) {
                    continue;
                }
                let path = path.key(key);
                match schema.at(key) {
                    Some(schema) => prepare(schema, value, &path, findings),
                    None if schema.open => {}
                    None => {
                        let message = format!("strict decoding error: unknown field \"{path}\"");
                        findings.add(What::UnknownField, path, message);
                    }
                }
            }
        }
        Value::Array(items) => {
            if let Some(name) = &schema.format {
                let message = format!("a list stands where a text of the format `{name}` should");
                findings.add(What::NotEvaluated, path.clone(), message);
            }
            let Some(schema) = &schema.items else { return };
            for (index, item) in items.iter_mut().enumerate() {
                prepare(schema, item, &path.index(index), findings);
            }
        }
        Value::String(text) => {
            if let Some(name) = &schema.format
                && format::is_uncertain(name, text)
            {
                let message = format!("whether {text:?} is of the format `{name}` is not known here");
                findings.add(What::NotEvaluated, path.clone(), message);
            }
        }
        Value::Number(number) => {
            if let Some(integer) = number::whole(number) {
                *number = integer;
            }
            if let Some((what, message)) = schema.numbers.fault(number, path) {
                findings.add(what, path.clone(), message);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}
