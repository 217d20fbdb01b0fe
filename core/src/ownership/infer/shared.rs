//! Host names that more than one namespace uses: what may be a takeover today would become policy by their grants.

use std::collections::BTreeMap;

use super::super::hostname_grant::EVERY_HOST;
use super::written::wider;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::shorten::listed;

/// A host name that is to be granted to more than one namespace, or that takes in names of others.
const SHARED: Code = Code("hostname-shared");

/// Who serves which host name: of each namespace the first object, in words.
#[derive(Debug, Default)]
pub(super) struct Users {
    by_host: BTreeMap<String, BTreeMap<String, String>>,
}

/// The same, with what wildcards take in.
pub(super) struct Shared<'u> {
    users: &'u Users,
    /// By wildcard and namespace the first narrower name, and its object.
    below: BTreeMap<String, BTreeMap<&'u str, (&'u str, &'u str)>>,
}

impl Users {
    pub(super) fn add(&mut self, host: &str, namespace: &str, object: impl FnOnce() -> String) {
        let users = self.by_host.entry(host.to_owned()).or_default();
        users.entry(namespace.to_owned()).or_insert_with(object);
    }

    /// The objects that use a host name, the first of each namespace.
    pub(super) fn of(&self, host: &str) -> String {
        listed(self.by_host.get(host).into_iter().flat_map(BTreeMap::values))
    }

    pub(super) fn shared(&self) -> Shared<'_> {
        let mut below: BTreeMap<String, BTreeMap<&str, (&str, &str)>> = BTreeMap::new();
        for (host, users) in &self.by_host {
            for wildcard in wider(host).filter(|wildcard| self.by_host.contains_key(wildcard)) {
                let taken = below.entry(wildcard).or_default();
                for (namespace, object) in users {
                    taken.entry(namespace).or_insert((host, object));
                }
            }
        }
        Shared { users: self, below }
    }
}

impl Shared<'_> {
    /// Whether another namespace uses a name that overlaps one. That of every host stands aside: nobody can claim it.
    pub(super) fn is_shared(&self, host: &str, namespace: &str) -> bool {
        let of_others = |wider: &String| {
            let users = self.users.by_host.get(wider);
            wider != EVERY_HOST && users.is_some_and(|users| users.keys().any(|other| other != namespace))
        };
        let is_taken = |taken: &BTreeMap<&str, (&str, &str)>| taken.keys().any(|other| *other != namespace);
        of_others(&host.to_owned())
            || wider(host).any(|wider| of_others(&wider))
            || self.below.get(host).is_some_and(is_taken)
    }

    /// Says of each host name once which namespaces share it.
    pub(super) fn told(&self, needs_claims: bool) -> Vec<Diagnostic> {
        let told = self.users.by_host.iter().filter_map(|(host, users)| {
            let taken = self.below.get(host).into_iter().flatten();
            let taken = taken.filter(|(namespace, _)| !users.contains_key(**namespace));
            let own = users.iter().map(|(namespace, object)| format!("`{namespace}` ({object})"));
            let taken =
                taken.map(|(namespace, (host, object))| format!("`{namespace}` (`{host}`, {object})"));
            let all: Vec<String> = own.chain(taken).collect();
            (all.len() > 1).then(|| shared(host, &all, needs_claims))
        });
        told.collect()
    }
}

fn shared(host: &str, users: &[String], needs_claims: bool) -> Diagnostic {
    let count = users.len();
    let and_below = if host.starts_with('*') { " or a name below it" } else { "" };
    let claim = if needs_claims { ", and no claim of it can be inferred" } else { "" };
    let users = listed(users.iter());
    let message = format!(
        "{count} namespaces use `{host}`{and_below}, and the grants let each of them{claim}: {users}"
    );
    let hint = "if one of them took the name, take it out of that one's grant; a Bound DomainClaim keeps all others off";
    Diagnostic::warning(SHARED, Path::ROOT, message).hint(hint)
}
