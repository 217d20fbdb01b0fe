//! A structural schema as JSON Schema (draft 7), for `jsonschema`.

use serde_json::{Map, Value, json};

use crate::format;

/// The keyword of a pattern of Go; JSON Schema's own is of another language.
pub(crate) const PATTERN: &str = "x-go-pattern";

/// The keyword of a factor that is reckoned as Go does.
pub(crate) const MULTIPLE_OF: &str = "x-go-multiple-of";

/// Keywords whose value is taken as it is.
const SAME: &[&str] = &[
    "maxItems",
    "maxLength",
    "maxProperties",
    "minItems",
    "minLength",
    "minProperties",
    "required",
    "uniqueItems",
];

/// Keywords whose value is a list of schemas that only add conditions.
const LISTS: &[&str] = &["allOf", "anyOf", "oneOf"];

/// The schema, each of its parts at the place that it has in the CRD. Formats that are not surely known
/// here and stand under a condition are named in `unsure`.
pub(crate) fn of(schema: &Value, unsure: &mut Vec<String>) -> Value {
    converted(schema, false, unsure)
}

fn converted(schema: &Value, condition: bool, unsure: &mut Vec<String>) -> Value {
    let Some(map) = schema.as_object() else { return schema.clone() };
    let is = |key: &str| map.get(key).is_some_and(|value| *value == true);
    let int_or_string = is("x-kubernetes-int-or-string");
    let mut out = Map::new();
    for key in SAME {
        if let Some(value) = map.get(*key) {
            out.insert((*key).to_owned(), value.clone());
        }
    }
    if let Some(words) = map.get("enum").and_then(Value::as_array) {
        // The API server takes no null for one of them, not even where null is among them.
        let words: Vec<&Value> = words.iter().filter(|word| !word.is_null()).collect();
        out.insert("enum".to_owned(), json!(words));
    }
    let mut types: Vec<&str> = map.get("type").and_then(Value::as_str).into_iter().collect();
    if int_or_string {
        types = vec!["integer", "string"];
    }
    // The API server does not look at the type of a list where a text with a format should be.
    if types == ["string"] && map.contains_key("format") {
        types.push("array");
    }
    if is("nullable") && !types.is_empty() {
        types.push("null");
    }
    if !types.is_empty() {
        out.insert("type".to_owned(), json!(types));
    }
    bounds(map, &mut out);
    if let Some(text) = map.get("pattern").and_then(Value::as_str) {
        out.insert(PATTERN.to_owned(), json!(text));
    }
    if let Some(factor) = map.get("multipleOf") {
        out.insert(MULTIPLE_OF.to_owned(), factor.clone());
    }
    if let Some(name) = map.get("format").and_then(Value::as_str) {
        if format::CERTAIN.iter().any(|(known, _)| *known == name) {
            out.insert("format".to_owned(), json!(name));
        } else if condition && format::may_be_uncertain(name) {
            unsure.push(name.to_owned());
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(below) = map.get(key).filter(|below| below.is_object()) {
            out.insert(key.to_owned(), converted(below, condition, unsure));
        }
    }
    if let Some(properties) = map.get("properties").and_then(Value::as_object) {
        let properties =
            properties.iter().map(|(name, below)| (name.clone(), converted(below, condition, unsure)));
        out.insert("properties".to_owned(), Value::Object(properties.collect()));
    }
    for key in LISTS {
        // Of what is an integer or a string they only say that once more.
        if let Some(list) = map.get(*key).and_then(Value::as_array)
            && !(int_or_string && *list == [json!({"type": "integer"}), json!({"type": "string"})])
        {
            let list: Vec<Value> = list.iter().map(|below| converted(below, true, unsure)).collect();
            out.insert((*key).to_owned(), json!(list));
        }
    }
    if let Some(not) = map.get("not") {
        out.insert("not".to_owned(), converted(not, true, unsure));
    }
    Value::Object(out)
}

/// Bounds of numbers. OpenAPI says of a bound whether it is exclusive, JSON Schema has another bound.
fn bounds(map: &Map<String, Value>, out: &mut Map<String, Value>) {
    for (key, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        let is_exclusive = map.get(exclusive).is_some_and(|value| *value == true);
        if let Some(bound) = map.get(key) {
            out.insert(if is_exclusive { exclusive } else { key }.to_owned(), bound.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::of;

    #[test]
    fn reads_the_words_of_kubernetes() {
        let mut unsure = Vec::new();
        for (schema, expected) in [
            (json!({"type": "string", "nullable": true}), json!({"type": ["string", "null"]})),
            (json!({"enum": ["a", null]}), json!({"enum": ["a"]})),
            (
                json!({"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}],
                       "pattern": "^\\d$"}),
                json!({"type": ["integer", "string"], "x-go-pattern": "^\\d$"}),
            ),
            (
                json!({"type": "integer", "format": "int32", "minimum": 0, "exclusiveMinimum": true, "multipleOf": 2}),
                json!({"type": ["integer"], "exclusiveMinimum": 0, "x-go-multiple-of": 2}),
            ),
            (
                json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true,
                       "description": "d", "default": {}}),
                json!({"type": ["object"]}),
            ),
            (json!({"type": "object", "additionalProperties": true}), json!({"type": ["object"]})),
            (
                json!({"oneOf": [{"format": "email"}, {"format": "ipv4"}]}),
                json!({"oneOf": [{}, {"format": "ipv4"}]}),
            ),
        ] {
            assert_eq!(of(&schema, &mut unsure), expected, "{schema}");
        }
        assert_eq!(unsure, ["email"]);
    }
}
