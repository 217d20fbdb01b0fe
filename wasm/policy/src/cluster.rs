//! The context by Kubewarden's host calls, for clusters in which no webhook of ours gives it.
//!
//! Each kind is listed whole, from the host's own cache. A kind that cannot be listed is left out, and what hangs on it is
//! denied as `context-incomplete`. Public suffixes are not known here: wildcard claims need our own webhook.

use gatewright_core::admission::{self, Needed};
use gatewright_core::ownership::Settings;
use gatewright_core::tree::Node;
use gatewright_core::tree::json::{self, Keep, Writer};

use crate::HostCall;

/// What the decision on a request may look at, as JSON.
pub(crate) fn context(request: &str, settings: &Settings, host: HostCall<'_>) -> Result<String, String> {
    let mut complete = Vec::new();
    let mut context = Writer::default();
    context.open('{');
    context.key("objects");
    context.open('[');
    for needed in admission::needed(request, settings) {
        let mut asked = Writer::default();
        asked.open('{');
        identify(&mut asked, "api_version", needed);
        asked.close('}');
        let Ok(list) = host("list_resources_all", &asked.finish()) else { continue };
        items(&list, needed, &mut context)?;
        complete.push(needed.kind);
    }
    context.close(']');
    context.key("complete");
    context.texts(&complete);
    context.close('}');
    Ok(context.finish())
}

/// Writes the items of a list with their version and kind, which lists may leave out of them.
fn items(list: &str, needed: Needed, context: &mut Writer) -> Result<(), String> {
    let unreadable = |fault| format!("a list of {} cannot be read: {fault}", needed.kind);
    let keep = |key: &str| if key == "items" { Keep::Text } else { Keep::Nothing };
    let list = json::part(list, keep).map_err(unreadable)?;
    // No items are null in Go's words.
    let items = list.get("items").and_then(Node::as_text).filter(|items| *items != "null");
    for item in items.map_or(Ok(Vec::new()), json::items).map_err(unreadable)? {
        context.open('{');
        // Of a key written twice the last one counts.
        if let Some(fields) = item.strip_prefix('{').and_then(|item| item.strip_suffix('}'))
            && !fields.trim_start().is_empty()
        {
            context.raw(fields);
        }
        identify(context, "apiVersion", needed);
        context.close('}');
    }
    Ok(())
}

fn identify(object: &mut Writer, key_of_version: &str, Needed { api_version, kind }: Needed) {
    object.key(key_of_version);
    object.text(api_version);
    object.key("kind");
    object.text(kind);
}
