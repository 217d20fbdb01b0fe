//! The Gateway of a class: one listener for plain requests, some for those of hosts that have to be apart, and one for each
//! host with TLS.

use std::collections::{BTreeMap, BTreeSet};

use super::certificates::Secret;
use super::wildcards::patterns;
use crate::import::names;
use crate::limits::OBJECT_NAME_MAX;
use crate::plan::{HTTPS_PORT, from_namespaces};
use crate::tree::Node;

/// Listeners of one Gateway, by their names.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    by_name: BTreeMap<String, Listener>,
    /// Names by host and what its requests are: two hosts may suggest one name.
    names: BTreeMap<(String, Requests), String>,
    /// How many names of each base have been tried.
    tried: BTreeMap<String, usize>,
    /// Hosts whose plain requests have a listener of their own.
    apart: BTreeSet<String>,
}

/// Listeners that are there whether routes attach to them or not: without them other routes would answer.
#[derive(Debug, Default)]
pub(super) struct Apart {
    /// Hosts with one for plain requests.
    pub(super) plain: BTreeSet<String>,
    /// Hosts with one for TLS, each with its certificate; none where it is passed through.
    pub(super) encrypted: BTreeMap<String, Option<Secret>>,
}

/// Which listener plain requests for a host have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Door {
    /// That of every host.
    Common,
    /// One of the host, or of a wildcard above it.
    Own,
}

/// What the requests of a listener are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Requests {
    Plain,
    /// Their TLS ends there.
    Encrypted,
    /// Their TLS is handed through.
    Passed,
}

#[derive(Debug)]
struct Listener {
    /// Empty for every host.
    host: String,
    secret: Option<Secret>,
    requests: Requests,
    /// Where its routes are.
    namespaces: BTreeSet<String>,
}

/// What the listener for a host is called, if no other one is. The longest hosts are in no name, and leave the bare one to
/// the listener of every host.
fn base(host: &str, requests: Requests) -> String {
    let start = match requests {
        Requests::Plain => "http",
        Requests::Encrypted => "https",
        Requests::Passed => "tls",
    };
    if host.is_empty() {
        return start.to_owned();
    }
    let name = format!("{start}-{}", host.replace('*', "wildcard"));
    if name.len() > OBJECT_NAME_MAX { format!("{start}-host") } else { name }
}

impl Listeners {
    /// With these, to which no route attaches so far.
    pub(super) fn apart(apart: Apart) -> Self {
        let mut listeners = Self::default();
        for host in &apart.plain {
            listeners.listener(host, Requests::Plain, None);
        }
        for (host, secret) in apart.encrypted {
            let requests = if secret.is_some() { Requests::Encrypted } else { Requests::Passed };
            listeners.listener(&host, requests, secret);
        }
        listeners.apart = apart.plain;
        listeners
    }

    /// The host of the listener for plain requests for a host: its own, that of a wildcard above it, or every one, as
    /// the narrowest listener answers alone.
    fn plain_host(&self, host: &str) -> String {
        let mut hosts = std::iter::once(host.to_owned()).chain(patterns(host));
        hosts.find(|host| self.apart.contains(host)).unwrap_or_default()
    }

    /// Which listener plain requests for a host have.
    pub(super) fn door(&self, host: &str) -> Door {
        if self.plain_host(host).is_empty() { Door::Common } else { Door::Own }
    }

    /// The listeners for plain requests for these hosts, or for every one, for routes of a namespace.
    pub(super) fn plain(&mut self, hosts: &[&str], namespace: &str) -> BTreeSet<String> {
        let hosts = if hosts.is_empty() { &[""] } else { hosts };
        hosts.iter().map(|host| self.add(&self.plain_host(host), Requests::Plain, None, namespace)).collect()
    }

    /// The listener that ends the TLS of a host, with its certificate, for routes of a namespace.
    pub(super) fn encrypted(&mut self, host: &str, secret: Option<&Secret>, namespace: &str) -> String {
        self.add(host, Requests::Encrypted, secret.cloned(), namespace)
    }

    /// The listener that hands the TLS of a host through.
    pub(super) fn passed_through(&mut self, host: &str, namespace: &str) -> String {
        self.add(host, Requests::Passed, None, namespace)
    }

    fn add(&mut self, host: &str, requests: Requests, secret: Option<Secret>, namespace: &str) -> String {
        let name = self.listener(host, requests, secret);
        if let Some(listener) = self.by_name.get_mut(&name) {
            listener.namespaces.insert(namespace.to_owned());
        }
        name
    }

    /// The name of a listener, which is made if there is none.
    fn listener(&mut self, host: &str, requests: Requests, secret: Option<Secret>) -> String {
        let (by_name, tried) = (&self.by_name, &mut self.tried);
        let free = || {
            let base = base(host, requests);
            let tried = tried.entry(base.clone()).or_default();
            names::next_free(&base, tried, |name| !by_name.contains_key(name))
        };
        let name = self.names.entry((host.to_owned(), requests)).or_insert_with(free).clone();
        let made = || Listener { host: host.to_owned(), secret, requests, namespaces: BTreeSet::new() };
        self.by_name.entry(name.clone()).or_insert_with(made);
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
        let (protocol, port) = match self.requests {
            Requests::Plain => ("HTTP", 80),
            Requests::Encrypted => ("HTTPS", HTTPS_PORT),
            Requests::Passed => ("TLS", HTTPS_PORT),
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
        } else if self.requests == Requests::Passed {
            node = node.with("tls", Node::map([("mode", Node::text("Passthrough"))]));
        }
        if self.namespaces.iter().any(|from| from != namespace) {
            node = node.with("allowedRoutes", from_namespaces(self.namespaces.iter().map(String::as_str)));
        }
        node
    }
}
