//! The parser's events, one by one.

use std::borrow::Cow;

use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, StructureStyle, Tag};

use super::builder::Builder;
use super::fault::{self, Halt};
use super::limits::Limits;
use super::read::position;
use super::{characters, dialect, scalar};
use crate::tree::Position;

/// Hands what the parser finds to a builder, unless Go would read it otherwise.
pub(super) struct Events<'a, 'b, 'l> {
    pub(super) text: &'a str,
    /// Lines of the whole text that stand before `text`.
    pub(super) lines_before: usize,
    pub(super) source: u16,
    pub(super) builder: &'b mut Builder<'a, 'l>,
    /// Escapes that only JSON has are taken.
    pub(super) is_json: bool,
}

impl<'a> Events<'a, '_, '_> {
    /// Reads to the end, or to what cannot be read.
    pub(super) fn run(&mut self, limits: &Limits) -> Result<(), Halt> {
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
                let source = span.slice(self.text).unwrap_or("");
                match characters::refused_escape(source) {
                    None => text,
                    Some(escape) => match serde_json::from_str(source) {
                        Ok(text) if self.is_json => Cow::Owned(text),
                        _ => return Err(fault::refused_escape(at, escape)),
                    },
                }
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
