//! What became of references, ListenerSets and listeners, in the words that rules, the status and traces share.

use super::finding::{full_name, host, listed, named, namespace_of};
use crate::check::attach::{
    AUTHORITIES, Attachments, Attempt, Conflict, ConflictKind, Joined, Known, Membership, Owner, Parent,
    Reference, Referrer, Target, kinds,
};
use crate::check::model::{BackendRef, From, Model, ObjectRef, ParentRef, Route};

/// Why a ListenerSet is not part of a Gateway for certain; empty where it is.
pub(in crate::check) fn membership(model: &Model<'_>, attachments: &Attachments<'_>, set: usize) -> String {
    let (Some(membership), Some(set)) = (attachments.memberships.get(set), model.listener_sets.get(set))
    else {
        return String::new();
    };
    let gateway = full_name(&set.parent.kind, namespace_of(&set.parent, &set.meta), &set.parent.name);
    let own = &set.meta.namespace;
    match *membership {
        Membership::Joined(_) => String::new(),
        Membership::Maybe(_) => {
            format!(
                "whether {gateway} takes it depends on the labels of namespace `{own}`, which is not in the input"
            )
        }
        Membership::NotAllowed(at) => match model.gateways.get(at).map(|found| &found.allowed_listeners) {
            Some(From::Same) => {
                format!("{gateway} takes ListenerSets from its own namespace only, and none from `{own}`")
            }
            Some(From::Selector(Some(selector))) => format!(
                "`allowedListeners` of {gateway} selects namespaces by {selector}, and {}",
                labels(model, own)
            ),
            Some(From::Selector(None)) => {
                format!("{gateway} takes no ListenerSet, for its `allowedListeners` has no selector")
            }
            Some(From::None | From::All) | None => {
                format!("{gateway} takes no ListenerSet, for its `allowedListeners` is None, the default")
            }
        },
        Membership::NoGateway if !kinds::is_gateway(&set.parent) => {
            format!("{gateway}{} is no Gateway", of_group(&set.parent))
        }
        Membership::NoGateway => format!("{gateway} does not exist"),
        Membership::UnknownGateway => format!("{gateway} is not in the input"),
    }
}

/// That the parent of a route is not there, or not in the input, and where there is a Gateway of its name.
pub(in crate::check) fn absent_parent(
    model: &Model<'_>,
    attachments: &Attachments<'_>,
    route: &Route<'_>,
    parent: &ObjectRef<'_>,
) -> String {
    let name = full_name(&parent.kind, namespace_of(parent, &route.meta), &parent.name);
    let (lacks, has) = match attachments.index.absent() {
        Known::No => ("does not exist", "does"),
        Known::Yes | Known::Unknown => ("is not in the input", "is"),
    };
    let other = kinds::is_gateway(parent).then(|| attachments.index.gateway_named(&parent.name)).flatten();
    match other.and_then(|at| model.gateways.get(at)) {
        Some(other) => format!("{name} {lacks}, but {} {has}", named("Gateway", &other.meta)),
        None => format!("{name} {lacks}"),
    }
}

/// What a parent of a route lacks: it is not there, has no Gateway, or none of its listeners is meant.
pub(in crate::check) fn no_parent(
    model: &Model<'_>,
    attachments: &Attachments<'_>,
    route: &Route<'_>,
    parent: &ParentRef<'_>,
    target: Target,
) -> String {
    let reference = &parent.target;
    let name = full_name(&reference.kind, namespace_of(reference, &route.meta), &reference.name);
    match target {
        Target::Gateway(at) => no_listener(attachments, &name, parent, Owner::Gateway(at)),
        Target::ListenerSet(set) => match attachments.memberships.get(set) {
            Some(Membership::NotAllowed(_) | Membership::NoGateway) => {
                format!("{name} has joined no Gateway: {}", membership(model, attachments, set))
            }
            _ => no_listener(attachments, &name, parent, Owner::ListenerSet(set)),
        },
        // Parents of other kinds are not judged.
        Target::Absent | Target::Other => absent_parent(model, attachments, route, reference),
    }
}

/// That none of a parent's listeners is the one that a parentRef means.
pub(in crate::check) fn no_listener(
    attachments: &Attachments<'_>,
    name: &str,
    parent: &ParentRef<'_>,
    owner: Owner,
) -> String {
    let named = |section: &str| attachments.own(owner).any(|(_, joined)| joined.listener.name == section);
    match (parent.section.as_deref(), parent.port) {
        (Some(section), Some(port)) if named(section) => {
            format!("listener `{section}` of {name} is not on port {port}")
        }
        (Some(section), _) => format!("{name} has no listener `{section}`"),
        (None, Some(port)) => format!("{name} has no listener on port {port}"),
        (None, None) => format!("{name} has no listener"),
    }
}

/// That a listener takes no routes of the kind or namespace of this one.
pub(in crate::check) fn refusal(joined: &Joined<'_>, attempt: Attempt, route: &Route<'_>) -> Option<String> {
    let name = &joined.listener.name;
    match attempt {
        Attempt::Kind => Some(format!("listener `{name}` refuses kind {}", route.kind)),
        Attempt::Namespace => Some(format!("listener `{name}` refuses namespace `{}`", route.meta.namespace)),
        Attempt::Attached | Attempt::Hostname | Attempt::Unknown(_) => None,
    }
}

/// That no listener of a parent takes routes of the kind and namespace of this one.
pub(in crate::check) fn refusals(
    attachments: &Attachments<'_>,
    route: &Route<'_>,
    parent: &Parent,
) -> String {
    let candidates = parent.candidates.iter();
    listed(candidates.filter_map(|(id, attempt)| refusal(attachments.listener(*id)?, *attempt, route)))
}

/// The labels of a namespace.
pub(in crate::check) fn labels(model: &Model<'_>, namespace: &str) -> String {
    match model.namespaces.get(namespace) {
        Some(labels) => {
            let labels = labels.iter().map(|(key, value)| format!("`{key}={value}`"));
            format!("namespace `{namespace}` has {}", listed(labels))
        }
        None => format!("namespace `{namespace}` is not in the input"),
    }
}

/// In what a listener is not distinct from another one.
pub(in crate::check) fn conflict(joined: &Joined<'_>, conflict: Conflict, other: &Joined<'_>) -> String {
    let (own, listener) = (joined.listener, other.listener);
    let name = format!("listener `{}` of {}", listener.name, named(other.owner_kind, other.meta));
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

/// With what a listener's host name overlaps, where that is `other`'s.
pub(in crate::check) fn overlap(other: &Joined<'_>) -> String {
    let hosts = host(other.listener.hostname.as_deref());
    let owner = named(other.owner_kind, other.meta);
    format!("its host name overlaps with {hosts} of listener `{}` of {owner}", other.listener.name)
}

/// What became of a reference of a route to a backend; empty where it can be used.
pub(in crate::check) fn backend(found: Reference, route: &Route<'_>, backend: &BackendRef<'_>) -> String {
    let target = &backend.target;
    let name = full_name(&target.kind, namespace_of(target, &route.meta), &target.name);
    match found {
        Reference::InvalidKind => format!("{name}{} is no backend", of_group(target)),
        Reference::KindRefused => {
            format!("{name}{} is no backend for the controller that is named", of_group(target))
        }
        Reference::KindUnknown => {
            format!("whether {name}{} is a backend is the controller's own matter", of_group(target))
        }
        Reference::NoSuchPort => format!("{name} has no port {}", backend.port.unwrap_or_default()),
        Reference::UnsupportedProtocol => format!("`appProtocol` of {name} is not gRPC"),
        _ => reference(found, Referrer::route(route), target),
    }
}

/// What became of a reference to a certificate; empty where it can be used.
pub(in crate::check) fn certificate(found: Reference, from: Referrer<'_>, target: &ObjectRef<'_>) -> String {
    match found {
        Reference::InvalidKind => {
            let namespace = target.namespace_from(from.namespace);
            let name = full_name(&target.kind, namespace, &target.name);
            format!("{name}{} is no certificate, only a Secret of the core group is", of_group(target))
        }
        Reference::KindUnknown => {
            let namespace = target.namespace_from(from.namespace);
            let name = full_name(&target.kind, namespace, &target.name);
            format!("whether {name}{} is a certificate is the controller's own matter", of_group(target))
        }
        _ => reference(found, from, target),
    }
}

/// What became of a reference to a CA certificate; empty where it can be used.
pub(in crate::check) fn authority(found: Reference, from: Referrer<'_>, target: &ObjectRef<'_>) -> String {
    match found {
        Reference::InvalidKind => {
            let name = full_name(&target.kind, target.namespace_from(from.namespace), &target.name);
            let kinds = AUTHORITIES.map(|(_, kind)| kind).join(", ");
            format!("{name}{} holds no CA certificates, only one of these does: {kinds}", of_group(target))
        }
        // It has no namespace.
        Reference::ObjectUnknown if !target.group.is_empty() => {
            format!("{} is not looked for", full_name(&target.kind, "", &target.name))
        }
        _ => reference(found, from, target),
    }
}

/// What becomes of a listener if some of its certificates cannot be used.
pub(in crate::check) const PARTLY_CERTIFIED: &str = "not all of its certificates can be used, and whether it is programmed with the others is the controller's own matter";

/// What became of a reference to any object; empty where it can be used.
pub(in crate::check) fn reference(found: Reference, from: Referrer<'_>, target: &ObjectRef<'_>) -> String {
    let namespace = target.namespace_from(from.namespace);
    let name = full_name(&target.kind, namespace, &target.name);
    match found {
        Reference::Resolved => String::new(),
        Reference::NotPermitted => format!(
            "no ReferenceGrant in namespace `{namespace}` lets {} objects of `{}` refer to {name}",
            from.kind, from.namespace
        ),
        Reference::GrantUnknown => format!(
            "{name} needs a ReferenceGrant in namespace `{namespace}`, and none in the input permits this"
        ),
        Reference::NotFound => format!("{name} does not exist"),
        Reference::ObjectUnknown => format!("{name} is not in the input"),
        Reference::KindNotFound => format!("{name}{} does not exist", of_group(target)),
        Reference::InvalidKind
        | Reference::KindRefused
        | Reference::KindUnknown
        | Reference::NoSuchPort
        | Reference::UnsupportedProtocol => format!("{name}{} cannot be used", of_group(target)),
    }
}

fn of_group(target: &ObjectRef<'_>) -> String {
    if target.group.is_empty() { String::new() } else { format!(" of group `{}`", target.group) }
}
