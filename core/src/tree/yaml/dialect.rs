//! Where the parser's YAML 1.2 and Go's YAML 1.1 would read one text as two values.
//!
//! Each of these is refused, since neither reading is safe; all of them are rare, and quotes or a
//! blank settle what is meant. Where only one of the two dialects takes a text at all, the parser's
//! answer stands.

use std::borrow::Cow;

use granit_parser::Span;

/// The characters that end a plain scalar inside `[]` and `{}`.
const FLOW: [char; 5] = [',', '[', ']', '{', '}'];

/// What makes a plain scalar inside `[]` or `{}` ambiguous. The words are in [`super::fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FlowAmbiguity {
    /// `?`, which starts a key wherever it stands.
    QuestionMark,
    /// `:` as its first character.
    LeadingColon,
    /// `:` behind it, and then a comma or bracket.
    TouchingColon,
}

/// Whether Go would cut a plain scalar in a flow collection elsewhere.
pub(super) fn ambiguous_flow_scalar(text: &str, source: &str, span: &Span) -> Option<FlowAmbiguity> {
    if text.contains('?') {
        return Some(FlowAmbiguity::QuestionMark);
    }
    if text.starts_with(':') {
        return Some(FlowAmbiguity::LeadingColon);
    }
    let behind = span.end.byte_offset().and_then(|end| source.get(end..))?;
    let behind = behind.trim_start_matches([' ', '\t']).strip_prefix(':')?;
    behind.starts_with(FLOW).then_some(FlowAmbiguity::TouchingColon)
}

/// Whether a tag ends where Go would read on, as it does over commas and brackets.
pub(super) fn is_ambiguous_tag(source: &str, span: &Span) -> bool {
    let end = span.tag_span().and_then(|tag| tag.end.byte_offset());
    end.and_then(|end| source.get(end..)).is_some_and(|behind| behind.starts_with(FLOW))
}

/// Whether an anchor's name is one for Go, too.
pub(super) fn is_anchor_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// Whether a block scalar that is a whole document has text at column 1, which Go takes for the
/// document's end.
pub(super) fn is_unindented(text: &str, span: &Span) -> bool {
    span.start.col() == 0 && !text.trim_start().is_empty()
}

/// A block scalar as it was written: where the text stops without a line end, the parser adds one.
pub(super) fn without_added_line_end<'a>(text: Cow<'a, str>, source: &str, span: &Span) -> Cow<'a, str> {
    let at_the_end = span.end.byte_offset().is_some_and(|end| end >= source.len());
    if !at_the_end || !text.ends_with('\n') || source.ends_with(['\n', '\r']) {
        return text;
    }
    // The span of a block scalar starts at its first character, which tells the indentation.
    let last = source.rsplit(['\n', '\r']).next().unwrap_or("");
    let is_blank = last.bytes().all(|byte| byte == b' ') && last.len() <= span.start.col();
    let has_text = text.bytes().any(|byte| byte != b'\n');
    if has_text && is_blank {
        return text;
    }
    // Without any text the span starts at the header, whose own line end does not count.
    let slice = span.slice(source).unwrap_or("");
    let ends = slice.matches('\n').count() + slice.matches('\r').count() - slice.matches("\r\n").count();
    if !has_text && ends > text.len() {
        return text;
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_suffix('\n').unwrap_or(text)),
        Cow::Owned(mut text) => {
            text.pop();
            Cow::Owned(text)
        }
    }
}
