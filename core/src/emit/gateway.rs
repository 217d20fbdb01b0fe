//! Gateway.

use serde::Serialize;

use super::object::{Head, Writer};
use crate::hostname::Hostname;
use crate::plan::{Gateway, Listener};
use crate::release::Kind;
use crate::tree::Node;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    gateway_class_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    addresses: Option<&'a Node<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    infrastructure: Option<&'a Node<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_listeners: Option<&'a Node<'a>>,
    listeners: Vec<ListenerSpec<'a>>,
}

/// A listener of a Gateway or ListenerSet.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListenerSpec<'a> {
    name: &'a str,
    protocol: &'a str,
    port: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<&'a Node<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_routes: Option<&'a Node<'a>>,
}

/// Writes a Gateway that this release renders.
pub(super) fn gateway(writer: &mut Writer<'_>, gateway: &Gateway<'_>) {
    if !gateway.rendered {
        return;
    }
    let part = |key: &str| gateway.given.and_then(|given| given.get(key)).filter(|node| !node.is_empty());
    let head = Head {
        kind: Kind::Gateway,
        name: &gateway.name,
        namespace: gateway.namespace,
        component: "gateway",
        given: gateway.metadata,
        labels: &[],
        origin: &gateway.path,
    };
    writer.object(
        &head,
        Spec {
            gateway_class_name: gateway.class,
            addresses: part("addresses"),
            infrastructure: part("infrastructure"),
            allowed_listeners: gateway.allowed_listeners.as_deref(),
            listeners: gateway.listeners.iter().map(listener).collect(),
        },
    );
}

/// What Gateway API knows of a listener.
pub(super) fn listener<'a>(listener: &'a Listener<'_>) -> ListenerSpec<'a> {
    ListenerSpec {
        name: &listener.name,
        protocol: listener.protocol,
        port: listener.port,
        hostname: listener.hostname.as_ref().map(Hostname::as_str),
        tls: listener.tls.as_deref().filter(|node| !node.is_empty()),
        allowed_routes: listener.allowed_routes.as_deref().filter(|node| !node.is_empty()),
    }
}
