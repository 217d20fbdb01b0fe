//! The line of an input that a diagnostic points at, and how much of it to underline.

use std::ops::Range;

use gatewright_core::tree::Position;

/// Longest line shown, in bytes. A longer one (JSON without line breaks) shows only its place.
///
/// Our own bound: laying out a line costs time in its length, for every diagnostic that points at it.
const LINE_BYTES_MAX: usize = 4096;

/// Where every line of a text stands.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

/// One line and the part of it to underline.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt<'t> {
    pub(super) line: &'t str,
    /// Bytes of `line`.
    pub(super) span: Range<usize>,
}

impl<'t> Lines<'t> {
    /// Splits as YAML does: at line feeds, carriage returns, and the pair of both.
    pub(super) fn of(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |at: usize| match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let starts =
            std::iter::once(0).chain((0..bytes.len()).filter(|at| ends_line(*at)).map(|at| at + 1)).collect();
        Self { text, starts }
    }

    /// The excerpt of a position; `None` where there is no such place or its line is too long to show.
    pub(super) fn excerpt(&self, position: Position) -> Option<Excerpt<'t>> {
        let index = usize::try_from(position.line.checked_sub(1)?).ok()?;
        let start = *self.starts.get(index)?;
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end)?.trim_end_matches(['\r', '\n']);
        if line.len() > LINE_BYTES_MAX {
            return None;
        }
        let characters = usize::try_from(position.column.saturating_sub(1)).ok()?;
        let from = line.char_indices().nth(characters).map_or(line.len(), |(at, _)| at);
        let (before, rest) = line.split_at(from);
        Some(Excerpt { line, span: from..from + extent(before, rest) })
    }
}

/// How many bytes the YAML token at the start of `rest` has, as far as one line can tell.
fn extent(before: &str, rest: &str) -> usize {
    let token = match rest.bytes().next() {
        Some(b'"') => quoted(rest, '"', true),
        Some(b'\'') => quoted(rest, '\'', false),
        Some(b'[' | b'{') => &rest[..1],
        _ => plain(rest, before.contains(['[', '{'])),
    };
    token.trim_end().len()
}

/// Up to the closing quote; of a text that goes on in the next line, all of this one.
fn quoted(rest: &str, quote: char, backslash_escapes: bool) -> &str {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' if backslash_escapes => escaped = true,
            _ if character == quote => return &rest[..=at],
            _ => {}
        }
    }
    rest
}

/// Up to the colon of a key, a comment or, in a flow collection, the end of the item.
fn plain(rest: &str, in_flow: bool) -> &str {
    let ends = |at: usize, character: char| {
        let next = rest[at + character.len_utf8()..].chars().next();
        match character {
            ':' => next.is_none_or(char::is_whitespace),
            '#' => rest[..at].ends_with(char::is_whitespace),
            ',' | ']' | '}' => in_flow,
            _ => false,
        }
    };
    rest.char_indices().find(|(at, character)| ends(*at, *character)).map_or(rest, |(at, _)| &rest[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn underlined(text: &str, line: u32, column: u32) -> Option<&str> {
        let excerpt = Lines::of(text).excerpt(Position { source: 0, line, column })?;
        Some(&excerpt.line[excerpt.span])
    }

    #[test]
    fn underlines_the_token_at_the_position() {
        assert_eq!(underlined("name: web server # ours", 1, 1), Some("name"));
        assert_eq!(underlined("name: web server # ours", 1, 7), Some("web server"));
        assert_eq!(underlined(r#"a: "b \" c" # d"#, 1, 4), Some(r#""b \" c""#));
        assert_eq!(underlined("a: {b: c, d: e}", 1, 8), Some("c"));
        assert_eq!(underlined("a: b, c", 1, 4), Some("b, c"));
        assert_eq!(underlined("a: http://b:80/#c", 1, 4), Some("http://b:80/#c"));
    }

    #[test]
    fn counts_columns_in_characters() {
        assert_eq!(underlined("größe: ä", 1, 8), Some("ä"));
    }

    #[test]
    fn counts_every_kind_of_line_break_once() {
        assert_eq!(underlined("a\r\nb\rc\nd", 4, 1), Some("d"));
    }

    #[test]
    fn shows_nothing_of_a_place_that_does_not_exist() {
        assert_eq!(underlined("a", 0, 0), None);
        assert_eq!(underlined("a", 9, 1), None);
        assert_eq!(underlined("a", 1, 9), Some(""));
    }

    #[test]
    fn shows_nothing_of_a_line_too_long_to_lay_out() {
        assert_eq!(underlined(&"a".repeat(LINE_BYTES_MAX + 1), 1, 1), None);
    }
}
