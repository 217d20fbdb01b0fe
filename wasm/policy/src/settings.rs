//! The operation `validate_settings`.

use gatewright_core::ownership::Settings;
use gatewright_core::tree::json::{Keep, Writer};

/// Says whether settings are legal.
pub(crate) fn validate(payload: &[u8]) -> String {
    let text = str::from_utf8(payload).map_err(|error| format!("the settings are no UTF-8: {error}"));
    let read = text.and_then(Settings::parse);
    let mut answer = Writer::default();
    answer.open('{');
    if let Err(fault) = &read {
        answer.key("message");
        answer.text(fault);
    }
    answer.key("valid");
    answer.boolean(read.is_ok());
    answer.close('}');
    answer.finish()
}

/// The context among the settings, as its text.
pub(crate) fn keep_context(key: &str) -> Keep {
    if key == "context" { Keep::Text } else { Keep::Nothing }
}
