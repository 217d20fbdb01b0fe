//! Holds values against their [`Shape`] and brings them to their normal form in place.
//!
//! Afterwards every value has the JSON type its shape says (or a diagnostic says that it has not),
//! words have their canonical case, host names are canonical. Nulls are gone, except in lists whose items
//! later findings name by the user's index ([`List::indexed`]).

use std::borrow::Cow;

use super::shape::{Bound, Choice, Dictionary, Field, List, Object, Shape, Text, Unique, Verdict};
use super::slips;
use super::trail::Trail;
use super::words::{self, nearest, quoted, type_word};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::limits::WEIGHT_MAX;
use crate::release::{Availability, Target};
use crate::tree::{Entry, Map, Node, Value};

/// A key that is not known where it stands.
pub const UNKNOWN_KEY: Code = Code("unknown-key");
/// A value of another JSON type than its shape says.
pub const WRONG_TYPE: Code = Code("wrong-type");
/// A value of the right type that its rule refuses.
pub const BAD_VALUE: Code = Code("bad-value");
/// A key that must be there and is not.
pub const MISSING_KEY: Code = Code("missing-key");
/// A name that occurs twice.
pub const DUPLICATE_NAME: Code = Code("duplicate-name");
/// More items than the API server takes.
pub const TOO_MANY_ITEMS: Code = Code("too-many-items");
/// A value that was taken as another one.
pub const VALUE_MAPPED: Code = Code("value-mapped");
/// A null in a list.
pub const NULL_ITEM: Code = Code("null-item");
/// Something that the target release and channel do not have.
pub const NOT_IN_RELEASE: Code = Code("not-in-release");

/// The highest port.
const PORT_MAX: i64 = 65_535;

/// Walks one value; every fault goes to `out`, and the walk goes on.
pub fn walk(node: &mut Node<'_>, shape: Shape, trail: Trail<'_>, target: Target, out: &mut Vec<Diagnostic>) {
    if node.is_null() {
        return;
    }
    match shape {
        Shape::Text(text) => walk_text(node, text, trail, out),
        Shape::Integer(min, max) => {
            if let Some(integer) = walk_integer(node, trail, out)
                && !(min..=max).contains(&integer)
            {
                let fault = Diagnostic::error(
                    BAD_VALUE,
                    trail.path(),
                    format!("{integer} is outside {min} to {max}"),
                );
                out.push(match max {
                    _ if max == i64::from(WEIGHT_MAX) => {
                        fault.source("Gateway API v1.6.1, spec.rules[].backendRefs[].weight maximum")
                    }
                    PORT_MAX => fault.source("Gateway API v1.6.1, PortNumber"),
                    _ => fault,
                });
            }
        }
        Shape::IntegerOf(options) => walk_integer_of(node, options, trail, target, out),
        Shape::Boolean => walk_boolean(node, trail, out),
        Shape::Choice(choice) => walk_choice(node, choice, trail, target, out),
        Shape::Object(object) => walk_object(node, object, trail, target, out),
        Shape::Switch(switch) => {
            let object = switch.object(node.get(switch.key).and_then(Node::as_text));
            walk_object(node, object, trail, target, out);
        }
        Shape::List(list) => walk_list(node, list, trail, target, out),
        Shape::Named(item) => walk_named(node, *item, trail, target, out),
        Shape::Map(dictionary) => walk_dictionary(node, dictionary, trail, target, out),
        Shape::Either(shapes) => {
            if let Some(shape) = shapes.iter().find(|shape| fits(node, **shape)) {
                walk(node, *shape, trail, target, out);
            } else {
                let wanted: Vec<_> = shapes.iter().map(|shape| type_word(*shape)).collect();
                out.push(wrong_type(node, &wanted.join(" or "), trail));
            }
        }
        Shape::Any => node.prune(),
    }
}

fn wrong_type(node: &Node<'_>, wanted: &str, trail: Trail<'_>) -> Diagnostic {
    Diagnostic::error(WRONG_TYPE, trail.path(), words::wrong_type(node, wanted))
}

fn mapped(from: &str, to: &str, why: &str, trail: Trail<'_>) -> Diagnostic {
    Diagnostic::info(VALUE_MAPPED, trail.path(), format!("{from} becomes `{to}`: {why}"))
}

fn walk_text(node: &mut Node<'_>, rule: &Text, trail: Trail<'_>, out: &mut Vec<Diagnostic>) {
    let number = match node.value {
        Value::Integer(integer) => Some(integer.to_string()),
        Value::Unsigned(integer) => Some(integer.to_string()),
        Value::Float(float) if rule.takes_decimals || is_integral(float) => Some(float.to_string()),
        Value::Text(_) => None,
        _ => {
            let quotable = matches!(node.value, Value::Bool(_) | Value::Float(_));
            let fault = wrong_type(node, rule.what, trail);
            out.push(if quotable { fault.hint("quote it, if it is meant as text") } else { fault });
            return;
        }
    };
    let was_number = number.is_some();
    if let Some(text) = number {
        node.value = Value::Text(Cow::Owned(text));
    }
    let Value::Text(text) = &node.value else { return };
    let verdict = (rule.check)(text);
    // Of a text that is refused, that it was a number is no news.
    if was_number && !rule.takes_decimals && !matches!(verdict, Verdict::Wrong { .. }) {
        let message = format!("the number {text} becomes the string `{text}`: text belongs here; quote it");
        out.push(Diagnostic::info(VALUE_MAPPED, trail.path(), message));
    }
    match verdict {
        Verdict::Fine => {}
        Verdict::Mapped { to, why } => {
            out.push(mapped(&quoted(text), &to, &why, trail));
            node.value = Value::Text(Cow::Owned(to));
        }
        Verdict::Wrong { why, hint } => {
            let message = if text.is_empty() {
                format!("an empty string, where {} belongs", rule.what)
            } else {
                format!("{} {why}", quoted(text))
            };
            out.push(Diagnostic::error(BAD_VALUE, trail.path(), message).hint(hint));
        }
    }
}

/// Whether a float is an integer that Helm's float64 can hold exactly.
fn is_integral(float: f64) -> bool {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    float.fract() == 0.0 && float.abs() <= EXACT
}

fn walk_integer(node: &mut Node<'_>, trail: Trail<'_>, out: &mut Vec<Diagnostic>) -> Option<i64> {
    let integer = match &node.value {
        Value::Integer(integer) => *integer,
        #[expect(clippy::cast_possible_truncation, reason = "is_integral bounds it by 2^53")]
        Value::Float(float) if is_integral(*float) => *float as i64,
        Value::Text(text) => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            match text.parse::<i64>() {
                Ok(integer) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                    let message = format!(
                        "the string {} becomes the number {integer}: an integer belongs here; unquote it",
                        quoted(text)
                    );
                    out.push(Diagnostic::info(VALUE_MAPPED, trail.path(), message));
                    integer
                }
                _ => {
                    out.push(wrong_type(node, "an integer", trail));
                    return None;
                }
            }
        }
        _ => {
            out.push(wrong_type(node, "an integer", trail));
            return None;
        }
    };
    node.value = Value::Integer(integer);
    Some(integer)
}

fn walk_integer_of(
    node: &mut Node<'_>,
    options: &[(i64, Availability)],
    trail: Trail<'_>,
    target: Target,
    out: &mut Vec<Diagnostic>,
) {
    let Some(integer) = walk_integer(node, trail, out) else { return };
    match options.iter().find(|(option, _)| *option == integer) {
        Some((_, since)) if since.holds(target) => {}
        Some((_, since)) => out.push(not_in_release(&integer.to_string(), *since, target, trail)),
        None => {
            let options: Vec<_> = options.iter().map(|(option, _)| option.to_string()).collect();
            let message = format!("{integer} is none of {}", options.join(", "));
            out.push(Diagnostic::error(BAD_VALUE, trail.path(), message));
        }
    }
}

fn walk_boolean(node: &Node<'_>, trail: Trail<'_>, out: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Bool(_) => {}
        Value::Text(text) if text == "true" || text == "false" => {
            out.push(
                wrong_type(node, "a boolean", trail)
                    .hint("unquote it (with Helm, `--set` instead of `--set-string`)"),
            );
        }
        _ => out.push(wrong_type(node, "a boolean", trail)),
    }
}

fn walk_choice(
    node: &mut Node<'_>,
    choice: &Choice,
    trail: Trail<'_>,
    target: Target,
    out: &mut Vec<Diagnostic>,
) {
    let Value::Text(text) = &node.value else {
        out.push(wrong_type(node, &format!("one of {}", choice.words.join(", ")), trail));
        return;
    };
    let found = choice
        .words
        .iter()
        .find(|word| **word == text.as_ref() || (choice.any_case && word.eq_ignore_ascii_case(text)));
    let Some(word) = found else {
        let fault = Diagnostic::error(
            BAD_VALUE,
            trail.path(),
            format!("{} is none of {}", quoted(text), choice.words.join(", ")),
        );
        out.push(match slips::word_instead(text, choice) {
            Some(word) => fault.hint(format!("did you mean `{word}`?")),
            None => fault,
        });
        return;
    };
    if let Some((_, since)) = choice.limited.iter().find(|(limited, _)| limited == word)
        && !since.holds(target)
    {
        out.push(not_in_release(&format!("`{word}`"), *since, target, trail));
    }
    if *word != text.as_ref() {
        node.value = Value::Text(Cow::Borrowed(word));
    }
}

fn not_in_release(what: &str, since: Availability, target: Target, trail: Trail<'_>) -> Diagnostic {
    Diagnostic::error(NOT_IN_RELEASE, trail.path(), format!("{what} is not in {target}: it is {since}"))
        .hint("set `gatewayAPI.version` and `gatewayAPI.channel` to what the cluster has")
}

fn walk_object(
    node: &mut Node<'_>,
    object: &Object,
    trail: Trail<'_>,
    target: Target,
    out: &mut Vec<Diagnostic>,
) {
    let Value::Map(map) = &mut node.value else {
        out.push(wrong_type(node, "a map", trail).hint(slips::map_instead(node, object)));
        return;
    };
    let mut hints_known = true;
    let mut meant = Vec::new();
    for Entry { key, value, position } in map.iter_mut() {
        let here = trail.key(key);
        match object.field(key) {
            Some(Field { shape, since, until, .. }) => {
                if let Some(last) = until.filter(|last| target.release > *last && !value.is_null()) {
                    let message = format!(
                        "`{key}` is not in {target}: Gateway API {} is the last that has it",
                        last.name()
                    );
                    out.push(Diagnostic::error(NOT_IN_RELEASE, here.path(), message).about_key());
                }
                if !value.is_null() && !since.holds(target) {
                    out.push(not_in_release(&format!("`{key}`"), *since, target, here));
                }
                walk(value, *shape, here, target, out);
            }
            None if key.starts_with("x-") => {}
            None => {
                let message = format!("unknown key {}", quoted(key));
                let mut fault = Diagnostic::error(UNKNOWN_KEY, here.path(), message).about_key();
                // Afterwards it may stand under another key.
                fault.position = *position;
                let names = object.fields.iter().map(|field| field.name);
                let near = nearest(key, names.clone()).and_then(|name| object.field(name));
                let near_hint = near.map(|field| format!("did you mean `{}`?", field.name));
                out.push(match near_hint.or_else(|| slips::pair_instead(key, value, object)) {
                    Some(hint) => fault.hint(hint),
                    None if hints_known => {
                        hints_known = false;
                        fault.hint(slips::known_here(names))
                    }
                    None => fault,
                });
                if let Some(field) = near {
                    let mut below = Vec::new();
                    walk(value, field.shape, here, target, &mut below);
                    // A value of another type was hardly meant for that key.
                    if below.iter().all(|found| found.code != WRONG_TYPE || found.path != here.path()) {
                        diagnostic::place_at(&mut below, value.position);
                        out.append(&mut below);
                        meant.push((key.to_string(), field.name));
                    }
                }
            }
        }
    }
    map.prune();
    for (slip, name) in meant {
        take_as_meant(map, &slip, name);
    }
    // A map whose every key is unknown was meant in another form: that is said, and no key is missing.
    let strange = !map.is_empty() && map.iter().all(|entry| object.field(&entry.key).is_none());
    for field in object.fields.iter().filter(|field| field.required && !strange) {
        if map.get(field.name).is_none_or(Node::is_null) {
            let message = format!("`{}` is missing: {}", field.name, field.doc);
            out.push(Diagnostic::error(MISSING_KEY, trail.path(), message));
        }
    }
}

/// Reads a misspelled key as the one that was probably meant, so that its absence is not a second fault.
fn take_as_meant(map: &mut Map<'_>, slip: &str, name: &'static str) {
    if map.get(name).is_none()
        && let Some(value) = map.remove(slip)
    {
        map.insert(Cow::Borrowed(name), value);
    }
}

fn walk_list(node: &mut Node<'_>, list: &List, trail: Trail<'_>, target: Target, out: &mut Vec<Diagnostic>) {
    let Value::List(items) = &mut node.value else {
        out.push(wrong_type(node, "a list", trail).hint(slips::list_instead(node, list)));
        return;
    };
    for (index, item) in items.iter_mut().enumerate() {
        let here = trail.index(index);
        if item.is_null() {
            out.push(null_item(here));
        }
        walk(item, list.of, here, target, out);
    }
    check_bound(items.iter().filter(|item| !item.is_null()).count(), list.bound, trail, target, out);
    check_unique(items, list.unique, trail, out);
    if !list.indexed {
        items.retain(|item| !item.is_null());
    }
}

fn null_item(trail: Trail<'_>) -> Diagnostic {
    Diagnostic::warning(NULL_ITEM, trail.path(), "null in a list: skipped")
        .hint("remove the item; a lone `-` in YAML is a null")
}

fn check_bound(
    count: usize,
    bound: Option<Bound>,
    trail: Trail<'_>,
    target: Target,
    out: &mut Vec<Diagnostic>,
) {
    let Some(bound) = bound else { return };
    let max = bound.for_target(target);
    if count > max {
        out.push(
            Diagnostic::error(
                TOO_MANY_ITEMS,
                trail.path(),
                format!("{count} items, but {target} allows {max}"),
            )
            .source(bound.source),
        );
    }
}

fn check_unique(items: &[Node<'_>], unique: Unique, trail: Trail<'_>, out: &mut Vec<Diagnostic>) {
    let name = |item| match unique {
        Unique::Nothing => None,
        Unique::Items => Node::as_text(item),
        Unique::Key(key) => Node::get(item, key).and_then(Node::as_text),
    };
    let mut names: Vec<_> =
        items.iter().enumerate().filter_map(|(index, item)| Some((name(item)?, index))).collect();
    names.sort_unstable();
    for pair in names.windows(2) {
        if let [(first, _), (second, index)] = pair
            && first == second
        {
            let message = format!("{} occurs twice, but may occur once", quoted(second));
            out.push(Diagnostic::error(DUPLICATE_NAME, trail.index(*index).path(), message));
        }
    }
}

fn walk_named(node: &mut Node<'_>, item: Shape, trail: Trail<'_>, target: Target, out: &mut Vec<Diagnostic>) {
    match &mut node.value {
        Value::List(items) => {
            for (index, entry) in items.iter_mut().enumerate() {
                let here = trail.index(index);
                if entry.is_null() {
                    out.push(null_item(here));
                }
                walk(entry, item, here, target, out);
            }
            check_unique(items, Unique::Key("name"), trail, out);
        }
        Value::Map(map) => walk_named_map(map, item, trail, target, out),
        _ => out.push(wrong_type(node, "a list, or a map keyed by name,", trail)),
    }
}

/// The map form: the key is the name, so `name` inside is optional and must say the same.
fn walk_named_map(
    map: &mut Map<'_>,
    item: Shape,
    trail: Trail<'_>,
    target: Target,
    out: &mut Vec<Diagnostic>,
) {
    for entry in map.iter_mut() {
        let here = trail.key(&entry.key);
        let Value::Map(fields) = &mut entry.value.value else {
            if !entry.value.is_null() {
                out.push(wrong_type(&entry.value, "a map", here));
            }
            continue;
        };
        match fields.get("name") {
            Some(name) if !name.is_null() => {
                if name.as_text().is_some_and(|name| name != entry.key) {
                    out.push(Diagnostic::error(
                        BAD_VALUE,
                        here.key("name").path(),
                        format!(
                            "differs from the key {}, which is the name in this form",
                            quoted(&entry.key)
                        ),
                    ));
                }
            }
            _ => {
                let name = Node { value: Value::Text(entry.key.clone()), position: entry.position };
                fields.insert(Cow::Borrowed("name"), name);
            }
        }
        walk(&mut entry.value, item, here, target, out);
    }
}

fn walk_dictionary(
    node: &mut Node<'_>,
    dictionary: &Dictionary,
    trail: Trail<'_>,
    target: Target,
    out: &mut Vec<Diagnostic>,
) {
    let Value::Map(map) = &mut node.value else {
        out.push(wrong_type(node, "a map", trail));
        return;
    };
    for entry in map.iter_mut() {
        let here = trail.key(&entry.key);
        if let Verdict::Wrong { why, hint } = (dictionary.key.check)(&entry.key) {
            let message = format!("the key {} {why}", quoted(&entry.key));
            out.push(Diagnostic::error(BAD_VALUE, here.path(), message).hint(hint));
        }
        walk(&mut entry.value, dictionary.value, here, target, out);
    }
    map.prune();
    check_bound(map.len(), dictionary.bound, trail, target, out);
}

/// Whether a value has the JSON type of a shape, for [`Shape::Either`].
fn fits(node: &Node<'_>, shape: Shape) -> bool {
    match node.value {
        Value::Null => true,
        Value::Bool(_) => matches!(shape, Shape::Boolean),
        Value::Integer(_) | Value::Unsigned(_) | Value::Float(_) => {
            matches!(shape, Shape::Integer(..) | Shape::IntegerOf(_) | Shape::Text(_))
        }
        Value::Text(_) => matches!(shape, Shape::Text(_) | Shape::Choice(_)),
        Value::List(_) => matches!(shape, Shape::List(_)),
        Value::Map(_) => matches!(shape, Shape::Object(_) | Shape::Switch(_) | Shape::Map(_)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sections::VALUES;
    use super::*;
    use crate::release::{Channel, Release};

    #[test]
    fn what_is_known_is_listed_once() {
        let entries: Vec<_> =
            (0..50).map(|number| (format!("unheard-of-{number}"), Node::integer(1))).collect();
        let text = serde_json::to_string(&entries.into_iter().collect::<std::collections::BTreeMap<_, _>>());
        let text = text.expect("a tree is always JSON");
        let mut root: Node<'_> = serde_json::from_str(&text).expect("the test's own JSON");
        let target = Target { release: Release::V1_6, channel: Channel::Standard };
        let mut out = Vec::new();
        walk(&mut root, Shape::Object(&VALUES), Trail::ROOT, target, &mut out);
        assert_eq!(out.len(), 50);
        assert!(out[0].hint.starts_with("known here: profile, "), "{}", out[0].hint);
        assert!(out[1..].iter().all(|found| found.hint.is_empty()));
        assert!(slips::known_here(["a-key"; 100].into_iter()).len() < 80);
    }
}
