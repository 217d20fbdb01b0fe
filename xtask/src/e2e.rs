//! `cargo xtask e2e`: the tests against real peers.

use std::process::Command;

use anyhow::Result;

use crate::{peers, plugin, process, setup, stage, wasm, workspace};

/// Brings what the tests need and runs them; `words` go to `cargo test`, for example
/// `--test e2e_lab`.
pub(crate) fn run(words: &[String]) -> Result<()> {
    let mut cargo = cargo_with_peers(&[])?;
    stage::stage("cargo test, with peers", || {
        process::run(
            cargo
                .args(["test", "--package", "gatewright-tests", "--features", "e2e"])
                .args(words)
                // Each of these tests starts servers and waits for them: side by side on two cores
                // they only make each other late.
                .env("RUST_TEST_THREADS", "1"),
        )
    })
}

/// Brings the named peers (every one if none is named), the plugin and with `binaryen` the modules, and gives a cargo that
/// tells what it runs where they are.
pub(crate) fn cargo_with_peers(names: &[String]) -> Result<Command> {
    stage::stage("setup", setup::run)?;
    stage::stage("peers", || peers::run(names))?;
    stage::stage("plugin", plugin::run)?;
    // The modules are made with it: whoever needs it measures them.
    if names.is_empty() || names.iter().any(|name| name == "binaryen") {
        stage::stage("wasm", wasm::run)?;
    }
    let mut cargo = process::cargo();
    cargo
        .env("GATEWRIGHT_PEERS", workspace::peers()?)
        .env("GATEWRIGHT_WASM", workspace::metadata()?.target.join(wasm::FOLDER))
        .env("GATEWRIGHT_HELM_PLUGINS", workspace::metadata()?.target.join("helm-plugin"))
        .current_dir(workspace::root());
    Ok(cargo)
}
