//! A private mount, network and process namespace: wildcard ports, `/certs`, `/etc/hosts` and trusted
//! CAs of its own, and nothing changed on the machine. Needs root, as `unshare` does.
//!
//! Upstreams and the relay have a network namespace each, behind a bridge: an Envoy that listens on a
//! port of every address would otherwise take that port from an upstream.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// The machine's folders at their own paths, but a new `/proc`, an empty `/certs`, our `/etc/hosts` and
/// our trusted CAs. Its last command is the namespace's first process: it ends when our end of the
/// pipe closes, and the kernel then ends everything inside.
const SCRIPT: &str = r#"
set -eu
folder=$1; near=$2; shift 2
# The tools below look processes up by the numbers that they have inside.
mount -t proc proc /proc
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
mkdir "$root/proc" "$root/certs" "$root/hosts"
mount --rbind /proc "$root/proc"
mount --bind "$folder/hosts" "$root/etc/hosts"
mount --bind "$folder/authorities" "$root/etc/ssl/certs/ca-certificates.crt"
ip link set lo up
ip link add bridge type bridge
ip address add "$near/24" dev bridge
ip link set bridge up
for host; do
    name=${host%%=*}
    touch "$root/hosts/$name"
    unshare --net="$root/hosts/$name" true
    ip link add "$name" type veth peer name wire netns "$root/hosts/$name"
    ip link set "$name" master bridge up
    nsenter --net="$root/hosts/$name" sh -euc '
        ip link set lo up
        ip link set wire up
        for address; do ip address add "$address/24" dev wire; done' host $(echo "${host#*=}" | tr , ' ')
done
echo ready
exec chroot "$root" cat >/dev/null
"#;

/// A machine of its own inside: its addresses and ports are nobody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Upstreams,
    Relay,
}

impl Host {
    const fn name(self) -> &'static str {
        match self {
            Self::Upstreams => "upstreams",
            Self::Relay => "relay",
        }
    }
}

/// A running namespace. It ends, with everything in it, when the value is dropped or the test dies.
#[derive(Debug)]
pub struct Namespace {
    child: Child,
    /// The namespace's first process, as the machine numbers it.
    init: u32,
    hosts: PathBuf,
    authorities: PathBuf,
}

impl Namespace {
    /// Starts a namespace with the address `near`, and its hosts with theirs; `folder` holds its root
    /// and the files that are its own.
    pub(crate) fn start(folder: &Path, near: &str, hosts: &[(Host, Vec<String>)]) -> Result<Self> {
        let others: Vec<String> = hosts
            .iter()
            .map(|(host, addresses)| format!("{}={}", host.name(), addresses.join(",")))
            .collect();
        let hosts = folder.join("hosts");
        fs::write(&hosts, "127.0.0.1 localhost\n").context("writing the hosts file")?;
        let authorities = folder.join("authorities");
        fs::write(&authorities, "").context("writing the trusted CAs")?;
        let mut child = Command::new("unshare")
            .args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation", "private"])
            .args(["sh", "-c", SCRIPT, "namespace"])
            .arg(folder)
            .arg(near)
            .args(others)
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
        Ok(Self { child, init, hosts, authorities })
    }

    /// A command that runs inside, at the same path, and is killed with the command's process.
    pub fn command(&self, program: &Path) -> Command {
        self.command_with(&["--net"], program)
    }

    /// The same on a host.
    pub(crate) fn command_on(&self, host: Host, program: &Path) -> Command {
        // The second nsenter looks for the file from inside.
        let file = format!("--net=/hosts/{}", host.name());
        self.command_with(&["--", "nsenter", &file], program)
    }

    fn command_with(&self, network: &[&str], program: &Path) -> Command {
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--target={}", self.init))
            .args(["--mount", "--pid", "--root", "--wdns=/"])
            .args(network)
            .arg("--")
            // nsenter forks, so a kill of our child would leave the program running.
            .args(["setpriv", "--pdeathsig", "KILL", "--"])
            .arg(program);
        command
    }

    /// Gives an address a name, inside only; the name leaves the address that it had.
    pub fn name_host(&self, name: &str, address: &str) -> Result<()> {
        let text = fs::read_to_string(&self.hosts).context("reading the hosts file")?;
        let others = text.lines().filter(|line| line.split_once(' ').is_none_or(|(_, known)| known != name));
        let mut text: String = others.flat_map(|line| [line, "\n"]).collect();
        writeln!(text, "{address} {name}")?;
        // Written in place: a new file would not be the one that is mounted inside.
        fs::write(&self.hosts, text).context("writing the hosts file")
    }

    /// Has programs inside trust the authority of this certificate, and no other.
    pub(crate) fn trust(&self, certificate: &Path) -> Result<()> {
        let text = fs::read(certificate).with_context(|| format!("reading {}", certificate.display()))?;
        fs::write(&self.authorities, text).context("writing the trusted CAs")
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // The first process ends with our end of the pipe, and the kernel then kills and collects
        // the others before `unshare` sees it end. The wait closes the pipe.
        let _ = self.child.wait();
    }
}
