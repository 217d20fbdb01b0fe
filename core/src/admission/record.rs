//! Reviews with all that they hang on, written down to be judged again.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Reviewed, review};
use crate::ownership::{Context, Settings, Slice};
use crate::tree::Node;
use crate::tree::json::{self, Keep};

/// A review with its settings and the part of the context that was looked at.
#[derive(Debug, Serialize)]
pub struct Recording<'r> {
    /// As they were given.
    pub settings: &'r RawValue,
    /// What was looked at.
    pub context: Option<&'r Slice>,
    /// As it was given.
    pub review: &'r RawValue,
}

/// Judges a recording again, or a test vector: `{settings, context, review}`, where the context is a list of objects
/// (all that there are) or what a recording has.
///
/// # Errors
/// What of it cannot be read.
pub fn replay(text: &str, wants_trace: bool) -> Result<Reviewed, String> {
    let parts = json::part(text, keep).map_err(|fault| format!("the recording cannot be read: {fault}"))?;
    let part = |key: &str| parts.get(key).and_then(Node::as_text);
    let settings = match part("settings") {
        Some(text) => Settings::parse(text)?,
        None => Settings::default(),
    };
    let context = part("context").unwrap_or("[]");
    let context = Context::read(context)?;
    let given = part("review").ok_or("there is no `review`")?;
    Ok(review(given.as_bytes(), &context, &settings, wants_trace))
}

fn keep(key: &str) -> Keep {
    match key {
        "settings" | "context" | "review" => Keep::Text,
        _ => Keep::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where nothing was looked at, a recording has no context.
    #[test]
    fn replays_what_hangs_on_nothing() {
        let review = r#"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u",
            "operation":"DELETE","kind":{"group":"gateway.networking.k8s.io","kind":"HTTPRoute"}}}"#;
        let raw = |text: &str| RawValue::from_string(text.to_owned()).expect("JSON");
        let (settings, review) = (raw("{}"), raw(review));
        let recording = Recording { settings: &settings, context: None, review: &review };
        let text = serde_json::to_string(&recording).expect("JSON");
        let replayed = replay(&text, false).expect("what was recorded can be replayed");
        assert!(replayed.response.allowed && replayed.slice.is_none());
    }
}
