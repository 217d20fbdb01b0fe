//! The policy module: operations of Kubewarden's guest contract over the core's decision.
//!
//! The context comes in `settings.context`, or, where that is absent, from the host by Kubewarden's calls. Our own
//! webhook gives it; both get the same answer for the same context, byte for byte.
//!
//! Source of the contract: Kubewarden, `reference/spec/validating-policies` and `reference/spec/context-aware-policies`;
//! of the calls: wapc-rs, `wapc/src/wapc_functions.rs`.

#[cfg(target_arch = "wasm32")]
mod abi;
#[cfg(target_arch = "wasm32")]
mod allocator;
mod cluster;
mod settings;

use gatewright_core::admission;
use gatewright_core::ownership::{Context, Settings};
use gatewright_core::tree::Node;
use gatewright_core::tree::json::{self, Keep};

/// A call to the host: operation and payload in, answer or error out.
pub type HostCall<'h> = &'h mut dyn FnMut(&str, &str) -> Result<String, String>;

/// Runs an operation of the contract.
///
/// # Errors
/// What keeps it from being run; a host denies the request then.
pub fn call(operation: &str, payload: &[u8], host: HostCall<'_>) -> Result<String, String> {
    match operation {
        "validate" => validate(payload, host),
        "validate_settings" => Ok(settings::validate(payload)),
        "protocol_version" => Ok("\"v1\"".to_owned()),
        other => Err(format!("there is no operation `{other}`")),
    }
}

/// `{"request": …, "settings": …}` in, Kubewarden's answer out.
fn validate(payload: &[u8], host: HostCall<'_>) -> Result<String, String> {
    let text = str::from_utf8(payload).map_err(|error| format!("the payload is no UTF-8: {error}"))?;
    let parts = json::part(text, keep).map_err(|error| format!("the payload cannot be read: {error}"))?;
    let part = |key: &str| parts.get(key).and_then(Node::as_text);
    let request = part("request").unwrap_or("null");
    let given = part("settings").unwrap_or("null");
    let settings = Settings::parse(given)?;
    let of_settings =
        json::part(given, settings::keep_context).map_err(|error| format!("the settings: {error}"))?;
    let fetched;
    let context = if let Some(context) = of_settings.get("context").and_then(Node::as_text) {
        context
    } else {
        fetched = cluster::context(request, &settings, host)?;
        &fetched
    };
    let context = Context::read(context)?;
    Ok(admission::validate(request, &context, &settings).response.to_kubewarden())
}

fn keep(key: &str) -> Keep {
    match key {
        "request" | "settings" => Keep::Text,
        _ => Keep::Nothing,
    }
}
