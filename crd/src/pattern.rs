//! Regular expressions of Go in the language of the crate `regex`.
//!
//! Both come from RE2, but the crate's `\d`, `\w`, `\s` and `\b` know Unicode, and its classes nest.
//! Source: `regexp/syntax` of Go, and the documentation of `regex` 1.

use std::fmt::Write as _;

use gatewright_core::check::semantic::repeats_too_much;
use jsonschema::{Keyword, ValidationError};
use regex::{Regex, RegexBuilder};
use serde_json::Value;

/// Most memory of a pattern that is only parsed; our own bound.
const PARSED_BYTES: usize = 1 << 12;

/// A pattern of a schema.
pub(crate) struct Pattern {
    text: String,
    regex: Regex,
}

impl Pattern {
    /// Compiles what stands under the keyword.
    pub(crate) fn of(value: &Value) -> Result<Self, ValidationError<'_>> {
        let text = value.as_str().unwrap_or_default();
        match Regex::new(&translated(text)) {
            Ok(regex) => Ok(Self { text: text.to_owned(), regex }),
            Err(fault) => {
                Err(ValidationError::custom(format!("the pattern {text:?} cannot be used here: {fault}")))
            }
        }
    }
}

impl<'i> Keyword<'i> for Pattern {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) { Ok(()) } else { Err(ValidationError::custom(&self.text)) }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        instance.as_str().is_none_or(|text| self.regex.is_match(text))
    }
}

/// A pattern that matches what Go's would.
pub(crate) fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(letter) => escape(letter, in_class, &mut out),
                None => out.push('\\'),
            },
            '[' if !in_class => {
                in_class = true;
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                // A bracket that comes first stands for itself.
                if chars.next_if_eq(&']').is_some() {
                    out.push_str("\\]");
                }
            }
            // A named class, for example `[:alpha:]`.
            '[' if chars.peek() == Some(&':') => {
                out.push('[');
                for c in chars.by_ref() {
                    out.push(c);
                    if c == ']' {
                        break;
                    }
                }
            }
            '[' | '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            // Two of them would take one class from another.
            '-' if in_class && chars.next_if_eq(&'-').is_some() => out.push_str("\\--"),
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            c => out.push(c),
        }
    }
    out
}

/// Why Go does not compile a pattern, where that is sure. `\\Q` and `\\C` are not known here.
pub(crate) fn not_a_pattern(pattern: &str) -> Option<String> {
    if pattern.contains(r"\Q") || pattern.contains(r"\C") {
        return None;
    }
    // Only the syntax counts: what is parsed need not be compiled to its end.
    match RegexBuilder::new(&translated(pattern)).size_limit(PARSED_BYTES).build() {
        Err(regex::Error::Syntax(fault)) => {
            let why = fault.lines().last().unwrap_or_default();
            Some(why.trim_start_matches("error: ").to_owned())
        }
        _ if repeats_too_much(pattern) => Some("it repeats a repetition, or more than 1000 times".to_owned()),
        _ => None,
    }
}

fn escape(letter: char, in_class: bool, out: &mut String) {
    match letter {
        'd' => out.push_str("[0-9]"),
        'D' => out.push_str("[^0-9]"),
        'w' => out.push_str("[0-9A-Za-z_]"),
        'W' => out.push_str("[^0-9A-Za-z_]"),
        's' => out.push_str(r"[\t\n\x0c\r ]"),
        'S' => out.push_str(r"[^\t\n\x0c\r ]"),
        'b' | 'B' if !in_class => {
            let _ = write!(out, "(?-u:\\{letter})");
        }
        letter => {
            out.push('\\');
            out.push(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::translated;

    #[test]
    fn matches_what_go_matches() {
        // Found with Go 1.26.8: `regexp.MustCompile(pattern).MatchString(text)`.
        for (pattern, text, expected) in [
            (r"^\d+$", "12", true),
            (r"^\d+$", "१२", false),
            (r"^[\d.]+$", "1.2", true),
            (r"^\w+$", "é", false),
            (r"^[^\s]+$", "a\u{a0}b", true),
            (r"^[[]$", "[", true),
            (r"^[]a]+$", "]a", true),
            (r"^[^]]$", "]", false),
            (r"^[a&&b]+$", "a&b", true),
            (r"^[a~~b]+$", "~", true),
            (r"^[[:alpha:]-]+$", "a-b", true),
            (r"^[a\-z]+$", "-", true),
            (r"^[+--]+$", "-", true),
            (r"^.$", "é", true),
            (r"\bé", "aé", true),
        ] {
            let regex = Regex::new(&translated(pattern)).expect(pattern);
            assert_eq!(regex.is_match(text), expected, "{pattern} as {} on {text}", translated(pattern));
        }
    }
}
