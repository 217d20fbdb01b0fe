//! The relay's objects: a Deployment of Envoy with its configuration, and what protects it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::object::{Head, Writer};
use super::relay_config;
use crate::plan::{RELAY_PORTS, Relay};
use crate::release::Kind;
use crate::tree::Node;
use crate::values::Metadata as Given;

/// Value of `app.kubernetes.io/component`; Services select the relay's pods by it.
pub(super) const COMPONENT: &str = "relay";

/// Envoy's own image, without shell or package manager, as user 65532.
const IMAGE: &str = "docker.io/envoyproxy/envoy:distroless-v1.40.0";

/// Where the ConfigMap is mounted.
const MOUNT: &str = "/etc/relay";

#[derive(Serialize)]
struct Files<'a> {
    data: BTreeMap<&'a str, String>,
}

/// Writes the ConfigMap with Envoy's configuration.
pub(super) fn config_map(writer: &mut Writer<'_>, relay: &Relay<'_>) {
    let files = Files { data: relay_config::files(&relay.upstreams, MOUNT) };
    writer.bare(&head(relay, Kind::ConfigMap), files);
}

/// Writes the Deployment: non-root, read-only, without capabilities or a service account's token.
pub(super) fn deployment(writer: &mut Writer<'_>, relay: &Relay<'_>) {
    let labels = labels(writer);
    let settings = |key: &str| {
        relay.settings.node.and_then(|node| node.get(key)).filter(|node| !node.is_empty()).cloned()
    };
    let probe = |period: i64| {
        let get = Node::map([("path", Node::text("/ready")), ("port", Node::text("ready"))]);
        Node::map([("httpGet", get), ("periodSeconds", Node::integer(period))])
    };
    let security = Node::map([
        ("allowPrivilegeEscalation", Node::boolean(false)),
        ("capabilities", Node::map([("drop", Node::list([Node::text("ALL")]))])),
        ("readOnlyRootFilesystem", Node::boolean(true)),
    ]);
    let port = Node::map([
        ("name", Node::text("ready")),
        ("containerPort", Node::integer(relay_config::READY_PORT)),
        ("protocol", Node::text("TCP")),
    ]);
    let mount = Node::map([
        ("name", Node::text("config")),
        ("mountPath", Node::text(MOUNT)),
        ("readOnly", Node::boolean(true)),
    ]);
    let arguments = ["-c", "/etc/relay/envoy.yaml", "--log-level", "warn", "--disable-hot-restart"];
    let mut container = vec![
        ("name", Node::text("envoy")),
        ("image", Node::text(relay.settings.image.unwrap_or(IMAGE))),
        ("args", Node::list(arguments.map(Node::text))),
        ("ports", Node::list([port])),
        ("readinessProbe", probe(5)),
        ("livenessProbe", probe(10)),
        ("securityContext", security),
        ("volumeMounts", Node::list([mount])),
    ];
    container.extend(settings("resources").map(|resources| ("resources", resources)));
    let pod_security = Node::map([
        ("runAsNonRoot", Node::boolean(true)),
        ("runAsUser", Node::integer(65_532)),
        ("runAsGroup", Node::integer(65_532)),
        ("seccompProfile", Node::map([("type", Node::text("RuntimeDefault"))])),
    ]);
    let volume = Node::map([
        ("name", Node::text("config")),
        ("configMap", Node::map([("name", Node::text(relay.name.clone()))])),
    ]);
    let spread = Node::map([
        ("maxSkew", Node::integer(1)),
        ("topologyKey", Node::text("kubernetes.io/hostname")),
        ("whenUnsatisfiable", Node::text("ScheduleAnyway")),
        ("labelSelector", Node::map([("matchLabels", labels.clone())])),
    ]);
    let mut pod = vec![
        ("automountServiceAccountToken", Node::boolean(false)),
        ("containers", Node::list([Node::map(container)])),
        ("securityContext", pod_security),
        ("topologySpreadConstraints", Node::list([spread])),
        ("volumes", Node::list([volume])),
    ];
    for key in ["imagePullSecrets", "nodeSelector", "tolerations", "affinity"] {
        pod.extend(settings(key).map(|value| (key, value)));
    }
    let template =
        Node::map([("metadata", Node::map([("labels", labels.clone())])), ("spec", Node::map(pod))]);
    let spec = Node::map([
        ("replicas", Node::integer(relay.settings.replicas)),
        ("selector", Node::map([("matchLabels", labels)])),
        ("template", template),
    ]);
    writer.object(&head(relay, Kind::Deployment), spec);
}

/// Writes the PodDisruptionBudget: one pod may go at a time.
pub(super) fn pod_disruption_budget(writer: &mut Writer<'_>, relay: &Relay<'_>) {
    let spec = Node::map([
        ("maxUnavailable", Node::integer(1)),
        ("selector", Node::map([("matchLabels", labels(writer))])),
    ]);
    writer.object(&head(relay, Kind::PodDisruptionBudget), spec);
}

/// Writes the NetworkPolicy: in on the relay's ports from anywhere, since a gateway on the host
/// network has no pod address to allow; out to DNS and the upstreams' ports.
pub(super) fn network_policy(writer: &mut Writer<'_>, relay: &Relay<'_>) {
    if !relay.settings.network_policy {
        return;
    }
    let port = |protocol: &'static str, port: u16| {
        Node::map([("protocol", Node::text(protocol)), ("port", Node::integer(port))])
    };
    // The whole range, so that one more upstream leaves the policy as it is.
    let (first, last) = RELAY_PORTS;
    let inward =
        [port("TCP", first).with("endPort", Node::integer(last)), port("TCP", relay_config::READY_PORT)];
    let outward: BTreeSet<u16> =
        relay.upstreams.values().flat_map(|upstream| &upstream.endpoints).map(|(_, port)| *port).collect();
    let mut out_ports = vec![port("UDP", 53), port("TCP", 53)];
    out_ports.extend(outward.into_iter().filter(|number| *number != 53).map(|number| port("TCP", number)));
    let spec = Node::map([
        ("podSelector", Node::map([("matchLabels", labels(writer))])),
        ("policyTypes", Node::list([Node::text("Ingress"), Node::text("Egress")])),
        ("ingress", Node::list([Node::map([("ports", Node::list(inward))])])),
        ("egress", Node::list([Node::map([("ports", Node::list(out_ports))])])),
    ]);
    writer.object(&head(relay, Kind::NetworkPolicy), spec);
}

fn head<'a>(relay: &'a Relay<'_>, kind: Kind) -> Head<'a> {
    Head {
        kind,
        name: &relay.name,
        namespace: relay.namespace,
        component: COMPONENT,
        given: Given::default(),
        labels: &[],
        origin: &relay.path,
    }
}

fn labels(writer: &Writer<'_>) -> Node<'static> {
    let labels = writer.selector(COMPONENT);
    Node::map(labels.into_iter().map(|(key, value)| (key, Node::text(value)))).into_owned()
}
