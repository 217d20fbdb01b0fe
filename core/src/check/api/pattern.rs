//! The patterns of Gateway API's CRDs, ported by hand, each beside its exact text.
//!
//! The API server reads them as RE2. A pattern is searched for anywhere in a text unless it is anchored,
//! and an alternation binds weaker than an anchor: of `^A|B` only the A stands at the start.

use crate::hostname::LABEL_MAX;

/// A pattern as the CRDs write it, and what it comes to.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// The text of `pattern`, byte for byte.
    pub text: &'static str,
    /// What it asks for, in words that follow `write`.
    pub takes: &'static str,
    /// Whether the pattern is found in a text. Time is linear in the text.
    pub matches: fn(&str) -> bool,
}

impl Pattern {
    /// What to do about a text that does not match.
    pub(super) fn remedy(&self, text: &str) -> String {
        let with_unit = format!("{text}s");
        if self.text == HOST && text == "*" {
            "leave it out: without a host name every host is meant".to_owned()
        } else if self.text == DURATION && (self.matches)(&with_unit) {
            format!("give it a unit, like `{with_unit}`")
        } else {
            format!("write {}", self.takes)
        }
    }
}

/// A host name, which may start with a wildcard.
const HOST: &str = r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
/// A duration.
const DURATION: &str = "^([0-9]{1,5}(h|m|s|ms)){1,4}$";

/// The port of a pattern. Evaluated while compiling: a pattern without a port stops the build.
pub const fn pattern(text: &str) -> Pattern {
    let mut remaining = ALL;
    while let [pattern, rest @ ..] = remaining {
        if same_text(pattern.text, text) {
            return *pattern;
        }
        remaining = rest;
    }
    panic!("{}", text)
}

/// Every pattern there is.
pub fn patterns() -> impl Iterator<Item = &'static Pattern> {
    ALL.iter()
}

/// Equality of texts that a constant can ask for.
pub(super) const fn same_text(a: &str, b: &str) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while let ([first, rest @ ..], [other, others @ ..]) = (a, b) {
        if *first != *other {
            return false;
        }
        (a, b) = (rest, others);
    }
    true
}

const ALL: &[Pattern] = &[
    // DNS names.
    Pattern {
        text: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        takes: "lower-case letters, digits and `-`, with a letter or digit at both ends",
        matches: label,
    },
    Pattern {
        text: r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        takes: "labels of lower-case letters, digits and `-` with dots between, each with a letter or digit at both ends",
        matches: subdomain,
    },
    Pattern {
        text: r"^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        takes: "nothing, or labels of lower-case letters, digits and `-` with dots between, each with a letter or digit at both ends",
        matches: |text| text.is_empty() || subdomain(text),
    },
    Pattern {
        text: HOST,
        takes: "labels of lower-case letters, digits and `-` with dots between, each with a letter or digit at both ends; `*.` may stand before them",
        matches: wildcard_subdomain,
    },
    // Names that start with a domain.
    Pattern {
        text: r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$",
        takes: "a domain, `/` and a path, like `example.com/controller`",
        matches: |text| {
            text.split_once('/').is_some_and(|(domain, path)| subdomain(domain) && all(path, in_path))
        },
    },
    Pattern {
        text: r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
        takes: "letters, digits, `-`, `_` and `.`, with a letter or digit at both ends; a domain and `/` may stand before them",
        matches: |text| match text.split_once('/') {
            Some((domain, name)) => subdomain(domain) && name_part(name),
            None => name_part(text),
        },
    },
    Pattern {
        text: r"^(System|([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]))$",
        takes: "`System`, or a domain, `/` and a name, like `example.com/name`",
        matches: |text| text == "System" || (text.contains('/') && label_key(text)),
    },
    Pattern {
        text: r"^Hostname|IPAddress|NamedAddress|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$",
        takes: "`Hostname`, `IPAddress`, `NamedAddress`, or a domain, `/` and a word, like `example.com/address`",
        matches: address_type,
    },
    Pattern {
        text: r"^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]+$",
        takes: "letters, digits and `-`, with a letter or digit at both ends; or a domain, `/` and a word, like `example.com/bar`",
        matches: protocol,
    },
    // Words.
    Pattern {
        text: "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$",
        takes: "nothing, or letters, digits, `-`, `_` and `.`, with a letter or digit at both ends",
        matches: |text| text.is_empty() || name_part(text),
    },
    Pattern {
        text: "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$",
        takes: "letters, digits and `-`, with a letter first and no `-` at the end",
        matches: |text| {
            text.starts_with(|first: char| first.is_ascii_alphabetic()) && framed(text, alphanumeric, in_kind)
        },
    },
    Pattern {
        text: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
        takes: "letters, digits, `_`, `,` and `:`, with a letter first and no `,` or `:` at the end",
        matches: |text| {
            text.starts_with(|first: char| first.is_ascii_alphabetic())
                && framed(
                    text,
                    |byte| alphanumeric(byte) || byte == b'_',
                    |byte| alphanumeric(byte) || matches!(byte, b'_' | b',' | b':'),
                )
        },
    },
    Pattern {
        text: "^[a-z0-9_.-]+$",
        takes: "lower-case letters, digits, `_`, `.` and `-`",
        matches: |text| all(text, |byte| lower(byte) || matches!(byte, b'_' | b'.' | b'-')),
    },
    Pattern {
        text: "^[a-zA-Z0-9_.:/-]+$",
        takes: "letters, digits, `_`, `.`, `:`, `/` and `-`",
        matches: |text| all(text, in_service_name),
    },
    Pattern {
        text: "^[a-zA-Z0-9_.:/-]+( [a-zA-Z0-9_.:/-]+)*$",
        takes: "words of letters, digits, `_`, `.`, `:`, `/` and `-`, with one blank between",
        matches: |text| text.split(' ').all(|word| all(word, in_service_name)),
    },
    // HTTP.
    Pattern {
        text: r"^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$",
        takes: "letters, digits and ``!#$%&'*+-.^_`|~``, without blanks",
        matches: |text| all(text, in_token),
    },
    Pattern {
        text: r"^[!-~]+([\t ]?[!-~]+)*$",
        takes: "visible ASCII characters, with at most one blank or tab between two and none at the ends",
        matches: header_value,
    },
    Pattern {
        text: "^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$",
        takes: "letters, digits and `-/._~!$&'()*+,;=:@`, and any other character as `%` and two hexadecimal digits",
        matches: path_characters,
    },
    Pattern {
        text: r"^(([^:/?#]+):)(//([^/?#]*))([^?#]*)(\?([^#]*))?(#(.*))?",
        takes: "a scheme, `://` and what follows it, like `https://example.com/`",
        matches: |text| {
            text.split_once("://")
                .is_some_and(|(scheme, _)| !scheme.is_empty() && !scheme.contains([':', '/', '?', '#']))
        },
    },
    Pattern {
        text: r"(^\*$)|(^([a-zA-Z][a-zA-Z0-9+\-.]+):\/\/([^:/?#]+)(:([0-9]{1,5}))?$)",
        takes: "`*`, or a scheme, `://`, a host and perhaps a port, like `https://example.com:8443`",
        matches: |text| text == "*" || any_origin(text),
    },
    Pattern {
        text: r"(^\*$)|(^(http(s)?):\/\/(((\*\.)?([a-zA-Z0-9\-]+\.)*[a-zA-Z0-9-]+|\*)(:([0-9]{1,5}))?)$)",
        takes: "`*`, or `http://` or `https://`, a host, which may start with `*.`, and perhaps a port, like `https://*.example.com`",
        matches: |text| text == "*" || web_origin(text),
    },
    Pattern {
        text: DURATION,
        takes: "one to four whole numbers of up to five digits, each with h, m, s or ms, like `1m30s`",
        matches: duration,
    },
];

fn lower(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9')
}

fn alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn in_kind(byte: u8) -> bool {
    alphanumeric(byte) || byte == b'-'
}

fn in_path(byte: u8) -> bool {
    alphanumeric(byte) || b"/-._~%!$&'()*+,;=:".contains(&byte)
}

fn in_service_name(byte: u8) -> bool {
    alphanumeric(byte) || b"_.:/-".contains(&byte)
}

fn in_token(byte: u8) -> bool {
    alphanumeric(byte) || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// `^[class]+$`
fn all(text: &str, class: fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(class)
}

/// `^[end]([class]*[end])?$`
fn framed(text: &str, end: fn(u8) -> bool, class: fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    bytes.first().copied().is_some_and(end)
        && bytes.last().copied().is_some_and(end)
        && text.bytes().all(class)
}

/// A DNS label of any length: `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
fn label(text: &str) -> bool {
    framed(text, lower, |byte| lower(byte) || byte == b'-')
}

/// DNS labels with dots between, of any length.
pub(super) fn subdomain(text: &str) -> bool {
    // A letter or digit on both sides of each dot, and at both ends.
    let next = |before, byte| match byte {
        b'.' => lower(before),
        b'-' => before != b'.',
        byte => lower(byte),
    };
    let last = text.bytes().try_fold(b'.', |before, byte| next(before, byte).then_some(byte));
    last.is_some_and(lower)
}

/// A subdomain, maybe after `*.`.
pub(super) fn wildcard_subdomain(text: &str) -> bool {
    subdomain(text.strip_prefix("*.").unwrap_or(text))
}

/// The name of a label, an annotation or a condition, of any length:
/// `^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$`
pub(super) fn name_part(text: &str) -> bool {
    framed(text, alphanumeric, |byte| alphanumeric(byte) || matches!(byte, b'-' | b'_' | b'.'))
}

/// `^(subdomain/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$`
pub(super) fn label_key(text: &str) -> bool {
    let (domain, name) = text.split_once('/').map_or((None, text), |(domain, name)| (Some(domain), name));
    domain.is_none_or(subdomain) && name.len() <= LABEL_MAX && name_part(name)
}

/// Characters of a path, and others as `%` and two hexadecimal digits.
pub(super) fn path_characters(text: &str) -> bool {
    let mut bytes = text.bytes();
    let hexadecimal =
        |bytes: &mut core::str::Bytes<'_>| bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit());
    while let Some(byte) = bytes.next() {
        let fits = match byte {
            b'%' => hexadecimal(&mut bytes) && hexadecimal(&mut bytes),
            b'@' => true,
            _ => in_path(byte),
        };
        if !fits {
            return false;
        }
    }
    !text.is_empty()
}

/// The alternation is not grouped: `Hostname` may be followed by anything, `IPAddress` and
/// `NamedAddress` may stand anywhere, and a domain with a path at the end of anything.
fn address_type(text: &str) -> bool {
    text.starts_with("Hostname") || text.contains("IPAddress") || text.contains("NamedAddress") || {
        // Enough of a domain is its last character; the path reaches from the slash to the end.
        let bytes = text.as_bytes();
        let path = bytes.iter().rposition(|byte| !in_path(*byte)).map_or(0, |last| last + 1);
        let slash = |(index, pair): (usize, &[u8])| {
            index + 2 >= path && index + 2 < bytes.len() && matches!(pair, [before, b'/'] if lower(*before))
        };
        bytes.windows(2).enumerate().any(slash)
    }
}

/// The alternation is not grouped: a domain with a word may stand at the end of anything.
fn protocol(text: &str) -> bool {
    framed(text, alphanumeric, in_kind)
        || text.rsplit_once('/').is_some_and(|(domain, word)| {
            domain.bytes().next_back().is_some_and(lower) && all(word, alphanumeric)
        })
}

/// Visible characters, with single blanks between.
fn header_value(text: &str) -> bool {
    text.split([' ', '\t']).all(|word| all(word, |byte| byte.is_ascii_graphic()))
}

fn any_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let (host, port) = host_and_port(rest);
    let scheme_fits = scheme.len() > 1
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && all(scheme, |byte| alphanumeric(byte) || matches!(byte, b'+' | b'-' | b'.'));
    scheme_fits && !host.is_empty() && !host.contains(['/', '?', '#']) && port.is_none_or(is_port)
}

fn web_origin(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")) else {
        return false;
    };
    let (host, port) = host_and_port(rest);
    let name = host.strip_prefix("*.").unwrap_or(host);
    let host_fits = host == "*" || name.split('.').all(|label| all(label, in_kind));
    host_fits && port.is_none_or(is_port)
}

fn host_and_port(text: &str) -> (&str, Option<&str>) {
    text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)))
}

/// `^[0-9]{1,5}$`
fn is_port(text: &str) -> bool {
    text.len() <= 5 && all(text, |byte| byte.is_ascii_digit())
}

/// One to four numbers of one to five digits, each with a unit.
fn duration(text: &str) -> bool {
    let mut rest = text;
    for _ in 0..4 {
        let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if !(1..=5).contains(&(rest.len() - unit.len())) {
            return false;
        }
        let Some(after) = ["h", "ms", "m", "s"].iter().find_map(|word| unit.strip_prefix(word)) else {
            return false;
        };
        if after.is_empty() {
            return true;
        }
        rest = after;
    }
    false
}
