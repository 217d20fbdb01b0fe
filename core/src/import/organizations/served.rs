//! Who serves which host name where: what has to be the same before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::super::objects::{Key, key};
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
        let list = |node: &Node<'static>, key: &str| -> Vec<Node<'static>> {
            node.get(key).into_iter().flat_map(Node::items).map(|(_, item)| item.clone()).collect()
        };
        let gateways: BTreeSet<String> =
            list(spec, "parentRefs").iter().filter_map(|parent| gateway(made, parent, namespace)).collect();
        let backends = list(spec, "rules").into_iter().flat_map(|rule| list(&rule, "backendRefs"));
        for backend in backends {
            let (Some(service), Some(port)) = (backend.get("name"), backend.get("port")) else { continue };
            for (host, gateway) in list(spec, "hostnames")
                .iter()
                .flat_map(|host| gateways.iter().map(move |gateway| (host, gateway)))
            {
                served.insert(Served {
                    host: host.as_text().unwrap_or_default().to_owned(),
                    namespace: namespace.clone(),
                    service: service.as_text().unwrap_or_default().to_owned(),
                    port: port.as_integer().unwrap_or_default(),
                    gateway: gateway.clone(),
                });
            }
        }
    }
    served
}

/// The name of the Gateway of a parent, by way of its ListenerSet.
fn gateway(made: &BTreeMap<Key, Node<'static>>, parent: &Node<'static>, namespace: &str) -> Option<String> {
    let text = |key: &str| parent.get(key).and_then(Node::as_text);
    let (group, kind) = (text("group").unwrap_or(GATEWAY_GROUP), text("kind").unwrap_or("Gateway"));
    let name = text("name")?;
    if kind == "Gateway" {
        return Some(name.to_owned());
    }
    let set = made.get(&key(group, kind, text("namespace").unwrap_or(namespace), name))?;
    Some(set.get("spec")?.get("parentRef")?.get("name")?.as_text()?.to_owned())
}
