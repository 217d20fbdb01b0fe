//! Objects with one to three faults, or near faults, where the schemas of their CRDs have bounds.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Texts at the edges of what patterns, formats and rules take.
const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "a-b",
    "-a",
    "a.b",
    "é",
    "*",
    "*.example.com",
    "1.2.3.4",
    "::1",
    "10.0.0.0/8",
    "/",
    "/a",
    "a b",
    "0",
    "1",
    "0s",
    "1s",
    "250ms",
    "1h1m",
    "-1s",
    "1d",
    "5sx",
    "9999999h",
    "1Gi",
    "1.5",
    "100m",
    "https://example.com",
    "http://",
    "https://example.com/%zz",
    "unix:///a",
    "unix://a/",
    "HTTP",
    "HTTPS",
    "TCP",
    "Header",
    "Cookie",
    "SIMPLE",
    "Gateway",
    "HTTPRoute",
    "Service",
    "gateway.networking.k8s.io",
    "2026-01-02T03:04:05Z",
    "2026-01-32T03:04:05Z",
    "YWJj",
    "YWJ",
    "1.2",
    "1.3",
    "None",
    "Exact",
];

/// Deeper than this nothing is added.
const DEPTH_MAX: usize = 4;

/// The object with faults.
pub fn mutated(schema: &Value, object: &Value, random: &mut Rng) -> Value {
    let mut object = object.clone();
    for _ in 0..random.usize(1..=3) {
        descend(&schema["properties"]["spec"], &mut object["spec"], random);
    }
    object
}

/// Goes down to a random value, and changes it.
fn descend(schema: &Value, value: &mut Value, random: &mut Rng) {
    let stop = random.u8(..) < 50;
    match value {
        Value::Object(map) if !stop && !map.is_empty() => {
            let key = map.keys().nth(random.usize(..map.len())).cloned().unwrap_or_default();
            let below = match &schema["properties"][&key] {
                Value::Null => &schema["additionalProperties"],
                known => known,
            };
            descend(below, &mut map[&key], random);
        }
        Value::Array(items) if !stop && !items.is_empty() => {
            let index = random.usize(..items.len());
            descend(&schema["items"], &mut items[index], random);
        }
        value => change(schema, value, random),
    }
}

fn change(schema: &Value, value: &mut Value, random: &mut Rng) {
    if random.u8(..) < 20 {
        let strange =
            [json!(null), json!(1), json!("x"), json!(true), json!([]), json!({}), json!(1.5), json!(2.5)];
        *value = strange[random.usize(..strange.len())].clone();
        return;
    }
    match value {
        Value::Object(map) => {
            let key = (!map.is_empty()).then(|| map.keys().nth(random.usize(..map.len())).cloned()).flatten();
            match (random.u8(..8), key) {
                (0, _) => drop(map.insert("unknownField".to_owned(), json!(1))),
                (1, Some(key)) => drop(map.remove(&key)),
                (2, Some(key)) => drop(map.insert(key, Value::Null)),
                _ => add(schema, map, random),
            }
        }
        Value::Array(items) => match random.u8(..5) {
            0 => items.clear(),
            1 if !items.is_empty() => items.push(items[random.usize(..items.len())].clone()),
            2 if !items.is_empty() => {
                let first = items[0].clone();
                items.resize(random.usize(10..70), first);
            }
            3 => items.push(Value::Null),
            _ => items.push(made(&schema["items"], 0, random)),
        },
        value => *value = made(schema, 0, random),
    }
}

fn add(schema: &Value, map: &mut Map<String, Value>, random: &mut Rng) {
    if let Some(properties) = schema["properties"].as_object() {
        if let Some((name, below)) = properties.iter().nth(random.usize(..properties.len().max(1))) {
            map.insert(name.clone(), made(below, 0, random));
        }
    } else if schema["additionalProperties"].is_object() {
        map.insert(text(random), made(&schema["additionalProperties"], 0, random));
    }
}

/// A value that fits its schema for the most part.
fn made(schema: &Value, depth: usize, random: &mut Rng) -> Value {
    if let Some(words) = schema["enum"].as_array()
        && random.u8(..) > 20
    {
        return words[random.usize(..words.len())].clone();
    }
    if schema["x-kubernetes-int-or-string"] == true {
        return if random.bool() { json!(random.i32(-1..100)) } else { json!(text(random)) };
    }
    match schema["type"].as_str() {
        Some("object") => {
            let mut map = Map::new();
            for (name, below) in schema["properties"].as_object().into_iter().flatten() {
                let required = schema["required"].as_array().is_some_and(|all| all.contains(&json!(name)));
                if required && random.u8(..) > 8 || depth < DEPTH_MAX && random.u8(..) < 40 {
                    map.insert(name.clone(), made(below, depth + 1, random));
                }
            }
            if schema["additionalProperties"].is_object() {
                map.insert(text(random), made(&schema["additionalProperties"], depth + 1, random));
            }
            Value::Object(map)
        }
        Some("array") => (0..random.usize(0..3)).map(|_| made(&schema["items"], depth + 1, random)).collect(),
        Some("integer" | "number") => {
            let near = |key: &str| schema[key].as_i64().unwrap_or(i64::from(i32::MAX));
            let (least, most) = (near("minimum"), near("maximum"));
            json!([least, least - 1, most, most + 1, 0, 1, 80, -1, 200][random.usize(..9)])
        }
        Some("boolean") => json!(random.bool()),
        _ => json!(text(random)),
    }
}

fn text(random: &mut Rng) -> String {
    match random.u8(..20) {
        0 => "a".repeat(random.usize(60..66)),
        1 => "é".repeat(random.usize(120..130)),
        _ => TEXTS[random.usize(..TEXTS.len())].to_owned(),
    }
}
