//! `cargo xtask bench NAME`: measurements beside what a user would pick instead.

use anyhow::{Result, bail};

use crate::{peers, plugin, process, setup, stage, workspace};

/// Brings what the benchmark needs and runs it; words after its name go to the benchmark.
pub(crate) fn run(words: &[String]) -> Result<()> {
    let Some((name, rest)) = words.split_first() else { bail!("name a benchmark: render") };
    if name != "render" {
        bail!("no benchmark is named `{name}`; there is: render");
    }
    stage::stage("setup", setup::run)?;
    stage::stage("peers", || peers::run(&["helm3".into(), "helm4".into()]))?;
    stage::stage("plugin", plugin::run)?;
    let plugins = workspace::metadata()?.target.join("helm-plugin");
    stage::stage("render", || {
        process::run(
            process::cargo()
                .args(["bench", "--package", "gatewright-tests", "--bench", name, "--"])
                .args(rest)
                .env("GATEWRIGHT_PEERS", workspace::peers()?)
                .env("GATEWRIGHT_HELM_PLUGINS", &plugins)
                .current_dir(workspace::root()),
        )
    })
}
