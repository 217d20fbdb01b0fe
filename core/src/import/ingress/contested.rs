//! Hosts that several Ingresses name: which of them answers what, as ingress-nginx has it.
//!
//! Source: ingress-nginx v1.12.1, `sortIngressSlice` of `internal/ingress/controller/store/store.go` for their order,
//! `getBackendServers` and `createServers` of `internal/ingress/controller/controller.go` for paths and default backends,
//! and `rootfs/etc/nginx/template/nginx.tmpl` for `app-root`, which is of the whole server there.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::read::{Ingress, Location};
use super::roots::{ROOT, Roots, is_root};
use crate::diagnostic::{Code, Diagnostic};
use crate::import::objects::Objects;
use crate::path::Path;

/// A host and path that another Ingress answers, so that this one does not.
const PATH_TAKEN: Code = Code("import-path-taken");

/// What an Ingress that has lost something can do about it.
pub(super) const HINT: &str = "write it into the values in place of the other if it is to answer from now on";

/// Class and host.
type Server = (String, String);

/// Puts Ingresses in the order in which ingress-nginx takes them, and takes away what each of them does not answer.
pub(super) fn settle(objects: &Objects<'_>, ingresses: &mut [Ingress], out: &mut Vec<Diagnostic>) {
    let is_known = ingresses.iter().all(|ingress| age(objects, ingress).is_some());
    if is_known {
        ingresses.sort_by_cached_key(|ingress| (age(objects, ingress), Reverse(name(objects, ingress))));
    }
    let why = if is_known {
        "which ingress-nginx takes first"
    } else {
        "which comes first in the input: not every Ingress says when it was created, and ingress-nginx takes the older"
    };
    take_paths(objects, ingresses, why, out);
    take_rests(objects, ingresses, out);
    take_starts(objects, ingresses, out);
}

fn age(objects: &Objects<'_>, ingress: &Ingress) -> Option<String> {
    let created = objects.get(ingress.object)?.metadata("creationTimestamp")?;
    created.as_text().map(str::to_owned)
}

fn name(objects: &Objects<'_>, ingress: &Ingress) -> String {
    objects
        .get(ingress.object)
        .map_or_else(String::new, |object| format!("{}/{}", object.namespace(), object.name()))
}

fn server(ingress: &Ingress, host: &str) -> Server {
    (ingress.class.clone(), host.to_owned())
}

/// Those that have locations of their own there.
fn stable(ingresses: &mut [Ingress]) -> impl Iterator<Item = &mut Ingress> {
    ingresses.iter_mut().filter(|ingress| ingress.asked.canary.is_none())
}

/// Of several for one host, type and path the first.
fn take_paths(objects: &Objects<'_>, ingresses: &mut [Ingress], why: &str, out: &mut Vec<Diagnostic>) {
    let mut taken: BTreeMap<(Server, &'static str, String), usize> = BTreeMap::new();
    for ingress in stable(ingresses) {
        let Some(object) = objects.get(ingress.object) else { continue };
        let (index, class) = (ingress.object, ingress.class.clone());
        for (host, locations) in &mut ingress.sites {
            let is_own = |location: &Location| {
                let key = ((class.clone(), host.clone()), location.kind, location.path.clone());
                let first = match taken.entry(key) {
                    _ if location.is_rest => return true,
                    Entry::Vacant(entry) => {
                        entry.insert(index);
                        return true;
                    }
                    Entry::Occupied(entry) => *entry.get(),
                };
                let what = format!("`{host}{}`", location.path);
                let message = match objects.get(first).filter(|_| first != index) {
                    Some(first) => format!("{what} is left out: {} has it, {why}", first.identity),
                    None => format!("{what} stands here more than once: the first is kept"),
                };
                let found = Diagnostic::warning(PATH_TAKEN, Path::ROOT.key("spec").key("rules"), message);
                out.push(object.say(found.hint(HINT)));
                false
            };
            locations.retain(is_own);
        }
    }
}

/// A default backend answers the rest of a host only where its Ingress names the host first and nobody has the root.
/// Hosts that nobody names have the first one of an Ingress without rules, whoever has their root.
fn take_rests(objects: &Objects<'_>, ingresses: &mut [Ingress], out: &mut Vec<Diagnostic>) {
    let mut firsts: BTreeMap<Server, usize> = BTreeMap::new();
    let mut rooted: BTreeMap<Server, usize> = BTreeMap::new();
    for ingress in stable(ingresses) {
        for (host, locations) in &ingress.sites {
            if !host.is_empty() || locations.iter().any(|location| location.is_rest) {
                firsts.entry(server(ingress, host)).or_insert(ingress.object);
            }
            if locations.iter().any(|location| !location.is_rest && is_root(location)) && !host.is_empty() {
                rooted.entry(server(ingress, host)).or_insert(ingress.object);
            }
        }
    }
    for ingress in stable(ingresses) {
        let Some(object) = objects.get(ingress.object) else { continue };
        let (index, class) = (ingress.object, ingress.class.clone());
        for (host, locations) in &mut ingress.sites {
            let key = (class.clone(), host.clone());
            let other = rooted.get(&key).or_else(|| firsts.get(&key)).filter(|other| **other != index);
            let Some(other) = other.and_then(|other| objects.get(*other)) else { continue };
            let is_taken = |location: &Location| location.is_rest || host.is_empty() && is_root(location);
            let Some(taken) = locations.iter().find(|location| is_taken(location)) else { continue };
            let message = match (taken.is_rest, host.is_empty()) {
                (true, true) => format!(
                    "the default backend does not answer hosts that nobody names: ingress-nginx takes the first, that of {}",
                    other.identity
                ),
                (false, _) => format!(
                    "`/` of hosts that nobody names is left out: ingress-nginx has the default backend of {} answer it",
                    other.identity
                ),
                _ if rooted.contains_key(&key) => {
                    format!("the default backend does not answer `{host}/`: {} has it", other.identity)
                }
                _ => format!(
                    "the default backend does not answer the rest of `{host}`: {} names the host first, and \
                     ingress-nginx goes by that",
                    other.identity
                ),
            };
            locations.retain(|location| !is_taken(location));
            let found = Diagnostic::warning(PATH_TAKEN, Path::ROOT.key("spec"), message);
            out.push(object.say(found.hint(HINT)));
        }
    }
}

/// `app-root` is for the root of a host whoever has that, of several the one with the longest path; it is without effect
/// where nothing else of its Ingress is left.
fn take_starts(objects: &Objects<'_>, ingresses: &mut [Ingress], out: &mut Vec<Diagnostic>) {
    let mut starts: BTreeMap<Server, ((usize, String), usize)> = BTreeMap::new();
    let roots = Roots::of(ingresses);
    let mut silent = BTreeSet::new();
    for ingress in ingresses.iter().filter(|ingress| ingress.asked.canary.is_none()) {
        for (host, locations) in &ingress.sites {
            let longest = locations.iter().map(|location| (location.path.len(), location.path.clone())).max();
            let root = || roots.are_of(ingress, host).then(|| (1, ROOT.1.to_owned()));
            let Some(longest) = longest.or_else(root) else {
                silent.insert((ingress.object, host.clone()));
                continue;
            };
            if ingress.asked.app_root.is_some() {
                let key = server(ingress, host);
                if starts.get(&key).is_none_or(|(known, _)| *known < longest) {
                    starts.insert(key, (longest, ingress.object));
                }
            }
        }
    }
    for ingress in stable(ingresses) {
        let Some(object) = objects.get(ingress.object) else { continue };
        let class = ingress.class.clone();
        let mut say = |message: String| {
            let path = Path::ROOT.key("metadata").key("annotations");
            out.push(object.say(Diagnostic::warning(PATH_TAKEN, path, message).hint(HINT)));
        };
        for (host, locations) in &mut ingress.sites {
            let start = starts.get(&(class.clone(), host.clone())).map(|(_, of)| *of);
            let is_own = start == Some(ingress.object);
            if is_own {
                ingress.starts.insert(host.clone());
            }
            let other = start.and_then(|start| objects.get(start));
            if silent.contains(&(ingress.object, host.clone()))
                && (ingress.asked.app_root.is_some() || ingress.asked.redirect.is_some())
            {
                say(match host.as_str() {
                    "" => "the annotations answer nothing of hosts that nobody names, where ingress-nginx has its own \
                           default backend"
                        .to_owned(),
                    host => format!("the annotations answer nothing of `{host}`: other Ingresses have it"),
                });
            } else if let (Some(other), false, Some(_)) = (other, is_own, &ingress.asked.app_root) {
                say(format!(
                    "`app-root` is without effect for `{host}`: that of {} comes first",
                    other.identity
                ));
            }
            let count = locations.len();
            let is_start = |location: &Location| (location.kind, location.path.as_str()) == ("Exact", ROOT.1);
            locations.retain(|location| start.is_none() || !is_start(location));
            if let (Some(other), true) = (other, locations.len() < count) {
                say(format!("`{host}/` is left out: `app-root` of {} redirects it", other.identity));
            }
        }
    }
}
