//! How a text is written so that every reader of YAML, 1.1 or 1.2, gives it back.

use super::word;

/// Plain text may not hold the byte.
const FOREIGN: u8 = 1;
/// Plain text may start with the byte.
const FIRST: u8 = 2;
/// The byte occurs in no number, date, time, `.inf` or `.nan`.
const WORDY: u8 = 4;
/// The byte is harmless only in some places: `: `, ` #`, and both at the end.
const WATCHED: u8 = 8;

const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [FOREIGN; 256];
    let mut byte = 0x20;
    while byte < 0x7f {
        let byte_class = if is_first(byte) { FIRST } else { 0 }
            | if is_numeric(byte) { 0 } else { WORDY }
            | if matches!(byte, b' ' | b':' | b'#') { WATCHED } else { 0 };
        classes[byte as usize] = byte_class;
        byte += 1;
    }
    classes
}

const fn is_first(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'/' | b'_' | b'$' | b'(' | b'.' | b'\\' | b'+' | b'^' | b';')
}

/// Digits of any base, signs, marks of exponent, base, time and zone, and the letters of `inf`, `nan`.
const fn is_numeric(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
        || matches!(byte, b'+' | b'-' | b'.' | b'_' | b':' | b' ')
        || matches!(byte.to_ascii_lowercase(), b'x' | b'o' | b't' | b'z' | b'i' | b'n')
}

/// Whether a text is a string to every reader when it stands there as it is.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else { return false };
    let class = |byte: u8| CLASSES.get(usize::from(byte)).copied().unwrap_or(FOREIGN);
    if class(first) & FIRST == 0 {
        return false;
    }
    let some = bytes.iter().fold(0, |some, byte| some | class(*byte));
    some & FOREIGN == 0
        && (some & WORDY != 0 || !matches!(first, b'0'..=b'9' | b'.' | b'+'))
        && (some & WATCHED == 0 || has_no_indicator(bytes))
        // At the start of a line, `... ` ends the document.
        && !bytes.starts_with(b"...")
        && !word::is_reserved(text)
}

/// Neither `: ` nor ` #`, nor a blank or colon at the end.
fn has_no_indicator(bytes: &[u8]) -> bool {
    !matches!(bytes.last(), Some(b' ' | b':'))
        && !bytes.array_windows().any(|pair| matches!(pair, b": " | b" #"))
}

/// Whether a text may be written as a block literal: lines of printable characters, of which the
/// first starts with no blank and none ends with one, and at most one line end at the end.
pub(super) fn is_literal(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    text.contains('\n')
        && !body.starts_with([' ', '\n'])
        && !body.ends_with(['\n', ' '])
        && !body.contains(" \n")
        && !body.is_empty()
        && text.chars().all(|character| {
            character == '\n'
                || escape(character).is_none_or(|code| code == Code::Short('"') || code == Code::Short('\\'))
        })
}

/// How a character is written in double quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    /// `\` and this.
    Short(char),
    /// `\x` and two digits.
    Byte,
    /// `\u` and four digits.
    Unicode,
}

/// The escape of a character that cannot stand for itself in double quotes.
fn escape(character: char) -> Option<Code> {
    Some(match character {
        '"' | '\\' => Code::Short(character),
        '\n' => Code::Short('n'),
        '\t' => Code::Short('t'),
        '\r' => Code::Short('r'),
        '\u{8}' => Code::Short('b'),
        '\u{c}' => Code::Short('f'),
        '\0'..='\u{1f}' | '\u{7f}' => Code::Byte,
        '\u{80}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => Code::Unicode,
        _ => return None,
    })
}

/// Writes a text in double quotes.
pub(super) fn quoted(text: &str, out: &mut String) {
    out.push('"');
    let mut written = 0;
    for (index, character) in text.char_indices() {
        // The usual letters and digits take this one comparison.
        if character > '\\' && character < '\u{7f}' {
            continue;
        }
        let Some(code) = escape(character) else { continue };
        out.push_str(text.get(written..index).unwrap_or(""));
        written = index + character.len_utf8();
        out.push('\\');
        match code {
            Code::Short(letter) => out.push(letter),
            Code::Byte => {
                out.push('x');
                hexadecimal(character, 2, out);
            }
            Code::Unicode => {
                out.push('u');
                hexadecimal(character, 4, out);
            }
        }
    }
    out.push_str(text.get(written..).unwrap_or(""));
    out.push('"');
}

fn hexadecimal(character: char, digits: u32, out: &mut String) {
    for place in (0..digits).rev() {
        out.extend(char::from_digit(u32::from(character) >> (4 * place) & 0xf, 16));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_harmless_text_plain() {
        for text in [
            "external-gateway",
            "gateway.networking.k8s.io/v1",
            "/api",
            "10s",
            "80/tcp",
            "a b",
            "a:b",
            "a#b",
            "http://x:80/",
            "v1.2.3",
            "(a, b)",
            "a{b}",
            "x=y",
            "yesno",
            "e1g",
            "_x",
            "$host",
            "^/v[0-9]+$",
        ] {
            assert!(is_plain(text), "{text}");
        }
    }

    #[test]
    fn quotes_whatever_some_reader_takes_for_something_else() {
        for text in [
            "",
            "y",
            "N",
            "yes",
            "Off",
            "TRUE",
            "null",
            "~",
            "nan",
            "Inf",
            "1",
            "0644",
            "0x1F",
            "0b1",
            "1_000",
            "1e3",
            "1.5",
            ".5",
            "+1",
            "-1",
            ".inf",
            "12:30",
            "12:30:45",
            "2001-12-14",
            "2001-12-14t21:59:43Z",
            "2001-12-14 21:59:43",
            "=",
            "<<",
            "*.example.com",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "#a",
            "- a",
            "? a",
            "a: b",
            "a #b",
            "a:",
            "a ",
            " a",
            "[a]",
            "{a}",
            "'a'",
            "\"a\"",
            "|",
            ">",
            "---",
            "...",
            "... a",
            "...  ...   a{",
            "é",
            "a\tb",
            "a\nb",
            "a\u{7f}",
        ] {
            assert!(!is_plain(text), "{text}");
        }
    }

    #[test]
    fn escapes_as_json_where_it_can() {
        let mut out = String::new();
        quoted("a\"\\\n\t\u{7}\u{7f}\u{85}\u{2028}\u{feff}é😀", &mut out);
        assert_eq!(out, "\"a\\\"\\\\\\n\\t\\x07\\x7f\\u0085\\u2028\\ufeffé😀\"");
    }

    #[test]
    fn takes_literals_only_for_clean_lines() {
        for text in ["a\nb", "a\n", "a\n\n  b\n", "é\n\"x\"\\"] {
            assert!(is_literal(text), "{text:?}");
        }
        for text in ["a", "\n", " a\nb", "\na", "a \nb", "a\n\n", "a\n ", "a\tb\nc", "a\r\nb", "a\nb\u{85}"] {
            assert!(!is_literal(text), "{text:?}");
        }
    }
}
