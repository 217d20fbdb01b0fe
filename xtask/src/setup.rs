//! `cargo xtask setup`: what building and testing need beside the pinned Rust toolchain; and, apart
//! from it, the programs that peers need.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::{process, workspace};

/// The target that the playground and the admission guests are built for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A program, what needs it, and the Debian package that has it.
///
/// No package means that the distribution's own is too old: the developer installs that program.
struct Program {
    name: &'static str,
    needed: &'static str,
    package: Option<&'static str>,
}

const PROGRAMS: &[Program] = &[
    Program { name: "go", needed: "the peers that are built from Go modules", package: None },
    Program { name: "node", needed: "wasm-opt, which makes modules small", package: None },
    Program { name: "npm", needed: "wasm-opt, which makes modules small", package: None },
    Program { name: "chromium", needed: "web pages", package: Some("chromium") },
    Program { name: "python3", needed: "the peers that come in wheels, and test backends", package: None },
    Program { name: "openssl", needed: "the keys and certificates of tests", package: Some("openssl") },
    Program { name: "c++", needed: "the fuzzer's runtime", package: Some("g++") },
    Program { name: "unshare", needed: "the private namespaces of tests", package: Some("util-linux") },
    Program { name: "nsenter", needed: "the private namespaces of tests", package: Some("util-linux") },
    Program { name: "mount", needed: "the private namespaces of tests", package: Some("mount") },
    Program { name: "ip", needed: "the private namespaces of tests", package: Some("iproute2") },
];

/// Brings what building and testing need. No peer is needed for either, and so no program of [`PROGRAMS`].
pub(crate) fn run() -> Result<()> {
    wasm_target()
}

/// The sources of the standard library, which modules are built with; brings them where they are missing.
pub(crate) fn library_sources() -> Result<PathBuf> {
    let root =
        process::output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(workspace::root()))?;
    let library = Path::new(root.trim()).join("lib/rustlib/src/rust");
    if !library.join("library/Cargo.lock").is_file() {
        ensure!(
            process::find("rustup").is_some(),
            "the Rust toolchain has no component rust-src, and there is no rustup to add it"
        );
        process::run(
            Command::new("rustup").args(["component", "add", "rust-src"]).current_dir(workspace::root()),
        )?;
    }
    Ok(library)
}

/// Looks for the programs that peers and the fuzzer need, and installs those that the distribution has.
pub(crate) fn programs() -> Result<()> {
    let missing: Vec<&Program> =
        PROGRAMS.iter().filter(|program| process::find(program.name).is_none()).collect();
    for Program { name, needed, package } in &missing {
        ensure!(package.is_some(), "`{name}` is not on PATH, but is needed for {needed}: install it");
    }
    install(&missing)?;
    process::output(Command::new("python3").args(["-m", "pip", "--version"]))
        .context("python3 has no pip, which the peers that come in wheels need")?;
    println!("go: {}", process::output(Command::new("go").arg("version"))?.trim());
    println!("python3: {}", process::output(Command::new("python3").arg("--version"))?.trim());
    Ok(())
}

fn wasm_target() -> Result<()> {
    let library = process::output(
        Command::new("rustc")
            .args(["--print", "target-libdir", "--target", WASM_TARGET])
            .current_dir(workspace::root()),
    )?;
    if Path::new(library.trim()).is_dir() {
        println!("rust target {WASM_TARGET}: present");
        return Ok(());
    }
    ensure!(
        process::find("rustup").is_some(),
        "the Rust toolchain has no target {WASM_TARGET}, and there is no rustup to add it"
    );
    process::run(Command::new("rustup").args(["target", "add", WASM_TARGET]).current_dir(workspace::root()))
}

/// Installs with Debian's package manager, where there is one and this process may.
fn install(missing: &[&Program]) -> Result<()> {
    let mut packages: Vec<&str> = missing.iter().filter_map(|program| program.package).collect();
    packages.sort_unstable();
    packages.dedup();
    if packages.is_empty() {
        return Ok(());
    }
    let user = process::output(Command::new("id").arg("-u"))?;
    if user.trim() != "0" || process::find("apt-get").is_none() {
        let wanted: Vec<String> =
            missing.iter().map(|program| format!("`{}` (for {})", program.name, program.needed)).collect();
        bail!("not on PATH: {}; install {}", wanted.join(", "), packages.join(" "));
    }
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    process::run(apt().args(["--quiet", "--quiet", "update"]))?;
    process::run(apt().args(["--quiet", "--quiet", "install", "--yes"]).args(&packages))
}
