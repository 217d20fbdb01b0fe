//! What was found, as one JSON document: the shape that other programs rely on, whoever prints it.

mod bounded;
mod decision;
mod objects;

use std::borrow::Cow;

use serde::{Serialize, Serializer};

pub use bounded::{Omitted, bounded};
pub use decision::{Decided, of_decision};
pub use objects::{Objects, of_objects};

use crate::diagnostic::{Diagnostic, Severity};
use crate::path::Path;

/// What was found in texts of values, or in any that hold no objects.
#[derive(Debug, Serialize)]
pub struct Texts<'r> {
    results: Vec<Text<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    omitted: Vec<Omitted>,
    summary: Summary,
}

/// What was found in one text, or (last, without source) in what no text holds: defaults.
#[derive(Debug, Serialize)]
struct Text<'r> {
    source: Option<Source<'r>>,
    /// Always null: a text of values is no Kubernetes object.
    object: (),
    /// Always null: nothing was held against an API server's rules.
    allowed: (),
    diagnostics: Vec<Finding<'r>>,
}

/// Where a text comes from.
#[derive(Clone, Debug)]
pub enum Origin<'r> {
    /// A file, by its name.
    File(Cow<'r, str>),
    /// A flag that sets a value, in its words.
    Flag(&'r str),
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Source<'r> {
    File(Place<'r>),
    Flag { flag: &'r str },
}

/// Where a document stands.
#[derive(Debug, Serialize)]
struct Place<'r> {
    file: Cow<'r, str>,
    document: u32,
    line: u32,
}

/// A diagnostic.
#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
struct Summary {
    objects: usize,
    errors: usize,
    warnings: usize,
}

/// What was found, by the text that it was found in: a position names one by its index.
pub fn of_texts<'r>(origins: &'r [Origin<'r>], diagnostics: &'r [Diagnostic], objects: usize) -> Texts<'r> {
    let mut results: Vec<_> = origins.iter().map(|origin| text(Some(source(origin)))).collect();
    let mut elsewhere = text(None);
    let (printed, omitted) = bounded(diagnostics);
    for diagnostic in printed {
        let of_text = results.get_mut(usize::from(diagnostic.position.source));
        of_text.unwrap_or(&mut elsewhere).diagnostics.push(finding(diagnostic));
    }
    results.push(elsewhere);
    // A text without findings is said to be fine; a flag without is of no interest.
    results.retain(|result| matches!(result.source, Some(Source::File(_))) || !result.diagnostics.is_empty());
    let count = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    Texts { results, omitted, summary: Summary { objects, errors, warnings } }
}

fn text(source: Option<Source<'_>>) -> Text<'_> {
    Text { source, object: (), allowed: (), diagnostics: Vec::new() }
}

fn source<'r>(origin: &'r Origin<'_>) -> Source<'r> {
    match origin {
        Origin::Flag(flag) => Source::Flag { flag },
        Origin::File(name) => Source::File(Place { file: Cow::Borrowed(name), document: 1, line: 1 }),
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
