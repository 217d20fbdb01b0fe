//! Objects without what an API server fills in anyway: it fills it in again.

use super::objects::Object;
use crate::check::api::schema::{Kind, Schema, Shape};
use crate::check::api::{self, literal};
use crate::release::Target;
use crate::tree::{Node, Value};

/// The `spec` of an object of Gateway API without defaults, nulls and references to its own namespace.
pub(super) fn spec<'a>(object: &Object<'a>, target: Target) -> Node<'a> {
    let mut spec = object.node.get("spec").cloned().unwrap_or_else(|| Node::map([]));
    spec.prune();
    if let Some(schema) = kind(object, target).and_then(|kind| property(kind.schema, "spec")) {
        without_defaults(schema, &mut spec);
    }
    without_namespace(&mut spec, object.namespace());
    spec
}

/// The row of an object's kind.
pub(super) fn kind(object: &Object<'_>, target: Target) -> Option<&'static Kind> {
    api::find(target, &object.identity.api_version, &object.identity.kind)
}

fn property(schema: &'static Schema, name: &str) -> Option<&'static Schema> {
    let Shape::Object(shape) = &schema.shape else { return None };
    shape.properties.iter().find(|(key, _)| *key == name).map(|(_, schema)| *schema)
}

fn without_defaults(schema: &'static Schema, node: &mut Node<'_>) {
    match (&schema.shape, &mut node.value) {
        (Shape::List(list), Value::List(items)) => {
            for item in items {
                without_defaults(list.items, item);
            }
        }
        (Shape::Object(shape), Value::Map(map)) => {
            for (name, schema) in shape.properties {
                let Some(value) = map.get_mut(name) else { continue };
                let is_default =
                    schema.default.as_ref().is_some_and(|default| is_same(value, &literal(default)));
                let was_empty = value.is_empty();
                without_defaults(schema, value);
                if is_default || !was_empty && value.is_empty() {
                    map.remove(name);
                }
            }
        }
        _ => {}
    }
}

/// Whether two values mean the same, wherever they stand.
fn is_same(one: &Node<'_>, other: &Node<'_>) -> bool {
    match (&one.value, &other.value) {
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other.iter())
                    .all(|(one, other)| one.key == other.key && is_same(&one.value, &other.value))
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (one, other) => one == other,
    }
}

/// A reference into the namespace of the object itself need not name it.
pub(super) fn without_namespace(node: &mut Node<'_>, namespace: &str) {
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| without_namespace(item, namespace)),
        Value::Map(map) => {
            let is_own = |found: &Node<'_>| found.as_text() == Some(namespace);
            if map.get("name").is_some() && map.get("namespace").is_some_and(is_own) {
                map.remove("namespace");
            }
            map.iter_mut().for_each(|entry| without_namespace(&mut entry.value, namespace));
        }
        _ => {}
    }
}

/// Takes out maps and lists that hold nothing, which say as much as none.
pub(super) fn without_empty(node: &mut Node<'_>) {
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(without_empty),
        Value::Map(map) => {
            for entry in map.iter_mut() {
                without_empty(&mut entry.value);
                if entry.value.is_empty() {
                    entry.value = Node::NULL;
                }
            }
            map.prune();
        }
        _ => {}
    }
}
