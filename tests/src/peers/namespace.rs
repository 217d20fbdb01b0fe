//! A private mount, network and process namespace: wildcard ports, `/certs` and `/etc/hosts` of
//! its own, and nothing changed on the machine. Needs root, as `unshare` does.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// The machine's folders at their own paths, but a new `/proc`, an empty `/certs` and our
/// `/etc/hosts`. Its last command is the namespace's first process: it ends when our end of the
/// pipe closes, and the kernel then ends everything inside.
const SCRIPT: &str = r#"
set -eu
folder=$1; shift
root=$folder/root
mkdir "$root"
mount -t tmpfs -o mode=755 tmpfs "$root"
for entry in /*; do
    name=${entry#/}
    case $name in proc|certs) continue ;; esac
    if [ -L "$entry" ]; then
        cp -P "$entry" "$root/$name"
    elif [ -d "$entry" ]; then
        mkdir "$root/$name"
        mount --rbind "$entry" "$root/$name"
    fi
done
mkdir "$root/proc" "$root/certs"
mount -t proc proc "$root/proc"
mount --bind "$folder/hosts" "$root/etc/hosts"
ip link set lo up
for address; do ip address add "$address/32" dev lo; done
echo ready
exec chroot "$root" cat >/dev/null
"#;

/// A running namespace. It ends, with everything in it, when the value is dropped or the test dies.
#[derive(Debug)]
pub struct Namespace {
    child: Child,
    /// The namespace's first process, as the machine numbers it.
    init: u32,
    hosts: PathBuf,
}

impl Namespace {
    /// Starts a namespace whose loopback has `addresses`; `folder` holds its root and hosts file.
    pub fn start(folder: &Path, addresses: &[String]) -> Result<Self> {
        let hosts = folder.join("hosts");
        fs::write(&hosts, "127.0.0.1 localhost\n").context("writing the hosts file")?;
        let mut child = Command::new("unshare")
            .args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation", "private"])
            .args(["sh", "-c", SCRIPT, "namespace"])
            .arg(folder)
            .args(addresses)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting unshare")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("stdout is piped")).read_line(&mut line)?;
        if line.trim() != "ready" {
            let _ = child.kill();
            let _ = child.wait();
        }
        ensure!(line.trim() == "ready", "no private namespace could be made; this needs root");
        let children = format!("/proc/{0}/task/{0}/children", child.id());
        let init = fs::read_to_string(&children)
            .with_context(|| format!("reading {children}"))?
            .trim()
            .parse()
            .context("unshare has not one child")?;
        Ok(Self { child, init, hosts })
    }

    /// A command that runs inside, at the same path, and is killed with the command's process.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--target={}", self.init))
            .args(["--mount", "--net", "--pid", "--root", "--"])
            // nsenter forks, so a kill of our child would leave the program running.
            .args(["setpriv", "--pdeathsig", "KILL", "--"])
            .arg(program);
        command
    }

    /// Gives an address a name, inside only.
    pub fn name_host(&self, name: &str, address: &str) -> Result<()> {
        let mut text = fs::read_to_string(&self.hosts).context("reading the hosts file")?;
        writeln!(text, "{address} {name}")?;
        // Written in place: a new file would not be the one that is mounted inside.
        fs::write(&self.hosts, text).context("writing the hosts file")
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // The first process ends with our end of the pipe, and the kernel then kills and collects
        // the others before `unshare` sees it end. The wait closes the pipe.
        let _ = self.child.wait();
    }
}
