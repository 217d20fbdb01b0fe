//! ListenerSet: listeners beside a Gateway's own, for more than 64 or for other namespaces.

use serde::Serialize;

use super::gateway::{self, ListenerSpec};
use super::object::{Head, Writer};
use super::{Format, Manifests};
use crate::Scope;
use crate::diagnostic::Diagnostic;
use crate::plan::ListenerSet;
use crate::release::Kind;
use crate::values::Values;

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

/// Writes one ListenerSet; nothing where the target does not serve the kind. What an API server would hold
/// against it is in `out`.
pub fn listener_set(
    set: &ListenerSet<'_>,
    values: &Values<'_>,
    scope: &Scope,
    format: Format,
    out: &mut Vec<Diagnostic>,
) -> Manifests {
    if Kind::ListenerSet.served(values.target).is_none() {
        return Manifests::default();
    }
    let mut writer = Writer::new(&[], values, scope, format);
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
    out.extend(writer.faults);
    writer.manifests
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::path::Path;
    use crate::plan::Listener;
    use crate::tree::Node;
    use crate::values::{self, Metadata};

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
        listener_set(&set, &values, &Scope::default(), Format::Yaml, &mut out).text
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
        assert_eq!(emitted("1.4", "standard"), "", "the kind is not served there");
    }
}
