//! `cargo xtask e2e`: the tests against real peers.

use anyhow::Result;

use crate::{peers, plugin, process, setup, stage, workspace};

/// Brings what the tests need and runs them; `words` go to `cargo test`, for example
/// `--test e2e_lab`.
pub(crate) fn run(words: &[String]) -> Result<()> {
    stage::stage("setup", setup::run)?;
    stage::stage("peers", || peers::run(&[]))?;
    stage::stage("plugin", plugin::run)?;
    let plugins = workspace::metadata()?.target.join("helm-plugin");
    let cache = workspace::peers()?;
    stage::stage("cargo test, with peers", || {
        process::run(
            process::cargo()
                .args(["test", "--package", "gatewright-tests", "--features", "e2e"])
                .args(words)
                .env("GATEWRIGHT_PEERS", &cache)
                .env("GATEWRIGHT_HELM_PLUGINS", &plugins)
                // Each of these tests starts servers and waits for them: side by side on two cores
                // they only make each other late.
                .env("RUST_TEST_THREADS", "1")
                .current_dir(workspace::root()),
        )
    })
}
