//! What a controller writes into the status of a Gateway and of a ListenerSet.

use std::borrow::Cow;

use serde::Serialize;

use super::condition::{Condition, PENDING, Truth};
use super::listener::{ListenerVerdict, NOT_ALLOWED};
use crate::check::attach::{Attachments, ListenerId, Membership, Owner};
use crate::check::model::Model;
use crate::check::rule::words;

/// The status of a Gateway or ListenerSet.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayStatus<'c> {
    /// `Gateway`, `ListenerSet` or `XListenerSet`.
    pub kind: &'static str,
    /// Its namespace.
    pub namespace: &'c str,
    /// Its name.
    pub name: &'c str,
    /// How many ListenerSets joined it and were accepted; of Gateways only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attached_listener_sets: Option<usize>,
    /// `Accepted` and `Programmed`, and those that only a Gateway with `spec.tls` has.
    pub conditions: Vec<Condition>,
}

/// How many listeners there are, and of how many something holds, or may.
#[derive(Default)]
struct Count {
    all: usize,
    yes: usize,
    unknown: usize,
}

impl Count {
    fn of(truths: impl Iterator<Item = Truth>) -> Self {
        truths.fold(Self::default(), |count, truth| Self {
            all: count.all + 1,
            yes: count.yes + usize::from(truth == Truth::True),
            unknown: count.unknown + usize::from(truth == Truth::Unknown),
        })
    }
}

/// Whether a Gateway is accepted: with at least one accepted listener, its ListenerSets' included. That
/// some of its own are not valid is said either way.
///
/// Source: Gateway API v1.6.1, `apis/v1/gateway_types.go:168-192`; conformance test
/// `gateway-invalid-listeners-unsupported-protocol` of v1.7.0.
pub(super) fn gateway(
    gateway: usize,
    attachments: &Attachments<'_>,
    verdicts: &[ListenerVerdict],
) -> [Condition; 2] {
    let verdict = |ListenerId(at): ListenerId| verdicts.get(at);
    let every = || attachments.merged(gateway).filter_map(|(id, _)| verdict(id));
    let own = attachments.own(Owner::Gateway(gateway)).filter_map(|(id, _)| verdict(id));
    let own = Count::of(own.map(|verdict| verdict.accepted));
    let accepted = Count::of(every().map(|verdict| verdict.accepted));
    let programmed = Count::of(every().map(|verdict| verdict.programmed));
    let partly = own.yes + own.unknown < own.all;
    let condition = if accepted.yes > 0 {
        Condition::holds("Accepted", if partly { "ListenersNotValid" } else { "Accepted" })
    } else if accepted.unknown > 0 {
        let message = "whether any listener is valid cannot be told from the input";
        Condition::new("Accepted", Truth::Unknown, PENDING, message)
    } else {
        Condition::new("Accepted", Truth::False, "ListenersNotValid", "no listener is valid")
    };
    let ready = if condition.status == Truth::False || programmed.yes + programmed.unknown == 0 {
        Condition::new("Programmed", Truth::False, "Invalid", "no listener can be programmed")
    } else if programmed.yes == 0 {
        let message = "whether any listener can be programmed cannot be told from the input";
        Condition::new("Programmed", Truth::Unknown, PENDING, message)
    } else {
        Condition::holds("Programmed", "Programmed")
    };
    [condition, ready]
}

/// Whether a ListenerSet is accepted: with at least one listener that is accepted and whose references
/// resolve.
///
/// Source: v1.6.1, `apis/v1/listenerset_types.go:305-404`; conformance tests `listenerset-hostname-conflict`,
/// `listenerset-default-not-allowed` and `listenerset-reference-grant` of v1.7.0.
pub(super) fn listener_set(
    set: usize,
    model: &Model<'_>,
    attachments: &Attachments<'_>,
    verdicts: &[ListenerVerdict],
    gateways: &[[Condition; 2]],
) -> [Condition; 2] {
    let both = |status, accepted, programmed, message: Cow<'static, str>| {
        [("Accepted", accepted), ("Programmed", programmed)]
            .map(|(kind, reason)| Condition::new(kind, status, reason, message.clone()))
    };
    let pending = |message| both(Truth::Unknown, PENDING, PENDING, message);
    let membership = || Cow::Owned(words::membership(model, attachments, set));
    let gateway = match attachments.memberships.get(set) {
        Some(Membership::Joined(gateway)) => *gateway,
        Some(Membership::NotAllowed(_)) => {
            return both(Truth::False, NOT_ALLOWED, NOT_ALLOWED, membership());
        }
        // Where there is no Gateway no controller looks at it, so that the CRD's default stays:
        // `listenerset_types.go:71`.
        Some(Membership::NoGateway | Membership::Maybe(_) | Membership::UnknownGateway) | None => {
            return pending(membership());
        }
    };
    match gateways.get(gateway).map(|[accepted, _]| accepted.status) {
        Some(Truth::False) => {
            let message = "the Gateway is not accepted".into();
            return both(Truth::False, "ParentNotAccepted", "ParentNotProgrammed", message);
        }
        Some(Truth::Unknown) => {
            return pending("whether the Gateway is accepted cannot be told from the input".into());
        }
        Some(Truth::True) | None => {}
    }
    let own = attachments.own(Owner::ListenerSet(set)).filter_map(|(ListenerId(at), _)| verdicts.get(at));
    let valid = Count::of(own.map(|verdict| match (verdict.accepted, verdict.resolved) {
        (Truth::False, _) | (_, Truth::False) => Truth::False,
        (Truth::True, Truth::True) => Truth::True,
        _ => Truth::Unknown,
    }));
    if valid.yes == valid.all {
        both(Truth::True, "Accepted", "Programmed", "".into())
    } else if valid.yes > 0 {
        let partly = valid.yes + valid.unknown < valid.all;
        both(Truth::True, if partly { "ListenersNotValid" } else { "Accepted" }, "Programmed", "".into())
    } else if valid.unknown > 0 {
        pending("whether any listener is valid cannot be told from the input".into())
    } else {
        both(Truth::False, "ListenersNotValid", "ListenersNotValid", "no listener is valid".into())
    }
}
