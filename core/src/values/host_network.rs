//! `hostNetwork`: the nodes on whose own network the data plane runs, for what `gatewright plan --emit` writes.

use super::relay::{TOLERATIONS, check_toleration};
use super::sections::LABELS;
use super::shape::{Field, Object, Shape};
use crate::diagnostic::Diagnostic;
use crate::path::Path;
use crate::tree::Node;

/// The label and the taint of such nodes where the values do not say, with the value `true`.
const ROLE: &str = "node-role.kubernetes.io/gateway";

/// `hostNetwork`.
pub(super) static HOST_NETWORK: Object = Object {
    name: "hostNetwork",
    doc: "Nodes whose own network the data plane uses. No render goes by it, `gatewright plan --emit` does.",
    fields: &[
        Field::new(
            "nodeSelector",
            Shape::Map(&LABELS),
            "labels of the nodes; default `node-role.kubernetes.io/gateway: \"true\"`",
        ),
        Field::new(
            "tolerations",
            Shape::List(&TOLERATIONS),
            "taints of the nodes that do not keep it away; default that label as a taint, with NoSchedule",
        ),
    ],
};

/// Where the data plane runs, as in a Pod.
#[derive(Debug)]
pub struct HostNetwork<'v> {
    /// `nodeSelector`.
    pub node_selector: Node<'v>,
    /// `tolerations`.
    pub tolerations: Node<'v>,
}

/// Reads the section, and checks what the API server asks of it beyond its form.
pub(super) fn host_network<'v>(node: Option<&Node<'v>>, out: &mut Vec<Diagnostic>) -> HostNetwork<'v> {
    let written = |key: &str| node.and_then(|node| node.get(key));
    let at = Path::ROOT.key("hostNetwork").key("tolerations");
    for (index, toleration) in written("tolerations").into_iter().flat_map(Node::items) {
        check_toleration(toleration, &at.index(index), out);
    }
    let usual = || {
        Node::map([
            ("key", Node::text(ROLE)),
            ("operator", Node::text("Equal")),
            ("value", Node::text("true")),
            ("effect", Node::text("NoSchedule")),
        ])
    };
    HostNetwork {
        node_selector: written("nodeSelector")
            .cloned()
            .unwrap_or_else(|| Node::map([(ROLE, Node::text("true"))])),
        tolerations: written("tolerations").cloned().unwrap_or_else(|| Node::list([usual()])),
    }
}
