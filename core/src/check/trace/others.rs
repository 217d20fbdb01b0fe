//! Routes that had no chance: those that are attached elsewhere, and those that are not accepted.

use super::Tracer;
use super::http;
use super::listener::{self, Door, Layer};
use crate::check::attach::{Attempt, Doubt, Joined, ListenerId, Membership, Outcome, Parent, Target};
use crate::check::model::{ParentRef, Route};
use crate::check::rule::finding::listed;
use crate::check::rule::words;
use crate::profile::Profile;

impl<'c> Tracer<'_, 'c> {
    /// Adds the routes for the host that had no chance: those that are attached to other listeners of the
    /// Gateway, and those that none accepts.
    pub(super) fn others(&mut self, door: &Door<'_, 'c>, chosen: Option<(ListenerId, &Joined<'c>)>) {
        let host = match chosen.map(|(_, joined)| listener::layer(joined)) {
            Some(Some(Layer::Tls)) => self.parts.sni.clone(),
            _ => self.parts.host.clone(),
        };
        let sets = self.attachments.sets(door.gateway);
        let here = |target: Target, by_name: bool| match target {
            Target::Gateway(at) => at == door.gateway,
            Target::ListenerSet(at) => sets.contains(&at) || self.refusing(at) == Some(door.gateway),
            // One that is not there may be misspelt; who is for every host is hardly meant.
            Target::Absent => by_name,
            Target::Other => false,
        };
        let mut shadowed = false;
        // Those that name the host are nearer than those for every host.
        let (mut lost, mut of_every_host) = (Vec::new(), Vec::new());
        for (at, (route, parents)) in self.model.routes.iter().zip(&self.attachments.routes).enumerate() {
            let judged = self.weighed.contains(&at)
                || chosen.is_some_and(|(_, joined)| joined.routes.binary_search(&at).is_ok());
            if judged || !listener::is_for(route, &host) {
                continue;
            }
            let by_name = !route.hostnames.is_empty();
            let lost = if by_name { &mut lost } else { &mut of_every_host };
            let named = route.parents.iter().zip(parents);
            let named: Vec<_> = named.filter(|(_, parent)| here(parent.target, by_name)).collect();
            if named.iter().any(|(_, parent)| parent.outcome == Outcome::Accepted) {
                if let Some((step, why)) = self.elsewhere(door, chosen, route, &named, &host) {
                    shadowed |= step == "listener-hostname";
                    lost.push(http::whole(route, step, why));
                }
            } else if let Some(first) = named.first() {
                lost.push(http::whole(route, "not-accepted", self.not_accepted(route, *first)));
            } else if by_name && parents.is_empty() {
                lost.push(http::whole(route, "not-accepted", "it names no parent".to_owned()));
            }
        }
        self.losers.extend(lost.into_iter().chain(of_every_host));
        let profile = self.settings.controller().filter(|_| shadowed);
        if let Some(why) = profile.and_then(Profile::lack_of_isolation) {
            self.notes.push(format!("{why}: a less specific listener may answer there"));
        }
    }

    /// Counts the routes of the listener that are for other hosts, and says for which.
    pub(super) fn note_other_hosts(&mut self) {
        let count = self.of_other_hosts.len();
        if count > 0 {
            let names = self.of_other_hosts.iter().flat_map(|route| &route.hostnames);
            let names = listed(names.map(|name| format!("`{name}`")));
            self.notes.push(format!("routes of the listener that are for other hosts: {count} ({names})"));
        }
    }

    /// Why a route that is attached to other listeners of the Gateway is none of the one that took the request:
    /// the step and its words.
    fn elsewhere(
        &self,
        door: &Door<'_, 'c>,
        chosen: Option<(ListenerId, &Joined<'c>)>,
        route: &Route<'_>,
        named: &[(&ParentRef<'_>, &Parent)],
        host: &str,
    ) -> Option<(&'static str, String)> {
        // Who asks for a connection means no route of requests, and the other way round.
        let meant = match chosen.and_then(|(_, joined)| listener::layer(joined)) {
            Some(Layer::Tcp) => route.kind == "TCPRoute",
            Some(Layer::Udp) => route.kind == "UDPRoute",
            Some(Layer::Http | Layer::Https | Layer::Tls) | None => {
                !matches!(route.kind, "TCPRoute" | "UDPRoute")
            }
        };
        if !meant {
            return None;
        }
        let attempts = || named.iter().flat_map(|(_, parent)| &parent.candidates);
        let attached = || {
            let taken = attempts().filter(|(_, attempt)| *attempt == Attempt::Attached);
            taken.filter_map(|(id, _)| Some((*id, self.attachments.listener(*id)?)))
        };
        let mut own = attempts().filter(|(id, _)| chosen.is_some_and(|(chosen, _)| chosen == *id));
        if let Some((_, joined)) = chosen
            && let Some(why) = own.find_map(|(_, attempt)| words::refusal(joined, *attempt, route))
        {
            return Some(("listener-refuses", why));
        }
        let same_port = attached().filter(|(_, joined)| joined.listener.port == door.port);
        let same_port = same_port.min_by_key(|(_, joined)| !listener::serves(joined, host));
        let Some((id, joined)) = same_port else {
            let mut listeners: Vec<_> = attached()
                .map(|(_, joined)| format!("{}:{}", joined.listener.name, joined.listener.port))
                .collect();
            listeners.dedup();
            let plural = if listeners.len() == 1 { "" } else { "s" };
            let why = format!("attached to listener{plural} {} only", listed(listeners));
            return Some(("other-port", why));
        };
        // Who was sent away by TLS itself was looked for by the name in the handshake.
        let host = if chosen.is_none() && listener::takes_tls(joined) { &self.parts.sni } else { host };
        let name = &joined.listener.name;
        let works = door.listeners.iter().any(|(found, _)| *found == id);
        Some(match chosen {
            _ if !works => ("listener-left-out", format!("its listener `{name}` is left out")),
            _ if !listener::serves(joined, host) => {
                ("other-host", format!("its listener `{name}` does not serve `{host}`"))
            }
            Some((_, chosen)) => {
                let why = format!("listener `{name}` is less specific than `{}`", chosen.listener.name);
                ("listener-hostname", why)
            }
            None => ("listener-protocol", format!("its listener `{name}` takes no TLS")),
        })
    }

    /// The Gateway that does not take a ListenerSet.
    fn refusing(&self, set: usize) -> Option<usize> {
        match self.attachments.memberships.get(set) {
            Some(Membership::NotAllowed(gateway)) => Some(*gateway),
            _ => None,
        }
    }

    fn not_accepted(&self, route: &Route<'_>, (reference, parent): (&ParentRef<'_>, &Parent)) -> String {
        let why = match parent.outcome {
            Outcome::NoMatchingParent | Outcome::Unknown(Doubt::Parent) => {
                return words::no_parent(self.model, self.attachments, route, reference, parent.target);
            }
            Outcome::NotAllowedByListeners => {
                return words::refusals(self.attachments, route, parent);
            }
            Outcome::NoMatchingListenerHostname => "no listener has a host in common with it",
            Outcome::Unknown(doubt) => {
                let open = |(_, attempt): &&(_, Attempt)| *attempt == Attempt::Unknown(doubt);
                let open = parent.candidates.iter().find(open);
                let Some(joined) = open.and_then(|(id, _)| self.attachments.listener(*id)) else {
                    return doubt.words().to_owned();
                };
                let listener = joined.listener;
                return format!("at listener {}:{}: {}", listener.name, listener.port, doubt.words());
            }
            Outcome::Accepted | Outcome::NotJudged => "it is not attached",
        };
        why.to_owned()
    }
}
