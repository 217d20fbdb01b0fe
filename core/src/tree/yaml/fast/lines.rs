//! Lines, and blocks of them.

use std::borrow::Cow;

use super::Odd;
use crate::tree::Position;

/// The lines of one document that say something.
pub(super) struct Lines<'a> {
    text: &'a str,
    /// Start of the next line.
    next: usize,
    /// Number of the next line.
    number: u32,
    source: u16,
    is_ascii: bool,
}

/// One line, by byte offsets into the document.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
    /// Without the line's end.
    pub(super) end: usize,
    /// Spaces before its first character.
    pub(super) indent: usize,
    number: u32,
}

impl<'a> Line<'a> {
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.start..self.end).unwrap_or("")
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        if at < self.end { self.text.as_bytes().get(at).copied() } else { None }
    }

    pub(super) fn skip_blanks(&self, mut at: usize) -> usize {
        while self.byte(at) == Some(b' ') {
            at += 1;
        }
        at
    }

    /// Whether only blanks, or blanks and a comment, follow.
    pub(super) fn is_blank_from(&self, at: usize) -> bool {
        let next = self.skip_blanks(at);
        match self.byte(next) {
            None => true,
            Some(b'#') => next > self.start && self.byte(next - 1) == Some(b' '),
            Some(_) => false,
        }
    }

    /// Whether a dash that starts an entry stands there.
    pub(super) fn has_dash(&self, at: usize) -> bool {
        self.byte(at) == Some(b'-') && matches!(self.byte(at + 1), None | Some(b' '))
    }
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str, lines_before: usize, source: u16) -> Self {
        let number = u32::try_from(lines_before).unwrap_or(u32::MAX).saturating_add(1);
        Self { text, next: 0, number, source, is_ascii: text.is_ascii() }
    }

    /// The next line that is neither blank nor a comment.
    pub(super) fn next(&mut self) -> Option<Line<'a>> {
        while let Some(line) = self.any() {
            match line.byte(line.start + line.indent) {
                None | Some(b'#') => {}
                Some(_) => return Some(line),
            }
        }
        None
    }

    fn any(&mut self) -> Option<Line<'a>> {
        let rest = self.text.get(self.next..).filter(|rest| !rest.is_empty())?;
        let start = self.next;
        let length = rest.find('\n');
        let end = length.map_or(self.text.len(), |length| start + length);
        let indent = rest.bytes().take_while(|&byte| byte == b' ').count();
        let line = Line { text: self.text, start, end, indent, number: self.number };
        self.next = if length.is_some() { end + 1 } else { end };
        self.number = self.number.saturating_add(1);
        Some(line)
    }

    /// Whether columns of a line can be had often: of a long line with other characters than ASCII
    /// each one costs a walk.
    pub(super) fn counts_fast(&self, line: &Line<'a>) -> bool {
        const LONG: usize = 1000;
        self.is_ascii || line.end - line.start < LONG
    }

    /// Line and column of a byte of a line.
    pub(super) fn position(&self, line: &Line<'a>, at: usize) -> Position {
        let before = if self.is_ascii {
            at - line.start
        } else {
            self.text.get(line.start..at).map_or(0, |before| before.chars().count())
        };
        let column = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
        Position { source: self.source, line: line.number, column }
    }

    /// Reads the lines that `|` or `|-` at `at` announces; `parent` is the column they must exceed.
    pub(super) fn literal(
        &mut self,
        line: &Line<'a>,
        at: usize,
        parent: usize,
    ) -> Result<(Cow<'a, str>, Position), Odd> {
        let keeps_end = line.byte(at + 1) != Some(b'-');
        if !line.is_blank_from(if keeps_end { at + 1 } else { at + 2 }) {
            return Err(Odd);
        }
        let first = self.any().ok_or(Odd)?;
        let column = first.indent;
        if column <= parent || first.byte(first.start + column).is_none() {
            return Err(Odd);
        }
        let position = self.position(&first, first.start + column);
        let mut text = String::new();
        let mut line = first;
        loop {
            let is_blank = line.byte(line.start + line.indent).is_none();
            // A line of blanks, deeper than the text, is text.
            if is_blank && line.indent > column {
                return Err(Odd);
            }
            if !is_blank {
                text.push_str(self.text.get(line.start + column..line.end).ok_or(Odd)?);
            }
            text.push('\n');
            // Without a line end the parser decides what the last line is.
            if line.end == self.text.len() {
                return Err(Odd);
            }
            let (next, number) = (self.next, self.number);
            let Some(following) = self.any() else { break };
            let ends =
                following.byte(following.start + following.indent).is_some() && following.indent < column;
            if ends {
                if following.indent > parent {
                    return Err(Odd);
                }
                (self.next, self.number) = (next, number);
                break;
            }
            line = following;
        }
        let length = text.trim_end_matches('\n').len();
        text.truncate(if keeps_end { length + 1 } else { length });
        Ok((Cow::Owned(text), position))
    }
}
