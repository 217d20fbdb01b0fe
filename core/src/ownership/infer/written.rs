//! Grants and claims as objects.

use std::collections::BTreeSet;

use super::super::domain_claim::name_of;
use super::super::hostname_grant::HOSTNAMES_MAX;
use super::super::kinds::{API_VERSION, DOMAIN_CLAIM, HOSTNAME_GRANT};
use crate::hostname;
use crate::tree::Node;

/// Grants of a namespace for a kind, with names that no grant of another namespace has: those hold no dot. As many as its
/// host names take; names that another one covers are left out.
pub(super) fn grants(namespace: &str, kind: &str, hosts: &BTreeSet<String>) -> Vec<Node<'static>> {
    let hosts = uncovered(hosts);
    let base = if kind.is_empty() {
        namespace.to_owned()
    } else {
        format!("{namespace}.{}", kind.to_ascii_lowercase())
    };
    let parts = hosts.chunks(HOSTNAMES_MAX).enumerate();
    parts
        .map(|(index, hosts)| {
            let name = if index == 0 { base.clone() } else { format!("{base}.{}", index + 1) };
            let mut spec = Node::map([
                ("namespaces", Node::list([text(namespace)])),
                ("hostnames", Node::list(hosts.iter().map(|host| text(host)))),
            ]);
            if !kind.is_empty() {
                spec = spec.with("kinds", Node::list([text(kind)]));
            }
            object(HOSTNAME_GRANT, name, spec)
        })
        .collect()
}

/// Claims of a namespace; names that another one covers are left out.
pub(super) fn claims(namespace: &str, hosts: &BTreeSet<String>) -> Vec<Node<'static>> {
    let claim = |host: &&String| {
        let spec = Node::map([("hostname", text(host)), ("namespace", text(namespace))]);
        object(DOMAIN_CLAIM, name_of(host).into_owned(), spec)
    };
    uncovered(hosts).iter().map(claim).collect()
}

/// An object as it is once its binder has seen it: to a grant that makes no difference.
pub(super) fn bound(object: &Node<'static>) -> Node<'static> {
    object.clone().with("status", Node::map([("phase", text("Bound"))]))
}

/// The wildcards that cover a host name, itself not among them, from the narrowest to `*`.
pub(super) fn wider(host: &str) -> impl Iterator<Item = String> {
    let wildcards = hostname::wider(host).map(|suffix| format!("*{suffix}"));
    wildcards.filter(move |wildcard| wildcard != host)
}

fn uncovered(hosts: &BTreeSet<String>) -> Vec<&String> {
    let is_covered = |host: &&String| wider(host).any(|wildcard| hosts.contains(&wildcard));
    hosts.iter().filter(|host| !is_covered(host)).collect()
}

fn object(kind: &str, name: String, spec: Node<'static>) -> Node<'static> {
    Node::map([
        ("apiVersion", Node::text(API_VERSION)),
        ("kind", text(kind)),
        ("metadata", Node::map([("name", Node::text(name))])),
    ])
    .with("spec", spec)
}

fn text(text: &str) -> Node<'static> {
    Node::text(text.to_owned())
}
