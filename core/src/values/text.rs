//! Rules for texts in values, each with whose rule it is.

use std::borrow::Cow;

use super::shape::{Text, Verdict};
use crate::hostname::{Hostname, HostnameFault, LABEL_MAX, first_other, labels};
use crate::limits::{
    HEADER_NAME_MAX, HEADER_VALUE_MAX, KIND_MAX, OBJECT_NAME_MAX, PATH_MAX, TLS_OPTION_MAX, WELL_KNOWN_MAX,
};
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
        count => within(count, HEADER_VALUE_MAX),
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

/// Whether a route takes a text for the name of a header.
pub(crate) fn is_header_name(text: &str) -> bool {
    (HEADER_NAME.check)(text) == Verdict::Fine
}

/// The name of a header or query parameter.
///
/// Source: Gateway API v1.6.1, `HeaderName`: an RFC 9110 token of 1 to 256 characters.
pub static HEADER_NAME: Text = Text {
    what: "a header name",
    pattern: Some("^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$"),
    takes_decimals: false,
    check: |text| {
        let length = within(text.chars().count(), HEADER_NAME_MAX);
        if length != Verdict::Fine {
            return length;
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
        if text.len() > KIND_MAX
            || !characters
            || !text.starts_with(|c: char| c.is_ascii_alphabetic())
            || text.ends_with('-')
        {
            let why = format!("is no kind: letters, digits and `-`, a letter first, {KIND_MAX} at most");
            return wrong(&why, "");
        }
        Verdict::Fine
    },
};

/// `System`, or a set of certificates that a controller knows. Gateway API 1.4 has `System` alone, which
/// the reading of services sees to.
///
/// Source: Gateway API v1.5.1 to v1.7.0, BackendTLSPolicy `spec.validation.wellKnownCACertificates`
/// `pattern` and `maxLength`.
pub static WELL_KNOWN: Text = Text {
    what: "System, or a controller's own set as `example.com/name`",
    pattern: Some(
        "^(System|([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]))$",
    ),
    takes_decimals: false,
    check: |text| match text.split_once('/') {
        _ if text == SYSTEM_CAS => Verdict::Fine,
        Some((domain, name)) => match within(text.chars().count(), WELL_KNOWN_MAX) {
            Verdict::Fine => prefixed(domain, name, "the name of a set of certificates"),
            wrong => wrong,
        },
        None => wrong(
            "is no set of certificates",
            "write `System`, or the controller's own as `example.com/name`",
        ),
    },
};

/// The set of certificates that every release of Gateway API knows.
const SYSTEM_CAS: &str = "System";

/// Whether a text is a [`WELL_KNOWN`] set of a controller's own.
pub fn is_own_set_of_cas(text: &str) -> bool {
    text != SYSTEM_CAS && (WELL_KNOWN.check)(text) == Verdict::Fine
}

/// A value of a listener's TLS options.
///
/// Source: Gateway API v1.6.1, `AnnotationValue`.
pub static OPTION_VALUE: Text = Text {
    what: "a string of at most 4096 characters",
    pattern: None,
    takes_decimals: false,
    check: |text| within(text.chars().count(), TLS_OPTION_MAX),
};

/// A duration as `1h30m`, `10s`, `500ms`.
///
/// Source: Gateway API v1.6.1, `Duration` (GEP-2257).
pub static DURATION: Text = Text {
    what: "a duration",
    pattern: Some("^([0-9]{1,5}(h|m|s|ms)){1,4}$"),
    takes_decimals: false,
    check: |text| parse_duration(text).err().unwrap_or(Verdict::Fine),
};

/// A path that starts with `/`, or a regular expression: which, the rule on matches says.
///
/// Source: Gateway API v1.6.1, `HTTPPathMatch.value` `maxLength`.
pub static PATH: Text = Text {
    what: "a path",
    pattern: None,
    takes_decimals: false,
    check: |text| within(text.chars().count(), PATH_MAX),
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

/// Whether a text of `count` characters is within a bound of Gateway API.
fn within(count: usize, max: usize) -> Verdict {
    if count <= max {
        return Verdict::Fine;
    }
    wrong(&format!("has {count} characters, but Gateway API allows {max}"), "shorten it")
}

fn hostname(text: &str, wildcard: bool) -> Verdict {
    match Hostname::parse(text) {
        Err(fault) => {
            let hint = match &fault {
                _ if text.contains("://") => "leave the scheme out: name the host alone",
                HostnameFault::Address => "name a host; to answer for every host leave it out",
                HostnameFault::Wildcard if text == "*" => "leave it out to answer for every host",
                HostnameFault::Character(':') => "leave the port out: the listener or the endpoint has it",
                HostnameFault::Character('/') => "leave the path out: name the host alone",
                _ => "",
            };
            wrong(&fault.to_string(), hint)
        }
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
    labels(text)
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
        None if label.is_empty() => {
            let hint = "use lower-case letters, digits and hyphens, at least one of them in each part";
            wrong(&format!("has an empty part, but {what} may not"), hint)
        }
        None if label.starts_with('-') || label.ends_with('-') => {
            let hint = "begin and end with a lower-case letter or a digit";
            wrong(&format!("starts or ends with `-`, but {what} may not"), hint)
        }
        None => Verdict::Fine,
    }
}

fn qualified_name(text: &str) -> Verdict {
    match text.split_once('/') {
        Some((prefix, name)) => prefixed(prefix, name, "a qualified name"),
        None => name_part(text, "a qualified name"),
    }
}

/// A DNS subdomain, and a name that its owner chose.
fn prefixed(prefix: &str, name: &str, what: &str) -> Verdict {
    match dns_subdomain(prefix) {
        Verdict::Fine => name_part(name, what),
        _ => wrong("has a prefix that is no DNS subdomain", "write it as `example.com/name`"),
    }
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

/// `([0-9]{1,5}(h|m|s|ms)){1,4}` in milliseconds, or what is wrong.
fn parse_duration(text: &str) -> Result<u64, Verdict> {
    // The longer unit first: `ms` starts as `m` does.
    const UNITS: [(&str, u64); 4] = [("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];
    const UNITS_MAX: usize = 4;
    const DIGITS_MAX: usize = 5;
    let mut rest = text;
    let (mut count, mut total) = (0, 0);
    while !rest.is_empty() {
        let (digits, after) = rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count());
        let Some((unit, length)) = UNITS.into_iter().find(|(unit, _)| after.starts_with(unit)) else {
            let hint = if after.is_empty() { format!("did you mean `{text}s`?") } else { String::new() };
            return Err(wrong(
                "is no duration: Gateway API wants numbers with h, m, s or ms, as `1m30s`",
                hint,
            ));
        };
        count += 1;
        let number = digits.parse::<u64>().ok().filter(|_| digits.len() <= DIGITS_MAX && count <= UNITS_MAX);
        let Some(number) = number else {
            let why = format!(
                "is no duration: Gateway API allows {UNITS_MAX} units of up to {DIGITS_MAX} digits, as `1m30s`"
            );
            return Err(wrong(&why, ""));
        };
        total += number * length;
        rest = &after[unit.len()..];
    }
    if count == 0 { Err(wrong("is empty", "")) } else { Ok(total) }
}

/// How long a duration of [`DURATION`]'s form is, in milliseconds; `None` for other texts.
pub fn milliseconds(text: &str) -> Option<u64> {
    parse_duration(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_follow_gep_2257() {
        for (text, expected) in [
            ("1h30m", 5_400_000),
            ("1m2s3ms", 62_003),
            ("500ms", 500),
            ("0s", 0),
            ("99999h", 359_996_400_000),
        ] {
            assert_eq!(milliseconds(text), Some(expected), "{text}");
        }
        for bad in ["", "10", "1.5s", "100000s", "1d", "s", "1s1s1s1s1s", "-1s"] {
            assert_eq!(milliseconds(bad), None, "{bad}");
        }
    }

    #[test]
    fn sets_of_certificates_are_those_that_the_crds_take() {
        let long = format!("example.com/{}", "a".repeat(63));
        for good in ["System", "example.com/a", "a/B_c.d-e", &long] {
            assert_eq!((WELL_KNOWN.check)(good), Verdict::Fine, "{good}");
        }
        let longer = format!("example.com/{}", "a".repeat(64));
        let longest = format!("{}a/b", "a.".repeat(126));
        for bad in [
            "system",
            "Mozilla",
            "example.com/",
            "/a",
            "example.com/a b/c",
            "a/b/c",
            "A.b/c",
            "a/b\nc",
            &longer,
            &longest,
        ] {
            assert_ne!((WELL_KNOWN.check)(bad), Verdict::Fine, "{bad:?}");
        }
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        for (rule, max) in
            [(&OPTION_VALUE, TLS_OPTION_MAX), (&HEADER_VALUE, HEADER_VALUE_MAX), (&PATH, PATH_MAX)]
        {
            assert_eq!((rule.check)(&"é".repeat(max)), Verdict::Fine, "{}", rule.what);
            let Verdict::Wrong { why, .. } = (rule.check)(&"é".repeat(max + 1)) else {
                panic!("{} takes one more", rule.what);
            };
            assert_eq!(why, format!("has {} characters, but Gateway API allows {max}", max + 1));
        }
        assert!(OPTION_VALUE.what.contains(&TLS_OPTION_MAX.to_string()));
        assert!(HEADER_VALUE.what.contains(&HEADER_VALUE_MAX.to_string()));
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
