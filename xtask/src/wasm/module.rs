//! What a module imports and exports, and what it says of itself.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail, ensure};
use wasmparser::{ExternalKind, Parser, Payload};

use super::{Artefact, build};
use crate::workspace;

/// Fails where a module asks for anything beside its ABI, lacks a part of it, or names a path of the machine that built it.
pub(crate) fn check(artefact: &Artefact, bytes: &[u8]) -> Result<()> {
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.context("reading the module")? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    imports.push((import.module.to_owned(), import.name.to_owned()));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        exports.push(export.name.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    let (module, functions) = artefact.imports;
    imports.sort();
    exports.sort();
    let allowed: Vec<(String, String)> =
        functions.iter().map(|function| (module.to_owned(), (*function).to_owned())).collect();
    ensure!(imports == allowed, "{} imports {imports:?}, where its ABI has {allowed:?}", artefact.name);
    ensure!(
        exports == artefact.exports,
        "{} exports {exports:?}, where its ABI has {:?}",
        artefact.name,
        artefact.exports
    );
    let own = [build::cargo_home()?, workspace::root().to_owned(), workspace::metadata()?.target];
    if let Some(place) = place_in(bytes, &own) {
        bail!("{} holds a path of this machine below {place}", artefact.name);
    }
    Ok(())
}

/// The first place of a machine that bytes name: one that many have, or one of those of this build.
fn place_in(bytes: &[u8], own: &[PathBuf]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let usual = ["/home/", "/root/", "/usr/", "/tmp/"].map(str::to_owned);
    let own = own.iter().map(|folder| folder.display().to_string());
    usual.into_iter().chain(own).find(|place| text.contains(place.as_str()))
}

/// A module with a custom section at its end.
///
/// Source: WebAssembly Core Specification 2.0, "Custom Section".
pub(crate) fn with_section(mut bytes: Vec<u8>, (name, text): (&str, &str)) -> Vec<u8> {
    use wasm_encoder::{CustomSection, Encode as _};
    let section = CustomSection { name: name.into(), data: text.trim().as_bytes().into() };
    bytes.push(0);
    section.encode(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_paths_of_the_build_wherever_it_stands() {
        let own = [PathBuf::from("/build/tree"), PathBuf::from("/opt/cargo")];
        assert_eq!(place_in(b"\0asm /src/core/lib.rs /cargo/psl", &own), None);
        for (bytes, place) in [
            ("at /opt/cargo/registry", "/opt/cargo"),
            ("/build/tree/core", "/build/tree"),
            ("/home/a", "/home/"),
        ] {
            assert_eq!(place_in(bytes.as_bytes(), &own).as_deref(), Some(place));
        }
    }
}
