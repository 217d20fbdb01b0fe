//! What is said of hosts, found by the hosts above and below them.

use std::collections::BTreeMap;

use super::wildcards::patterns;
use crate::hostname::suffix;

/// What is said of hosts, by each host from its last letter on: what is below a wildcard stands beside each other. The
/// empty host is for every one.
#[derive(Debug)]
pub(super) struct Nested<T>(BTreeMap<String, Vec<T>>);

impl<T> Default for Nested<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Nested<T> {
    pub(super) fn add(&mut self, host: &str, said: T) {
        self.0.entry(from_end(host)).or_default().push(said);
    }

    /// What is said of hosts that stand for more than this one, or for less.
    pub(super) fn of_others(&self, host: &str) -> impl Iterator<Item = &T> {
        let above = patterns(host).filter(move |pattern| pattern != host);
        let above = above.filter_map(|pattern| self.0.get(&from_end(&pattern)));
        let (own, start) = (from_end(host), from_end(suffix(host)));
        // What is no pattern stands for itself alone.
        let is_pattern = host.is_empty() || host.starts_with('*');
        let below = is_pattern.then(|| self.0.range(start.clone()..)).into_iter().flatten();
        let below = below.take_while(move |(name, _)| name.starts_with(&start));
        above.chain(below.filter(move |(name, _)| **name != own).map(|(_, said)| said)).flatten()
    }
}

fn from_end(host: &str) -> String {
    host.chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hostname::covers;

    #[test]
    fn others_are_those_that_trying_each_finds() {
        let mut hosts = vec![String::new()];
        for name in ["a", "b", "ab", "b.a", "a.b", "ab.b", "a.b.a", "b.ab.a", "a.a.b.a"] {
            hosts.extend([name.to_owned(), format!("*.{name}")]);
        }
        let mut nested = Nested::default();
        for host in &hosts {
            nested.add(host, host.as_str());
        }
        let is_above = |one: &str, other: &str| one.is_empty() || covers(one, other);
        for host in &hosts {
            let is_other = |other: &&str| host != other && (is_above(host, other) || is_above(other, host));
            let mut tried: Vec<&str> = hosts.iter().map(String::as_str).filter(is_other).collect();
            let mut found: Vec<&str> = nested.of_others(host).copied().collect();
            tried.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, tried, "{host}");
        }
    }
}
