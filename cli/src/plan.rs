//! `gatewright plan`: what will exist, and why; or what changes from other values.

mod changes;
mod data_plane;
mod organizations;
mod placements;
mod text;

use std::io::{self, IsTerminal, Write};
use std::path::{self, PathBuf};

use clap::error::ErrorKind;
use clap::{Args, ValueEnum};
use gatewright_core::diagnostic::{Diagnostic, Severity, has_errors};
use gatewright_core::picture;
use gatewright_core::shorten::listed;
use gatewright_core::summary::changes::{Changes, between};
use gatewright_core::summary::{self, Summary};
use serde::Serialize;

use crate::exit::Exit;
use crate::input::{Input, is_same};
use crate::report::{self, Report};
use crate::{usage, values};
use data_plane::Emit;
use placements::PLACEMENTS;

/// Show what values lead to, and why: gateways, listeners, routes, backends, names
///
/// The plan goes to stdout, diagnostics to stderr as `render` writes them. With --against, what
/// changes goes to stdout in place of the plan: objects that come and go, and a diff of those that stay.
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Examples:
  gatewright plan -f values.yaml -n edge
  gatewright plan -f values.yaml --format json | jq '.backends[] | {service, form, why}'
  gatewright plan -f values.yaml --format svg > plan.svg
  git show HEAD:values.yaml | gatewright plan -f values.yaml --against -
  gatewright plan -f values.yaml --emit higress-values > higress.yaml")]
pub(crate) struct Arguments {
    #[command(flatten)]
    values: values::Arguments,
    /// Show what changes from these values, under the same flags; `-` is stdin. Repeat it for several
    /// files of one release, or separate them by commas: later ones win
    #[arg(long, value_name = "OLD", value_delimiter = ',')]
    against: Vec<PathBuf>,
    /// How the plan and the diagnostics are written; for SARIF or GitHub use `render`
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Write what the controller's installation needs for a data plane on the nodes' own network, in place of the plan
    #[arg(long, value_enum, value_name = "FORM", conflicts_with_all = ["against", "format", "record"])]
    emit: Option<Emit>,
    /// Write where organizations are to this file, as values: with them nothing moves in later runs
    #[arg(long, value_name = "FILE", value_parser = report::file_parser())]
    record: Option<PathBuf>,
    /// Also write the diagnostics to this file, whether or not the run succeeds
    #[arg(long, value_name = "FILE", value_parser = report::file_parser())]
    report: Option<PathBuf>,
}

/// How the plan is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, at a terminal of 100 columns; long lists are cut
    #[default]
    Text,
    /// One JSON document, complete
    Json,
    /// A picture in Graphviz' language
    Dot,
    /// A picture in Mermaid's language
    Mermaid,
    /// A picture to look at
    Svg,
}

impl Format {
    const fn is_picture(self) -> bool {
        matches!(self, Self::Dot | Self::Mermaid | Self::Svg)
    }
}

/// The JSON of `plan --against`.
#[derive(Serialize)]
struct Compared<'s> {
    #[serde(flatten)]
    summary: &'s Summary,
    changes: &'s Changes<'s>,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Arguments { values, against, format, emit, record, report: file } = arguments;
    if let Some(words) = misuse(arguments) {
        return usage::answer(clap::Error::raw(ErrorKind::ArgumentConflict, words));
    }
    let destination = report::Arguments {
        format: match format {
            Format::Json => report::Format::Json,
            Format::Text | Format::Dot | Format::Mermaid | Format::Svg => report::Format::Text,
        },
        report: file.clone(),
    };
    if let Some(emit) = emit {
        return data_plane::run(*emit, values, &destination);
    }
    let mut diagnostics = Vec::new();
    let Planned { inputs, own, new, old, is_usable } = plans(values, against, &mut diagnostics);
    let faulty = has_errors(&diagnostics);
    let recorded = match (record, &new) {
        (Some(file), Some(summary)) if is_usable && !faulty => {
            let inputs: Vec<&Input> = inputs.iter().take(own).collect();
            PLACEMENTS.write(file, &summary::record(summary), &inputs)
        }
        _ => Ok(()),
    };
    let is_recorded = recorded.is_ok();
    diagnostics.extend(recorded.err());
    if !is_usable || !is_recorded {
        return report::finish(Report::unusable(inputs, diagnostics), &destination, "the plan", |_| Ok(()));
    }
    let new = new.filter(|_| !faulty);
    let objects = new.as_ref().map_or(0, |summary| summary.objects.len());
    let changes = old.as_ref().zip(new.as_ref()).map(|(old, new)| between(old, new));
    diagnostics.extend(changes.iter().flat_map(Changes::findings));
    report::finish(Report::of(inputs, diagnostics, objects), &destination, "the plan", |stdout| match &new {
        Some(new) => write(stdout, new, changes.as_ref(), *format),
        None => Ok(()),
    })
}

/// What of the arguments cannot stand together, beyond what clap knows.
fn misuse(arguments: &Arguments) -> Option<&'static str> {
    let Arguments { against, format, record, report, .. } = arguments;
    if format.is_picture() && !against.is_empty() {
        return Some(
            "a picture shows one plan: for what changes from --against take `--format text` or `json`\n",
        );
    }
    let (record, report) = (record.as_ref()?, report.as_ref()?);
    (is_same(record, report) || path::absolute(record).ok() == path::absolute(report).ok())
        .then_some("--record and --report name one file, but it can hold only one of the two\n")
}

/// The plans that are asked for.
struct Planned {
    inputs: Vec<Input>,
    /// How many of them are the new values, which come first.
    own: usize,
    new: Option<Summary>,
    /// Of `--against`.
    old: Option<Summary>,
    /// Whether all that was asked for could be read and parsed.
    is_usable: bool,
}

fn plans(values: &values::Arguments, against: &[PathBuf], out: &mut Vec<Diagnostic>) -> Planned {
    let inputs = values.read(against, out);
    out.iter_mut()
        .filter(|fault| is_in(&inputs.others, fault))
        .for_each(|fault| as_old(fault, &inputs.others));
    let new = planned(values, &inputs.own, &inputs.flags, out);
    let mut old = None;
    if !against.is_empty() {
        let mut found = of(&inputs.others, out);
        old = planned(values, &inputs.others, &inputs.flags, &mut found);
        let faults = old_faults(found, &inputs.others, out);
        out.extend(faults);
    }
    let is_usable = new.is_some() && (against.is_empty() || old.is_some());
    let own = inputs.own.len();
    Planned { inputs: inputs.all(), own, new, old, is_usable }
}

/// `None` if an input or a flag could not be read or parsed.
fn planned(
    values: &values::Arguments,
    inputs: &[Input],
    flags: &[Input],
    out: &mut Vec<Diagnostic>,
) -> Option<Summary> {
    let root = values.merge(inputs, flags, out)?.whole(out)?;
    let (summary, found) = gatewright_core::plan(root, &values.scope());
    out.extend(found);
    Some(summary)
}

/// The diagnostics of some of the inputs.
fn of(inputs: &[Input], diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
    diagnostics.iter().filter(|diagnostic| is_in(inputs, diagnostic)).cloned().collect()
}

fn is_in(inputs: &[Input], diagnostic: &Diagnostic) -> bool {
    inputs.iter().any(|input| input.source == diagnostic.position.source)
}

/// Errors of the old values, for what cannot be rendered cannot be compared. Their warnings are theirs,
/// and what is wrong with the flags has been said.
fn old_faults(found: Vec<Diagnostic>, old: &[Input], said: &[Diagnostic]) -> Vec<Diagnostic> {
    let faults = found.into_iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let new = faults.filter(|diagnostic| !said.contains(diagnostic));
    new.map(|mut diagnostic| {
        as_old(&mut diagnostic, old);
        diagnostic
    })
    .collect()
}

/// Says that a fault is of the old values; without a place in one of their files, which these are.
fn as_old(fault: &mut Diagnostic, old: &[Input]) {
    let files = if is_in(old, fault) {
        String::new()
    } else {
        format!(", {}", listed(old.iter().map(|input| format!("`{}`", input.name()))))
    };
    fault.message = format!("{} (in the values of --against{files})", fault.message);
}

fn write(
    stdout: &mut dyn Write,
    new: &Summary,
    changes: Option<&Changes<'_>>,
    format: Format,
) -> io::Result<()> {
    match (format, changes) {
        (Format::Text, None) => stdout.write_all(text::print(new).as_bytes()),
        (Format::Text, Some(changes)) => {
            let for_terminal = io::stdout().is_terminal();
            stdout.write_all(changes::print(changes, &new.release.namespace, for_terminal).as_bytes())
        }
        (Format::Dot, _) => stdout.write_all(picture::dot(&picture::of(new)).as_bytes()),
        (Format::Mermaid, _) => stdout.write_all(picture::mermaid(&picture::of(new)).as_bytes()),
        (Format::Svg, _) => stdout.write_all(picture::svg(&picture::of(new)).as_bytes()),
        (Format::Json, None) => stdout.write_all(report::pretty(new).as_bytes()),
        (Format::Json, Some(changes)) => {
            stdout.write_all(report::pretty(&Compared { summary: new, changes }).as_bytes())
        }
    }
}
