//! The collections that are open while reading, and the path they make up.

use crate::path::Path;
use crate::tree::{Entry, Node, Position};

use super::anchor::Cost;

/// What the next value in a collection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Awaits {
    /// An item of a list.
    Item,
    /// A key of a map.
    Key,
    /// The value of the map's last entry.
    Value,
    /// The value of `<<`, whose place the map's last entry holds.
    Merge,
}

/// A map or list whose end has not come yet.
#[derive(Debug)]
pub(super) struct Open {
    /// What comes next in it.
    pub(super) awaits: Awaits,
    /// Whether it stands in `[]` or `{}`.
    pub(super) is_flow: bool,
    /// Its own entries start here on the common stack of entries.
    pub(super) entries: usize,
    /// Its own items start here on the common stack of items.
    pub(super) items: usize,
    /// Where it starts in the text.
    pub(super) position: Position,
    /// The parser's number for its anchor; 0 for none.
    pub(super) anchor: usize,
    /// What had been spent before it.
    pub(super) before: Cost,
    /// Maps and lists inside each other so far, itself included.
    pub(super) height: usize,
    /// Where merged keys were written. Other keys of one map never share a position with them.
    pub(super) merged: Vec<Position>,
}

/// The path of the value that is being read.
pub(super) fn current(open: &[Open], entries: &[Entry<'_>], items: &[Node<'_>]) -> Path {
    let mut path = Path::ROOT;
    for (level, collection) in open.iter().enumerate() {
        let inner = open.get(level + 1);
        match collection.awaits {
            Awaits::Item => {
                let end = inner.map_or(items.len(), |inner| inner.items);
                path = path.index(end - collection.items);
            }
            Awaits::Key => {}
            Awaits::Value | Awaits::Merge => {
                let end = inner.map_or(entries.len(), |inner| inner.entries);
                if let Some(entry) = end.checked_sub(1).and_then(|last| entries.get(last)) {
                    path = path.key(&entry.key);
                }
            }
        }
    }
    path
}
