//! `review`: an AdmissionReview with its context in, the AdmissionReview with the answer out.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{done, is_object, malformed, read};
use crate::admission::{self, Reviewed};
use crate::check::{Seen, each_known};
use crate::diagnostic::{Diagnostic, Severity};
use crate::ownership::{Context, GivenContext, Settings, idle_grants, without_owners};
use crate::path::Path;
use crate::report::{Decided, Finding, finding, of_decision};
use crate::tree::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message<'m> {
    #[serde(rename = "op")]
    _op: IgnoredAny,
    #[serde(borrow)]
    review: &'m RawValue,
    #[serde(borrow)]
    context: Option<&'m RawValue>,
    #[serde(borrow)]
    settings: Option<&'m RawValue>,
    #[serde(default)]
    trace: bool,
}

/// What a context that is no list has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    #[serde(rename = "objects")]
    _objects: IgnoredAny,
    #[serde(default, rename = "complete")]
    _complete: Option<IgnoredAny>,
    #[serde(default, rename = "publicSuffixes")]
    _public_suffixes: Option<IgnoredAny>,
}

#[derive(Serialize)]
struct Answered<'r> {
    review: &'r RawValue,
    /// What was noticed in the context.
    noticed: Vec<Finding<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<Decided<'r>>,
}

pub(super) fn review(message: &str) -> Result<String, Diagnostic> {
    let message: Message<'_> = read(message)?;
    if !is_object(message.review.get()) {
        return Err(malformed("`review` is the AdmissionReview itself, and here it is no object".to_owned()));
    }
    let settings = settings(message.settings)?;
    let text = message.context.map_or("[]", RawValue::get);
    let form =
        "a context is a list of objects, or `{\"objects\": […], \"complete\": [\"HostnameGrant\", …]}`";
    let context = Path::ROOT.key("context");
    let at = if is_object(text) {
        let Keys { .. } = read(text).map_err(|fault| fault.hint(form))?;
        context.key("objects")
    } else {
        context
    };
    let given = GivenContext::read(text).map_err(|why| malformed(why).hint(form))?;
    let mut noticed = Vec::new();
    let objects = objects(&given.objects, &at, &mut noticed)?;
    let context = Context::new(objects.iter().map(String::as_str), given.complete, given.suffixes)
        .map_err(|(_, fault)| malformed(format!("an object of the context: {fault}")))?;
    if !context.has_owners() && !settings.asks_nothing() {
        noticed.push(without_owners("nobody has leave or a claim by it"));
    }
    noticed.extend(idle_grants(&context, &settings, &|_, _| true));
    let Reviewed { response, decision, .. } =
        admission::review(message.review.get().as_bytes(), &context, &settings, message.trace);
    let text = response.to_review();
    let review = serde_json::from_str(&text).map_err(|error| malformed(error.to_string()))?;
    let found = if message.trace { decision.diagnostics() } else { Vec::new() };
    let trace = message.trace.then(|| of_decision(&decision, &found));
    done(Answered { review, noticed: noticed.iter().map(finding).collect(), trace })
}

/// The settings, which have a `context` of their own in the policy module alone.
fn settings(given: Option<&RawValue>) -> Result<Settings, Diagnostic> {
    let Some(given) = given else { return Ok(Settings::default()) };
    let text = given.get();
    if json::read(text).is_ok_and(|settings| settings.get("context").is_some()) {
        return Err(malformed("`context` stands beside `settings` here, and not in them".to_owned()));
    }
    Settings::parse(text).map_err(malformed)
}

/// The objects of a context as texts, those of lists too; what is none is told, and what is there twice.
fn objects(given: &[&str], at: &Path, noticed: &mut Vec<Diagnostic>) -> Result<Vec<String>, Diagnostic> {
    let mut seen = Seen::default();
    let mut objects = Vec::new();
    for (index, text) in given.iter().enumerate() {
        let node =
            json::read(text).map_err(|fault| malformed(format!("object {index} of the context: {fault}")))?;
        let mut told = Vec::new();
        each_known(node, &mut |object| {
            if let Some(object) = seen.look(object, "default", &mut told) {
                // A tree is always JSON.
                objects.extend(serde_json::to_string(&object));
            }
        });
        for mut diagnostic in told {
            if diagnostic.severity == Severity::Error {
                let message = format!("{}: {}", at.index(index), diagnostic.message);
                return Err(diagnostic.with_message(message));
            }
            diagnostic.path = at.index(index).join(&diagnostic.path);
            noticed.push(diagnostic);
        }
    }
    Ok(objects)
}
