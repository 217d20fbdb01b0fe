//! Documents that are printed from the code are current (`UPDATE_GOLDEN=1` writes them anew), and what
//! docs/ARCHITECTURE.md says of the rooms is so.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use gatewright_core::check::controller;
use gatewright_core::diagnostic::has_errors;
use gatewright_core::summary::changes::between;
use gatewright_core::tree::yaml::{self, Limits};
use gatewright_core::{Scope, manual, profile, values};
use gatewright_tests::{codes, golden};
use serde_json::Value;

#[test]
fn reference_of_the_values_is_current() {
    let held = golden::hold(&golden::root().join("docs/values.md"), &values::reference());
    assert_eq!(held, Ok(()));
}

#[test]
fn reference_of_the_rules_is_current() {
    let held = golden::hold(&golden::root().join("docs/rules.md"), &manual::markdown());
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

/// docs/plan.md has a row for every key of the JSON; the rows of what has keys of its own name those too.
#[test]
fn every_key_of_a_plan_is_documented() {
    let values = "\
baseDomain: example.com
gateway: {name: eg, className: eg}
certificates: {enabled: true, solver: none, issuerRef: {name: vault}}
sharding: {strategy: pool}
migration: {phase: parallel}
organizations: [{name: acme, services: [{name: web, port: 80}]}]
";
    let root = yaml::read(values, 0, &Limits::NATIVE, &mut Vec::new()).pop().expect("a document");
    let (summary, found) =
        gatewright_core::plan(root, &Scope { namespace: "edge".to_owned(), ..Scope::default() });
    assert!(!has_errors(&found), "{found:?}");
    let json = serde_json::to_value(&summary).expect("a summary is JSON");
    let changes = serde_json::to_value(between(&summary, &summary)).expect("changes are JSON");
    let rows = rows_of_the_plan();
    let top: BTreeSet<String> =
        rows.iter().flat_map(|(keys, _)| keys).filter(|key| !key.contains('[')).cloned().collect();
    assert_eq!(top, keys(&json).chain(["changes".to_owned()]).collect());
    for (row, value) in [
        ("gateways[].room", &json["gateways"][0]["room"]),
        ("sharding", &json["sharding"]),
        ("placements", &json["placements"][0]),
        ("migration", &json["migration"]),
        ("size", &json["size"]),
        ("changes", &changes),
    ] {
        let (_, words) =
            rows.iter().find(|(keys, _)| keys.iter().any(|key| key == row)).expect("it has a row");
        let missing: Vec<String> = keys(value).filter(|key| !words.contains(&format!("`{key}`"))).collect();
        assert_eq!(missing, [""; 0], "docs/plan.md, row {row}");
        assert!(value.is_object(), "{row}: {value}");
    }
}

fn keys(value: &Value) -> impl Iterator<Item = String> {
    value.as_object().into_iter().flatten().map(|(key, _)| key.clone())
}

/// The rows of the table of the JSON in docs/plan.md: the keys that each is about, and what it says.
fn rows_of_the_plan() -> Vec<(Vec<String>, String)> {
    let page = fs::read_to_string(golden::root().join("docs/plan.md")).expect("there is a page of the plan");
    let (_, table) = page.split_once("| key | what |\n").expect("it has the table");
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|')).filter_map(|line| {
        let (keys, words) = line.strip_prefix('|')?.split_once('|')?;
        Some((keys.split('`').skip(1).step_by(2).map(str::to_owned).collect(), words.to_owned()))
    });
    rows.collect()
}

/// A row of the table of rooms may name several, which then may use each other.
#[test]
fn rooms_use_only_rooms_above_them() {
    let core = golden::root().join("core/src");
    let library = fs::read_to_string(core.join("lib.rs")).expect("the core has a lib.rs");
    let all: BTreeSet<_> = library
        .lines()
        .filter_map(|line| line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';'))
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
