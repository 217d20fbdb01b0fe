//! AdmissionReview in, AdmissionReview out: what an API server asks a webhook, and what it hears.
//!
//! Source of the shapes: `k8s.io/api` v0.36.2, `admission/v1/types.go`; of the bounds on what is said:
//! `k8s.io/apiserver` v0.36.2, `pkg/warning/context.go` and Kubernetes' documentation on webhooks.

mod needed;
mod record;
mod request;
mod response;

pub use needed::{Needed, needed};
pub use record::{Recording, replay};
pub use request::Request;
pub use response::{MESSAGE_MAX, Response, WARNING_MAX};

use crate::ownership::{self, Asking, Context, Decision, Settings, Slice};

/// What became of a review.
#[derive(Debug)]
pub struct Reviewed {
    /// What is answered.
    pub response: Response,
    /// Why.
    pub decision: Decision,
    /// What the decision depends on; absent where nothing was looked up.
    pub slice: Option<Slice>,
}

/// Answers an AdmissionReview, whatever it is: one that cannot be read is denied, with the reason.
pub fn review(bytes: &[u8], context: &Context<'_>, settings: &Settings, wants_trace: bool) -> Reviewed {
    let text = match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            // Read all the same for its uid, without which no API server takes the answer.
            let text = String::from_utf8_lossy(bytes);
            let uid =
                Request::of_review(&text).map_or_else(|(uid, _)| uid, |request| request.uid.into_owned());
            return refused(uid, format!("the review is no UTF-8: {error}"));
        }
    };
    match Request::of_review(text) {
        Ok(request) => answer(&request, context, settings, wants_trace),
        Err((uid, fault)) => refused(uid, fault),
    }
}

/// Answers the request of an AdmissionReview, which is all that some hosts pass on.
pub fn validate(text: &str, context: &Context<'_>, settings: &Settings) -> Reviewed {
    match Request::read(text) {
        Ok(request) => answer(&request, context, settings, false),
        Err((uid, fault)) => refused(uid, fault),
    }
}

/// Denies what is no review, or could not even be read.
pub fn refused(uid: String, fault: String) -> Reviewed {
    let decision = Decision::malformed(fault);
    Reviewed { response: Response::of(uid, &decision), decision, slice: None }
}

fn answer(request: &Request<'_>, context: &Context<'_>, settings: &Settings, wants_trace: bool) -> Reviewed {
    let uid = request.uid.to_string();
    let (decision, slice) = match request.change() {
        Ok(request::Question::Change(kind, change)) => {
            let asking = Asking { namespace: &request.namespace, user: &request.user, wants_trace };
            let (decision, slice) = ownership::decide(kind, change, &asking, context, settings);
            (decision, Some(slice))
        }
        Ok(request::Question::Nothing(why)) => (Decision::unasked(why), None),
        Ok(request::Question::Unknown) => (Decision::of_unknown_kind(&request.kind_name, settings), None),
        Err(fault) => (Decision::malformed(fault), None),
    };
    Reviewed { response: Response::of(uid, &decision), decision, slice }
}
