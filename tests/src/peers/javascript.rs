//! Programs of JavaScript: in Node, and in pages that Chromium shows.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::api_server::free_ports;
use super::cache::package;
use super::process::{Said, Server, Watchdog, ask, wait_until};
use super::temporary::Temporary;

/// How long a server of files may take to listen.
const READY: Duration = Duration::from_secs(20);

/// Milliseconds of a page's own time in which its promises are done; Chromium lets it pass as fast as it can.
const PAGE_TIME: u32 = 20_000;

/// Runs a script of Node with `input` on its stdin.
pub fn node(script: &Path, arguments: &[&Path], input: &str) -> Result<Said> {
    ask(Command::new("node").arg(script).args(arguments), input)
}

/// Judges a file of TypeScript, and what it imports, without writing anything.
pub fn typescript(file: &Path) -> Result<Said> {
    let mut command = Command::new("node");
    command.arg(package("typescript")?.join("bin/tsc"));
    command.args(["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext"]).arg(file);
    ask(&mut command, "")
}

/// Extism's host for Node, as a module to import.
pub fn extism() -> Result<PathBuf> {
    package("extism")
}

/// Shows a page of a folder, and gives its elements once its promises are done.
pub fn page(folder: &Path, name: &str) -> Result<String> {
    let own = Temporary::new("page")?;
    let [port] = free_ports()?;
    let mut command = Command::new("python3");
    command
        .args(["-m", "http.server", "--bind", "127.0.0.1", "--directory"])
        .arg(folder)
        .arg(port.to_string());
    let server = Server::start(&mut command, "http.server", &own.path().join("server.log"))?;
    let _watchdog = Watchdog::start(&[&server], own.path())?;
    let url = format!("http://127.0.0.1:{port}/{name}");
    wait_until("the server of files", READY, || {
        ureq::get(&url).call().map(|_| ()).with_context(|| format!("asking for {url}"))
    })?;
    let profile = own.path().join("profile");
    let mut command = Command::new("timeout");
    command
        .args(["120", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"])
        .arg("--disable-background-networking")
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--virtual-time-budget={PAGE_TIME}"))
        .args(["--dump-dom", &url]);
    Ok(ask(&mut command, "")?.succeeded()?.stdout)
}
