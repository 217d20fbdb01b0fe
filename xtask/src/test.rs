//! `cargo xtask test`: the tests that need no peer.

use anyhow::Result;

use crate::{process, setup, stage, workspace};

pub(crate) fn run() -> Result<()> {
    stage::stage("setup", setup::run)?;
    stage::stage("cargo test", || {
        process::run(process::cargo().args(["test", "--workspace"]).current_dir(workspace::root()))
    })
}
