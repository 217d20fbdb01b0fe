//! The files that a user names, and those in the folders that they name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use gatewright_core::diagnostic::{Code, Diagnostic};
use gatewright_core::path::Path as ValuePath;

use crate::input::{self, Input, Origin};

/// A folder that cannot be read, or that holds no manifest.
const FOLDER: Code = Code("folder-unreadable");

/// More files than one run reads.
const TOO_MANY_FILES: Code = Code("too-many-files");

/// Folders in folders beyond this depth are not looked at; our own bound, against links in circles.
const DEPTH_MAX: usize = 32;

/// Most files of one run: a place in the input counts them in 16 bits, and the last number stands for none.
const FILES_MAX: usize = u16::MAX as usize;

/// Stdin is named more than once; it can be read once only.
const REPEATED_STDIN: Code = Code("repeated-stdin");

/// Reads files, numbered in the order of the lists; none of them where together they cannot be read, and then
/// one input stands for all, so that no report replaces any.
pub(crate) fn read(lists: &[&[PathBuf]], out: &mut Vec<Diagnostic>) -> Vec<Input> {
    let paths = lists.concat();
    let refused = if paths.len() > FILES_MAX {
        let message = format!("{} files, but one run reads {FILES_MAX} at most", paths.len());
        let hint = "check them folder by folder, or put many objects into one file";
        Some(Diagnostic::error(TOO_MANY_FILES, ValuePath::ROOT, message).hint(hint))
    } else if paths.iter().filter(|path| input::stands_for_stdin(path)).count() > 1 {
        let hint = "write one of the two to a file and name that";
        Some(Diagnostic::error(REPEATED_STDIN, ValuePath::ROOT, input::STDIN_AGAIN).hint(hint))
    } else {
        None
    };
    if let Some(refused) = refused {
        out.push(refused);
        return vec![Input::empty(0, Origin::Refused(paths))];
    }
    (0..u16::MAX).zip(&paths).map(|(source, path)| input::read(path, source, out)).collect()
}

/// Every file, those of a folder in the order of their names.
pub(crate) fn all(paths: &[PathBuf], out: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            walk(path, 0, &mut BTreeSet::new(), &mut files, out);
            if files.len() == before {
                let message = format!("{} holds no file that ends in .yaml, .yml or .json", path.display());
                out.push(Diagnostic::warning(FOLDER, ValuePath::ROOT, message));
            }
        } else {
            files.push(path.clone());
        }
    }
    files
}

/// Whether a file of a folder is read, by its name.
pub(crate) fn is_manifest(file: &Path) -> bool {
    file.extension().is_some_and(|end| ["yaml", "yml", "json"].iter().any(|known| end == *known))
}

/// Pipes and devices of a folder are none of its manifests; a link that leads nowhere was meant to be one, and
/// reading it says so.
fn is_file_or_broken(path: &Path) -> bool {
    path.metadata().map_or(true, |found| found.is_file())
}

/// Each folder once, by whatever links it is reached.
fn walk(
    folder: &Path,
    depth: usize,
    seen: &mut BTreeSet<PathBuf>,
    files: &mut Vec<PathBuf>,
    out: &mut Vec<Diagnostic>,
) {
    let refuse = |what: &str| {
        Diagnostic::error(FOLDER, ValuePath::ROOT, format!("reading {}: {what}", folder.display()))
    };
    if folder.canonicalize().is_ok_and(|real| !seen.insert(real)) {
        return;
    }
    if depth > DEPTH_MAX {
        out.push(refuse(&format!("more than {DEPTH_MAX} folders deep")));
        return;
    }
    let entries = match fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(entries) => entries,
        Err(error) => {
            out.push(refuse(&error.to_string()));
            return;
        }
    };
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, depth + 1, seen, files, out);
        } else if is_manifest(&path) && is_file_or_broken(&path) {
            files.push(path);
        }
    }
}
