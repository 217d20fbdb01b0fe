//! Characters and escapes that Go's reader refuses, or reads as another line structure than ours.

use std::fmt::Write as _;

/// The first character that may not stand unescaped in a text, with its byte offset.
///
/// These are control characters other than tab and line ends, which no reader takes, and NEL,
/// U+2028 and U+2029, which end a line in YAML 1.1 (Go) and are ordinary text in YAML 1.2.
#[expect(clippy::needless_bitwise_bool, reason = "a loop without branches is vectorised")]
pub(super) fn forbidden(text: &str) -> Option<(usize, char)> {
    // Nearly every text is ASCII, and done with here.
    let suspicious = text.bytes().fold(false, |seen, byte| {
        seen | (byte >= 0x7f) | ((byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r'))
    });
    if !suspicious {
        return None;
    }
    text.char_indices().find(|&(_, character)| is_forbidden(character))
}

fn is_forbidden(character: char) -> bool {
    matches!(character,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}

/// JSON with escapes in place of the characters that may not stand in YAML: in JSON they stand in quotes alone.
pub(super) fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if is_forbidden(character) {
            // Writing to a text cannot fail.
            let _ = write!(escaped, "\\u{:04x}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Line and column, both 1-based, of a byte offset; `\r\n`, `\n` and `\r` end a line.
pub(super) fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let (mut line, mut column, mut previous) = (1, 1, '\0');
    for character in before.chars() {
        match character {
            '\n' if previous == '\r' => {}
            '\n' | '\r' => (line, column) = (line + 1, 1),
            _ => column += 1,
        }
        previous = character;
    }
    (line, column)
}

/// The text in parts that each begin with a byte-order mark, but for the first; and how many lines
/// stand before each.
///
/// The parser takes a mark only at the start of its text, YAML and Helm at the start of every
/// document: files joined by `---` lines may each bring their own. The `---` line goes with the mark.
pub(super) fn parts(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut lines) = (0, 0);
    for (mark, _) in text.match_indices('\u{feff}') {
        let Some(before) = text.get(start..mark).and_then(|before| before.strip_suffix(['\n', '\r'])) else {
            continue;
        };
        let before = before.strip_suffix('\r').unwrap_or(before);
        let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        if before.get(line..).is_some_and(|line| line.trim_end() == "---") {
            parts.push((lines, before.get(..line).unwrap_or("")));
            lines += place(text.get(start..).unwrap_or(""), mark - start).0 - 1;
            start = mark;
        }
    }
    parts.push((lines, text.get(start..).unwrap_or("")));
    parts
}

/// A byte-order mark that starts a line other than a document's first: to some readers it is text.
pub(super) fn stray_mark(part: &str) -> Option<usize> {
    let starts_line =
        |&offset: &usize| part.get(..offset).is_some_and(|before| before.ends_with(['\n', '\r']));
    part.match_indices('\u{feff}').map(|(offset, _)| offset).find(starts_line)
}

/// The first escape of a double-quoted scalar's source that Go refuses: `\/`, and the halves of
/// surrogate pairs, which JSON writes for characters above U+FFFF.
pub(super) fn refused_escape(source: &str) -> Option<&str> {
    let bytes = source.as_bytes();
    let mut index = 0;
    while let Some(found) = bytes.get(index..).and_then(|rest| rest.iter().position(|&byte| byte == b'\\')) {
        let start = index + found;
        let code = source.get(start + 1..).unwrap_or("");
        if code.starts_with('/') {
            return source.get(start..start + 2);
        }
        let surrogate = code.strip_prefix('u').or_else(|| code.strip_prefix("U0000")).is_some_and(|digits| {
            let digits = digits.as_bytes();
            matches!(digits.first(), Some(b'd' | b'D'))
                && matches!(digits.get(1), Some(b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F'))
        });
        if surrogate {
            let length = if code.starts_with('u') { 6 } else { 10 };
            return source.get(start..start + length).or(Some("\\u"));
        }
        index = start + 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_forbidden_character() {
        assert_eq!(forbidden("a: b\r\n\tc: é 😀 \u{feff}\n"), None);
        assert_eq!(forbidden("a: \u{7}"), Some((3, '\u{7}')));
        assert_eq!(forbidden("é: \u{2028}"), Some((4, '\u{2028}')));
    }

    #[test]
    fn counts_every_kind_of_line_end() {
        assert_eq!(place("a\r\nb\rc\nd", 7), (4, 1));
        assert_eq!(place("é: x", 4), (1, 4));
    }

    #[test]
    fn parts_a_text_at_marks_behind_document_lines() {
        assert_eq!(parts("\u{feff}a: 1\n"), [(0, "\u{feff}a: 1\n")]);
        assert_eq!(parts("a: 1\n---\n\u{feff}b: 2\n"), [(0, "a: 1\n"), (2, "\u{feff}b: 2\n")]);
        let text = "---\r\n\u{feff}a\r\n--- \r\n\u{feff}b";
        assert_eq!(parts(text), [(0, ""), (1, "\u{feff}a\r\n"), (3, "\u{feff}b")]);
        assert_eq!(parts("a: \u{feff}\n\u{feff}b"), [(0, "a: \u{feff}\n\u{feff}b")]);
    }

    #[test]
    fn finds_surrogates_but_not_escaped_backslashes() {
        assert_eq!(refused_escape(r#""\ud83d\ude00""#), Some(r"\ud83d"));
        assert_eq!(refused_escape(r#""\\ud83d""#), None);
        assert_eq!(refused_escape(r#""\U0000DC00""#), Some(r"\U0000DC00"));
        assert_eq!(refused_escape(r#""a\/b""#), Some(r"\/"));
        assert_eq!(refused_escape(r#""\ud7ff\ue000""#), None);
    }
}
