//! `cargo xtask ci`: everything a change must pass.

use anyhow::Result;

use crate::{codegen, deny, e2e, fuzz, mutants, process, setup, stage, test, wasm_check, workspace};

/// Runs the stages from quick to slow and stops at the first failure. A missing tool is a failure.
pub(crate) fn run() -> Result<()> {
    let cargo = |words: &[&str]| process::run(process::cargo().args(words).current_dir(workspace::root()));
    stage::stage("setup", setup::run)?;
    stage::stage("programs", setup::programs)?;
    stage::stage("fmt", || cargo(&["fmt", "--all", "--check"]))?;
    stage::stage("clippy", || {
        cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--", "--deny", "warnings"])
    })?;
    stage::stage("wasm-check", wasm_check::run)?;
    stage::stage("codegen", || codegen::run(&["--check".to_owned()]))?;
    stage::stage("test", test::run)?;
    stage::stage("e2e", || e2e::run(&[]))?;
    stage::stage("fuzz", fuzz::run)?;
    stage::stage("mutants", || mutants::run(&["--changed".to_owned()]))?;
    stage::stage("deny", deny::run)
}
