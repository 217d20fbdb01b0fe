//! Text to tree.

use super::builder::Builder;
use super::events::Events;
use super::fault::{self, Halt};
use super::limits::Limits;
use super::stream::{self, Chunk, starts_as_json};
use super::{characters, fast};
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
/// * `yaml-limit`: as above; the text crosses a bound of `limits`, or nearly all of it comes from aliases.
/// * `yaml-value`: YAML that JSON cannot say (`.inf`, a null key); a null or the written text stands
///   in for it and reading goes on.
/// * `duplicate-key`: a warning; the last one wins. Overriding a key merged by `<<` is none.
///
/// Merge keys apply where they stand, as in Go: a `<<` after a key overrides it.
///
/// Go takes, and this refuses: NEL, U+2028 and U+2029 unescaped; more nesting than
/// [`Limits::depth`]; faults behind the first document, which Go never looks at; a comment inside a
/// plain text of several lines; quoted text continued at the indentation of its key; the escape
/// `\'`; and what the two versions of YAML read as two values (`?` and `:,` in a plain text inside
/// `[]`, tags before a comma, other than plain names of anchors). Of what Go refuses this takes some:
/// tabs behind `- `, anchors that touch a bracket.
pub fn read<'a>(text: &'a str, source: u16, limits: &Limits, out: &mut Vec<Diagnostic>) -> Vec<Node<'a>> {
    if is_too_long(text, 1, source, limits, out) {
        return Vec::new();
    }
    let Some(parts) = parts(text, source, out) else { return Vec::new() };
    let mut builder = Builder::new(limits);
    let mut chunks = parts.into_iter().flat_map(|(lines_before, part)| stream::chunks(part, lines_before));
    let halted = chunks.try_for_each(|chunk| read_chunk(chunk, source, limits, false, &mut builder));
    if builder.documents.is_empty() && halted.is_ok() {
        let start = Position { source, line: 1, column: 1 };
        builder.documents.push(Node { value: Value::Null, position: start });
    }
    builder.findings.finish(halted.err(), out);
    builder.documents
}

/// Reads one document after the other, as [`read`] does, and gives each to `take` before it reads the
/// next, with the chunk that it stands in: a stream of any length costs the memory of its largest document.
///
/// The limits on nodes and depth hold for each document. A document that cannot be read does not keep
/// the next one from being read. One that starts with `{` may have the escapes that only JSON has, and be a stream of
/// JSON objects, as kubectl takes it for JSON (`k8s.io/apimachinery` v0.36.2, `pkg/util/yaml/decoder.go`, `hasJSONPrefix`);
/// so may one that starts with `[`, for lists of objects. JSON that a text starts with may hold the characters that YAML
/// forbids.
pub fn each<'a>(
    text: &'a str,
    source: u16,
    limits: &Limits,
    out: &mut Vec<Diagnostic>,
    mut take: impl FnMut(Node<'a>, Chunk<'a>),
) {
    if is_too_long(text, 1, source, limits, out) {
        return;
    }
    for (lines_before, part) in parts_of_any(text, source, out).unwrap_or_default() {
        for chunk in stream::chunks(part, lines_before) {
            let is_json = starts_as_json(chunk.text);
            let (objects, fault) = if is_json { stream::objects(chunk) } else { (vec![chunk], None) };
            for object in objects {
                for node in alone(object, source, limits, out) {
                    take(node, object);
                }
            }
            if let Some(error) = fault {
                let place = position(source, chunk.lines_before + error.line(), error.column().max(1));
                out.push(fault::json(&error, place).into_diagnostic());
            }
        }
    }
}

/// Reads a document a line, as JSON Lines has it; blank lines hold none. Otherwise as [`each`], but that each line has
/// its own bound of bytes: there may be any number of them.
pub fn each_line<'a>(
    text: &'a str,
    source: u16,
    limits: &Limits,
    out: &mut Vec<Diagnostic>,
    mut take: impl FnMut(Node<'a>, Chunk<'a>),
) {
    for (lines_before, part) in parts_of_any(text, source, out).unwrap_or_default() {
        for chunk in stream::lines_of(part, lines_before) {
            if !is_too_long(chunk.text, chunk.lines_before + 1, source, limits, out) {
                for node in alone(chunk, source, limits, out) {
                    take(node, chunk);
                }
            }
        }
    }
}

/// Reads a chunk once more: the same documents, without the findings, which were told.
pub fn again<'a>(chunk: Chunk<'a>, source: u16, limits: &Limits) -> Vec<Node<'a>> {
    // What cannot be read gave nothing the first time either.
    alone(chunk, source, limits, &mut Vec::new())
}

/// Reads a chunk without those before it.
fn alone<'a>(chunk: Chunk<'a>, source: u16, limits: &Limits, out: &mut Vec<Diagnostic>) -> Vec<Node<'a>> {
    // Only JSON has such characters still. Columns behind one, on its line, are those behind its escape.
    if starts_as_json(chunk.text) && characters::forbidden(chunk.text).is_some() {
        let escaped = characters::escaped(chunk.text);
        let documents = alone(Chunk { text: &escaped, ..chunk }, source, limits, out);
        return documents.into_iter().map(Node::into_owned).collect();
    }
    let mut builder = Builder::new(limits);
    let halted = read_chunk(chunk, source, limits, starts_as_json(chunk.text), &mut builder);
    builder.findings.finish(halted.err(), out);
    builder.documents
}

/// Whether a text is longer than its bound, which is said; `line` is where it starts.
fn is_too_long(text: &str, line: usize, source: u16, limits: &Limits, out: &mut Vec<Diagnostic>) -> bool {
    let is_too_long = text.len() > limits.bytes;
    if is_too_long {
        let message =
            format!("the text has {} bytes, but this reader takes {} at most", text.len(), limits.bytes);
        out.push(fault::limit(position(source, line, 1), message).into_diagnostic());
    }
    is_too_long
}

/// The parts of a text that may be JSON: its own and only part where JSON alone in it holds what YAML forbids.
fn parts_of_any<'a>(text: &'a str, source: u16, out: &mut Vec<Diagnostic>) -> Option<Vec<(usize, &'a str)>> {
    if starts_as_json(text)
        && characters::forbidden(text).is_some()
        && characters::forbidden(stream::behind_json(text)).is_none()
    {
        return Some(vec![(0, text)]);
    }
    parts(text, source, out)
}

/// The parts of a text between marks of byte order, each with the lines before it; none where the text
/// cannot be YAML at all.
fn parts<'a>(text: &'a str, source: u16, out: &mut Vec<Diagnostic>) -> Option<Vec<(usize, &'a str)>> {
    if let Some((offset, character)) = characters::forbidden(text) {
        let (line, column) = characters::place(text, offset);
        out.push(fault::forbidden_character(position(source, line, column), character).into_diagnostic());
        return None;
    }
    let parts = if text.is_ascii() { vec![(0, text)] } else { characters::parts(text) };
    for (lines_before, part) in &parts {
        if let Some(offset) = characters::stray_mark(part) {
            let (line, column) = characters::place(part, offset);
            out.push(fault::stray_mark(position(source, lines_before + line, column)).into_diagnostic());
            return None;
        }
    }
    Some(parts)
}

fn read_chunk<'a>(
    chunk: Chunk<'a>,
    source: u16,
    limits: &Limits,
    is_json: bool,
    builder: &mut Builder<'a, '_>,
) -> Result<(), Halt> {
    let Chunk { text, lines_before, is_single } = chunk;
    if is_single && fast::read(text, lines_before, source, builder).is_ok() {
        return Ok(());
    }
    Events { text, lines_before, source, builder, is_json }.run(limits)
}

/// A position from the numbers of a text.
pub(super) fn position(source: u16, line: usize, column: usize) -> Position {
    let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Position { source, line: narrow(line), column: narrow(column) }
}
