//! `gatewright check` beside `kubectl apply --dry-run=server` and a real API server.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use gatewright_core::check::api;
use gatewright_tests::peers::{ApiServer, Temporary, crds};

use crate::measure::{Contender, measure, median};
use crate::page::{f64_of, milliseconds, ratio};
use crate::{ROUNDS, TARGET, manifests, page};

/// Dry runs take seconds each.
const DRY_RUNS: usize = 3;

pub fn table(count: usize, folder: &Temporary, gatewright: &Path) -> Result<String> {
    let (text, count) = manifests::text(count);
    println!("{count} objects and an API server, {DRY_RUNS} dry runs");
    let input = folder.path().join("server.yaml");
    fs::write(&input, &text).with_context(|| format!("writing {}", input.display()))?;
    let mut command = Command::new(gatewright);
    command.arg("check").arg(&input);
    let output = folder.path().join("server.out");
    let ours =
        measure(vec![Contender { name: "gatewright check".into(), command, input: None, output }], ROUNDS)?;
    let ours = ours.first().context("it was measured")?.cost.wall;
    let channel = crds(&format!("gateway-api-{}/{}", api::patch(TARGET.release), TARGET.channel.name()))?;
    let server = ApiServer::start(&[channel])?;
    let mut times = Vec::new();
    for _ in 0..DRY_RUNS {
        let start = Instant::now();
        server.apply_dry_run(&text)?;
        times.push(start.elapsed());
    }
    let theirs = median(times.into_iter());
    let row = |name: &str, time: Duration| {
        let each = time.as_secs_f64() * 1e3 / f64_of(count);
        format!("| {name} | {count} | {} | {each:.3} ms | {:.0}× |", milliseconds(time), ratio(time, ours))
    };
    let rows = [row("gatewright check", ours), row("kubectl apply --server-side --dry-run=server", theirs)];
    Ok(page::table("command | objects | wall | each | times `check`", &rows))
}
