//! Values that make objects of further kinds: tried where the input has such objects, and taken only if they come back.

use std::collections::BTreeMap;

use super::objects::{Key, Object, Objects};
use super::verify::differences;
use crate::release::{GATEWAY_GROUP, Kind, Target};
use crate::tree::Node;

/// A key of the values with what it is set to.
pub(super) type Choice<'a> = (&'static str, Node<'a>);

/// What the objects of an input suggest, in the order in which one builds on the other.
pub(super) fn of<'a>(objects: &Objects<'a>) -> Vec<Choice<'a>> {
    let first = |group: &str, kind: &str| objects.list.iter().find(|object| object.is(group, kind));
    let of_kind = |kind: Kind| first(kind.newest().group(), kind.newest().kind);
    let mut choices = Vec::new();
    if let Some(issuer) = of_kind(Kind::Certificate).and_then(|object| object.spec("issuerRef")) {
        let enabled = Node::map([("enabled", Node::boolean(true)), ("issuerRef", issuer.clone())]);
        choices.push(("certificates", enabled));
    }
    if let Some(dns) = of_kind(Kind::DnsEndpoint).and_then(dns) {
        choices.push(("dns", dns));
    }
    if first(GATEWAY_GROUP, "ReferenceGrant").is_some() {
        choices.push(("referenceGrants", Node::text("all")));
    }
    choices
}

fn dns<'a>(object: &Object<'a>) -> Option<Node<'a>> {
    let endpoint = object.spec("endpoints")?.as_list()?.first()?;
    let mut dns =
        Node::map([("enabled", Node::boolean(true)), ("targets", endpoint.get("targets")?.clone())]);
    if let Some(ttl) = endpoint.get("recordTTL") {
        dns = dns.with("ttl", ttl.clone());
    }
    Some(dns)
}

/// How well a rendering fits the input.
pub(super) struct Score {
    /// Objects of the input that come back as they were.
    equal: usize,
    /// Objects that the input does not have.
    added: usize,
}

/// Compares everything that was rendered with the input.
pub(super) fn score(objects: &Objects<'_>, made: &BTreeMap<Key, Node<'static>>, target: Target) -> Score {
    let mut score = Score { equal: 0, added: 0 };
    for ([group, kind, namespace, name], node) in made {
        match objects.find(group, kind, namespace, name).and_then(|index| objects.get(index)) {
            None => score.added += 1,
            Some(object) => score.equal += usize::from(differences(object, node, target).is_empty()),
        }
    }
    score
}

impl Score {
    pub(super) fn is_better_than(&self, other: &Self) -> bool {
        self.equal > other.equal && self.added <= other.added
    }
}
