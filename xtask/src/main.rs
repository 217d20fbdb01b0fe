//! Every developer task: `cargo xtask NAME`.

#![allow(clippy::disallowed_methods, reason = "a task reads files, clocks and its environment")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a task talks to a terminal")]

mod bench;
mod ci;
mod codegen;
mod deny;
mod e2e;
mod fuzz;
mod mutants;
mod peers;
mod plugin;
mod process;
mod setup;
mod stage;
mod test;
mod wasm;
mod wasm_check;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail, ensure};

/// A task: the word that names it, its line in the help, and what it does with the words after it.
struct Task {
    name: &'static str,
    help: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const TASKS: &[Task] = &[
    Task {
        name: "setup",
        help: "the wasm32 target, for building and testing",
        run: |words| none(words, setup::run),
    },
    Task {
        name: "peers",
        help: "[NAME…] bring the real peers into the cache: Helm, an API server, Envoy, CRDs",
        run: peers::run,
    },
    Task {
        name: "wasm-check",
        help: "the core builds for wasm32 and looks at nothing outside itself",
        run: |words| none(words, wasm_check::run),
    },
    Task {
        name: "wasm",
        help: "[--parts | --reproduce] the modules for WebAssembly in target/wasm-modules: sizes, imports, checksums; --parts: \
               what each consists of; --reproduce: the last commit gives the same bytes in another folder",
        run: wasm::task,
    },
    Task {
        name: "codegen",
        help: "[--check] write the tables that come from published packages, or say which are old",
        run: codegen::run,
    },
    Task {
        name: "plugin",
        help: "assemble the Helm 4 plugin in target/helm-plugin",
        run: |words| none(words, plugin::run),
    },
    Task {
        name: "test",
        help: "setup, then the tests that need no peer",
        run: |words| none(words, test::run),
    },
    Task {
        name: "e2e",
        help: "[FILTER…] peers and plugin, then the tests against real peers",
        run: e2e::run,
    },
    Task {
        name: "bench",
        help: "check|plan|render|review [--record]  measure beside what a user has otherwise; --record writes docs/benchmarks.md, \
               --quick (check, plan, review) takes a part of everything",
        run: bench::run,
    },
    Task { name: "fuzz", help: "a minute of fuzzing over all targets", run: |words| none(words, fuzz::run) },
    Task {
        name: "deny",
        help: "licences, bans and sources of the dependencies",
        run: |words| none(words, deny::run),
    },
    Task {
        name: "mutants",
        help: "[--changed] every small change of the host algebra and of ownership, which the vectors must notice; --changed: \
               in the lines of the last commit, ten minutes at most",
        run: mutants::run,
    },
    Task {
        name: "ci",
        help: "everything a change must pass, stopping at the first failure: some 40 minutes and 9 GB of target folders on two cores",
        run: |words| none(words, ci::run),
    },
];

fn main() -> ExitCode {
    match dispatch(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[String]) -> Result<()> {
    let Some((name, rest)) = words.split_first() else {
        print_help();
        bail!("no task named");
    };
    if matches!(name.as_str(), "help" | "-h" | "--help") {
        print_help();
        return Ok(());
    }
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        print_help();
        bail!("no task is named `{name}`");
    };
    stage::stage(task.name, || (task.run)(rest))
}

fn print_help() {
    println!("cargo xtask TASK\n");
    for Task { name, help, run: _ } in TASKS {
        println!("  {name:<12}{help}");
    }
}

fn none(words: &[String], task: fn() -> Result<()>) -> Result<()> {
    ensure!(words.is_empty(), "this task takes no argument, but got `{}`", words.join(" "));
    task()
}
