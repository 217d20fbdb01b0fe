//! Objects with one to three faults, or near faults, where their schemas have bounds.

use fastrand::Rng;
use gatewright_core::check::api;
use gatewright_core::check::api::schema::{Integer, Kind, List, Object, Schema, Shape, Text};
use gatewright_core::release::Target;
use serde_json::{Map, Value, json};

use super::openapi::literal;

/// Texts at the edges of what patterns and rules take.
const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "a-b",
    "-a",
    "a-",
    "a.b",
    "a..b",
    ".a",
    "a.",
    "*",
    "*.",
    "*.a",
    "*.example.com",
    "a.*.com",
    "1.2.3.4",
    "::1",
    "999.1.1.1",
    "example.com",
    "Example.com",
    "example.com/x",
    "example.com/x/y",
    "a/b",
    "/",
    "//",
    "/a",
    "/a/",
    "/a//b",
    "/./a",
    "/a/..",
    "/a/../b",
    "/a/.",
    "/%2F",
    "/%2f",
    "/%41",
    "/%zz",
    "/a#b",
    "/a b",
    "/é",
    "é",
    "HTTP",
    "HTTPS",
    "TLS",
    "TCP",
    "UDP",
    "GRPC",
    "System",
    "Terminate",
    "Passthrough",
    "Exact",
    "RegularExpression",
    "PathPrefix",
    "Service",
    "Gateway",
    "Secret",
    "ConfigMap",
    "gateway.networking.k8s.io",
    "gateway.networking.x-k8s.io",
    "0s",
    "1s",
    "10s",
    "1h",
    "2h",
    "1m30s",
    "1ms",
    "100000s",
    "1d",
    "1h1m1s1ms1h",
    "-1s",
    "1.5s",
    "http",
    "https",
    "http://a.com",
    "https://*.a.com",
    "https://a.com:443",
    "https://a.com:443/x",
    "null",
    "spiffe://a/b",
    "urn:a:b",
    "Cluster",
    "IPAddress",
    "Hostname",
    "NamedAddress",
    "com.example.Login",
    "Login",
    "1Login",
    "a_b",
    "a b",
    "a\tb",
    "X-Header",
    "x-header",
    ":path",
    "ReplaceFullPath",
    "ReplacePrefixMatch",
    "RequestRedirect",
    "URLRewrite",
    "CORS",
    "RequestMirror",
    "RequestHeaderModifier",
    "ResponseHeaderModifier",
    "ExtensionRef",
    "ExternalAuth",
    "H2C",
    "HTTP2",
    "Permanent",
    "Session",
    "Cookie",
    "Header",
    "Same",
    "All",
    "None",
    "Selector",
    "svc.cluster.local",
];

/// An object of a kind that fits its schema for the most part.
pub fn generated(kind: &Kind, random: &mut Rng) -> Value {
    let mut object = made(kind.schema, 0, random);
    if let Some(map) = object.as_object_mut() {
        map.remove("status");
    }
    object["apiVersion"] = json!(format!("{}/{}", kind.group, kind.version));
    object["kind"] = json!(kind.kind);
    object["metadata"] = json!({"name": "generated"});
    object
}

/// The object with faults.
pub fn mutated(object: &Value, others: &[Value], target: Target, random: &mut Rng) -> Value {
    let mut object = object.clone();
    let text = |key: &str| object[key].as_str().unwrap_or_default().to_owned();
    let Some(kind) = api::find(target, &text("apiVersion"), &text("kind")) else { return object };
    for _ in 0..random.usize(1..=3) {
        if random.u8(..) < 20 {
            metadata(&mut object, random);
        } else if let Some(spec) = object.get_mut("spec")
            && let Shape::Object(shape) = &kind.schema.shape
            && let Some((_, schema)) = shape.properties.iter().find(|(name, _)| *name == "spec")
        {
            descend(schema, spec, others, random);
        } else {
            metadata(&mut object, random);
        }
    }
    object
}

/// Goes down to a random value, and changes it.
fn descend(schema: &'static Schema, value: &mut Value, others: &[Value], random: &mut Rng) {
    let stop = random.u8(..) < 60;
    match (&schema.shape, value) {
        (Shape::Object(shape), Value::Object(map)) if !stop && !map.is_empty() => {
            let key = map.keys().nth(random.usize(..map.len())).cloned().unwrap_or_default();
            let below = shape
                .properties
                .iter()
                .find(|(name, _)| *name == key)
                .map(|(_, schema)| *schema)
                .or(shape.values);
            match (below, map.get_mut(&key)) {
                (Some(below), Some(value)) => descend(below, value, others, random),
                (_, _) => drop(map.remove(&key)),
            }
        }
        (Shape::List(shape), Value::Array(items)) if !stop && !items.is_empty() => {
            let index = random.usize(..items.len());
            descend(shape.items, &mut items[index], others, random);
        }
        (_, value) => change(schema, value, others, random),
    }
}

fn change(schema: &'static Schema, value: &mut Value, others: &[Value], random: &mut Rng) {
    if random.u8(..) < 16 {
        *value = [json!(null), json!(1), json!("x"), json!(true), json!([]), json!({}), json!(1.5)]
            [random.usize(..7)]
        .clone();
        return;
    }
    match (&schema.shape, value) {
        (Shape::Object(shape), Value::Object(map)) => change_map(shape, map, others, random),
        (Shape::List(shape), Value::Array(items)) => change_list(shape, items, random),
        (_, value) => *value = made(schema, 0, random),
    }
}

fn change_map(shape: &'static Object, map: &mut Map<String, Value>, others: &[Value], random: &mut Rng) {
    let key = (!map.is_empty()).then(|| map.keys().nth(random.usize(..map.len())).cloned()).flatten();
    match (random.u8(..8), key) {
        (0, _) => drop(map.insert("unknownField".to_owned(), json!(1))),
        (1, Some(key)) => drop(map.remove(&key)),
        (2, Some(key)) => drop(map.insert(key, Value::Null)),
        (3, Some(key)) => {
            if let Some(found) = random.choice(others).and_then(|other| find(other, &key)) {
                map.insert(key, found.clone());
            }
        }
        _ => {
            if let Some((name, schema)) = random.choice(shape.properties) {
                map.insert((*name).to_owned(), made(schema, 0, random));
            } else if let Some(schema) = shape.values {
                let count = if random.u8(..) < 40 { shape.max.min(70) + random.usize(..2) } else { 1 };
                for index in 0..count {
                    let key = if count == 1 { text(random) } else { format!("key-{index}") };
                    map.insert(key, made(schema, 0, random));
                }
            }
        }
    }
}

fn change_list(shape: &'static List, items: &mut Vec<Value>, random: &mut Rng) {
    match random.u8(..6) {
        0 => items.clear(),
        1 if !items.is_empty() => items.push(items[random.usize(..items.len())].clone()),
        2 if !items.is_empty() => {
            let (first, count) = (items[0].clone(), shape.max.min(140) + random.usize(..2));
            while items.len() < count {
                let mut item = first.clone();
                if let Some(name) = item.get_mut("name") {
                    *name = json!(format!("item-{}", items.len()));
                }
                items.push(item);
            }
        }
        3 if !items.is_empty() => drop(items.remove(random.usize(..items.len()))),
        4 => items.push(Value::Null),
        _ => items.push(made(shape.items, 0, random)),
    }
}

/// A value that fits its schema for the most part.
fn made(schema: &'static Schema, depth: usize, random: &mut Rng) -> Value {
    if let Some(default) = &schema.default
        && random.bool()
    {
        return literal(default);
    }
    match &schema.shape {
        Shape::Object(Object { properties, required, values, .. }) => {
            let mut map = Map::new();
            for (name, below) in *properties {
                let wanted = required.contains(name) && random.u8(..) > 8 || depth < 4 && random.u8(..) < 90;
                if wanted {
                    map.insert((*name).to_owned(), made(below, depth + 1, random));
                }
            }
            if let Some(values) = values {
                map.insert(text(random), made(values, depth + 1, random));
            }
            Value::Object(map)
        }
        Shape::List(List { items, min, .. }) => {
            (0..(*min).max(random.usize(..3))).map(|_| made(items, depth + 1, random)).collect()
        }
        Shape::Text(Text { one_of, max, min, .. }) => match random.u8(..10) {
            0 if *max < 5000 => json!("a".repeat(max + random.usize(..2))),
            1 if *min > 0 => json!("a".repeat(min - random.usize(..2))),
            2 => json!(text(random)),
            _ => random.choice(*one_of).map_or_else(|| json!(text(random)), |word| json!(word)),
        },
        Shape::Integer(Integer { min, max, one_of }) => {
            let near = [*min, min.saturating_sub(1), *max, max.saturating_add(1), 0, 1, 80, 443, -1];
            random
                .choice(*one_of)
                .filter(|_| random.u8(..) > 30)
                .map_or_else(|| json!(near[random.usize(..9)]), |one| json!(one))
        }
        Shape::Bool => json!(random.bool()),
    }
}

fn metadata(object: &mut Value, random: &mut Rng) {
    let value = text(random);
    let choices = [
        ("name", json!(value)),
        ("labels", json!({ value.clone(): text(random) })),
        ("annotations", json!({ value.clone(): text(random) })),
        ("finalizers", json!([value])),
        ("generateName", json!(value)),
        ("unknown", json!(value)),
        ("labels", json!({ "a": 1 })),
        ("ownerReferences", json!([{"apiVersion": "v1", "kind": "Pod", "name": value, "uid": text(random)}])),
        ("creationTimestamp", json!(value)),
        ("annotations", json!({ "a": "b".repeat(262_143 + random.usize(..2)) })),
        ("labels", Value::Null),
        ("name", Value::Null),
    ];
    let (key, value) = random.choice(choices).expect("there are choices");
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.insert(key.to_owned(), value);
    }
}

fn text(random: &mut Rng) -> String {
    match random.u8(..24) {
        0 => "a".repeat(random.usize(60..66)),
        1 => format!("{}.com", "a".repeat(random.usize(60..66))),
        2 => ["abcdefghi."; 30].concat()[..random.usize(250..256)].to_owned(),
        _ => (*random.choice(TEXTS).expect("there are texts")).to_owned(),
    }
}

/// The first value under a key anywhere in an object.
fn find<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Object(map) => map.get(key).or_else(|| map.values().find_map(|below| find(below, key))),
        Value::Array(items) => items.iter().find_map(|below| find(below, key)),
        _ => None,
    }
}
