//! `gatewright`: Helm post-renderer and command line over the pure core.
//!
//! This crate owns files, the terminal and exit codes; every decision is the core's. Data goes to
//! stdout, words go to stderr.

#![allow(
    clippy::disallowed_methods,
    reason = "this is the skin that reads and writes, so that the core need not"
)]

mod args;
mod check;
mod completions;
mod crd;
mod crds;
mod exit;
mod explain;
mod import;
mod input;
mod name;
mod ownership;
mod page;
mod plan;
mod post_render;
mod printable;
mod profiles;
mod record;
mod render;
mod report;
mod schema;
mod stdout;
mod trace;
mod usage;
mod values;

use std::process::ExitCode;

use clap::Parser;

/// Values become many small allocations, and the C library's allocator has the system clear their
/// memory page by page. docs/decisions/0002-dependencies.md says what that costs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if crd::child::is_asked_for() {
        return crd::child::run();
    }
    match args::Arguments::try_parse() {
        Ok(arguments) => args::run(arguments),
        Err(error) => usage::answer(error),
    }
    .into()
}
