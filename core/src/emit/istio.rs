//! Istio's ServiceEntry and DestinationRule (`networking.istio.io/v1`, istio.io/api v1.31.1).

use std::collections::BTreeMap;

use serde::Serialize;

use super::object::Writer;
use super::service;
use crate::plan::{Backend, service_entry_host};
use crate::profile::Form;
use crate::release::Kind;
use crate::tree::Node;
use crate::values::{Endpoint, Host, Protocol};

#[derive(Serialize)]
struct Spec<'a> {
    hosts: [String; 1],
    location: &'a str,
    ports: [Port<'a>; 1],
    resolution: &'a str,
    endpoints: Vec<WorkloadEntry<'a>>,
}

#[derive(Serialize)]
struct Port<'a> {
    number: u16,
    name: &'a str,
    protocol: &'a str,
}

#[derive(Serialize)]
struct WorkloadEntry<'a> {
    address: String,
    ports: BTreeMap<&'a str, u16>,
}

/// Writes the ServiceEntry of a backend in that form: one host of its own, which nobody else resolves.
pub(super) fn service_entry(writer: &mut Writer<'_>, backend: &Backend<'_>) {
    if backend.form != Form::ServiceEntry {
        return;
    }
    let name = service::port_name(backend.service.protocol);
    let all_ips = backend.endpoints.iter().all(|endpoint| matches!(endpoint.host, Host::Ip(_)));
    let spec = Spec {
        hosts: [service_entry_host(backend)],
        location: "MESH_EXTERNAL",
        ports: [Port { number: backend.service.port, name, protocol: protocol(backend) }],
        resolution: if all_ips { "STATIC" } else { "DNS" },
        endpoints: backend
            .endpoints
            .iter()
            .map(|endpoint| entry(endpoint, name, backend.service.port))
            .collect(),
    };
    writer.object(&service::head(backend, Kind::IstioServiceEntry), spec);
}

fn entry<'a>(endpoint: &Endpoint<'_>, name: &'a str, port: u16) -> WorkloadEntry<'a> {
    WorkloadEntry {
        address: endpoint.host.to_string(),
        ports: BTreeMap::from([(name, endpoint.port.unwrap_or(port))]),
    }
}

/// What the gateway speaks before it encrypts: HTTPS and TLS would mean "encrypted already".
fn protocol(backend: &Backend<'_>) -> &'static str {
    match backend.service.protocol {
        Protocol::Http | Protocol::Https if backend.tls.is_some() => "HTTP",
        Protocol::Tls if backend.tls.is_some() => "TCP",
        Protocol::Grpc | Protocol::Grpcs if backend.tls.is_some() => "GRPC",
        Protocol::Http => "HTTP",
        Protocol::H2c => "HTTP2",
        Protocol::Grpc => "GRPC",
        Protocol::Https | Protocol::Grpcs | Protocol::Tls => "TLS",
        Protocol::Tcp | Protocol::Udp => "TCP",
    }
}

/// Writes the DestinationRule of a ServiceEntry whose certificate is not checked.
pub(super) fn destination_rule(writer: &mut Writer<'_>, backend: &Backend<'_>) {
    let Some(tls) = backend.tls.as_ref().filter(|tls| backend.form == Form::ServiceEntry && tls.skip_verify)
    else {
        return;
    };
    let mut settings = vec![("mode", Node::text("SIMPLE")), ("insecureSkipVerify", Node::boolean(true))];
    if let Some(hostname) = &tls.hostname {
        settings.push(("sni", Node::text(hostname.as_str())));
    }
    let policy = Node::map([("tls", Node::map(settings))]);
    let spec = Node::map([("host", Node::text(service_entry_host(backend))), ("trafficPolicy", policy)]);
    writer.object(&service::head(backend, Kind::IstioDestinationRule), spec);
}
