//! Wildcards, and rules without a host, beside the hosts below them.
//!
//! ingress-nginx has a server of its own for each host that an Ingress names, which answers 404 to the paths that it has
//! not. Gateway API goes on to the routes of wider names that attach to the same listener. Where TLS ends each host has
//! its own; for plain requests such a host gets one too, as long as a Gateway takes so many. What has its own leads
//! nowhere where no route is for it.
//!
//! Source: ingress-nginx v1.12.1, `createServers` of `internal/ingress/controller/controller.go`, and `buildServerName` of
//! `internal/ingress/controller/template/template.go`, by which `*` is one label. Gateway API v1.6.1, `spec.hostnames` of
//! HTTPRoute, where it is one or more, and `gateway_types.go` on listener isolation.

use std::collections::{BTreeMap, BTreeSet};

use super::certificates::Secret;
use super::hosts::{Host, Hosts, Rest, Taken};
use super::listeners::Apart;
use super::read::Ingress;
use super::routes::Surroundings;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::hostname::wider;
use crate::limits::LISTENERS_MAX;
use crate::path::Path;
use crate::shorten::listed;

/// A wildcard that answers more than it did.
const WILDCARD: Code = Code("import-wildcard");

/// The listeners of each class that hosts have so that no wildcard answers for them; says of each wildcard, and of hosts
/// that nobody names, which requests go there that did not.
pub(super) fn apart(
    around: &Surroundings<'_, '_>,
    ingresses: &[Ingress],
    out: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Apart> {
    let mut classes = BTreeMap::new();
    for (class, hosts) in Hosts::of(around, ingresses) {
        // One is for the plain requests of every other host.
        let answered = hosts.iter().filter(|(_, host)| is_answered(host)).count();
        let room = LISTENERS_MAX.saturating_sub(1 + answered);
        let silent = silent(&hosts);
        let ending = fitting(&silent, room);
        let encrypted: BTreeMap<String, Option<Secret>> = silent
            .iter()
            .filter(|(above, _)| ending.contains(*above))
            .flat_map(|(_, names)| names.iter().map(|(name, host)| ((*name).to_owned(), secret(host))))
            .collect();
        let below = below(&hosts);
        let fitting = fitting(&below, room.saturating_sub(encrypted.len()));
        for (name, host) in hosts.iter().filter(|(name, _)| name.is_empty() || name.starts_with('*')) {
            let alias = raw_alias(&hosts, name, host);
            let object = host.first.and_then(|first| around.objects.get(first));
            // A wildcard among aliases stands for any number of labels there too.
            let is_more = !name.is_empty() && !host.is_alias && alias.is_none();
            let found = found(name, is_more, below.get(name), fitting.contains(name));
            out.extend(object.zip(found).map(|(object, found)| object.say(found)));
            let named = around.objects.get(host.named).zip(alias);
            out.extend(named.map(|(object, alias)| object.say(of_alias(name, alias))));
        }
        out.extend(elsewhere(&hosts).iter().filter_map(|((named, above), names)| {
            Some(around.objects.get(*named)?.say(by_tls(above, names)))
        }));
        out.extend(overfull(&silent, &ending).iter().filter_map(|((named, above), names)| {
            Some(around.objects.get(*named)?.say(without_room(above, names)))
        }));
        let own = below.iter().filter(|(above, _)| fitting.contains(*above)).flat_map(|(_, names)| names);
        let plain = own.map(|name| (*name).to_owned()).collect();
        classes.insert(class.to_owned(), Apart { plain, encrypted });
    }
    classes
}

/// The wildcards that stand for a host, the nearest first and itself among them; at the end the empty name, for every host.
pub(super) fn patterns(host: &str) -> impl Iterator<Item = String> {
    wider(host).map(|suffix| if suffix.is_empty() { String::new() } else { format!("*{suffix}") })
}

/// Whether routes of a host have a listener for its TLS.
fn is_answered(host: &Host) -> bool {
    match host.tls {
        Taken::Ends(_) => host.first.is_some(),
        Taken::Passes => true,
        Taken::PassesToNobody | Taken::No => false,
    }
}

/// By wildcard where TLS ends, the names below it with TLS of their own that no route is for: without a listener it would
/// end there.
fn silent<'h, 'i>(hosts: &'h Hosts<'i>) -> BTreeMap<&'i str, Vec<(&'i str, &'h Host)>> {
    let mut silent: BTreeMap<&str, Vec<(&str, &Host)>> = BTreeMap::new();
    for (name, host) in hosts.iter().filter(|(_, host)| !is_answered(host) && host.tls != Taken::No) {
        if let Some(above) = hosts.nearest_with_tls(name) {
            silent.entry(above).or_default().push((name, host));
        }
    }
    silent
}

/// The certificate of a listener to which no route attaches; none where TLS is passed through to nobody.
fn secret(host: &Host) -> Option<Secret> {
    match &host.tls {
        Taken::Ends(secret) => Some(secret.clone()),
        Taken::Passes | Taken::PassesToNobody | Taken::No => None,
    }
}

/// Of the silent names those without room for a listener, by the object that names them first and the wildcard.
fn overfull<'i>(
    silent: &BTreeMap<&'i str, Vec<(&'i str, &Host)>>,
    ending: &BTreeSet<&str>,
) -> BTreeMap<(usize, &'i str), Vec<&'i str>> {
    let mut overfull: BTreeMap<(usize, &str), Vec<&str>> = BTreeMap::new();
    for (above, names) in silent.iter().filter(|(above, _)| !ending.contains(*above)) {
        for (name, host) in names {
            overfull.entry((host.named, *above)).or_default().push(name);
        }
    }
    overfull
}

/// Says of names with a certificate that their TLS ends at a wildcard.
fn without_room(above: &str, names: &[&str]) -> Diagnostic {
    let message = format!(
        "{}: no path is left for a route, and with a listener for each such host the Gateway would have more than {LISTENERS_MAX}: \
         requests by TLS go to that of `{above}`, with all its paths; ingress-nginx answers them as those of the host",
        quoted(names)
    );
    let hint = "write a listener with the certificate for each of these hosts on another Gateway";
    Diagnostic::warning(WILDCARD, place(), message).hint(hint)
}

/// The alias above a wildcard that is itself a wildcard. nginx takes an alias as it is, and any other wildcard is an
/// expression for it, before which it takes names that begin with `*`.
///
/// Source: nginx, `server_name`; ingress-nginx v1.12.1, `buildServerName`, which is not asked for aliases.
fn raw_alias<'i>(hosts: &Hosts<'i>, name: &str, host: &Host) -> Option<&'i str> {
    let above = || hosts.nearest(name, |above| above.is_alias).map(|(alias, _)| alias);
    if name.is_empty() || host.is_alias { None } else { above() }
}

fn of_alias(inner: &str, alias: &str) -> Diagnostic {
    let message = format!(
        "hosts below `{inner}` are answered as its own; ingress-nginx answers them as those of the alias `{alias}`, which it \
         takes first"
    );
    let hint = "take the routes of the wildcard out if hosts below it are to be answered as there";
    Diagnostic::warning(WILDCARD, place(), message).hint(hint)
}

/// By wildcard, or the empty name, the names below it with paths that no Ingress has, which plain requests would have
/// answered there. One that ingress-nginx sends to TLS may be sent by the wildcard too: its TLS goes to its own.
fn below<'i>(hosts: &Hosts<'i>) -> BTreeMap<&'i str, Vec<&'i str>> {
    let mut below: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, host) in hosts.iter().filter(|(name, host)| !name.is_empty() && host.rest != Rest::Empty) {
        let above = hosts.nearest(name, |above| above.first.is_some());
        if let Some((above, _)) = above.filter(|(_, above)| above.is_plain || host.rest != Rest::Sent) {
            below.entry(above).or_default().push(name);
        }
    }
    below
}

/// The wildcards of which each name below gets a listener: those with the fewest first, as long as there is room.
fn fitting<'i, T>(below: &BTreeMap<&'i str, Vec<T>>, mut room: usize) -> BTreeSet<&'i str> {
    let mut groups: Vec<(usize, &str)> = below.iter().map(|(above, names)| (names.len(), *above)).collect();
    groups.sort_unstable();
    let mut fits = |count: usize| {
        let left = room.checked_sub(count);
        room = left.unwrap_or(room);
        left.is_some()
    };
    groups.into_iter().filter(|(count, _)| fits(*count)).map(|(_, above)| above).collect()
}

/// Names without a listener for their TLS, by the object that names them first and the wildcard where it ends.
fn elsewhere<'i>(hosts: &Hosts<'i>) -> BTreeMap<(usize, &'i str), Vec<&'i str>> {
    let mut elsewhere: BTreeMap<(usize, &str), Vec<&str>> = BTreeMap::new();
    for (name, host) in hosts.iter().filter(|(name, host)| !name.is_empty() && host.tls == Taken::No) {
        let Some((above, of)) = hosts.nearest(name, |above| matches!(above.tls, Taken::Ends(_))) else {
            continue;
        };
        // One that no route is for has a listener below another one alone.
        if of.first.is_some() || hosts.nearest_with_tls(above).is_some() {
            elsewhere.entry((host.named, above)).or_default().push(name);
        }
    }
    elsewhere
}

/// Says of names that their TLS ends at a wildcard.
fn by_tls(above: &str, names: &[&str]) -> Diagnostic {
    let message = format!(
        "{}: there is no certificate for a listener of its own, so that requests by TLS go to that of `{above}`, with all their \
         paths; ingress-nginx answers them as those of the host, with its default certificate",
        quoted(names)
    );
    let hint = "name each of these hosts with a Secret in `spec.tls`";
    Diagnostic::warning(WILDCARD, place(), message).hint(hint)
}

/// Says of a wildcard, or of every host, what it answers: with `is_more` hosts of more labels than there.
fn found(name: &str, is_more: bool, below: Option<&Vec<&str>>, is_apart: bool) -> Option<Diagnostic> {
    let say =
        |severity, message, hint| Some(Diagnostic::new(WILDCARD, severity, place(), message).hint(hint));
    let labels = is_more.then(|| {
        format!(
            "hosts of two or more labels below `{name}` are answered too, which ingress-nginx takes for hosts that nobody names"
        )
    });
    let Some(below) = below else {
        let hint = "name the hosts in place of the wildcard if they are not to be answered";
        return labels.and_then(|labels| say(Severity::Info, labels, hint));
    };
    let what = if name.is_empty() { "hosts that nobody names".to_owned() } else { format!("`{name}`") };
    let labels = labels.map(|labels| format!("; {labels}")).unwrap_or_default();
    let names = quoted(below);
    if is_apart {
        let message = format!(
            "{names}: plain requests have a listener of their own there, so that paths that no Ingress has are answered with 404, \
             as in ingress-nginx, and not as those of {what}; only controllers that isolate listeners do so{labels}"
        );
        let hint = "see whether the controller does (`gatewright check --profile` tells it), or write a rule for `/` of each";
        return say(Severity::Warning, message, hint);
    }
    let message = format!(
        "{names}: plain requests for paths that no Ingress has are answered as those of {what}, where ingress-nginx answers 404; \
         with a listener for each such host the Gateway would have more than {LISTENERS_MAX}{labels}"
    );
    let hint = "write a rule for `/` of each of these hosts, or put them on another Gateway";
    say(Severity::Warning, message, hint)
}

fn quoted(names: &[&str]) -> String {
    listed(names.iter().map(|name| format!("`{name}`")))
}

fn place() -> Path {
    Path::ROOT.key("spec").key("rules")
}
