//! SARIF 2.1.0: what code scanning services read.
//!
//! Only the parts that we fill. Source: OASIS, Static Analysis Results Interchange Format 2.1.0.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use gatewright_core::diagnostic::{Code, Diagnostic, Severity};
use gatewright_core::manual::{self, explain};
use gatewright_core::report::{Omitted, bounded};
use serde::Serialize;

use super::{Report, paragraph};
use crate::input::Input;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<Finding<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Rest>,
}

/// What was found and is not among the results.
#[derive(Serialize)]
struct Rest {
    omitted: Vec<Omitted>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule>,
}

/// What a code stands for. Source: SARIF 2.1.0, 3.49 reportingDescriptor.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    name: String,
    short_description: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Text>,
    help: Text,
    help_uri: String,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'r> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
    properties: Properties<'r>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<PhysicalLocation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
}

/// What the other formats say and SARIF has no field for.
#[derive(Serialize)]
struct Properties<'r> {
    level: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    hint: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    source: &'r str,
}

/// Prints one log with one run.
pub(super) fn print(report: &Report) -> String {
    let found: BTreeSet<Code> = report.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let found: Vec<Code> = found.into_iter().collect();
    let driver = Driver {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: found.iter().map(|code| rule(*code, &report.diagnostics)).collect(),
    };
    let (printed, omitted) = bounded(&report.diagnostics);
    let run = Run {
        tool: Tool { driver },
        invocations: [Invocation { execution_successful: !report.unusable }],
        column_kind: "unicodeCodePoints",
        results: printed.into_iter().map(|diagnostic| finding(report, &found, diagnostic)).collect(),
        properties: (!omitted.is_empty()).then_some(Rest { omitted }),
    };
    super::pretty(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

/// The default level is that of the code's page, else that of its heaviest finding in this run.
fn rule(code: Code, diagnostics: &[Diagnostic]) -> Rule {
    let page = explain(code.0);
    let what = manual::code(code.0).unwrap_or(code.0);
    let heaviest = || diagnostics.iter().filter(|found| found.code == code).map(|found| found.severity).max();
    let severity = page.map(|page| page.severity).or_else(heaviest).unwrap_or(Severity::Info);
    let text = |text: String| Text { text };
    let (help, document) = match page {
        Some(page) => {
            let (bad, good) = (page.bad.trim(), page.good.trim());
            let help = format!(
                "{}\n\nSource: {}.\n\nFound fault with:\n\n{bad}\n\nRight:\n\n{good}",
                page.why, page.source
            );
            (help, format!("docs/rules.md#{code}"))
        }
        None => (format!("{what}. What to do stands in the message."), "docs/codes.md".to_owned()),
    };
    Rule {
        id: code.0,
        name: pascal(code.0),
        short_description: text(format!("{what}.")),
        full_description: page.map(|page| text(page.why.to_owned())),
        help: text(help),
        help_uri: format!("{}/blob/main/{document}", env!("CARGO_PKG_REPOSITORY")),
        default_configuration: Configuration { level: level(severity) },
    }
}

/// `too-many-rules` as `TooManyRules`, which is how SARIF wants names.
fn pascal(code: &str) -> String {
    code.split('-')
        .flat_map(|word| {
            let mut characters = word.chars();
            characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters)
        })
        .collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn finding<'r>(report: &Report, codes: &[Code], diagnostic: &'r Diagnostic) -> Finding<'r> {
    Finding {
        rule_id: diagnostic.code.0,
        rule_index: codes
            .binary_search(&diagnostic.code)
            .expect("the rules are the codes of these diagnostics"),
        level: level(diagnostic.severity),
        message: Message { text: paragraph(report, diagnostic) },
        locations: location(report, diagnostic).into_iter().collect(),
        properties: Properties {
            level: diagnostic.level.word(),
            hint: &diagnostic.hint,
            source: &diagnostic.source,
        },
    }
}

/// Nothing for a diagnostic about stdin as a whole: a stream has no address.
fn location(report: &Report, diagnostic: &Diagnostic) -> Option<Location> {
    let position = diagnostic.position;
    let known = |number: u32| (number > 0).then_some(number);
    let physical_location = report.input(diagnostic).and_then(Input::path).map(|path| PhysicalLocation {
        artifact_location: ArtifactLocation { uri: uri(path) },
        region: known(position.line)
            .map(|start_line| Region { start_line, start_column: known(position.column) }),
    });
    let logical_locations: Vec<_> = (!diagnostic.path.is_root())
        .then(|| LogicalLocation { fully_qualified_name: diagnostic.path.to_string() })
        .into_iter()
        .collect();
    (physical_location.is_some() || !logical_locations.is_empty())
        .then_some(Location { physical_location, logical_locations })
}

/// A relative reference for a relative path, so that a service finds the file in the repository;
/// `file://…` for an absolute one.
fn uri(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() };
    let mut uri = String::new();
    if path.is_absolute() {
        uri.push_str(if text.starts_with('/') { "file://" } else { "file:///" });
    }
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_a_rule_in_pascal_case() {
        assert_eq!(pascal("api-too-many"), "ApiTooMany");
    }

    #[test]
    fn writes_paths_as_uri_references() {
        assert_eq!(uri(Path::new("charts/my values.yaml")), "charts/my%20values.yaml");
        assert_eq!(uri(Path::new("a:b%.yaml")), "a%3Ab%25.yaml");
        #[cfg(unix)]
        assert_eq!(uri(Path::new("/tmp/ä.yaml")), "file:///tmp/%C3%A4.yaml");
    }
}
