//! The operation `validate_settings`.

use gatewright_core::ownership::Settings;
use gatewright_core::tree::{Keep, Node};

/// Says whether settings are legal.
pub(crate) fn validate(payload: &[u8]) -> String {
    let read = || -> Result<(), String> {
        let text = str::from_utf8(payload).map_err(|error| error.to_string())?;
        let node: Node<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Settings::read(&node).map(|_| ())
    };
    let mut answer = Node::map([]);
    match read() {
        Ok(()) => answer = answer.with("valid", Node::boolean(true)),
        Err(fault) => answer = answer.with("valid", Node::boolean(false)).with("message", Node::text(fault)),
    }
    serde_json::to_string(&answer).unwrap_or_default()
}

/// The context among the settings, as its text.
pub(crate) fn keep_context(key: &str) -> Keep {
    if key == "context" { Keep::Text } else { Keep::Nothing }
}
