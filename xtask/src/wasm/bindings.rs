//! JavaScript and TypeScript around a module, by wasm-bindgen.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use super::build::{File, small};

/// What the files are called by.
const NAME: &str = "gatewright";

/// The module with bindings for web pages, which Node takes too; the module is the first of the files.
pub(super) fn generate(built: &Path, folder: &Path) -> Result<Vec<File>> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("emptying {}", folder.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(built).out_name(NAME).typescript(true);
    // A page calls `init()` without saying where the module is: beside its JavaScript.
    bindgen.omit_default_module_path(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.web(true)?.generate(folder)?;
    let module = folder.join(format!("{NAME}_bg.wasm"));
    let mut files = vec![(format!("{NAME}_bg.wasm"), small(&module)?)];
    for end in [".js", ".d.ts", "_bg.wasm.d.ts"] {
        let name = format!("{NAME}{end}");
        let bytes = fs::read(folder.join(&name)).with_context(|| format!("wasm-bindgen wrote no {name}"))?;
        ensure!(!bytes.is_empty(), "wasm-bindgen wrote an empty {name}");
        files.push((name, bytes));
    }
    Ok(files)
}
