//! What a decision is made from: settings from flags, and objects of files and folders as JSON texts.

use std::path::PathBuf;

use gatewright_core::check::each_object;
use gatewright_core::diagnostic::{Diagnostic, has_errors};
use gatewright_core::ownership::{Context, PublicSuffixes, Settings};
use gatewright_core::tree::Position;
use gatewright_core::tree::yaml::{self, Limits};

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
        let texts = inputs.iter().map(|input| (input.text.as_str(), input.source));
        let objects = texts.flat_map(|(text, source)| objects(text, source, &mut warnings)).collect();
        if has_errors(&warnings) {
            return Err(Report::unusable(inputs, warnings));
        }
        Ok(Self { settings, objects, inputs, warnings })
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
        let (inputs, mut warnings) = opened(paths)?;
        for warning in &mut warnings {
            // The report is of other files.
            warning.position = Position::UNKNOWN;
        }
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

/// Every object of a text, those of lists too.
pub(super) fn objects(text: &str, source: u16, out: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut objects = Vec::new();
    yaml::each(text, source, &Limits::NATIVE, out, |node, _| {
        each_object(node, &mut |object| {
            // A tree is always JSON.
            objects.extend(serde_json::to_string(&object));
        });
    });
    objects
}

/// A report of what keeps a question from being answered.
pub(super) fn unusable(message: String) -> Report {
    Report::unusable(Vec::new(), vec![unanswerable(message)])
}
