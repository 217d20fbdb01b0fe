//! References to backends and certificates.

use super::Port;
use super::eval::{and, has, is, items};
use crate::release::EXPERIMENTAL_GROUP;
use crate::tree::Node;

pub(super) const PORTS: &[Port] = &[
    Port {
        expression: "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
        holds: service_has_port,
    },
    Port {
        expression: "(self.group == 'gateway.networking.x-k8s.io' && self.kind == 'XBackend') ? !has(self.port) : true",
        holds: x_backend_has_no_port,
    },
    Port {
        expression: "self.all(r, !(r.group == 'certificates.k8s.io' && r.kind == 'ClusterTrustBundle' && has(r.namespace)))",
        holds: |this, _| items(this).iter().all(is_no_bundle_elsewhere),
    },
];

fn service_has_port(this: &Node<'_>, _: Option<&Node<'_>>) -> bool {
    let service = and(is(this, "group", ""), is(this, "kind", "Service"));
    service.is_some_and(|service| !service || has(this, "port"))
}

fn x_backend_has_no_port(this: &Node<'_>, _: Option<&Node<'_>>) -> bool {
    let backend = and(is(this, "group", EXPERIMENTAL_GROUP), is(this, "kind", "XBackend"));
    backend.is_some_and(|backend| !backend || !has(this, "port"))
}

/// A ClusterTrustBundle has no namespace.
fn is_no_bundle_elsewhere(reference: &Node<'_>) -> bool {
    let bundle =
        and(is(reference, "group", "certificates.k8s.io"), is(reference, "kind", "ClusterTrustBundle"));
    and(bundle, Some(has(reference, "namespace"))) == Some(false)
}
