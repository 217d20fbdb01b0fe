//! Wildcards, and rules without a host, beside the hosts below them.
//!
//! ingress-nginx has a server of its own for each host that an Ingress names, which answers 404 to the paths that it has
//! not. Gateway API goes on to the routes of wider names that attach to the same listener. Where TLS ends each host has
//! its own; for plain requests such a host gets one too, as long as a Gateway takes so many.
//!
//! Source: ingress-nginx v1.12.1, `createServers` of `internal/ingress/controller/controller.go`, and `buildServerName` of
//! `internal/ingress/controller/template/template.go`, by which `*` is one label. Gateway API v1.6.1, `spec.hostnames` of
//! HTTPRoute, where it is one or more, and `gateway_types.go` on listener isolation.

use std::collections::{BTreeMap, BTreeSet};

use super::alike::Tls;
use super::read::Ingress;
use super::roots::is_root;
use super::routes::Surroundings;
use super::sent::Sent;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::hostname::wider;
use crate::limits::LISTENERS_MAX;
use crate::path::Path;
use crate::shorten::listed;

/// A wildcard that answers more than it did.
const WILDCARD: Code = Code("import-wildcard");

/// What the Ingresses of a class have for a host.
#[derive(Debug, Default)]
struct Host {
    /// The object of the first Ingress that answers something of it.
    first: Option<usize>,
    /// Whether something answers plain requests other than by sending them to TLS.
    is_plain: bool,
    /// Whether it has a listener for TLS.
    is_encrypted: bool,
    /// Whether something answers every path, or did and is told of as left out.
    is_whole: bool,
}

/// The hosts of each class whose plain requests get a listener of their own; says of each wildcard, and of hosts that
/// nobody names, which requests go there that did not.
pub(super) fn apart(
    around: &Surroundings<'_, '_>,
    ingresses: &[Ingress],
    out: &mut Vec<Diagnostic>,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut classes: BTreeMap<&str, BTreeMap<&str, Host>> = BTreeMap::new();
    for ingress in ingresses.iter().filter(|ingress| ingress.asked.canary.is_none()) {
        let class = ingress.class.as_str();
        for (host, locations) in &ingress.sites {
            let is_sent =
                matches!(ingress.asked.redirect, Some(Sent::To(_))) && around.roots.are_of(ingress, host);
            let answers = is_sent || ingress.starts.contains(host) || !locations.is_empty();
            let tls = Tls::of_host(around.certificates, around.passed, class, host);
            let is_lost = ingress.lost.roots.contains(host) || ingress.lost.rests.contains(host);
            let is_whole = is_sent || is_lost || locations.iter().any(is_root);
            // A wildcard among aliases stands for any number of labels there too.
            let aliases = around.aliases.of_host(class, host).into_iter();
            for name in aliases.filter(|alias| !alias.starts_with('*')).chain([host.as_str()]) {
                let known = classes.entry(class).or_default().entry(name).or_default();
                known.is_whole |= is_whole;
                known.is_plain |= answers && !tls.redirects(&ingress.asked);
                known.is_encrypted |= matches!(tls, Tls::Ends | Tls::Passes { .. });
                known.first = known.first.or(answers.then_some(ingress.object));
            }
        }
    }
    let mut apart = BTreeMap::new();
    for (class, hosts) in &classes {
        let mut below: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (host, _) in hosts.iter().filter(|(host, known)| !host.is_empty() && !known.is_whole) {
            if let Some((above, _)) = nearest(hosts, host).filter(|(_, above)| above.is_plain) {
                below.entry(above).or_default().push(host);
            }
        }
        let own: BTreeSet<String> = below.values().flatten().map(|host| (*host).to_owned()).collect();
        let encrypted = hosts.values().filter(|known| known.is_encrypted).count();
        let is_apart = 1 + encrypted + own.len() <= LISTENERS_MAX;
        for (host, known) in hosts.iter().filter(|(host, _)| host.is_empty() || host.starts_with('*')) {
            let object = known.first.and_then(|first| around.objects.get(first));
            let found = found(host, below.get(host), is_apart);
            out.extend(object.zip(found).map(|(object, found)| object.say(found)));
        }
        if is_apart {
            apart.insert((*class).to_owned(), own);
        }
    }
    apart
}

/// The wildcards that stand for a host, the nearest first and itself among them; at the end `*`, for every host.
pub(super) fn patterns(host: &str) -> impl Iterator<Item = String> {
    wider(host).map(|suffix| format!("*{suffix}"))
}

/// The nearest of the hosts that stands for more than this one, and answers something.
fn nearest<'h>(hosts: &'h BTreeMap<&str, Host>, host: &str) -> Option<(&'h str, &'h Host)> {
    patterns(host).filter(|pattern| pattern != host).find_map(|pattern| {
        let (pattern, above) = hosts.get_key_value(if pattern == "*" { "" } else { pattern.as_str() })?;
        above.first.is_some().then_some((*pattern, above))
    })
}

fn found(host: &str, below: Option<&Vec<&str>>, is_apart: bool) -> Option<Diagnostic> {
    let say = |severity, message, hint| {
        let place = Path::ROOT.key("spec").key("rules");
        Some(Diagnostic::new(WILDCARD, severity, place, message).hint(hint))
    };
    let labels = || {
        format!(
            "hosts of two or more labels below `{host}` are answered too, which ingress-nginx takes for hosts that nobody names"
        )
    };
    let Some(below) = below else {
        let hint = "name the hosts in place of the wildcard if they are not to be answered";
        return (!host.is_empty()).then(labels).and_then(|labels| say(Severity::Info, labels, hint));
    };
    let (what, labels) = match host {
        "" => ("hosts that nobody names".to_owned(), String::new()),
        _ => (format!("`{host}`"), format!("; {}", labels())),
    };
    let names = listed(below.iter().map(|host| format!("`{host}`")));
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
