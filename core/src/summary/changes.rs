//! What changes from one plan to another: objects that come, go, and stay under their name.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use super::addresses::GoneAddress;
pub use super::astray::Astray;
pub use super::by_hand::Led;
pub use super::closed::ClosedPort;
pub use super::host_matches::HostMatches;
use super::{Migration, Object, Placement, Summary, addresses, astray, by_hand, closed, unserved};
use crate::diagnostic::Diagnostic;
use crate::release;

/// What changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Changes<'s> {
    /// Objects that only the new plan has.
    pub added: Vec<&'s Object>,
    /// Objects that only the old plan has. A renamed object is one removed and one added.
    pub removed: Vec<&'s Object>,
    /// Objects whose manifests differ.
    pub changed: Vec<Changed<'s>>,
    /// Number of objects that stay as they are.
    pub unchanged: usize,
    /// Organizations, or host names, that go from one Gateway to another.
    pub moved: Vec<Moved<'s>>,
    /// Host names that no Gateway serves all the way from the first to the last document of the change.
    pub unserved: Vec<&'s str>,
    /// The same, each with its matches where only some are unserved.
    pub unserved_matches: Vec<HostMatches<'s>>,
    /// Secrets, by namespace and name, that listeners refer to before their ReferenceGrants are there.
    #[serde(skip)]
    pub awaited_grants: BTreeSet<(&'s str, &'s str)>,
    /// Ports that serve a host name no more, which another port of their Gateway serves.
    pub closed_ports: Vec<ClosedPort<'s>>,
    /// Host names whose requests go to a listener that no route of theirs is on.
    pub astray: Vec<Astray<'s>>,
    /// Addresses of Gateways that go, or serve a host name no more.
    pub gone_addresses: Vec<GoneAddress<'s>>,
    /// Host names that go to another Gateway, to which no record of the plan leads them.
    pub dns_by_hand: Vec<Led<'s>>,
}

/// An organization, or one of its host names, that goes to another Gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moved<'s> {
    /// Its name.
    pub name: &'s str,
    /// Where it was.
    pub from: &'s str,
    /// Where it will be.
    pub to: &'s str,
}

/// An object whose manifest changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Changed<'s> {
    /// What it will be.
    #[serde(flatten)]
    pub new: &'s Object,
    /// The digest of what it was.
    pub old_digest: &'s str,
    /// What it was.
    #[serde(skip)]
    pub old: &'s Object,
}

/// Compares two plans. An object is the same one by group, kind, namespace and name, whatever its version.
pub fn between<'s>(old: &'s Summary, new: &'s Summary) -> Changes<'s> {
    let mut before: BTreeMap<_, &Object> =
        old.objects.iter().map(|object| (identity(object), object)).collect();
    let astray = astray::between(old, new);
    let unserved = unserved::between(old, new, &astray);
    let gone_addresses = addresses::between(old, new);
    let mut changes = Changes {
        added: Vec::new(),
        removed: Vec::new(),
        changed: Vec::new(),
        unchanged: 0,
        moved: moved(old, new),
        dns_by_hand: by_hand::between(old, new, &gone_addresses),
        unserved: unserved.gaps.iter().map(|gap| gap.host).collect(),
        unserved_matches: unserved.gaps,
        awaited_grants: unserved.awaited,
        closed_ports: unserved.closed,
        astray,
        gone_addresses,
    };
    for new in &new.objects {
        match before.remove(&identity(new)) {
            None => changes.added.push(new),
            Some(old) if old.manifest == new.manifest => changes.unchanged += 1,
            Some(old) => changes.changed.push(Changed { new, old_digest: &old.digest, old }),
        }
    }
    changes.removed = old.objects.iter().filter(|object| before.contains_key(&identity(object))).collect();
    changes
}

impl Changes<'_> {
    /// What there is to say of the change itself, beside what its plans say.
    pub fn findings(&self) -> impl Iterator<Item = Diagnostic> {
        let addresses = self.gone_addresses.iter().map(addresses::finding);
        let unserved = unserved::finding(&self.unserved_matches, &self.awaited_grants).into_iter();
        let unserved = unserved.chain(closed::finding(&self.closed_ports));
        let dns = by_hand::finding(&self.dns_by_hand);
        unserved.chain(astray::finding(&self.astray)).chain(addresses).chain(dns)
    }
}

fn moved<'s>(old: &'s Summary, new: &'s Summary) -> Vec<Moved<'s>> {
    let before: BTreeMap<&str, &str> =
        serving(old).map(|placed| (placed.name.as_str(), placed.gateway.as_str())).collect();
    let moved = |placed: &'s Placement| {
        let from = *before.get(placed.name.as_str())?;
        (from != placed.gateway).then_some(Moved { name: &placed.name, from, to: &placed.gateway })
    };
    serving(new).filter_map(moved).collect()
}

/// Where everybody is served: those whom a migration has not cut over, where they were before it.
fn serving(summary: &Summary) -> impl Iterator<Item = &Placement> {
    let migration = summary.migration.as_ref();
    let waiting: BTreeSet<&str> =
        migration.into_iter().flat_map(Migration::waiting).map(|migrant| migrant.name.as_str()).collect();
    let before = migration.into_iter().flat_map(|migration| &migration.placements);
    let all =
        summary.placements.iter().map(|placed| (placed, false)).chain(before.map(|placed| (placed, true)));
    all.filter(move |(placed, is_before)| waiting.contains(placed.organization.as_str()) == *is_before)
        .map(|(placed, _)| placed)
}

fn identity(object: &Object) -> (&str, &str, &str, &str) {
    (release::group(object.api_version), object.kind, &object.namespace, &object.name)
}
