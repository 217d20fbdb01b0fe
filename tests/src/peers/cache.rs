//! Where the peers lie.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

/// A peer's program, for example `kubectl` or `helm3`.
pub fn program(name: &str) -> Result<PathBuf> {
    let path = cache()?.join("bin").join(name);
    ensure!(path.is_file(), "{} is not there: run `cargo xtask peers`", path.display());
    Ok(path)
}

/// A folder of CRDs, for example `gateway-api-1.6.3/standard` or `cert-manager-1.21.2`.
pub fn crds(name: &str) -> Result<PathBuf> {
    let path = cache()?.join("crds").join(name);
    ensure!(path.is_dir(), "{} is not there: run `cargo xtask peers`", path.display());
    Ok(path)
}

/// A published JSON Schema, for example `sarif-2.1.0/sarif-schema-2.1.0.json`.
pub fn schema(name: &str) -> Result<PathBuf> {
    let path = cache()?.join("schemas").join(name);
    ensure!(path.is_file(), "{} is not there: run `cargo xtask peers`", path.display());
    Ok(path)
}

/// What Gateway API's conformance tests apply: `base/` and `tests/`.
pub fn conformance() -> Result<PathBuf> {
    let path = cache()?.join("conformance-1.7.0");
    ensure!(path.join("tests").is_dir(), "{} is not there: run `cargo xtask peers`", path.display());
    Ok(path)
}

/// An npm package, for example `typescript`.
pub fn package(name: &str) -> Result<PathBuf> {
    let path = cache()?.join("npm").join(name);
    ensure!(path.join("package.json").is_file(), "{} is not there: run `cargo xtask peers`", path.display());
    Ok(path)
}

/// The folder that Helm 4 finds our plugin in, and that holds the binary for Helm 3.
pub fn plugins() -> Result<PathBuf> {
    let path = match set("GATEWRIGHT_HELM_PLUGINS") {
        Some(path) => path,
        // A test lies in `<target>/<profile>/deps`.
        None => env::current_exe()?
            .ancestors()
            .nth(3)
            .context("the test lies in no target folder")?
            .join("helm-plugin"),
    };
    ensure!(
        path.join("gatewright/plugin.yaml").is_file(),
        "{} holds no plugin: run `cargo xtask plugin`",
        path.display()
    );
    Ok(path)
}

/// Our own binary, which the plugin holds for one platform: this one.
pub fn gatewright() -> Result<PathBuf> {
    let folder = plugins()?.join("gatewright/bin");
    let mut entries = folder.read_dir().with_context(|| format!("reading {}", folder.display()))?;
    Ok(entries.next().with_context(|| format!("{} is empty", folder.display()))??.path().join("gatewright"))
}

/// The same rule as in `xtask`: `$GATEWRIGHT_PEERS`, else the user's cache folder.
fn cache() -> Result<PathBuf> {
    if let Some(path) = set("GATEWRIGHT_PEERS") {
        return Ok(path);
    }
    let user = match set("XDG_CACHE_HOME") {
        Some(path) => path,
        None => set("HOME").context("neither GATEWRIGHT_PEERS nor HOME is set")?.join(".cache"),
    };
    Ok(user.join(Path::new("gatewright/peers")))
}

fn set(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}
