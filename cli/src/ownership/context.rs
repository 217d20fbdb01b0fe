//! What a decision is made from: settings from flags, and objects of files and folders as JSON texts.

use std::path::PathBuf;

use gatewright_core::check::{Seen, each_known};
use gatewright_core::diagnostic::{Diagnostic, has_errors};
use gatewright_core::ownership::{Context, PublicSuffixes, Settings, without_owners};
use gatewright_core::tree::yaml::{self, Limits};
use gatewright_core::tree::{Node, Position};

use super::settings::{Flags, RequestFlags};
use super::unanswerable;
use crate::check::files;
use crate::input::Input;
use crate::report::Report;

/// What was given.
pub(super) struct Given {
    pub(super) settings: Settings,
    objects: Vec<String>,
    /// The files, for reports.
    pub(super) inputs: Vec<Input>,
    /// What was noticed in them, and keeps nothing from being answered.
    pub(super) warnings: Vec<Diagnostic>,
}

impl Given {
    /// Reads all of it.
    pub(super) fn read(flags: &RequestFlags, paths: &[PathBuf]) -> Result<Self, Report> {
        let settings = flags.settings().map_err(unusable)?;
        let (inputs, mut warnings) = opened(paths)?;
        let mut objects = Vec::new();
        // A tree is always JSON.
        known(&inputs, &mut warnings, &mut |object| objects.extend(serde_json::to_string(&object)));
        if has_errors(&warnings) {
            return Err(Report::unusable(inputs, warnings));
        }
        Ok(Self { settings, objects, inputs, warnings })
    }

    /// What is to be said of it where a question is put to it.
    pub(super) fn noticed(&self, context: &Context<'_>) -> Vec<Diagnostic> {
        let lacks_owners = !context.has_owners() && !self.settings.asks_nothing();
        let lacking = lacks_owners.then(|| without_owners("nobody has leave or a claim by it"));
        self.warnings.iter().cloned().chain(lacking).collect()
    }

    /// The objects, indexed.
    pub(super) fn context(&self) -> Result<Context<'_>, Report> {
        Context::new(self.objects.iter().map(String::as_str), None, PublicSuffixes::BuiltIn)
            .map_err(|(index, error)| unusable(format!("object {index}: {error}")))
    }
}

/// The cluster that objects are for, from files that `render` names.
pub(crate) struct Cluster {
    settings: Settings,
    inputs: Vec<Input>,
    /// What was noticed in the files.
    pub(crate) warnings: Vec<Diagnostic>,
}

impl Cluster {
    /// Reads all of it.
    pub(crate) fn read(flags: &Flags, paths: &[PathBuf]) -> Result<Self, Report> {
        let settings = flags.settings().map_err(unusable)?;
        let (inputs, mut noticed) = opened(paths)?;
        known(&inputs, &mut noticed, &mut |_| {});
        if has_errors(&noticed) {
            return Err(Report::unusable(inputs, noticed));
        }
        let warnings = noticed.into_iter().map(|warning| of_file(warning, &inputs)).collect();
        Ok(Self { settings, inputs, warnings })
    }

    /// Hands it to a judge.
    pub(crate) fn with<T>(&self, judge: impl FnOnce(&gatewright_core::Cluster<'_>) -> T) -> T {
        let texts: Vec<(&str, u16)> =
            self.inputs.iter().map(|input| (input.text.as_str(), input.source)).collect();
        judge(&gatewright_core::Cluster { texts: &texts, owners: &self.settings })
    }

    /// Its files, which a report must not replace.
    pub(crate) fn into_inputs(self) -> Vec<Input> {
        self.inputs
    }
}

/// Files and those of folders, with what was noticed in finding them.
fn opened(paths: &[PathBuf]) -> Result<(Vec<Input>, Vec<Diagnostic>), Report> {
    let mut warnings = Vec::new();
    let paths = files::all(paths, &mut warnings);
    let inputs = files::read(&[&paths], &mut warnings);
    if has_errors(&warnings) { Err(Report::unusable(inputs, warnings)) } else { Ok((inputs, warnings)) }
}

/// A warning with its file in words, for a report that is of other files.
fn of_file(mut warning: Diagnostic, inputs: &[Input]) -> Diagnostic {
    let Some(input) = inputs.get(usize::from(warning.position.source)) else { return warning };
    let message = format!("{}: {}", input.name(), warning.message);
    warning.position = Position::UNKNOWN;
    warning.with_message(message)
}

/// Every object of files; what is none is told, and what is there twice.
fn known(inputs: &[Input], out: &mut Vec<Diagnostic>, take: &mut dyn FnMut(Node<'_>)) {
    let mut seen = Seen::default();
    for input in inputs {
        let mut told = Vec::new();
        each(&input.text, input.source, out, &mut |object| {
            if let Some(object) = seen.look(object, "default", &mut told) {
                take(object);
            }
        });
        out.append(&mut told);
    }
}

/// Every object of a text as JSON, those of lists too.
pub(super) fn objects(text: &str, out: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut objects = Vec::new();
    // A tree is always JSON.
    each(text, 0, out, &mut |object| objects.extend(serde_json::to_string(&object)));
    objects
}

fn each(text: &str, source: u16, out: &mut Vec<Diagnostic>, mut take: &mut dyn FnMut(Node<'_>)) {
    yaml::each(text, source, &Limits::NATIVE, out, |node, _| {
        if !node.is_null() {
            each_known(node, &mut take);
        }
    });
}

/// A report of what keeps a question from being answered.
pub(super) fn unusable(message: String) -> Report {
    Report::unusable(Vec::new(), vec![unanswerable(message)])
}
