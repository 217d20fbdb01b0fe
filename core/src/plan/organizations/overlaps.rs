//! Listeners of organizations whose host names overlap with those of others on their Gateway: under TLS that costs
//! HTTP/2.

use crate::check::semantic::OVERLAPPING_TLS;
use crate::diagnostic::Diagnostic;
use crate::hostname::Hostname;
use crate::path::Path;
use crate::plan::{Gateway, Listener};

/// Overlaps so far, which are told once.
pub(super) struct Overlaps {
    /// How many listeners each Gateway has beside those of organizations.
    written: Vec<usize>,
    /// Listeners of organizations that overlap with others.
    count: usize,
    first: Option<(Path, String)>,
    /// Whether old listeners of a migration overlap with new ones.
    is_moving: bool,
}

impl Overlaps {
    /// None yet, on Gateways that have only the listeners that they have by themselves.
    pub(super) fn new(gateways: &[Gateway<'_>]) -> Self {
        let written = gateways.iter().map(|gateway| gateway.listeners.len()).collect();
        Self { written, count: 0, first: None, is_moving: false }
    }

    /// How many listeners a Gateway has beside those of organizations.
    pub(super) fn written(&self, gateway: usize) -> usize {
        self.written.get(gateway).copied().unwrap_or_default()
    }

    /// Compares a listener of an organization with those that its Gateway has by itself. The same host name is a
    /// conflict, and no overlap.
    pub(super) fn beside_written(&mut self, at: usize, gateway: &Gateway<'_>, made: &Listener<'_>) {
        let written = gateway.listeners.get(..self.written(at)).unwrap_or_default();
        let Some(own) = &made.hostname else { return };
        let overlaps = |other: &&Listener<'_>| {
            matches!(other.protocol, "HTTPS" | "TLS")
                && other.port == made.port
                && other.hostname.as_ref().is_none_or(|other| other != own && other.overlaps(own))
        };
        if let Some(other) = written.iter().find(overlaps) {
            let pair = [(made.name.as_ref(), Some(own)), (other.name.as_ref(), other.hostname.as_ref())];
            self.note(gateway, pair, &made.path, 1);
        }
    }

    /// Notes two listeners of one organization that overlap during a migration, and how many listeners they add to
    /// those that do.
    pub(super) fn beside_old(
        &mut self,
        gateway: &Gateway<'_>,
        pair: [(&str, Option<&Hostname<'_>>); 2],
        path: &Path,
        more: usize,
    ) {
        self.is_moving = true;
        self.note(gateway, pair, path, more);
    }

    fn note(
        &mut self,
        gateway: &Gateway<'_>,
        pair: [(&str, Option<&Hostname<'_>>); 2],
        path: &Path,
        more: usize,
    ) {
        self.count += more;
        self.first.get_or_insert_with(|| {
            let [one, other] = pair.map(|(name, hostname)| match hostname {
                Some(hostname) => format!("`{name}` (`{hostname}`)"),
                None => format!("`{name}` (any host)"),
            });
            (path.clone(), format!("{one} and {other} of Gateway `{}`", gateway.name))
        });
    }

    /// Says that there are some, how many, and what to do.
    pub(super) fn finish(self, out: &mut Vec<Diagnostic>) {
        let Some((path, first)) = self.first else { return };
        let what = match self.count {
            1 => "1 listener of organizations overlaps with another of its port".to_owned(),
            count => format!("{count} listeners of organizations overlap with others of their port"),
        };
        let message = format!(
            "{what}, {first} first; HTTP/2 connections for one carry requests for the other, and where certificates \
             overlap too Envoy Gateway offers HTTP/1.1 alone"
        );
        let hint = if self.is_moving {
            "it ends with the migration; to keep HTTP/2 until then let new listeners stand on other Gateways, with \
             `sharding.strategy: dedicated`, `pool` or `hash`"
        } else {
            "write the Gateway's own listener with a host name that is none of theirs, on another port, or on another \
             Gateway of `gateways`"
        };
        out.push(
            Diagnostic::warning(OVERLAPPING_TLS.code, path, message)
                .source(format!("{}; Envoy Gateway, pull requests 5777 and 8934", OVERLAPPING_TLS.source))
                .hint(hint),
        );
    }
}
