//! Host names: the one parser and the algebra of exact and wildcard names.
//!
//! A canonical name is lower case, of A-labels, without trailing dot, at most 253 bytes in labels
//! of at most 63. A wildcard is `*.` and a name; it stands for any number of labels in place of
//! the star, never for the bare suffix (Gateway API v1.6.1, `hostnames.md`).

use core::net::Ipv4Addr;
use std::borrow::Cow;
use std::fmt;

/// Most bytes of a host name. The API server refuses a longer one.
///
/// Source: Gateway API v1.6.1, type `Hostname` `maxLength`; RFC 1035 2.3.4.
pub const HOSTNAME_MAX: usize = 253;

/// Most bytes of one label. Gateway API's pattern lets longer ones pass, but no resolver can ask for them.
///
/// Source: RFC 1035 2.3.4.
pub const LABEL_MAX: usize = 63;

/// A canonical host name, exact or wildcard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hostname<'a>(Cow<'a, str>);

/// What [`Hostname::parse`] had to change to make a name canonical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// Upper-case letters became lower case.
    Lowered,
    /// A trailing dot went.
    DotTrimmed,
    /// An internationalised name became A-labels by UTS 46.
    ToAscii,
}

/// Why a text is no host name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostnameFault {
    /// Nothing there.
    Empty,
    /// Longer than [`HOSTNAME_MAX`]; the length.
    TooLong(usize),
    /// The label that is longer than [`LABEL_MAX`].
    LabelTooLong(String),
    /// Two dots in a row, or one at the start.
    EmptyLabel,
    /// The first character that no label may hold.
    Character(char),
    /// A label that starts or ends with a hyphen.
    Hyphen(String),
    /// A star anywhere but as the whole first label, or with no name after it.
    Wildcard,
    /// An IP address where a name belongs.
    Address,
    /// UTS 46 refuses the internationalised name.
    Unmappable,
}

impl<'a> Hostname<'a> {
    /// Parses a name, mapping what can be mapped to the canonical form.
    ///
    /// # Errors
    /// The first [`HostnameFault`] from the left. Faults of the whole name, its length and that it is an
    /// address, come after those of its labels; a name that UTS 46 refuses has no other.
    pub fn parse(raw: &'a str) -> Result<(Self, Option<Mapped>), HostnameFault> {
        match check(raw) {
            Ok(()) => return Ok((Self(Cow::Borrowed(raw)), None)),
            Err(HostnameFault::Character(character)) if character.is_ascii_uppercase() => {}
            Err(HostnameFault::Character(character)) if !character.is_ascii() => {}
            Err(HostnameFault::EmptyLabel) if raw.ends_with('.') => {}
            Err(fault) => return Err(fault),
        }
        if let Some(trimmed) = raw.strip_suffix('.')
            && check(trimmed).is_ok()
        {
            return Ok((Self(Cow::Borrowed(trimmed)), Some(Mapped::DotTrimmed)));
        }
        let trimmed = raw.strip_suffix('.').unwrap_or(raw);
        if trimmed.is_ascii() {
            let lowered = trimmed.to_ascii_lowercase();
            check(&lowered)?;
            return Ok((Self(Cow::Owned(lowered)), Some(Mapped::Lowered)));
        }
        let (star, name) = trimmed.strip_prefix("*.").map_or(("", trimmed), |name| ("*.", name));
        let ascii = idna::domain_to_ascii(name).map_err(|_| HostnameFault::Unmappable)?;
        let mapped = format!("{star}{ascii}");
        check(&mapped)?;
        Ok((Self(Cow::Owned(mapped)), Some(Mapped::ToAscii)))
    }

    /// Takes a name that is canonical already, and maps nothing.
    ///
    /// # Errors
    /// As [`Hostname::parse`], and for whatever that maps.
    pub fn canonical(raw: &'a str) -> Result<Self, HostnameFault> {
        check(raw).map(|()| Self(Cow::Borrowed(raw)))
    }

    /// What is canonical of a text but for upper-case letters and a dot at the end.
    pub fn lowered(raw: &str) -> Option<String> {
        let lowered = raw.strip_suffix('.').unwrap_or(raw).to_ascii_lowercase();
        check(&lowered).is_ok().then_some(lowered)
    }

    /// The same name, owned.
    pub fn into_owned(self) -> Hostname<'static> {
        Hostname(Cow::Owned(self.0.into_owned()))
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it starts with `*.`.
    pub fn is_wildcard(&self) -> bool {
        self.0.starts_with("*.")
    }

    /// Whether every host that `other` stands for is one that `self` stands for.
    pub fn covers(&self, other: &Hostname<'_>) -> bool {
        covers(&self.0, &other.0)
    }

    /// Whether at least one host is stood for by both.
    pub fn overlaps(&self, other: &Hostname<'_>) -> bool {
        self.covers(other) || other.covers(self)
    }
}

impl fmt::Display for Hostname<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Mapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lowered => "host names are lower case",
            Self::DotTrimmed => "host names in Kubernetes carry no trailing dot",
            Self::ToAscii => "internationalised names become A-labels by UTS 46",
        })
    }
}

impl fmt::Display for HostnameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::TooLong(length) => write!(f, "has {length} characters, but DNS allows {HOSTNAME_MAX}"),
            Self::LabelTooLong(label) => {
                write!(f, "has the label `{label}` of {} characters, but DNS allows {LABEL_MAX}", label.len())
            }
            Self::EmptyLabel => {
                f.write_str("has an empty label (two dots in a row, or one at the start or the end)")
            }
            Self::Character(character @ ' '..='~') => {
                write!(f, "has the character '{character}', which no host name may hold")
            }
            Self::Character(character) => {
                write!(f, "has the character U+{:04X}, which no host name may hold", u32::from(*character))
            }
            Self::Hyphen(label) => write!(f, "has the label `{label}`, which starts or ends with a hyphen"),
            Self::Wildcard => f.write_str("has a `*` that is not the whole first label with a name after it"),
            Self::Address => f.write_str("is an IP address, where Gateway API wants a name"),
            Self::Unmappable => f.write_str("cannot be mapped to A-labels by UTS 46"),
        }
    }
}

/// Whether every host that `other` stands for is one that `pattern` stands for. Both are host names,
/// exact or wildcard; what level `api` lets pass beyond [`Hostname`] (labels over 63) is compared too.
pub(crate) fn covers(pattern: &str, other: &str) -> bool {
    match pattern.strip_prefix('*') {
        // A suffix with its dot: `.example.com` ends `a.example.com` and `*.example.com`.
        Some(suffix) => other.len() > suffix.len() && other.ends_with(suffix),
        None => pattern == other,
    }
}

/// A wildcard without its star, which no exact name can be; any other name as it is.
pub fn suffix(name: &str) -> &str {
    name.strip_prefix('*').unwrap_or(name)
}

/// Most labels of a host name: more are in no name that DNS, or the API server, takes.
///
/// Source: RFC 1035 2.3.4, by which a name has 253 characters at most. Of a longer one the suffixes beyond are not
/// looked at, for looking at all takes time by the square of its length.
const LABELS_MAX: usize = 127;

/// The suffixes that cover a name, from the narrowest to the widest, itself among them where it is one; the last
/// is the empty text, which covers all.
pub fn wider(name: &str) -> impl Iterator<Item = &str> {
    let dots = name.bytes().enumerate().filter(|(_, byte)| *byte == b'.').map(|(at, _)| at);
    dots.take(LABELS_MAX).filter_map(|at| name.get(at..)).chain([""])
}

/// The labels of a name, from left to right.
pub(crate) fn labels(name: &str) -> impl Iterator<Item = &str> {
    parts(name, b'.')
}

/// What stands between characters of ASCII, from left to right. Such texts are short: std's search for a character is made for
/// long ones.
pub(crate) fn parts(text: &str, between: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let at = text.bytes().position(|byte| byte == between);
        rest = at.and_then(|at| text.get(at + 1..));
        text.get(..at.unwrap_or(text.len()))
    })
}

/// The labels of a name, from right to left.
pub(crate) fn labels_from_right(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(name);
    std::iter::from_fn(move || {
        let name = rest?;
        let dot = name.bytes().rposition(|byte| byte == b'.');
        rest = dot.and_then(|dot| name.get(..dot));
        name.get(dot.map_or(0, |dot| dot + 1)..)
    })
}

/// The first character that is not of the allowed ones, which are all ASCII. Bytes are looked at rather
/// than characters: nearly every text passes, and it is read for every name of every object.
pub(crate) fn first_other(text: &str, allowed: impl Fn(u8) -> bool) -> Option<char> {
    let at = text.bytes().position(|byte| !allowed(byte))?;
    text.get(at..)?.chars().next()
}

/// Checks that a name is canonical already.
fn check(name: &str) -> Result<(), HostnameFault> {
    if name.is_empty() {
        return Err(HostnameFault::Empty);
    }
    let rest = name.strip_prefix("*.").unwrap_or(name);
    for label in labels(rest) {
        if label.is_empty() {
            return Err(if rest.is_empty() { HostnameFault::Wildcard } else { HostnameFault::EmptyLabel });
        }
        match first_other(label, |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'-')) {
            Some('*') => return Err(HostnameFault::Wildcard),
            Some(':' | '[') if is_ipv6(name) => return Err(HostnameFault::Address),
            Some(other) => return Err(HostnameFault::Character(other)),
            None => {}
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(HostnameFault::Hyphen(label.to_owned()));
        }
        if label.len() > LABEL_MAX {
            return Err(HostnameFault::LabelTooLong(label.to_owned()));
        }
    }
    if name.len() > HOSTNAME_MAX {
        return Err(HostnameFault::TooLong(name.len()));
    }
    let digits_and_dots = || rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if digits_and_dots() && rest.parse::<Ipv4Addr>().is_ok() {
        // An address is no name that a star could stand before.
        return Err(if rest == name { HostnameFault::Address } else { HostnameFault::Wildcard });
    }
    Ok(())
}

/// Whether a text looks like an IPv6 address, in brackets or not: a name with a port has one colon.
fn is_ipv6(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b':').count() > 1
        && first_other(text, |byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.' | b'[' | b']'))
            .is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(raw: &str) -> Hostname<'_> {
        Hostname::parse(raw).expect("a host name").0
    }

    #[test]
    fn maps_case_dot_and_international_names() {
        for (raw, canonical, mapped) in [
            ("api.example.com", "api.example.com", None),
            ("*.example.com", "*.example.com", None),
            ("API.Example.com", "api.example.com", Some(Mapped::Lowered)),
            ("api.example.com.", "api.example.com", Some(Mapped::DotTrimmed)),
            ("bücher.example", "xn--bcher-kva.example", Some(Mapped::ToAscii)),
            ("*.Bücher.example", "*.xn--bcher-kva.example", Some(Mapped::ToAscii)),
            ("pve", "pve", None),
        ] {
            let (hostname, how) = Hostname::parse(raw).expect(raw);
            assert_eq!((hostname.as_str(), how), (canonical, mapped), "{raw}");
        }
    }

    #[test]
    fn refuses_what_is_no_name() {
        use HostnameFault::{
            Address, Character, Empty, EmptyLabel, Hyphen, LabelTooLong, TooLong, Unmappable, Wildcard,
        };
        let long_label = "a".repeat(64);
        let in_long_label = format!("{long_label}.b");
        let long_name = format!("{}a", "a.".repeat(127));
        for (raw, fault) in [
            ("", Empty),
            (".", Empty),
            ("a..b", EmptyLabel),
            (".a", EmptyLabel),
            ("a.b..", EmptyLabel),
            ("*", Wildcard),
            ("*.", Wildcard),
            ("a.*.b", Wildcard),
            ("**.a", Wildcard),
            ("a_b.c", Character('_')),
            ("a b", Character(' ')),
            ("http://a", Character(':')),
            ("a/b", Character('/')),
            ("A_b", Character('_')),
            ("-a.b", Hyphen("-a".to_owned())),
            ("a-.b", Hyphen("a-".to_owned())),
            ("192.0.2.1", Address),
            ("*.192.0.2.1", Wildcard),
            ("::1", Address),
            ("[2001:DB8::1]", Address),
            ("be:80", Character(':')),
            ("xn--\u{e9}", Unmappable),
            (&in_long_label, LabelTooLong(long_label)),
            (&long_name, TooLong(255)),
        ] {
            assert_eq!(Hostname::parse(raw).map(|(name, _)| name.into_owned()), Err(fault), "{raw}");
        }
    }

    #[test]
    fn wildcards_cover_any_number_of_labels_but_not_the_suffix() {
        assert!(name("*.example.com").covers(&name("a.b.example.com")));
        assert!(name("*.example.com").covers(&name("*.a.example.com")));
        assert!(name("*.example.com").covers(&name("*.example.com")));
        assert!(!name("*.example.com").covers(&name("example.com")));
        assert!(!name("*.example.com").covers(&name("badexample.com")));
        assert!(!name("a.example.com").covers(&name("*.example.com")));
        assert!(name("a.example.com").overlaps(&name("*.example.com")));
        assert!(!name("*.a.com").overlaps(&name("*.b.com")));
    }

    /// Every host of up to four labels of a small alphabet, and every pattern of up to three.
    fn small() -> (Vec<String>, Vec<String>) {
        let labels = ["a", "b", "ab"];
        let mut hosts = vec![labels.map(str::to_owned).to_vec()];
        for depth in 0..3 {
            let longer = hosts[depth].iter().flat_map(|name| labels.map(|label| format!("{label}.{name}")));
            hosts.push(longer.collect());
        }
        let patterns = hosts[..3].concat().into_iter().flat_map(|name| [format!("*.{name}"), name]).collect();
        (hosts.concat(), patterns)
    }

    /// The hosts that a pattern stands for, found by trying each.
    fn meant<'h>(pattern: &str, hosts: &'h [String]) -> Vec<&'h str> {
        let is_meant = |host: &str| match pattern.strip_prefix("*.") {
            Some(suffix) => {
                let labels: Vec<&str> = host.split('.').collect();
                (1..labels.len()).any(|start| labels[start..].join(".") == suffix)
            }
            None => host == pattern,
        };
        hosts.iter().map(String::as_str).filter(|host| is_meant(host)).collect()
    }

    #[test]
    fn covers_and_overlaps_say_what_trying_every_host_says() {
        let (hosts, patterns) = small();
        let meant: Vec<Vec<&str>> = patterns.iter().map(|pattern| meant(pattern, &hosts)).collect();
        for (one, of_one) in patterns.iter().zip(&meant) {
            for (two, of_two) in patterns.iter().zip(&meant) {
                let (first, second) = (name(one), name(two));
                let covers = of_two.iter().all(|host| of_one.contains(host));
                assert_eq!(first.covers(&second), covers, "{one} covers {two}");
                let overlaps = of_two.iter().any(|host| of_one.contains(host));
                assert_eq!(first.overlaps(&second), overlaps, "{one} overlaps {two}");
                assert_eq!(first.overlaps(&second), second.overlaps(&first), "{one} overlaps {two}");
                // Antisymmetric; reflexive and transitive it is as the sets are.
                assert!(!(covers && second.covers(&first)) || one == two, "{one} and {two} cover each other");
            }
        }
    }
}
