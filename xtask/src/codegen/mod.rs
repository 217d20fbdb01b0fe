//! `cargo xtask codegen`: the tables of the core that come from published packages, and the CRDs of our own kinds.
//!
//! `--check` writes nothing and fails where a table is not what it would write.

mod conformance;
mod crds;
mod public_suffixes;
mod reports;
mod tables;

use std::fs;

use anyhow::{Context as _, Result, bail, ensure};

use crate::{peers, process, workspace};

/// The table of Gateway API's kinds, from the CRDs of its Go module.
const TABLES: &str = "core/src/check/api/tables.rs";

/// The table of what controllers report, from Gateway API's conformance reports.
const REPORTS: &str = "core/src/profile/reports.rs";

/// The Public Suffix List.
const PUBLIC_SUFFIXES: &str = "core/src/public_suffix/rules.txt";

/// The CRDs of our own kinds, as `gatewright crds` prints them.
const CRDS: &str = "crds/gatewright.dev.yaml";

pub(crate) fn run(words: &[String]) -> Result<()> {
    let check = match words {
        [] => false,
        [word] if word == "--check" => true,
        _ => bail!("codegen takes `--check` or nothing, but got `{}`", words.join(" ")),
    };
    peers::run(&["gateway-api-crds".into()])?;
    let tables = tables::write(&crds::read(&workspace::peers()?.join("crds"))?)?;
    let reports = reports::write(&conformance::read(&peers::bring("conformance")?)?)?;
    let crds = process::output(
        process::cargo()
            .args(["run", "--quiet", "--package", "gatewright", "--", "crds"])
            .current_dir(workspace::root()),
    )?;
    let suffixes = public_suffixes::write()?;
    hold(PUBLIC_SUFFIXES, &suffixes, check)?;
    for (file, text) in [(TABLES, tables), (REPORTS, reports), (CRDS, crds)] {
        hold(file, &text, check)?;
    }
    Ok(())
}

/// Writes a table, or with `check` fails where it is another.
fn hold(file: &str, text: &str, check: bool) -> Result<()> {
    let path = workspace::root().join(file);
    if check {
        let found = fs::read_to_string(&path).with_context(|| format!("reading {file}"))?;
        ensure!(found == text, "{file} is not what it comes from: run `cargo xtask codegen`");
        return Ok(());
    }
    fs::write(&path, text).with_context(|| format!("writing {file}"))
}
