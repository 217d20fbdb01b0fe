//! The root of each host: where no Ingress has a path for it, ingress-nginx answers there as the annotations of the
//! first Ingress of the host say. Hosts that nobody names have a root of ingress-nginx's own.
//!
//! Source: ingress-nginx v1.12.1, `internal/ingress/controller/controller.go`, `createServers`.

use std::collections::{BTreeMap, BTreeSet};

use super::nested::Nested;
use super::read::{Ingress, Location};

/// Kind and path of a location that takes everything.
pub(super) const ROOT: (&str, &str) = ("PathPrefix", "/");

/// Hosts without a path for their root, by class and name, with the object of the Ingress that comes first.
#[derive(Debug, Default)]
pub(super) struct Roots<'i> {
    left: BTreeMap<(&'i str, &'i str), usize>,
    /// Hosts that more than one Ingress answers something of.
    shared: BTreeSet<(&'i str, &'i str)>,
    /// What answers something, by class.
    answered: BTreeMap<&'i str, Nested<Answered<'i>>>,
}

/// What an Ingress has for a host of which it answers something.
#[derive(Debug)]
struct Answered<'i> {
    locations: &'i [Location],
    /// The object of the Ingress.
    of: usize,
}

impl<'i> Roots<'i> {
    pub(super) fn of(ingresses: &'i [Ingress]) -> Self {
        let mut left = BTreeMap::new();
        let mut taken = BTreeSet::new();
        let mut firsts = BTreeMap::new();
        let mut answered: BTreeMap<_, Nested<_>> = BTreeMap::new();
        let mut shared = BTreeSet::new();
        for ingress in ingresses.iter().filter(|ingress| ingress.asked.canary.is_none()) {
            for (host, locations) in ingress.sites.iter().filter(|(host, _)| !host.is_empty()) {
                let place = (ingress.class.as_str(), host.as_str());
                left.entry(place).or_insert(ingress.object);
                if locations.iter().any(is_root) {
                    taken.insert(place);
                }
            }
        }
        for ingress in ingresses.iter().filter(|ingress| ingress.asked.canary.is_none()) {
            let is_sent = ingress.asked.redirect.is_some() || ingress.asked.app_root.is_some();
            let sites = ingress.sites.iter().filter(|(_, locations)| is_sent || !locations.is_empty());
            for (host, locations) in sites {
                let place = (ingress.class.as_str(), host.as_str());
                answered.entry(place.0).or_default().add(host, Answered { locations, of: ingress.object });
                if *firsts.entry(place).or_insert(ingress.object) != ingress.object {
                    shared.insert(place);
                }
            }
        }
        left.retain(|place, _| !taken.contains(place));
        Self { left, shared, answered }
    }

    /// Whether the root of a host is answered by the annotations of this Ingress.
    pub(super) fn are_of(&self, ingress: &Ingress, host: &str) -> bool {
        self.left.get(&(ingress.class.as_str(), host)) == Some(&ingress.object)
    }

    /// Whether other Ingresses answer something of a host too.
    pub(super) fn are_shared(&self, ingress: &Ingress, host: &str) -> bool {
        self.shared.contains(&(ingress.class.as_str(), host))
    }

    /// Whether hosts of other routes are above or below a host: a GRPCRoute is for no host that an HTTPRoute of the same
    /// listener is for too, as up to 1.5 one of both is refused, and later which of them a request reaches is the
    /// controller's. So it is where one is for `*.x` and the other for `a.x`, which Envoy has as two hosts: it asks the
    /// second alone.
    ///
    /// Source: Gateway API v1.5.1, `grpcroute_types.go:126-137`; v1.7.0, `grpcroute_types.go:144-156`.
    pub(super) fn are_nested(&self, ingress: &Ingress, host: &str, own: &[Location]) -> bool {
        let answered = self.answered.get(ingress.class.as_str()).into_iter();
        let mut others = answered.flat_map(|answered| answered.of_others(host));
        others.any(|other| other.of != ingress.object || other.locations != own)
    }
}

/// Whether a location takes everything.
pub(super) fn is_root(location: &Location) -> bool {
    (location.kind, location.path.as_str()) == ROOT
}
