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

/// What was found in one input, or (last, without source) in what no text holds: flags, defaults.
#[derive(Serialize)]
struct Outcome<'r> {
    source: Option<Source<'r>>,
    /// Always null: an input of values is no Kubernetes object.
    object: (),
    /// Always null: nothing was held against an API server's rules.
    allowed: (),
    diagnostics: Vec<Finding<'r>>,
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
    if !elsewhere.diagnostics.is_empty() {
        results.push(elsewhere);
    }
    let summary = Summary {
        objects: report.objects,
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
    };
    super::pretty(&Document { results, omitted, summary })
}

fn outcome(source: Option<Source<'_>>) -> Outcome<'_> {
    Outcome { source, object: (), allowed: (), diagnostics: Vec::new() }
}

fn source(input: &Input) -> Source<'_> {
    Source { file: input.name(), document: 1, line: 1 }
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
