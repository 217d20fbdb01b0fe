//! Items of lists that may not repeat, and values that are as they were.

use std::cmp::Ordering;

use super::fault::{DUPLICATE, Faults, shown};
use super::place::Place;
use super::schema::Uniqueness;
use crate::tree::{Node, Value};

/// Reports each item that another one before it equals, as far as the list goes by that.
pub(super) fn check(uniqueness: &Uniqueness, items: &[Node<'_>], place: &Place<'_>, faults: &mut Faults) {
    let by = |a: &Node<'_>, b: &Node<'_>| match uniqueness {
        Uniqueness::None => Ordering::Less,
        Uniqueness::Set => compare(a, b),
        Uniqueness::Keys(keys) => by_keys(keys, a, b),
    };
    if matches!(uniqueness, Uniqueness::None) || items.len() < 2 {
        return;
    }
    let mut order: Vec<(usize, &Node<'_>)> = items.iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| by(a, b));
    for pair in order.windows(2) {
        if let [(_, first), (index, second)] = pair
            && by(first, second).is_eq()
        {
            let value = match uniqueness {
                Uniqueness::Keys(keys) => {
                    let named =
                        keys.iter().filter_map(|key| Some(format!("{key:?}:{}", shown(second.get(key)?))));
                    format!("{{{}}}", named.collect::<Vec<_>>().join(","))
                }
                Uniqueness::None | Uniqueness::Set => shown(second),
            };
            faults.add(
                DUPLICATE,
                &place.index(*index),
                format!("Duplicate value: {value}"),
                "take one of the two out",
            );
        }
    }
}

/// The items of an older list, to be found by their keys.
pub(super) struct ByKeys<'o, 'a> {
    keys: &'static [&'static str],
    sorted: Vec<&'o Node<'a>>,
}

impl<'o, 'a> ByKeys<'o, 'a> {
    /// Those of a list whose items are told from one another by keys; none of any other.
    pub(super) fn of(uniqueness: &Uniqueness, old: Option<&'o [Node<'a>]>) -> Option<Self> {
        let Uniqueness::Keys(keys) = uniqueness else { return None };
        let mut sorted: Vec<_> = old?.iter().collect();
        sorted.sort_by(|a, b| by_keys(keys, a, b));
        Some(Self { keys, sorted })
    }

    /// The first that has the same keys.
    pub(super) fn get(&self, item: &Node<'_>) -> Option<&'o Node<'a>> {
        let at = self.sorted.partition_point(|old| by_keys(self.keys, old, item).is_lt());
        self.sorted.get(at).copied().filter(|old| by_keys(self.keys, old, item).is_eq())
    }
}

/// Orders maps by the values under some keys.
pub(super) fn by_keys(keys: &[&str], a: &Node<'_>, b: &Node<'_>) -> Ordering {
    keys.iter()
        .map(|key| match (a.get(key), b.get(key)) {
            (Some(a), Some(b)) => compare(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        })
        .find(|ordering| ordering.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// Orders values by what they mean, wherever they stand; equal means the same value.
pub(super) fn compare(a: &Node<'_>, b: &Node<'_>) -> Ordering {
    match (&a.value, &b.value) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Unsigned(a), Value::Unsigned(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => a.total_cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::List(a), Value::List(b)) => {
            let items = a.iter().zip(b).map(|(a, b)| compare(a, b)).find(|ordering| ordering.is_ne());
            items.unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (Value::Map(a), Value::Map(b)) => {
            let entries = a
                .iter()
                .zip(b)
                .map(|(a, b)| a.key.cmp(&b.key).then_with(|| compare(&a.value, &b.value)))
                .find(|ordering| ordering.is_ne());
            entries.unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

fn rank(value: &Value<'_>) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Integer(_) => 2,
        Value::Unsigned(_) => 3,
        Value::Float(_) => 4,
        Value::Text(_) => 5,
        Value::List(_) => 6,
        Value::Map(_) => 7,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::{ByKeys, Uniqueness};
    use crate::tree::yaml::{self, Limits};

    /// Item by item against item by item would be 2,500,000,000 comparisons, and never end.
    #[test]
    fn finds_items_of_a_long_list_by_their_keys() {
        let mut text = String::new();
        for number in 0..50_000 {
            let _ = writeln!(text, "- {{name: a{number}, port: {number}}}");
        }
        text.push_str("- {name: a7, port: 7, later: true}\n- {port: 7}\n");
        let list = yaml::read(&text, 0, &Limits::NATIVE, &mut Vec::new()).remove(0);
        let items = list.as_list().expect("a list");
        let old = ByKeys::of(&Uniqueness::Keys(&["name", "port"]), Some(items)).expect("there are keys");
        for (index, item) in items.iter().enumerate() {
            let found = old.get(item).expect("it is there");
            // Of two with the same keys the first counts.
            let wanted = if index == 50_000 { 7 } else { index };
            assert!(std::ptr::eq(found, &raw const items[wanted]), "{index}");
        }
        let others =
            yaml::read("[{name: a7}, {name: a8, port: 7}]", 0, &Limits::NATIVE, &mut Vec::new()).remove(0);
        assert!(others.as_list().expect("a list").iter().all(|item| old.get(item).is_none()));
        assert!(ByKeys::of(&Uniqueness::Set, Some(items)).is_none());
    }
}
