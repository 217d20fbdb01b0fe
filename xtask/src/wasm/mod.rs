//! `cargo xtask wasm`: the modules for WebAssembly, built, made small, and held to their ABI.

mod build;
mod module;

use std::fs;

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};

use crate::{stage, workspace};

/// Where modules are put, in cargo's target folder.
pub(crate) const FOLDER: &str = "wasm-modules";

/// A module.
pub(crate) struct Artefact {
    /// Its file without `.wasm`.
    pub(crate) name: &'static str,
    /// The crate that it is built from.
    pub(crate) package: &'static str,
    /// The one module that it may import from, with the functions.
    pub(crate) imports: (&'static str, &'static [&'static str]),
    /// What it exports beside its memory.
    pub(crate) exports: &'static [&'static str],
    /// Bytes that it should have at most.
    pub(crate) goal: usize,
    /// What hosts read of it in a section of its own: name and text.
    pub(crate) section: (&'static str, &'static str),
}

/// Every module.
///
/// Source of the policy's imports and exports: wapc-rs, `wapc/src/wapc_functions.rs`.
pub(crate) const ARTEFACTS: [Artefact; 1] = [Artefact {
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
    goal: 160_000,
    section: ("io.kubewarden.metadata", include_str!("../../../wasm/policy/metadata.json")),
}];

pub(crate) fn run() -> Result<()> {
    let folder = workspace::metadata()?.target.join(FOLDER);
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let mut rows = Vec::new();
    for artefact in &ARTEFACTS {
        let bytes = stage::stage(artefact.name, || build::build(artefact))?;
        module::check(artefact, &bytes)?;
        let path = folder.join(format!("{}.wasm", artefact.name));
        fs::write(&path, &bytes).with_context(|| format!("writing {}", path.display()))?;
        rows.push((artefact, bytes));
    }
    let sums: Vec<String> = rows
        .iter()
        .map(|(artefact, bytes)| format!("{:x}  {}.wasm\n", Sha256::digest(bytes), artefact.name))
        .collect();
    fs::write(folder.join("checksums.txt"), sums.concat()).context("writing checksums.txt")?;
    println!("| module | bytes | goal |\n|---|---|---|");
    for (artefact, bytes) in &rows {
        let met = if bytes.len() <= artefact.goal { "" } else { ", not reached" };
        println!("| {} | {} | {}{met} |", artefact.name, bytes.len(), artefact.goal);
    }
    ensure!(!rows.is_empty(), "no module was built");
    println!("{}", folder.display());
    Ok(())
}
