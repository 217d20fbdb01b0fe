//! EndpointSlices of Services without selector: one address family and port each.

use core::net::IpAddr;
use std::collections::BTreeMap;

use serde::Serialize;

use super::object::Writer;
use super::service;
use crate::limits::SLICE_ENDPOINTS_MAX;
use crate::plan::Backend;
use crate::profile::Form;
use crate::release::Kind;
use crate::values::Host;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    address_type: &'a str,
    endpoints: Vec<Endpoint>,
    ports: [Port<'a>; 1],
}

#[derive(Serialize)]
struct Endpoint {
    addresses: [IpAddr; 1],
    conditions: Conditions,
}

/// Traefik 3.7.5 takes only endpoints that say they are ready.
#[derive(Serialize)]
struct Conditions {
    ready: bool,
    serving: bool,
    terminating: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Port<'a> {
    name: &'a str,
    port: u16,
    protocol: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_protocol: Option<&'a str>,
}

/// Writes as many slices as families, ports and the bound on endpoints ask for.
pub(super) fn endpoint_slices(writer: &mut Writer<'_>, backend: &Backend<'_>) {
    if backend.form != Form::Endpoints {
        return;
    }
    let mut groups: BTreeMap<(bool, u16), Vec<IpAddr>> = BTreeMap::new();
    for endpoint in &backend.endpoints {
        if let Host::Ip(ip) = endpoint.host {
            let port = endpoint.port.unwrap_or(backend.service.port);
            groups.entry((ip.is_ipv6(), port)).or_default().push(ip);
        }
    }
    let slices =
        groups.iter().flat_map(|(key, ips)| ips.chunks(SLICE_ENDPOINTS_MAX).map(move |chunk| (key, chunk)));
    for (number, ((is_v6, port), ips)) in slices.enumerate() {
        let numbered;
        let labels = [
            ("endpointslice.kubernetes.io/managed-by", "gatewright.dev"),
            ("kubernetes.io/service-name", backend.name.as_ref()),
        ];
        let mut head = service::head(backend, Kind::EndpointSlice);
        head.labels = &labels;
        if number > 0 {
            numbered = format!("{}-{:03}", backend.name, number + 1);
            head.name = &numbered;
        }
        let body = Body {
            address_type: if *is_v6 { "IPv6" } else { "IPv4" },
            endpoints: ips.iter().map(|ip| endpoint(*ip)).collect(),
            ports: [Port {
                name: service::port_name(backend.service.protocol),
                port: *port,
                protocol: service::transport(backend.service.protocol),
                app_protocol: service::app_protocol(backend),
            }],
        };
        writer.bare(&head, body);
    }
}

fn endpoint(ip: IpAddr) -> Endpoint {
    Endpoint { addresses: [ip], conditions: Conditions { ready: true, serving: true, terminating: false } }
}
