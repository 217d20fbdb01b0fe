//! `cargo xtask fuzz`: a minute of fuzzing, shared by all targets.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::{peers, process, setup, stage, workspace};

/// Seconds that all targets have together. A smoke test: it finds what breaks at once, and a
/// developer runs `cargo fuzz run TARGET` for hours to find the rest.
const SECONDS: usize = 60;

pub(crate) fn run() -> Result<()> {
    ensure!(
        workspace::root().join("fuzz/Cargo.toml").is_file(),
        "there is no fuzz/Cargo.toml, so nothing would be fuzzed"
    );
    stage::stage("programs", setup::programs)?;
    peers::bring("cargo-fuzz")?;
    process::run(Command::new("bash").arg("fuzz/seed.sh").current_dir(workspace::root()))?;
    let listed = process::output(cargo_fuzz()?.arg("list"))?;
    let targets: Vec<&str> = listed.split_whitespace().collect();
    ensure!(!targets.is_empty(), "`cargo fuzz list` names no target, so nothing would be fuzzed");
    let seconds = (SECONDS / targets.len()).max(1);
    stage::stage("fuzz build", || process::run(cargo_fuzz()?.arg("build")))?;
    for target in targets {
        stage::stage(&format!("fuzz {target}"), || {
            process::run(
                cargo_fuzz()?
                    .args(["run", target, "--"])
                    .arg(format!("-max_total_time={seconds}"))
                    .arg("-print_final_stats=1"),
            )
        })?;
    }
    Ok(())
}

/// `cargo fuzz` on the pinned stable toolchain.
///
/// It passes `-Z` flags, which only `RUSTC_BOOTSTRAP` allows there; the address sanitizer's runtime
/// is part of the stable toolchain.
fn cargo_fuzz() -> Result<Command> {
    let mut command = Command::new(workspace::peers()?.join("bin/cargo-fuzz"));
    // The subcommand's own name comes first when cargo calls it.
    command.arg("fuzz").env("RUSTC_BOOTSTRAP", "1").current_dir(workspace::root());
    Ok(command)
}
