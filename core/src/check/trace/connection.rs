//! Which route takes a TLS, TCP or UDP connection at a listener.

use super::answer::{Answer, Outcome};
use super::backends::Traffic;
use super::filters::Connection;
use super::http::whole;
use super::listener::{Layer, layer};
use super::{Tracer, backends, rank};
use crate::check::attach::{Joined, precedence};
use crate::check::matches::of_host;
use crate::check::model::{Mode, Route};
use crate::hostname::covers;

impl<'c> Tracer<'_, 'c> {
    /// Answers a TLS handshake by its SNI: the most specific host name of a TLSRoute, then age and name.
    pub(super) fn tls(&mut self, joined: &Joined<'c>) -> Answer<'c> {
        let mut fits: Vec<((usize, usize), &'c Route<'c>)> = Vec::new();
        for route in self.routes(joined) {
            let covering = route.hostnames.iter().filter(|name| covers(name, &self.parts.sni));
            let host = covering.map(|name| of_host(Some(name))).max();
            // v1alpha2 knows routes without host names; a TCPRoute never has any.
            if let Some(host) = host.or_else(|| route.hostnames.is_empty().then_some((0, 0))) {
                fits.push((host, route));
            } else {
                self.of_other_hosts.push(route);
            }
        }
        fits.sort_by(|(one, a), (other, b)| {
            other.cmp(one).then_with(|| precedence(&a.meta).cmp(&precedence(&b.meta)))
        });
        let Some((top, winner)) = fits.first().copied() else {
            self.notes.push(format!("no TLSRoute of the listener serves the name `{}`", self.parts.sni));
            return Answer { rejected: Some("tls-no-match"), ..Answer::ends(Outcome::TlsRefused) };
        };
        for (host, route) in fits.iter().skip(1) {
            if *host == top {
                self.lose_by_age(route, winner);
            } else {
                let why = rank::Step::RouteHostname.words().to_owned();
                self.losers.push(whole(route, "route-hostname", why));
            }
        }
        self.connect(winner, joined)
    }

    /// Answers a TCP or UDP connection: one route a listener takes it, the oldest.
    ///
    /// Source: conformance tests `tcproute-multiple-routes-attachment` and `udproute-multiple-routes-attachment`
    /// of v1.7.0.
    pub(super) fn transport(&mut self, joined: &Joined<'c>) -> Answer<'c> {
        let mut routes: Vec<_> = self.routes(joined).collect();
        routes.sort_by(|one, other| precedence(&one.meta).cmp(&precedence(&other.meta)));
        let Some(winner) = routes.first().copied() else {
            self.notes.push("no route is attached to the listener".to_owned());
            return Answer::ends(unserved(joined));
        };
        for route in routes.into_iter().skip(1) {
            self.lose_by_age(route, winner);
        }
        self.connect(winner, joined)
    }

    fn routes(&self, joined: &Joined<'c>) -> impl Iterator<Item = &'c Route<'c>> + use<'c> {
        let model = self.model;
        joined.routes.clone().into_iter().filter_map(move |at| model.routes.get(at))
    }

    fn lose_by_age(&mut self, route: &'c Route<'c>, winner: &Route<'_>) {
        if rank::lacks_a_name(winner, route) {
            self.undecided.push(whole(route, rank::Step::Name.word(), rank::NO_NAME_YET.to_owned()));
            return;
        }
        let (one, other) = (precedence(&winner.meta), precedence(&route.meta));
        let step = if (one.0, one.1) == (other.0, other.1) { rank::Step::Name } else { rank::Step::Age };
        self.losers.push(whole(route, step.word(), step.words().to_owned()));
    }

    fn connect(&mut self, route: &'c Route<'c>, joined: &Joined<'_>) -> Answer<'c> {
        let mut answer = Answer::of(route, 0);
        if let Some(rule) = route.rules.first() {
            let connection = Connection { https: false, port: joined.listener.port };
            let traffic = Traffic { connection: &connection, matched: None, request: None };
            answer.backends = self.shares(route, rule, traffic);
        }
        backends::fill(&mut answer, false);
        answer.outcome = if answer.status == 200 { Outcome::HandedThrough } else { unserved(joined) };
        if !self.undecided.is_empty() || backends::hangs_on_a_grant(&answer.backends) {
            answer.undecided();
        }
        self.notes.extend(inside(joined).map(str::to_owned));
        answer
    }
}

/// How a connection ends that no backend takes.
fn unserved(joined: &Joined<'_>) -> Outcome {
    if layer(joined) == Some(Layer::Udp) { Outcome::Dropped } else { Outcome::ConnectionClosed }
}

/// What becomes of TLS and of what is inside.
fn inside(joined: &Joined<'_>) -> Option<&'static str> {
    match (layer(joined)?, joined.listener.tls.as_ref().map(|tls| tls.mode)) {
        (Layer::Tls, Some(Mode::Passthrough)) => {
            Some("TLS passes through: certificate and answer are the backend's, and no path is looked at")
        }
        (Layer::Tls, _) => {
            Some("TLS ends at the listener; what is inside is the backend's, and no path is looked at")
        }
        _ => None,
    }
}
