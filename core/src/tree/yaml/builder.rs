//! Parts of a text to a tree, on two stacks and without recursion.

mod alias;

use std::borrow::Cow;

use super::anchor::{Anchors, Cost};
use super::fault::{self, Halt};
use super::findings::{self, Findings};
use super::limits::Limits;
use super::path::{self, Awaits, Open};
use super::scalar::{self, ScalarFault};
use crate::tree::{Entry, Map, Node, Position, Value};

/// What is known of the texts so far. Methods are called in the order of the text; the parser sees
/// to it that starts and ends match.
pub(super) struct Builder<'a, 'l> {
    limits: &'l Limits,
    pub(super) documents: Vec<Node<'a>>,
    pub(super) findings: Findings,
    root: Option<Node<'a>>,
    open: Vec<Open>,
    /// Entries of all open maps. A finished map takes its own off the top, in one allocation of
    /// the right size.
    entries: Vec<Entry<'a>>,
    /// Items of all open lists, likewise.
    items: Vec<Node<'a>>,
    anchors: Anchors<'a>,
    spent: Cost,
    /// Values of the current document that were written, and that came from aliases.
    written: usize,
    expanded: usize,
}

/// How much a builder held before a document.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    spent: Cost,
    documents: usize,
    findings: findings::Mark,
}

impl<'a, 'l> Builder<'a, 'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            documents: Vec::new(),
            findings: Findings::default(),
            root: None,
            open: Vec::new(),
            entries: Vec::new(),
            items: Vec::new(),
            anchors: Anchors::new(),
            spent: Cost::default(),
            written: 0,
            expanded: 0,
        }
    }

    #[cfg(test)]
    pub(super) fn spent(&self) -> Cost {
        self.spent
    }

    /// Where a document starts, to come back to. No collection may be open.
    pub(super) fn mark(&self) -> Mark {
        Mark { spent: self.spent, documents: self.documents.len(), findings: self.findings.mark() }
    }

    /// Forgets everything since a mark.
    pub(super) fn go_back_to(&mut self, mark: Mark) {
        self.spent = mark.spent;
        self.documents.truncate(mark.documents);
        self.findings.go_back_to(mark.findings);
        self.root = None;
        self.open.clear();
        self.entries.clear();
        self.items.clear();
        self.anchors.clear();
        (self.written, self.expanded) = (0, 0);
    }

    /// Whether the next value stands in `[]` or `{}`.
    pub(super) fn is_in_flow(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_flow)
    }

    /// Whether the next value is the whole document.
    pub(super) fn is_at_root(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether the next value is a key.
    pub(super) fn awaits_key(&self) -> bool {
        self.awaited() == Some(Awaits::Key)
    }

    pub(super) fn start_document(&self, at: Position) -> Result<(), Halt> {
        let bound = self.limits.documents;
        if self.documents.len() < bound {
            return Ok(());
        }
        Err(fault::limit(at, format!("the text holds more than {bound} documents, the bound of this reader")))
    }

    pub(super) fn end_document(&mut self, at: Position) {
        let document = self.root.take().unwrap_or(Node { value: Value::Null, position: at });
        self.documents.push(document);
        self.anchors.clear();
        (self.written, self.expanded) = (0, 0);
    }

    /// Starts a map or list; `anchor` is 0 where it has none.
    pub(super) fn start(
        &mut self,
        is_map: bool,
        is_flow: bool,
        anchor: usize,
        at: Position,
    ) -> Result<(), Halt> {
        if self.open.len() >= self.limits.depth {
            return Err(fault::too_deep(at, self.limits.depth));
        }
        if self.awaits_key() {
            return Err(fault::complex_key(at));
        }
        self.written += 1;
        let before = self.spent;
        self.spend(Cost { nodes: 1, scalar_bytes: 0 }, at)?;
        self.open.push(Open {
            awaits: if is_map { Awaits::Key } else { Awaits::Item },
            is_flow,
            entries: self.entries.len(),
            items: self.items.len(),
            position: at,
            anchor,
            before,
            height: 1,
            merged: Vec::new(),
        });
        Ok(())
    }

    /// Ends the innermost map or list.
    pub(super) fn end(&mut self) -> Result<(), Halt> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = if open.awaits == Awaits::Item {
            Value::List(self.items.drain(open.items..).collect())
        } else {
            let (map, lost) = Map::from_entries(self.entries.drain(open.entries..).collect());
            if !lost.is_empty() {
                self.findings.push_duplicates(&self.path(), &map, &lost, open.merged);
            }
            Value::Map(map)
        };
        let node = Node { value, position: open.position };
        if open.anchor != 0 {
            self.keep(open.anchor, &node, self.spent.since(open.before), open.height)?;
        }
        self.rise(open.height);
        self.place(node, false)
    }

    /// Adds a scalar of `length` bytes, its type resolved; nothing if it has no value.
    pub(super) fn scalar(
        &mut self,
        value: Result<Value<'a>, ScalarFault>,
        length: usize,
        anchor: usize,
        at: Position,
    ) -> Result<(), Halt> {
        let cost = Cost { nodes: 1, scalar_bytes: length };
        self.written += 1;
        self.spend(cost, at)?;
        let value = value.unwrap_or_else(|fault| {
            self.findings.push(fault::scalar(fault, self.path(), at));
            Value::Null
        });
        let node = Node { value, position: at };
        if anchor != 0 {
            self.keep(anchor, &node, cost, 0)?;
        }
        self.place(node, false)
    }

    /// Puts a finished value where the innermost open collection wants it.
    fn place(&mut self, node: Node<'a>, is_alias: bool) -> Result<(), Halt> {
        let position = node.position;
        match self.awaited() {
            None => self.root = Some(self.settle(node)),
            Some(Awaits::Item) => {
                let node = self.settle(node);
                self.items.push(node);
            }
            Some(Awaits::Value) => {
                let node = self.settle(node);
                if let Some(entry) = self.entries.last_mut() {
                    entry.value = node;
                }
                self.await_next(Awaits::Key);
            }
            Some(Awaits::Key) => {
                let key = match scalar::as_key(node.value) {
                    Ok(key) => key,
                    Err(ScalarFault::ComplexKey) => return Err(fault::complex_key(position)),
                    Err(fault) => {
                        self.findings.push(fault::scalar(fault, self.path(), position));
                        match fault {
                            ScalarFault::HugeKey(integer) => Cow::Owned(integer.to_string()),
                            _ => Cow::Borrowed("null"),
                        }
                    }
                };
                self.entries.push(Entry { key, position, value: Node { value: Value::Null, position } });
                self.await_next(Awaits::Value);
            }
            Some(Awaits::Merge) => {
                self.entries.pop();
                self.merge(node, is_alias)?;
                self.await_next(Awaits::Key);
            }
        }
        Ok(())
    }

    /// Gives a scalar the form it has as a value.
    #[inline]
    fn settle(&mut self, mut node: Node<'a>) -> Node<'a> {
        if let Value::Float(float) = node.value {
            node.value = scalar::float_value(float).unwrap_or_else(|fault| {
                self.findings.push(fault::scalar(fault, self.path(), node.position));
                Value::Null
            });
        }
        node
    }

    fn spend(&mut self, cost: Cost, at: Position) -> Result<(), Halt> {
        self.spent.spend(cost, self.limits).map_err(|bound| fault::limit(at, bound))
    }

    fn rise(&mut self, height: usize) {
        if let Some(parent) = self.open.last_mut() {
            parent.height = parent.height.max(height + 1);
        }
    }

    fn awaited(&self) -> Option<Awaits> {
        self.open.last().map(|open| open.awaits)
    }

    fn await_next(&mut self, awaits: Awaits) {
        if let Some(open) = self.open.last_mut() {
            open.awaits = awaits;
        }
    }

    fn path(&self) -> crate::path::Path {
        path::current(&self.open, &self.entries, &self.items)
    }
}
