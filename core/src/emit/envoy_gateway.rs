//! Envoy Gateway's Backend and HTTPRouteFilter (`gateway.envoyproxy.io/v1alpha1`, v1.9.0).

use serde::Serialize;

use super::object::{Head, Writer};
use super::service;
use crate::hostname::Hostname;
use crate::plan::{Backend, HostFilter};
use crate::profile::Form;
use crate::release::Kind;
use crate::tree::Node;
use crate::values::{Endpoint, Host, Metadata, Protocol};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    app_protocols: Option<[&'a str; 1]>,
    endpoints: Vec<BackendEndpoint<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<Tls<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum BackendEndpoint<'a> {
    Fqdn { hostname: &'a str, port: u16 },
    Ip { address: core::net::IpAddr, port: u16 },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tls<'a> {
    insecure_skip_verify: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sni: Option<&'a str>,
}

/// Writes the Backend of a backend in that form.
pub(super) fn backend(writer: &mut Writer<'_>, backend: &Backend<'_>) {
    if backend.form != Form::EnvoyGatewayBackend {
        return;
    }
    let speaks_h2c =
        backend.tls.is_none() && matches!(backend.service.protocol, Protocol::H2c | Protocol::Grpc);
    let spec = Spec {
        app_protocols: speaks_h2c.then_some(["gateway.envoyproxy.io/h2c"]),
        endpoints: backend
            .endpoints
            .iter()
            .map(|endpoint| backend_endpoint(endpoint, backend.service.port))
            .collect(),
        tls: backend
            .tls
            .as_ref()
            .filter(|tls| tls.skip_verify)
            .map(|tls| Tls { insecure_skip_verify: true, sni: tls.hostname.as_ref().map(Hostname::as_str) }),
    };
    writer.object(&service::head(backend, Kind::EnvoyGatewayBackend), spec);
}

fn backend_endpoint<'a>(endpoint: &'a Endpoint<'_>, port: u16) -> BackendEndpoint<'a> {
    let port = endpoint.port.unwrap_or(port);
    match &endpoint.host {
        Host::Name(name) => BackendEndpoint::Fqdn { hostname: name.as_str(), port },
        Host::Ip(address) => BackendEndpoint::Ip { address: *address, port },
    }
}

/// Writes the filter that gives each request the chosen endpoint's own host name.
pub(super) fn http_route_filter(writer: &mut Writer<'_>, filter: &HostFilter<'_>) {
    let HostFilter { name, namespace, path } = filter;
    let head = Head {
        kind: Kind::EnvoyGatewayHttpRouteFilter,
        name,
        namespace,
        component: "http-route",
        given: Metadata::default(),
        labels: &[],
        origin: path,
    };
    let hostname = Node::map([("hostname", Node::map([("type", Node::text("Backend"))]))]);
    writer.object(&head, Node::map([("urlRewrite", hostname)]));
}
