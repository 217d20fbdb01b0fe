//! `cargo xtask codegen`: the tables of the core that come from published packages.
//!
//! `--check` writes nothing and fails where a table is not what it would write.

mod crds;
mod tables;

use std::fs;

use anyhow::{Context as _, Result, bail, ensure};

use crate::{peers, workspace};

/// The table of Gateway API's kinds, from the CRDs of its Go module.
const TABLES: &str = "core/src/check/api/tables.rs";

pub(crate) fn run(words: &[String]) -> Result<()> {
    let check = match words {
        [] => false,
        [word] if word == "--check" => true,
        _ => bail!("codegen takes `--check` or nothing, but got `{}`", words.join(" ")),
    };
    peers::run(&["gateway-api-crds".into()])?;
    let text = tables::write(&crds::read(&workspace::peers()?.join("crds"))?)?;
    let path = workspace::root().join(TABLES);
    if check {
        let found = fs::read_to_string(&path).with_context(|| format!("reading {TABLES}"))?;
        ensure!(found == text, "{TABLES} is not what the CRDs give: run `cargo xtask codegen`");
        return Ok(());
    }
    fs::write(&path, text).with_context(|| format!("writing {TABLES}"))
}
