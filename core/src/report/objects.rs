//! The verdicts of `check`: one result an object.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Finding, Place, Summary, finding};
use crate::check::status::Status;
use crate::check::{Identity, Judged, Report, Source};
use crate::diagnostic::{Diagnostic, Severity};

/// What was found in objects.
#[derive(Debug, Serialize)]
pub struct Objects<'r> {
    results: Vec<Outcome<'r>>,
    summary: Summary,
    /// How many refusals are not in it, because other findings are asked for.
    #[serde(skip_serializing_if = "is_none")]
    hidden: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'r Status<'r>>,
}

#[derive(Debug, Serialize)]
struct Outcome<'r> {
    source: Option<Place<'r>>,
    object: Option<Object<'r>>,
    allowed: Option<bool>,
    diagnostics: Vec<Finding<'r>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'r> {
    api_version: &'r str,
    kind: &'r str,
    namespace: &'r str,
    name: &'r str,
}

/// What could not be read, by file, then one result an object; positions name files by their index.
pub fn of_objects<'r>(
    files: &'r [Cow<'r, str>],
    faults: &'r [Diagnostic],
    report: &'r Report<'_>,
    status: Option<&'r Status<'r>>,
) -> Objects<'r> {
    let name = |text: u16| files.get(usize::from(text)).map_or("", Cow::as_ref);
    let mut unread: BTreeMap<u16, Vec<&Diagnostic>> = BTreeMap::new();
    for fault in faults {
        unread.entry(fault.position.source).or_default().push(fault);
    }
    let of_files = unread.iter().map(|(text, faults)| {
        let line = faults.first().map_or(1, |fault| fault.position.line.max(1));
        let file = files.get(usize::from(*text));
        Outcome {
            source: file.map(|file| Place { file: Cow::Borrowed(file), document: 1, line }),
            object: None,
            // What cannot be read can be applied by nobody.
            allowed: faults.iter().any(|fault| fault.severity == Severity::Error).then_some(false),
            diagnostics: faults.iter().map(|fault| finding(fault)).collect(),
        }
    });
    let of_objects = report.results.iter().map(|judged| {
        let Judged { source: Source { text, document, line }, object, allowed, diagnostics, .. } = judged;
        Outcome {
            source: Some(Place { file: Cow::Borrowed(name(*text)), document: *document, line: *line }),
            object: object.as_ref().map(|Identity { api_version, kind, namespace, name }| Object {
                api_version,
                kind,
                namespace,
                name,
            }),
            allowed: *allowed,
            diagnostics: diagnostics.iter().map(finding).collect(),
        }
    });
    let count =
        |severity| faults.iter().filter(|fault| fault.severity == severity).count() + report.count(severity);
    let summary = Summary {
        objects: report.objects(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
    };
    // A note that is about no file comes after the files that were asked about.
    let comes_first = |outcome: &Outcome<'_>| outcome.source.is_some() || outcome.allowed.is_some();
    let (of_files, of_none): (Vec<_>, Vec<_>) = of_files.partition(comes_first);
    let results = of_files.into_iter().chain(of_objects).chain(of_none).collect();
    Objects { results, summary, hidden: report.hidden, status }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
const fn is_none(count: &usize) -> bool {
    *count == 0
}
