//! What is answered.

use super::request::API_VERSION;
use crate::ownership::rule::Fault;
use crate::ownership::{Action, Decision, Finding};
use crate::shorten::{joined, shortened};
use crate::tree::json::Writer;

/// Most bytes of the message of a denial; our own bound, for it becomes one line of an error.
pub const MESSAGE_MAX: usize = 1024;

/// Most bytes of a warning. Longer ones are cut, for API servers that cut them themselves leave out all others.
///
/// Source: Kubernetes, `docs/reference/access-authn-authz/extensible-admission-controllers`, "Response".
pub const WARNING_MAX: usize = 120;

/// Most warnings; our own bound, well below the 4,096 bytes that an API server takes of all together.
const WARNINGS: usize = 16;

/// Most causes that are listed; our own bound.
const CAUSES: usize = 16;

/// The answer to an AdmissionReview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// That of the request.
    pub uid: String,
    /// Whether the request goes on.
    pub allowed: bool,
    /// Why not.
    pub status: Option<Status>,
    /// For whoever sent the request.
    pub warnings: Vec<String>,
    /// For the audit log.
    pub audit_annotations: Vec<(&'static str, String)>,
}

/// Kubernetes' Status of a denial, with code 403.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// One line: the code, what was found, what to do.
    pub message: String,
    /// Code, message and field of each fault.
    causes: Vec<[String; 3]>,
}

/// The code of every denial.
///
/// Source: Kubernetes, `docs/reference/access-authn-authz/extensible-admission-controllers`, "Response".
const FORBIDDEN: i64 = 403;

impl Response {
    pub(super) fn of(uid: String, decision: &Decision) -> Self {
        let mut audit_annotations = Vec::new();
        let mut annotate = |key: &'static str, values: Vec<&str>| {
            if !values.is_empty() {
                audit_annotations.push((key, shortened(&joined(&values, ","), MESSAGE_MAX).into_owned()));
            }
        };
        let codes = |action: Action| {
            let mut codes: Vec<&str> = Vec::new();
            for finding in decision.findings.iter().filter(|finding| finding.action == action) {
                if !codes.contains(&finding.fault.code.0) {
                    codes.push(finding.fault.code.0);
                }
            }
            codes
        };
        annotate("audited", codes(Action::Audit));
        annotate("grant", decision.granted_by.iter().map(String::as_str).collect());
        annotate("hostnames", decision.about());
        annotate("rule", codes(Action::Deny));
        annotate("unjudged", decision.note.into_iter().collect());
        annotate("warned", codes(Action::Warn));
        let allowed = decision.is_allowed();
        Self {
            uid,
            allowed,
            status: (!allowed).then(|| Status::of(decision)),
            warnings: warnings(decision),
            audit_annotations,
        }
    }

    /// As an AdmissionReview.
    pub fn to_review(&self) -> String {
        let mut review = Writer::default();
        review.open('{');
        review.key("apiVersion");
        review.text(API_VERSION);
        review.key("kind");
        review.text("AdmissionReview");
        review.key("response");
        review.open('{');
        review.key("allowed");
        review.boolean(self.allowed);
        self.write_annotations("auditAnnotations", &mut review);
        if let Some(status) = &self.status {
            status.write(&mut review);
        }
        review.key("uid");
        review.text(&self.uid);
        self.write_warnings(&mut review);
        review.close('}');
        review.close('}');
        review.finish()
    }

    /// As Kubewarden hears it.
    ///
    /// Source: Kubewarden, `reference/spec/validating-policies`.
    pub fn to_kubewarden(&self) -> String {
        let mut validated = Writer::default();
        validated.open('{');
        validated.key("accepted");
        validated.boolean(self.allowed);
        self.write_annotations("audit_annotations", &mut validated);
        if let Some(status) = &self.status {
            validated.key("code");
            validated.integer(FORBIDDEN);
            validated.key("message");
            validated.text(&status.message);
        }
        self.write_warnings(&mut validated);
        validated.close('}');
        validated.finish()
    }

    fn write_annotations(&self, key: &str, answer: &mut Writer) {
        if self.audit_annotations.is_empty() {
            return;
        }
        answer.key(key);
        answer.open('{');
        for (key, value) in &self.audit_annotations {
            answer.key(key);
            answer.text(value);
        }
        answer.close('}');
    }

    fn write_warnings(&self, answer: &mut Writer) {
        if !self.warnings.is_empty() {
            answer.key("warnings");
            answer.texts(&self.warnings);
        }
    }
}

/// A text for people: without characters that a terminal takes for commands.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

impl Status {
    fn of(decision: &Decision) -> Self {
        let denials: Vec<&Fault> = decision.denials().collect();
        let causes = denials.iter().take(CAUSES).map(|fault| {
            let message = plain(&shortened(&fault.text, MESSAGE_MAX));
            [fault.code.0.to_owned(), message, fault.path().to_string()]
        });
        let message = plain(&message(&denials, decision.unlisted_that(Action::Deny)));
        Self { message: shortened(&message, MESSAGE_MAX - 100).into_owned(), causes: causes.collect() }
    }

    fn write(&self, review: &mut Writer) {
        review.key("status");
        review.open('{');
        review.key("code");
        review.integer(FORBIDDEN);
        review.key("details");
        review.open('{');
        review.key("causes");
        review.open('[');
        for [code, message, field] in &self.causes {
            review.open('{');
            if !field.is_empty() {
                review.key("field");
                review.text(field);
            }
            review.key("message");
            review.text(message);
            review.key("reason");
            review.text(code);
            review.close('}');
        }
        review.close(']');
        review.close('}');
        for (key, value) in [("message", &*self.message), ("reason", "Forbidden"), ("status", "Failure")] {
            review.key(key);
            review.text(value);
        }
        review.close('}');
    }
}

/// The first denial in full, then as many of the others as fit, then how many more there are.
fn message(denials: &[&Fault], unlisted: usize) -> String {
    // What is said of a parent is the same for each host name on it: it is said once, and counted once where it is listed.
    let mut said: Vec<&Fault> = Vec::new();
    for fault in denials {
        if said.last().is_none_or(|last| last.text != fault.text) {
            said.push(fault);
        }
    }
    let denials = said;
    let Some(first) = denials.first() else { return String::new() };
    let mut more = unlisted;
    let hint = if first.hint.is_empty() { String::new() } else { format!(" ({})", first.hint) };
    let start = format!("{}: {}{hint}", first.code, first.text);
    let mut message = shortened(&start, MESSAGE_MAX - 200).into_owned();
    for (index, fault) in denials.iter().enumerate().skip(1) {
        let code = if fault.code == first.code { String::new() } else { format!("{}: ", fault.code) };
        let next = format!("; {code}{}", fault.text);
        if message.len() + next.len() > MESSAGE_MAX - 150 {
            more += denials.len() - index;
            break;
        }
        message.push_str(&next);
    }
    if more > 0 {
        message = format!("{message}; and {more} more");
    }
    message
}

fn warnings(decision: &Decision) -> Vec<String> {
    let mut warnings = Vec::new();
    for Finding { fault, action, is_old } in &decision.findings {
        if *action == Action::Warn {
            let kept = if *is_old { " (kept from before)" } else { "" };
            warnings.push(warning(&format!("{}{kept}: {}", fault.code, fault.text)));
        }
    }
    if let Some(kind) = &decision.unknown_kind {
        warnings.push(warning(&format!("{kind} is judged by no rule of gatewright")));
    }
    let more = warnings.len().saturating_sub(WARNINGS) + decision.unlisted_that(Action::Warn);
    warnings.truncate(WARNINGS);
    if more > 0 {
        warnings.push(format!("and {more} more warnings"));
    }
    warnings
}

/// A warning within its bound.
fn warning(text: &str) -> String {
    let text = plain(text);
    if text.len() <= WARNING_MAX {
        return text;
    }
    let end = text.floor_char_boundary(WARNING_MAX - '…'.len_utf8());
    format!("{}…", text.get(..end).unwrap_or_default())
}
