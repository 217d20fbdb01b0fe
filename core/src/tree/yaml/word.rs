//! The words that stand for something else than their text.

/// What a plain word is to Go's reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Null,
    Bool(bool),
}

/// Reads a word exactly as spelt: `yes`, `Yes`, `YES`, but not `yEs`.
pub(super) fn word(text: &str) -> Option<Word> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Word::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Word::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Word::Bool(false)
        }
        _ => return None,
    })
}

/// `.inf` and `.nan` with any sign, in the spellings of YAML 1.1.
pub(super) fn non_finite(text: &str) -> Option<f64> {
    Some(match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => f64::INFINITY,
        "-.inf" | "-.Inf" | "-.INF" => f64::NEG_INFINITY,
        ".nan" | ".NaN" | ".NAN" => f64::NAN,
        _ => return None,
    })
}

/// Whether some reader of YAML, in any case, takes the word for a boolean, null or a float.
pub(super) fn is_reserved(text: &str) -> bool {
    let words: &[&str] = match text.as_bytes().first().map(u8::to_ascii_lowercase) {
        Some(b'y') => &["y", "yes"],
        Some(b'n') => &["n", "no", "null", "nan"],
        Some(b'o') => &["on", "off"],
        Some(b't') => &["true"],
        Some(b'f') => &["false"],
        Some(b'i') => &["inf", "infinity"],
        _ => return false,
    };
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}
