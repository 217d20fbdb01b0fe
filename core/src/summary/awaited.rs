//! ReferenceGrants that come after the listeners which need them.

use std::collections::BTreeSet;

use super::Summary;
use super::gateways::Listener;

/// A namespace that refers, and namespace and name of the Secret.
type Reference<'s> = (&'s str, &'s str, &'s str);

/// References to Secrets of other namespaces that are new in a change, and whose ReferenceGrants are new too.
///
/// What a listener of the same namespace refers to before the change is no matter of it: that works already, or never did.
#[derive(Debug, Default)]
pub(super) struct Awaited<'s>(BTreeSet<Reference<'s>>);

impl<'s> Awaited<'s> {
    pub(super) fn of(old: &'s Summary, new: &'s Summary) -> Self {
        let (before, after) = (granted(old), granted(new));
        let used = used(old);
        Self(after.difference(&before).filter(|reference| !used.contains(*reference)).copied().collect())
    }

    /// Whether a listener of a namespace needs one of them.
    pub(super) fn is_for(&self, listener: &Listener, namespace: &str) -> bool {
        !self.0.is_empty() && references(listener, namespace).any(|reference| self.0.contains(&reference))
    }

    /// The Secrets, by namespace and name.
    pub(super) fn secrets(&self) -> BTreeSet<(&'s str, &'s str)> {
        self.0.iter().map(|(_, namespace, name)| (*namespace, *name)).collect()
    }
}

fn granted(summary: &Summary) -> BTreeSet<Reference<'_>> {
    let grants = summary.grants.iter().filter(|grant| grant.to.kind == "Secret");
    grants
        .map(|grant| (grant.from_namespace.as_str(), grant.namespace.as_str(), grant.to.name.as_str()))
        .collect()
}

fn used(summary: &Summary) -> BTreeSet<Reference<'_>> {
    let of_gateways = summary.gateways.iter().map(|gateway| (&gateway.namespace, &gateway.listeners));
    let of_sets = summary.listener_sets.iter().map(|set| (&set.namespace, &set.listeners));
    let listeners = of_gateways.chain(of_sets);
    let used = listeners.flat_map(|(namespace, listeners)| {
        listeners.iter().flat_map(move |listener| references(listener, namespace))
    });
    used.collect()
}

/// The Secrets of other namespaces that a listener refers to.
fn references<'l>(listener: &'l Listener, own: &'l str) -> impl Iterator<Item = Reference<'l>> {
    let certificates = listener.tls.iter().flat_map(|tls| &tls.certificates);
    let named = certificates.filter_map(|secret| secret.split_once('/'));
    named.filter(move |(namespace, _)| *namespace != own).map(move |(namespace, name)| (own, namespace, name))
}
