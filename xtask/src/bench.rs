//! `cargo xtask bench NAME`: measurements beside what a user would pick instead.

use anyhow::{Result, bail};

use crate::{e2e, process, stage};

/// Each benchmark and the peers that it needs.
const BENCHMARKS: [(&str, &[&str]); 4] = [
    ("check", &["gateway-api-crds", "kube-apiserver", "etcd", "kubectl"]),
    ("plan", &["helm3", "helm4"]),
    ("render", &["helm3", "helm4"]),
    ("review", &["binaryen"]),
];

/// Brings what the benchmark needs and runs it; words after its name go to the benchmark.
pub(crate) fn run(words: &[String]) -> Result<()> {
    let names = BENCHMARKS.map(|(name, _)| name).join(", ");
    let Some((name, rest)) = words.split_first() else { bail!("name a benchmark: {names}") };
    let Some((name, needed)) = BENCHMARKS.iter().find(|(known, _)| known == name) else {
        bail!("no benchmark is named `{name}`; there are: {names}");
    };
    let needed: Vec<String> = needed.iter().map(|peer| (*peer).to_owned()).collect();
    let mut cargo = e2e::cargo_with_peers(&needed)?;
    stage::stage(name, || {
        process::run(
            cargo
                .args(["bench", "--package", "gatewright-tests", "--features", "e2e", "--bench", name, "--"])
                .args(rest),
        )
    })
}
