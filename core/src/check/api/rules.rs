//! The CEL rules, once the structure holds.

use super::fault::Faults;
use super::place::Place;
use super::schema::{Schema, Shape, Uniqueness};
use super::uniqueness;
use crate::tree::Node;

/// Evaluates every rule at and below a value, outermost first.
pub(super) fn check(
    schema: &'static Schema,
    node: &Node<'_>,
    old: Option<&Node<'_>>,
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
        let as_it_was = || old.is_some_and(|old| uniqueness::compare(old, node).is_eq());
        if rule.transition || !as_it_was() {
            faults.rule(place, node, rule);
        }
    }
    match &schema.shape {
        Shape::Object(shape) => {
            for (name, below) in
                shape.properties.iter().filter(|(name, below)| below.ruled && *name != "status")
            {
                if let Some(value) = node.get(name) {
                    let old = old.filter(|_| !shape.atomic).and_then(|old| old.get(name));
                    check(below, value, old, &place.key(name), faults);
                }
            }
            let Some(values) = shape.values.filter(|values| values.ruled) else { return };
            for entry in node.as_map().into_iter().flatten() {
                let old = old.filter(|_| !shape.atomic).and_then(|old| old.get(&entry.key));
                check(values, &entry.value, old, &place.key(&entry.key), faults);
            }
        }
        Shape::List(shape) => {
            for (index, item) in node.items() {
                let old = match shape.uniqueness {
                    Uniqueness::Keys(keys) => {
                        old.and_then(Node::as_list).and_then(|old| uniqueness::same_item(keys, item, old))
                    }
                    Uniqueness::None | Uniqueness::Set => None,
                };
                check(shape.items, item, old, &place.index(index), faults);
            }
        }
        Shape::Text(_) | Shape::Integer(_) | Shape::Bool => {}
    }
}
