//! Rules for texts in values, each with whose rule it is.

use std::borrow::Cow;

use super::shape::{Text, Verdict};
use crate::hostname::{Hostname, LABEL_MAX, first_other};
use crate::limits::OBJECT_NAME_MAX;
use crate::release::Release;

/// Any text, empty too.
pub static ANY: Text =
    Text { what: "a string", pattern: None, takes_decimals: false, check: |_| Verdict::Fine };

/// Any text with at least one character.
pub static NOT_EMPTY: Text = Text {
    what: "a string of at least one character",
    pattern: Some("^[\\s\\S]+$"),
    takes_decimals: false,
    check: |text| if text.is_empty() { wrong("is empty", "") } else { Verdict::Fine },
};

/// A value of a header or query parameter.
///
/// Source: Gateway API v1.6.1, `HeaderMatch.value`: 1 to 4096 characters.
pub static HEADER_VALUE: Text = Text {
    what: "a header value of 1 to 4096 characters",
    pattern: None,
    takes_decimals: false,
    check: |text| match text.chars().count() {
        _ if text.chars().any(|c| c.is_control() && c != '\t') => {
            wrong("has a control character, which no header may hold", "")
        }
        0 => wrong(
            "is empty",
            "give a value; to match a header with any value use `type: RegularExpression` and `.*`",
        ),
        1..=4096 => Verdict::Fine,
        count => wrong(&format!("has {count} characters, but Gateway API allows 4096"), ""),
    },
};

/// RFC 1123 label: names of services, namespaces.
///
/// Source: Kubernetes v1.36, `IsDNS1123Label`.
pub static DNS_LABEL: Text = Text {
    what: "a DNS label",
    pattern: Some("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"),
    takes_decimals: false,
    check: dns_label,
};

/// RFC 1123 subdomain: names of Kubernetes objects, listeners and rules.
///
/// Source: Kubernetes v1.36, `IsDNS1123Subdomain`; Gateway API v1.6.1, `SectionName`.
pub static OBJECT_NAME: Text = Text {
    what: "a DNS subdomain",
    pattern: Some("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"),
    takes_decimals: false,
    check: dns_subdomain,
};

/// An API group; empty for the core group.
///
/// Source: Gateway API v1.6.1, `Group`.
pub static GROUP: Text = Text {
    what: "an API group",
    pattern: None,
    takes_decimals: false,
    check: |text| if text.is_empty() { Verdict::Fine } else { dns_subdomain(text) },
};

/// A host name, wildcard or not; mapped to its canonical form.
pub static HOSTNAME: Text =
    Text { what: "a host name", pattern: None, takes_decimals: false, check: |text| hostname(text, true) };

/// A host name without wildcard; mapped to its canonical form.
pub static EXACT_HOSTNAME: Text = Text {
    what: "a host name without wildcard",
    pattern: None,
    takes_decimals: false,
    check: |text| hostname(text, false),
};

/// A key of labels and annotations: an optional DNS subdomain and `/`, then up to 63 characters.
///
/// Source: Kubernetes v1.36, `IsQualifiedName`.
pub static QUALIFIED_NAME: Text =
    Text { what: "a qualified name", pattern: None, takes_decimals: false, check: qualified_name };

/// A value of a label.
///
/// Source: Kubernetes v1.36, `IsValidLabelValue`.
pub static LABEL_VALUE: Text = Text {
    what: "a label value",
    pattern: Some("^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$"),
    takes_decimals: false,
    check: |text| {
        if text.is_empty() { Verdict::Fine } else { name_part(text, "a label value") }
    },
};

/// The name of a header or query parameter.
///
/// Source: Gateway API v1.6.1, `HeaderName`: an RFC 9110 token of 1 to 256 characters.
pub static HEADER_NAME: Text = Text {
    what: "a header name",
    pattern: Some("^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$"),
    takes_decimals: false,
    check: |text| {
        if text.len() > 256 {
            return wrong(&format!("has {} characters, but Gateway API allows 256", text.len()), "");
        }
        match text.chars().find(|c| !c.is_ascii_alphanumeric() && !"!#$%&'*+-.^_`|~".contains(*c)) {
            Some(character) => {
                wrong(&format!("has the character {character:?}, which no header name may hold"), "")
            }
            None if text.is_empty() => wrong("is empty", ""),
            None => Verdict::Fine,
        }
    },
};

/// A kind in a reference.
///
/// Source: Gateway API v1.6.1, `Kind`.
pub static KIND: Text = Text {
    what: "a kind",
    pattern: Some("^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$"),
    takes_decimals: false,
    check: |text| {
        let characters = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if text.len() > 63
            || !characters
            || !text.starts_with(|c: char| c.is_ascii_alphabetic())
            || text.ends_with('-')
        {
            return wrong("is no kind: letters, digits and `-`, a letter first, 63 at most", "");
        }
        Verdict::Fine
    },
};

/// `System`, or a set of certificates that a controller knows.
///
/// Source: Gateway API v1.6.1, BackendTLSPolicy `spec.validation.wellKnownCACertificates`.
pub static WELL_KNOWN: Text = Text {
    what: "System, or a controller's own set as `example.com/name`",
    pattern: Some("^(System|.+/.+)$"),
    takes_decimals: false,
    check: |text| match text.split_once('/') {
        _ if text == "System" => Verdict::Fine,
        Some((domain, name)) if dns_subdomain(domain) == Verdict::Fine && !name.is_empty() => Verdict::Fine,
        _ => wrong(
            "is no set of certificates",
            "write `System`, or the controller's own as `example.com/name`",
        ),
    },
};

/// A value of a listener's TLS options.
///
/// Source: Gateway API v1.6.1, `AnnotationValue`: at most 4096 bytes.
pub static OPTION_VALUE: Text = Text {
    what: "a string of at most 4096 characters",
    pattern: None,
    takes_decimals: false,
    check: |text| {
        if text.len() > 4096 {
            return wrong(&format!("has {} bytes, but Gateway API allows 4096", text.len()), "");
        }
        Verdict::Fine
    },
};

/// A duration as `1h30m`, `10s`, `500ms`.
///
/// Source: Gateway API v1.6.1, `Duration` (GEP-2257).
pub static DURATION: Text = Text {
    what: "a duration",
    pattern: Some("^([0-9]{1,5}(h|m|s|ms)){1,4}$"),
    takes_decimals: false,
    check: duration,
};

/// A path that starts with `/`, or a regular expression: which, the rule on matches says.
///
/// Source: Gateway API v1.6.1, `HTTPPathMatch.value` `maxLength`.
pub static PATH: Text = Text {
    what: "a path",
    pattern: None,
    takes_decimals: false,
    check: |text| match text.chars().count() {
        0..=1024 => Verdict::Fine,
        count => wrong(&format!("has {count} characters, but Gateway API allows 1024"), ""),
    },
};

/// A release of Gateway API; a YAML number is taken too.
pub static RELEASE: Text = Text {
    what: "a release of Gateway API",
    pattern: None,
    takes_decimals: true,
    check: |text| match Release::parse(text) {
        Some(_) => Verdict::Fine,
        None => wrong(
            "is no release that is known here",
            format!("known: {}", Release::ALL.map(Release::name).join(", ")),
        ),
    },
};

fn wrong(why: &str, hint: impl Into<Cow<'static, str>>) -> Verdict {
    Verdict::Wrong { why: why.to_owned(), hint: hint.into() }
}

fn hostname(text: &str, wildcard: bool) -> Verdict {
    match Hostname::parse(text) {
        Err(fault) => wrong(&fault.to_string(), ""),
        Ok((name, _)) if name.is_wildcard() && !wildcard => {
            wrong("is a wildcard, where one host is meant", "name the host")
        }
        Ok((_, None)) => Verdict::Fine,
        Ok((name, Some(mapped))) => Verdict::Mapped { to: name.as_str().to_owned(), why: mapped.to_string() },
    }
}

fn dns_label(text: &str) -> Verdict {
    if text.len() > LABEL_MAX {
        return wrong(
            &format!("has {} characters, but a DNS label may have {LABEL_MAX}", text.len()),
            "shorten it",
        );
    }
    label_characters(text, "a DNS label")
}

fn dns_subdomain(text: &str) -> Verdict {
    if text.len() > OBJECT_NAME_MAX {
        let why = format!("has {} characters, but a DNS subdomain may have {OBJECT_NAME_MAX}", text.len());
        return wrong(&why, "shorten it");
    }
    text.split('.')
        .map(|label| label_characters(label, "a DNS subdomain"))
        .find(|verdict| *verdict != Verdict::Fine)
        .unwrap_or(Verdict::Fine)
}

fn label_characters(label: &str, what: &str) -> Verdict {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    match first_other(label, allowed) {
        Some(character) => wrong(
            &format!("has the character {character:?}, but {what} holds only a-z, 0-9 and `-`"),
            "use lower-case letters, digits and hyphens",
        ),
        None if label.is_empty() => wrong(&format!("has an empty part, but {what} may not"), ""),
        None if label.starts_with('-') || label.ends_with('-') => {
            wrong(&format!("starts or ends with `-`, but {what} may not"), "")
        }
        None => Verdict::Fine,
    }
}

fn qualified_name(text: &str) -> Verdict {
    let name = match text.split_once('/') {
        Some((prefix, name)) => match dns_subdomain(prefix) {
            Verdict::Fine => name,
            _ => return wrong("has a prefix that is no DNS subdomain", ""),
        },
        None => text,
    };
    name_part(name, "a qualified name")
}

/// Up to 63 letters, digits, `-`, `_`, `.`, with a letter or digit at both ends.
fn name_part(text: &str, what: &str) -> Verdict {
    if text.len() > LABEL_MAX {
        return wrong(&format!("has {} characters, but {what} may have {LABEL_MAX}", text.len()), "");
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if let Some(character) = first_other(text, allowed) {
        let why = format!(
            "has the character {character:?}, but {what} holds only letters, digits, `-`, `_` and `.`"
        );
        return wrong(&why, "");
    }
    let ends = [text.chars().next(), text.chars().next_back()];
    if ends.iter().all(|end| end.is_some_and(|c| c.is_ascii_alphanumeric())) {
        Verdict::Fine
    } else {
        wrong(&format!("does not start and end with a letter or digit, but {what} must"), "")
    }
}

/// `([0-9]{1,5}(h|m|s|ms)){1,4}`.
fn duration(text: &str) -> Verdict {
    let mut rest = text;
    let mut units = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let after = &rest[digits..];
        let Some(unit) = ["ms", "h", "m", "s"].into_iter().find(|unit| after.starts_with(unit)) else {
            let hint = if after.is_empty() { format!("did you mean `{text}s`?") } else { String::new() };
            return wrong("is no duration: Gateway API wants numbers with h, m, s or ms, as `1m30s`", hint);
        };
        units += 1;
        if !(1..=5).contains(&digits) || units > 4 {
            return wrong(
                "is no duration: Gateway API allows four units of up to five digits, as `1m30s`",
                "",
            );
        }
        rest = &after[unit.len()..];
    }
    if units == 0 { wrong("is empty", "") } else { Verdict::Fine }
}

/// How long a duration of [`DURATION`]'s form is, in milliseconds; `None` for other texts.
pub fn milliseconds(text: &str) -> Option<u64> {
    if duration(text) != Verdict::Fine {
        return None;
    }
    let (mut total, mut number) = (0u64, 0u64);
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let unit = match character {
            'h' => 3_600_000,
            'm' if rest.next_if_eq(&'s').is_some() => 1,
            'm' => 60_000,
            's' => 1000,
            digit => {
                number = number * 10 + u64::from(digit.to_digit(10)?);
                continue;
            }
        };
        total += number * unit;
        number = 0;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_follow_gep_2257() {
        for good in ["10s", "1h30m", "500ms", "1m2s3ms"] {
            assert_eq!(duration(good), Verdict::Fine, "{good}");
        }
        for bad in ["", "10", "1.5s", "100000s", "1d", "s", "1s1s1s1s1s", "-1s"] {
            assert_ne!(duration(bad), Verdict::Fine, "{bad}");
        }
    }

    #[test]
    fn durations_add_up() {
        for (text, expected) in
            [("1h30m", 5_400_000), ("1m2s3ms", 62_003), ("0s", 0), ("99999h", 359_996_400_000)]
        {
            assert_eq!(milliseconds(text), Some(expected), "{text}");
        }
        assert_eq!(milliseconds("1d"), None);
    }

    #[test]
    fn names_follow_kubernetes() {
        for (check, good, bad) in [
            (dns_label as fn(&str) -> Verdict, "a-1", "a.b"),
            (dns_subdomain, "a.b-c", "a..b"),
            (qualified_name, "app.kubernetes.io/name", "a/b/c"),
            (qualified_name, "A_b.c", "-a"),
        ] {
            assert_eq!(check(good), Verdict::Fine, "{good}");
            assert_ne!(check(bad), Verdict::Fine, "{bad}");
        }
    }
}
