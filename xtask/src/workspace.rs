//! Where things lie: the checkout, what cargo builds, and the cache outside the checkout.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::process;

/// The root of the checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies below the root")
}

/// What cargo knows of the workspace.
pub(crate) struct Metadata {
    /// Cargo's target folder, wherever the developer has it.
    pub(crate) target: PathBuf,
    /// The one version of all crates.
    pub(crate) version: String,
}

/// Asks cargo for the target folder and the version of package `gatewright`.
pub(crate) fn metadata() -> Result<Metadata> {
    let text = process::output(
        process::cargo().args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root()),
    )?;
    let value: Value = serde_json::from_str(&text).context("reading `cargo metadata`")?;
    let target = value["target_directory"].as_str().context("`cargo metadata` names no target folder")?;
    let version = value["packages"]
        .as_array()
        .and_then(|packages| packages.iter().find(|package| package["name"] == "gatewright"))
        .and_then(|package| package["version"].as_str())
        .context("`cargo metadata` names no package `gatewright`")?;
    Ok(Metadata { target: target.into(), version: version.into() })
}

/// The cache of peers: `$GATEWRIGHT_PEERS`, else `gatewright/peers` in the user's cache folder.
///
/// It lies outside the checkout, so that a fresh clone finds peers that were built before.
pub(crate) fn peers() -> Result<PathBuf> {
    if let Some(path) = env::var_os("GATEWRIGHT_PEERS").filter(|path| !path.is_empty()) {
        return std::path::absolute(&path)
            .with_context(|| format!("GATEWRIGHT_PEERS is `{}`", path.display()));
    }
    let user = match env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()) {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(env::var_os("HOME").context("neither GATEWRIGHT_PEERS nor HOME is set")?)
            .join(".cache"),
    };
    Ok(user.join("gatewright/peers"))
}
