//! Envoy's configuration for the relay: a bootstrap that never changes, and two files that it watches.
//!
//! Listeners and clusters come from files (file-based xDS), so that an upgrade that changes an
//! upstream restarts no pod: the kubelet swaps the files, Envoy reads them again.
//! Source of the shapes: Envoy v1.40 API v3 (`envoy.config.{bootstrap,listener,cluster}.v3`).

use std::collections::BTreeMap;

use crate::plan::Upstream;
use crate::tree::{Node, yaml};

/// Port of the readiness listener, below those of [`crate::plan`]'s relay rounds.
pub(super) const READY_PORT: u16 = 8080;

/// How long a connection to an upstream may take, in Envoy's form.
const CONNECT_TIMEOUT: &str = "5s";

const TYPES: &str = "type.googleapis.com/envoy.";

/// The files of the ConfigMap by name.
pub(super) fn files(upstreams: &BTreeMap<u16, Upstream>, mount: &str) -> BTreeMap<&'static str, String> {
    let listeners = upstreams.keys().map(|port| listener(*port));
    let clusters = upstreams.iter().map(|(port, upstream)| cluster(*port, upstream));
    BTreeMap::from([
        ("envoy.yaml", text(&bootstrap(mount))),
        ("listeners.yaml", text(&Node::map([("resources", Node::list(listeners))]))),
        ("clusters.yaml", text(&Node::map([("resources", Node::list(clusters))]))),
    ])
}

fn text(node: &Node<'_>) -> String {
    let mut text = String::new();
    yaml::write(node, &mut text);
    text
}

fn typed<'a>(name: &str, entries: impl IntoIterator<Item = (&'a str, Node<'a>)>) -> Node<'a> {
    Node::map(entries).with("@type", Node::text(format!("{TYPES}{name}")))
}

fn bootstrap(mount: &str) -> Node<'_> {
    let source = |file: &str| {
        let path = Node::map([
            ("path", Node::text(format!("{mount}/{file}"))),
            ("watched_directory", Node::map([("path", Node::text(mount))])),
        ]);
        Node::map([("path_config_source", path), ("resource_api_version", Node::text("V3"))])
    };
    let dynamic =
        Node::map([("lds_config", source("listeners.yaml")), ("cds_config", source("clusters.yaml"))]);
    Node::map([
        ("node", Node::map([("id", Node::text("relay")), ("cluster", Node::text("relay"))])),
        ("dynamic_resources", dynamic),
        ("static_resources", Node::map([("listeners", Node::list([ready_listener()]))])),
    ])
}

/// Answers `/ready` once the server has its first configuration: Envoy opens static listeners only then.
fn ready_listener<'a>() -> Node<'a> {
    let route = Node::map([
        ("match", Node::map([("path", Node::text("/ready"))])),
        ("direct_response", Node::map([("status", Node::integer(200))])),
    ]);
    let host = Node::map([
        ("name", Node::text("ready")),
        ("domains", Node::list([Node::text("*")])),
        ("routes", Node::list([route])),
    ]);
    let router = Node::map([
        ("name", Node::text("envoy.filters.http.router")),
        ("typed_config", typed("extensions.filters.http.router.v3.Router", [])),
    ]);
    let manager = typed(
        "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        [
            ("stat_prefix", Node::text("ready")),
            ("route_config", Node::map([("virtual_hosts", Node::list([host]))])),
            ("http_filters", Node::list([router])),
        ],
    );
    let filter = Node::map([
        ("name", Node::text("envoy.filters.network.http_connection_manager")),
        ("typed_config", manager),
    ]);
    Node::map([
        ("name", Node::text("ready")),
        ("address", socket_address("0.0.0.0", READY_PORT)),
        ("filter_chains", Node::list([Node::map([("filters", Node::list([filter]))])])),
    ])
}

fn socket_address<'a>(address: &str, port: u16) -> Node<'a> {
    let socket =
        Node::map([("address", Node::text(address.to_owned())), ("port_value", Node::integer(port))]);
    Node::map([("socket_address", socket)])
}

fn listener<'a>(port: u16) -> Node<'a> {
    let proxy = typed(
        "extensions.filters.network.tcp_proxy.v3.TcpProxy",
        [("stat_prefix", Node::text(port.to_string())), ("cluster", Node::text(port.to_string()))],
    );
    let filter =
        Node::map([("name", Node::text("envoy.filters.network.tcp_proxy")), ("typed_config", proxy)]);
    typed(
        "config.listener.v3.Listener",
        [
            ("name", Node::text(port.to_string())),
            ("address", socket_address("0.0.0.0", port)),
            ("filter_chains", Node::list([Node::map([("filters", Node::list([filter]))])])),
        ],
    )
}

/// One name is looked up as connections come (LOGICAL_DNS); several, or addresses among them, all at once.
fn cluster(port: u16, upstream: &Upstream) -> Node<'_> {
    let is_address = |host: &str| host.parse::<core::net::IpAddr>().is_ok();
    let kind = match upstream.endpoints.as_slice() {
        all if all.iter().all(|(host, _)| is_address(host)) => "STATIC",
        [_] => "LOGICAL_DNS",
        _ => "STRICT_DNS",
    };
    let endpoints = upstream
        .endpoints
        .iter()
        .map(|(host, port)| Node::map([("endpoint", Node::map([("address", socket_address(host, *port))]))]));
    let locality = Node::map([("lb_endpoints", Node::list(endpoints))]);
    let assignment =
        Node::map([("cluster_name", Node::text(port.to_string())), ("endpoints", Node::list([locality]))]);
    let mut entries = vec![
        ("name", Node::text(port.to_string())),
        ("connect_timeout", Node::text(CONNECT_TIMEOUT)),
        ("type", Node::text(kind)),
        ("load_assignment", assignment),
    ];
    if kind != "STATIC" {
        entries.push(("dns_lookup_family", Node::text("V4_PREFERRED")));
    }
    typed("config.cluster.v3.Cluster", entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{RELAY_ENDPOINT_BYTES, RELAY_UPSTREAM_BYTES};

    fn size(upstreams: usize, endpoints: usize) -> usize {
        let host = format!("{}.{}.{}.example.com", "a".repeat(63), "b".repeat(63), "c".repeat(63));
        let endpoints: Vec<_> = (0..endpoints).map(|_| (host.clone(), 65_535)).collect();
        let upstreams = (0..upstreams)
            .map(|n| (10_000 + u16::try_from(n).expect("few"), Upstream { endpoints: endpoints.clone() }));
        files(&upstreams.collect(), "/etc/relay").values().map(String::len).sum()
    }

    #[test]
    fn sizes_stay_within_what_the_planner_reckons_with() {
        let upstream = size(2, 1) - size(1, 1);
        let endpoint = size(1, 3) - size(1, 2);
        assert!(endpoint <= RELAY_ENDPOINT_BYTES, "{endpoint}");
        assert!(upstream <= RELAY_UPSTREAM_BYTES + RELAY_ENDPOINT_BYTES, "{upstream}");
    }
}
