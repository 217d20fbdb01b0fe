//! `explain`: a code in, what it finds, why that matters and an example out; without a code, every code.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::{done, read};
use crate::diagnostic::Diagnostic;
use crate::manual::{self, Page};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message<'m> {
    #[serde(rename = "op")]
    _op: IgnoredAny,
    #[serde(borrow)]
    code: Option<Cow<'m, str>>,
}

#[derive(Serialize)]
struct Explained {
    pages: Vec<Entry>,
}

/// A code; with a page of the manual if it is of a rule.
#[derive(Serialize)]
struct Entry {
    code: &'static str,
    what: &'static str,
    #[serde(flatten)]
    page: Option<Rest>,
}

#[derive(Serialize)]
struct Rest {
    severity: &'static str,
    level: &'static str,
    why: &'static str,
    source: &'static str,
    bad: &'static str,
    good: &'static str,
}

pub(super) fn explain(message: &str) -> Result<String, Diagnostic> {
    let Message { code, .. } = read(message)?;
    let brief = |(code, what)| Entry { code, what, page: None };
    let Some(code) = code else {
        let others = manual::codes().filter(|(code, _)| manual::explain(code).is_none());
        return done(Explained { pages: manual::pages().map(entry).chain(others.map(brief)).collect() });
    };
    let other = || manual::codes().find(|(known, _)| *known == code).map(brief);
    let entry = manual::explain(&code).map(entry).or_else(other);
    done(Explained { pages: vec![entry.ok_or_else(|| manual::unknown_code(&code))?] })
}

fn entry(page: Page) -> Entry {
    let Page { code, severity, level, what, why, source, bad, good } = page;
    let rest = Rest { severity: severity.word(), level: level.word(), why, source, bad, good };
    Entry { code: code.0, what, page: Some(rest) }
}
