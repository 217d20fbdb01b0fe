//! What may take a request, which the input cannot tell: routes and listeners that may be attached.

use super::Tracer;
use super::answer::Answer;
use super::listener::{self, Door};
use super::request::Request;
use crate::check::attach::{Attempt, Doubt, Joined, Known, ListenerId, Outcome, Parent};
use crate::check::matches::of_host;
use crate::check::rule::finding::listed;

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

    /// Notes listeners that may be there, and would then take the request from the one that did.
    pub(super) fn listeners_in_doubt(
        &mut self,
        door: Option<&Door<'_, 'c>>,
        request: &Request,
        answer: &mut Answer<'c>,
    ) {
        let asked = listener::asked(self.model, self.attachments, request).unwrap_or_default();
        let gateways = door.map_or(asked, |door| door.gateway..door.gateway + 1);
        let port = door.map(|door| door.port).or(request.port);
        let mut names = Vec::new();
        for (_, joined) in gateways.flat_map(|gateway| self.attachments.merged(gateway)) {
            let there = port.is_none_or(|port| port == joined.listener.port);
            let serves = listener::serves(joined, &self.parts.host);
            let rank = of_host(joined.listener.hostname.as_deref());
            let wins = self.taken_by.is_none_or(|taken| rank > taken);
            if joined.member == Known::Unknown && there && serves && wins {
                let (name, owner) = (&joined.listener.name, joined.meta);
                names.push(format!("`{name}` of {} `{}/{}`", joined.owner_kind, owner.namespace, owner.name));
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
