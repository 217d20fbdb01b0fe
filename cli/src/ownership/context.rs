//! Objects of files and folders as the JSON texts that decisions are made from.

use std::path::PathBuf;

use gatewright_core::check::each_object;
use gatewright_core::diagnostic::Diagnostic;
use gatewright_core::tree::yaml::{self, Limits};

use crate::check::files;
use crate::input::Input;

/// Every object of some files and folders, and the files for reports.
pub(crate) fn read(paths: &[PathBuf], out: &mut Vec<Diagnostic>) -> (Vec<String>, Vec<Input>) {
    let paths = files::all(paths, out);
    let inputs = files::read(&[&paths], out);
    let objects = inputs.iter().flat_map(|input| objects(&input.text, input.source, out)).collect();
    (objects, inputs)
}

/// Every object of a text, those of lists too.
pub(crate) fn objects(text: &str, source: u16, out: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut objects = Vec::new();
    yaml::each(text, source, &Limits::NATIVE, out, |node, _| {
        each_object(node, &mut |object| {
            // A tree is always JSON.
            objects.extend(serde_json::to_string(&object));
        });
    });
    objects
}
