//! The file of `--record`.

use std::fs;
use std::path::{Path, PathBuf};

use gatewright_core::diagnostic::{Code, Diagnostic};
use gatewright_core::path::Path as ValuePath;
use gatewright_core::summary::{Summary, record};
use gatewright_core::tree::yaml::{self, Limits};

use crate::input::Input;

/// A record that cannot be written, or must not.
const RECORD: Code = Code("record-unwritable");

/// Writes the placements of a plan. A record that is among the inputs is replaced, for that is how it is kept; any
/// other input is not.
pub(super) fn write(file: &Path, summary: &Summary, inputs: &[Input]) -> Result<(), Diagnostic> {
    if let Some(input) = inputs.iter().find(|input| input.is(file) && !is_record(&input.text)) {
        let message = format!(
            "writing placements to {}: it is the input {}, which holds more than placements",
            file.display(),
            input.name()
        );
        return Err(Diagnostic::error(RECORD, ValuePath::ROOT, message).hint("name a file of their own"));
    }
    // Beside the file, then in its place: whatever happens, there is a whole record.
    let beside = beside(file);
    let written = fs::write(&beside, record(summary)).and_then(|()| fs::rename(&beside, file));
    written.map_err(|error| {
        // What was not put in place is of no use.
        let _ = fs::remove_file(&beside);
        let message = format!("writing placements to {}: {error}", file.display());
        Diagnostic::error(RECORD, ValuePath::ROOT, message)
    })
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    file.with_file_name(name)
}

/// Whether a values file has placements and nothing else.
fn is_record(text: &str) -> bool {
    let documents = yaml::read(text, 0, &Limits::NATIVE, &mut Vec::new());
    let mut keys = documents.iter().filter_map(|document| document.as_map()).flatten();
    keys.all(|entry| entry.key == "placements")
}
