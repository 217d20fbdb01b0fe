//! The file of `--record`.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use gatewright_core::diagnostic::{Code, Diagnostic};
use gatewright_core::path::Path as ValuePath;
use gatewright_core::summary::{Summary, record};
use gatewright_core::tree::yaml::{self, Limits};

use crate::input::Input;

/// A record that cannot be written, or must not.
const RECORD: Code = Code("record-unwritable");

/// Writes the placements of a plan. A record that is among the inputs is replaced, for that is how it is kept; any
/// other input is not, nor is what is no file. A link stays, and what it leads to is replaced.
pub(super) fn write(file: &Path, summary: &Summary, inputs: &[Input]) -> Result<(), Diagnostic> {
    let fault = |what: String| {
        let message = format!("writing placements to {}: {what}", file.display());
        Diagnostic::error(RECORD, ValuePath::ROOT, message)
    };
    if let Some(input) = inputs.iter().find(|input| input.is(file) && !is_record(&input.text)) {
        let what = format!("it is the input {}, which holds more than placements", input.name());
        return Err(fault(what).hint("name a file of their own"));
    }
    let kept = fs::canonicalize(file);
    if kept.is_err() && file.symlink_metadata().is_ok_and(|own| own.is_symlink()) {
        return Err(fault("it is a link that leads to no file".to_owned()).hint("name a file"));
    }
    if kept.as_ref().is_ok_and(|kept| !kept.is_file()) {
        return Err(fault("it is no file".to_owned()).hint("name a file"));
    }
    replace(&kept.unwrap_or_else(|_| file.to_owned()), &record(summary))
        .map_err(|error| fault(error.to_string()))
}

/// Writes beside the file and puts that in its place: whatever happens, there is a whole record.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = tempfile::Builder::new();
    // As any other file that a program writes, but for one that is there and has its own.
    #[cfg(unix)]
    beside.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    if let Ok(metadata) = file.metadata() {
        beside.permissions(metadata.permissions());
    }
    let mut beside = beside.tempfile_in(folder)?;
    beside.write_all(text.as_bytes())?;
    beside.persist(file)?;
    Ok(())
}

/// Whether a values file has placements and nothing else.
fn is_record(text: &str) -> bool {
    let documents = yaml::read(text, 0, &Limits::NATIVE, &mut Vec::new());
    let mut keys = documents.iter().filter_map(|document| document.as_map()).flatten();
    keys.all(|entry| entry.key == "placements")
}
