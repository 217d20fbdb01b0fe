//! One JSON document, in the shape that `check --format json` has.

use std::borrow::Cow;

use gatewright_core::diagnostic::{Diagnostic, Severity};
use gatewright_core::path::Path;
use serde::{Serialize, Serializer};

use super::Report;
use super::bounded::{Omitted, bounded};
use crate::input::Input;

#[derive(Serialize)]
struct Document<'r> {
    results: Vec<Outcome<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    omitted: Vec<Omitted>,
    summary: Summary,
}

/// What was found in one input, or (last, without source) in what no input holds: defaults.
#[derive(Serialize)]
struct Outcome<'r> {
    source: Option<Origin<'r>>,
    /// Always null: an input of values is no Kubernetes object.
    object: (),
    /// Always null: nothing was held against an API server's rules.
    allowed: (),
    diagnostics: Vec<Finding<'r>>,
}

/// A text, or a flag that sets a value.
#[derive(Serialize)]
#[serde(untagged)]
enum Origin<'r> {
    Text(Source<'r>),
    Flag { flag: &'r str },
}

/// Where a document stands.
#[derive(Serialize)]
pub(crate) struct Source<'r> {
    pub(crate) file: Cow<'r, str>,
    pub(crate) document: u32,
    pub(crate) line: u32,
}

/// A diagnostic.
#[derive(Serialize)]
pub(crate) struct Finding<'r> {
    code: &'static str,
    severity: &'static str,
    level: &'static str,
    #[serde(serialize_with = "as_text")]
    path: &'r Path,
    message: &'r str,
    hint: &'r str,
    source: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

/// How many there are, printed or omitted.
#[derive(Serialize)]
pub(crate) struct Summary {
    pub(crate) objects: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
}

/// Prints one result an input.
pub(super) fn print(report: &Report) -> String {
    let mut results: Vec<_> = report.inputs.iter().map(|input| outcome(Some(source(input)))).collect();
    let mut elsewhere = outcome(None);
    let (printed, omitted) = bounded(&report.diagnostics);
    for diagnostic in printed {
        results
            .get_mut(usize::from(diagnostic.position.source))
            .unwrap_or(&mut elsewhere)
            .diagnostics
            .push(finding(diagnostic));
    }
    results.push(elsewhere);
    // A text without findings is said to be fine; a flag without is of no interest.
    results.retain(|result| matches!(result.source, Some(Origin::Text(_))) || !result.diagnostics.is_empty());
    let summary = Summary {
        objects: report.objects,
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
    };
    super::pretty(&Document { results, omitted, summary })
}

fn outcome(source: Option<Origin<'_>>) -> Outcome<'_> {
    Outcome { source, object: (), allowed: (), diagnostics: Vec::new() }
}

fn source(input: &Input) -> Origin<'_> {
    match input.flag() {
        Some(flag) => Origin::Flag { flag },
        None => Origin::Text(Source { file: input.name(), document: 1, line: 1 }),
    }
}

pub(crate) fn finding(diagnostic: &Diagnostic) -> Finding<'_> {
    let known = |number: u32| (number > 0).then_some(number);
    Finding {
        code: diagnostic.code.0,
        severity: diagnostic.severity.word(),
        level: diagnostic.level.word(),
        path: &diagnostic.path,
        message: &diagnostic.message,
        hint: &diagnostic.hint,
        source: &diagnostic.source,
        line: known(diagnostic.position.line),
        column: known(diagnostic.position.column),
    }
}

fn as_text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(path)
}
