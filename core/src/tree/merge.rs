//! Putting values over values, as Helm does.
//!
//! Maps are merged key by key, however deep; lists and scalars are replaced whole. Everything keeps
//! the position it had. Both functions walk two sorted maps side by side: linear in their size.
//!
//! Source: Helm 3.17.3, `mergeMaps` in `pkg/cli/values/options.go` and `coalesceTablesFullKey` in
//! `pkg/chartutil/coalesce.go`.

use std::cmp::Ordering;

use super::{Entry, Map, Node, Value};

/// Puts one values file over another: an explicit null of `over` replaces what is under it and
/// stays, so that it can still delete a chart's default later.
#[must_use]
pub fn merge<'a>(over: Node<'a>, under: Node<'a>) -> Node<'a> {
    combine(over, under, Nulls::Stay)
}

/// Puts values over a chart's defaults: an explicit null of `over` deletes the key of `under` and is
/// gone itself. A null that nothing stands under stays, which means absent all the same.
#[must_use]
pub fn coalesce<'a>(over: Node<'a>, under: Node<'a>) -> Node<'a> {
    combine(over, under, Nulls::Delete)
}

/// What becomes of a null over a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nulls {
    Stay,
    Delete,
}

fn combine<'a>(over: Node<'a>, under: Node<'a>, nulls: Nulls) -> Node<'a> {
    let position = over.position;
    match (over.value, under.value) {
        (Value::Map(over), Value::Map(under)) => {
            Node { value: Value::Map(combine_maps(over, under, nulls)), position }
        }
        (value, _) => Node { value, position },
    }
}

fn combine_maps<'a>(over: Map<'a>, under: Map<'a>, nulls: Nulls) -> Map<'a> {
    if under.is_empty() {
        return over;
    }
    let mut entries = Vec::with_capacity(over.len() + under.len());
    let mut over = over.into_entries().into_iter().peekable();
    let mut under = under.into_entries().into_iter().peekable();
    loop {
        let order = match (over.peek(), under.peek()) {
            (Some(over), Some(under)) => over.key.cmp(&under.key),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => break,
        };
        match order {
            Ordering::Less => entries.extend(over.next()),
            Ordering::Greater => entries.extend(under.next()),
            Ordering::Equal => {
                let (Some(upper), Some(lower)) = (over.next(), under.next()) else { break };
                if upper.value.is_null() && nulls == Nulls::Delete {
                    continue;
                }
                let value = combine(upper.value, lower.value, nulls);
                entries.push(Entry { key: upper.key, position: upper.position, value });
            }
        }
    }
    Map::from_entries(entries).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::json;

    fn json(text: &str) -> Node<'_> {
        json::read(text).expect("the test's own JSON")
    }

    #[test]
    fn merges_maps_and_replaces_lists_and_scalars() {
        let over = json(r#"{"a": {"x": 1}, "b": [1], "c": {}, "d": "text"}"#);
        let under = json(r#"{"a": {"x": 0, "y": 2}, "b": [2, 3], "c": 4, "d": {"z": 1}, "e": 5}"#);
        let expected = json(r#"{"a": {"x": 1, "y": 2}, "b": [1], "c": {}, "d": "text", "e": 5}"#);
        assert_eq!(coalesce(over.clone(), under.clone()), expected);
        assert_eq!(merge(over, under), expected);
    }

    #[test]
    fn null_deletes_when_coalescing_and_stays_when_merging() {
        let (over, under) = (json(r#"{"a": {"x": null, "z": null}}"#), json(r#"{"a": {"x": 0, "y": 2}}"#));
        assert_eq!(coalesce(over.clone(), under.clone()), json(r#"{"a": {"y": 2, "z": null}}"#));
        assert_eq!(merge(over, under), json(r#"{"a": {"x": null, "y": 2, "z": null}}"#));
    }

    #[test]
    fn keeps_the_positions_of_what_wins() {
        let mut found = Vec::new();
        let mut read = |text, source| {
            crate::tree::yaml::read(text, source, &crate::tree::yaml::Limits::DEFAULT, &mut found).remove(0)
        };
        let merged = coalesce(read("a: 1\n", 0), read("a: 0\nb: 2\n", 1));
        let sources: Vec<_> =
            merged.as_map().expect("a map").iter().map(|entry| entry.value.position.source).collect();
        assert_eq!(sources, [0, 1]);
    }
}
