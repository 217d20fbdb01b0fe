//! Reviews with all that they depend on, written down to be judged again.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Reviewed, review};
use crate::ownership::{Context, Settings, Slice};
use crate::tree::json::{self, Keep};
use crate::tree::{Entry, Map, Node};
use crate::values::nearest;

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

/// The keys of recordings and vectors.
const KEYS: [&str; 5] = ["name", "settings", "context", "review", "expect"];

/// What a message of the modules has beside them.
const KEYS_OF_MESSAGES: [&str; 2] = ["op", "trace"];

/// Judges a recording again, or a test vector: `{settings, context, review}`, where the context is a list of objects
/// (all that there are) or what a recording has.
///
/// # Errors
/// What of it cannot be read, or has no meaning: without its context a review is answered otherwise.
pub fn replay(text: &str, wants_trace: bool) -> Result<Reviewed, String> {
    let parts =
        json::part(text, |_| Keep::Text).map_err(|fault| format!("the recording cannot be read: {fault}"))?;
    let part = |key: &str| parts.get(key).and_then(Node::as_text);
    if part("kind") == Some("\"AdmissionReview\"") {
        let why = "it is an AdmissionReview and no recording of one: give it without `--replay`, and with `--context`";
        return Err(why.to_owned());
    }
    let is_known = |key: &str| KEYS.contains(&key) || KEYS_OF_MESSAGES.contains(&key);
    let unknown = parts.as_map().into_iter().flat_map(Map::iter).find(|entry| !is_known(&entry.key));
    if let Some(Entry { key, .. }) = unknown {
        let near = nearest(key, KEYS.into_iter()).map(|near| format!(" (did you mean `{near}`?)"));
        let near = near.unwrap_or_default();
        return Err(format!("a recording has no `{key}`{near}: it has {}", KEYS.join(", ")));
    }
    let settings = match part("settings") {
        Some(text) => Settings::parse(text)?,
        None => Settings::default(),
    };
    let context = part("context").unwrap_or("[]");
    let context = Context::read(context)?;
    let given = part("review").ok_or("there is no `review`")?;
    Ok(review(given.as_bytes(), &context, &settings, wants_trace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_recording_is_refused() {
        for (text, words) in [
            (r#"{"contxt": [], "review": {}}"#, "did you mean `context`?"),
            (r#"{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"}"#, "without `--replay`"),
            ("{}", "there is no `review`"),
        ] {
            let refused = replay(text, false).expect_err(text);
            assert!(refused.contains(words), "{text}: {refused}");
        }
    }

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
