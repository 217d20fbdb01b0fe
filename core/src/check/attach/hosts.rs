//! What host names a listener and a route have in common.
//!
//! Source: Gateway API v1.6.1, `site/content/en/docs/concepts/hostnames.md:78-118` and
//! `apis/v1/httproute_types.go:66-112`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::hostname::{covers, suffix, wider};

/// The more specific of two host names that have hosts in common.
pub fn intersect<'h>(one: &'h str, other: &'h str) -> Option<&'h str> {
    if covers(one, other) {
        Some(other)
    } else if covers(other, one) {
        Some(one)
    } else {
        None
    }
}

/// Whether a listener and a route have a host in common; without host names either is for every host.
pub fn meet(listener: Option<&str>, route: &[Cow<'_, str>]) -> bool {
    listener.is_none_or(|listener| {
        route.is_empty() || route.iter().any(|name| intersect(listener, name).is_some())
    })
}

/// What stands for host names, found again by another one that is the same or has a host in common.
#[derive(Debug)]
pub struct ByHost<'h, T> {
    /// A wildcard is kept without its star: a suffix that no exact name is. The empty text stands for every host.
    names: BTreeMap<&'h str, T>,
    /// For each suffix one of the names that it covers.
    below: BTreeMap<&'h str, T>,
}

impl<T> Default for ByHost<'_, T> {
    fn default() -> Self {
        Self { names: BTreeMap::new(), below: BTreeMap::new() }
    }
}

impl<'h, T: Copy> ByHost<'h, T> {
    /// Adds a name, unless it is there already.
    pub fn add(&mut self, name: &'h str, value: T) {
        let name = suffix(name);
        self.names.entry(name).or_insert(value);
        for wider in wider(name) {
            self.below.entry(wider).or_insert(value);
        }
    }

    /// What stands for this very name.
    pub fn equal(&self, name: &str) -> Option<T> {
        self.names.get(suffix(name)).copied()
    }

    /// What stands for a name that has a host in common with this one.
    pub fn meeting(&self, name: &str) -> Option<T> {
        let suffix = suffix(name);
        let wider = || wider(suffix).find_map(|wider| self.names.get(wider));
        self.equal(name).or_else(|| wider().or_else(|| self.below.get(suffix)).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of hostnames.md, and the examples of `httproute_types.go`.
    #[test]
    fn intersects_as_the_published_table_says() {
        for (listener, route, common) in [
            (None, "a.example.com", Some("a.example.com")),
            (None, "*.example.com", Some("*.example.com")),
            (Some("test.example.com"), "test.example.com", Some("test.example.com")),
            (Some("test.example.com"), "*.example.com", Some("test.example.com")),
            (Some("test.example.com"), "other.example.com", None),
            (Some("*.example.com"), "test.example.com", Some("test.example.com")),
            (Some("*.example.com"), "foo.test.example.com", Some("foo.test.example.com")),
            (Some("*.example.com"), "*.example.com", Some("*.example.com")),
            (Some("*.example.com"), "*.foo.example.com", Some("*.foo.example.com")),
            (Some("*.foo.example.com"), "*.example.com", Some("*.foo.example.com")),
            (Some("*.example.com"), "example.com", None),
            (Some("*.example.com"), "test.example.net", None),
            (Some("*.example.com"), "badexample.com", None),
        ] {
            let found = listener.map_or(Some(route), |listener| intersect(listener, route));
            assert_eq!(found, common, "{listener:?} {route}");
            assert_eq!(meet(listener, &[Cow::Borrowed(route)]), common.is_some(), "{listener:?} {route}");
        }
    }

    #[test]
    fn one_name_in_common_is_enough_and_none_is_every_host() {
        let route = ["test.example.net", "test.example.com"].map(Cow::Borrowed);
        assert!(meet(Some("*.example.com"), &route) && meet(None, &route));
        assert!(meet(Some("a.com"), &[]) && meet(None, &[]));
    }

    /// The two ways to tell it agree.
    #[test]
    fn what_meets_a_name_intersects_it() {
        let names = ["a.example.com", "*.example.com", "*.a.example.com", "example.com", "*.com", "b.net"];
        for one in names {
            let mut found = ByHost::default();
            found.add(one, ());
            for other in names {
                assert_eq!(found.meeting(other).is_some(), intersect(one, other).is_some(), "{one} {other}");
                assert_eq!(found.equal(other).is_some(), one == other, "{one} {other}");
            }
            assert!(found.meeting("").is_some() && found.equal("").is_none(), "{one}");
        }
    }
}
