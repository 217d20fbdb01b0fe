//! `cargo xtask bench review`: one review against 1 to 1,000,000 grants, by the native core, by the policy module in a
//! fresh instance for each call, and by CEL over every grant, which is what a ValidatingAdmissionPolicy would do.
//!
//! `--quick` takes a tenth of the runs, and no million. `--record` writes the table to docs/benchmarks.md.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads files, clocks and its environment")]
#![allow(clippy::print_stdout, reason = "a benchmark talks to a terminal")]

mod cel;
mod cluster;
#[allow(dead_code, reason = "the other benchmarks tell more")]
#[path = "../render/page.rs"]
mod page;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use gatewright_core::admission::review;
use gatewright_core::ownership::{Context, PublicSuffixes, Settings};
use gatewright_tests::policy::Policy;

/// As in the command line, so that everything costs what it costs there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Calls before those that are measured.
const WARM: usize = 200;

/// What is to be reached: 99 of 100 calls, in this time. Source: the project's own goals.
const NATIVE_GOAL: Duration = Duration::from_micros(20);
const MODULE_GOAL: Duration = Duration::from_micros(150);

fn main() -> Result<()> {
    let asked = |word: &str| std::env::args().any(|found| found == word);
    let part = if asked("--quick") { 10 } else { 1 };
    let folder = std::env::var_os("GATEWRIGHT_WASM")
        .context("GATEWRIGHT_WASM is not set: run `cargo xtask bench review`")?;
    let policy = Policy::load(&Path::new(&folder).join("policy.wasm"))?;
    let mut rows = Vec::new();
    for grants in [1, 100, 10_000, 1_000_000] {
        if part == 1 || grants < 1_000_000 {
            rows.extend(of(grants, part, &policy)?);
        }
    }
    let head = "grants | review | by | p50 | p99 | times native, p50";
    let tables = format!(
        "{}. Goals: p99 of {} µs native, of {} µs in the module.\n\n{}",
        page::machine()?,
        NATIVE_GOAL.as_micros(),
        MODULE_GOAL.as_micros(),
        page::table(head, &rows)
    );
    println!("\n{tables}");
    if asked("--record") { page::record("review", &tables) } else { Ok(()) }
}

/// The rows of a number of grants.
fn of(grants: usize, part: usize, policy: &Policy) -> Result<Vec<String>> {
    println!("{grants} grants");
    let objects = cluster::objects(grants);
    let context = Context::new(objects.iter().map(String::as_str), None, PublicSuffixes::BuiltIn)
        .map_err(|(index, error)| anyhow::anyhow!("object {index}: {error}"))?;
    let settings = Settings::default();
    let program = cel::Policy::new(grants)?;
    let mut rows = Vec::new();
    for (host, allowed) in [(cluster::granted(grants), true), ("pay.example.org".to_owned(), false)] {
        let text = cluster::review(grants, &host);
        let reviewed = review(text.as_bytes(), &context, &settings, false);
        ensure!(reviewed.response.allowed == allowed, "{host}: {:?}", reviewed.decision.findings);
        let slice = serde_json::to_string(&reviewed.slice.context("nothing was looked up")?)?;
        let payload = cluster::payload(&text, &slice)?;
        let answer = policy.call("validate", payload.as_bytes(), cluster::silent)?;
        ensure!(answer == reviewed.response.to_kubewarden(), "the module answers {answer}");
        ensure!(program.allows(&host)? == allowed, "CEL says otherwise of {host}");

        let native = times(20_000 / part, || {
            let reviewed = review(text.as_bytes(), &context, &settings, false);
            Ok(reviewed.response.to_review().len())
        })?;
        let module =
            times(4_000 / part, || Ok(policy.call("validate", payload.as_bytes(), cluster::silent)?.len()))?;
        let runs = (2_000_000 / grants).clamp(5, 2_000) / part.min(5);
        let theirs = times(runs.max(3), || Ok(usize::from(program.allows(&host)?)))?;
        let verdict = if allowed { "allowed" } else { "denied" };
        let goal = |times: &Times, goal: Duration| if times.p99 <= goal { "" } else { ", goal missed" };
        for (by, times, met) in [
            ("the native core, slice included", &native, goal(&native, NATIVE_GOAL)),
            ("the policy module, fresh instance, with the slice", &module, goal(&module, MODULE_GOAL)),
            ("CEL over every grant", &theirs, ""),
        ] {
            rows.push(format!(
                "| {grants} | {verdict} | {by} | {} | {}{met} | {:.1}× |",
                micros(times.p50),
                micros(times.p99),
                page::ratio(times.p50, native.p50)
            ));
        }
    }
    Ok(rows)
}

/// Half of the calls, and 99 of 100, took no longer.
struct Times {
    p50: Duration,
    p99: Duration,
}

fn times(runs: usize, mut call: impl FnMut() -> Result<usize>) -> Result<Times> {
    for _ in 0..WARM.min(runs) {
        call()?;
    }
    let mut took = Vec::with_capacity(runs);
    for _ in 0..runs {
        let start = Instant::now();
        std::hint::black_box(call()?);
        took.push(start.elapsed());
    }
    took.sort_unstable();
    let at =
        |part: usize| took.get((took.len() * part / 100).min(took.len() - 1)).copied().unwrap_or_default();
    Ok(Times { p50: at(50), p99: at(99) })
}

fn micros(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}
