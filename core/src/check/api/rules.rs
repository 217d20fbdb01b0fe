//! The CEL rules, once the structure holds.

use super::cel;
use super::fault::Faults;
use super::place::Place;
use super::schema::{Schema, Shape};
use super::uniqueness;
use crate::tree::Node;

/// Evaluates every rule at and below an object, outermost first.
pub(super) fn check(
    schema: &'static Schema,
    object: &Node<'_>,
    old: Option<&Node<'_>>,
    place: &Place<'_>,
    faults: &mut Faults,
) {
    value(schema, object, old, old.map(|old| Change { old, new: object }), place, faults);
}

/// What a value was, and what it is.
#[derive(Clone, Copy)]
struct Change<'n> {
    old: &'n Node<'n>,
    new: &'n Node<'n>,
}

/// `nearest` is the innermost value around this one, or itself, of which can be told what it was: where that one
/// is as it was, so is this one.
///
/// Source: `k8s.io/apiextensions-apiserver` v0.36.2, `pkg/apiserver/schema/cel/validation.go`,
/// `shouldRatchetError`.
fn value<'n>(
    schema: &'static Schema,
    node: &'n Node<'n>,
    old: Option<&'n Node<'n>>,
    nearest: Option<Change<'n>>,
    place: &Place<'_>,
    faults: &mut Faults,
) {
    if !schema.ruled {
        return;
    }
    for rule in schema.rules {
        if rule.transition && old.is_none() || (rule.port.holds)(node, old) {
            continue;
        }
        let as_it_was = || nearest.is_some_and(|Change { old, new }| uniqueness::compare(old, new).is_eq());
        // What cannot be evaluated is refused however old it is.
        if let Some((error, hint)) = cel::error(&rule.port, node) {
            faults.rule_error(place, node, rule, error, hint);
        } else if rule.transition || !as_it_was() {
            faults.rule(place, node, rule);
        }
    }
    let mut below = |schema, node: &'n Node<'n>, old: Option<&'n Node<'n>>, place: &Place<'_>| {
        let nearest = old.map(|old| Change { old, new: node }).or(nearest);
        value(schema, node, old, nearest, place, faults);
    };
    match &schema.shape {
        Shape::Object(shape) => {
            for (name, schema) in shape.ruled.iter().filter(|(name, _)| *name != "status") {
                if let Some(value) = node.get(name) {
                    let old = old.filter(|_| !shape.atomic).and_then(|old| old.get(name));
                    below(schema, value, old, &place.key(name));
                }
            }
            let Some(values) = shape.values.filter(|values| values.ruled) else { return };
            for entry in node.as_map().into_iter().flatten() {
                let old = old.filter(|_| !shape.atomic).and_then(|old| old.get(&entry.key));
                below(values, &entry.value, old, &place.key(&entry.key));
            }
        }
        Shape::List(shape) => {
            let old = uniqueness::ByKeys::of(&shape.uniqueness, old.and_then(Node::as_list));
            for (index, item) in node.items() {
                let old = old.as_ref().and_then(|old| old.get(item));
                below(shape.items, item, old, &place.index(index));
            }
        }
        Shape::Text(_) | Shape::Integer(_) | Shape::Bool => {}
    }
}
