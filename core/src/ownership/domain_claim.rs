//! DomainClaims: one name, one owner.

use std::borrow::Cow;

use crate::tree::Node;

/// A DomainClaim.
#[derive(Debug)]
pub struct DomainClaim<'a> {
    /// Which object of the context it is.
    pub(super) object: usize,
    /// Its name, which says its host name too.
    pub name: Cow<'a, str>,
    /// `spec.hostname`.
    pub hostname: Cow<'a, str>,
    /// `spec.namespace`: whose the name is.
    pub namespace: Cow<'a, str>,
    /// `status.phase`.
    pub phase: Phase,
    /// Whether it is being deleted: it permits nothing new then, and still stands against others.
    pub is_terminating: bool,
}

/// What the binder said of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing yet.
    Pending,
    /// It stands.
    Bound,
    /// Another one overlaps it and was first.
    Conflict,
}

impl<'a> DomainClaim<'a> {
    pub(super) fn read(object: usize, name: Cow<'a, str>, is_terminating: bool, node: &Node<'a>) -> Self {
        let spec = |key| node.get("spec").and_then(|spec| spec.text_of(key)).unwrap_or_default();
        let phase = node.get("status").and_then(|status| status.get("phase")).and_then(Node::as_text);
        Self {
            object,
            name,
            hostname: spec("hostname"),
            namespace: spec("namespace"),
            phase: match phase {
                Some("Bound") => Phase::Bound,
                Some("Conflict") => Phase::Conflict,
                _ => Phase::Pending,
            },
            is_terminating,
        }
    }

    /// Whether it keeps other namespaces off the name.
    pub fn stands(&self) -> bool {
        self.phase == Phase::Bound
    }

    /// Whether its namespace may start to use the name.
    pub fn permits(&self) -> bool {
        self.stands() && !self.is_terminating
    }
}

/// The name of the claim of a host name: a leading `*` is written as a label that no host name may have.
pub fn name_of(hostname: &str) -> Cow<'_, str> {
    match hostname.strip_prefix('*') {
        Some(rest) => Cow::Owned(format!("wc--any{rest}")),
        None => Cow::Borrowed(hostname),
    }
}
