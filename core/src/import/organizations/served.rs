//! Who serves which host name where: what has to be the same before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::super::objects::{Key, key};
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
}

impl fmt::Display for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, namespace, service, port, gateway } = self;
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
    let ([_, kind, _, name], object) = made.get_key_value(&key)?;
    let spec = object.get("spec")?;
    let gateway = if kind == "Gateway" { name } else { spec.get("parentRef")?.get("name")?.as_text()? };
    let section = parent.get("sectionName").and_then(Node::as_text);
    let listener = items(spec, "listeners")
        .find(|listener| section.is_some() && listener.get("name").and_then(Node::as_text) == section);
    let hostname = listener.and_then(|listener| listener.get("hostname")).and_then(Node::as_text);
    Some(Taker { gateway, hostname: hostname.and_then(|raw| Some(Hostname::parse(raw).ok()?.0)) })
}

fn items<'n, 'a>(node: &'n Node<'a>, key: &str) -> impl Iterator<Item = &'n Node<'a>> {
    node.get(key).into_iter().flat_map(Node::items).map(|(_, item)| item)
}
