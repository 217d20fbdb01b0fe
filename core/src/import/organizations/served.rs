//! Who serves which host name where: what has to be the same before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::super::objects::{Key, key};
use super::items;
use crate::hostname::Hostname;
use crate::plan::parent_of;
use crate::release::GATEWAY_GROUP;
use crate::tree::Node;

/// A host name with the Service behind it, on a Gateway.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Served {
    pub(super) host: String,
    /// Of route and Service.
    pub(super) namespace: String,
    pub(super) service: String,
    pub(super) port: i64,
    /// Its name in the values.
    pub(super) gateway: String,
    /// Namespace and name of the Secrets that the listener shows.
    pub(super) secrets: BTreeSet<String>,
}

impl Served {
    /// What would be otherwise, if it is not among those that are rendered.
    pub(super) fn lost(&self, rendered: &BTreeSet<Self>) -> Option<String> {
        let is_reached = |other: &&Self| Self { secrets: self.secrets.clone(), ..(*other).clone() } == *self;
        match rendered.iter().find(is_reached) {
            _ if rendered.contains(self) => None,
            None => Some(self.to_string()),
            Some(other) => {
                let words =
                    |secrets: &BTreeSet<String>| secrets.iter().cloned().collect::<Vec<_>>().join(", ");
                let (was, is) = (words(&self.secrets), words(&other.secrets));
                Some(format!("`{}` would be shown with Secret {is} in place of {was}", self.host))
            }
        }
    }
}

impl fmt::Display for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, namespace, service, port, gateway, secrets: _ } = self;
        write!(f, "`{host}` would not reach Service {namespace}/{service}:{port} by Gateway `{gateway}`")
    }
}

/// What rendered HTTPRoutes serve.
pub(super) fn of(made: &BTreeMap<Key, Node<'static>>) -> BTreeSet<Served> {
    let mut served = BTreeSet::new();
    for ([group, kind, namespace, _], route) in made {
        if group != GATEWAY_GROUP || kind != "HTTPRoute" {
            continue;
        }
        let Some(spec) = route.get("spec") else { continue };
        let parents: Vec<Taker<'_>> =
            items(spec, "parentRefs").filter_map(|parent| taker(made, parent, namespace)).collect();
        for backend in items(spec, "rules").flat_map(|rule| items(rule, "backendRefs")) {
            let (Some(service), Some(port)) = (backend.get("name"), backend.get("port")) else { continue };
            for host in items(spec, "hostnames").filter_map(Node::as_text) {
                let takers = parents.iter().filter(|taker| taker.takes(host));
                served.extend(takers.map(|taker| Served {
                    host: host.to_owned(),
                    namespace: namespace.clone(),
                    service: service.as_text().unwrap_or_default().to_owned(),
                    port: port.as_integer().unwrap_or_default(),
                    gateway: taker.gateway.to_owned(),
                    secrets: taker.secrets.clone(),
                }));
            }
        }
    }
    served
}

/// What a parent of a route names.
struct Taker<'m> {
    /// The name of the Gateway.
    gateway: &'m str,
    /// The host name of the listener; none where it takes every host name.
    hostname: Option<Hostname<'m>>,
    secrets: BTreeSet<String>,
}

impl Taker<'_> {
    fn takes(&self, host: &str) -> bool {
        let Ok((host, _)) = Hostname::parse(host) else { return false };
        self.hostname.as_ref().is_none_or(|own| own.covers(&host))
    }
}

/// The Gateway of a parent, by way of its ListenerSet, and the host name of the listener.
fn taker<'m>(
    made: &'m BTreeMap<Key, Node<'static>>,
    parent: &Node<'_>,
    namespace: &str,
) -> Option<Taker<'m>> {
    let [group, kind, namespace, name] = parent_of(parent, namespace)?;
    let key = key(group, kind, namespace, name);
    let ([_, kind, owner, name], object) = made.get_key_value(&key)?;
    let spec = object.get("spec")?;
    let gateway = if kind == "Gateway" { name } else { spec.get("parentRef")?.get("name")?.as_text()? };
    let section = parent.get("sectionName").and_then(Node::as_text);
    let listener = items(spec, "listeners")
        .find(|listener| section.is_some() && listener.get("name").and_then(Node::as_text) == section);
    let hostname = listener.and_then(|listener| listener.get("hostname")).and_then(Node::as_text);
    let secrets = listener.map(|listener| secrets(listener, owner)).unwrap_or_default();
    Some(Taker { gateway, hostname: hostname.and_then(|raw| Some(Hostname::parse(raw).ok()?.0)), secrets })
}

/// Namespace and name of the Secrets that a listener of an object in this namespace shows.
pub(super) fn secrets(listener: &Node<'_>, owner: &str) -> BTreeSet<String> {
    let references = listener.get("tls").into_iter().flat_map(|tls| items(tls, "certificateRefs"));
    let named = |reference: &Node<'_>| {
        let namespace = reference.get("namespace").and_then(Node::as_text).unwrap_or(owner);
        Some(format!("{namespace}/{}", reference.get("name")?.as_text()?))
    };
    references.filter_map(named).collect()
}
