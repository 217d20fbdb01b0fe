//! What the Ingresses of a class have for each host and each alias, which is as its host.

use std::collections::BTreeMap;

use super::alike::Tls;
use super::certificates::{Certificate, Secret};
use super::passthrough::is_passed_to;
use super::read::{Ingress, Location};
use super::roots::is_root;
use super::routes::Surroundings;
use super::sent::Sent;
use super::wildcards::patterns;

/// Hosts and aliases of a class by their names, of which the empty one is for every host.
#[derive(Debug, Default)]
pub(super) struct Hosts<'i>(BTreeMap<&'i str, Host>);

/// What the Ingresses of a class have for a host or an alias.
#[derive(Debug)]
pub(super) struct Host {
    /// The object of the first Ingress that names it, or its host.
    pub(super) named: usize,
    /// The object of the first Ingress that answers something of it.
    pub(super) first: Option<usize>,
    pub(super) is_alias: bool,
    pub(super) tls: Taken,
    /// Whether something answers plain requests other than by sending them to TLS.
    pub(super) is_plain: bool,
    pub(super) rest: Rest,
}

/// What takes TLS of a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// There is no certificate for it.
    No,
    /// It ends at the Gateway, with this certificate.
    Ends(Secret),
    /// It goes to a Service.
    Passes,
    /// It is passed through, and no Service has the root.
    PassesToNobody,
}

/// What ingress-nginx does with plain requests for the rest of the paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rest {
    /// It answers 404.
    NotFound,
    /// It sends them to TLS, where it answers 404.
    Sent,
    /// There is none: something answers every path, or did and is told of as left out.
    Empty,
}

impl<'i> Hosts<'i> {
    /// Those of each class.
    pub(super) fn of<'m: 'i>(
        around: &Surroundings<'m, '_>,
        ingresses: &'i [Ingress],
    ) -> BTreeMap<&'i str, Self> {
        let mut classes: BTreeMap<&str, Self> = BTreeMap::new();
        for ingress in ingresses.iter().filter(|ingress| ingress.asked.canary.is_none()) {
            let hosts = classes.entry(ingress.class.as_str()).or_default();
            for (name, host, locations) in around.sites(ingress) {
                let is_left = around.roots.are_of(ingress, host);
                let is_answered = matches!(ingress.asked.redirect, Some(Sent::To(_))) && is_left;
                let is_lost = ingress.lost.roots.contains(host) || ingress.lost.rests.contains(host);
                let is_whole = is_answered || is_lost || locations.iter().any(is_root);
                let (tls, certificate) = around.tls(ingress, name, host);
                let redirects = tls.redirects(&ingress.asked);
                let known = hosts.0.entry(name).or_insert_with(|| Host {
                    named: ingress.object,
                    first: None,
                    is_alias: name != host,
                    tls: taken(tls, certificate),
                    is_plain: false,
                    rest: Rest::NotFound,
                });
                known.rest = known.rest.max(match (is_whole, is_left && redirects) {
                    (true, _) => Rest::Empty,
                    (false, true) => Rest::Sent,
                    (false, false) => Rest::NotFound,
                });
                if tls.passes() && locations.iter().any(is_passed_to) {
                    known.tls = Taken::Passes;
                }
                if is_answered || answers(ingress, host, locations) {
                    known.is_plain |= !redirects;
                    known.first = known.first.or(Some(ingress.object));
                }
            }
        }
        classes
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'i str, &Host)> {
        self.0.iter().map(|(name, host)| (*name, host))
    }

    /// The nearest that stands for more than a name, and for which this holds.
    pub(super) fn nearest(&self, name: &str, holds: impl Fn(&Host) -> bool) -> Option<(&'i str, &Host)> {
        patterns(name).filter(|pattern| pattern != name).find_map(|pattern| {
            let (above, host) = self.0.get_key_value(pattern.as_str())?;
            holds(host).then_some((*above, host))
        })
    }

    /// The nearest that stands for more than a name, whose TLS ends at the Gateway and which routes are for: without a
    /// listener of its own TLS of the name is answered there.
    pub(super) fn nearest_with_tls(&self, name: &str) -> Option<&'i str> {
        let answers = |above: &Host| matches!(above.tls, Taken::Ends(_)) && above.first.is_some();
        self.nearest(name, answers).map(|(above, _)| above)
    }
}

fn taken(tls: Tls, certificate: Option<&Certificate>) -> Taken {
    match certificate.and_then(|certificate| certificate.secret.clone()) {
        _ if tls.passes() => Taken::PassesToNobody,
        Some(secret) => Taken::Ends(secret),
        None => Taken::No,
    }
}

/// Whether an Ingress answers something of a host by what it has there.
fn answers(ingress: &Ingress, host: &str, locations: &[Location]) -> bool {
    let is_unsaid = matches!(ingress.asked.redirect, Some(Sent::Unsaid));
    ingress.starts.contains(host) || !locations.is_empty() && !is_unsaid
}
