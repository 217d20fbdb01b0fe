//! `cargo xtask mutants`: the host algebra and the rules of ownership, changed one small way at a time; the vectors must
//! notice each change. Those that none could notice stand in `.cargo/mutants.toml`, with the reason.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::{peers, process, workspace};

/// What is changed.
const FILES: [&str; 2] = ["core/src/hostname.rs", "core/src/ownership/**/*.rs"];

/// Seconds that the changed lines of a commit have: a mutant takes some ten of them, the first ones minutes.
const SECONDS: &str = "600";

/// Seconds that the vectors have for one mutant, which they take one or two of: a change may loop for ever.
const TIMEOUT: &str = "60";

/// How `timeout` ends when the time is up.
///
/// Source: GNU coreutils, `timeout`, "Exit status".
const OUT_OF_TIME: i32 = 124;

/// Every mutant, or with `--changed` those of the lines that the last commit changed; other words go to cargo-mutants.
pub(crate) fn run(words: &[String]) -> Result<()> {
    let (changed, rest): (Vec<&String>, Vec<&String>) = words.iter().partition(|word| *word == "--changed");
    let output = workspace::metadata()?.target.join("mutants");
    let mut arguments = vec!["mutants".to_owned(), "--package".to_owned(), "gatewright-core".to_owned()];
    for file in FILES {
        arguments.extend(["--file".to_owned(), file.to_owned()]);
    }
    arguments.extend(["--output".to_owned(), output.display().to_string()]);
    if !changed.is_empty() {
        let range = ["diff", "HEAD~1", "HEAD", "--", "core/src/hostname.rs", "core/src/ownership"];
        let diff = process::output(Command::new("git").args(range).current_dir(workspace::root()))?;
        if diff.trim().is_empty() {
            println!("the last commit changed no line of them");
            return Ok(());
        }
        fs::create_dir_all(&output).with_context(|| format!("making {}", output.display()))?;
        let file = output.join("changed.diff");
        fs::write(&file, diff).with_context(|| format!("writing {}", file.display()))?;
        arguments.extend(["--in-diff".to_owned(), file.display().to_string()]);
    }
    let program = peers::bring("cargo-mutants")?;
    arguments.extend(rest.into_iter().cloned());
    // The tests of another package judge; that they pass without a change is what `cargo xtask test` shows.
    let judges = [
        // Of the other tests none is built either.
        "--cargo-arg=--test=vectors",
        "--baseline",
        "skip",
        "--timeout",
        TIMEOUT,
        "--test-package",
        "gatewright-tests",
        "--",
        "--test",
        "vectors",
    ];
    arguments.extend(judges.map(str::to_owned));
    let limit: &[&str] = if changed.is_empty() { &[] } else { &["timeout", SECONDS] };
    let mut command = match limit {
        [timeout, seconds] => {
            let mut command = Command::new(timeout);
            command.arg(seconds).arg(&program);
            command
        }
        _ => Command::new(&program),
    };
    let status =
        command.args(&arguments).current_dir(workspace::root()).status().context("starting cargo-mutants")?;
    match status.code() {
        Some(0) => Ok(()),
        Some(OUT_OF_TIME) if !changed.is_empty() => {
            let missed = fs::read_to_string(output.join("mutants.out/missed.txt")).unwrap_or_default();
            ensure!(missed.trim().is_empty(), "the vectors notice nothing of these changes:\n{missed}");
            println!(
                "{SECONDS} seconds were not enough for all of them; none of those that were tried survived"
            );
            Ok(())
        }
        _ => bail!(
            "`cargo mutants` ended with {status}; {} says which changes nothing noticed",
            output.display()
        ),
    }
}
