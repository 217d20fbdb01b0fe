//! `gatewright review`: an AdmissionReview in, an AdmissionReview out.

use std::path::PathBuf;

use clap::Args;
use gatewright_core::admission::{self, Recording, Reviewed};
use gatewright_core::diagnostic::Severity;
use gatewright_core::ownership::idle_grants;
use gatewright_core::report::of_decision;
use gatewright_core::tree::Position;
use serde_json::value::RawValue;

use super::context::{self, Given, unusable};
use super::settings::{RequestFlags, not_with_replay};
use crate::exit::Exit;
use crate::input::{self, Input, Origin, Refusal};
use crate::record::Record;
use crate::report::{self, Report, pretty};

/// Answer an AdmissionReview: may this object use its host names?
///
/// The context is every grant, claim, Gateway, ListenerSet, route and namespace that there is. The answer goes to stdout.
#[derive(Args)]
#[group(skip)]
#[command(
    mut_args(not_with_replay),
    override_usage = "gatewright review [OPTIONS] --context <DIR> [FILE]\n       gatewright review --replay <FILE> [--trace]",
    after_help = "\
Exit codes: 0 allowed, 1 denied, 2 it cannot be answered.

Examples:
  gatewright review --context cluster/ review.json
  kubectl get gatewright,gateway-api,ingresses,namespaces -A -o json > cluster/all.json
  gatewright review --context cluster/ --claims require --trace review.json
  gatewright review --context cluster/ --record case.json review.json && gatewright review --replay case.json"
)]
pub(crate) struct Arguments {
    /// The review, JSON or YAML; stdin without one
    #[arg(value_name = "FILE", default_value = "-", conflicts_with = "replay")]
    file: PathBuf,
    /// Objects that there are: files or folders
    #[arg(long, value_name = "DIR", required_unless_present = "replay", conflicts_with = "replay")]
    context: Vec<PathBuf>,
    /// Print which grant or claim answered what, in place of the AdmissionReview
    #[arg(long)]
    trace: bool,
    /// Also write the review with its settings and the part of the context that it depends on
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// Judge what was recorded again, or a test vector
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
    #[command(flatten)]
    settings: RequestFlags,
}

/// The file of `--record`.
const RECORDING: Record =
    Record { what: "the recording", is_one: is_recording, keeps_input: false, lost: |_, _| None };

pub(crate) fn run(arguments: &Arguments) -> Exit {
    match answer(arguments) {
        Ok((reviewed, warnings)) => print(&reviewed, warnings, arguments.trace),
        Err(report) => report::finish(report, &report::Arguments::default(), "the answer", |_| Ok(())),
    }
}

/// The answer, and what was noticed in the context.
fn answer(arguments: &Arguments) -> Result<(Reviewed, Report), Report> {
    if let Some(file) = &arguments.replay {
        let text = input::text(file)
            .map_err(|refusal| unusable(format!("reading {}: {refusal}", file.display())))?;
        let replayed = admission::replay(&text, arguments.trace);
        let replayed = replayed.map_err(|fault| unusable(format!("{}: {fault}", file.display())))?;
        return Ok((replayed, Report::default()));
    }
    let given = Given::read(&arguments.settings, &arguments.context)?;
    let context = given.context()?;
    let asked = asked(&arguments.file)?;
    let reviewed = match &asked {
        Asked::Review(bytes) => admission::review(bytes, &context, &given.settings, arguments.trace),
        Asked::Unreadable(_, fault) => admission::refused(String::new(), fault.clone()),
    };
    let mut noticed = given.noticed(&context);
    noticed.extend(idle_grants(&context, &given.settings, &|_, _| true));
    if let Some(file) = &arguments.record {
        let (Asked::Review(bytes) | Asked::Unreadable(bytes, _)) = &asked;
        let recording = recording(arguments, bytes, &reviewed)?;
        let review = Input::empty(0, Origin::of(&arguments.file));
        let inputs: Vec<&Input> = given.inputs.iter().chain([&review]).collect();
        let written = RECORDING
            .outside(file, &arguments.context)
            .and_then(|()| RECORDING.write(file, &recording, &inputs));
        if let Err(fault) = written {
            noticed.push(fault);
            return Err(Report::unusable(given.inputs, noticed));
        }
    }
    Ok((reviewed, Report::of(given.inputs, noticed, 0)))
}

/// What is to be answered.
enum Asked {
    /// A review as JSON, or what may be one.
    Review(Vec<u8>),
    /// What no review can be read from, and why.
    Unreadable(Vec<u8>, String),
}

/// Reads the review; YAML becomes JSON.
fn asked(file: &std::path::Path) -> Result<Asked, Report> {
    let text = match input::text(file) {
        Ok(text) => text,
        Err(Refusal::NotUtf8(error)) => return Ok(Asked::Review(error.into_bytes())),
        Err(refusal) => return Err(unusable(format!("reading {}: {refusal}", file.display()))),
    };
    if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() {
        return Ok(Asked::Review(text.into_bytes()));
    }
    let mut faults = Vec::new();
    let objects = context::objects(&text, &mut faults);
    let fault = faults.iter().find(|fault| fault.severity == Severity::Error);
    Ok(match (objects.as_slice(), fault) {
        ([only], None) => Asked::Review(only.clone().into_bytes()),
        // What begins as JSON does was meant to be JSON.
        (_, Some(_)) if text.trim_start().starts_with('{') => Asked::Review(text.into_bytes()),
        (_, Some(fault)) => {
            let Position { line, column, .. } = fault.position;
            let why = format!("the review cannot be read: {} (line {line}, column {column})", fault.message);
            Asked::Unreadable(text.into_bytes(), why)
        }
        ([], None) => Asked::Unreadable(text.into_bytes(), "the review is empty".to_owned()),
        (many, None) => {
            let why = format!("{} documents, where one AdmissionReview belongs", many.len());
            Asked::Unreadable(text.into_bytes(), why)
        }
    })
}

/// The review with all that its answer depends on, as a text.
fn recording(arguments: &Arguments, bytes: &[u8], reviewed: &Reviewed) -> Result<String, Report> {
    let settings = arguments.settings.json().map_err(unusable)?.to_string();
    let review = String::from_utf8(bytes.to_vec())
        .map_err(|error| unusable(format!("what is no UTF-8 cannot be recorded: {error}")))?;
    let raw = |text: String| {
        RawValue::from_string(text)
            .map_err(|error| unusable(format!("what is no JSON cannot be recorded: {error}")))
    };
    let (settings, review) = (raw(settings)?, raw(review)?);
    let recording = Recording { settings: &settings, context: reviewed.slice.as_ref(), review: &review };
    let text = serde_json::to_string_pretty(&recording).map_err(|error| unusable(error.to_string()))?;
    Ok(text + "\n")
}

/// Whether a text is what [`recording`] writes, and holds nothing else.
fn is_recording(text: &str) -> bool {
    let keys = ["context", "review", "settings"];
    let read: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(text).ok();
    read.is_some_and(|map| map.len() == keys.len() && keys.iter().all(|key| map.contains_key(*key)))
}

fn print(reviewed: &Reviewed, noticed: Report, trace: bool) -> Exit {
    let text = if trace {
        let found = reviewed.decision.diagnostics();
        pretty(&of_decision(&reviewed.decision, &found))
    } else {
        reviewed.response.to_review() + "\n"
    };
    let told = report::finish(noticed, &report::Arguments::default(), "the answer", |out| {
        out.write_all(text.as_bytes())
    });
    let answered = if reviewed.response.allowed { Exit::Fine } else { Exit::Faulty };
    told.max(answered)
}
