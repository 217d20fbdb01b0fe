//! Listeners that are not distinct, for the rules that speak of them.

use super::finding::listener;
use super::{Context, Finding, Rule};
use crate::check::attach::{Conflict, Joined};
use crate::diagnostic::Severity;

/// Between what two listeners conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Between {
    /// Listeners of one object: none wins.
    OneObject,
    /// Listeners of two objects: the first wins.
    Objects,
}

/// A listener that is not distinct from another one.
pub(super) struct Found<'c> {
    pub(super) joined: &'c Joined<'c>,
    pub(super) other: &'c Joined<'c>,
    pub(super) conflict: Conflict,
}

/// Every listener in a conflict.
pub(super) fn of<'c>(context: &Context<'c>, between: Between) -> impl Iterator<Item = Found<'c>> {
    let attach = context.attach;
    attach.listeners.iter().filter_map(move |joined| {
        let conflict = joined.conflict?;
        let other = attach.listener(conflict.with)?;
        // What could not be read is level `api`'s to tell, and may tell them apart.
        if ![joined, other].iter().all(|one| one.listener.is_whole && one.listener.port != 0) {
            return None;
        }
        let own = joined.owner == other.owner;
        (own == (between == Between::OneObject)).then_some(Found { joined, other, conflict })
    })
}

impl Found<'_> {
    /// A finding about the listener; a lesser one where the controller decides whether that is a conflict, and where
    /// the other may not belong to the Gateway at all.
    pub(super) fn finding(&self, rule: &Rule, message: String) -> Finding {
        let path = listener(self.joined.listener.index);
        let finding = rule.find(self.joined.meta.object, path, message);
        match self.conflict {
            Conflict { with_member: false, .. } => finding.at_most(Severity::Info),
            conflict if conflict.is_certain() => finding,
            _ => finding.at_most(Severity::Warning),
        }
    }

    /// Whether one of the two takes raw TCP.
    pub(super) fn is_tcp(&self) -> bool {
        [self.joined, self.other].iter().any(|joined| joined.listener.protocol == "TCP")
    }
}
