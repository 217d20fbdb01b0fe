//! `review`: an AdmissionReview with its context in, the AdmissionReview with the answer out.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{done, malformed, read};
use crate::admission::{Reviewed, replay};
use crate::diagnostic::Diagnostic;
use crate::report::{Decided, of_decision};

/// A recording with an operation; the parts are read where recordings are.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    #[serde(rename = "op")]
    _op: IgnoredAny,
    #[serde(rename = "review")]
    _review: IgnoredAny,
    #[serde(default, rename = "context")]
    _context: Option<IgnoredAny>,
    #[serde(default, rename = "settings")]
    _settings: Option<IgnoredAny>,
    #[serde(default)]
    trace: bool,
}

#[derive(Serialize)]
struct Answered<'r> {
    review: &'r RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<Decided<'r>>,
}

pub(super) fn review(message: &str) -> Result<String, Diagnostic> {
    let Message { trace: wants_trace, .. } = read(message)?;
    let Reviewed { response, decision, .. } = replay(message, wants_trace).map_err(malformed)?;
    let text = response.to_review();
    let review = serde_json::from_str(&text).map_err(|error| malformed(error.to_string()))?;
    let found = if wants_trace { decision.diagnostics() } else { Vec::new() };
    done(Answered { review, trace: wants_trace.then(|| of_decision(&decision, &found)) })
}
