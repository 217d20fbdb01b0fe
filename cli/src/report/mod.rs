//! What a run has to say, and to whom: stderr, and the file of `--report`.
//!
//! One file a format. All of them print the same diagnostics in the same order, and no more of one sort
//! than [`gatewright_core::report::bounded`] says.

mod excerpt;
mod github;
mod json;
mod sarif;
mod text;

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use gatewright_core::diagnostic::{Code, Diagnostic, Severity};
use gatewright_core::path::Path as ValuePath;

use crate::exit::Exit;
use crate::input::Input;
use crate::printable::printable;
use crate::stdout;

/// A report file or stdout that cannot be written.
const UNWRITABLE: Code = Code("output-unwritable");

/// Where a run's diagnostics go.
#[derive(Args, Default)]
#[group(skip)]
pub(crate) struct Arguments {
    /// How diagnostics are written, where they are shown and in the report file
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
    /// Also write the diagnostics to this file, whether or not the run succeeds
    #[arg(long, value_name = "FILE", value_parser = file_parser())]
    pub(crate) report: Option<PathBuf>,
}

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, with an excerpt of the input
    #[default]
    Text,
    /// One JSON document
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions, one a line
    Github,
}

/// Takes the name of a report file.
pub(crate) fn file_parser() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(report_file)
}

fn report_file(file: PathBuf) -> Result<PathBuf, &'static str> {
    if file == Path::new("-") {
        return Err("stdout holds the data; name a file, or /dev/stderr");
    }
    Ok(file)
}

/// The file that `GATEWRIGHT_REPORT` names; empty counts as unset.
///
/// Only the post-renderer looks at it: Helm 4 leaves it no other way to be heard, while every other
/// command has a command line of its own.
pub(crate) fn file_from_environment() -> Option<PathBuf> {
    std::env::var_os("GATEWRIGHT_REPORT").filter(|file| !file.is_empty()).map(PathBuf::from)
}

/// What a run found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The texts it read; a position names one by its index.
    pub(crate) inputs: Vec<Input>,
    /// What it found, in the order to print.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// How many objects it rendered.
    pub(crate) objects: usize,
    /// Whether an input could not be read or parsed, or an output could not be written.
    pub(crate) unusable: bool,
}

impl Report {
    /// The report of a run that came to its end.
    pub(crate) fn of(inputs: Vec<Input>, mut diagnostics: Vec<Diagnostic>, objects: usize) -> Self {
        // Stable: what has the same place, or none, keeps the order in which it was found.
        diagnostics.sort_by_key(|diagnostic| diagnostic.position);
        Self { inputs, diagnostics, objects, unusable: false }
    }

    /// The report of a run that could not read or parse what it was given.
    pub(crate) fn unusable(inputs: Vec<Input>, diagnostics: Vec<Diagnostic>) -> Self {
        Self { unusable: true, ..Self::of(inputs, diagnostics, 0) }
    }

    fn exit(&self) -> Exit {
        if self.unusable {
            Exit::Unusable
        } else if self.count(Severity::Error) > 0 {
            Exit::Faulty
        } else {
            Exit::Fine
        }
    }

    fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// The input that a diagnostic points into, if it points into one.
    fn input(&self, diagnostic: &Diagnostic) -> Option<&Input> {
        self.inputs.get(usize::from(diagnostic.position.source))
    }

    /// `3 objects, 1 error, 2 warnings`.
    fn summary(&self) -> String {
        let counted = |number: usize, word: &str| {
            let plural = if number == 1 { "" } else { "s" };
            format!("{number} {word}{plural}")
        };
        [
            counted(self.objects, "object"),
            counted(self.count(Severity::Error), "error"),
            counted(self.count(Severity::Warning), "warning"),
        ]
        .join(", ")
    }

    /// Whether the report may be written to a file; an input is refused, for the report would replace it.
    fn spares(&mut self, file: &Path) -> bool {
        let Some(fault) = self.overwritten(file) else { return true };
        self.unusable = true;
        self.diagnostics.push(fault);
        false
    }

    /// What is wrong with a report file that is one of the inputs.
    fn overwritten(&self, file: &Path) -> Option<Diagnostic> {
        let input = self.inputs.iter().find(|input| input.is(file))?;
        let (file, name) = (file.display(), input.name());
        let message = format!("writing the report to {file}: it is the input {name}, which it would replace");
        Some(Diagnostic::error(UNWRITABLE, ValuePath::ROOT, message).hint("name another file"))
    }

    fn fail(&mut self, error: &anyhow::Error) {
        self.unusable = true;
        self.diagnostics.push(unwritable(error));
    }
}

/// Ends a run: writes the report file, then lets `write` write to stdout, then tells stderr.
///
/// The report file comes first, so that nothing that happens to stdout can lose it; if it cannot be
/// written, nothing goes to stdout, because whoever asked for it relies on it. `what` names what
/// `write` writes.
pub(crate) fn finish(
    mut report: Report,
    arguments: &Arguments,
    what: &str,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Exit {
    let Arguments { format, report: file } = arguments;
    let file = file.as_deref().filter(|file| report.spares(file));
    if let Some(file) = file
        && let Err(error) = write_file(file, &printed(&report, *format, Audience::File))
    {
        report.fail(&error);
    }
    if !report.unusable
        && let Err(error) = stdout::write(what, write)
    {
        report.fail(&error);
        // The file said that all was well; under Helm 4 it is the only one to say otherwise.
        if let Some(file) = file
            && let Err(error) = write_file(file, &printed(&report, *format, Audience::File))
        {
            report.fail(&error);
        }
    }
    // A stderr that takes nothing leaves nowhere to say so; the exit code still tells.
    let _ = anstream::stderr().write_all(printed(&report, *format, Audience::Stderr).as_bytes());
    report.exit()
}

/// Ends a run whose report is what it was asked for: it goes to stdout, and to the report file.
///
/// `before` comes before a report in text; `document` is the report in a format of the command's own. What keeps
/// the report itself from being written is told on stderr.
pub(crate) fn tell(report: &Report, arguments: &Arguments, before: &str, document: Option<&str>) -> Exit {
    let Arguments { format, report: file } = arguments;
    if let Some(fault) = file.as_deref().and_then(|file| report.overwritten(file)) {
        return refuse(vec![fault]);
    }
    let print = |audience| match document {
        Some(document) => document.to_owned(),
        None if *format == Format::Text => format!("{before}{}", printed(report, *format, audience)),
        None => printed(report, *format, audience),
    };
    let mut faults = Vec::new();
    if let Some(file) = file
        && let Err(error) = write_file(file, &print(Audience::File))
    {
        faults.push(unwritable(&error));
    }
    let text = print(Audience::Stdout);
    if let Err(error) = stdout::write("the report", |stdout| stdout.write_all(text.as_bytes())) {
        faults.push(unwritable(&error));
    }
    if faults.is_empty() { report.exit() } else { refuse(faults) }
}

/// Tells on stderr what keeps a report from being written.
pub(crate) fn refuse(faults: Vec<Diagnostic>) -> Exit {
    let report = Report::unusable(Vec::new(), faults);
    // A stderr that takes nothing leaves nowhere to say so; the exit code still tells.
    let _ = anstream::stderr().write_all(text::print(&report, Audience::Stderr).as_bytes());
    report.exit()
}

/// An output that cannot be written.
pub(crate) fn unwritable(error: &anyhow::Error) -> Diagnostic {
    Diagnostic::error(UNWRITABLE, ValuePath::ROOT, format!("{error:#}"))
}

/// Replaces the contents of a file.
pub(crate) fn write_file(file: &Path, contents: &str) -> Result<(), anyhow::Error> {
    File::create(file)
        .and_then(|mut open| open.write_all(contents.as_bytes()))
        .with_context(|| format!("writing the report to {}", file.display()))
}

/// Who reads a printed report.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Audience {
    /// Sees colours if it is a terminal, and nothing at all if there is nothing to say.
    Stderr,
    /// Sees colours if it is a terminal, and always a line of counts.
    Stdout,
    /// Never empty as text: an empty file would not tell a good run from one that never came to report.
    File,
}

fn printed(report: &Report, format: Format, audience: Audience) -> String {
    match format {
        Format::Text => text::print(report, audience),
        Format::Json => json::print(report),
        Format::Sarif => sarif::print(report),
        Format::Github => github::print(report),
    }
}

/// A diagnostic's message with the value it is about in front, fit to be printed.
fn headline(diagnostic: &Diagnostic) -> String {
    if diagnostic.path.is_root() {
        printable(&diagnostic.message).into_owned()
    } else {
        printable(&format!("{}: {}", diagnostic.path, diagnostic.message)).into_owned()
    }
}

/// The headline, then flag, source and hint on lines of their own: for formats without a place for those.
fn paragraph(report: &Report, diagnostic: &Diagnostic) -> String {
    let mut text = headline(diagnostic);
    let flag = report.input(diagnostic).and_then(Input::flag).unwrap_or_default();
    for (label, words) in [("from", flag), ("source", &diagnostic.source), ("hint", &diagnostic.hint)] {
        if !words.is_empty() {
            text.push('\n');
            text.push_str(label);
            text.push_str(": ");
            text.push_str(&printable(words));
        }
    }
    text
}

/// JSON for people and programs alike, ended by a newline.
pub(crate) fn pretty(document: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).expect("structs with text keys always serialise");
    text.push('\n');
    text
}
