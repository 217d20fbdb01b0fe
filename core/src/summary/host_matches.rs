//! A host name, or the part of it that some matches of its routes are.

use std::collections::BTreeSet;

use serde::Serialize;

use super::matches::EVERY_REQUEST;
use crate::shorten::listed;

/// A host name, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HostMatches<'s> {
    /// The host name; empty for routes without any.
    pub host: &'s str,
    /// Matches of its routes, in words; none where it is all of the host name.
    pub matches: Vec<&'s str>,
}

impl<'s> HostMatches<'s> {
    /// Of matches as they are asked for: among them none stands for all.
    pub(super) fn of(host: &'s str, words: &BTreeSet<Option<&'s str>>) -> Self {
        // A rule without matches is for every request.
        let named = |words: &'s str| if words.is_empty() { EVERY_REQUEST } else { words };
        let matches = if words.contains(&None) {
            Vec::new()
        } else {
            words.iter().flatten().copied().map(named).collect()
        };
        Self { host, matches }
    }

    /// In a message.
    pub(super) fn in_words(&self) -> String {
        let host = in_words(self.host);
        if self.matches.is_empty() {
            return host;
        }
        format!("{} of {host}", listed(self.matches.iter().map(|words| format!("`{words}`"))))
    }
}

/// A host name in a message.
pub(super) fn in_words(host: &str) -> String {
    if host.is_empty() { "routes without host names".to_owned() } else { format!("`{host}`") }
}
