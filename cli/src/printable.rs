//! Texts that others wrote, for terminals and logs.

use std::borrow::Cow;

/// The same text on one line, with every character replaced that a terminal obeys or does not show: one for
/// one, so that columns stay. Tabs remain. A line of its own could be a command to whoever reads a log:
/// GitHub's runner obeys `::error::`, also behind blanks.
///
/// Besides controls these are the soft hyphen, zero-width and invisible characters, and marks that turn
/// the direction of what follows (Unicode 16.0, general categories Cc and Cf, Zl and Zp).
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(commands) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if commands(c) { char::REPLACEMENT_CHARACTER } else { c }).collect())
}

fn commands(character: char) -> bool {
    match character {
        '\t' => false,
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        other => other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_one_for_one() {
        assert_eq!(
            printable("a\x1b[2J\u{9b}b\r\n\tc\u{7f}"),
            "a\u{fffd}[2J\u{fffd}b\u{fffd}\u{fffd}\tc\u{fffd}"
        );
        for hidden in ['\u{ad}', '\u{200b}', '\u{202e}', '\u{2066}', '\u{feff}', '\u{fffa}', '\u{e0041}'] {
            assert_eq!(printable(&format!("a{hidden}b")), "a\u{fffd}b", "{hidden:?}");
        }
    }

    #[test]
    fn keeps_what_can_be_seen() {
        let text = "größe: 日本 😀 é\u{301}…";
        assert!(matches!(printable(text), Cow::Borrowed(same) if same == text));
    }
}
