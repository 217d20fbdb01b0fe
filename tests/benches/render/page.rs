//! A benchmark's tables, and where they are kept.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// What follows the tables of a benchmark in docs/benchmarks.md.
const END: &str = "<!-- up to here -->\n";

/// Writes a benchmark's tables between its marks of docs/benchmarks.md.
pub fn record(benchmark: &str, tables: &str) -> Result<()> {
    let begin = format!("<!-- cargo xtask bench {benchmark} --record writes what follows -->\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/benchmarks.md");
    let old = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let (before, rest) = old.split_once(&begin).context("docs/benchmarks.md lacks the first mark")?;
    let (_, after) = rest.split_once(END).context("docs/benchmarks.md lacks the last mark")?;
    fs::write(&path, format!("{before}{begin}\n{tables}\n{END}{after}"))
        .with_context(|| format!("writing {}", path.display()))
}

/// The machine as Linux names it.
pub fn machine() -> Result<String> {
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

/// A table of Markdown; the head lacks its outer bars.
pub fn table(head: &str, rows: &[String]) -> String {
    let rule = "|---".repeat(head.split(" | ").count());
    format!("| {head} |\n{rule}|\n{}\n", rows.join("\n"))
}

pub fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    format!("{milliseconds:.*} ms", usize::from(milliseconds < 100.0))
}

pub fn ratio(time: Duration, of: Duration) -> f64 {
    time.as_secs_f64() / of.as_secs_f64()
}

#[allow(clippy::cast_precision_loss, reason = "a figure for people")]
pub fn bytes(count: u64) -> f64 {
    count as f64
}

#[allow(clippy::cast_precision_loss, reason = "a figure for people")]
pub fn f64_of(count: usize) -> f64 {
    count as f64
}
