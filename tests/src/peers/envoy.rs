//! An Envoy of the test's own, started as a kubelet would start its container.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::cache::program;
use super::namespace::{Host, Namespace};
use super::process::Server;
use super::temporary::Temporary;

/// Files can be mounted below `/etc` only: the program sees an `/etc` of its own. It runs as the user
/// that the relay's Deployment names, with no capability left.
const SCRIPT: &str = r#"
set -eu
etc=$1; envoy=$2; shift 2
cp /etc/hosts /etc/ssl/certs/ca-certificates.crt "$etc"
mount --bind "$etc" /etc
mount --bind "$envoy" /etc/envoy
exec setpriv --reuid=65532 --regid=65532 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all \
    --pdeathsig=KILL -- /etc/envoy "$@"
"#;

/// A running Envoy, which ends with the value.
#[derive(Debug)]
pub struct Envoy {
    server: Server,
    mounted: PathBuf,
    versions: u32,
    _folder: Temporary,
}

impl Envoy {
    pub(crate) fn start(
        namespace: &Namespace,
        host: Host,
        mount: &str,
        files: &BTreeMap<String, String>,
        arguments: &[String],
    ) -> Result<Self> {
        let folder = Temporary::new("envoy")?;
        let etc = folder.path().join("etc");
        let mounted =
            etc.join(mount.strip_prefix("/etc/").with_context(|| format!("{mount} is not below /etc"))?);
        fs::create_dir_all(&mounted).with_context(|| format!("making {}", mounted.display()))?;
        fs::write(etc.join("envoy"), "").context("making a place for the binary")?;
        place(&mounted, 0, files)?;
        let mut command = namespace.command_on(host, Path::new("unshare"));
        command.args(["--mount", "--propagation", "private", "sh", "-c", SCRIPT, "pod"]);
        command.arg(&etc).arg(program("envoy")?).args(arguments);
        let server = Server::start(&mut command, "envoy", &folder.path().join("log"))?;
        Ok(Self { server, mounted, versions: 1, _folder: folder })
    }

    /// Swaps the mounted files for others, all at once, as a kubelet does with a changed ConfigMap.
    pub fn swap(&mut self, files: &BTreeMap<String, String>) -> Result<()> {
        place(&self.mounted, self.versions, files)?;
        self.versions += 1;
        Ok(())
    }

    /// The last lines of its log, for the message of a failed test.
    pub fn log_end(&self) -> String {
        self.server.log_end()
    }
}

/// A kubelet's way (`AtomicWriter`): each file is a link through `..data`, itself a link that is
/// renamed over.
fn place(mounted: &Path, version: u32, files: &BTreeMap<String, String>) -> Result<()> {
    let folder = format!("..{version}");
    let place = || {
        fs::create_dir(mounted.join(&folder))?;
        for (name, text) in files {
            let file = mounted.join(&folder).join(name);
            fs::write(&file, text)?;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o644))?;
            if version == 0 {
                symlink(Path::new("..data").join(name), mounted.join(name))?;
            }
        }
        symlink(&folder, mounted.join("..new"))?;
        fs::rename(mounted.join("..new"), mounted.join("..data"))
    };
    place().with_context(|| format!("placing files in {}", mounted.display()))
}
