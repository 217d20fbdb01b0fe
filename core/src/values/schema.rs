//! The JSON Schema of the values (draft-07, RE2 patterns), made from the same tables that the walk reads.
//!
//! It is never narrower than the walk: bounds that depend on the release, uniqueness, and what a
//! text rule maps are left to the walk. Null is allowed everywhere, since Helm leaves nulls in values.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::sections::VALUES;
use super::shape::{Choice, Object, Shape, Switch, Text};

/// The schema of a values file, for `chart/values.schema.json` and editors.
pub fn schema() -> Value {
    let mut definitions = BTreeMap::new();
    let mut root = object(&VALUES, false, &mut definitions);
    if let Value::Object(root) = &mut root {
        root.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
        root.insert("title".to_owned(), json!(VALUES.doc));
        root.insert("definitions".to_owned(), json!(definitions));
    }
    root
}

type Definitions = BTreeMap<&'static str, Value>;

/// `keyed`: the object may stand in a map keyed by name, where `name` inside is optional.
fn object(object: &'static Object, keyed: bool, definitions: &mut Definitions) -> Value {
    let properties: BTreeMap<_, _> = object
        .fields
        .iter()
        .map(|field| {
            let mut schema = shape(field.shape, definitions);
            if let Value::Object(map) = &mut schema {
                map.insert("description".to_owned(), json!(field.doc));
            }
            (field.name, schema)
        })
        .collect();
    let required: Vec<_> = object
        .fields
        .iter()
        .filter(|field| field.required && !(keyed && field.name == "name"))
        .map(|field| field.name)
        .collect();
    let mut schema = json!({
        "type": ["object", "null"],
        "properties": properties,
        "patternProperties": {"^x-": {}},
        "additionalProperties": false,
    });
    if !required.is_empty()
        && let Value::Object(map) = &mut schema
    {
        map.insert("required".to_owned(), json!(required));
    }
    schema
}

fn reference(target: &'static Object, keyed: bool, definitions: &mut Definitions) -> Value {
    if !definitions.contains_key(target.name) {
        // Holds the name while the definition is made, should an object ever contain itself.
        definitions.insert(target.name, Value::Null);
        let definition = object(target, keyed, definitions);
        definitions.insert(target.name, definition);
    }
    // Draft-07 ignores what stands beside `$ref`, hence the list of one.
    json!({"allOf": [{"$ref": format!("#/definitions/{}", target.name)}]})
}

fn shape(shape: Shape, definitions: &mut Definitions) -> Value {
    match shape {
        Shape::Text(rule) => text(rule),
        Shape::Integer(min, max, _) => integer(&json!({"type": "integer", "minimum": min, "maximum": max})),
        Shape::IntegerOf(options) => {
            let options: Vec<_> = options.iter().map(|(option, _)| *option).collect();
            integer(&json!({"enum": options}))
        }
        Shape::Boolean => json!({"type": ["boolean", "null"]}),
        Shape::Choice(options) => choice(options),
        Shape::Object(target) => reference(target, false, definitions),
        Shape::Switch(target) => switch(target, false, definitions),
        Shape::List(list) => {
            let items = self::shape(list.of, definitions);
            json!({"type": ["array", "null"], "items": items})
        }
        Shape::Named(item) => {
            let item = match item {
                Shape::Object(target) => reference(target, true, definitions),
                Shape::Switch(target) => switch(target, true, definitions),
                other => self::shape(*other, definitions),
            };
            json!({"type": ["array", "object", "null"], "items": item, "additionalProperties": item})
        }
        Shape::Map(dictionary) => {
            let value = self::shape(dictionary.value, definitions);
            json!({"type": ["object", "null"], "additionalProperties": value})
        }
        Shape::Either(shapes) => {
            let options: Vec<_> = shapes.iter().map(|option| self::shape(*option, definitions)).collect();
            json!({"anyOf": options})
        }
        Shape::Any => json!({}),
    }
}

fn text(rule: &Text) -> Value {
    let number = if rule.takes_decimals { "number" } else { "integer" };
    let mut schema = json!({"type": ["string", number, "null"]});
    if let (Some(pattern), Value::Object(map)) = (rule.pattern, &mut schema) {
        map.insert("pattern".to_owned(), json!(pattern));
    }
    schema
}

/// An integer in its own type, or as the string that `--set-string` makes of it.
fn integer(own: &Value) -> Value {
    json!({"anyOf": [own, {"type": "string", "pattern": "^-?[0-9]+$"}, {"type": "null"}]})
}

fn choice(choice: &Choice) -> Value {
    if !choice.any_case {
        let mut options: Vec<_> = choice.words.iter().map(|word| json!(word)).collect();
        options.push(Value::Null);
        return json!({"enum": options});
    }
    let words: Vec<String> = choice.words.iter().map(|word| any_case(word)).collect();
    json!({"type": ["string", "null"], "pattern": format!("^({})$", words.join("|"))})
}

/// `HTTP` as `[Hh][Tt][Tt][Pp]`: a flag for it is not in every dialect of patterns.
fn any_case(word: &str) -> String {
    let mut pattern = String::new();
    for letter in word.chars() {
        if letter.is_ascii_alphabetic() {
            pattern.extend(['[', letter.to_ascii_uppercase(), letter.to_ascii_lowercase(), ']']);
        } else {
            // In a class of its own, for `*` is a word too.
            pattern.extend(['[', letter, ']']);
        }
    }
    pattern
}

fn switch(switch: &'static Switch, keyed: bool, definitions: &mut Definitions) -> Value {
    let words: Vec<_> = switch.cases.iter().map(|(word, _)| *word).collect();
    let condition = |words: &[&str]| {
        let mut properties = BTreeMap::new();
        properties.insert(switch.key, json!({"enum": words}));
        json!({"type": "object", "properties": properties, "required": [switch.key]})
    };
    let mut branches = vec![json!({
        "if": condition(&words),
        "else": reference(switch.default, keyed, definitions),
    })];
    for (word, object) in switch.cases {
        branches.push(json!({"if": condition(&[word]), "then": reference(object, keyed, definitions)}));
    }
    json!({"allOf": branches})
}
