//! Who attaches to whom: listeners to Gateways, routes to listeners, and what may be referred to.
//!
//! [`attach`] looks at everything once, in n log n, and every rule, the predicted status and the trace
//! go by what it found. Nothing that was not given is taken for absent ([`Known`]).

pub mod allowed;
mod certified;
mod conflict;
pub mod hosts;
mod index;
pub mod kinds;
mod known;
mod merge;
mod near_grant;
mod overlap;
mod parent;
mod reference;
mod transport;

#[cfg(test)]
mod tests;

use core::ops::Range;

use super::model::{Listener, Model, Route};
use super::settings::Settings;
use crate::release;

pub use certified::{Certified, certified};
pub use conflict::{Conflict, ConflictKind};
pub use index::{Index, Referrer};
pub use known::Known;
pub use merge::{Joined, ListenerId, Membership, Owner, precedence};
pub use near_grant::{NearGrant, near_grant};
pub use parent::{Attempt, Doubt, Outcome, Parent, Target};
pub use reference::{AUTHORITIES, Reference, authority, backend, certificate, is_distrusted, service};
pub use transport::{of_another_transport, transport};

/// Who attaches to whom.
#[derive(Debug)]
pub struct Attachments<'c> {
    /// Finds objects and permissions by name.
    pub index: Index<'c>,
    /// Every listener: those of the Gateways in the model's order, then those of the ListenerSets.
    pub listeners: Vec<Joined<'c>>,
    /// How each ListenerSet of the model stands to its Gateway.
    pub memberships: Vec<Membership>,
    /// For each route of the model, what became of each of its parentRefs.
    pub routes: Vec<Vec<Parent>>,
    of_gateways: Vec<Range<usize>>,
    of_sets: Vec<Range<usize>>,
    sets_of: Vec<Vec<usize>>,
}

/// Whether a listener may take routes of a kind: its protocol can carry it, or is a controller's own, and it names no
/// others.
pub fn may_take(listener: &Listener<'_>, kind: &str, target: release::Target) -> bool {
    allowed::kind(listener, kind, target) != Known::No
}

/// Finds out who attaches to whom.
pub fn attach<'c>(model: &'c Model<'c>, settings: &Settings) -> Attachments<'c> {
    let index = Index::new(model, settings);
    let mut merged = merge::merge(model, settings, &index);
    conflict::find(&mut merged, settings);
    overlap::find(&mut merged);
    let judge = parent::Judge { model, settings, index: &index, merged: &merged };
    let judged = |route: &Route<'_>| route.parents.iter().map(|parent| judge.judge(route, parent)).collect();
    let routes: Vec<Vec<Parent>> = model.routes.iter().map(judged).collect();
    let merge::Merged { mut listeners, of_gateways, of_sets, memberships, sets_of } = merged;
    for (route, parents) in routes.iter().enumerate() {
        for parent in parents {
            count(&mut listeners, route, parent);
        }
    }
    Attachments { index, listeners, memberships, routes, of_gateways, of_sets, sets_of }
}

/// Adds a route to the listeners that take it. Two parentRefs may name one listener; it counts once.
fn count(listeners: &mut [Joined<'_>], route: usize, parent: &Parent) {
    for (ListenerId(at), attempt) in &parent.candidates {
        let Some(joined) = listeners.get_mut(*at) else { continue };
        match (parent.outcome, attempt) {
            (Outcome::Accepted, Attempt::Attached) if joined.routes.last() == Some(&route) => {}
            (Outcome::Accepted, Attempt::Attached) => joined.routes.push(route),
            (Outcome::Accepted | Outcome::Unknown(_), Attempt::Attached | Attempt::Unknown(_)) => {
                joined.maybe_more = true;
            }
            _ => {}
        }
    }
}

impl<'c> Attachments<'c> {
    /// A listener.
    pub fn listener(&self, id: ListenerId) -> Option<&Joined<'c>> {
        self.listeners.get(id.0)
    }

    /// The listeners of a Gateway of the model and of the ListenerSets that joined it or may have, merged
    /// in the order of precedence.
    pub fn merged(&self, gateway: usize) -> impl Iterator<Item = (ListenerId, &Joined<'c>)> {
        let own = self.of_gateways.get(gateway).cloned().unwrap_or_default();
        let sets = self.sets_of.get(gateway).map(Vec::as_slice).unwrap_or_default();
        let sets = sets.iter().filter_map(|set| self.of_sets.get(*set).cloned()).flatten();
        own.chain(sets).filter_map(|at| Some((ListenerId(at), self.listeners.get(at)?)))
    }

    /// The own listeners of a Gateway or ListenerSet, in their order.
    pub fn own(&self, owner: Owner) -> impl Iterator<Item = (ListenerId, &Joined<'c>)> {
        let range = match owner {
            Owner::Gateway(at) => self.of_gateways.get(at),
            Owner::ListenerSet(at) => self.of_sets.get(at),
        };
        let range = range.cloned().unwrap_or_default();
        range.filter_map(|at| Some((ListenerId(at), self.listeners.get(at)?)))
    }

    /// The ListenerSets of a Gateway that joined it or may have, in the order of precedence.
    pub fn sets(&self, gateway: usize) -> &[usize] {
        self.sets_of.get(gateway).map(Vec::as_slice).unwrap_or_default()
    }
}
