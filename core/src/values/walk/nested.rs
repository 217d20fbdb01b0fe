//! Maps and lists.

use std::borrow::Cow;

use super::{
    BAD_VALUE, DUPLICATE_NAME, MISSING_KEY, NOT_IN_RELEASE, NULL_ITEM, TOO_MANY_ITEMS, UNKNOWN_KEY,
    WRONG_TYPE, not_in_release, walk, wrong_type,
};
use crate::diagnostic::{self, Diagnostic};
use crate::release::Target;
use crate::tree::{Entry, Map, Node, Value};
use crate::values::shape::{Bound, Dictionary, Field, List, Object, Shape, Unique, Verdict};
use crate::values::slips;
use crate::values::trail::Trail;
use crate::values::words::{nearest, quoted, type_word};

pub(super) fn walk_object(
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
            Some(field @ Field { shape, since, until, .. }) => {
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
                let before = out.len();
                walk(value, *shape, here, target, out);
                say_what_it_is(field, here, out.get_mut(before..).unwrap_or_default());
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
    // A map whose every key is unknown was meant in another form: that is said, and no key is missing. Of `x-` keys nothing
    // is said.
    let mut keys = map.iter().map(|entry| &entry.key).filter(|key| !key.starts_with("x-")).peekable();
    let strange = keys.peek().is_some() && keys.all(|key| object.field(key).is_none());
    for field in object.fields.iter().filter(|field| field.required && !strange) {
        if map.get(field.name).is_none_or(Node::is_null) {
            let message = format!("`{}` is missing: {}", field.name, field.doc);
            let hint = format!("set `{}` to {}", field.name, type_word(field.shape));
            out.push(Diagnostic::error(MISSING_KEY, trail.path(), message).hint(hint));
        }
    }
}

/// Where nothing says what to do about a value of a key, what the key is for may help.
fn say_what_it_is(field: &Field, trail: Trail<'_>, found: &mut [Diagnostic]) {
    // `name`: its name, says nothing.
    let is_telling = field.doc.strip_prefix("its ") != Some(field.name);
    if !is_telling || !found.iter().any(|found| found.code == BAD_VALUE && found.hint.is_empty()) {
        return;
    }
    let default = if field.default.is_empty() { "" } else { "; default " };
    let hint = format!("`{}`: {}{default}{}", field.name, field.doc, field.default);
    let here = trail.path();
    for found in found.iter_mut().filter(|found| found.code == BAD_VALUE && found.path == here) {
        if found.hint.is_empty() {
            found.hint = Cow::Owned(hint.clone());
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

pub(super) fn walk_list(
    node: &mut Node<'_>,
    list: &List,
    trail: Trail<'_>,
    target: Target,
    out: &mut Vec<Diagnostic>,
) {
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
    let text = |item, key| Node::get(item, key).and_then(Node::as_text);
    // The name, and what else tells it from others.
    let name = |item| match unique {
        Unique::Nothing | Unique::Keys([]) => None,
        Unique::Items => Some((Node::as_text(item)?, Vec::new())),
        Unique::Key(key) => Some((text(item, key)?, Vec::new())),
        Unique::Keys([key, others @ ..]) => {
            Some((text(item, key)?, others.iter().map(|key| text(item, key)).collect()))
        }
    };
    let mut names: Vec<_> =
        items.iter().enumerate().filter_map(|(index, item)| Some((name(item)?, index))).collect();
    names.sort_unstable();
    for pair in names.windows(2) {
        if let [(first, _), (second, index)] = pair
            && first == second
        {
            let message = format!("{} occurs twice, but may occur once", quoted(second.0));
            out.push(Diagnostic::error(DUPLICATE_NAME, trail.index(*index).path(), message));
        }
    }
}

pub(super) fn walk_named(
    node: &mut Node<'_>,
    item: Shape,
    trail: Trail<'_>,
    target: Target,
    out: &mut Vec<Diagnostic>,
) {
    match &mut node.value {
        Value::List(items) => {
            for (index, entry) in items.iter_mut().enumerate() {
                let here = trail.index(index);
                if entry.is_null() {
                    out.push(null_item(here));
                }
                walk(entry, item, here, target, out);
            }
            let unique = match item {
                Shape::Switch(switch) => Unique::Keys(switch.apart),
                _ => Unique::Key("name"),
            };
            check_unique(items, unique, trail, out);
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

pub(super) fn walk_dictionary(
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
