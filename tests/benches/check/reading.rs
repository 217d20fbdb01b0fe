//! `gatewright check` at all levels from YAML, beside reading the YAML alone.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use gatewright_core::check::{Run, Settings};
use gatewright_core::diagnostic::Severity;
use gatewright_core::tree::yaml::{self, Limits};

use crate::measure::median;
use crate::page::{f64_of, milliseconds, ratio};
use crate::{ROUNDS, TARGET, manifests, page};

pub fn table(count: usize) -> Result<String> {
    let (text, count) = manifests::text(count);
    println!("{count} objects from YAML, {ROUNDS} rounds");
    let settings = Settings::new(TARGET);
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push((reading(&text, count)?, checking(&text, &settings, count)?));
    }
    let read = median(rounds.iter().map(|(read, _)| *read));
    let judged = median(rounds.iter().map(|(_, (judged, _))| *judged));
    let finished = median(rounds.iter().map(|(_, (_, finished))| *finished));
    let row = |name: &str, time: Duration| {
        let each = time.as_secs_f64() * 1e6 / f64_of(count);
        format!("| {name} | {} | {each:.2} µs | {:.2}× |", milliseconds(time), ratio(time, read))
    };
    let rows = [
        row("reading alone (`tree::yaml::each`)", read),
        row("reading, level `api` and the model (`Run::read`)", judged),
        row("the rules between objects (`Run::finish`)", finished),
        row("all levels", judged + finished),
    ];
    Ok(page::table(
        &format!("{count} objects, {:.1} MB | time | each | times reading", f64_of(text.len()) / 1e6),
        &rows,
    ))
}

fn reading(text: &str, count: usize) -> Result<Duration> {
    let mut seen = 0;
    let limits = Limits { documents: usize::MAX, ..Limits::NATIVE };
    let start = Instant::now();
    yaml::each(text, 0, &limits, &mut Vec::new(), |node, _| seen += usize::from(!node.is_null()));
    let time = start.elapsed();
    ensure!(seen == count, "{seen} objects were read");
    Ok(time)
}

/// The time of each object by itself, and of all together.
fn checking(text: &str, settings: &Settings, count: usize) -> Result<(Duration, Duration)> {
    let start = Instant::now();
    let mut run = Run::new(settings);
    let faults = run.read(text, 0);
    let judged = start.elapsed();
    let start = Instant::now();
    let report = run.finish();
    let finished = start.elapsed();
    ensure!(faults.is_empty() && report.results.len() == count, "{faults:?}");
    ensure!(report.count(Severity::Error) == 0, "the manifests have errors");
    Ok((judged, finished))
}
