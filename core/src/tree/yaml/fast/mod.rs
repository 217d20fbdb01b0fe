//! A second reader, several times as fast, for the YAML that people and programs mostly write.
//!
//! It knows block maps and lists, plain and quoted scalars on one line, `[]` and `{}` on one line,
//! `|` and comments. Whatever else it meets makes it give up the document, which the parser then
//! reads from its start: anchors, tags, texts of several lines, tabs, and every fault. So the
//! parser alone decides what is wrong, and the two must agree on all the rest to the last position;
//! tests hold them to that.

mod flow;
mod lines;
#[cfg(test)]
mod tests;
mod token;

use granit_parser::ScalarStyle;

use super::builder::Builder;
use super::fault::Halt;
use super::scalar;
use crate::tree::Position;
use lines::{Line, Lines};

/// The text has something that this reader leaves to the parser.
#[derive(Debug)]
pub(super) struct Odd;

impl From<Halt> for Odd {
    fn from(_: Halt) -> Self {
        Self
    }
}

/// A block map or list that is open, by the column of its keys or dashes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Level {
    column: usize,
    is_list: bool,
}

/// Reads one document, its `---` line included. The builder is left as it was if that fails.
pub(super) fn read<'a>(
    text: &'a str,
    lines_before: usize,
    source: u16,
    builder: &mut Builder<'a, '_>,
) -> Result<(), Odd> {
    if text.contains('\t') || text.contains('\r') || (!text.is_ascii() && text.contains('\u{feff}')) {
        return Err(Odd);
    }
    let mark = builder.mark();
    let mut reader =
        Reader { lines: Lines::new(text, lines_before, source), builder, levels: Vec::new(), wanting: None };
    let result = reader.document();
    if result.is_err() {
        builder.go_back_to(mark);
    }
    result
}

struct Reader<'a, 'b, 'l> {
    lines: Lines<'a>,
    builder: &'b mut Builder<'a, 'l>,
    levels: Vec<Level>,
    /// A value is wanted for the last key or dash; a null would stand there.
    wanting: Option<Position>,
}

impl<'a> Reader<'a, '_, '_> {
    fn document(&mut self) -> Result<(), Odd> {
        let first = self.lines.next();
        let mut line = first;
        let mut is_explicit = false;
        if let Some(first) = first
            && first.indent == 0
            && first.rest().starts_with("---")
        {
            if !first.is_blank_from(first.start + 3) {
                return Err(Odd);
            }
            is_explicit = true;
            self.wanting = Some(self.lines.position(&first, first.start + 3));
            line = self.lines.next();
        }
        let Some(content) = line else {
            if is_explicit {
                self.builder.start_document(Position::UNKNOWN)?;
                self.null()?;
                self.builder.end_document(Position::UNKNOWN);
            }
            return Ok(());
        };
        self.wanting = Some(self.lines.position(&content, content.start));
        self.builder.start_document(Position::UNKNOWN)?;
        while let Some(content) = line {
            self.line(&content)?;
            line = self.lines.next();
        }
        if self.wanting.is_some() {
            self.null()?;
        }
        while self.levels.pop().is_some() {
            self.builder.end()?;
        }
        self.builder.end_document(Position::UNKNOWN);
        Ok(())
    }

    /// Reads a line that is neither blank nor a comment, and what belongs to it.
    fn line(&mut self, line: &Line<'a>) -> Result<(), Odd> {
        let mut at = line.start + line.indent;
        // The end of a document, if nothing but a blank follows.
        if line.indent == 0 && line.rest().starts_with("...") {
            return Err(Odd);
        }
        while line.has_dash(at) {
            let next = line.skip_blanks(at + 1);
            self.entry(line, at, true, next)?;
            if line.is_blank_from(next) {
                self.wanting = Some(self.lines.position(line, line.end));
                return Ok(());
            }
            self.wanting = Some(self.lines.position(line, next));
            at = next;
        }
        let token = token::token(line, at, token::Context::Block)?;
        if token.is_key {
            return self.key(line, at, token);
        }
        // A scalar at the start of a line is the whole document, or belongs to the line before it.
        let starts_line = at == line.start + line.indent;
        if self.wanting.is_none()
            || (starts_line && (token.kind != token::Kind::Flow || !self.levels.is_empty()))
        {
            return Err(Odd);
        }
        self.value(line, at, token)
    }

    fn key(&mut self, line: &Line<'a>, at: usize, key: token::Token<'a>) -> Result<(), Odd> {
        self.entry(line, at, false, at)?;
        let colon = key.end;
        self.scalar(key, line, at)?;
        let next = line.skip_blanks(colon + 1);
        self.wanting = Some(self.lines.position(line, colon));
        if line.is_blank_from(next) {
            return Ok(());
        }
        if line.has_dash(next) {
            return Err(Odd);
        }
        let value = token::token(line, next, token::Context::Block)?;
        if value.is_key {
            return Err(Odd);
        }
        self.value(line, next, value)
    }

    /// Reads the value that a key or dash wants, where it stands on the same line.
    fn value(&mut self, line: &Line<'a>, at: usize, token: token::Token<'a>) -> Result<(), Odd> {
        self.wanting = None;
        match token.kind {
            token::Kind::Scalar => {
                let end = token.end;
                self.scalar(token, line, at)?;
                if line.is_blank_from(end) { Ok(()) } else { Err(Odd) }
            }
            token::Kind::Flow => {
                let end = flow::read(&self.lines, line, at, self.builder)?;
                if line.is_blank_from(end) { Ok(()) } else { Err(Odd) }
            }
            token::Kind::Literal => {
                let parent = self.levels.last().map_or(0, |level| level.column);
                let (text, position) = self.lines.literal(line, at, parent)?;
                let length = text.len();
                self.builder.scalar(
                    scalar::resolve(text, ScalarStyle::Literal, None),
                    length,
                    0,
                    position,
                )?;
                Ok(())
            }
        }
    }

    fn scalar(&mut self, token: token::Token<'a>, line: &Line<'a>, at: usize) -> Result<(), Odd> {
        token::place(token, self.lines.position(line, at), self.builder)
    }

    /// Goes to the map or list that an entry at `at` belongs to: closes what is deeper, and opens a
    /// new one where a value is wanted. `inner` is where what follows the dash stands.
    fn entry(&mut self, line: &Line<'a>, at: usize, is_list: bool, inner: usize) -> Result<(), Odd> {
        let column = at - line.start;
        if self.wanting.is_some() {
            match self.levels.last() {
                Some(level) if level.column == column && !level.is_list && is_list => {
                    // The parser places a list that is not indented at its first item.
                    if line.is_blank_from(inner) {
                        return Err(Odd);
                    }
                    return self.open(line, inner, Level { column, is_list });
                }
                Some(level) if level.column >= column => self.null()?,
                _ => return self.open(line, at, Level { column, is_list }),
            }
        }
        while let Some(&level) = self.levels.last() {
            if level == (Level { column, is_list }) {
                return Ok(());
            }
            let ends = level.column > column || (level.column == column && level.is_list);
            if !ends {
                return Err(Odd);
            }
            self.levels.pop();
            self.builder.end()?;
        }
        Err(Odd)
    }

    fn open(&mut self, line: &Line<'a>, at: usize, level: Level) -> Result<(), Odd> {
        self.wanting = None;
        self.builder.start(!level.is_list, false, 0, self.lines.position(line, at))?;
        self.levels.push(level);
        Ok(())
    }

    /// Puts a null where a value is wanted. To the limits it is as long as the `~` that the parser
    /// makes of it.
    fn null(&mut self) -> Result<(), Odd> {
        let Some(position) = self.wanting.take() else { return Ok(()) };
        self.builder.scalar(Ok(crate::tree::Value::Null), 1, 0, position)?;
        Ok(())
    }
}
