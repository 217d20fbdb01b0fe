//! What is held against an object.

use gatewright_core::check::api;
use gatewright_core::diagnostic::Code;
use gatewright_core::path::{Path, Step};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The sort of a finding; all but the last are the API server's refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    UnknownField,
    Type,
    Required,
    Enum,
    Bound,
    TooLong,
    TooMany,
    Pattern,
    Malformed,
    Duplicate,
    Rule,
    /// It is not known what the API server would say.
    NotEvaluated,
}

impl What {
    /// Something of a CRD that could not be evaluated.
    pub const NOT_EVALUATED: Code = Code("crd-not-evaluated");

    /// The code of its diagnostics.
    pub const fn code(self) -> Code {
        match self {
            Self::UnknownField => api::UNKNOWN_FIELD,
            Self::Type => api::TYPE,
            Self::Required => api::REQUIRED,
            Self::Enum => api::ENUM,
            Self::Bound => api::BOUND,
            Self::TooLong => api::TOO_LONG,
            Self::TooMany => api::TOO_MANY,
            Self::Pattern => api::PATTERN,
            Self::Malformed => api::MALFORMED,
            Self::Duplicate => api::DUPLICATE,
            Self::Rule => api::RULE,
            Self::NotEvaluated => Self::NOT_EVALUATED,
        }
    }
}

/// One thing that is held against an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its sort.
    pub what: What,
    /// The value that it is about.
    #[serde(serialize_with = "steps", deserialize_with = "path")]
    pub path: Path,
    /// The API server's words, or why there are none.
    pub message: String,
}

/// What was found so far in one object.
#[derive(Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    pub(crate) fn add(&mut self, what: What, path: Path, message: impl Into<String>) {
        self.0.push(Finding { what, path, message: message.into() });
    }

    pub(crate) fn retain(&mut self, keep: impl FnMut(&Finding) -> bool) {
        self.0.retain(keep);
    }

    /// Whether one of them keeps the API server from evaluating CEL rules.
    ///
    /// Source: `k8s.io/apiextensions-apiserver` v0.36.2, `pkg/registry/customresource/strategy.go`, `hasBlockingErr`.
    pub(crate) fn is_blocking(&self) -> bool {
        let blocking = [What::Type, What::Enum, What::Required, What::TooLong, What::TooMany];
        self.0.iter().any(|finding| blocking.contains(&finding.what))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether something is of another type than can be decoded.
    pub(crate) fn are_fatal(&self) -> bool {
        self.0.iter().any(|finding| finding.what == What::Type)
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    pub(crate) fn into_vec(self) -> Vec<Finding> {
        self.0
    }
}

/// A step between processes.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Sent {
    Index(usize),
    Key(String),
}

fn steps<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(path.steps().into_iter().map(|step| match step {
        Step::Key(key) => Sent::Key(key.to_string()),
        Step::Index(index) => Sent::Index(*index as usize),
    }))
}

fn path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Path, D::Error> {
    let steps = Vec::<Sent>::deserialize(deserializer)?;
    Ok(steps.into_iter().fold(Path::ROOT, |path, step| match step {
        Sent::Key(key) => path.key(&key),
        Sent::Index(index) => path.index(index),
    }))
}

#[cfg(test)]
mod tests {
    use gatewright_core::path::Path;

    use super::{Finding, What};

    #[test]
    fn travels_as_json() {
        let path = Path::ROOT.key("spec").key("0").index(7).key("a.b/c");
        let finding = Finding { what: What::Rule, path, message: "no".to_owned() };
        let text = serde_json::to_string(&finding).expect("it is JSON");
        assert_eq!(text, r#"{"what":"Rule","path":["spec","0",7,"a.b/c"],"message":"no"}"#);
        assert_eq!(serde_json::from_str::<Finding>(&text).expect("it is a finding"), finding);
    }
}
