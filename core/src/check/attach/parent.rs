//! What a route attaches to.
//!
//! Source: Gateway API v1.6.1, `apis/v1/shared_types.go:82-150` (sectionName, port) and `:345-430`
//! (reasons); GEP-1713 "Summary of Attachments".

use core::ops::Range;

use super::allowed;
use super::hosts;
use super::index::Index;
use super::known::Known;
use super::merge::{ListenerId, Membership, Merged, Owner};
use crate::check::model::{Listener, Model, ParentRef, Route};
use crate::check::settings::Settings;
use crate::release::{EXPERIMENTAL_GROUP, GATEWAY_GROUP};

/// What became of one of a route's parentRefs.
#[derive(Debug, PartialEq, Eq)]
pub struct Parent {
    /// What it names.
    pub target: Target,
    /// The whole outcome.
    pub outcome: Outcome,
    /// Every listener that section and port let through, with what it says.
    pub candidates: Vec<(ListenerId, Attempt)>,
}

/// What a parentRef names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The Gateway of this index in the model.
    Gateway(usize),
    /// The ListenerSet of this index in the model.
    ListenerSet(usize),
    /// A Gateway or ListenerSet that is not in the input.
    Absent,
    /// Something of another kind, a Service of a mesh for example: not judged here.
    Other,
}

impl Target {
    /// Whose listeners a route may attach to; none where there is nothing that has any.
    pub const fn owner(self) -> Option<Owner> {
        match self {
            Self::Gateway(gateway) => Some(Owner::Gateway(gateway)),
            Self::ListenerSet(set) => Some(Owner::ListenerSet(set)),
            Self::Absent | Self::Other => None,
        }
    }
}

/// What a listener says to a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The route is attached.
    Attached,
    /// Its protocol or `allowedRoutes.kinds` leaves out this kind of route.
    Kind,
    /// `allowedRoutes.namespaces` leaves out the route's namespace.
    Namespace,
    /// They have no host in common.
    Hostname,
    /// It depends on what was not given.
    Unknown(Doubt),
}

/// The outcome of a parentRef: the reason of the condition `Accepted`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// At least one listener takes the route.
    Accepted,
    /// No such parent, or `sectionName` and `port` match none of its listeners.
    NoMatchingParent,
    /// No listener allows the route's kind and namespace.
    NotAllowedByListeners,
    /// No listener that allows it has a host in common with it.
    NoMatchingListenerHostname,
    /// It depends on what was not given.
    Unknown(Doubt),
    /// The parent is no Gateway and no ListenerSet.
    NotJudged,
}

/// What would have to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The parent itself.
    Parent,
    /// The Gateway of the ListenerSet, or the labels of the ListenerSet's namespace.
    Gateway,
    /// The labels of the route's namespace.
    Namespace,
    /// What the controller makes of a protocol of its own.
    Protocol,
    /// Which of two routes is the older one.
    Age,
}

impl Doubt {
    /// What is missing, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Parent => "the parent is not in the input",
            Self::Gateway => "whether its Gateway takes the ListenerSet cannot be told from the input",
            Self::Namespace => "the labels of the route's namespace are not in the input",
            Self::Protocol => "the protocol is the controller's own",
            Self::Age => "the older one of an HTTPRoute and a GRPCRoute is, and the input cannot tell which",
        }
    }
}

/// Everything that a route's parentRefs are judged by.
#[derive(Clone, Copy)]
pub(super) struct Judge<'j, 'c> {
    pub(super) model: &'c Model<'c>,
    pub(super) settings: &'j Settings,
    pub(super) index: &'j Index<'c>,
    pub(super) merged: &'j Merged<'c>,
}

impl Judge<'_, '_> {
    pub(super) fn judge(&self, route: &Route<'_>, parent: &ParentRef<'_>) -> Parent {
        let (target, listeners) = self.target(route, parent);
        let membership = match target {
            Target::Other => return Parent { target, outcome: Outcome::NotJudged, candidates: Vec::new() },
            Target::Absent => {
                let outcome = match self.index.absent() {
                    Known::No => Outcome::NoMatchingParent,
                    Known::Yes | Known::Unknown => Outcome::Unknown(Doubt::Parent),
                };
                return Parent { target, outcome, candidates: Vec::new() };
            }
            Target::Gateway(_) => None,
            Target::ListenerSet(set) => self.merged.memberships.get(set).copied(),
        };
        let candidates: Vec<(ListenerId, Attempt)> = listeners
            .filter_map(|at| Some((ListenerId(at), self.merged.listeners.get(at)?)))
            .filter(|(_, joined)| joined.listener.is_meant_by(parent.section.as_deref(), parent.port))
            .map(|(id, joined)| (id, self.attempt(route, joined.listener, &joined.meta.namespace)))
            .collect();
        let outcome = match membership {
            // A ListenerSet that joined no Gateway is no parent that could serve anything.
            Some(Membership::NotAllowed(_) | Membership::NoGateway) => Outcome::NoMatchingParent,
            Some(Membership::Maybe(_) | Membership::UnknownGateway) => match sum(&candidates) {
                Outcome::Accepted => Outcome::Unknown(Doubt::Gateway),
                other => other,
            },
            Some(Membership::Joined(_)) | None => sum(&candidates),
        };
        Parent { target, outcome, candidates }
    }

    /// What is named, and where its own listeners are.
    fn target(&self, route: &Route<'_>, parent: &ParentRef<'_>) -> (Target, Range<usize>) {
        let namespace = parent.target.namespace_from(&route.meta.namespace);
        let name = &parent.target.name;
        match (parent.target.group.as_ref(), parent.target.kind.as_ref()) {
            (GATEWAY_GROUP, "Gateway") => {
                let found = self.index.gateway(namespace, name);
                let found = found
                    .and_then(|at| Some((Target::Gateway(at), self.merged.of_gateways.get(at)?.clone())));
                found.unwrap_or((Target::Absent, 0..0))
            }
            (GATEWAY_GROUP, kind @ "ListenerSet") | (EXPERIMENTAL_GROUP, kind @ "XListenerSet") => {
                let found = self.index.listener_set(kind, namespace, name);
                let found = found
                    .and_then(|at| Some((Target::ListenerSet(at), self.merged.of_sets.get(at)?.clone())));
                found.unwrap_or((Target::Absent, 0..0))
            }
            _ => (Target::Other, 0..0),
        }
    }

    fn attempt(&self, route: &Route<'_>, listener: &Listener<'_>, own: &str) -> Attempt {
        let kind = allowed::kind(listener, route.kind, self.settings.target);
        if kind == Known::No {
            return Attempt::Kind;
        }
        let from = &listener.allowed.namespaces;
        let namespace = allowed::namespace(from, own, &route.meta.namespace, self.model, self.settings);
        if namespace == Known::No {
            return Attempt::Namespace;
        }
        let named = !matches!(listener.protocol.as_ref(), "TCP" | "UDP");
        if named && !hosts::meet(listener.hostname.as_deref(), &route.hostnames) {
            return Attempt::Hostname;
        }
        match (kind, namespace) {
            (Known::Unknown, _) => Attempt::Unknown(Doubt::Protocol),
            (_, Known::Unknown) => Attempt::Unknown(Doubt::Namespace),
            _ => Attempt::Attached,
        }
    }
}

/// One listener that takes the route is enough; else the reason is that of the listener that came nearest.
fn sum(candidates: &[(ListenerId, Attempt)]) -> Outcome {
    let attempts = || candidates.iter().map(|(_, attempt)| *attempt);
    let unknown = attempts().find_map(|attempt| match attempt {
        Attempt::Unknown(doubt) => Some(doubt),
        _ => None,
    });
    if attempts().any(|attempt| attempt == Attempt::Attached) {
        Outcome::Accepted
    } else if let Some(doubt) = unknown {
        Outcome::Unknown(doubt)
    } else if attempts().any(|attempt| attempt == Attempt::Hostname) {
        Outcome::NoMatchingListenerHostname
    } else if candidates.is_empty() {
        Outcome::NoMatchingParent
    } else {
        Outcome::NotAllowedByListeners
    }
}
