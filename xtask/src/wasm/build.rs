//! One module: built with the standard library, for size, and the same bytes in any folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::{Artefact, Form, bindings, module};
use crate::{peers, process, setup, workspace};

/// What a panic would say, and where, is left out: the core never panics, and a host takes a trap for a denial.
///
/// Texts for users may use Rust's Debug form, so that stays as it is.
///
/// Source: The Rust Unstable Book, `-Z location-detail`, panic strategy `immediate-abort`.
const FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none";

/// Features that rustc's modules use, which wasm-opt must be told.
///
/// Source: The rustc book, `wasm32-unknown-unknown`, "Enabled WebAssembly features".
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// How wasm-opt makes modules small: twice, for flat code shows it more. (Of the policy module the flat code is 1.4 kB, and
/// folded addresses 1.7 kB.)
///
/// `--low-memory-unused` lets it fold an added constant into the offset of a load, as if nothing below 1,024 were in use:
/// there the stack ends, which grows down to 0, and no value is.
///
/// Source: binaryen 132, `wasm-opt --help`, and the Optimizer Cookbook, "flatten".
const SMALLER: [&str; 5] = ["--low-memory-unused", "--flatten", "--rereloop", "-Oz", "-Oz"];

/// A file of an artefact: its name and its bytes.
pub(crate) type File = (String, Vec<u8>);

/// Builds an artefact, and gives its files, of which the module is the first.
pub(crate) fn build(artefact: &Artefact) -> Result<Vec<File>> {
    let built = compile(artefact)?;
    match artefact.form {
        Form::Module => Ok(vec![(format!("{}.wasm", artefact.name), small(&built)?)]),
        Form::WithSection(section) => {
            Ok(vec![(format!("{}.wasm", artefact.name), module::with_section(small(&built)?, section))])
        }
        Form::WithBindings(package) => {
            let folder = built.with_extension("bindings");
            let mut files = bindings::generate(&built, &folder)?;
            files.push(("package.json".to_owned(), package.as_bytes().to_owned()));
            Ok(files)
        }
    }
}

/// What the compiler makes of an artefact.
pub(super) fn compile(artefact: &Artefact) -> Result<PathBuf> {
    setup::run()?;
    let library = setup::library_sources()?;
    let target = workspace::metadata()?.target.join("wasm-build");
    process::run(
        process::cargo()
            .args(["build", "--quiet", "--profile", "wasm", "--package", artefact.package])
            .args(["--target", setup::WASM_TARGET, "-Zbuild-std=std,panic_abort"])
            .arg("-Zbuild-std-features=optimize_for_size")
            .arg("--target-dir")
            .arg(&target)
            .env("RUSTFLAGS", format!("{FLAGS} {}", remapped(&library)?))
            // The pinned toolchain takes unstable flags by this alone, as the fuzzer's does.
            .env("RUSTC_BOOTSTRAP", "1")
            .current_dir(workspace::root()),
    )?;
    let file = format!("{}.wasm", artefact.package.replace('-', "_"));
    Ok(target.join(setup::WASM_TARGET).join("wasm").join(file))
}

/// A module made small.
pub(super) fn small(built: &Path) -> Result<Vec<u8>> {
    optimized(built, &["--strip-producers", "--strip-debug"])
}

/// A module made small, with what else is to become of it.
pub(super) fn optimized(built: &Path, more: &[&str]) -> Result<Vec<u8>> {
    let small = built.with_extension("small.wasm");
    let binaryen = peers::bring("binaryen")?;
    process::run(
        Command::new("node")
            .arg(binaryen.join("bin/wasm-opt"))
            .args(SMALLER)
            .args(FEATURES)
            .args(more)
            .arg(built)
            .arg("-o")
            .arg(&small),
    )?;
    fs::read(&small).with_context(|| format!("reading {}", small.display()))
}

/// The folder of cargo's own files.
pub(super) fn cargo_home() -> Result<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    home.context("neither CARGO_HOME nor HOME is set")
}

/// Flags by which no path of this machine gets into a module.
fn remapped(library: &Path) -> Result<String> {
    let places = [
        (cargo_home()?.join("registry/src"), "/cargo"),
        (library.to_owned(), "/rust"),
        (workspace::root().to_owned(), "/src"),
    ];
    let flags = places.map(|(path, name)| format!("--remap-path-prefix={}={name}", path.display()));
    Ok(flags.join(" "))
}
