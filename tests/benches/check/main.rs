//! `cargo xtask bench check`: level `api` beside jsonschema and kube-cel, `gatewright check` beside reading alone
//! and beside a real API server, and its growth; in one run on objects of one kind of cluster.
//!
//! `--quick` takes a tenth of everything, to see that it runs. `--record` writes the tables to docs/benchmarks.md.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads files, clocks and its environment")]
#![allow(clippy::print_stdout, reason = "a benchmark talks to a terminal")]

mod growth;
mod manifests;
#[allow(dead_code, reason = "the other benchmark tells more of what is measured")]
#[path = "../render/measure.rs"]
mod measure;
mod oracle;
#[path = "../render/page.rs"]
mod page;
mod reading;
mod server;

use anyhow::Result;
use gatewright_core::release::{Channel, Release, Target};
use gatewright_tests::peers::{self, Temporary};

/// As in the command line, so that everything costs what it costs there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the command line takes for granted.
const TARGET: Target = Target { release: Release::V1_6, channel: Channel::Standard };

/// Runs of each. Odd, so that a median is a run that took place.
const ROUNDS: usize = 9;

fn main() -> Result<()> {
    let asked = |word: &str| std::env::args().any(|found| found == word);
    let part = if asked("--quick") { 10 } else { 1 };
    let folder = Temporary::new("bench-check")?;
    let gatewright = peers::gatewright()?;
    // First, for what this process holds would be counted as its children's.
    let growth = growth::table([10_000, 30_000, 100_000].map(|count| count / part), &folder, &gatewright)?;
    let tables = [
        format!("{}. Medians of {ROUNDS} runs; memory is the largest of them.\n", page::machine()?),
        oracle::table(2_000 / part)?,
        reading::table(10_000 / part)?,
        server::table(500 / part, &folder, &gatewright)?,
        growth,
    ]
    .join("\n");
    println!("\n{tables}");
    if asked("--record") { page::record("check", &tables) } else { Ok(()) }
}
