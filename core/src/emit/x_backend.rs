//! Gateway API's experimental XBackend, whose port changed its shape in 1.7.

use serde::Serialize;

use super::backend_tls_policy::{Validation, validation};
use super::object::Writer;
use super::service;
use crate::plan::Backend;
use crate::profile::Form;
use crate::release::{Kind, Release};
use crate::tree::Node;
use crate::values::{Host, Protocol};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    #[serde(rename = "type")]
    backend_type: &'a str,
    external_hostname: ExternalHostname<'a>,
    port: Node<'a>,
    protocol: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<Tls<'a>>,
}

#[derive(Serialize)]
struct ExternalHostname<'a> {
    hostname: &'a str,
}

#[derive(Serialize)]
struct Tls<'a> {
    mode: &'a str,
    validation: Validation<'a>,
}

/// Writes the XBackend of a backend in that form.
pub(super) fn x_backend(writer: &mut Writer<'_>, backend: &Backend<'_>) {
    let Some(endpoint) = backend.endpoints.first().filter(|_| backend.form == Form::XBackend) else { return };
    let Host::Name(name) = &endpoint.host else { return };
    let port_key = if writer.target.release >= Release::V1_7 { "number" } else { "port" };
    let port = Node::integer(backend.first_port());
    let hostname = backend.tls.as_ref().and_then(|tls| tls.hostname.as_ref());
    let spec = Spec {
        backend_type: "ExternalHostname",
        external_hostname: ExternalHostname { hostname: name.as_str() },
        port: Node::map([(port_key, port)]),
        protocol: match backend.service.protocol {
            Protocol::Http | Protocol::Https => "HTTP",
            Protocol::H2c | Protocol::Grpc => "H2C",
            Protocol::Grpcs => "HTTP2",
            Protocol::Tls | Protocol::Tcp | Protocol::Udp => "TCP",
        },
        tls: hostname.map(|hostname| Tls {
            mode: "ServerOnly",
            validation: validation(hostname.as_str(), backend.service.tls.as_ref()),
        }),
    };
    writer.object(&service::head(backend, Kind::XBackend), spec);
}
