//! Documents that are printed from the code are current (`UPDATE_GOLDEN=1` writes them anew), and what
//! docs/ARCHITECTURE.md says of the rooms is so.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use gatewright_core::check::{self, controller};
use gatewright_core::{profile, values};
use gatewright_tests::{codes, golden};

#[test]
fn reference_of_the_values_is_current() {
    let held = golden::hold(&golden::root().join("docs/values.md"), &values::reference());
    assert_eq!(held, Ok(()));
}

#[test]
fn reference_of_the_rules_is_current() {
    let held = golden::hold(&golden::root().join("docs/rules.md"), &check::markdown());
    assert_eq!(held, Ok(()));
}

#[test]
fn reference_of_the_profiles_is_current() {
    let page = profile::sheet::markdown() + &controller::features::markdown();
    let held = golden::hold(&golden::root().join("docs/profiles.md"), &page);
    assert_eq!(held, Ok(()));
}

#[test]
fn list_of_the_codes_is_current() {
    let codes = codes::markdown().expect("every code has a comment");
    assert_eq!(golden::hold(&golden::root().join("docs/codes.md"), &codes), Ok(()));
}

/// A row of the table of rooms may name several, which then may use each other.
#[test]
fn rooms_use_only_rooms_above_them() {
    let core = golden::root().join("core/src");
    let library = fs::read_to_string(core.join("lib.rs")).expect("the core has a lib.rs");
    let all: BTreeSet<_> = library
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect();
    let mut above = BTreeSet::new();
    let mut faults = Vec::new();
    for row in rooms() {
        above.extend(row.iter().cloned());
        for file in row.iter().flat_map(|room| sources(&core, room)) {
            let text = fs::read_to_string(&file).expect("a source is text");
            let below = used(&text).into_iter().filter(|used| all.contains(used) && !above.contains(used));
            faults.extend(below.map(|used| format!("{} uses {used}", file.display())));
        }
    }
    assert_eq!(faults, [""; 0]);
    assert_eq!(above, all, "docs/ARCHITECTURE.md has a row for every room");
}

/// The rooms of the core, row by row, from the top.
fn rooms() -> Vec<Vec<String>> {
    let page = golden::root().join("docs/ARCHITECTURE.md");
    let page = fs::read_to_string(page).expect("there is a page of the architecture");
    let (_, table) = page.split_once("| room of the core |").expect("it has the table");
    table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cell = line.split('|').nth(1).unwrap_or_default();
            cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
        })
        .collect()
}

/// The files of a room, `NAME.rs` or all in the folder `NAME`, without those of its tests.
fn sources(core: &Path, room: &str) -> Vec<PathBuf> {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("an entry can be read").path();
            match path.file_name().and_then(|name| name.to_str()) {
                Some("tests.rs") => {}
                _ if path.is_dir() => collect(&path, found),
                _ => found.push(path),
            }
        }
    }
    let mut found: Vec<_> =
        [core.join(room).with_extension("rs")].into_iter().filter(|file| file.is_file()).collect();
    collect(&core.join(room), &mut found);
    assert!(!found.is_empty(), "there is no room `{room}`");
    found
}

/// The first word after each `crate::` of a source, or all words of a group; comments and tests left out.
fn used(source: &str) -> Vec<String> {
    let code: Vec<&str> = source
        .lines()
        .take_while(|line| *line != "mod tests {")
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let code = code.join("\n");
    let words = |text: &str, most: usize| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric() && c != '_').take(most).map(str::to_owned).collect()
    };
    code.split("crate::")
        .skip(1)
        .flat_map(|path| match path.strip_prefix('{') {
            Some(group) => words(group.split(';').next().unwrap_or_default(), usize::MAX),
            None => words(path, 1),
        })
        .collect()
}
