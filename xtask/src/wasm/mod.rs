//! `cargo xtask wasm`: the modules for WebAssembly, built, made small, and held to their ABI.

mod bindings;
mod build;
mod module;
mod parts;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use sha2::{Digest as _, Sha256};

use crate::{process, stage, workspace};

/// Where modules are put, in cargo's target folder.
pub(crate) const FOLDER: &str = "wasm-modules";

/// What they come to, in the form of `sha256sum`.
const SUMS: &str = "checksums.txt";

/// A module with what belongs to it.
pub(crate) struct Artefact {
    pub(crate) name: &'static str,
    /// The crate that it is built from.
    pub(crate) package: &'static str,
    /// The one module that it may import from, with the functions.
    pub(crate) imports: (&'static str, &'static [&'static str]),
    /// What it exports beside its memory.
    pub(crate) exports: &'static [&'static str],
    pub(crate) goal: Goal,
    pub(crate) form: Form,
}

/// Bytes that a module should have at most.
pub(crate) enum Goal {
    /// As it is.
    Plain(usize),
    /// As web servers send it.
    Gzip(usize),
    /// Nobody has named one.
    Open,
}

/// What comes with a module.
pub(crate) enum Form {
    /// Nothing.
    Module,
    /// A section of its own that hosts read: name and text.
    WithSection((&'static str, &'static str)),
    /// JavaScript, TypeScript's types, and this `package.json`, in a folder of their own.
    WithBindings(&'static str),
}

/// Every module.
///
/// Source of the policy's imports and exports: wapc-rs, `wapc/src/wapc_functions.rs`; of the Helm module's: extism-pdk
/// 1.4, `src/extism.rs`; the browser's are wasm-bindgen's own.
const ARTEFACTS: [Artefact; 3] = [
    Artefact {
        name: "policy",
        package: "gatewright-policy",
        imports: (
            "wapc",
            &[
                "__guest_error",
                "__guest_request",
                "__guest_response",
                "__host_call",
                "__host_error",
                "__host_error_len",
                "__host_response",
                "__host_response_len",
            ],
        ),
        exports: &["__guest_call", "wapc_init"],
        goal: Goal::Plain(160_000),
        form: Form::WithSection((
            "io.kubewarden.metadata",
            include_str!("../../../wasm/policy/metadata.json"),
        )),
    },
    Artefact {
        name: "helm",
        package: "gatewright-helm",
        imports: (
            "extism:host/env",
            &[
                "alloc",
                "error_set",
                "input_length",
                "input_load_u64",
                "input_load_u8",
                "output_set",
                "store_u64",
                "store_u8",
            ],
        ),
        exports: &["helm_plugin_main"],
        goal: Goal::Open,
        form: Form::Module,
    },
    Artefact {
        name: "browser",
        package: "gatewright-browser",
        imports: ("./gatewright_bg.js", &["__wbindgen_init_externref_table"]),
        exports: &["__wbindgen_free", "__wbindgen_malloc", "__wbindgen_realloc", "__wbindgen_start", "call"],
        goal: Goal::Gzip(480_000),
        form: Form::WithBindings(include_str!("../../../wasm/browser/package.json")),
    },
];

/// Builds all of them; with `--reproduce` those of the last commit too, in a clone in another folder, which must come to
/// the same bytes. With `--parts` it tells what each consists of.
pub(crate) fn task(words: &[String]) -> Result<()> {
    match words {
        [] => run(),
        [word] if word == "--reproduce" => {
            run()?;
            stage::stage("reproduce", reproduce)
        }
        [word] if word == "--parts" => ARTEFACTS.iter().try_for_each(parts::print),
        _ => bail!("wasm takes `--parts`, `--reproduce` or nothing, but got `{}`", words.join(" ")),
    }
}

fn reproduce() -> Result<()> {
    let target = workspace::metadata()?.target;
    let clone = target.join("wasm-clone");
    if clone.exists() {
        fs::remove_dir_all(&clone).with_context(|| format!("emptying {}", clone.display()))?;
    }
    process::run(Command::new("git").args(["clone", "--quiet"]).arg(workspace::root()).arg(&clone))?;
    process::run(
        process::cargo()
            .args(["xtask", "wasm"])
            .env("CARGO_TARGET_DIR", clone.join("elsewhere/target"))
            .current_dir(&clone),
    )?;
    let sums = |folder: &Path| {
        let file = folder.join(FOLDER).join(SUMS);
        fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))
    };
    let (here, there) = (sums(&target)?, sums(&clone.join("elsewhere/target"))?);
    ensure!(
        here == there,
        "the bytes differ by the folder, or the last commit is not what is here:\n{here}\n{there}"
    );
    println!("{} has the same bytes", clone.display());
    Ok(())
}

pub(crate) fn run() -> Result<()> {
    let folder = workspace::metadata()?.target.join(FOLDER);
    let mut rows = Vec::new();
    let mut sums = Vec::new();
    for artefact in &ARTEFACTS {
        let files = stage::stage(artefact.name, || build::build(artefact))?;
        let (_, module) = files.first().context("no module was built")?;
        module::check(artefact, module)?;
        rows.push(row(artefact, module));
        let place = match artefact.form {
            Form::WithBindings(_) => Path::new(artefact.name),
            Form::Module | Form::WithSection(_) => Path::new(""),
        };
        fs::create_dir_all(folder.join(place)).with_context(|| format!("making {}", folder.display()))?;
        for (name, bytes) in files {
            let place = place.join(name);
            let path = folder.join(&place);
            fs::write(&path, &bytes).with_context(|| format!("writing {}", path.display()))?;
            sums.push(format!("{:x}  {}\n", Sha256::digest(&bytes), place.display()));
        }
    }
    fs::write(folder.join(SUMS), sums.concat()).with_context(|| format!("writing {SUMS}"))?;
    println!(
        "| module | bytes | gzip | goal |\n|---|---|---|---|\n{}\n{}",
        rows.join("\n"),
        folder.display()
    );
    Ok(())
}

/// What a module weighs, and what it should.
fn row(artefact: &Artefact, module: &[u8]) -> String {
    let (plain, gzip) = (module.len(), gzipped(module));
    let goal = match artefact.goal {
        Goal::Plain(goal) => format!("{goal}{}", if plain <= goal { "" } else { ", not reached" }),
        Goal::Gzip(goal) => format!("{goal} gzip{}", if gzip <= goal { "" } else { ", not reached" }),
        Goal::Open => "none".to_owned(),
    };
    format!("| {} | {plain} | {gzip} | {goal} |", artefact.name)
}

/// Bytes of a gzip file without a name: header, deflated data, checksum and length.
///
/// Source: RFC 1952, section 2.3.
fn gzipped(bytes: &[u8]) -> usize {
    10 + miniz_oxide::deflate::compress_to_vec(bytes, 9).len() + 8
}
