//! What a controller writes into the status of a listener.

use std::borrow::Cow;

use serde::Serialize;

use super::condition::{Condition, NOT_GIVEN, PENDING, Truth};
use super::tls::Authorities;
use crate::check::attach::{
    self, Attachments, Certified, Conflict, Joined, Known, Membership, Owner, Reference, allowed,
};
use crate::check::model::{Mode, Model};
use crate::check::rule::words;
use crate::check::settings::Settings;
use crate::release::GATEWAY_GROUP;

/// The reason of a ListenerSet that its Gateway does not allow.
pub(super) const NOT_ALLOWED: &str = "NotAllowed";

/// The status of a listener.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListenerStatus<'c> {
    /// The Gateway or ListenerSet that has it.
    pub gateway: Object<'c>,
    /// Its name.
    pub name: &'c str,
    /// How many routes are attached; those of which that is unknown do not count.
    pub attached_routes: usize,
    /// The kinds of routes that it takes.
    pub supported_kinds: Vec<SupportedKind>,
    /// Its conditions.
    pub conditions: Vec<Condition>,
}

/// The name of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Object<'c> {
    /// Its kind.
    pub kind: &'c str,
    /// Its namespace.
    pub namespace: &'c str,
    /// Its name.
    pub name: &'c str,
}

/// A kind of route.
#[derive(Debug, Serialize)]
pub struct SupportedKind {
    /// Its group: Gateway API's own.
    pub group: &'static str,
    /// Its kind.
    pub kind: &'static str,
}

/// What of a listener's conditions its Gateway or ListenerSet goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ListenerVerdict {
    pub(super) accepted: Truth,
    pub(super) resolved: Truth,
    pub(super) programmed: Truth,
}

pub(super) fn status<'c>(
    joined: &Joined<'c>,
    attached: usize,
    model: &'c Model<'c>,
    attachments: &Attachments<'c>,
    settings: &Settings,
) -> (ListenerStatus<'c>, ListenerVerdict) {
    let gateway = joined.gateway.and_then(|at| model.gateways.get(at));
    let authorities = Authorities::of(joined, gateway, &attachments.index);
    let mut accepted = accepted(joined, model, attachments, settings);
    if accepted.status == Truth::True {
        accepted = authorities.accepted().unwrap_or(accepted);
    }
    let kinds = supported_kinds(joined, settings);
    let resolved = resolved_refs(joined, kinds.len(), attachments, settings);
    let certified = attach::certified(&attachments.index, joined);
    let programmed = programmed(joined, &accepted, &resolved, (certified, kinds.is_empty()));
    // With one valid CA certificate clients can be validated, and what is said of the others blocks nothing.
    let refs = authorities.resolved_refs().filter(|refs| match resolved.status {
        Truth::True => true,
        Truth::Unknown => refs.status == Truth::False,
        Truth::False => false,
    });
    let resolved = refs.unwrap_or(resolved);
    let verdict = ListenerVerdict {
        accepted: accepted.status,
        resolved: resolved.status,
        programmed: programmed.status,
    };
    let mut conditions = vec![accepted, conflicted(joined, attachments), resolved, programmed];
    // A condition of negative polarity: not set where it is false.
    if let Some(other) = joined.overlap.and_then(|other| attachments.listener(other)) {
        let message = words::overlap(other);
        conditions.push(Condition::new("OverlappingTLSConfig", Truth::True, "OverlappingHostnames", message));
    }
    let status = ListenerStatus {
        gateway: Object {
            kind: joined.owner_kind,
            namespace: &joined.meta.namespace,
            name: &joined.meta.name,
        },
        name: &joined.listener.name,
        attached_routes: attached,
        supported_kinds: kinds.into_iter().map(|kind| SupportedKind { group: GATEWAY_GROUP, kind }).collect(),
        conditions,
    };
    (status, verdict)
}

/// Source of the reasons: Gateway API v1.6.1, `apis/v1/gateway_types.go:1497-1563`; that a conflict's own
/// reason stands here too: conformance tests `listenerset-hostname-conflict` and
/// `tlsroute-listener-mixed-termination-not-supported` of v1.7.0.
fn accepted(
    joined: &Joined<'_>,
    model: &Model<'_>,
    attachments: &Attachments<'_>,
    settings: &Settings,
) -> Condition {
    if let (Owner::ListenerSet(set), Known::No | Known::Unknown) = (joined.owner, joined.member) {
        let words = words::membership(model, attachments, set);
        return match attachments.memberships.get(set) {
            // Listeners have no reason of their own for it; this one is the ListenerSet's.
            Some(Membership::NotAllowed(_)) => Condition::new("Accepted", Truth::False, NOT_ALLOWED, words),
            _ => Condition::new("Accepted", Truth::Unknown, PENDING, words),
        };
    }
    if allowed::protocol_kinds(joined.listener, settings.target) == Some(&[]) || joined.refused {
        let message = format!("protocol `{}` is not supported", joined.listener.protocol);
        return Condition::new("Accepted", Truth::False, "UnsupportedProtocol", message);
    }
    match joined.conflict {
        Some(conflict) if conflict.is_certain() => {
            let words = conflict_in_words(joined, attachments);
            Condition::new("Accepted", Truth::False, conflict.kind.reason(), words)
        }
        Some(_) => {
            Condition::new("Accepted", Truth::Unknown, PENDING, conflict_in_words(joined, attachments))
        }
        None => Condition::holds("Accepted", "Accepted"),
    }
}

fn conflict_in_words(joined: &Joined<'_>, attachments: &Attachments<'_>) -> String {
    let other = joined.conflict.and_then(|conflict| Some((conflict, attachments.listener(conflict.with)?)));
    other.map(|(conflict, other)| words::conflict(joined, conflict, other)).unwrap_or_default()
}

/// Source: v1.6.1, `apis/v1/gateway_types.go:1462-1493`.
fn conflicted(joined: &Joined<'_>, attachments: &Attachments<'_>) -> Condition {
    let words = || conflict_in_words(joined, attachments);
    match joined.conflict {
        Some(conflict) if conflict.is_certain() => {
            Condition::new("Conflicted", Truth::True, conflict.kind.reason(), words())
        }
        Some(_) => Condition::new("Conflicted", Truth::Unknown, NOT_GIVEN, words()),
        None => Condition::new("Conflicted", Truth::False, "NoConflicts", ""),
    }
}

/// The kinds that `allowedRoutes` and the protocol have in common; all of the protocol's where none is named.
fn supported_kinds(joined: &Joined<'_>, settings: &Settings) -> Vec<&'static str> {
    let carried = allowed::protocol_kinds(joined.listener, settings.target).unwrap_or_default();
    let taken = |kind: &&&str| allowed::kind(joined.listener, kind, settings.target) == Known::Yes;
    carried.iter().filter(taken).copied().collect()
}

/// Source of the reasons: v1.6.1, `apis/v1/gateway_types.go:1566-1623`. A reference that is not permitted
/// goes before one that is not valid (`:1597-1601`).
fn resolved_refs(
    joined: &Joined<'_>,
    supported: usize,
    attachments: &Attachments<'_>,
    settings: &Settings,
) -> Condition {
    let listener = joined.listener;
    let no = |reason, message: String| Condition::new("ResolvedRefs", Truth::False, reason, message);
    let mut unknown = None;
    for (_, certificate) in joined.certificates() {
        let found = attach::certificate(&attachments.index, joined.referrer(), certificate);
        let words = words::certificate(found, joined.referrer(), certificate);
        match found {
            Reference::Resolved => {}
            Reference::NotPermitted => return no("RefNotPermitted", words),
            found if found.is_invalid() => return no("InvalidCertificateRef", words),
            _ => unknown = Some(words),
        }
    }
    let named = &listener.allowed.kinds;
    // Of a protocol of the controller's own nobody else knows the kinds.
    if let Some(carried) = allowed::protocol_kinds(listener, settings.target)
        && named.len() > supported
    {
        let carries = |(group, kind): &(Cow<'_, str>, Cow<'_, str>)| {
            group == GATEWAY_GROUP && carried.contains(&kind.as_ref())
        };
        let others = named.iter().filter(|kind| !carries(kind)).map(|(_, kind)| format!("`{kind}`"));
        let others = others.collect::<Vec<_>>().join(", ");
        let message = format!("protocol `{}` does not carry {others}", listener.protocol);
        return no("InvalidRouteKinds", message);
    }
    match unknown {
        Some(words) => Condition::new("ResolvedRefs", Truth::Unknown, NOT_GIVEN, words),
        None => Condition::holds("ResolvedRefs", "ResolvedRefs"),
    }
}

/// As far as the objects decide: addresses and the controller's own resources may still block it.
///
/// Source of the reasons: v1.6.1, `apis/v1/gateway_types.go:1626-1665`.
fn programmed(
    joined: &Joined<'_>,
    accepted: &Condition,
    resolved: &Condition,
    (certified, no_kinds): (Certified, bool),
) -> Condition {
    let new = |status, reason, message| Condition::new("Programmed", status, reason, message);
    let listener = joined.listener;
    let ends_tls = listener.protocol == "HTTPS"
        || listener.protocol == "TLS" && listener.tls.as_ref().is_none_or(|tls| tls.mode == Mode::Terminate);
    let named = listener.tls.as_ref().is_some_and(|tls| !tls.certificates.is_empty() || tls.options);
    // One good kind is enough.
    let kinds = resolved.reason == "InvalidRouteKinds";
    let unresolved = resolved.status == Truth::False && (!kinds || no_kinds);
    if accepted.status == Truth::False {
        let conflict = joined.conflict.is_some_and(Conflict::is_certain);
        let own = conflict || accepted.reason == NOT_ALLOWED;
        new(Truth::False, if own { accepted.reason } else { "Invalid" }, "")
    } else if unresolved && !kinds && certified == Certified::Partly && accepted.status == Truth::True {
        new(Truth::Unknown, PENDING, words::PARTLY_CERTIFIED)
    } else if unresolved {
        new(Truth::False, "Invalid", "")
    } else if ends_tls && !named {
        new(Truth::False, "Invalid", "TLS is to end here, but there is no certificate")
    } else if accepted.status == Truth::Unknown || resolved.status == Truth::Unknown {
        new(Truth::Unknown, PENDING, "")
    } else {
        Condition::holds("Programmed", "Programmed")
    }
}
