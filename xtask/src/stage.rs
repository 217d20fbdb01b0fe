//! Stages of a task, each with its time.

use std::time::Instant;

use anyhow::{Context as _, Result};

/// Runs one stage between two lines on stdout: its name, and its name with the seconds it took.
///
/// A failed stage prints its time too; the error then carries the stage's name.
pub(crate) fn stage<T>(name: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("== {name}");
    let start = Instant::now();
    let result = run().with_context(|| format!("stage `{name}`"));
    let outcome = if result.is_ok() { "ok" } else { "FAILED" };
    println!("== {name}: {outcome}, {:.1} s", start.elapsed().as_secs_f64());
    result
}
