//! Path prefixes, which go by whole elements; a slash at their end says nothing.

use std::fmt;

use crate::check::model::{Match, TextMatch};

/// A prefix as it is compared: without the slash at its end, which Gateway API ignores; `/` stays.
///
/// Source: Gateway API v1.6.1, `apis/v1/httproute_types.go:505-515`.
pub(in crate::check) fn without_slash(prefix: &str) -> &str {
    match prefix.strip_suffix('/') {
        Some("") | None => prefix,
        Some(trimmed) => trimmed,
    }
}

/// What of a path is left behind a prefix.
///
/// Source: v1.6.1, `apis/v1/httproute_types.go:505-515`.
pub(in crate::check) fn prefix_rest<'p>(prefix: &str, path: &'p str) -> Option<&'p str> {
    let rest = path.strip_prefix(prefix.strip_suffix('/').unwrap_or(prefix))?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// Two prefixes that differ by the slash at their end only: the shorter, then the longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) struct SlashApart<'m>(&'m str, &'m str);

impl<'m> SlashApart<'m> {
    /// Looks at the prefixes of two matches.
    pub(in crate::check) fn find(one: Option<&'m Match<'_>>, other: Option<&'m Match<'_>>) -> Option<Self> {
        let prefix = |found: Option<&'m Match<'_>>| match found?.path.as_ref()? {
            TextMatch::Prefix(prefix) => Some(prefix.as_ref()),
            TextMatch::Exact(_) | TextMatch::Expression(_) => None,
        };
        let (one, other) = (prefix(one)?, prefix(other)?);
        let (shorter, longer) = if one.len() < other.len() { (one, other) } else { (other, one) };
        (shorter != longer && without_slash(longer) == shorter).then_some(Self(shorter, longer))
    }
}

impl fmt::Display for SlashApart<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(shorter, longer) = self;
        write!(
            out,
            "Gateway API ignores the slash at the end of a prefix, so `{shorter}` and `{longer}` are equal; a proxy that \
             counts characters lets `{longer}` win"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_go_by_elements() {
        for (prefix, path, rest) in [
            ("/abc", "/abc", Some("")),
            ("/abc", "/abc/", Some("/")),
            ("/abc", "/abc/def", Some("/def")),
            ("/abc/", "/abc", Some("")),
            ("/abc/", "/abc/def", Some("/def")),
            ("/abc", "/abcd", None),
            ("/", "/anything", Some("/anything")),
            ("/", "/", Some("/")),
        ] {
            assert_eq!(prefix_rest(prefix, path), rest, "{prefix} {path}");
        }
    }

    #[test]
    fn only_the_last_slash_goes_and_never_the_first() {
        for (prefix, expected) in [("/a/", "/a"), ("/a", "/a"), ("/a/b/", "/a/b"), ("/", "/")] {
            assert_eq!(without_slash(prefix), expected);
        }
    }
}
