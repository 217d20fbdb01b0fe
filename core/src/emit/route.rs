//! The five kinds of route. One shape: kinds without a part leave it out.

use std::borrow::Cow;

use serde::Serialize;

use super::object::{Head, Writer};
use crate::hostname::Hostname;
use crate::plan::{BackendUse, Route, Rule};
use crate::release::Kind;
use crate::tree::Node;

/// `Cow` is invariant in what it borrows, hence two lifetimes.
type Nodes<'a, 'v> = &'a [Cow<'v, Node<'v>>];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a, 'v> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    parent_refs: Nodes<'a, 'v>,
    #[serde(skip_serializing_if = "Option::is_none")]
    use_default_gateways: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hostnames: Vec<&'a str>,
    rules: Vec<RuleSpec<'a, 'v>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleSpec<'a, 'v> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    matches: Nodes<'a, 'v>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    filters: Nodes<'a, 'v>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    backend_refs: Vec<BackendRef<'a, 'v>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeouts: Option<&'a Node<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry: Option<&'a Node<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_persistence: Option<&'a Node<'a>>,
}

#[derive(Serialize)]
struct BackendRef<'a, 'v> {
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<u32>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    filters: Nodes<'a, 'v>,
}

/// Writes a route.
pub(super) fn route(writer: &mut Writer<'_>, route: &Route<'_>) {
    let Route { name, namespace, kind, parents, hostnames, rules, use_default_gateways, metadata, path } =
        route;
    let head = Head {
        kind: *kind,
        name,
        namespace,
        component: component(*kind),
        given: *metadata,
        labels: &[],
        origin: path,
    };
    writer.object(
        &head,
        Spec {
            parent_refs: parents,
            use_default_gateways: *use_default_gateways,
            hostnames: hostnames.iter().map(Hostname::as_str).collect(),
            rules: rules.iter().map(rule).collect(),
        },
    );
}

const fn component(kind: Kind) -> &'static str {
    match kind {
        Kind::GrpcRoute => "grpc-route",
        Kind::TlsRoute => "tls-route",
        Kind::TcpRoute => "tcp-route",
        Kind::UdpRoute => "udp-route",
        _ => "http-route",
    }
}

fn rule<'a, 'v>(rule: &'a Rule<'v>) -> RuleSpec<'a, 'v> {
    let Rule { name, matches, filters, backends, given, path: _ } = rule;
    let part = |key: &str| {
        given.and_then(|given| given.get(key)).filter(|node| node.as_map().is_none_or(|map| !map.is_empty()))
    };
    RuleSpec {
        name: name.as_deref(),
        matches,
        filters,
        backend_refs: backends.iter().map(backend_ref).collect(),
        timeouts: part("timeouts"),
        retry: part("retry"),
        session_persistence: part("sessionPersistence"),
    }
}

/// Group and kind are left out for a Service, which is the API's default.
fn backend_ref<'a, 'v>(backend: &'a BackendUse<'v>) -> BackendRef<'a, 'v> {
    let BackendUse { target, namespace, port, weight, filters } = backend;
    let is_service = target.group.is_empty() && target.kind == "Service";
    BackendRef {
        group: (!is_service).then_some(target.group),
        kind: (!is_service).then_some(target.kind),
        name: &target.name,
        namespace: *namespace,
        port: *port,
        weight: *weight,
        filters,
    }
}
