//! ListenerSet: listeners beside a Gateway's own, for more than 64 or for other namespaces.

use serde::Serialize;

use super::gateway::{self, ListenerSpec};
use super::object::{Head, Writer};
use super::{Format, Manifests};
use crate::Scope;
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

/// Writes one ListenerSet; nothing where the target does not serve the kind.
pub fn listener_set(set: &ListenerSet<'_>, values: &Values<'_>, scope: &Scope, format: Format) -> Manifests {
    let mut writer = Writer::new(values, scope, format);
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
    writer.manifests
}
