//! `review`: an AdmissionReview with its context in, the AdmissionReview with the answer out.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{done, malformed};
use crate::admission::{Reviewed, replay};
use crate::diagnostic::Diagnostic;
use crate::report::{Decided, of_decision};
use crate::tree::{self, Keep, Node};

#[derive(Serialize)]
struct Answered<'r> {
    review: &'r RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<Decided<'r>>,
}

/// The message is a recording, or a test vector, with an operation.
pub(super) fn review(message: &str) -> Result<String, Diagnostic> {
    let parts = tree::part(message, |key| if key == "trace" { Keep::Whole } else { Keep::Nothing });
    let parts = parts.map_err(|error| malformed(error.to_string()))?;
    let wants_trace = parts.get("trace").and_then(Node::as_bool) == Some(true);
    let Reviewed { response, decision, .. } = replay(message, wants_trace).map_err(malformed)?;
    let text = response.to_review();
    let review = serde_json::from_str(&text).map_err(|error| malformed(error.to_string()))?;
    let found = if wants_trace { decision.diagnostics() } else { Vec::new() };
    done(Answered { review, trace: wants_trace.then(|| of_decision(&decision, &found)) })
}
