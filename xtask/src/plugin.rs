//! `cargo xtask plugin`: the Helm 4 post-renderer plugin, and the binary that Helm 3 runs.
//!
//! Helm 4 runs a post-renderer only as a plugin; the plugin and the binary carry the same name, so
//! that one command line works in both.

use std::env::consts;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::workspace::Metadata;
use crate::{peers, process, workspace};

pub(crate) fn run() -> Result<()> {
    let Metadata { target, version } = workspace::metadata()?;
    process::run(
        process::cargo()
            .args(["build", "--release", "--package", "gatewright"])
            .current_dir(workspace::root()),
    )?;

    let plugins = target.join("helm-plugin");
    let plugin = plugins.join("gatewright");
    if plugin.exists() {
        fs::remove_dir_all(&plugin).with_context(|| format!("removing the old {}", plugin.display()))?;
    }
    let name = format!("gatewright{}", consts::EXE_SUFFIX);
    let (os, arch) = (go_os(), go_arch());
    let folder = plugin.join("bin").join(format!("{os}-{arch}"));
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    // `copy` keeps the mode, so the binary stays executable.
    fs::copy(target.join("release").join(&name), folder.join(&name)).context("copying the release binary")?;
    fs::write(plugin.join("plugin.yaml"), manifest(&version, os, arch, &name))
        .context("writing plugin.yaml")?;
    println!("{}", plugin.display());

    if let Some(helm) = peers::present("helm4")? {
        return package(&helm, &plugin, &plugins, &version);
    }
    println!("no tgz: the peer helm4 is not in the cache (`cargo xtask peers helm4`)");
    Ok(())
}

/// The top level of `plugin.yaml` is strict: Helm refuses an unknown key.
fn manifest(version: &str, os: &str, arch: &str, binary: &str) -> String {
    format!(
        "apiVersion: v1
type: postrenderer/v1
name: gatewright
version: {version}
runtime: subprocess
runtimeConfig:
  platformCommand:
    - os: {os}
      arch: {arch}
      command: \"${{HELM_PLUGIN_DIR}}/bin/{os}-{arch}/{binary}\"
"
    )
}

/// Packs the plugin unsigned: a signature needs the release key, which no developer has.
fn package(helm: &Path, plugin: &Path, plugins: &Path, version: &str) -> Result<()> {
    process::output(
        Command::new(helm)
            .args(["plugin", "package", "--sign=false", "--destination"])
            .arg(plugins)
            .arg(plugin)
            // The developer's own plugins are not looked at.
            .env("HELM_PLUGINS", plugins.join("none")),
    )?;
    println!("{}", plugins.join(format!("gatewright-{version}.tgz")).display());
    Ok(())
}

/// The operating system as Go, and so Helm, calls it.
fn go_os() -> &'static str {
    match consts::OS {
        "macos" => "darwin",
        other => other,
    }
}

fn go_arch() -> &'static str {
    match consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}
