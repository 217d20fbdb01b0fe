//! Files that a command writes beside its answer, to be read again: what is there and is none of those is not replaced.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use gatewright_core::diagnostic::{Code, Diagnostic};
use gatewright_core::path::Path as ValuePath;

use crate::check::files::is_manifest;
use crate::input::{self, Input};

/// A record that cannot be written, or must not.
const RECORD: Code = Code("record-unwritable");

/// What a record holds.
pub(crate) struct Record {
    /// In words.
    pub(crate) what: &'static str,
    /// Whether a text holds that and nothing else.
    pub(crate) is_one: fn(&str) -> bool,
    /// Whether a record is kept by being an input too; one that is there and is none is not replaced, for what it says
    /// would be lost.
    pub(crate) keeps_input: bool,
    /// What of an old record a new one would lose.
    pub(crate) lost: fn(&str, &str) -> Option<Loss>,
}

/// What would be lost, in words, and what to do about it.
pub(crate) struct Loss {
    pub(crate) found: String,
    pub(crate) hint: &'static str,
}

impl Record {
    /// Writes one. A link stays, and what it leads to is replaced.
    pub(crate) fn write(&self, file: &Path, text: &str, inputs: &[&Input]) -> Result<(), Diagnostic> {
        let fault = |found: String, hint| {
            let message = format!("writing {} to {}: {found}", self.what, file.display());
            Diagnostic::error(RECORD, ValuePath::ROOT, message).hint(hint)
        };
        let kept = fs::canonicalize(file);
        if kept.is_err() && file.symlink_metadata().is_ok_and(|own| own.is_symlink()) {
            return Err(fault("it is a link that leads to no file".to_owned(), "name a file"));
        }
        if let Ok(kept) = &kept {
            if !kept.is_file() {
                return Err(fault("it is no file".to_owned(), "name a file"));
            }
            let old = input::text(kept);
            let is_empty = old.as_ref().is_ok_and(|text| text.trim().is_empty());
            let is_own = is_empty || old.as_ref().is_ok_and(|text| (self.is_one)(text));
            let input = inputs.iter().find(|input| input.is(file));
            let found = match input {
                Some(input) if !self.keeps_input => Some(format!("it is the input {}", input.name())),
                Some(input) if !is_own => {
                    Some(format!("it is the input {}, which holds more than {}", input.name(), self.what))
                }
                None if !is_own => Some("it is there already and holds something else".to_owned()),
                None if self.keeps_input && !is_empty => {
                    let found = format!("it holds {} already that are not among the values", self.what);
                    return Err(fault(found, "name it with `-f` too, or take it away to begin anew"));
                }
                _ => None,
            };
            if let Some(found) = found {
                return Err(fault(found, "name another file"));
            }
            if let Some(loss) = old.ok().and_then(|old| (self.lost)(&old, text)) {
                return Err(fault(loss.found, loss.hint));
            }
        }
        replace(&kept.unwrap_or_else(|_| file.to_owned()), text).map_err(|error| fault(plain(&error), ""))
    }

    /// Refuses a file in one of the folders that a run reads, where the next run would take it for an input.
    pub(crate) fn outside(&self, file: &Path, folders: &[PathBuf]) -> Result<(), Diagnostic> {
        let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let Ok(parent) = parent.canonicalize() else { return Ok(()) };
        let holds = |folder: &&PathBuf| {
            folder.is_dir() && folder.canonicalize().is_ok_and(|folder| parent.starts_with(folder))
        };
        let Some(folder) = folders.iter().filter(|_| is_manifest(file)).find(holds) else { return Ok(()) };
        let (what, file, folder) = (self.what, file.display(), folder.display());
        let message = format!(
            "writing {what} to {file}: it is in the folder {folder}, and would be an input of the next run"
        );
        Err(Diagnostic::error(RECORD, ValuePath::ROOT, message).hint("name a file beside the folder"))
    }
}

/// Why a file cannot be written, without the name of the one beside it.
fn plain(error: &io::Error) -> String {
    if error.get_ref().is_some() { io::Error::from(error.kind()).to_string() } else { error.to_string() }
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
