//! What may take a request, which the input cannot tell: routes and listeners that may be attached; and listeners
//! that would take it, had their ListenerSet joined the Gateway.

use core::ops::Range;

use super::Tracer;
use super::answer::Answer;
use super::listener::{self, Door, NOTED};
use super::request::Request;
use crate::check::attach::{Attempt, Doubt, Joined, Known, ListenerId, Membership, Outcome, Owner, Parent};
use crate::check::matches::of_host;
use crate::check::rule::finding::{listed, named};
use crate::check::rule::words;

impl<'c> Tracer<'_, 'c> {
    /// Routes that may be attached to a listener, each with what would have to be given.
    pub(super) fn perhaps_attached(&self, id: ListenerId, joined: &Joined<'_>) -> Vec<(usize, Doubt)> {
        if !joined.maybe_more {
            return Vec::new();
        }
        let of_parent = |parent: &Parent| {
            let (_, attempt) = parent.candidates.iter().find(|(candidate, _)| *candidate == id)?;
            match (parent.outcome, *attempt) {
                (Outcome::Accepted | Outcome::Unknown(_), Attempt::Unknown(doubt))
                | (Outcome::Unknown(doubt), Attempt::Attached) => Some(doubt),
                _ => None,
            }
        };
        let routes = self.attachments.routes.iter().enumerate();
        let open = routes.filter(|(at, _)| joined.routes.binary_search(at).is_err());
        open.filter_map(|(at, parents)| Some((at, parents.iter().find_map(of_parent)?))).collect()
    }

    /// Notes listeners of ListenerSets that joined no Gateway, and would take the request from the listener that did.
    /// Those on another port than the one assumed, and those that name a Gateway that is not there, are meant if they
    /// name a host.
    pub(super) fn listeners_apart(&mut self, door: Option<&Door<'_, 'c>>, request: &Request) {
        let (gateways, port) = self.reached(door, request);
        let meant = |set, joined: &Joined<'_>| match self.attachments.memberships.get(set) {
            Some(Membership::NotAllowed(gateway)) => gateways.contains(gateway),
            Some(Membership::NoGateway | Membership::UnknownGateway) => joined.listener.hostname.is_some(),
            Some(Membership::Joined(_) | Membership::Maybe(_)) | None => false,
        };
        let listeners = self.attachments.listeners.iter().filter_map(|joined| match joined.owner {
            Owner::ListenerSet(set) => Some((set, joined)),
            Owner::Gateway(_) => None,
        });
        let asked =
            |joined: &Joined<'_>| if joined.listener.hostname.is_some() { request.port } else { port };
        let mut apart =
            listeners.filter(|(set, joined)| meant(*set, joined) && self.would_take(joined, asked(joined)));
        let notes = apart.by_ref().take(NOTED).map(|(set, joined)| {
            let (listener, owner) = (joined.listener, named(joined.owner_kind, joined.meta));
            let name = format!("`{}` on port {}", listener.name, listener.port);
            let why = words::membership(self.model, self.attachments, set);
            format!("listener {name} of {owner} would take it, but that has joined no Gateway: {why}")
        });
        let mut notes: Vec<_> = notes.collect();
        let more = apart.count();
        if more > 0 {
            notes.push(format!(
                "{more} more listeners of ListenerSets that have joined no Gateway would take it"
            ));
        }
        self.notes.extend(notes);
    }

    /// The Gateways and the port that a request may reach.
    fn reached(&self, door: Option<&Door<'_, 'c>>, request: &Request) -> (Range<usize>, Option<i64>) {
        let asked = || listener::asked(self.model, self.attachments, request).unwrap_or_default();
        let gateways = door.map_or_else(asked, |door| door.gateway..door.gateway + 1);
        (gateways, door.map(|door| door.port).or(request.port))
    }

    /// Whether a listener would take the request from the one that did, if it were part of the Gateway.
    fn would_take(&self, joined: &Joined<'_>, port: Option<i64>) -> bool {
        let rank = of_host(joined.listener.hostname.as_deref());
        port.is_none_or(|port| port == joined.listener.port)
            && listener::serves(joined, &self.parts.host)
            && self.taken_by.is_none_or(|taken| rank > taken)
    }

    /// Notes listeners that may be there, and would then take the request from the one that did.
    pub(super) fn listeners_in_doubt(
        &mut self,
        door: Option<&Door<'_, 'c>>,
        request: &Request,
        answer: &mut Answer<'c>,
    ) {
        let (gateways, port) = self.reached(door, request);
        let mut names = Vec::new();
        for (_, joined) in gateways.flat_map(|gateway| self.attachments.merged(gateway)) {
            if joined.member == Known::Unknown && self.would_take(joined, port) {
                let owner = named(joined.owner_kind, joined.meta);
                names.push(format!("`{}` of {owner}", joined.listener.name));
            }
        }
        if names.is_empty() {
            return;
        }
        answer.undecided();
        let doubt = Doubt::Gateway.words();
        self.notes.push(format!("listeners that may take it: {}: {doubt}", listed(names)));
    }
}
