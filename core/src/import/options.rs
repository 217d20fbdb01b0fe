//! Values that make objects of further kinds: tried where the input has such objects, and taken only if they come back.

use std::collections::BTreeMap;

use super::objects::{Key, Object, Objects};
use super::verify::differences;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::release::{GATEWAY_GROUP, Kind, Target};
use crate::tree::Node;
use crate::values::quoted;

/// How an issuer proves control of a domain is not in the input.
const SOLVER_UNKNOWN: Code = Code("import-solver-unknown");

/// The key of the values for certificates.
const CERTIFICATES: &str = "certificates";

/// A key of the values with what it is set to.
pub(super) type Choice<'a> = (&'static str, Node<'a>);

/// What the objects of an input suggest, in the order in which one builds on the other.
pub(super) fn of<'a>(objects: &Objects<'a>) -> Vec<Choice<'a>> {
    let first = |group: &str, kind: &str| objects.list.iter().find(|object| object.is(group, kind));
    let of_kind = |kind: Kind| first(kind.newest().group(), kind.newest().kind);
    let mut choices = Vec::new();
    if let Some((object, issuer)) = of_kind(Kind::Certificate).and_then(with_issuer) {
        let mut enabled = Node::map([("enabled", Node::boolean(true)), ("issuerRef", issuer.clone())]);
        if let Some(solver) = solver(objects, issuer, object.namespace()) {
            enabled = enabled.with("solver", Node::text(solver));
        }
        choices.push((CERTIFICATES, enabled));
    }
    if let Some(dns) = of_kind(Kind::DnsEndpoint).and_then(dns) {
        choices.push(("dns", dns));
    }
    if first(GATEWAY_GROUP, "ReferenceGrant").is_some() {
        choices.push(("referenceGrants", Node::text("all")));
    }
    choices
}

fn with_issuer<'o, 'a>(certificate: &'o Object<'a>) -> Option<(&'o Object<'a>, &'o Node<'a>)> {
    Some((certificate, certificate.spec("issuerRef")?))
}

/// How an issuer of the input proves control of a domain, in the word of `certificates.solver`: by DNS where it can, for
/// wildcards take that.
fn solver(objects: &Objects<'_>, issuer: &Node<'_>, namespace: &str) -> Option<&'static str> {
    let text = |key: &str| issuer.get(key).and_then(Node::as_text);
    let kind = text("kind").unwrap_or("Issuer");
    let namespace = if kind == "ClusterIssuer" { "" } else { namespace };
    let index = objects.find("cert-manager.io", kind, namespace, text("name")?)?;
    let Some(acme) = objects.get(index)?.spec("acme") else { return Some("none") };
    let solvers = || acme.get("solvers").into_iter().flat_map(Node::items).map(|(_, solver)| solver);
    ["dns01", "http01"].into_iter().find(|word| solvers().any(|solver| solver.get(word).is_some()))
}

/// Says that nothing of the input tells how the issuer of organizations' wildcards proves them.
pub(super) fn say_unsolved(values: &Node<'_>) -> Option<Diagnostic> {
    let certificates =
        values.get(CERTIFICATES).filter(|certificates| certificates.get("solver").is_none())?;
    let issuer = certificates.get("issuerRef")?.get("name")?.as_text()?;
    values.get("organizations")?;
    let message = format!(
        "the input does not have issuer {}, so that `certificates.solver` is not set",
        quoted(issuer)
    );
    Some(Diagnostic::info(SOLVER_UNKNOWN, Path::ROOT, message).hint(
        "set it to dns01, http01 or none, or import again with what `kubectl get clusterissuers,issuers -A -o json` writes",
    ))
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
