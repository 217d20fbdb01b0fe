//! Listeners that end TLS and are known to have no certificate for it, so that they are not programmed, and those of
//! which that cannot be told.

use super::Tracer;
use super::answer::{Answer, ListenerDoubt, Outcome};
use super::http::whole;
use super::listener::{self, Door, Layer};
use crate::check::attach::{Certified, Index, Joined, ListenerId, Reference, certificate, certified};
use crate::check::model::Mode;
use crate::check::rule::finding::listed;
use crate::check::rule::words;

/// Why a listener that ends TLS has no certificate, where that is known: one that is not given may exist, and a
/// controller's own options may name one.
///
/// Source: Gateway API v1.6.1, `apis/v1/gateway_types.go:596-612` and `:1566-1623`; conformance test
/// `gateway-invalid-tls-configuration`.
pub(super) fn lack(index: &Index<'_>, joined: &Joined<'_>) -> Option<String> {
    if !matches!(listener::layer(joined), Some(Layer::Https | Layer::Tls)) {
        return None;
    }
    let Some(tls) = &joined.listener.tls else { return Some("it has no `tls`".to_owned()) };
    if tls.mode != Mode::Terminate || tls.certificates.is_empty() && tls.options {
        return None;
    }
    if certified(index, joined) != Certified::Not {
        return None;
    }
    if tls.certificates.is_empty() {
        return Some("it ends TLS and names no certificate".to_owned());
    }
    Some(failing(index, joined))
}

/// Why it cannot be told whether a listener has a certificate.
pub(super) fn doubt(index: &Index<'_>, joined: &Joined<'_>) -> Option<ListenerDoubt> {
    match certified(index, joined) {
        Certified::Partly => Some(ListenerDoubt::SomeCertificates),
        Certified::GrantUnknown => Some(ListenerDoubt::NoGrantGiven),
        Certified::Wholly | Certified::Not => None,
    }
}

/// The certificates of a listener that do not resolve, or need a ReferenceGrant that was not given, each with the
/// reason.
pub(super) fn failing(index: &Index<'_>, joined: &Joined<'_>) -> String {
    let from = joined.referrer();
    let judged = joined.certificates().map(|(_, named)| (named, certificate(index, from, named)));
    let failing = judged.filter(|(_, found)| found.is_invalid() || *found == Reference::GrantUnknown);
    listed(failing.map(|(named, found)| words::certificate(found, from, named)))
}

impl<'c> Tracer<'_, 'c> {
    /// Ends a connection to a listener without a certificate.
    pub(super) fn without_certificate(
        &mut self,
        door: &Door<'_, 'c>,
        (id, joined): (ListenerId, &Joined<'c>),
        why: &str,
    ) -> Answer<'c> {
        let name = &joined.listener.name;
        self.notes.push(format!("listener `{name}` has no certificate, so it is not programmed: {why}"));
        let rest: Vec<_> = door.listeners.iter().copied().filter(|(other, _)| *other != id).collect();
        let next = listener::best(&rest, &self.parts.sni)
            .filter(|(_, other)| lack(&self.attachments.index, other).is_none());
        if let Some((_, other)) = next {
            self.notes.push(format!(
                "a controller may let the less specific listener `{}` take it",
                other.listener.name
            ));
        }
        for route in joined.routes.iter().filter_map(|at| self.model.routes.get(*at)) {
            if listener::is_for(route, &self.parts.host) {
                let why = format!("its listener `{name}` has no certificate");
                self.losers.push(whole(route, "no-certificate", why));
            }
        }
        Answer::ends(Outcome::NoCertificate)
    }
}
