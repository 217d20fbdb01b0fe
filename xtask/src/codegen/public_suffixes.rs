//! Mozilla's Public Suffix List as the crate `psl` has it, written small.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::{process, workspace};

/// A rule a line, its labels from the last to the first; those that are not of the section ICANN end in `~`.
pub(super) fn write() -> Result<String> {
    let (version, rules) = package()?;
    let mut lines = BTreeMap::new();
    for rule in rules.lines().map(str::trim).filter(|rule| !rule.is_empty()) {
        let name = rule.trim_start_matches('!').replace("*.", "any-label.");
        let found = psl::suffix(name.as_bytes()).with_context(|| format!("no suffix is in `{rule}`"))?;
        let mark = if found.typ() == Some(psl::Type::Icann) { "" } else { "~" };
        let exception = if rule.starts_with('!') { "!" } else { "" };
        let name = rule.trim_start_matches('!');
        let plain = name.trim_start_matches("*.");
        let ascii = idna::domain_to_ascii(plain).with_context(|| format!("`{rule}` has no ASCII form"))?;
        let mut labels: Vec<String> = ascii.rsplit('.').map(str::to_owned).collect();
        if plain.len() < name.len() {
            labels.push("*".to_owned());
        }
        if let Some(first) = labels.last_mut() {
            first.insert_str(0, exception);
        }
        ensure!(!labels.iter().any(String::is_empty), "`{rule}` has an empty label");
        lines.insert(labels.join(" "), mark);
    }
    let lines: Vec<String> = lines.into_iter().map(|(line, mark)| format!("{line}{mark}\n")).collect();
    Ok(format!("{version}\n{}", lines.concat()))
}

/// The version of the package, and its rules.
fn package() -> Result<(String, String)> {
    let text = process::output(
        process::cargo().args(["metadata", "--format-version", "1"]).current_dir(workspace::root()),
    )?;
    let value: Value = serde_json::from_str(&text).context("reading `cargo metadata`")?;
    let packages = value["packages"].as_array().context("`cargo metadata` names no packages")?;
    let package =
        packages.iter().find(|package| package["name"] == "psl").context("psl is not a dependency")?;
    let version = package["version"].as_str().context("psl has no version")?;
    let manifest = package["manifest_path"].as_str().context("psl lies nowhere")?;
    let rules = Path::new(manifest).with_file_name("data").join("rules.txt");
    let text = fs::read_to_string(&rules).with_context(|| format!("reading {}", rules.display()))?;
    Ok((format!("psl {version}"), text))
}
