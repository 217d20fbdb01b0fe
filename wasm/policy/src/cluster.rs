//! The context by Kubewarden's host calls, for clusters in which no webhook of ours gives it.
//!
//! Each kind is listed whole, from the host's own cache. A kind that cannot be listed is left out, and what depends on it is
//! denied as `context-incomplete`. Public suffixes are not known here: wildcard claims need our own webhook.

use std::borrow::Cow;

use gatewright_core::admission::{self, Needed};
use gatewright_core::ownership::Settings;
use gatewright_core::tree::json::{self, JsonFault, Keep, Writer};
use gatewright_core::tree::{Node, Value};

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
        let unreadable = |fault| format!("a list of {} cannot be read: {fault}", needed.kind);
        let Some(items) = items(&list).map_err(unreadable)? else { continue };
        for item in items {
            write(item, needed, &mut context)?;
        }
        complete.push(needed.kind);
    }
    context.close(']');
    context.key("complete");
    context.texts(&complete);
    context.close('}');
    Ok(context.finish())
}

/// The items of a list, each as it was written; absent where this is no list.
fn items(list: &str) -> Result<Option<Vec<&str>>, JsonFault> {
    let keep = |key: &str| if key == "items" { Keep::Text } else { Keep::Nothing };
    let list = json::part(list, keep)?;
    let Some(Node { value, .. }) = list.as_map().and_then(|list| list.get("items")) else { return Ok(None) };
    match value {
        // A list of nothing, in Go's words.
        Value::Null => Ok(Some(Vec::new())),
        Value::Text(Cow::Borrowed(items)) => json::items(items).map(Some),
        _ => Ok(None),
    }
}

/// Writes an item with its version and kind, which lists may leave out of their items.
fn write(item: &str, needed: Needed, context: &mut Writer) -> Result<(), String> {
    let fields = item.strip_prefix('{').and_then(|item| item.strip_suffix('}'));
    let fields = fields.ok_or_else(|| format!("a list of {} has an item that is no object", needed.kind))?;
    context.open('{');
    // Of a key written twice the last one counts.
    if !fields.trim_start().is_empty() {
        context.raw(fields);
    }
    identify(context, "apiVersion", needed);
    context.close('}');
    Ok(())
}

fn identify(object: &mut Writer, key_of_version: &str, Needed { api_version, kind }: Needed) {
    object.key(key_of_version);
    object.text(api_version);
    object.key("kind");
    object.text(kind);
}
