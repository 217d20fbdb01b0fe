//! The objects of a document, and what they are called.

use super::report::Identity;
use crate::tree::{Node, Value};

/// A list in lists beyond this depth is judged as an object of its own kind, of which no rule is known.
const LISTS_MAX: usize = 8;

/// Gives every object of a document, also those of a list.
pub fn each_object<'a>(node: Node<'a>, take: &mut impl FnMut(Node<'a>)) {
    objects(node, 0, take);
}

/// The same of a document of a cluster's, which may be a bare list of its objects: files of it are made by all sorts of
/// programs, and kubectl takes none of them.
pub fn each_known<'a>(node: Node<'a>, take: &mut impl FnMut(Node<'a>)) {
    match node.value {
        Value::List(items) => {
            items.into_iter().filter(|item| !item.is_null()).for_each(|item| each_object(item, take));
        }
        value => each_object(Node { value, position: node.position }, take),
    }
}

fn objects<'a>(node: Node<'a>, depth: usize, take: &mut impl FnMut(Node<'a>)) {
    let is_list = depth < LISTS_MAX
        && node.get("kind").and_then(Node::as_text).is_some_and(|kind| kind.ends_with("List"))
        && node.get("items").is_some_and(|items| items.as_list().is_some());
    match node.value {
        Value::Map(map) if is_list => {
            let items = map.into_entries().into_iter().find(|entry| entry.key == "items");
            let Some(Value::List(items)) = items.map(|entry| entry.value.value) else { return };
            items.into_iter().filter(|item| !item.is_null()).for_each(|item| objects(item, depth + 1, take));
        }
        value => take(Node { value, position: node.position }),
    }
}

/// What an object says of itself.
pub(crate) fn identity<'a>(node: &Node<'a>) -> Identity<'a> {
    let metadata = node.get("metadata");
    let text =
        |node: Option<&Node<'a>>, key: &str| node.and_then(|node| node.text_of(key)).unwrap_or_default();
    Identity {
        api_version: text(Some(node), "apiVersion"),
        kind: text(Some(node), "kind"),
        namespace: text(metadata, "namespace"),
        name: text(metadata, "name"),
    }
}
