//! Formats of texts.
//!
//! Source: `k8s.io/kube-openapi` `pkg/validation/strfmt`, `k8s.io/apiextensions-apiserver` v0.36.2
//! `pkg/apiserver/validation/formats.go`. Formats that stand in neither place are no bound.

use gatewright_core::check::api;

/// A format and whether a text is of it.
type Format = (&'static str, fn(&str) -> bool);

/// Formats of which we know exactly what they take.
pub(crate) const CERTAIN: &[Format] =
    &[("byte", is_base64), ("ipv4", api::is_ipv4), ("ipv6", api::is_ipv6), ("uuid", is_uuid)];

/// Formats that the API server reads with more patience than we know of, and what it surely takes.
const UNCERTAIN: &[Format] = &[
    ("bsonobjectid", |text| text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit())),
    ("cidr", |_| false),
    ("creditcard", |_| false),
    ("date", is_date),
    ("date-time", is_time),
    ("datetime", is_time),
    ("duration", |text| crate::duration::nanoseconds(text).is_some()),
    ("email", |_| false),
    ("hexcolor", |_| false),
    ("hostname", is_plain_hostname),
    ("isbn", |_| false),
    ("isbn10", |_| false),
    ("isbn13", |_| false),
    ("k8s-long-name", |_| false),
    ("k8s-short-name", |_| false),
    ("mac", |_| false),
    ("rgbcolor", |_| false),
    ("ssn", |_| false),
    ("uri", |text| text.strip_prefix("https://").is_some_and(is_plain_hostname)),
    ("uuid3", |_| false),
    ("uuid4", |_| false),
    ("uuid5", |_| false),
];

/// Whether it is not known here if a text is of a format.
pub(crate) fn is_uncertain(format: &str, text: &str) -> bool {
    UNCERTAIN.iter().any(|(name, surely)| *name == format && !surely(text))
}

/// Whether there are texts of which it is not known.
pub(crate) fn may_be_uncertain(format: &str) -> bool {
    UNCERTAIN.iter().any(|(name, _)| *name == format)
}

/// Empty is no base64, to the API server.
fn is_base64(text: &str) -> bool {
    !text.is_empty() && base64(text).is_some()
}

/// The bytes of a text in base64 with padding.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    let padding = bytes.iter().rev().take_while(|byte| **byte == b'=').count();
    if !bytes.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let mut decoded = Vec::with_capacity(bytes.len() / 4 * 3);
    for chunk in bytes[..bytes.len() - padding].chunks(4) {
        let mut bits = 0;
        for byte in chunk {
            let value = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(value);
        }
        let missing = 4 - chunk.len();
        bits <<= 6 * missing;
        decoded.extend(&bits.to_be_bytes()[1..4 - missing]);
    }
    Some(decoded)
}

/// 32 digits, with or without a hyphen between each two parts.
fn is_uuid(text: &str) -> bool {
    let mut rest = text.as_bytes();
    for (index, length) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        if index > 0 {
            rest = rest.strip_prefix(b"-").unwrap_or(rest);
        }
        let Some((part, after)) = rest.split_at_checked(length) else { return false };
        if !part.iter().all(u8::is_ascii_hexdigit) {
            return false;
        }
        rest = after;
    }
    rest.is_empty()
}

/// `2006-01-02`, of a day that every month has.
fn is_date(text: &str) -> bool {
    shaped(text, "0000-00-00") && within(text, 5, 1, 12) && within(text, 8, 1, 28)
}

/// `2006-01-02T15:04:05Z`, of a day that every month has.
fn is_time(text: &str) -> bool {
    shaped(text, "0000-00-00T00:00:00Z")
        && is_date(&text[..10])
        && within(text, 11, 0, 23)
        && within(text, 14, 0, 59)
        && within(text, 17, 0, 59)
}

/// Whether a text has a digit for each `0` of a form, and else its characters.
fn shaped(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(found, wanted)| match wanted {
            b'0' => found.is_ascii_digit(),
            wanted => found == wanted,
        })
}

/// Whether two digits are a number within bounds.
fn within(text: &str, at: usize, least: u8, most: u8) -> bool {
    let number = text.get(at..at + 2).and_then(|digits| digits.parse().ok());
    number.is_some_and(|number: u8| (least..=most).contains(&number))
}

fn is_plain_hostname(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.len() < 64 && label.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    text.len() < 254 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::{base64, is_uncertain, is_uuid};

    #[test]
    fn decodes_base64() {
        for (text, expected) in [
            ("", Some("")),
            ("YQ==", Some("a")),
            ("YWI=", Some("ab")),
            ("YWJj", Some("abc")),
            ("YWJjZA==", Some("abcd")),
        ] {
            assert_eq!(base64(text).as_deref(), expected.map(str::as_bytes), "{text}");
        }
        for text in ["Y", "YQ", "YQ=", "YQ===", "Y!==", "====", "YQ==YQ=="] {
            assert_eq!(base64(text), None, "{text}");
        }
    }

    #[test]
    fn says_only_what_it_knows() {
        assert!(
            is_uuid("123e4567-e89b-12d3-a456-426614174000") && is_uuid("123e4567e89b12d3a456426614174000")
        );
        assert!(
            !is_uuid("123e4567-e89b-12d3-a456-42661417400")
                && !is_uuid("123e4567-e89b-12d3-a456426-614174000")
        );
        assert!(
            !is_uncertain("date-time", "2026-10-20T09:59:59Z")
                && is_uncertain("date-time", "2026-13-20T09:59:59Z")
        );
        assert!(is_uncertain("date-time", "2026-1-1") && is_uncertain("email", "a@example.com"));
        assert!(!is_uncertain("password", "x") && !is_uncertain("anything", "x"));
    }
}
