//! Both Helms, each with a home of its own.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::cache::{gatewright, plugins, program};
use super::process::{Said, ask};
use super::temporary::Temporary;

/// A Helm that sees nothing of the developer's own: its homes are temporary, its plugins ours.
///
/// `--post-renderer gatewright` works with both: Helm 3 finds the binary on its `PATH`, Helm 4 the
/// plugin. Helm 3 gets no plugin folder, for it complains of a plugin of Helm 4 on every command.
#[derive(Debug)]
pub struct Helm {
    /// 3 or 4.
    pub version: u8,
    pub binary: PathBuf,
    /// Folders with plugins, for Helm 4.
    pub plugins: PathBuf,
    /// The one that Helm talks to; without it every cluster is refused.
    pub kubeconfig: Option<PathBuf>,
    path: OsString,
    home: Temporary,
}

impl Helm {
    pub fn v3() -> Result<Self> {
        Self::new(3, "helm3")
    }

    pub fn v4() -> Result<Self> {
        Self::new(4, "helm4")
    }

    /// The same Helm, talking to a server.
    #[must_use]
    pub fn with_kubeconfig(self, kubeconfig: &Path) -> Self {
        Self { kubeconfig: Some(kubeconfig.to_owned()), ..self }
    }

    /// Helm with these arguments and the private environment, not yet run.
    pub fn command(&self, arguments: &[impl AsRef<OsStr>]) -> Command {
        let home = self.home.path();
        let mut command = Command::new(&self.binary);
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("HELM_") {
                command.env_remove(name);
            }
        }
        let nothing = home.join("none");
        command
            .args(arguments)
            .env("HOME", home)
            .env("HELM_CACHE_HOME", home.join("cache"))
            .env("HELM_CONFIG_HOME", home.join("config"))
            .env("HELM_DATA_HOME", home.join("data"))
            .env("HELM_PLUGINS", if self.version == 4 { &self.plugins } else { &nothing })
            .env("KUBECONFIG", self.kubeconfig.as_ref().unwrap_or(&nothing))
            .env("PATH", &self.path);
        command
    }

    /// Runs Helm to its end. A failure of Helm is in what it said, not in the `Result`.
    pub fn run(&self, arguments: &[impl AsRef<OsStr>]) -> Result<Said> {
        ask(&mut self.command(arguments), "")
    }

    fn new(version: u8, name: &str) -> Result<Self> {
        let plugins = plugins()?;
        let path = match version {
            3 => path_with(gatewright()?.parent().expect("a file lies in a folder"))?,
            _ => env::var_os("PATH").unwrap_or_default(),
        };
        Ok(Self {
            version,
            binary: program(name)?,
            plugins,
            kubeconfig: None,
            path,
            home: Temporary::new(name)?,
        })
    }
}

fn path_with(folder: &Path) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::join_paths(std::iter::once(folder.to_owned()).chain(env::split_paths(&path)))
        .context("the binary's folder cannot stand in PATH")
}
