//! What a trace says, in the shape of its JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::check::model::{Meta, Route};
use crate::check::rule::words;
use crate::check::status::Object;

/// What became of a request.
#[derive(Debug, PartialEq, Serialize)]
pub struct Trace<'c> {
    /// What the client would see.
    pub answer: Answer<'c>,
    /// Everything else that could have answered, the nearest first.
    pub losers: Vec<Loser<'c>>,
    /// What would win if its regular expression matched, or if it were attached, which cannot be told.
    pub undecided: Vec<Loser<'c>>,
    /// What was guessed, and what the answer leaves open.
    pub notes: Vec<String>,
}

/// How a request or connection ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// There is an HTTP answer.
    #[default]
    Http,
    /// It depends on what is undecided; all that is said holds if none of that takes the request.
    Undecided,
    /// The connection goes to a backend, and what the client sees is the backend's.
    HandedThrough,
    /// Nothing listens on the port.
    ConnectionRefused,
    /// The connection is taken, and closed for want of a route or a backend.
    ConnectionClosed,
    /// The handshake fails, by an alert or a reset.
    TlsRefused,
    /// The listener is to end TLS and has no certificate: its port is closed, or the handshake fails.
    NoCertificate,
    /// Nobody answers the datagram.
    Dropped,
    /// The input has no such Gateway.
    NoGateway,
}

/// What the client would see if every backend answered 200.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Answer<'c> {
    /// The HTTP status. Where there is no HTTP answer a number stands for it: 200 for a connection that is handed
    /// through, 500 for one without a usable backend, else 404.
    pub status: u16,
    /// How it ends.
    pub outcome: Outcome,
    /// How it ends if nothing that is undecided takes it, where it is undecided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Outcome>,
    /// How a request that is no plain HTTP was rejected: `grpc-unimplemented`, `grpc-unavailable` or `tls-no-match`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected: Option<&'static str>,
    /// The listener that took it.
    pub listener: Option<ListenerName<'c>>,
    /// The route.
    pub route: Option<Object<'c>>,
    /// Where the route stands, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Place>,
    /// The index of the route among the judged objects.
    #[serde(skip)]
    pub(super) object: Option<usize>,
    /// The index of the rule.
    pub rule: Option<usize>,
    /// The index of the match in the rule; none for connections.
    #[serde(rename = "match")]
    pub matched: Option<usize>,
    /// Where it goes.
    pub backends: Vec<Share<'c>>,
    /// What the backend gets.
    pub request: Option<Forwarded>,
    /// Where the client is sent; absent beside a status of 302 where the redirect could not be read as a whole.
    pub redirect: Option<Redirect>,
}

/// A listener by name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListenerName<'c> {
    /// The Gateway or ListenerSet that has it.
    pub gateway: Object<'c>,
    /// Its name.
    pub name: &'c str,
    /// What speaks against it, where that cannot be told for certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt: Option<ListenerDoubt>,
}

/// Why it cannot be told whether a listener that ends TLS is programmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListenerDoubt {
    /// Its certificates need a ReferenceGrant, and none that was given permits it.
    NoGrantGiven,
    /// Not all of its certificates can be used.
    SomeCertificates,
}

impl ListenerDoubt {
    /// What it is, in words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::NoGrantGiven => "no ReferenceGrant of the input permits its certificate",
            Self::SomeCertificates => words::PARTLY_CERTIFIED,
        }
    }
}

/// A backend's share of the requests.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share<'c> {
    /// Its kind, where it is no Service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'c str>,
    /// Its namespace.
    pub namespace: &'c str,
    /// Its name.
    pub name: &'c str,
    /// Its port.
    pub port: Option<i64>,
    /// Its part of all requests, between 0 and 1.
    pub share: f64,
    /// What its share of the requests is answered with, where it cannot be used: 500.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Gateway API's reason why it cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// What becomes of its share if it cannot be used, in words.
    #[serde(skip)]
    pub unused: &'static str,
    /// What speaks against it, where that cannot be told for certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt: Option<BackendDoubt>,
    /// How requests to it are encrypted, where a BackendTLSPolicy has it so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Upstream>,
    /// What it gets, where filters of its own change the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Forwarded>,
}

impl Share<'_> {
    /// Whether it gets requests, and can be used as far as is known.
    pub(super) fn is_usable(&self) -> bool {
        self.status.is_none() && self.share > 0.0
    }
}

/// What speaks against a backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackendDoubt {
    /// It needs a ReferenceGrant, and none that was given permits it.
    NoGrantGiven,
    /// The Service was not given, though others of its namespace were.
    NotGiven,
    /// The Service has the port for transport protocols only that the route does not send.
    PortOfAnotherProtocol,
}

impl BackendDoubt {
    /// What it is, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoGrantGiven => "no ReferenceGrant of the input permits it",
            Self::NotGiven => "not in the input, though Services of its namespace are",
            Self::PortOfAnotherProtocol => "has the port for another transport protocol only",
        }
    }
}

/// TLS to a backend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Upstream {
    /// The BackendTLSPolicy, of the backend's namespace.
    pub policy: String,
    /// The name that its certificate must have.
    pub hostname: String,
}

/// A request after filters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Forwarded {
    /// The Host header.
    pub host: String,
    /// The path, without query.
    pub path: String,
    /// The query, where there is one; no filter changes it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// The headers that were given or set; a header with several values has them joined.
    pub headers: BTreeMap<String, String>,
}

/// A redirect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Redirect {
    /// `http` or `https`.
    pub scheme: String,
    /// The host.
    pub host: String,
    /// The port; it is left out of `location` where the scheme implies it.
    pub port: i64,
    /// The path, without query.
    pub path: String,
    /// The query of the request, where there is one: it is kept.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// The status code.
    pub status_code: i64,
    /// The Location header.
    pub location: String,
}

/// A match, or a whole route, that did not answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loser<'c> {
    /// The route.
    pub route: Object<'c>,
    /// The index of the rule; none where the route as a whole lost.
    pub rule: Option<usize>,
    /// The index of the match in the rule.
    #[serde(rename = "match")]
    pub matched: Option<usize>,
    /// The step at which it lost.
    pub lost: &'static str,
    /// Why, in words.
    pub why: String,
    /// Where the route stands, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Place>,
    /// The index of the route among the judged objects.
    #[serde(skip)]
    pub(super) object: usize,
}

/// Where an object stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// Which of its documents, 1-based; empty ones are not counted.
    pub document: u32,
    /// The line of its first value, 1-based.
    pub line: u32,
}

impl Trace<'_> {
    /// Says where the routes stand, each by its index among the judged objects.
    pub fn locate(&mut self, place: impl Fn(usize) -> Option<Place>) {
        self.answer.source = self.answer.object.and_then(&place);
        for loser in self.losers.iter_mut().chain(&mut self.undecided) {
            loser.source = place(loser.object);
        }
    }
}

impl Answer<'_> {
    /// How it ends if nothing that is undecided takes the request.
    pub fn decided(&self) -> Outcome {
        self.otherwise.unwrap_or(self.outcome)
    }

    /// Whether a redirect answers that could not be read as a whole.
    pub fn is_unread_redirect(&self) -> bool {
        self.redirect.is_none() && self.status == 302
    }

    /// An answer by a rule of a route, before anything of it is known.
    pub(super) fn of<'c>(route: &'c Route<'c>, rule: usize) -> Answer<'c> {
        Answer {
            route: Some(route_name(route)),
            object: Some(route.meta.object),
            rule: Some(rule),
            ..Answer::default()
        }
    }

    /// An end without an HTTP answer and without a backend.
    pub(super) fn ends(outcome: Outcome) -> Self {
        Self { outcome, status: 404, ..Self::default() }
    }

    /// Makes it depend on what cannot be told.
    pub(super) fn undecided(&mut self) {
        if self.otherwise.is_none() {
            self.otherwise = Some(self.outcome);
            self.outcome = Outcome::Undecided;
        }
    }
}

pub(super) fn name<'c>(kind: &'c str, meta: &'c Meta<'c>) -> Object<'c> {
    Object { kind, namespace: &meta.namespace, name: &meta.name }
}

pub(super) fn route_name<'c>(route: &'c Route<'c>) -> Object<'c> {
    name(route.kind, &route.meta)
}
