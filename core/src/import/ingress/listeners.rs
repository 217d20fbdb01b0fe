//! The Gateway of a class: one listener for plain requests, and one for each host with TLS.

use std::collections::{BTreeMap, BTreeSet};

use super::certificates::Secret;
use crate::import::names;
use crate::limits::OBJECT_NAME_MAX;
use crate::plan::{HTTPS_PORT, from_namespaces};
use crate::tree::Node;

/// The listener for plain requests.
pub(super) const PLAIN: &str = "http";

/// Listeners of one Gateway, by their names.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    by_name: BTreeMap<String, Listener>,
    /// Names by host, and whether its TLS is handed through: two hosts may suggest one name.
    names: BTreeMap<(String, bool), String>,
}

#[derive(Debug, Default)]
struct Listener {
    host: String,
    secret: Option<Secret>,
    is_passthrough: bool,
    /// Where its routes are.
    namespaces: BTreeSet<String>,
}

/// What the listener for a host with TLS is called, if no other one is. The longest hosts are in no name.
fn base(host: &str, is_passthrough: bool) -> String {
    let start = if is_passthrough { "tls" } else { "https" };
    let name = format!("{start}-{}", host.replace('*', "wildcard"));
    if name.len() > OBJECT_NAME_MAX { start.to_owned() } else { name }
}

impl Listeners {
    /// The listener for plain requests of a namespace.
    pub(super) fn plain(&mut self, namespace: &str) -> String {
        let listener = self.by_name.entry(PLAIN.to_owned()).or_default();
        listener.namespaces.insert(namespace.to_owned());
        PLAIN.to_owned()
    }

    /// The listener that ends the TLS of a host, with its certificate, for routes of a namespace.
    pub(super) fn encrypted(&mut self, host: &str, secret: Option<&Secret>, namespace: &str) -> String {
        self.add(host, secret.cloned(), false, namespace)
    }

    /// The listener that hands the TLS of a host through.
    pub(super) fn passed_through(&mut self, host: &str, namespace: &str) -> String {
        self.add(host, None, true, namespace)
    }

    fn add(&mut self, host: &str, secret: Option<Secret>, is_passthrough: bool, namespace: &str) -> String {
        let by_name = &self.by_name;
        let free = || names::free(&base(host, is_passthrough), |name| !by_name.contains_key(name));
        let name = self.names.entry((host.to_owned(), is_passthrough)).or_insert_with(free).clone();
        let listener = self.by_name.entry(name.clone()).or_insert_with(|| Listener {
            host: host.to_owned(),
            secret,
            is_passthrough,
            namespaces: BTreeSet::new(),
        });
        listener.namespaces.insert(namespace.to_owned());
        name
    }

    /// The listeners of a Gateway in this namespace, for the values.
    pub(super) fn into_node<'a>(self, namespace: &str) -> Node<'a> {
        Node::list(self.by_name.into_iter().map(|(name, listener)| listener.into_node(name, namespace)))
    }

    /// Whether a certificate lies in another namespace than the Gateway's.
    pub(super) fn needs_grants(&self, namespace: &str) -> bool {
        self.by_name.values().filter_map(|listener| listener.secret.as_ref()).any(|(of, _)| of != namespace)
    }
}

impl Listener {
    fn into_node<'a>(self, name: String, namespace: &str) -> Node<'a> {
        let (protocol, port) = match () {
            () if name == PLAIN => ("HTTP", 80),
            () if self.is_passthrough => ("TLS", HTTPS_PORT),
            () => ("HTTPS", HTTPS_PORT),
        };
        let mut node = Node::map([("name", Node::text(name)), ("protocol", Node::text(protocol))])
            .with("port", Node::integer(port));
        if !self.host.is_empty() {
            node = node.with("hostname", Node::text(self.host));
        }
        if let Some((of, secret)) = self.secret {
            let mut reference = Node::map([("name", Node::text(secret))]);
            if of != namespace {
                reference = reference.with("namespace", Node::text(of));
            }
            node = node.with("tls", Node::map([("certificateRefs", Node::list([reference]))]));
        } else if self.is_passthrough {
            node = node.with("tls", Node::map([("mode", Node::text("Passthrough"))]));
        }
        if self.namespaces.iter().any(|from| from != namespace) {
            node = node.with("allowedRoutes", from_namespaces(self.namespaces.iter().map(String::as_str)));
        }
        node
    }
}
