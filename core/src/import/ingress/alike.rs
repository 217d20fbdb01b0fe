//! Hosts of an Ingress that one route can serve.

use super::annotations::{Asked, Speech};
use super::certificates::Certificate;
use super::listeners::Door;
use super::read::{Ingress, Location};
use super::roots::ROOT;
use super::rules::{CanaryOf, of_app_root, of_location, of_redirect};
use super::sent::Sent;
use crate::limits::HOSTNAMES_MAX;
use crate::tree::Node;

/// Most hosts of one route that have listeners of their own: a route of more is split by its host names, where every part
/// would name every listener. With one for TLS and one for plain requests each they are as many as a route may name.
///
/// Source: Gateway API v1.6.1, `spec.hostnames` maxItems of routes.
const LISTENING_MAX: usize = HOSTNAMES_MAX;

/// What becomes of requests with TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tls {
    /// There are none.
    None,
    /// It ends at the Gateway.
    Ends,
    /// It ended with ingress-nginx's default certificate, which there is none of here.
    EndsByDefault,
    /// It goes to the Service.
    Passes {
        /// Whether ingress-nginx has a certificate for the hosts all the same.
        has_certificate: bool,
    },
}

impl Tls {
    fn of(certificate: Option<&Certificate>) -> Self {
        match certificate {
            None => Self::None,
            Some(certificate) if certificate.secret.is_some() => Self::Ends,
            Some(_) => Self::EndsByDefault,
        }
    }

    /// Of a host or an alias.
    pub(super) fn of_site(passes: bool, certificate: Option<&Certificate>) -> Self {
        if passes { Self::Passes { has_certificate: certificate.is_some() } } else { Self::of(certificate) }
    }

    /// Whether plain requests are redirected here.
    pub(super) fn redirects(self, asked: &Asked) -> bool {
        let is_redirected =
            asked.force_ssl_redirect || self.has_certificate() && asked.ssl_redirect.unwrap_or(true);
        is_redirected && (self == Self::Ends || self.passes())
    }

    /// Whether ingress-nginx has a certificate, so that it redirects plain requests.
    fn has_certificate(self) -> bool {
        match self {
            Self::None => false,
            Self::Ends | Self::EndsByDefault => true,
            Self::Passes { has_certificate } => has_certificate,
        }
    }

    pub(super) fn passes(self) -> bool {
        matches!(self, Self::Passes { .. })
    }
}

/// Hosts that one route serves.
pub(super) struct Alike<'i> {
    /// Each with the host that it stands for, which is itself or one that it is an alias of; empty for every host.
    pub(super) sites: Vec<(&'i str, &'i str)>,
    pub(super) answered: Answered<'i>,
}

/// What hosts have in common that one route serves.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Answered<'i> {
    pub(super) locations: &'i [Location],
    /// Of each location the canary that takes a part of it.
    pub(super) canaries: Vec<Option<CanaryOf<'i>>>,
    pub(super) tls: Tls,
    /// Whether annotations answer at their root, for which there is no path.
    pub(super) has_root: bool,
    /// Whether `app-root` answers their root.
    pub(super) starts: bool,
    /// Which listener their plain requests have.
    pub(super) door: Door,
    /// Whether others answer something of them too, or of hosts above or below, where that matters: for gRPC.
    pub(super) is_shared: bool,
}

impl<'i> Alike<'i> {
    /// Whether one more host that is answered so has room.
    pub(super) fn has_room(&self) -> bool {
        let Answered { tls, door, .. } = &self.answered;
        *tls == Tls::None && *door == Door::Common || self.sites.len() < LISTENING_MAX
    }

    /// Their names; none for every host.
    pub(super) fn hosts(&self) -> Vec<&'i str> {
        self.sites.iter().map(|(host, _)| *host).filter(|host| !host.is_empty()).collect()
    }

    pub(super) fn rules<'a>(&self, asked: &Asked, is_grpc: bool) -> Vec<Node<'a>> {
        let start = asked.app_root.as_deref().filter(|_| self.answered.starts);
        let mut rules: Vec<Node<'a>> = start.map(of_app_root).into_iter().collect();
        if let Some(sent) = &asked.redirect {
            if let Sent::To(to) = sent {
                rules.extend(self.paths().map(|(kind, path)| of_redirect(kind, path, to)));
            }
            return rules;
        }
        for (location, canary) in self.answered.locations.iter().zip(&self.answered.canaries) {
            rules.extend(of_location(asked, location, *canary, is_grpc));
        }
        rules
    }

    pub(super) fn answers(&self) -> bool {
        self.answered.has_root || self.answered.starts || !self.answered.locations.is_empty()
    }

    /// Whether a Service answers something.
    pub(super) fn asks_services(&self, asked: &Asked) -> bool {
        let is_sent =
            |location: &Location| location.rewrite.as_ref().is_some_and(|rewrite| rewrite.origin.is_some());
        asked.redirect.is_none() && !self.answered.locations.iter().all(is_sent)
    }

    /// Whether a GRPCRoute says all that is asked for: it is alone on the hosts and has their root, and nothing else.
    pub(super) fn is_plain(&self, ingress: &Ingress) -> bool {
        let asked = &ingress.asked;
        let is_root = |location: &Location| location.path == ROOT.1 && location.rewrite.is_none();
        let is_rewritten =
            asked.redirect.is_some() || asked.app_root.is_some() || asked.backend_host.is_some();
        asked.speech == Speech::Grpc
            && !self.answered.is_shared
            && self.answered.locations.iter().all(is_root)
            && !is_rewritten
            && asked.cors.is_none()
    }

    /// Kind and path of what plain requests are redirected for: of all that they answer.
    pub(super) fn redirected(&self) -> impl Iterator<Item = (&'static str, &'i str)> {
        let is_among = self.paths().any(|path| path == ROOT);
        self.paths().chain((self.answered.starts && !is_among).then_some(("Exact", ROOT.1)))
    }

    /// Kind and path of what they answer.
    fn paths(&self) -> impl Iterator<Item = (&'static str, &'i str)> {
        let root = self.answered.has_root.then_some(ROOT);
        self.answered.locations.iter().map(|location| (location.kind, location.path.as_str())).chain(root)
    }
}
