//! Services that stand for upstreams: without selector, ExternalName, or in front of the relay.

use std::collections::BTreeMap;

use serde::Serialize;

use super::object::{Head, Writer};
use super::relay::COMPONENT as RELAY;
use crate::plan::{Backend, HTTPS_PORT};
use crate::profile::Form;
use crate::release::Kind;
use crate::values::{Host, Protocol};

/// Value of `app.kubernetes.io/component` for everything that stands for an upstream.
pub(super) const COMPONENT: &str = "external-service";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    service_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_family_policy: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    selector: BTreeMap<&'a str, &'a str>,
    ports: [Port<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Port<'a> {
    name: &'a str,
    port: u16,
    protocol: &'a str,
    target_port: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_protocol: Option<&'a str>,
}

/// Writes the Service of a backend whose form has one.
pub(super) fn service(writer: &mut Writer<'_>, backend: &Backend<'_>) {
    if !matches!(backend.form, Form::Endpoints | Form::ExternalName | Form::Relay) {
        return;
    }
    let relayed = backend.form == Form::Relay;
    let first = backend.endpoints.first();
    let external_name =
        first.filter(|_| backend.form == Form::ExternalName).and_then(|endpoint| match &endpoint.host {
            Host::Name(name) => Some(name.as_str()),
            Host::Ip(_) => None,
        });
    let has_v6 =
        backend.endpoints.iter().any(|endpoint| matches!(endpoint.host, Host::Ip(ip) if ip.is_ipv6()));
    let spec = Spec {
        service_type: match backend.form {
            Form::ExternalName => Some("ExternalName"),
            Form::Relay => Some(backend.service_type),
            _ => None,
        },
        external_name,
        // A cluster of one family serves that family; without it, it would refuse slices of the other.
        ip_family_policy: (backend.form == Form::Endpoints && has_v6).then_some("PreferDualStack"),
        selector: if relayed { writer.selector(RELAY) } else { BTreeMap::new() },
        ports: [Port {
            name: port_name(backend.service.protocol),
            port: if backend.form == Form::ExternalName {
                backend.first_port()
            } else {
                backend.service.port
            },
            protocol: transport(backend.service.protocol),
            target_port: if relayed { backend.relay_port } else { backend.first_port() },
            app_protocol: app_protocol(backend),
        }],
    };
    writer.object(&head(backend, Kind::Service), spec);
}

/// The head of any object that stands for a backend.
pub(super) fn head<'a>(backend: &'a Backend<'_>, kind: Kind) -> Head<'a> {
    Head {
        kind,
        name: &backend.name,
        namespace: backend.namespace,
        component: COMPONENT,
        given: backend.service.metadata,
        labels: &[],
        origin: &backend.service.path,
    }
}

/// Name of the only port: the protocol, as in the External Gateway Load Balancer chart.
pub(super) const fn port_name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Http => "http",
        Protocol::Https => "https",
        Protocol::H2c => "h2c",
        Protocol::Grpc => "grpc",
        Protocol::Grpcs => "grpcs",
        Protocol::Tls => "tls",
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    }
}

/// `TCP` or `UDP`.
pub(super) const fn transport(protocol: Protocol) -> &'static str {
    if matches!(protocol, Protocol::Udp) { "UDP" } else { "TCP" }
}

/// Only the values that every controller takes; none where a policy encrypts.
///
/// Traefik 3.7.5 takes port 443 without one for HTTPS (`httproute.go:940-965`), hence `http` there.
pub(super) fn app_protocol(backend: &Backend<'_>) -> Option<&'static str> {
    match backend.service.protocol {
        _ if backend.tls.is_some() => None,
        Protocol::H2c | Protocol::Grpc => Some("kubernetes.io/h2c"),
        Protocol::Http if backend.service.port == HTTPS_PORT => Some("http"),
        _ => None,
    }
}
