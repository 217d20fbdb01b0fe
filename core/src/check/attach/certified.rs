//! What the certificates of a listener come to.

use super::index::Index;
use super::merge::Joined;
use super::reference::{Reference, certificate};

/// What the certificates come to that a listener names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certified {
    /// Each can be used, as far as is known.
    Wholly,
    /// Some cannot be used. What then becomes of the listener Gateway API leaves open: several certificates are the
    /// controller's own matter, and of one that fails only the condition `ResolvedRefs` speaks.
    ///
    /// Source: v1.7.0, `apis/v1/gateway_types.go:697-699` and `:1767-1778`.
    Partly,
    /// Each that may be used needs a ReferenceGrant that the input lacks.
    GrantUnknown,
    /// None can be used, or none is named.
    Not,
}

/// Judges the certificates that a listener names.
pub fn certified(index: &Index<'_>, joined: &Joined<'_>) -> Certified {
    let (mut usable, mut open, mut failing) = (false, false, false);
    for (_, named) in joined.certificates() {
        match certificate(index, joined.referrer(), named) {
            Reference::GrantUnknown => open = true,
            found if found.is_invalid() => failing = true,
            _ => usable = true,
        }
    }
    match (usable, open, failing) {
        (true, _, true) => Certified::Partly,
        (true, _, false) => Certified::Wholly,
        (false, true, _) => Certified::GrantUnknown,
        (false, false, _) => Certified::Not,
    }
}
