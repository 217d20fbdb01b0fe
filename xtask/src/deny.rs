//! `cargo xtask deny`: bans, licences and sources, as `deny.toml` states them.

use std::process::Command;

use anyhow::Result;

use crate::{peers, process, workspace};

/// Advisories are left out: they need a database from outside, and change without a change of ours.
pub(crate) fn run() -> Result<()> {
    let program = peers::bring("cargo-deny")?;
    process::run(
        Command::new(program)
            .args(["--all-features", "check", "bans", "licenses", "sources"])
            .current_dir(workspace::root()),
    )
}
