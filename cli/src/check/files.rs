//! The files that a user names, and those in the folders that they name.

use std::fs;
use std::path::{Path, PathBuf};

use gatewright_core::diagnostic::{Code, Diagnostic};
use gatewright_core::path::Path as ValuePath;

/// A folder that cannot be read, or that holds no manifest.
const FOLDER: Code = Code("folder-unreadable");

/// Folders in folders beyond this depth are not looked at; our own bound, against links in circles.
const DEPTH_MAX: usize = 32;

/// Every file, those of a folder in the order of their names.
pub(crate) fn all(paths: &[PathBuf], out: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            walk(path, 0, &mut files, out);
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

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>, out: &mut Vec<Diagnostic>) {
    let refuse = |what: &str| {
        Diagnostic::error(FOLDER, ValuePath::ROOT, format!("reading {}: {what}", folder.display()))
    };
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
            walk(&path, depth + 1, files, out);
        } else if path
            .extension()
            .is_some_and(|end| ["yaml", "yml", "json"].iter().any(|known| end == *known))
        {
            files.push(path);
        }
    }
}
