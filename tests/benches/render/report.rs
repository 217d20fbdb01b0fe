//! The tables, for the terminal and for docs/benchmarks.md.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use gatewright_tests::peers::Helm;

use crate::ROUNDS;
use crate::measure::{Cost, Measured};

/// What stands between these lines of docs/benchmarks.md is written by `--record`.
const BEGIN: &str = "<!-- cargo xtask bench render --record writes what follows -->\n";
const END: &str = "<!-- up to here -->\n";

pub struct Report {
    head: String,
    beside_helm: Vec<String>,
    alone: Vec<String>,
    same: Vec<String>,
    stages: Vec<String>,
    /// Wall time of `gatewright render` at the size measured last.
    render: Duration,
}

impl Report {
    pub fn new(helms: &[Helm]) -> Result<Self> {
        let mut versions = Vec::new();
        for helm in helms {
            let said = helm.command(&["version", "--short"]).output().context("asking Helm its version")?;
            versions.push(String::from_utf8_lossy(&said.stdout).trim().to_owned());
        }
        let head = format!(
            "{}. Helm {}. Medians of {ROUNDS} runs; memory is the largest of them.\n",
            machine()?,
            versions.join(" and ")
        );
        println!("{head}");
        Ok(Self {
            head,
            beside_helm: Vec::new(),
            alone: Vec::new(),
            same: Vec::new(),
            stages: Vec::new(),
            render: Duration::ZERO,
        })
    }

    /// The first is what all others are compared to.
    pub fn beside_helm(&mut self, services: usize, measured: &[Measured]) {
        let first = measured[0].cost;
        self.render = first.wall;
        self.beside_helm.extend(measured.iter().map(|Measured { name, output: _, cost }| {
            format!(
                "| {services} | {name} | {} | {:.1}× | {:.1}× | {:.1}× |",
                columns(cost),
                ratio(cost.wall, first.wall),
                ratio(cost.cpu, first.cpu),
                bytes(cost.memory) / bytes(first.memory),
            )
        }));
    }

    pub fn alone(&mut self, what: &str, count: usize, cost: Cost) {
        let each = cost.wall.as_secs_f64() * 1e6 / f64_of(count);
        self.alone.push(format!("| {count} {what} | {} | {each:.2} µs |", columns(&cost)));
    }

    pub fn same_objects(&mut self, objects: usize, outputs: usize) {
        self.same.push(format!("{objects} objects, the same in all {outputs} outputs."));
    }

    pub fn stages(&mut self, services: usize, stages: &[(&str, Duration)]) {
        let known: Duration = stages.iter().map(|(_, time)| *time).sum();
        let rest = (
            "the process itself: start, reading and writing files, first use of memory",
            self.render.saturating_sub(known),
        );
        self.stages.extend(stages.iter().chain([&rest]).map(|(name, time)| {
            format!("| {name} | {} | {:.0} % |", milliseconds(*time), ratio(*time, self.render) * 100.0)
        }));
        let whole = milliseconds(self.render);
        self.stages.push(format!("| `gatewright render`, {services} services | {whole} | 100 % |"));
    }

    pub fn finish(self, record: bool) -> Result<()> {
        let text = [
            self.head,
            table(
                "services | program | wall | CPU | peak memory | output | wall, times `render` | CPU | memory",
                &self.beside_helm,
            ),
            self.same.join("\n") + "\n",
            table("values | wall | CPU | peak memory | output | wall for each", &self.alone),
            table("stage | time | share", &self.stages),
        ]
        .join("\n");
        println!("\n{text}");
        if !record {
            return Ok(());
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/benchmarks.md");
        let old = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let (before, rest) = old.split_once(BEGIN).context("docs/benchmarks.md lacks the first mark")?;
        let (_, after) = rest.split_once(END).context("docs/benchmarks.md lacks the last mark")?;
        fs::write(&path, format!("{before}{BEGIN}\n{text}\n{END}{after}"))
            .with_context(|| format!("writing {}", path.display()))
    }
}

/// A table of Markdown; the head lacks its outer bars.
fn table(head: &str, rows: &[String]) -> String {
    let rule = "|---".repeat(head.split(" | ").count());
    format!("| {head} |\n{rule}|\n{}\n", rows.join("\n"))
}

fn columns(cost: &Cost) -> String {
    format!(
        "{} | {} | {:.1} MB | {:.2} MB",
        milliseconds(cost.wall),
        milliseconds(cost.cpu),
        bytes(cost.memory) / 1e6,
        bytes(cost.bytes) / 1e6
    )
}

fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    format!("{milliseconds:.*} ms", usize::from(milliseconds < 100.0))
}

fn ratio(time: Duration, of: Duration) -> f64 {
    time.as_secs_f64() / of.as_secs_f64()
}

#[allow(clippy::cast_precision_loss, reason = "a figure for people")]
fn bytes(count: u64) -> f64 {
    count as f64
}

#[allow(clippy::cast_precision_loss, reason = "a figure for people")]
fn f64_of(count: usize) -> f64 {
    count as f64
}

/// The machine as Linux names it.
fn machine() -> Result<String> {
    let cpus = fs::read_to_string("/proc/cpuinfo").context("reading /proc/cpuinfo")?;
    let models: Vec<&str> = cpus
        .lines()
        .filter_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, model)| model))
        .collect();
    let memory = fs::read_to_string("/proc/meminfo").context("reading /proc/meminfo")?;
    let kilobytes: u64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse().ok())
        .context("/proc/meminfo names no MemTotal")?;
    let model = models.first().copied().unwrap_or("a processor without a name");
    Ok(format!("{model}, {} cores, {:.0} GiB of memory", models.len(), bytes(kilobytes) / 1024.0 / 1024.0))
}
