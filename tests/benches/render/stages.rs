//! Where the time of a render goes, stage by stage, within one process.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use gatewright_core::tree::yaml::{self, Limits};
use gatewright_core::{Format, Scope, emit, plan, values};

use crate::measure::median;

/// The stages, in the order in which a render runs them.
const NAMES: [&str; 5] = [
    "YAML to a tree (`tree::yaml::read`)",
    "checks of every key (`values::parse`)",
    "typed values (`Values::read`)",
    "plan (`plan::build`)",
    "manifests (`emit::emit`)",
];

/// The median time of each stage.
pub fn stages(text: &str, rounds: usize) -> Result<Vec<(&'static str, Duration)>> {
    let rounds: Vec<[Duration; 5]> = (0..rounds).map(|_| round(text)).collect::<Result<_>>()?;
    Ok(NAMES
        .into_iter()
        .enumerate()
        .map(|(stage, name)| (name, median(rounds.iter().map(|round| round[stage]))))
        .collect())
}

fn round(text: &str) -> Result<[Duration; 5]> {
    let scope = Scope { release: "web".into(), namespace: "edge".into(), ..Scope::default() };
    let mut found = Vec::new();
    let mut last = Instant::now();
    let mut lap = || {
        let now = Instant::now();
        let spent = now - last;
        last = now;
        spent
    };
    let mut documents = yaml::read(text, 0, &Limits::NATIVE, &mut found);
    let read = lap();
    ensure!(documents.len() == 1, "the values are {} documents", documents.len());
    let mut root = documents.remove(0);
    let target = values::parse(&mut root, &mut found);
    let checked = lap();
    let values = values::Values::read(&root, target, &scope.namespace, &mut found);
    let typed = lap();
    let plan = plan::build(&values, &scope, &mut found);
    let planned = lap();
    let manifests = emit::emit(&plan, &values, &scope, Format::Yaml, &mut Vec::new());
    let emitted = lap();
    ensure!(manifests.iter().count() > 0, "nothing was emitted: {found:?}");
    Ok([read, checked, typed, planned, emitted])
}
