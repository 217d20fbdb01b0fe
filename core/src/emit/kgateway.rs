//! kgateway's Backend (`gateway.kgateway.dev/v1alpha1`, v2.4.0).

use serde::Serialize;

use super::object::Writer;
use super::service;
use crate::plan::Backend;
use crate::profile::Form;
use crate::release::Kind;
use crate::values::Protocol;

/// `type` is needed until 2.3 and taken by 2.4.
#[derive(Serialize)]
struct Spec<'a> {
    #[serde(rename = "type")]
    backend_type: &'a str,
    #[serde(rename = "static")]
    upstream: Static<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Static<'a> {
    hosts: Vec<HostPort>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_protocol: Option<&'a str>,
}

#[derive(Serialize)]
struct HostPort {
    host: String,
    port: u16,
}

/// Writes the Backend of a backend in that form.
pub(super) fn backend(writer: &mut Writer<'_>, backend: &Backend<'_>) {
    if backend.form != Form::KgatewayBackend {
        return;
    }
    let hosts = backend.endpoints.iter().map(|endpoint| HostPort {
        host: endpoint.host.to_string(),
        port: endpoint.port.unwrap_or(backend.service.port),
    });
    let app_protocol = match backend.service.protocol {
        Protocol::H2c => Some("http2"),
        Protocol::Grpc | Protocol::Grpcs => Some("grpc"),
        _ => None,
    };
    let spec = Spec { backend_type: "Static", upstream: Static { hosts: hosts.collect(), app_protocol } };
    writer.object(&service::head(backend, Kind::KgatewayBackend), spec);
}
