//! Text to tree: the parser's events, one by one, on two stacks.

use std::borrow::Cow;

use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use super::anchor::{Anchor, Anchors, Cost};
use super::characters;
use super::fault;
use super::limits::Limits;
use super::path::{self, Awaits, Open};
use super::scalar::{self, ScalarFault};
use crate::diagnostic::{Diagnostic, Severity};
use crate::tree::{Entry, Map, Node, Position, Value};

/// A fault after which nothing sound can be read.
type Halt = Box<Diagnostic>;

/// Reads all documents of a text, typed as Helm types them.
///
/// An empty document is null, so that the index stays the position in the stream; an empty text is
/// one null document. Texts are borrowed wherever no escape, folding or chomping changed them.
/// `source` goes into every position. A byte-order mark may stand at the start of a document.
///
/// Findings go to `out`, in the order of the text, with position and, where there is one, path:
///
/// * `yaml-syntax`: reading stops, the documents before it are returned.
/// * `yaml-limit`: as above; the text crosses a bound of `limits`.
/// * `yaml-value`: YAML that JSON cannot say (`.inf`, a null key); a null or the written text stands
///   in for it and reading goes on.
/// * `duplicate-key`: a warning; the last one wins. Overriding a key merged by `<<` is none.
///
/// Merge keys apply where they stand, as in Go: a `<<` after a key overrides it.
///
/// Go reads on, and this refuses: text behind the end of the first document's value, which Go never
/// looks at; NEL, U+2028 and U+2029 unescaped; more nesting than [`Limits::depth`].
pub fn read<'a>(text: &'a str, source: u16, limits: &Limits, out: &mut Vec<Diagnostic>) -> Vec<Node<'a>> {
    let start = Position { source, line: 1, column: 1 };
    if text.len() > limits.bytes {
        let message =
            format!("the text has {} bytes, but this reader takes {} at most", text.len(), limits.bytes);
        out.push(*fault::limit(start, message));
        return Vec::new();
    }
    if let Some((offset, character)) = characters::forbidden(text) {
        let (line, column) = characters::place(text, offset);
        out.push(*fault::forbidden_character(position(source, line, column), character));
        return Vec::new();
    }
    let mut reader = Reader::new(source, limits);
    let parts = if text.is_ascii() { vec![(0, text)] } else { characters::parts(text) };
    let halted = parts.into_iter().try_for_each(|(lines_before, part)| reader.run(part, lines_before));
    if reader.documents.is_empty() && halted.is_ok() {
        reader.documents.push(Node { value: Value::Null, position: start });
    }
    reader.findings.finish(halted.err(), out);
    reader.documents
}

fn position(source: u16, line: usize, column: usize) -> Position {
    let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Position { source, line: narrow(line), column: narrow(column) }
}

struct Reader<'a, 'l> {
    text: &'a str,
    /// Lines of the whole text that stand before `text`.
    lines_before: usize,
    source: u16,
    limits: &'l Limits,
    documents: Vec<Node<'a>>,
    root: Option<Node<'a>>,
    open: Vec<Open>,
    /// Entries of all open maps. A finished map takes its own off the top, in one allocation of
    /// the right size.
    entries: Vec<Entry<'a>>,
    /// Items of all open lists, likewise.
    items: Vec<Node<'a>>,
    anchors: Anchors<'a>,
    spent: Cost,
    findings: Findings,
}

impl<'a, 'l> Reader<'a, 'l> {
    fn new(source: u16, limits: &'l Limits) -> Self {
        Self {
            text: "",
            lines_before: 0,
            source,
            limits,
            documents: Vec::new(),
            root: None,
            open: Vec::new(),
            entries: Vec::new(),
            items: Vec::new(),
            anchors: Anchors::new(),
            spent: Cost::default(),
            findings: Findings::default(),
        }
    }

    fn run(&mut self, text: &'a str, lines_before: usize) -> Result<(), Halt> {
        self.text = text;
        self.lines_before = lines_before;
        // One level more than ours, so that our own words come first where they can.
        let nesting = self.limits.depth.saturating_add(1);
        let mut options =
            granit_parser::options! { flow_nesting_limit: nesting, block_nesting_limit: nesting };
        options.set_emit_comments(false);
        let mut parser = Parser::new_from_str_with_options(self.text, options);
        while let Some(next) = parser.next_event() {
            match next {
                Ok((event, span)) => self.event(event, &span)?,
                Err(error) => {
                    let at = self.position(error.marker());
                    return Err(fault::scan(&error, at, self.limits.depth));
                }
            }
        }
        Ok(())
    }

    fn position(&self, marker: &Marker) -> Position {
        position(self.source, marker.line() + self.lines_before, marker.col() + 1)
    }

    fn event(&mut self, event: Event<'a>, span: &Span) -> Result<(), Halt> {
        let at = self.position(&span.start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, anchor, tag.as_deref(), span, at)
            }
            Event::MappingStart(_, anchor, _) => self.start(Awaits::Key, anchor, at),
            Event::SequenceStart(_, anchor, _) => self.start(Awaits::Item, anchor, at),
            Event::MappingEnd | Event::SequenceEnd => self.end(),
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::DocumentStart(_, version) => match version {
                Some(version) if (version.major, version.minor) != (1, 1) => {
                    Err(fault::version(at, version.major, version.minor))
                }
                _ if self.documents.len() >= self.limits.documents => {
                    let bound = self.limits.documents;
                    Err(fault::limit(
                        at,
                        format!("the text holds more than {bound} documents, the bound of this reader"),
                    ))
                }
                _ => Ok(()),
            },
            Event::DocumentEnd => {
                let document = self.root.take().unwrap_or(Node { value: Value::Null, position: at });
                self.documents.push(document);
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'a, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: &Span,
        at: Position,
    ) -> Result<(), Halt> {
        if let Some(escape) = scalar::refused_escape(&text, style, span.slice(self.text)) {
            return Err(fault::refused_escape(at, escape));
        }
        let cost = Cost { nodes: 1, scalar_bytes: text.len() };
        self.spend(cost, at)?;
        if let Some(Open { awaits: awaits @ Awaits::Key, .. }) = self.open.last_mut()
            && scalar::is_merge_key(&text, style, tag)
        {
            *awaits = Awaits::Merge;
            self.entries.push(Entry {
                key: text,
                position: at,
                value: Node { value: Value::Null, position: at },
            });
            return Ok(());
        }
        let value = scalar::resolve(text, style, tag).unwrap_or_else(|fault| {
            self.findings.push(fault::scalar(fault, self.path(), at));
            Value::Null
        });
        let node = Node { value, position: at };
        if anchor != 0 {
            self.keep(anchor, &node, cost, 0)?;
        }
        self.place(node, false)
    }

    fn start(&mut self, awaits: Awaits, anchor: usize, at: Position) -> Result<(), Halt> {
        if self.open.len() >= self.limits.depth {
            return Err(fault::too_deep(at, self.limits.depth));
        }
        if self.awaited() == Some(Awaits::Key) {
            return Err(fault::complex_key(at));
        }
        let before = self.spent;
        self.spend(Cost { nodes: 1, scalar_bytes: 0 }, at)?;
        let (entries, items) = (self.entries.len(), self.items.len());
        self.open.push(Open {
            awaits,
            entries,
            items,
            position: at,
            anchor,
            before,
            height: 1,
            merged: Vec::new(),
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Halt> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = if open.awaits == Awaits::Item {
            Value::List(self.items.drain(open.items..).collect())
        } else {
            let (map, lost) = Map::from_entries(self.entries.drain(open.entries..).collect());
            if !lost.is_empty() {
                self.report_duplicates(&map, &lost, open.merged);
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

    fn alias(&mut self, anchor: usize, at: Position) -> Result<(), Halt> {
        let Some(anchor) = self.anchors.get(&anchor) else { return Err(fault::self_reference(at)) };
        let (cost, height) = (anchor.cost, anchor.height);
        if self.open.len().saturating_add(height) > self.limits.depth {
            return Err(fault::too_deep(at, self.limits.depth));
        }
        self.spent.spend(cost, self.limits).map_err(|bound| fault::limit(at, bound))?;
        let node = Node { value: anchor.node.value.clone(), position: at };
        self.rise(height);
        self.place(node, true)
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
                        Cow::Borrowed("null")
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

    /// Adds the entries of what `<<` names. Of a list the first map wins, so it is added last.
    fn merge(&mut self, node: Node<'a>, is_alias: bool) -> Result<(), Halt> {
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

    /// Gives a scalar the form it has as a value.
    fn settle(&mut self, node: Node<'a>) -> Node<'a> {
        let position = node.position;
        let value = scalar::as_value(node.value).unwrap_or_else(|fault| {
            self.findings.push(fault::scalar(fault, self.path(), position));
            Value::Null
        });
        Node { value, position }
    }

    /// Keeps a value for aliases. The copy costs what the value cost: nested anchors multiply.
    fn keep(&mut self, anchor: usize, node: &Node<'a>, cost: Cost, height: usize) -> Result<(), Halt> {
        self.spend(cost, node.position)?;
        self.anchors.insert(anchor, Anchor { node: node.clone(), cost, height });
        Ok(())
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

    /// Warns of keys written more than once in one map. `lost` holds the overridden entries, sorted.
    fn report_duplicates(&mut self, map: &Map<'a>, lost: &[Entry<'a>], mut merged: Vec<Position>) {
        merged.sort_unstable();
        let here = self.path();
        for same in lost.chunk_by(|a, b| a.key == b.key) {
            let Some(first) = same.first() else { continue };
            let kept = map.entry(&first.key).map(|entry| entry.position);
            let places: Vec<Position> = same
                .iter()
                .map(|entry| entry.position)
                .chain(kept)
                .filter(|place| merged.binary_search(place).is_err())
                .collect();
            if let Some(warning) = fault::duplicate_key(here.key(&first.key), &first.key, &places) {
                self.findings.push(warning);
            }
        }
    }
}

/// Findings so far, at most [`fault::FINDINGS_MAX`] of each severity.
#[derive(Default)]
struct Findings {
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    untold: usize,
}

impl Findings {
    fn push(&mut self, diagnostic: Diagnostic) {
        let list = if diagnostic.severity == Severity::Error { &mut self.errors } else { &mut self.warnings };
        if list.len() < fault::FINDINGS_MAX {
            list.push(diagnostic);
        } else {
            self.untold += 1;
        }
    }

    fn finish(self, halt: Option<Halt>, out: &mut Vec<Diagnostic>) {
        let start = out.len();
        out.extend(self.errors);
        out.extend(self.warnings);
        out.extend(halt.map(|halt| *halt));
        if let Some(told) = out.get_mut(start..) {
            told.sort_by_key(|diagnostic| diagnostic.position);
        }
        if self.untold > 0 {
            let last = out.last().map_or(Position::UNKNOWN, |diagnostic| diagnostic.position);
            out.push(fault::more(self.untold, last));
        }
    }
}
