//! Which listener, route, rule and backend answer a request, and why not the others.
//!
//! [`trace`] goes the way of Gateway API: Gateway and port, listener by host name, route and match by
//! precedence, filters, backends. Listeners are isolated from each other, as the specification has it.
//! Nothing is guessed about regular expressions: a match that hangs on one is listed as undecided.

mod answer;
mod backends;
mod connection;
mod filters;
mod http;
mod listener;
mod matching;
mod rank;
mod request;

#[cfg(test)]
mod tests;

use super::attach::{Attachments, Joined, ListenerId, Outcome, Target};
use super::model::{Model, Route};
use super::settings::Settings;
use crate::hostname::covers;
use crate::profile::Profile;
use answer::name;
use listener::{Door, Layer};
use request::Parts;

pub use answer::{Answer, Forwarded, ListenerName, Loser, Redirect, Share, Trace};
pub use request::Request;

/// Most losers that are listed; the rest is counted.
const LOSERS_MAX: usize = 1000;

/// What a trace looks at, and what it has noticed so far.
struct Tracer<'t, 'c> {
    model: &'c Model<'c>,
    settings: &'t Settings,
    attachments: &'t Attachments<'c>,
    parts: Parts<'t>,
    losers: Vec<Loser<'c>>,
    undecided: Vec<Loser<'c>>,
    notes: Vec<String>,
}

/// Traces a request.
pub fn trace<'c>(
    model: &'c Model<'c>,
    settings: &Settings,
    attachments: &Attachments<'c>,
    request: &Request,
) -> Trace<'c> {
    let parts = request.parts();
    let mut notes = Vec::new();
    let door = listener::door(model, attachments, request, &parts, &mut notes);
    let (losers, undecided) = (Vec::new(), Vec::new());
    let mut tracer = Tracer { model, settings, attachments, parts, losers, undecided, notes };
    let answer = if let Some(door) = door {
        tracer.answer(&door, request)
    } else {
        let port = request.port.map(|port| format!(" on port {port}")).unwrap_or_default();
        tracer.notes.push(format!("no listener{port}: the connection is refused"));
        Answer { status: 404, ..Answer::default() }
    };
    let Tracer { mut losers, undecided, mut notes, .. } = tracer;
    // What met the request is nearer than what did not.
    losers.sort_by_key(|loser| loser.matched.is_none());
    if losers.len() > LOSERS_MAX {
        notes.push(format!("{} more lost", losers.len() - LOSERS_MAX));
        losers.truncate(LOSERS_MAX);
    }
    Trace { answer, losers, undecided, notes }
}

impl<'c> Tracer<'_, 'c> {
    fn answer(&mut self, door: &Door<'_, 'c>, request: &Request) -> Answer<'c> {
        if request.port.is_none() {
            self.notes.push(format!("port {} is assumed", door.port));
        }
        let secure: Vec<_> = door
            .listeners
            .iter()
            .copied()
            .filter(|(_, joined)| matches!(listener::layer(joined), Some(Layer::Https | Layer::Tls)))
            .collect();
        let name = if secure.is_empty() { self.parts.host.clone() } else { self.parts.sni.clone() };
        let l4 = |joined: &Joined<'_>| matches!(listener::layer(joined), Some(Layer::Tcp | Layer::Udp));
        let l4 = door.listeners.iter().copied().find(|(_, joined)| l4(joined));
        let Some((id, joined)) = l4.or_else(|| listener::best(&door.listeners, &name)) else {
            self.notes.push(format!("no listener on port {} serves `{name}`", door.port));
            let rejected = if secure.is_empty() {
                self.unimplemented(door.listeners.iter().flat_map(|(_, joined)| &joined.routes))
            } else {
                Some("tls-no-match")
            };
            self.others(door, None);
            return Answer { status: 404, rejected, ..Answer::default() };
        };
        if joined.maybe_more {
            self.notes.push("more routes may be attached to the listener than the input can tell".to_owned());
        }
        let mut answer = match listener::layer(joined) {
            Some(Layer::Https) => self.https((id, joined), &secure),
            Some(Layer::Tls) => self.tls(joined),
            Some(Layer::Tcp | Layer::Udp) => self.transport(joined),
            Some(Layer::Http) | None => self.http(joined, false),
        };
        answer.listener = Some(ListenerName { gateway: name_of(joined), name: &joined.listener.name });
        if answer.status != 421 {
            self.others(door, Some((id, joined)));
        }
        answer
    }

    /// A request over TLS goes to the listener of its host, which must be that of the connection.
    ///
    /// Source: Gateway API v1.6.1, `apis/v1/gateway_types.go:390-406`; conformance test
    /// `httproute-https-listener-detect-misdirected-requests` of v1.7.0.
    fn https(
        &mut self,
        (id, joined): (ListenerId, &Joined<'c>),
        secure: &[(ListenerId, &Joined<'c>)],
    ) -> Answer<'c> {
        let host = &self.parts.host;
        match listener::best(secure, host) {
            Some((other, _)) if other == id => self.http(joined, true),
            Some((_, other)) => {
                self.notes.push(format!(
                    "listener `{}` serves `{host}`, but the connection is that of `{}`",
                    other.listener.name, joined.listener.name
                ));
                Answer { status: 421, ..Answer::default() }
            }
            None => {
                self.notes.push(format!("no listener on this port serves `{host}`"));
                Answer { status: 404, ..Answer::default() }
            }
        }
    }

    /// Adds the routes that had no chance: those of less specific listeners, and those not accepted.
    fn others(&mut self, door: &Door<'_, 'c>, chosen: Option<(ListenerId, &Joined<'c>)>) {
        let name = chosen.map_or(&self.parts.host, |(_, joined)| match listener::layer(joined) {
            Some(Layer::Tls) => &self.parts.sni,
            _ => &self.parts.host,
        });
        let host = name.clone();
        let fits = |route: &Route<'_>| {
            route.hostnames.is_empty() || route.hostnames.iter().any(|name| covers(name, &host))
        };
        if let Some((id, joined)) = chosen {
            let mut shadowed = false;
            for (other, less) in &door.listeners {
                if *other == id || !listener::serves(less, &host) {
                    continue;
                }
                for at in less.routes.iter().filter(|at| joined.routes.binary_search(at).is_err()) {
                    if let Some(route) = self.model.routes.get(*at).filter(|route| fits(route)) {
                        let why = format!(
                            "listener `{}` is less specific than `{}`",
                            less.listener.name, joined.listener.name
                        );
                        self.losers.push(http::whole(route, "listener-hostname", why));
                        shadowed = true;
                    }
                }
            }
            let profile = self.settings.controller().filter(|_| shadowed);
            if let Some(why) = profile.and_then(Profile::reports_no_isolation) {
                self.notes.push(format!("{why}: a less specific listener may answer there"));
            }
        }
        self.not_accepted(door, fits);
    }

    fn not_accepted(&mut self, door: &Door<'_, 'c>, fits: impl Fn(&Route<'_>) -> bool) {
        let sets = self.attachments.sets(door.gateway);
        let here = |target: Target| match target {
            Target::Gateway(at) => at == door.gateway,
            Target::ListenerSet(at) => sets.contains(&at),
            Target::Absent | Target::Other => false,
        };
        for (route, parents) in self.model.routes.iter().zip(&self.attachments.routes) {
            let mut named = parents.iter().filter(|parent| here(parent.target)).peekable();
            if named.peek().is_none() || !fits(route) {
                continue;
            }
            let outcomes: Vec<Outcome> = named.map(|parent| parent.outcome).collect();
            if outcomes.contains(&Outcome::Accepted) {
                continue;
            }
            let why = match outcomes.first() {
                Some(Outcome::NoMatchingParent) => "`sectionName` or `port` names no listener",
                Some(Outcome::NotAllowedByListeners) => "no listener allows its kind and namespace",
                Some(Outcome::NoMatchingListenerHostname) => "no listener has a host in common with it",
                Some(Outcome::Unknown(doubt)) => doubt.words(),
                _ => "it is not attached",
            };
            self.losers.push(http::whole(route, "not-accepted", why.to_owned()));
        }
    }
}

fn name_of<'c>(joined: &Joined<'c>) -> super::status::Object<'c> {
    name(joined.owner_kind, joined.meta)
}

/// 200 if a backend takes it; 500 else, which for gRPC is `UNAVAILABLE`.
///
/// Source: v1.6.1, `apis/v1/httproute_types.go:267-288`, `apis/v1/grpcroute_types.go:258-274`.
fn fill(answer: &mut Answer<'_>, grpc: bool) {
    let usable = backends::any_usable(&answer.backends);
    answer.status = if usable { 200 } else { 500 };
    answer.rejected = (!usable && grpc).then_some("grpc-unavailable");
}
