//! Which of several host names takes a host: of those that stand for it the one that says most.

use std::collections::BTreeMap;

use crate::hostname::{Hostname, suffix, wider};

/// Host names by what they stand for: asking costs the labels of a name, not the number of names.
#[derive(Debug, Default)]
pub(super) struct HostnameIndex<'t> {
    exact: BTreeMap<&'t str, usize>,
    /// By their suffix with its dot.
    wildcards: BTreeMap<&'t str, usize>,
}

impl<'t> HostnameIndex<'t> {
    /// Of two equal names the first takes everything.
    pub(super) fn of<'v: 't>(names: impl Iterator<Item = &'t Hostname<'v>>) -> Self {
        let mut index = Self::default();
        for (at, name) in names.enumerate() {
            let (names, key) = match name.as_str().strip_prefix('*') {
                Some(suffix) => (&mut index.wildcards, suffix),
                None => (&mut index.exact, name.as_str()),
            };
            names.entry(key).or_insert(at);
        }
        index
    }

    /// The index of the name that takes a host, or everything that a wildcard stands for.
    pub(super) fn most_specific(&self, hostname: &Hostname<'_>) -> Option<usize> {
        let own = hostname.as_str();
        let exact = self.exact.get(own).or_else(|| self.wildcards.get(own.strip_prefix('*')?));
        exact.copied().or_else(|| self.wider(hostname))
    }

    /// The index of the wildcard that takes a name and more.
    pub(super) fn wider(&self, hostname: &Hostname<'_>) -> Option<usize> {
        if self.wildcards.is_empty() {
            return None;
        }
        let own = suffix(hostname.as_str());
        wider(own).filter(|wide| *wide != own).find_map(|wide| self.wildcards.get(wide).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(name: &str) -> Hostname<'_> {
        Hostname::parse(name).expect("a host name").0
    }

    #[test]
    fn the_name_that_says_most_takes_a_host() {
        let names = ["*.acme.io", "*.b.acme.io", "w.acme.io", "*.acme.io"].map(parsed);
        let index = HostnameIndex::of(names.iter());
        for (host, taker, wider) in [
            ("web.acme.io", Some(0), Some(0)),
            ("w.acme.io", Some(2), Some(0)),
            ("a.w.acme.io", Some(0), Some(0)),
            ("a.b.acme.io", Some(1), Some(1)),
            ("b.acme.io", Some(0), Some(0)),
            ("*.b.acme.io", Some(1), Some(0)),
            ("*.acme.io", Some(0), None),
            ("acme.io", None, None),
            ("xacme.io", None, None),
        ] {
            let host = parsed(host);
            assert_eq!((index.most_specific(&host), index.wider(&host)), (taker, wider), "{host}");
            // The same as asking every name.
            let covering = names.iter().filter(|name| name.covers(&host));
            let most = covering.max_by_key(|name| (!name.is_wildcard(), name.as_str().len()));
            assert_eq!(
                index.most_specific(&host).map(|at| names[at].as_str()),
                most.map(Hostname::as_str),
                "{host}"
            );
        }
    }
}
