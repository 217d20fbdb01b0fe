//! What is answered.

use serde::{Serialize, Serializer};

use super::request::API_VERSION;
use crate::ownership::rule::Fault;
use crate::ownership::{Action, Decision};
use crate::shorten::shortened;

/// Most bytes of the message of a denial; our own bound, for it becomes one line of an error.
pub const MESSAGE_MAX: usize = 1024;

/// Most bytes of a warning. Longer ones are cut, for API servers that cut them themselves leave out all others.
///
/// Source: Kubernetes, `docs/reference/access-authn-authz/extensible-admission-controllers`, "Response".
pub const WARNING_MAX: usize = 120;

/// Most warnings: with more of them the API server's bound of 4,096 bytes for all is reached.
const WARNINGS: usize = 16;

/// Most causes that are listed; our own bound.
const CAUSES: usize = 16;

/// The answer to an AdmissionReview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// That of the request.
    pub uid: String,
    /// Whether the request goes on.
    pub allowed: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// For whoever sent the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// For the audit log.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    pub audit_annotations: Vec<(&'static str, String)>,
}

/// Kubernetes' Status of a denial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    status: &'static str,
    /// 403.
    pub code: u16,
    reason: &'static str,
    /// One line: the code, what was found, what to do.
    pub message: String,
    details: Details,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Details {
    causes: Vec<Cause>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Cause {
    reason: &'static str,
    message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    field: String,
}

impl Response {
    pub(super) fn of(uid: String, decision: &Decision) -> Self {
        let mut audit_annotations = Vec::new();
        let mut annotate = |key: &'static str, values: Vec<&str>| {
            if !values.is_empty() {
                audit_annotations.push((key, shortened(&values.join(","), MESSAGE_MAX).into_owned()));
            }
        };
        let codes = |action: Action| {
            let findings = decision.findings.iter().filter(|finding| finding.action == action);
            let mut codes: Vec<&str> = findings.map(|finding| finding.fault.code.0).collect();
            codes.dedup();
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
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Review<'r> {
            api_version: &'static str,
            kind: &'static str,
            response: &'r Response,
        }
        let review = Review { api_version: API_VERSION, kind: "AdmissionReview", response: self };
        serde_json::to_string(&review).unwrap_or_default()
    }

    /// As Kubewarden hears it.
    ///
    /// Source: Kubewarden, `reference/spec/validating-policies`.
    pub fn to_kubewarden(&self) -> String {
        #[derive(Serialize)]
        struct Validated<'r> {
            accepted: bool,
            #[serde(skip_serializing_if = "Option::is_none")]
            message: Option<&'r str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            code: Option<u16>,
            #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "as_map")]
            audit_annotations: &'r [(&'static str, String)],
            #[serde(skip_serializing_if = "Vec::is_empty")]
            warnings: &'r Vec<String>,
        }
        let status = self.status.as_ref();
        let validated = Validated {
            accepted: self.allowed,
            message: status.map(|status| status.message.as_str()),
            code: status.map(|status| status.code),
            audit_annotations: &self.audit_annotations,
            warnings: &self.warnings,
        };
        serde_json::to_string(&validated).unwrap_or_default()
    }
}

fn as_map<S: Serializer>(pairs: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}

impl Status {
    fn of(decision: &Decision) -> Self {
        let denials: Vec<&Fault> = decision.denials().collect();
        let causes = denials.iter().take(CAUSES).map(|fault| Cause {
            reason: fault.code.0,
            message: shortened(&fault.text, MESSAGE_MAX).into_owned(),
            field: fault.path().to_string(),
        });
        Self {
            status: "Failure",
            code: 403,
            reason: "Forbidden",
            message: message(&denials),
            details: Details { causes: causes.collect() },
        }
    }
}

/// The first denial in full, then as many of the others as fit, then how many more there are.
fn message(denials: &[&Fault]) -> String {
    let Some(first) = denials.first() else { return String::new() };
    let hint = if first.hint.is_empty() { String::new() } else { format!(" ({})", first.hint) };
    let start = format!("{}: {}{hint}", first.code, first.text);
    let mut message = shortened(&start, MESSAGE_MAX - 100).into_owned();
    for (index, fault) in denials.iter().enumerate().skip(1) {
        let code = if fault.code == first.code { String::new() } else { format!("{}: ", fault.code) };
        let next = format!("; {code}{}", fault.text);
        if message.len() + next.len() > MESSAGE_MAX - 40 {
            let more = denials.len() - index;
            message = format!("{message}; and {more} more");
            break;
        }
        message.push_str(&next);
    }
    message
}

fn warnings(decision: &Decision) -> Vec<String> {
    let findings = decision.findings.iter().filter(|finding| finding.action == Action::Warn);
    let mut warnings: Vec<String> = findings
        .map(|finding| {
            let kept = if finding.is_old { " (kept from before)" } else { "" };
            let fault = &finding.fault;
            warning(&format!("{}{kept}: {}", fault.code, fault.text))
        })
        .chain(
            decision
                .unknown_kind
                .as_ref()
                .map(|kind| warning(&format!("{kind} is judged by no rule of gatewright"))),
        )
        .collect();
    let more = warnings.len().saturating_sub(WARNINGS);
    warnings.truncate(WARNINGS);
    if more > 0 {
        warnings.push(format!("and {more} more warnings"));
    }
    warnings
}

/// A warning within its bound.
fn warning(text: &str) -> String {
    if text.len() <= WARNING_MAX {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(WARNING_MAX - '…'.len_utf8());
    format!("{}…", text.get(..end).unwrap_or_default())
}
