//! Level `api` on parsed objects: the core beside jsonschema and kube-cel in the same process.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use gatewright_core::check::api;
use gatewright_core::tree::Node;
use gatewright_core::tree::yaml::{self, Limits};
use gatewright_crd::Judge;
use gatewright_tests::objects::openapi;
use serde_json::Value;

use crate::measure::median;
use crate::page::{f64_of, ratio};
use crate::{ROUNDS, TARGET, manifests, page};

pub fn table(count: usize) -> Result<String> {
    let (text, count) = manifests::text(count);
    println!("{count} parsed objects, {ROUNDS} rounds");
    let nodes = yaml::read(&text, 0, &Limits::NATIVE, &mut Vec::new());
    ensure!(nodes.len() == count, "{} objects were read", nodes.len());
    let values: Vec<Value> = nodes.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
    let mut judges = BTreeMap::new();
    for kind in api::kinds(TARGET) {
        let judge = Judge::new(&openapi::version(kind)).map_err(anyhow::Error::msg)?;
        judges.insert((format!("{}/{}", kind.group, kind.version), kind.kind.to_owned()), judge);
    }
    let ours = times(|| core(&nodes))?;
    let theirs = times(|| crates(&values, &mut judges))?;
    let row = |name: &str, time: Duration| {
        let each = time.as_secs_f64() * 1e6 / f64_of(count);
        format!("| {name} | {count} | {each:.2} µs | {:.0}× |", ratio(time, ours))
    };
    let rows = [row("Gatewright's core", ours), row("jsonschema and kube-cel", theirs)];
    Ok(page::table("level `api` of parsed objects, by | objects | each | times the core", &rows))
}

fn times(mut run: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    let times = (0..ROUNDS).map(|_| run()).collect::<Result<Vec<_>>>()?;
    Ok(median(times.into_iter()))
}

/// Defaults are filled in where they stand, so each round has objects of its own.
fn core(nodes: &[Node<'_>]) -> Result<Duration> {
    let mut nodes = nodes.to_vec();
    let start = Instant::now();
    for node in &mut nodes {
        let api_version = node.text_of("apiVersion").unwrap_or_default();
        let kind = node.text_of("kind").unwrap_or_default();
        let kind = api::find(TARGET, &api_version, &kind).context("a kind of the target")?;
        let found = api::check(kind, node, None, TARGET);
        ensure!(found.is_empty(), "the core refuses an object: {found:?}");
    }
    Ok(start.elapsed())
}

fn crates(values: &[Value], judges: &mut BTreeMap<(String, String), Judge>) -> Result<Duration> {
    let start = Instant::now();
    for value in values {
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let judge = judges.get_mut(&(text("apiVersion"), text("kind"))).context("a kind of the target")?;
        let found = judge.check(value, None, &mut |_| Ok(()));
        ensure!(found.is_empty(), "jsonschema or kube-cel refuses an object: {found:?}");
    }
    Ok(start.elapsed())
}
