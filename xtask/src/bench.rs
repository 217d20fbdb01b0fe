//! `cargo xtask bench NAME`: measurements beside what a user would pick instead.

use anyhow::{Result, bail};

use crate::{e2e, process, stage};

/// Brings what the benchmark needs and runs it; words after its name go to the benchmark.
pub(crate) fn run(words: &[String]) -> Result<()> {
    let Some((name, rest)) = words.split_first() else { bail!("name a benchmark: render") };
    if name != "render" {
        bail!("no benchmark is named `{name}`; there is: render");
    }
    let mut cargo = e2e::cargo_with_peers(&["helm3".into(), "helm4".into()])?;
    stage::stage("render", || {
        process::run(cargo.args(["bench", "--package", "gatewright-tests", "--bench", name, "--"]).args(rest))
    })
}
