//! Wildcards, and rules without a host, beside the hosts below them.
//!
//! ingress-nginx has a server of its own for each host that an Ingress names, which answers 404 to the paths that it has
//! not. Gateway API goes on to the routes of wider names that attach to the same listener, which is that for plain
//! requests: where TLS ends each host has its own. A listener of its own for each named host there would say the same
//! only where the controller isolates listeners, and a Gateway has few.
//!
//! Source: ingress-nginx v1.12.1, `createServers` of `internal/ingress/controller/controller.go`, and `buildServerName` of
//! `internal/ingress/controller/template/template.go`, by which `*` is one label. Gateway API v1.6.1, `spec.hostnames` of
//! HTTPRoute, where it is one or more.

use std::collections::BTreeMap;

use super::alike::Tls;
use super::read::Ingress;
use super::roots::is_root;
use super::routes::Surroundings;
use super::sent::Sent;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::hostname::wider;
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
    /// Whether something answers every path, or did and is told of as left out.
    is_whole: bool,
}

/// Says of each wildcard, and of hosts that nobody names, which requests go there that did not.
pub(super) fn say(around: &Surroundings<'_, '_>, ingresses: &[Ingress], out: &mut Vec<Diagnostic>) {
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
                known.first = known.first.or(answers.then_some(ingress.object));
            }
        }
    }
    for hosts in classes.values() {
        let mut below: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (host, _) in hosts.iter().filter(|(host, known)| !host.is_empty() && !known.is_whole) {
            if let Some((above, _)) = nearest(hosts, host).filter(|(_, above)| above.is_plain) {
                below.entry(above).or_default().push(format!("`{host}`"));
            }
        }
        for (host, known) in hosts.iter().filter(|(host, _)| host.is_empty() || host.starts_with('*')) {
            let object = known.first.and_then(|first| around.objects.get(first));
            let found = found(host, below.get(host));
            out.extend(object.zip(found).map(|(object, found)| object.say(found)));
        }
    }
}

/// The nearest of the hosts that stands for more than this one, and answers something.
fn nearest<'h>(hosts: &'h BTreeMap<&str, Host>, host: &str) -> Option<(&'h str, &'h Host)> {
    let patterns =
        wider(host).map(|suffix| if suffix.is_empty() { String::new() } else { format!("*{suffix}") });
    patterns.filter(|pattern| pattern != host).find_map(|pattern| {
        let (pattern, above) = hosts.get_key_value(pattern.as_str())?;
        above.first.is_some().then_some((*pattern, above))
    })
}

fn found(host: &str, below: Option<&Vec<String>>) -> Option<Diagnostic> {
    let (severity, message, hint) = match (below, host) {
        (None, "") => return None,
        (None, _) => (
            Severity::Info,
            format!(
                "hosts of two or more labels below `{host}` are answered too; ingress-nginx takes them for hosts that nobody \
                 names"
            ),
            "name the hosts in place of the wildcard if they are not to be answered",
        ),
        (Some(below), _) => {
            let (what, labels) = match host {
                "" => ("hosts that nobody names".to_owned(), ""),
                _ => (
                    format!("`{host}`"),
                    ", and so are hosts of two or more labels below it, which ingress-nginx takes for hosts that nobody names",
                ),
            };
            let message = format!(
                "plain requests for paths that no Ingress has for {} are answered as those of {what}, where ingress-nginx \
                 answers 404{labels}",
                listed(below)
            );
            let hint = "write a rule for `/` of each of these hosts, or give it an HTTP listener of its own to which alone its \
                        routes attach, if the controller isolates listeners";
            (Severity::Warning, message, hint)
        }
    };
    Some(Diagnostic::new(WILDCARD, severity, Path::ROOT.key("spec").key("rules"), message).hint(hint))
}
