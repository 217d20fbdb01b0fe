//! The structural schema: types, bounds, words, patterns, unknown fields; and the defaults.

use std::borrow::Cow;

use super::address::{is_ipv4, is_ipv6};
use super::fault::{BOUND, ENUM, Faults, MALFORMED, PATTERN, TOO_LONG, TOO_MANY, shown};
use super::place::Place;
use super::schema::{Integer, List, Literal, Object, Property, Schema, Shape, Text};
use super::uniqueness;
use crate::tree::{Map, Node, Value, is_same_key};

/// Checks a value, and fills in the defaults below it. Faults of a value that is as it was are dropped.
fn value(
    schema: &'static Schema,
    node: &mut Node<'_>,
    old: Option<&Node<'_>>,
    place: &Place<'_>,
    faults: &mut Faults,
) {
    let mark = faults.mark();
    match (&schema.shape, &mut node.value) {
        (Shape::Object(shape), Value::Map(map)) => {
            object(shape, map, old.and_then(Node::as_map), &[], place, faults);
        }
        (Shape::List(shape), Value::List(items)) => {
            list(shape, items, old.and_then(Node::as_list), place, faults);
        }
        (Shape::Text(shape), Value::Text(text)) => self::text(shape, text, place, faults),
        (Shape::Integer(shape), Value::Integer(_) | Value::Unsigned(_) | Value::Float(_)) => {
            integer(shape, node, place, faults);
        }
        (Shape::Bool, Value::Bool(_)) => {}
        (shape, _) => faults.wrong_type(place, word(shape), node, as_text(shape, node).as_deref()),
    }
    if faults.mark() > mark && old.is_some_and(|old| uniqueness::compare(old, node).is_eq()) {
        faults.forgive(mark);
    }
}

/// Checks a map whose keys in `elsewhere` are checked by others.
pub(super) fn object(
    shape: &'static Object,
    map: &mut Map<'_>,
    old: Option<&Map<'_>>,
    elsewhere: &[&str],
    place: &Place<'_>,
    faults: &mut Faults,
) {
    let Object { properties, defaulted, required, values, min, max, atomic, address, ruled: _ } = shape;
    for (name, schema) in defaulted.iter().filter(|(name, _)| !elsewhere.contains(name)) {
        if let Some(default) = &schema.default
            && map.get(name).is_none_or(Node::is_null)
        {
            map.insert(Cow::Borrowed(name), literal(default));
        }
    }
    let of_type = property_of_type(properties, map);
    let mut nulls = false;
    for entry in map.iter_mut().filter(|entry| !elsewhere.contains(&entry.key.as_ref())) {
        let place = place.key(&entry.key);
        match property(properties, &entry.key).or(*values) {
            None => faults.unknown_field(&place, properties.iter().map(|(name, _)| *name), of_type),
            Some(_) if entry.value.is_null() => nulls = true,
            Some(schema) => {
                let old = old.filter(|_| !atomic).and_then(|old| old.get(&entry.key));
                value(schema, &mut entry.value, old, &place, faults);
            }
        }
    }
    // What may not be null and has no default is as if it were not there.
    if nulls {
        map.prune();
    }
    for name in *required {
        if map.get(name).is_none() {
            faults.required(&place.key(name), "");
        }
    }
    if map.len() < *min {
        let message = format!(
            "Invalid value: {}: {} in body should have at least {min} properties",
            map.len(),
            place.path()
        );
        faults.add(BOUND, place, message, format!("give it at least {min} {}", noun(*min, "key")));
    }
    if map.len() > *max {
        too_many(map.len(), *max, "key", place, faults);
    }
    if *address && !is_address(map) {
        let message = format!(
            "Invalid value: \"object\": {} in body must validate one and only one schema (oneOf)",
            place.path()
        );
        faults.add(MALFORMED, place, message, "an address of type IPAddress is an IPv4 or IPv6 address");
    }
}

fn list(
    shape: &'static List,
    items: &mut [Node<'_>],
    old: Option<&[Node<'_>]>,
    place: &Place<'_>,
    faults: &mut Faults,
) {
    let List { items: schema, min, max, uniqueness } = shape;
    if items.len() < *min {
        let message = format!(
            "Invalid value: {}: {} in body should have at least {min} items",
            items.len(),
            place.path()
        );
        faults.add(BOUND, place, message, format!("give it at least {min} {}", noun(*min, "item")));
    }
    if items.len() > *max {
        too_many(items.len(), *max, "item", place, faults);
    }
    // Items of other lists cannot be told from one another, so all are new where one is.
    let old = uniqueness::ByKeys::of(uniqueness, old);
    for (index, item) in items.iter_mut().enumerate() {
        let old = old.as_ref().and_then(|old| old.get(item));
        value(schema, item, old, &place.index(index), faults);
    }
    uniqueness::check(uniqueness, items, place, faults);
}

/// Of length and pattern the API server names the first that is at fault.
///
/// Source: `k8s.io/kube-openapi`, `pkg/validation/validate/validator.go`, `stringValidator.Validate`.
fn text(shape: &Text, text: &str, place: &Place<'_>, faults: &mut Faults) {
    let Text { min, max, pattern, one_of } = shape;
    // Bytes are never fewer than characters.
    if text.len() > *max && text.chars().count() > *max {
        // The API server says bytes and counts characters.
        let message = format!("Too long: may not be more than {max} bytes");
        let hint = format!("it has {} characters; write at most {max}", text.chars().count());
        faults.add(TOO_LONG, place, message, hint);
    } else if text.len() < *min || *min > 1 && text.chars().count() < *min {
        let message =
            format!("Invalid value: {text:?}: {} in body should be at least {min} chars long", place.path());
        faults.add(BOUND, place, message, format!("write at least {min} {}", noun(*min, "character")));
    } else if let Some(pattern) = pattern
        && !(pattern.matches)(text)
    {
        let found = shown(&Node::bare(Value::Text(Cow::Borrowed(text))));
        let message =
            format!("Invalid value: {found}: {} in body should match '{}'", place.path(), pattern.text);
        faults.add(PATTERN, place, message, pattern.remedy(text));
    }
    if !one_of.is_empty() && !one_of.contains(&text) {
        let words: Vec<String> = one_of.iter().map(|word| format!("{word:?}")).collect();
        let message = format!("Unsupported value: {text:?}: supported values: {}", words.join(", "));
        let hint = match crate::values::nearest(text, one_of.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write one of these, in this case".to_owned(),
        };
        faults.add(ENUM, place, message, hint);
    }
}

/// Checks a number. A float without a fraction is an integer, as in JSON Schema; what has more than 64 bits
/// with the sign is none to the API server.
fn integer(shape: &Integer, node: &Node<'_>, place: &Place<'_>, faults: &mut Faults) {
    /// The first float that is no `i64`.
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    let Integer { min, max, one_of } = shape;
    let found = match node.value {
        Value::Integer(integer) => integer,
        #[allow(clippy::cast_possible_truncation, reason = "it is an integer, and within bounds")]
        Value::Float(float) if float.fract() == 0.0 && (-TWO_TO_63..TWO_TO_63).contains(&float) => {
            float as i64
        }
        _ => return faults.wrong_type(place, "integer", node, None),
    };
    let range = || match (*min, *max) {
        (i64::MIN, max) => format!("write a number of at most {max}"),
        (min, i64::MAX) => format!("write a number of at least {min}"),
        (min, max) => format!("write a number from {min} to {max}"),
    };
    if found < *min {
        let message = format!(
            "Invalid value: {found}: {} in body should be greater than or equal to {min}",
            place.path()
        );
        faults.add(BOUND, place, message, range());
    }
    if found > *max {
        let message =
            format!("Invalid value: {found}: {} in body should be less than or equal to {max}", place.path());
        faults.add(BOUND, place, message, range());
    }
    if !one_of.is_empty() && !one_of.contains(&found) {
        let words: Vec<String> = one_of.iter().map(|one| format!("\"{one}\"")).collect();
        let message = format!("Unsupported value: {found}: supported values: {}", words.join(", "));
        faults.add(ENUM, place, message, "write one of these");
    }
}

/// Reports the fields of a value that its schema does not have, and looks at nothing else.
pub(super) fn unknown_fields(
    schema: &'static Schema,
    node: &Node<'_>,
    place: &Place<'_>,
    faults: &mut Faults,
) {
    match (&schema.shape, &node.value) {
        (Shape::Object(shape), Value::Map(map)) => {
            for entry in map {
                let place = place.key(&entry.key);
                match property(shape.properties, &entry.key).or(shape.values) {
                    Some(schema) => unknown_fields(schema, &entry.value, &place, faults),
                    None => {
                        faults.unknown_field(&place, shape.properties.iter().map(|(name, _)| *name), None);
                    }
                }
            }
        }
        (Shape::List(shape), Value::List(items)) => {
            for (index, item) in items.iter().enumerate() {
                unknown_fields(shape.items, item, &place.index(index), faults);
            }
        }
        _ => {}
    }
}

/// The API server calls keys items too.
fn too_many(found: usize, max: usize, what: &str, place: &Place<'_>, faults: &mut Faults) {
    let message = format!("Too many: {found}: must have at most {max} {}", noun(max, "item"));
    let beyond = found - max;
    let hint = format!("take {beyond} {} out, or move them to another object", noun(beyond, what));
    faults.add(TOO_MANY, place, message, hint);
}

/// The word for one thing, or for as many as there are.
fn noun(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

/// An `IPAddress` is an address; anything else may be any text.
fn is_address(map: &Map<'_>) -> bool {
    let kind = map.get("type").and_then(Node::as_text);
    let value = map.get("value").and_then(Node::as_text);
    kind != Some("IPAddress") || value.is_none_or(|value| is_ipv4(value) || is_ipv6(value))
}

/// No kind of object has so many properties that another search would be faster.
fn property(properties: &'static [Property], key: &str) -> Option<&'static Schema> {
    properties.iter().find(|(name, _)| is_same_key(name, key)).map(|(_, schema)| *schema)
}

/// The property that goes with the `type` of a map and is not there: `replacePrefixMatch` with `ReplacePrefixMatch`.
fn property_of_type(properties: &'static [Property], map: &Map<'_>) -> Option<&'static str> {
    let kind = map.get("type")?.as_text()?;
    let mut names = properties.iter().map(|(name, _)| *name);
    names.find(|name| name.eq_ignore_ascii_case(kind) && map.get(name).is_none())
}

/// What to do about a plain value where its text would not match either.
fn as_text(shape: &Shape, node: &Node<'_>) -> Option<String> {
    let Shape::Text(Text { pattern: Some(pattern), .. }) = shape else { return None };
    let is_plain = !matches!(node.value, Value::Map(_) | Value::List(_) | Value::Null);
    let text = is_plain.then(|| shown(node))?;
    (!(pattern.matches)(&text)).then(|| pattern.remedy(&text))
}

/// A default as a value.
pub fn literal<'a>(literal: &Literal) -> Node<'a> {
    Node::bare(match literal {
        Literal::Text(text) => Value::Text(Cow::Borrowed(text)),
        Literal::Integer(integer) => Value::Integer(*integer),
        Literal::List(items) => Value::List(items.iter().map(self::literal).collect()),
        Literal::Map(entries) => {
            let mut map = Map::default();
            for (key, value) in *entries {
                map.insert(Cow::Borrowed(key), self::literal(value));
            }
            Value::Map(map)
        }
    })
}

/// The API server's word for a type.
fn word(shape: &Shape) -> &'static str {
    match shape {
        Shape::Object(_) => "object",
        Shape::List(_) => "array",
        Shape::Text(_) => "string",
        Shape::Integer(_) => "integer",
        Shape::Bool => "boolean",
    }
}
