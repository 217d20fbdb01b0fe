//! ListenerSet: listeners beside a Gateway's own, for more than 64 or for other namespaces.

use serde::Serialize;

use super::gateway::{self, ListenerSpec};
use super::object::{Head, Writer};
use crate::plan::ListenerSet;
use crate::release::Kind;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    parent_ref: ParentRef<'a>,
    listeners: Vec<ListenerSpec<'a>>,
}

#[derive(Serialize)]
struct ParentRef<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
}

/// Writes a ListenerSet.
pub(super) fn listener_set(writer: &mut Writer<'_>, set: &ListenerSet<'_>) {
    let head = Head {
        kind: Kind::ListenerSet,
        name: &set.name,
        namespace: set.namespace,
        component: "gateway",
        given: set.metadata,
        labels: &[],
        origin: &set.path,
    };
    let namespace =
        Some(set.gateway_namespace).filter(|namespace| *namespace != set.namespace && !namespace.is_empty());
    let parent_ref = ParentRef { name: &set.gateway, namespace };
    writer
        .object(&head, Spec { parent_ref, listeners: set.listeners.iter().map(gateway::listener).collect() });
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::Scope;
    use crate::emit::Format;
    use crate::path::Path;
    use crate::plan::Listener;
    use crate::tree::Node;
    use crate::values::{self, Metadata, Values};

    fn emitted(version: &str, channel: &str) -> String {
        let target = Node::map([
            ("version", Node::text(version.to_owned())),
            ("channel", Node::text(channel.to_owned())),
        ]);
        let mut root = Node::map([("gatewayAPI", target)]);
        let mut out = Vec::new();
        let target = values::parse(&mut root, &mut out);
        let values = Values::read(&root, target, "shop", &mut out);
        let listener = Listener {
            name: Cow::Borrowed("https-shop"),
            protocol: "HTTPS",
            port: 443,
            hostname: None,
            tls: None,
            allowed_routes: None,
            derived: true,
            organization: None,
            path: Path::ROOT,
        };
        let set = ListenerSet {
            name: Cow::Borrowed("shop"),
            namespace: "shop",
            gateway: Cow::Borrowed("public"),
            gateway_namespace: "edge",
            listeners: vec![listener],
            metadata: Metadata::default(),
            path: Path::ROOT,
        };
        let scope = Scope::default();
        let mut writer = Writer::new(&[], &values, &scope, Format::Yaml);
        listener_set(&mut writer, &set);
        writer.manifests.text
    }

    #[test]
    fn group_and_kind_follow_the_release() {
        assert!(
            emitted("1.5", "standard")
                .starts_with("apiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\n")
        );
        let old = emitted("1.4", "experimental");
        assert!(
            old.starts_with("apiVersion: gateway.networking.x-k8s.io/v1alpha1\nkind: XListenerSet\n"),
            "{old}"
        );
        assert!(old.contains("  parentRef:\n    name: public\n    namespace: edge\n"), "{old}");
    }
}
