//! The listeners of each Gateway: its own, then those of the ListenerSets that joined it.
//!
//! Source of the order: Gateway API v1.6.1, `apis/v1/listenerset_types.go:83-105`, GEP-1713.

use core::ops::Range;

use super::allowed;
use super::conflict::Conflict;
use super::hosts::intersect;
use super::index::{Index, Referrer};
use super::kinds::is_gateway;
use super::known::Known;
use crate::check::model::{Listener, ListenerSet, Meta, Mode, Model, ObjectRef, Route};
use crate::check::settings::Settings;
use crate::check::time::Time;
use crate::release::{EXPERIMENTAL_GROUP, GATEWAY_GROUP};

/// Which listener: an index into [`super::Attachments::listeners`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListenerId(pub usize);

/// Whose listener it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The Gateway of this index in the model.
    Gateway(usize),
    /// The ListenerSet of this index in the model.
    ListenerSet(usize),
}

/// A listener, and what became of it.
#[derive(Debug)]
pub struct Joined<'c> {
    /// Whose it is.
    pub owner: Owner,
    /// The metadata of whose it is.
    pub meta: &'c Meta<'c>,
    /// `Gateway`, `ListenerSet` or `XListenerSet`.
    pub owner_kind: &'static str,
    /// The listener itself.
    pub listener: &'c Listener<'c>,
    /// The Gateway that it belongs to, or may belong to.
    pub gateway: Option<usize>,
    /// Whether it belongs to that Gateway: a Gateway's own does; a ListenerSet's depends on `allowedListeners`.
    pub member: Known,
    /// Whether the profile's controller refuses its protocol.
    pub refused: bool,
    /// Why it is not distinct from another one, where that is so.
    pub conflict: Option<Conflict>,
    /// A listener on its port whose host name overlaps with its own under TLS.
    pub overlap: Option<ListenerId>,
    /// The routes attached to it, by their index in the model, ascending; each counts once.
    pub routes: Vec<usize>,
    /// Whether routes may be attached of which that cannot be told from the input.
    pub maybe_more: bool,
}

impl<'c> Joined<'c> {
    /// The certificates that it ends TLS with, by their index. Those of one that passes TLS through are ignored.
    ///
    /// Source: Gateway API v1.6.1, `apis/v1/gateway_types.go:574-578`.
    pub fn certificates(&self) -> impl Iterator<Item = (usize, &'c ObjectRef<'c>)> + use<'c> {
        let ended = self.listener.tls.as_ref().filter(|tls| tls.mode == Mode::Terminate);
        ended.into_iter().flat_map(|tls| tls.certificates.iter().enumerate())
    }

    /// The host names of a route that it serves, as the route writes them; an empty one for a route without any.
    /// Names that have no host in common with its own are ignored.
    ///
    /// Source: Gateway API v1.6.1, `apis/v1/httproute_types.go:93-97`.
    pub fn hosts<'r>(&self, route: &'r Route<'_>) -> impl Iterator<Item = &'r str> + use<'c, 'r> {
        let own = self.listener.hostname.as_deref();
        let served = move |name: &&str| own.is_none_or(|own| intersect(own, name).is_some());
        let any = route.hostnames.is_empty().then_some("");
        route.hostnames.iter().map(AsRef::as_ref).filter(served).chain(any)
    }

    /// Whom a ReferenceGrant for its certificates has to name. One for a Gateway does not reach its ListenerSets.
    ///
    /// Source: Gateway API v1.6.1, `apis/v1/listenerset_types.go:48-51`.
    pub fn referrer(&self) -> Referrer<'c> {
        let experimental = self.owner_kind == "XListenerSet";
        let group = if experimental { EXPERIMENTAL_GROUP } else { GATEWAY_GROUP };
        Referrer { group, kind: self.owner_kind, namespace: &self.meta.namespace }
    }
}

/// How a ListenerSet stands to the Gateway that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// It joined the Gateway of this index in the model.
    Joined(usize),
    /// That depends on labels of its namespace, which was not given.
    Maybe(usize),
    /// The Gateway does not allow it.
    NotAllowed(usize),
    /// There is no such Gateway, or it names something else.
    NoGateway,
    /// The Gateway is not in the input.
    UnknownGateway,
}

/// Every listener of every Gateway and ListenerSet.
pub(super) struct Merged<'c> {
    pub(super) listeners: Vec<Joined<'c>>,
    /// Where the own listeners of each Gateway and ListenerSet are in `listeners`.
    pub(super) of_gateways: Vec<Range<usize>>,
    pub(super) of_sets: Vec<Range<usize>>,
    pub(super) memberships: Vec<Membership>,
    /// For each Gateway the ListenerSets that joined or may have, in their order of precedence.
    pub(super) sets_of: Vec<Vec<usize>>,
}

pub(super) fn merge<'c>(model: &'c Model<'c>, settings: &Settings, index: &Index<'c>) -> Merged<'c> {
    let mut merged = Merged {
        listeners: Vec::new(),
        of_gateways: Vec::with_capacity(model.gateways.len()),
        of_sets: Vec::with_capacity(model.listener_sets.len()),
        memberships: Vec::with_capacity(model.listener_sets.len()),
        sets_of: model.gateways.iter().map(|_| Vec::new()).collect(),
    };
    for (at, gateway) in model.gateways.iter().enumerate() {
        let place = (Owner::Gateway(at), &gateway.meta, "Gateway", Some(at), Known::Yes);
        let range = merged.add(&gateway.listeners, place, settings);
        merged.of_gateways.push(range);
    }
    for (at, set) in model.listener_sets.iter().enumerate() {
        let membership = membership(model, settings, index, set);
        let (gateway, member) = match membership {
            Membership::Joined(gateway) => (Some(gateway), Known::Yes),
            Membership::Maybe(gateway) => (Some(gateway), Known::Unknown),
            Membership::NotAllowed(_) | Membership::NoGateway => (None, Known::No),
            Membership::UnknownGateway => (None, Known::Unknown),
        };
        if let Some(sets) = gateway.and_then(|gateway| merged.sets_of.get_mut(gateway)) {
            sets.push(at);
        }
        let place = (Owner::ListenerSet(at), &set.meta, set.kind, gateway, member);
        let range = merged.add(&set.listeners, place, settings);
        merged.of_sets.push(range);
        merged.memberships.push(membership);
    }
    let age = |set: &usize| model.listener_sets.get(*set).map(|set| precedence(&set.meta));
    for sets in &mut merged.sets_of {
        sets.sort_by(|one, other| age(one).cmp(&age(other)));
    }
    merged
}

impl<'c> Merged<'c> {
    fn add(
        &mut self,
        listeners: &'c [Listener<'c>],
        (owner, meta, owner_kind, gateway, member): (Owner, &'c Meta<'c>, &'static str, Option<usize>, Known),
        settings: &Settings,
    ) -> Range<usize> {
        let start = self.listeners.len();
        self.listeners.extend(listeners.iter().map(|listener| Joined {
            owner,
            meta,
            owner_kind,
            listener,
            gateway,
            member,
            refused: allowed::is_refused(listener, settings),
            conflict: None,
            overlap: None,
            routes: Vec::new(),
            maybe_more: false,
        }));
        start..self.listeners.len()
    }
}

/// Sorts objects as Gateway API settles ties: the oldest first, then by `{namespace}/{name}`. What was
/// never in a cluster is younger than anything that was.
///
/// Source: Gateway API v1.6.1, `apis/v1/httproute_types.go:198-203`.
pub fn precedence<'m>(meta: &'m Meta<'_>) -> (bool, Option<Time>, &'m str, &'m str) {
    (meta.created.is_none(), meta.created, &meta.namespace, &meta.name)
}

fn membership(
    model: &Model<'_>,
    settings: &Settings,
    index: &Index<'_>,
    set: &ListenerSet<'_>,
) -> Membership {
    if !is_gateway(&set.parent) {
        return Membership::NoGateway;
    }
    let namespace = set.parent.namespace_from(&set.meta.namespace);
    let found = index.gateway(namespace, &set.parent.name);
    let Some((at, gateway)) = found.and_then(|at| Some((at, model.gateways.get(at)?))) else {
        return match index.absent() {
            Known::No => Membership::NoGateway,
            Known::Yes | Known::Unknown => Membership::UnknownGateway,
        };
    };
    let from = &gateway.allowed_listeners;
    match allowed::namespace(from, &gateway.meta.namespace, &set.meta.namespace, model, settings) {
        Known::Yes => Membership::Joined(at),
        Known::No => Membership::NotAllowed(at),
        Known::Unknown => Membership::Maybe(at),
    }
}
