//! Annotations of GitHub Actions: `::error file=…,line=…,col=…,title=code::message`.
//!
//! The runner reads them from stderr as well as from stdout.

use std::fmt::Write;

use gatewright_core::diagnostic::{Diagnostic, Severity};

use super::{Report, paragraph};
use crate::input::Input;
use crate::printable::printable;
use gatewright_core::report::bounded;

/// Prints one line a diagnostic.
pub(super) fn print(report: &Report) -> String {
    let mut text = String::new();
    let (printed, omitted) = bounded(&report.diagnostics);
    for diagnostic in printed {
        let command = command(diagnostic.severity);
        let properties = properties(report, diagnostic);
        let message = escape_message(&paragraph(report, diagnostic));
        let _ = writeln!(text, "::{command} {properties}::{message}");
    }
    for omitted in omitted {
        let title = escape_property(omitted.code.0);
        let _ = writeln!(text, "::{} title={title}::{}", command(omitted.severity), omitted.line());
    }
    text
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

fn properties(report: &Report, diagnostic: &Diagnostic) -> String {
    let mut properties = Vec::new();
    if let Some(path) = report.input(diagnostic).and_then(Input::path) {
        properties.push(format!("file={}", escape_property(&printable(&path.to_string_lossy()))));
        let position = diagnostic.position;
        properties.extend((position.line > 0).then(|| format!("line={}", position.line)));
        properties.extend((position.column > 0).then(|| format!("col={}", position.column)));
    }
    properties.push(format!("title={}", escape_property(diagnostic.code.0)));
    properties.join(",")
}

/// Source: `escapeData` of the `@actions/core` package.
fn escape_message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Source: `escapeProperty` of the `@actions/core` package.
fn escape_property(text: &str) -> String {
    escape_message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_would_end_a_message_or_a_property() {
        assert_eq!(escape_message("50%\r\na: b, c"), "50%25%0D%0Aa: b, c");
        assert_eq!(escape_property("C:\\a,b.yaml"), "C%3A\\a%2Cb.yaml");
    }
}
