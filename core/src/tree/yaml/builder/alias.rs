//! Anchors, aliases and `<<`: values that stand in a text once and in the tree several times.

use std::borrow::Cow;

use super::Builder;
use crate::tree::yaml::anchor::{Anchor, Cost, is_excessive};
use crate::tree::yaml::fault::{self, Halt};
use crate::tree::yaml::path::Awaits;
use crate::tree::{Entry, Map, Node, Position, Value};

impl<'a> Builder<'a, '_> {
    /// Adds `<<` where a key is awaited. To an alias it is the text it looks like.
    pub(in crate::tree::yaml) fn merge_key(&mut self, anchor: usize, at: Position) -> Result<(), Halt> {
        let cost = Cost { nodes: 1, scalar_bytes: 2 };
        self.spend(cost, at)?;
        if anchor != 0 {
            let text = Node { value: Value::Text(Cow::Borrowed("<<")), position: at };
            self.keep(anchor, &text, cost, 0)?;
        }
        let value = Node { value: Value::Null, position: at };
        self.entries.push(Entry { key: Cow::Borrowed("<<"), position: at, value });
        self.await_next(Awaits::Merge);
        Ok(())
    }

    pub(in crate::tree::yaml) fn alias(&mut self, anchor: usize, at: Position) -> Result<(), Halt> {
        let Some(anchor) = self.anchors.get(&anchor) else { return Err(fault::self_reference(at)) };
        let (cost, height) = (anchor.cost, anchor.height);
        if self.open.len().saturating_add(height) > self.limits.depth {
            return Err(fault::too_deep(at, self.limits.depth));
        }
        self.written += 1;
        self.expanded = self.expanded.saturating_add(cost.nodes);
        if is_excessive(self.expanded, self.written.saturating_add(self.expanded)) {
            return Err(fault::excessive_aliases(at));
        }
        self.spent.spend(cost, self.limits).map_err(|bound| fault::limit(at, bound))?;
        let node = Node { value: anchor.node.value.clone(), position: at };
        self.rise(height);
        self.place(node, true)
    }

    /// Adds the entries of what `<<` names. Of a list the first map wins, so it is added last.
    pub(super) fn merge(&mut self, node: Node<'a>, is_alias: bool) -> Result<(), Halt> {
        let position = node.position;
        let maps = match node.value {
            Value::Map(map) => vec![map],
            Value::List(items) if !is_alias => items
                .into_iter()
                .rev()
                .map(|item| match item.value {
                    Value::Map(map) => Ok(map),
                    _ => Err(fault::bad_merge(item.position)),
                })
                .collect::<Result<_, _>>()?,
            _ => return Err(fault::bad_merge(position)),
        };
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        for entry in maps.into_iter().flat_map(Map::into_entries) {
            open.merged.push(entry.position);
            self.entries.push(entry);
        }
        Ok(())
    }

    /// Keeps a value for aliases. The copy costs what the value cost: nested anchors multiply.
    pub(super) fn keep(
        &mut self,
        anchor: usize,
        node: &Node<'a>,
        cost: Cost,
        height: usize,
    ) -> Result<(), Halt> {
        self.spend(cost, node.position)?;
        self.anchors.insert(anchor, Anchor { node: node.clone(), cost, height });
        Ok(())
    }
}
