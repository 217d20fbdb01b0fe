//! An EnvoyProxy that puts Envoy Gateway's data plane on the network of its nodes.
//!
//! Source of the fields: Envoy Gateway 1.9.0, `api/v1alpha1/envoyproxy_types.go` and `shared_types.go`. A pod has no field
//! for the host network there, so the DaemonSet is patched.

use crate::plan::Gateway;
use crate::tree::Node;
use crate::values::HostNetwork;

const GROUP: &str = "gateway.envoyproxy.io";
const KIND: &str = "EnvoyProxy";
const NAME: &str = "host-network";

/// Comments with how it is referred to, and the object, for so many Gateways of which one is given.
pub(super) fn envoy_proxy<'a>(
    gateway: &'a Gateway<'_>,
    count: usize,
    nodes: &HostNetwork<'a>,
) -> (String, Node<'a>) {
    let merged = count > 1;
    let how = if merged { by_class(gateway, count) } else { by_gateway() };
    let how = format!(
        "{how}\nThe Gateway's address is that of a Service; clients reach the nodes: point DNS to them.\n\n"
    );
    let mut metadata = vec![("name", Node::text(NAME))];
    if !gateway.namespace.is_empty() {
        metadata.push(("namespace", Node::text(gateway.namespace)));
    }
    let mut spec = vec![(
        "provider",
        Node::map([("type", Node::text("Kubernetes")), ("kubernetes", kubernetes(nodes))]),
    )];
    if merged {
        spec.push(("mergeGateways", Node::boolean(true)));
    }
    let object = Node::map([
        ("apiVersion", Node::text("gateway.envoyproxy.io/v1alpha1")),
        ("kind", Node::text(KIND)),
        ("metadata", Node::map(metadata)),
        ("spec", Node::map(spec)),
    ]);
    (how, object)
}

fn by_gateway() -> String {
    format!(
        "
An EnvoyProxy for the Gateway, which refers to it by these values:

  gateway: {{infrastructure: {{parametersRef: {{group: {GROUP}, kind: {KIND}, name: {NAME}}}}}}}
"
    )
}

/// Two Gateways with a DaemonSet each would want the same ports of the same nodes.
fn by_class(gateway: &Gateway<'_>, count: usize) -> String {
    let namespace = if gateway.namespace.is_empty() { "NAMESPACE" } else { gateway.namespace };
    format!(
        "
An EnvoyProxy for the GatewayClass, whose {count} Gateways share one Envoy a node (mergeGateways), for two would want the
same ports. No two listeners of them may have port, protocol and host name in common. The GatewayClass `{}` refers to it:

  spec: {{parametersRef: {{group: {GROUP}, kind: {KIND}, name: {NAME}, namespace: {namespace}}}}}
",
        gateway.class
    )
}

fn kubernetes<'a>(nodes: &HostNetwork<'a>) -> Node<'a> {
    let pod = Node::map([
        ("hostNetwork", Node::boolean(true)),
        // Else names of Services are not found.
        ("dnsPolicy", Node::text("ClusterFirstWithHostNet")),
    ]);
    let patch = Node::map([
        ("type", Node::text("StrategicMerge")),
        ("value", Node::map([("spec", Node::map([("template", Node::map([("spec", pod)]))]))])),
    ]);
    let daemon_set = Node::map([
        ("patch", patch),
        (
            "pod",
            Node::map([
                ("nodeSelector", nodes.node_selector.clone()),
                ("tolerations", nodes.tolerations.clone()),
            ]),
        ),
        ("container", Node::map([("securityContext", security_context())])),
    ]);
    Node::map([
        ("envoyDaemonSet", daemon_set),
        ("envoyService", Node::map([("type", Node::text("ClusterIP"))])),
        // Else Envoy listens on 10080 for a listener on 80.
        ("useListenerPortAsContainerPort", Node::boolean(true)),
    ])
}

/// It takes the place of Envoy Gateway's own, so that all of it is said. A port below 1024 of a node needs the
/// capability, which a process has by being started as user 0.
fn security_context<'a>() -> Node<'a> {
    let capabilities = Node::map([
        ("drop", Node::list([Node::text("ALL")])),
        ("add", Node::list([Node::text("NET_BIND_SERVICE")])),
    ]);
    Node::map([
        ("runAsUser", Node::integer(0)),
        ("runAsGroup", Node::integer(0)),
        ("runAsNonRoot", Node::boolean(false)),
        ("allowPrivilegeEscalation", Node::boolean(false)),
        ("capabilities", capabilities),
        ("seccompProfile", Node::map([("type", Node::text("RuntimeDefault"))])),
    ])
}
