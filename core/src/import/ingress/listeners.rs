//! The Gateway of a class: one listener for plain requests, and one for each host with TLS.

use std::collections::{BTreeMap, BTreeSet};

use super::read::Ingress;
use crate::diagnostic::{Code, Diagnostic};
use crate::import::objects::Objects;
use crate::path::Path;
use crate::release::NAME_LABEL;
use crate::tree::Node;

/// Two Ingresses with two certificates for one host.
const TWO_CERTIFICATES: Code = Code("import-two-certificates");

/// The listener for plain requests.
pub(super) const PLAIN: &str = "http";

/// Listeners of one Gateway, by their names.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    by_name: BTreeMap<String, Listener>,
}

#[derive(Debug, Default)]
struct Listener {
    host: String,
    /// Namespace and name of a Secret.
    secret: Option<(String, String)>,
    is_passthrough: bool,
    /// Where its routes are.
    namespaces: BTreeSet<String>,
}

/// The name of the listener for a host with TLS.
fn name(host: &str, is_passthrough: bool) -> String {
    let start = if is_passthrough { "tls" } else { "https" };
    match host {
        "" => start.to_owned(),
        host => format!("{start}-{}", host.replace('*', "wildcard")),
    }
}

impl Listeners {
    /// The listener for plain requests of a namespace.
    pub(super) fn plain(&mut self, namespace: &str) -> String {
        let listener = self.by_name.entry(PLAIN.to_owned()).or_default();
        listener.namespaces.insert(namespace.to_owned());
        PLAIN.to_owned()
    }

    /// The listener for a host with TLS of an Ingress.
    pub(super) fn encrypted(
        &mut self,
        host: &str,
        ingress: &Ingress,
        objects: &Objects<'_>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let object = objects.get(ingress.object)?;
        let is_passthrough = ingress.asked.passthrough;
        let secret = ingress.secret_of(host).cloned().flatten();
        let secret = secret.map(|secret| (object.namespace().to_owned(), secret)).filter(|_| !is_passthrough);
        let name = name(host, is_passthrough);
        let listener = self.by_name.entry(name.clone()).or_insert_with(|| Listener {
            host: host.to_owned(),
            secret: secret.clone(),
            is_passthrough,
            namespaces: BTreeSet::new(),
        });
        listener.namespaces.insert(object.namespace().to_owned());
        if let (Some(first), Some(second)) = (&listener.secret, &secret)
            && first != second
        {
            let message = format!(
                "`{host}` has the certificate {}/{} already, so {}/{} is not used",
                first.0, first.1, second.0, second.1
            );
            let found = Diagnostic::warning(TWO_CERTIFICATES, Path::ROOT.key("spec").key("tls"), message);
            out.push(object.say(found.hint("keep one certificate for the host")));
        }
        Some(name)
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
            () if self.is_passthrough => ("TLS", 443),
            () => ("HTTPS", 443),
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
            let values = Node::list(self.namespaces.into_iter().map(Node::text));
            let expression = Node::map([
                ("key", Node::text(NAME_LABEL)),
                ("operator", Node::text("In")),
                ("values", values),
            ]);
            let selector = Node::map([("matchExpressions", Node::list([expression]))]);
            let from = Node::map([("from", Node::text("Selector")), ("selector", selector)]);
            node = node.with("allowedRoutes", Node::map([("namespaces", from)]));
        }
        node
    }
}
