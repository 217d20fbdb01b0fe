//! The messages of conditions, where the reason does not say it all.

use crate::check::attach::{Conflict, ConflictKind, Joined, Membership, Reference};
use crate::check::model::{BackendRef, ObjectRef};

/// Why a ListenerSet is not part of a Gateway for certain; empty where it is.
pub(super) const fn membership(membership: Membership) -> &'static str {
    match membership {
        Membership::Joined(_) => "",
        Membership::Maybe(_) => {
            "whether the Gateway takes the ListenerSet hangs on labels of its namespace, which is not in the input"
        }
        Membership::NotAllowed(_) => "the Gateway does not take the ListenerSet: see its `allowedListeners`",
        Membership::NoGateway => "the Gateway that the ListenerSet names does not exist",
        Membership::UnknownGateway => "the Gateway that the ListenerSet names is not in the input",
    }
}

/// In what a listener is not distinct from another one.
pub(super) fn conflict(joined: &Joined<'_>, conflict: Conflict, other: &Joined<'_>) -> String {
    let (own, listener) = (joined.listener, other.listener);
    let name = format!("listener `{}` of {} `{}`", listener.name, other.owner_kind, other.meta.name);
    let said = match (conflict.kind, &own.hostname) {
        (ConflictKind::Hostname, Some(host)) => format!("{name} has port {} and host `{host}` too", own.port),
        (ConflictKind::Hostname, None) => format!("{name} has port {} without a host name too", own.port),
        (ConflictKind::Protocol, _) if own.protocol == listener.protocol => {
            format!("{name} has port {} too, with another `tls.mode`", own.port)
        }
        (ConflictKind::Protocol, _) => format!("{name} speaks {} on port {}", listener.protocol, own.port),
        (ConflictKind::PlainAndTls, _) => {
            format!(
                "{name} speaks {} on port {}; whether it takes both, the controller decides",
                listener.protocol, own.port
            )
        }
    };
    if conflict.with_member {
        said
    } else {
        format!("{said}; whether that is part of the Gateway cannot be told from the input")
    }
}

/// What became of a reference to a backend.
pub(super) fn backend(found: Reference, backend: &BackendRef<'_>) -> String {
    match found {
        Reference::InvalidKind => format!("{} is no backend", with_group(&backend.target)),
        Reference::KindUnknown => {
            format!("whether {} is a backend is the controller's own", with_group(&backend.target))
        }
        Reference::NoSuchPort => {
            format!("Service `{}` has no port {}", backend.target.name, backend.port.unwrap_or_default())
        }
        Reference::UnsupportedProtocol => {
            format!("`appProtocol` of Service `{}` is not gRPC", backend.target.name)
        }
        _ => object(found, &backend.target),
    }
}

/// What became of a reference to a certificate.
pub(super) fn certificate(found: Reference, target: &ObjectRef<'_>) -> String {
    match found {
        Reference::InvalidKind => format!("{} is no certificate, only a Secret is", with_group(target)),
        _ => object(found, target),
    }
}

/// What became of a reference to any object.
fn object(found: Reference, target: &ObjectRef<'_>) -> String {
    let name = format!("{} `{}`", target.kind, target.name);
    match found {
        Reference::Resolved => String::new(),
        Reference::NotPermitted => format!("no ReferenceGrant permits {name}"),
        Reference::GrantUnknown => format!("a ReferenceGrant for {name} is not in the input"),
        Reference::NotFound => format!("there is no {name}"),
        Reference::ObjectUnknown => format!("{name} is not in the input"),
        Reference::InvalidKind
        | Reference::KindUnknown
        | Reference::NoSuchPort
        | Reference::UnsupportedProtocol => format!("{name} cannot be used"),
    }
}

fn with_group(target: &ObjectRef<'_>) -> String {
    if target.group.is_empty() {
        target.kind.to_string()
    } else {
        format!("{} of group `{}`", target.kind, target.group)
    }
}
