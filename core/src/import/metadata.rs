//! Metadata: what people wrote of it, without what servers and tools did.

use std::borrow::Cow;

use super::fitting::NO_PLACE;
use super::objects::Object;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::tree::{Entry, Map, Node, Value};

/// Parts of objects that servers and tools write are left out.
const LEFT_OUT: Code = Code("import-left-out");

/// Parts of `metadata` that the API server or a controller writes.
///
/// Source: Kubernetes v1.36, `ObjectMeta`.
const OF_SERVERS: [&str; 10] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// Labels that Helm's charts carry, and those that every rendered object gets.
///
/// Source: Helm v4.2.4, documentation of standard labels; `emit/object.rs`.
const LABELS: [&str; 6] = [
    "app.kubernetes.io/component",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/name",
    "app.kubernetes.io/version",
    "helm.sh/chart",
];

/// Annotations that Helm and kubectl write.
const ANNOTATIONS: [&str; 4] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "meta.helm.sh/release-name",
    "meta.helm.sh/release-namespace",
    crate::emit::HELM_4_FILENAME,
];

/// The start of an entry of values: name, namespace, labels and annotations.
pub(super) fn entry<'a>(object: &Object<'a>, name: Cow<'a, str>, out: &mut Vec<Diagnostic>) -> Node<'a> {
    let entry = with_annotations(start(object, name), object, |_| true);
    if object.metadata("ownerReferences").is_some_and(|owners| !owners.is_empty()) {
        let path = Path::ROOT.key("metadata").key("ownerReferences");
        let message = "another object owns it: whoever made it may write or delete it again";
        let hint = "take it out of the values if that one still makes it";
        out.push(object.say(Diagnostic::warning(NO_PLACE, path, message).hint(hint)));
    }
    entry
}

/// Name, namespace and labels.
pub(super) fn start<'a>(object: &Object<'a>, name: Cow<'a, str>) -> Node<'a> {
    let mut entry = Node::map([("name", Node::text(name))]);
    if !object.namespace().is_empty() {
        entry = entry.with("namespace", Node::text(object.identity.namespace.clone()));
    }
    match kept(object.metadata("labels"), |key| !LABELS.contains(&key)) {
        Some(labels) => entry.with("labels", labels),
        None => entry,
    }
}

/// Adds the annotations that are asked for.
pub(super) fn with_annotations<'a>(
    entry: Node<'a>,
    object: &Object<'a>,
    is_wanted: impl Fn(&str) -> bool,
) -> Node<'a> {
    match kept(object.metadata("annotations"), |key| !ANNOTATIONS.contains(&key) && is_wanted(key)) {
        Some(annotations) => entry.with("annotations", annotations),
        None => entry,
    }
}

fn kept<'a>(node: Option<&Node<'a>>, is_wanted: impl Fn(&str) -> bool) -> Option<Node<'a>> {
    let own = node?.as_map()?.iter().filter(|entry| is_wanted(&entry.key));
    let own: Vec<Entry<'a>> = own.filter(|entry| !entry.value.is_null()).cloned().collect();
    (!own.is_empty()).then(|| Node::bare(Value::Map(Map::from_entries(own).0)))
}

/// Says once what of the objects is left out on purpose.
pub(super) fn say_left_out<'o, 'a: 'o>(objects: impl Iterator<Item = &'o Object<'a>>) -> Option<Diagnostic> {
    let count = objects.filter(|object| has_more(object)).count();
    let words = if count == 1 { "1 object".to_owned() } else { format!("{count} objects") };
    let message =
        format!("of {words} status and what servers, kubectl and Helm write into metadata is left out");
    (count > 0).then(|| Diagnostic::info(LEFT_OUT, Path::ROOT, message))
}

fn has_more(object: &Object<'_>) -> bool {
    let has = |key: &str, known: &[&str]| {
        let map = object.metadata(key).and_then(Node::as_map);
        map.is_some_and(|map| known.iter().any(|known| map.get(known).is_some()))
    };
    object.node.get("status").is_some()
        || OF_SERVERS.iter().any(|key| object.metadata(key).is_some())
        || has("labels", &LABELS)
        || has("annotations", &ANNOTATIONS)
}
