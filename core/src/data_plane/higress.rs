//! Values for Higress's umbrella chart, `higress`, whose part `higress-core` has the data plane.
//!
//! Source of the keys: Higress's chart 2.2.1, `helm/core/values.yaml` and `templates/daemonset.yaml`. It has no
//! `gateway.dnsPolicy`: with `hostNetwork` its template sets that itself, as it does user 0 and NET_BIND_SERVICE.

use crate::tree::Node;
use crate::values::HostNetwork;

/// Comments, and the values.
pub(super) fn values<'a>(nodes: &HostNetwork<'a>) -> (String, Node<'a>) {
    let how = "
Values of the chart `higress` (higress.io/higress): one pod a node, whose ports are the node's.

  helm upgrade --install higress higress.io/higress -n higress-system -f FILE
"
    .to_owned();
    let gateway = Node::map([
        // With a Deployment two pods may land on one node, for no port is declared.
        ("kind", Node::text("DaemonSet")),
        ("hostNetwork", Node::boolean(true)),
        ("nodeSelector", nodes.node_selector.clone()),
        ("tolerations", nodes.tolerations.clone()),
        // Clients reach the nodes themselves.
        ("service", Node::map([("type", Node::text("ClusterIP"))])),
    ]);
    // On in the chart, off in profiles of hgctl.
    let global = Node::map([("enableGatewayAPI", Node::boolean(true))]);
    (how, Node::map([("higress-core", Node::map([("global", global), ("gateway", gateway)]))]))
}
