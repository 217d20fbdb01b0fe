//! Other names of hosts: a host that an Ingress gives one is served under it with every path that it has, of
//! whichever Ingress.
//!
//! Source: ingress-nginx v1.12.1, `createServers` of `internal/ingress/controller/controller.go`, which gives the aliases of an
//! Ingress to each of its hosts, and `rootfs/etc/nginx/template/nginx.tmpl`, where hosts stand by name with theirs: of
//! two hosts with one alias nginx takes the first.

use std::collections::{BTreeMap, BTreeSet};

use super::annotations::{ANNOTATION, place};
use super::contested::HINT;
use super::read::Ingress;
use crate::diagnostic::Diagnostic;
use crate::import::objects::Objects;
use crate::shorten::listed;

/// How ingress-nginx names the host of rules without one.
const NAMELESS_HOST: &str = "_";

/// Class and host.
type Server<'i> = (&'i str, &'i str);

/// Aliases by their hosts.
#[derive(Debug, Default)]
pub(super) struct Aliases<'i> {
    /// With the index of the Ingress's object that gives them.
    by_host: BTreeMap<Server<'i>, BTreeMap<&'i str, usize>>,
}

impl<'i> Aliases<'i> {
    /// Those of all Ingresses, which are in the order that ingress-nginx takes them in; says what of them it ignores.
    pub(super) fn of(objects: &Objects<'_>, ingresses: &'i [Ingress], out: &mut Vec<Diagnostic>) -> Self {
        let mut hosts = BTreeMap::new();
        let mut givers = BTreeMap::new();
        for (ingress, server) in sites(ingresses) {
            hosts.entry(server).or_insert(ingress);
            if ingress.asked.aliases.is_some() {
                givers.entry(server).or_insert(ingress);
            }
        }
        let mut owners = BTreeMap::new();
        for ((class, host), giver) in &givers {
            for alias in giver.asked.aliases.iter().flatten().map(String::as_str) {
                let owner = owners.entry((*class, alias)).or_insert(*host);
                if by_name(host) < by_name(owner) {
                    *owner = host;
                }
            }
        }
        let mut aliases = Self::default();
        let identity = |ingress: &Ingress| {
            objects.get(ingress.object).map(|object| object.identity.to_string()).unwrap_or_default()
        };
        for (ingress, server) in sites(ingresses) {
            let (class, host) = server;
            let Some(giver) = givers.get(&server) else { continue };
            let mut left: BTreeMap<String, Vec<String>> = BTreeMap::new();
            let asked: BTreeSet<&str> = ingress.asked.aliases.iter().flatten().map(String::as_str).collect();
            for alias in asked.into_iter().filter(|alias| *alias != host) {
                let why = if let Some(of) = hosts.get(&(class, alias)) {
                    format!("named as a host by {}", identity(of))
                } else if giver.object != ingress.object {
                    if giver.asked.aliases.iter().flatten().any(|given| given == alias) {
                        continue;
                    }
                    format!("those of {} are its aliases", identity(giver))
                } else if let Some(owner) = owners.get(&(class, alias)).filter(|owner| **owner != host) {
                    format!("`{}` has the same and comes first", by_name(owner))
                } else {
                    aliases.by_host.entry(server).or_default().insert(alias, ingress.object);
                    continue;
                };
                left.entry(why).or_default().push(format!("`{alias}`"));
            }
            for (why, names) in left {
                let message = format!(
                    "left out of the aliases of `{}`, as in ingress-nginx: {} ({why})",
                    by_name(host),
                    listed(names)
                );
                let found = Diagnostic::warning(ANNOTATION, place("server-alias"), message);
                let object = objects.get(ingress.object);
                out.extend(object.map(|object| object.say(found.about_key().hint(HINT))));
            }
        }
        aliases
    }

    /// The aliases of a host.
    pub(super) fn of_host(&self, class: &str, host: &str) -> Vec<&'i str> {
        self.by_host.get(&(class, host)).map(|given| given.keys().copied().collect()).unwrap_or_default()
    }

    /// Whether an alias of a host is this Ingress's.
    pub(super) fn are_given_by(&self, ingress: &Ingress, host: &str, alias: &str) -> bool {
        let given = self.by_host.get(&(ingress.class.as_str(), host));
        given.and_then(|given| given.get(alias)) == Some(&ingress.object)
    }
}

/// Each host of each Ingress that has locations of its own.
fn sites(ingresses: &[Ingress]) -> impl Iterator<Item = (&Ingress, Server<'_>)> {
    let stable = ingresses.iter().filter(|ingress| ingress.asked.canary.is_none());
    stable.flat_map(|ingress| {
        ingress.sites.iter().map(move |(host, _)| (ingress, (ingress.class.as_str(), host.as_str())))
    })
}

fn by_name(host: &str) -> &str {
    if host.is_empty() { NAMELESS_HOST } else { host }
}
