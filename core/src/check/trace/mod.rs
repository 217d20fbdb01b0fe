//! Which listener, route, rule and backend answer a request, and why not the others.
//!
//! [`trace`] goes the way of Gateway API: Gateway and port, listener by host name, route and match by
//! precedence, filters, backends. Listeners are isolated from each other, as the specification has it.
//! Nothing is guessed about regular expressions: a match that depends on one is listed as undecided.

mod answer;
mod ask;
mod backends;
mod certificate;
mod connection;
mod doubt;
mod expression;
mod filters;
mod http;
mod listener;
mod matching;
mod named;
mod nearest;
mod normal;
mod others;
pub mod parse;
mod rank;
mod request;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::attach::{Attachments, Joined, ListenerId};
use super::matches::of_host;
use super::model::{Model, Route};
use super::rule::finding::full_name;
use super::settings::Settings;
use answer::name;
use listener::{Door, Layer};
use request::Parts;

pub use answer::{
    Answer, BackendDoubt, Forwarded, ListenerDoubt, ListenerName, Loser, Outcome, Place, Redirect, Share,
    Trace, Upstream,
};
pub use ask::ask;
pub use request::Request;

/// Most losers, and most undecided ones, that are listed; the rest is counted.
const LOSERS_MAX: usize = 1000;

/// What a trace looks at, and what it has noticed so far.
struct Tracer<'t, 'c> {
    model: &'c Model<'c>,
    settings: &'t Settings,
    attachments: &'t Attachments<'c>,
    parts: Parts<'t>,
    losers: Vec<Loser<'c>>,
    /// Routes of the listener that are for other hosts; they are counted only.
    of_other_hosts: Vec<&'c Route<'c>>,
    undecided: Vec<Loser<'c>>,
    /// Routes that were looked at though they may not be attached.
    weighed: BTreeSet<usize>,
    /// How specific the host name of the listener is that took the request.
    taken_by: Option<(usize, usize)>,
    notes: Vec<String>,
}

/// Traces a request.
pub fn trace<'c>(
    model: &'c Model<'c>,
    settings: &Settings,
    attachments: &Attachments<'c>,
    request: &Request,
) -> Trace<'c> {
    let mut trace = as_written(model, settings, attachments, request);
    let path = request.parts().path;
    let normal = normal::normalised(path);
    if trace.answer.decided() == Outcome::Http && normal != path {
        let other = Request { path: Some(normal.clone()), ..request.clone() };
        let other = as_written(model, settings, attachments, &other).answer;
        let own = &trace.answer;
        let same = (own.status, &own.route, own.rule, own.matched)
            == (other.status, &other.route, other.rule, other.matched);
        let then = match (&other.route, other.rule) {
            _ if same => "which is answered alike".to_owned(),
            (Some(route), Some(rule)) => {
                format!("which {}, rule {rule}, answers", full_name(route.kind, route.namespace, route.name))
            }
            _ => format!("which is answered with {}", other.status),
        };
        trace.notes.push(format!(
            "the path is compared as it is written; a proxy that normalises paths compares `{normal}`, {then}"
        ));
    }
    if trace.answer.decided() == Outcome::Http && normal::hides_a_slash(path) {
        trace.notes.push("some proxies decode an encoded slash, and some refuse it with 400".to_owned());
    }
    trace
}

/// Traces a request whose path is compared as it is.
fn as_written<'c>(
    model: &'c Model<'c>,
    settings: &Settings,
    attachments: &Attachments<'c>,
    request: &Request,
) -> Trace<'c> {
    let parts = request.parts();
    let mut notes = Vec::new();
    let door = listener::door(model, attachments, request, &parts, &mut notes);
    let mut tracer = Tracer {
        model,
        settings,
        attachments,
        parts,
        losers: Vec::new(),
        of_other_hosts: Vec::new(),
        undecided: Vec::new(),
        weighed: BTreeSet::new(),
        taken_by: None,
        notes,
    };
    let mut answer = match &door {
        Some(door) => tracer.answer(door, request),
        None => tracer.nobody(request),
    };
    tracer.listeners_apart(door.as_ref(), request);
    tracer.listeners_in_doubt(door.as_ref(), request, &mut answer);
    tracer.note_controller(&answer);
    tracer.note_other_hosts();
    let Tracer { mut losers, mut undecided, mut notes, .. } = tracer;
    // What met the request is nearer than what did not.
    losers.sort_by_key(|loser| loser.matched.is_none());
    for (list, what) in [(&mut losers, "lost"), (&mut undecided, "may take it")] {
        if list.len() > LOSERS_MAX {
            notes.push(format!("{} more {what}", list.len() - LOSERS_MAX));
            list.truncate(LOSERS_MAX);
        }
    }
    Trace { answer, losers, undecided, notes }
}

impl<'c> Tracer<'_, 'c> {
    /// Answers at a port where something listens.
    fn answer(&mut self, door: &Door<'_, 'c>, request: &Request) -> Answer<'c> {
        if request.port.is_none() {
            self.notes.push(format!("port {} is assumed", door.port));
        }
        let secure = secure(door);
        let name = if secure.is_empty() { self.parts.host.clone() } else { self.parts.sni.clone() };
        let l4 = door.listeners.iter().copied().find(|(_, joined)| listener::is_transport(joined));
        let left_out = listener::out_of_work(
            self.attachments,
            door.gateway..door.gateway + 1,
            Some(door.port),
            Some(&name),
        );
        self.notes.extend(left_out);
        if name.is_empty() && l4.is_none() {
            self.notes.push("no host is given, so only what serves every host can answer".to_owned());
        }
        // Who names one speaks TLS.
        if request.sni.is_some() && secure.is_empty() && l4.is_none() {
            self.notes.push(format!("port {} takes plain HTTP, and no TLS", door.port));
            self.others(door, None);
            return Answer::ends(Outcome::TlsRefused);
        }
        if let Some(taken) = l4.or_else(|| listener::best(&door.listeners, &name)) {
            return self.answer_at(taken, door, request);
        }
        self.notes.push(format!("no listener on port {} serves `{name}`", door.port));
        self.others(door, None);
        if !secure.is_empty() {
            return Answer { rejected: Some("tls-no-match"), ..Answer::ends(Outcome::TlsRefused) };
        }
        let rejected = self.unimplemented(door.listeners.iter().flat_map(|(_, joined)| &joined.routes));
        Answer { status: 404, rejected, ..Answer::default() }
    }

    /// Answers at the listener that takes the connection.
    fn answer_at(
        &mut self,
        (id, joined): (ListenerId, &Joined<'c>),
        door: &Door<'_, 'c>,
        request: &Request,
    ) -> Answer<'c> {
        self.taken_by = Some(of_host(joined.listener.hostname.as_deref()));
        let index = &self.attachments.index;
        let uncertified = certificate::lack(index, joined);
        let doubt = certificate::doubt(index, joined);
        if let Some(doubt) = doubt {
            let (name, doubt) = (&joined.listener.name, doubt.words());
            self.notes.push(format!("listener `{name}`: {doubt}: {}", certificate::failing(index, joined)));
        }
        let mut answer = match (uncertified, listener::layer(joined)) {
            (Some(why), _) => self.without_certificate(door, (id, joined), &why),
            (None, Some(Layer::Https)) => self.https((id, joined), &secure(door)),
            (None, Some(Layer::Tls)) => self.tls(joined),
            (None, Some(Layer::Tcp | Layer::Udp)) => self.transport(joined),
            (None, Some(Layer::Http) | None) => self.http((id, joined), false),
        };
        if joined.maybe_more && !matches!(answer.decided(), Outcome::Http | Outcome::NoCertificate) {
            self.notes.push("more routes may be attached to the listener than the input can tell".to_owned());
            answer.undecided();
        }
        let elsewhere = || listener::other_ports(self.model, self.attachments, door, request, &self.parts);
        if request.port.is_none() && (answer.status == 404 || answer.redirect.is_some()) {
            self.notes.extend(elsewhere());
        }
        if doubt.is_some() {
            answer.undecided();
        }
        let gateway = name(joined.owner_kind, joined.meta);
        answer.listener = Some(ListenerName { gateway, name: &joined.listener.name, doubt });
        if answer.status != 421 {
            self.others(door, Some((id, joined)));
        }
        answer
    }

    /// Says why there is nothing to connect to.
    fn nobody(&mut self, request: &Request) -> Answer<'c> {
        let known = |(namespace, name): &(String, String)| self.attachments.index.gateway(namespace, name);
        if self.model.gateways.is_empty()
            || request.gateway.as_ref().is_some_and(|named| known(named).is_none())
        {
            self.notes.push(listener::no_gateway(self.model, request.gateway.as_ref()));
            return Answer::ends(Outcome::NoGateway);
        }
        self.notes.extend(listener::nobody_there(self.model, self.attachments, request));
        let gateways = listener::asked(self.model, self.attachments, request).unwrap_or_default();
        if let Some(port) = request.port.filter(|_| gateways.len() == 1) {
            self.others(&Door { gateway: gateways.start, port, listeners: Vec::new() }, None);
        }
        Answer::ends(Outcome::ConnectionRefused)
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
            Some((other, joined)) if other == id => self.http((id, joined), true),
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
}

/// The listeners of a port that speak TLS.
fn secure<'t, 'c>(door: &Door<'t, 'c>) -> Vec<(ListenerId, &'t Joined<'c>)> {
    door.listeners.iter().copied().filter(|(_, joined)| listener::takes_tls(joined)).collect()
}
