//! Texts and lists of strangers in what we say: bounded, and with the size of what was cut.

use std::borrow::Cow;

/// The start of a text that is longer than so many bytes, and its size: `aaaa… (1048576 bytes)`.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let start = &text[..text.floor_char_boundary(most)];
    Cow::Owned(format!("{start}… ({} bytes)", text.len()))
}

/// The same for a text that says something at its end too, which is kept: a message names a bound behind the value
/// that crosses it.
pub fn abridged(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let half = most / 2;
    let start = &text[..text.floor_char_boundary(half)];
    let end = &text[text.ceil_char_boundary(text.len() - half)..];
    Cow::Owned(format!("{start}… ({} bytes) …{end}", text.len()))
}

/// Texts with one between them. (The standard library's `join` is written once for each length of that one, which the policy module
/// has no room for.)
pub fn joined(texts: &[&str], between: &str) -> String {
    let mut joined = String::new();
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            joined.push_str(between);
        }
        joined.push_str(text);
    }
    joined
}

/// Most names that a message lists; the others are counted. Our own bound.
const LISTED: usize = 8;

/// Names in words, in their order: `a, b and 3 more`.
pub fn listed<N: ToString>(names: impl IntoIterator<Item = N>) -> String {
    let mut names = names.into_iter();
    first(LISTED, &mut || Some(names.next()?.to_string()))
}

/// The same, with as many names as there is room for. (What gives them is no iterator: each type of those would bring a table of
/// methods along.)
pub fn first(most: usize, next: &mut dyn FnMut() -> Option<String>) -> String {
    let mut listed = String::new();
    let mut count = 0;
    while let Some(name) = next() {
        count += 1;
        if count > most {
            continue;
        }
        if count > 1 {
            listed.push_str(", ");
        }
        listed.push_str(&name);
    }
    match count.saturating_sub(most) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beyond_the_eighth_are_counted() {
        assert_eq!(listed(1..=8), "1, 2, 3, 4, 5, 6, 7, 8");
        assert_eq!(listed(1..=10), "1, 2, 3, 4, 5, 6, 7, 8 and 2 more");
    }

    #[test]
    fn one_text_stands_between_each_two() {
        assert_eq!(joined(&["a", "", "b"], ", "), "a, , b");
        assert_eq!(joined(&["", "a"], ","), ",a");
        assert_eq!(joined(&[], ","), "");
    }

    #[test]
    fn cuts_between_characters_and_tells_the_size() {
        assert_eq!(shortened("abc", 3), "abc");
        assert_eq!(shortened("abcd", 3), "abc… (4 bytes)");
        assert_eq!(shortened("ééé", 3), "é… (6 bytes)");
        assert_eq!(abridged("abcdef", 6), "abcdef");
        assert_eq!(abridged("abcdefg", 4), "ab… (7 bytes) …fg");
        assert_eq!(abridged("éééé", 6), "é… (8 bytes) …é");
    }
}
