//! Holds values against their [`Shape`] and brings them to their normal form in place.
//!
//! Afterwards every value has the JSON type its shape says (or a diagnostic says that it has not),
//! words have their canonical case, host names are canonical. Nulls are gone, except in lists whose items
//! later findings name by the user's index ([`List::indexed`]).

mod nested;
mod scalar;

use super::shape::Shape;
use super::trail::Trail;
use super::words::{self, type_word};
use crate::diagnostic::{Code, Diagnostic};
use crate::release::{Availability, Target};
use crate::tree::{Node, Value};
use nested::{walk_dictionary, walk_list, walk_named, walk_object};
use scalar::{walk_boolean, walk_choice, walk_integer, walk_integer_of, walk_text};

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

/// Walks one value; every fault goes to `out`, and the walk goes on.
pub fn walk(node: &mut Node<'_>, shape: Shape, trail: Trail<'_>, target: Target, out: &mut Vec<Diagnostic>) {
    if node.is_null() {
        return;
    }
    match shape {
        Shape::Text(text) => walk_text(node, text, trail, out),
        Shape::Integer(min, max, source) => {
            if let Some(integer) = walk_integer(node, trail, out)
                && !(min..=max).contains(&integer)
            {
                let whose = if source.is_empty() { ", our own bound" } else { "" };
                let message = format!("{integer} is outside {min} to {max}{whose}");
                out.push(Diagnostic::error(BAD_VALUE, trail.path(), message).source(source));
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

fn not_in_release(what: &str, since: Availability, target: Target, trail: Trail<'_>) -> Diagnostic {
    Diagnostic::error(NOT_IN_RELEASE, trail.path(), format!("{what} is not in {target}: it is {since}"))
        .hint("set `gatewayAPI.version` and `gatewayAPI.channel` to what the cluster has")
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
    use super::super::slips;
    use super::*;
    use crate::release::{Channel, Release};
    use crate::tree::json;

    /// Keys that nothing is said of excuse nothing; keys that are all unknown were meant in another form, which is said.
    #[test]
    fn a_map_of_nothing_but_ignored_keys_lacks_what_is_required() {
        for (written, codes) in [
            ("x-any", vec!["missing-key"]),
            ("unheard-of", vec!["unknown-key"]),
            ("port", vec!["missing-key"]),
        ] {
            let text = format!(
                r#"{{"routes":[{{"name":"r","rules":[{{"filters":[{{"type":"RequestMirror","requestMirror":{{"backendRef":{{"{written}":80}}}}}}]}}]}}]}}"#
            );
            let mut root = json::read(&text).expect("the test's own JSON");
            let mut found = Vec::new();
            crate::values::parse(&mut root, &mut found);
            let found: Vec<&str> = found.iter().map(|found| found.code.0).collect();
            assert_eq!(found, codes, "{written}");
        }
    }

    #[test]
    fn what_is_known_is_listed_once() {
        let entries: Vec<_> =
            (0..50).map(|number| (format!("unheard-of-{number}"), Node::integer(1))).collect();
        let text = serde_json::to_string(&entries.into_iter().collect::<std::collections::BTreeMap<_, _>>());
        let text = text.expect("a tree is always JSON");
        let mut root = json::read(&text).expect("the test's own JSON");
        let target = Target { release: Release::V1_6, channel: Channel::Standard };
        let mut out = Vec::new();
        walk(&mut root, Shape::Object(&VALUES), Trail::ROOT, target, &mut out);
        assert_eq!(out.len(), 50);
        assert!(out[0].hint.starts_with("known here: profile, "), "{}", out[0].hint);
        assert!(out[1..].iter().all(|found| found.hint.is_empty()));
        assert!(slips::known_here(["a-key"; 100].into_iter()).len() < 80);
    }
}
