//! Ports that serve for good no more what they served, while their Gateway goes on serving it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::host_matches::HostMatches;
use super::moment::{Asked, Name, Serves};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::shorten::listed;

/// Host names that a port of a Gateway answered, and answers no more, while another port of it goes on.
const PORT_CLOSED: Code = Code("port-closed");

/// A port that serves a host name, or some of its matches, no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClosedPort<'s> {
    /// The namespace of the Gateway.
    pub namespace: &'s str,
    /// The Gateway.
    pub gateway: &'s str,
    /// The port.
    pub port: u16,
    /// The host name, with its matches where others stay.
    #[serde(flatten)]
    pub of: HostMatches<'s>,
}

/// What is answered behind a door before a change and not after it, by a Gateway that answers it behind another one. What
/// `is_told` already, or is answered there by another route, is left out.
pub(super) fn between<'s>(
    before: &BTreeSet<Serves<'s>>,
    after: &BTreeSet<Serves<'s>>,
    is_told: impl Fn(&Serves<'s>) -> bool,
) -> Vec<ClosedPort<'s>> {
    let open: BTreeSet<(Asked<'_>, Name<'_>)> =
        after.iter().map(|(asked, (namespace, name, ..))| (*asked, (*namespace, *name))).collect();
    let mut closed: BTreeMap<(&str, Name<'s>, u16), BTreeSet<Option<&'s str>>> = BTreeMap::new();
    for serves in before.difference(after).filter(|serves| !is_told(serves)) {
        let (asked @ (host, words), (namespace, name, port, _)) = *serves;
        if open.contains(&(asked, (namespace, name))) {
            closed.entry((host, (namespace, name), port)).or_default().insert(words);
        }
    }
    let port = |((host, (namespace, gateway), port), words): (_, BTreeSet<_>)| ClosedPort {
        namespace,
        gateway,
        port,
        of: HostMatches::of(host, &words),
    };
    closed.into_iter().map(port).collect()
}

/// Says so of a change, if there are any.
pub(super) fn finding(closed: &[ClosedPort<'_>]) -> Option<Diagnostic> {
    let words = |ClosedPort { gateway, port, of, .. }: &ClosedPort<'_>| {
        format!("{} (port {port} of Gateway `{gateway}`)", of.in_words())
    };
    let message = format!(
        "nothing answers any more behind ports that did, or only by another protocol, while other ports of their Gateway go on: {}",
        listed(closed.iter().map(words))
    );
    (!closed.is_empty()).then(|| {
        Diagnostic::warning(PORT_CLOSED, Path::ROOT, message)
            .hint("let a route answer there until no client asks, if only with a redirect; where the listener goes, let it stand beside the new one so long")
    })
}
