//! The Gateway of a class: one listener for plain requests, and one for each host with TLS.

use std::collections::{BTreeMap, BTreeSet};

use super::read::Ingress;
use crate::diagnostic::{Code, Diagnostic};
use crate::import::objects::Objects;
use crate::path::Path;
use crate::plan::{HTTPS_PORT, from_namespaces};
use crate::tree::Node;

/// Two Ingresses with two certificates for one host.
const TWO_CERTIFICATES: Code = Code("import-two-certificates");

/// A certificate for a host that its Ingress has no rule for.
const UNUSED_CERTIFICATE: Code = Code("import-unused-certificate");

/// The listener for plain requests.
pub(super) const PLAIN: &str = "http";

/// Namespace and name of a Secret.
pub(super) type Secret = (String, String);

/// The certificates of hosts and aliases, by class and name: that of the first Ingress that has both a rule and a
/// certificate for the host, whichever Ingress has the paths.
///
/// Source: ingress-nginx, `createServers` of `internal/ingress/controller/controller.go`.
#[derive(Debug, Default)]
pub(super) struct Certificates {
    by_host: BTreeMap<(String, String), Certificate>,
}

/// The certificate of a host.
#[derive(Debug)]
pub(super) struct Certificate {
    /// None where the Ingress names none, so that ingress-nginx shows its own.
    pub(super) secret: Option<Secret>,
}

impl Certificates {
    /// Those of all Ingresses that end TLS; says of each that is for no host.
    pub(super) fn of(objects: &Objects<'_>, ingresses: &[Ingress], out: &mut Vec<Diagnostic>) -> Self {
        let mut certificates = Self::default();
        let asked = |ingress: &&Ingress| !ingress.asked.passthrough && ingress.asked.canary.is_none();
        for ingress in ingresses.iter().filter(asked) {
            let Some(object) = objects.get(ingress.object) else { continue };
            let mut unused: BTreeSet<&str> = ingress.tls.keys().map(String::as_str).collect();
            let hosts = ingress.sites.iter().map(|(host, _)| host).chain(&ingress.asked.aliases);
            for host in hosts {
                let above = || Some(format!("*.{}", host.split_once('.')?.1));
                let named = ingress.tls.get_key_value(host);
                let Some((name, secret)) = named.or_else(|| ingress.tls.get_key_value(&above()?)) else {
                    continue;
                };
                unused.remove(name.as_str());
                let secret = secret.as_ref().map(|secret| (object.namespace().to_owned(), secret.clone()));
                let known = certificates
                    .by_host
                    .entry((ingress.class.clone(), host.clone()))
                    .or_insert_with(|| Certificate { secret: secret.clone() });
                if let (Some(first), Some(second)) = (&known.secret, &secret)
                    && first != second
                {
                    let message = format!(
                        "`{host}` has the certificate {}/{} already, so {}/{} is not used",
                        first.0, first.1, second.0, second.1
                    );
                    let found = Diagnostic::warning(TWO_CERTIFICATES, place(), message);
                    out.push(object.say(found.hint("keep one certificate for the host")));
                }
            }
            if !unused.is_empty() {
                let hosts: Vec<String> = unused.iter().map(|host| format!("`{host}`")).collect();
                let message = format!(
                    "the certificate of {} is not used, as in ingress-nginx: this Ingress has no rule for it",
                    hosts.join(", ")
                );
                let hint = "write a listener with it if the host is to have TLS from now on";
                out.push(object.say(Diagnostic::warning(UNUSED_CERTIFICATE, place(), message).hint(hint)));
            }
        }
        certificates
    }

    /// Whether a host has TLS, and with which certificate.
    pub(super) fn get(&self, class: &str, host: &str) -> Option<&Certificate> {
        self.by_host.get(&(class.to_owned(), host.to_owned()))
    }
}

fn place() -> Path {
    Path::ROOT.key("spec").key("tls")
}

/// Listeners of one Gateway, by their names.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    by_name: BTreeMap<String, Listener>,
}

#[derive(Debug, Default)]
struct Listener {
    host: String,
    secret: Option<Secret>,
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

    /// The listener that ends the TLS of a host, with its certificate, for routes of a namespace.
    pub(super) fn encrypted(&mut self, host: &str, secret: Option<&Secret>, namespace: &str) -> String {
        self.add(host, secret.cloned(), false, namespace)
    }

    /// The listener that hands the TLS of a host through.
    pub(super) fn passed_through(&mut self, host: &str, namespace: &str) -> String {
        self.add(host, None, true, namespace)
    }

    fn add(&mut self, host: &str, secret: Option<Secret>, is_passthrough: bool, namespace: &str) -> String {
        let name = name(host, is_passthrough);
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
