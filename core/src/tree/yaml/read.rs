//! Text to tree: the parser's events, one by one.

use std::borrow::Cow;

use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, StructureStyle, Tag};

use super::builder::Builder;
use super::fault::{self, Halt};
use super::limits::Limits;
use super::{characters, dialect, scalar};
use crate::diagnostic::Diagnostic;
use crate::tree::{Node, Position, Value};

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
/// Go takes, and this refuses: NEL, U+2028 and U+2029 unescaped; more nesting than
/// [`Limits::depth`]; faults behind the first document, which Go never looks at; a comment inside a
/// plain text of several lines; quoted text continued at the indentation of its key; the escape
/// `\\'`; and what the two versions of YAML read as two values (`?` and `:,` in a plain text inside
/// `[]`, tags before a comma, other than plain names of anchors). Of what Go refuses this takes some:
/// tabs behind `- `, anchors that touch a bracket.
pub fn read<'a>(text: &'a str, source: u16, limits: &Limits, out: &mut Vec<Diagnostic>) -> Vec<Node<'a>> {
    let start = Position { source, line: 1, column: 1 };
    if text.len() > limits.bytes {
        let message =
            format!("the text has {} bytes, but this reader takes {} at most", text.len(), limits.bytes);
        out.push(fault::limit(start, message).into_diagnostic());
        return Vec::new();
    }
    if let Some((offset, character)) = characters::forbidden(text) {
        let (line, column) = characters::place(text, offset);
        out.push(fault::forbidden_character(position(source, line, column), character).into_diagnostic());
        return Vec::new();
    }
    let mut builder = Builder::new(limits);
    let parts = if text.is_ascii() { vec![(0, text)] } else { characters::parts(text) };
    for (lines_before, part) in &parts {
        if let Some(offset) = characters::stray_mark(part) {
            let (line, column) = characters::place(part, offset);
            out.push(fault::stray_mark(position(source, lines_before + line, column)).into_diagnostic());
            return Vec::new();
        }
    }
    let halted = parts.into_iter().try_for_each(|(lines_before, text)| {
        Events { text, lines_before, source, builder: &mut builder }.run(limits)
    });
    if builder.documents.is_empty() && halted.is_ok() {
        builder.documents.push(Node { value: Value::Null, position: start });
    }
    builder.findings.finish(halted.err(), out);
    builder.documents
}

fn position(source: u16, line: usize, column: usize) -> Position {
    let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Position { source, line: narrow(line), column: narrow(column) }
}

/// Hands what the parser finds to a builder, unless Go would read it otherwise.
struct Events<'a, 'b, 'l> {
    text: &'a str,
    /// Lines of the whole text that stand before `text`.
    lines_before: usize,
    source: u16,
    builder: &'b mut Builder<'a, 'l>,
}

impl<'a> Events<'a, '_, '_> {
    fn run(&mut self, limits: &Limits) -> Result<(), Halt> {
        // One level more than ours, so that our own words come first where they can.
        let nesting = limits.depth.saturating_add(1);
        let mut options = granit_parser::options! {
            flow_nesting_limit: nesting,
            block_nesting_limit: nesting,
            emit_anchor_events: true,
        };
        options.set_emit_comments(false);
        let mut parser = Parser::new_from_str_with_options(self.text, options);
        while let Some(next) = parser.next_event() {
            match next {
                Ok((event, span)) => self.event(event, &span)?,
                Err(error) => return Err(fault::scan(&error, self.position(error.marker()), limits.depth)),
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
            Event::MappingStart(style, anchor, tag) => {
                self.tag(tag.is_some(), span, at)?;
                self.builder.start(true, style == StructureStyle::Flow, anchor, at)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.tag(tag.is_some(), span, at)?;
                self.builder.start(false, style == StructureStyle::Flow, anchor, at)
            }
            Event::MappingEnd | Event::SequenceEnd => self.builder.end(),
            Event::Alias(anchor) => {
                let name = span.slice(self.text).unwrap_or("");
                check_anchor_name(name.trim_start_matches('*'), at)?;
                self.builder.alias(anchor, at)
            }
            Event::Anchor(_, name) => check_anchor_name(&name, at),
            Event::DocumentStart(_, Some(version)) if (version.major, version.minor) != (1, 1) => {
                Err(fault::version(at, version.major, version.minor))
            }
            Event::DocumentStart(..) => self.builder.start_document(at),
            Event::DocumentEnd => {
                self.builder.end_document(at);
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
        self.tag(tag.is_some(), span, at)?;
        let text = match style {
            ScalarStyle::Plain if self.builder.is_in_flow() => {
                if let Some(ambiguity) = dialect::ambiguous_flow_scalar(&text, self.text, span) {
                    return Err(fault::ambiguous_flow_scalar(ambiguity, at));
                }
                text
            }
            ScalarStyle::DoubleQuoted if matches!(text, Cow::Owned(_)) => {
                if let Some(escape) = span.slice(self.text).and_then(characters::refused_escape) {
                    return Err(fault::refused_escape(at, escape));
                }
                text
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                if self.builder.is_at_root() && dialect::is_unindented(&text, span) {
                    return Err(fault::unindented(at));
                }
                dialect::without_added_line_end(text, self.text, span)
            }
            _ => text,
        };
        if self.builder.awaits_key() && scalar::is_merge_key(&text, style, tag) {
            return self.builder.merge_key(anchor, at);
        }
        let length = text.len();
        self.builder.scalar(scalar::resolve(text, style, tag), length, anchor, at)
    }

    fn tag(&self, has_tag: bool, span: &Span, at: Position) -> Result<(), Halt> {
        if has_tag && self.builder.is_in_flow() && dialect::is_ambiguous_tag(self.text, span) {
            return Err(fault::touching_tag(at));
        }
        Ok(())
    }
}

fn check_anchor_name(name: &str, at: Position) -> Result<(), Halt> {
    if dialect::is_anchor_name(name) { Ok(()) } else { Err(fault::anchor_name(at)) }
}
