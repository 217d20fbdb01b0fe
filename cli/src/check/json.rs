//! The report as JSON, in the shape that other programs rely on.

use std::borrow::Cow;
use std::collections::BTreeMap;

use gatewright_core::check::status::Status;
use gatewright_core::check::{Identity, Judged, Report, Source as Place};
use gatewright_core::diagnostic::{Diagnostic, Severity};
use serde::Serialize;

use crate::input::Input;
use crate::report::json::{Finding, Source, Summary, finding};
use crate::report::pretty;

#[derive(Serialize)]
struct Document<'r> {
    results: Vec<Outcome<'r>>,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'r Status<'r>>,
}

#[derive(Serialize)]
struct Outcome<'r> {
    source: Option<Source<'r>>,
    object: Option<Object<'r>>,
    allowed: Option<bool>,
    diagnostics: Vec<Finding<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'r> {
    api_version: &'r str,
    kind: &'r str,
    namespace: &'r str,
    name: &'r str,
}

/// Prints what could not be read, by file, then one result an object.
pub(super) fn print(
    inputs: &[Input],
    faults: &[Diagnostic],
    report: &Report<'_>,
    status: Option<&Status<'_>>,
) -> String {
    let name = |text: u16| inputs.get(usize::from(text)).map_or(Cow::Borrowed(""), Input::name);
    let mut unread: BTreeMap<u16, Vec<&Diagnostic>> = BTreeMap::new();
    for fault in faults {
        unread.entry(fault.position.source).or_default().push(fault);
    }
    let of_files = unread.iter().map(|(text, faults)| {
        let line = faults.first().map_or(1, |fault| fault.position.line.max(1));
        Outcome {
            source: inputs.get(usize::from(*text)).map(|input| Source {
                file: input.name(),
                document: 1,
                line,
            }),
            object: None,
            // What cannot be read can be applied by nobody.
            allowed: faults.iter().any(|fault| fault.severity == Severity::Error).then_some(false),
            diagnostics: faults.iter().map(|fault| finding(fault)).collect(),
        }
    });
    let of_objects = report.results.iter().map(|judged| {
        let Judged { source: Place { text, document, line }, object, allowed, diagnostics, .. } = judged;
        Outcome {
            source: Some(Source { file: name(*text), document: *document, line: *line }),
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
    pretty(&Document { results: of_files.chain(of_objects).collect(), summary, status })
}
