//! The context by Kubewarden's host calls, for clusters in which no webhook of ours gives it.
//!
//! Each kind is listed whole, from the host's own cache. A kind that cannot be listed is left out, and what hangs on it is
//! denied as `context-incomplete`. Public suffixes are not known here: wildcard claims need our own webhook.

use gatewright_core::admission::{self, Needed};
use gatewright_core::ownership::Settings;
use gatewright_core::tree::{self, Keep, Node};

use crate::HostCall;

/// What the decision on a request may look at, as JSON.
pub(crate) fn context(request: &str, settings: &Settings, host: HostCall<'_>) -> Result<String, String> {
    let mut complete = Vec::new();
    let mut objects = Vec::new();
    for Needed { api_version, kind } in admission::needed(request, settings) {
        let list = Node::map([("api_version", Node::text(api_version)), ("kind", Node::text(kind))]);
        let Ok(answer) = host("list_resources_all", &written(&list)) else { continue };
        objects.extend(items(&answer, api_version, kind)?);
        complete.push(Node::text(kind));
    }
    Ok(written(&Node::map([("complete", Node::list(complete)), ("objects", Node::list(objects))])))
}

/// The items of a list, which may leave out what the list says of them all.
fn items(list: &str, api_version: &'static str, kind: &'static str) -> Result<Vec<Node<'static>>, String> {
    let unreadable = |error: serde_json::Error| format!("a list of {kind} cannot be read: {error}");
    let keep = |key: &str| if key == "items" { Keep::Whole } else { Keep::Nothing };
    let node = tree::part(list, keep).map_err(unreadable)?;
    let items = node.get("items").into_iter().flat_map(Node::items).map(|(_, item)| {
        let item = item.clone().into_owned();
        item.with("apiVersion", Node::text(api_version)).with("kind", Node::text(kind))
    });
    Ok(items.collect())
}

fn written(node: &Node<'_>) -> String {
    // A tree is always JSON.
    serde_json::to_string(node).unwrap_or_default()
}
