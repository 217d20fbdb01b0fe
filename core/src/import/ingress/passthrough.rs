//! Hosts whose TLS goes to a Service as it is: those whose first Ingress asks for it. Requests that are encrypted go to
//! the Service of the root, whichever Ingress has that; plain ones are answered as those of other hosts.
//!
//! Source: ingress-nginx v1.12.1, `createServers` and `getConfiguration` of `internal/ingress/controller/controller.go`;
//! `Get` of `pkg/tcpproxy/tcp.go`, which looks for the very name that a client asks for, so that a wildcard is for none.

use std::collections::{BTreeMap, BTreeSet};

use super::annotations::{ANNOTATION, place};
use super::read::{Ingress, Location};
use super::roots::is_root;
use crate::diagnostic::Diagnostic;
use crate::import::objects::Objects;

/// Hosts whose TLS is passed through, by class and name.
#[derive(Debug, Default)]
pub(super) struct Passed {
    hosts: BTreeSet<(String, String)>,
}

impl Passed {
    /// Those of all Ingresses, which are in the order that ingress-nginx takes them in and have what each of them answers;
    /// says where the annotation is ignored, and what is not reached.
    pub(super) fn of(objects: &Objects<'_>, ingresses: &[Ingress], out: &mut Vec<Diagnostic>) -> Self {
        let mut firsts: BTreeMap<(&str, &str), &Ingress> = BTreeMap::new();
        let mut roots: BTreeMap<(&str, &str), &Location> = BTreeMap::new();
        let mut lost = BTreeSet::new();
        for (ingress, host, locations) in sites(ingresses) {
            let server = (ingress.class.as_str(), host);
            firsts.entry(server).or_insert(ingress);
            if ingress.lost.roots.contains(host) {
                lost.insert(server);
            }
            if let Some(root) = locations.iter().find(|location| is_passed_to(location)) {
                roots.entry(server).or_insert(root);
            }
        }
        for (ingress, host, locations) in sites(ingresses) {
            let server = (ingress.class.as_str(), host);
            let (Some(object), Some(first)) = (objects.get(ingress.object), firsts.get(&server)) else {
                continue;
            };
            let (is_first, is_passed) = (first.object == ingress.object, first.asked.passthrough);
            let of_first =
                objects.get(first.object).map(|first| first.identity.to_string()).unwrap_or_default();
            let root = roots.get(&server);
            let has_others = locations.iter().any(|location| !is_root(location));
            let (message, hint) = match root {
                _ if host.is_empty() && ingress.asked.passthrough => (
                    "`ssl-passthrough` is ignored for hosts that nobody names, as in ingress-nginx"
                        .to_owned(),
                    "name the host if its TLS is to be passed through from now on",
                ),
                _ if is_wildcard(host) && ingress.asked.passthrough => (
                    format!(
                        "`ssl-passthrough` is ignored for `{host}`, as in ingress-nginx, which passes exact names alone through: \
                         it is as if it were not there"
                    ),
                    "name the hosts, or write a TLSRoute, if their TLS is to be passed through from now on",
                ),
                _ if host.is_empty() || is_wildcard(host) => continue,
                _ if !is_passed && !ingress.asked.passthrough => continue,
                _ if !is_passed => (
                    format!(
                        "`ssl-passthrough` is ignored for `{host}`, as in ingress-nginx: {of_first} names the host first"
                    ),
                    "write a TLSRoute if its TLS is to be passed through from now on",
                ),
                None if is_first && lost.contains(&server) => (
                    format!("the TLS of `{host}` is passed through to nobody, as its path `/` is left out"),
                    "write a TLSRoute to the Service that ends the TLS",
                ),
                None if is_first => (
                    format!(
                        "the TLS of `{host}` is passed through to nobody, as in ingress-nginx: no Ingress has a path `/` of \
                         type `Prefix` with a Service there"
                    ),
                    "write a TLSRoute to the Service that ends the TLS",
                ),
                Some(root) if has_others => (
                    format!(
                        "TLS of `{host}` that is passed through knows no paths: all of it goes to Service `{}`, as in \
                         ingress-nginx; the other paths are for plain requests alone",
                        root.backend.service
                    ),
                    "see whether the Service answers these paths",
                ),
                Some(_) if !ingress.asked.passthrough && !locations.is_empty() => (
                    format!(
                        "the TLS of `{host}` is passed through, as in ingress-nginx: {of_first} asks for it"
                    ),
                    "see whether the Service ends the TLS",
                ),
                _ => continue,
            };
            out.push(
                object.say(Diagnostic::warning(ANNOTATION, place("ssl-passthrough"), message).hint(hint)),
            );
        }
        let passed = firsts
            .into_iter()
            .filter(|((_, host), first)| !host.is_empty() && !is_wildcard(host) && first.asked.passthrough);
        Self { hosts: passed.map(|((class, host), _)| (class.to_owned(), host.to_owned())).collect() }
    }

    /// Whether the TLS of a host is passed through.
    pub(super) fn has(&self, class: &str, host: &str) -> bool {
        self.hosts.contains(&(class.to_owned(), host.to_owned()))
    }
}

fn is_wildcard(host: &str) -> bool {
    host.starts_with("*.")
}

/// Whether TLS can be passed to a location: what is a default backend in place of the root has no Service there.
pub(super) fn is_passed_to(location: &Location) -> bool {
    is_root(location) && !location.is_rest
}

/// Each host of each Ingress that has locations of its own.
fn sites(ingresses: &[Ingress]) -> impl Iterator<Item = (&Ingress, &str, &[Location])> {
    let stable = ingresses.iter().filter(|ingress| ingress.asked.canary.is_none());
    stable.flat_map(|ingress| {
        ingress.sites.iter().map(move |(host, locations)| (ingress, host.as_str(), locations.as_slice()))
    })
}
