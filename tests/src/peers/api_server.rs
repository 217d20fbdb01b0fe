//! An API server with its etcd. No controller and no kubelet runs: objects keep the status they
//! are given.

use std::ffi::OsStr;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::cache::crds;
use super::cache::program;
use super::certificate::rsa_key;
use super::namespace::Namespace;
use super::process::{Said, Server, Watchdog, ask, wait_until};
use super::proxy::Proxy;
use super::temporary::Temporary;

/// How long a server may take to become ready. On an idle machine it takes five seconds.
const READY: Duration = Duration::from_mins(1);

/// How long CRDs may take from being applied to being served. Ordinarily two seconds.
const SERVED: Duration = Duration::from_secs(30);

/// Starts before another free port is tried: between our look and the server's start, another
/// process may take one.
const TRIES: usize = 3;

/// An address for documentation (RFC 5737). The server must advertise some address that is not
/// loopback, and nobody ever connects to it.
const ADVERTISED: &str = "198.51.100.20";

/// A running API server. Its one user, `admin`, may do anything, `--as` anybody.
#[derive(Debug)]
pub struct ApiServer {
    pub kubeconfig: PathBuf,
    pub url: String,
    pub token: String,
    // Dropped in this order: the watchdog before its servers, the API server before its etcd.
    _watchdog: Watchdog,
    server: Server,
    _etcd: Server,
    inside: Option<Arc<Namespace>>,
    folder: Temporary,
}

impl ApiServer {
    /// Starts a server on loopback with the CRDs of these folders, all of them being served.
    pub fn start(crd_dirs: &[PathBuf]) -> Result<Self> {
        Self::start_in(None, crd_dirs)
    }

    /// The same in a namespace, where only its own processes reach it.
    pub fn start_inside(namespace: &Arc<Namespace>, crd_dirs: &[PathBuf]) -> Result<Self> {
        Self::start_in(Some(namespace), crd_dirs)
    }

    fn start_in(inside: Option<&Arc<Namespace>>, crd_dirs: &[PathBuf]) -> Result<Self> {
        let mut tried = 1;
        let server = loop {
            match Self::launch(inside.cloned()) {
                Ok(server) => break server,
                Err(error) if tried == TRIES => return Err(error.context("starting an API server")),
                Err(_) => tried += 1,
            }
        };
        server.install_crds(crd_dirs)?;
        Ok(server)
    }

    fn launch(inside: Option<Arc<Namespace>>) -> Result<Self> {
        let folder = Temporary::new("api-server")?;
        let token = "secret".to_owned();
        let [client, peer, secure] = free_ports()?;
        let (store, url) = (format!("http://127.0.0.1:{client}"), format!("https://127.0.0.1:{secure}"));
        let command = |name: &str| Ok::<_, anyhow::Error>(command(inside.as_deref(), &program(name)?));

        let peers = format!("http://127.0.0.1:{peer}");
        let etcd = Server::start(
            command("etcd")?
                .arg(flag("data-dir", folder.path().join("etcd")))
                .arg(flag("listen-client-urls", &store))
                .arg(flag("advertise-client-urls", &store))
                .arg(flag("listen-peer-urls", &peers))
                .arg(flag("initial-advertise-peer-urls", &peers))
                .arg(flag("initial-cluster", format!("default={peers}")))
                // The data goes with the test; waiting for the disk would only slow it.
                .arg("--unsafe-no-fsync"),
            "etcd",
            &folder.path().join("etcd.log"),
        )?;

        let key = folder.path().join("service-account.key");
        rsa_key(&key)?;
        let tokens = folder.write("tokens.csv", format!("{token},admin,1,system:masters\n"))?;
        let mut server = Server::start(
            command("kube-apiserver")?
                .arg(flag("etcd-servers", &store))
                .arg(flag("secure-port", secure.to_string()))
                .arg("--bind-address=127.0.0.1")
                .arg(flag("advertise-address", ADVERTISED))
                .arg(flag("cert-dir", folder.path().join("certs")))
                .arg(flag("token-auth-file", &tokens))
                .arg("--authorization-mode=RBAC")
                .arg("--service-account-issuer=https://kubernetes.default.svc")
                .arg(flag("service-account-key-file", &key))
                .arg(flag("service-account-signing-key-file", &key))
                .arg("--service-cluster-ip-range=10.0.0.0/24")
                .arg("--disable-admission-plugins=ServiceAccount"),
            "kube-apiserver",
            &folder.path().join("kube-apiserver.log"),
        )?;
        let watchdog = Watchdog::start(&[&server, &etcd], folder.path())?;

        let kubeconfig = folder.write("kubeconfig", kubeconfig(&url, &token))?;
        let ask = |words: &[&str]| {
            let mut command = kubectl(inside.as_deref(), &kubeconfig, folder.path())?;
            ask(command.args(words), "")?.succeeded()
        };
        server.wait_until("readiness", READY, || ask(&["get", "--raw", "/readyz"]))?;
        // The server makes it by itself, shortly after it is ready.
        server.wait_until("namespace default", READY, || ask(&["get", "namespace", "default"]))?;
        Ok(Self { kubeconfig, url, token, _watchdog: watchdog, server, _etcd: etcd, inside, folder })
    }

    fn install_crds(&self, crd_dirs: &[PathBuf]) -> Result<()> {
        if crd_dirs.is_empty() {
            return Ok(());
        }
        let mut words: Vec<&OsStr> =
            ["apply", "--server-side", "--force-conflicts", "--validate=false"].map(OsStr::new).to_vec();
        for folder in crd_dirs {
            words.extend([OsStr::new("-f"), folder.as_os_str()]);
        }
        self.kubectl(&words)?.succeeded().context("applying CRDs")?;
        self.kubectl(&["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"])?
            .succeeded()
            .context("waiting for CRDs")?;
        // An established CRD is served a moment later; a client that asks before is told `no matches`.
        let names = self.kubectl(&["get", "crd", "--output=name"])?.succeeded()?.stdout;
        let prefix = "customresourcedefinition.apiextensions.k8s.io/";
        let kinds: Vec<&str> = names.lines().filter_map(|line| line.strip_prefix(prefix)).collect();
        let kinds = kinds.join(",");
        wait_until("the CRDs to be served", SERVED, || {
            self.kubectl(&["get", &kinds, "--all-namespaces"])?.succeeded()
        })?;
        Ok(())
    }

    /// Plain HTTP to this server.
    pub fn proxy(&self) -> Result<Proxy> {
        Proxy::start(self)
    }

    /// kubectl, talking to this server, not yet run.
    pub(super) fn kubectl_command(&self) -> Result<Command> {
        kubectl(self.inside.as_deref(), &self.kubeconfig, self.folder.path())
    }

    /// Runs kubectl to its end. A failure of kubectl is in what it said, not in the `Result`.
    pub fn kubectl(&self, arguments: &[impl AsRef<OsStr>]) -> Result<Said> {
        self.kubectl_with("", arguments)
    }

    /// The same, with text on stdin.
    pub fn kubectl_with(&self, stdin: &str, arguments: &[impl AsRef<OsStr>]) -> Result<Said> {
        ask(self.kubectl_command()?.args(arguments), stdin)
    }

    /// Applies manifests and gives stderr, which holds the server's warnings.
    pub fn apply(&self, yaml: &str) -> Result<String> {
        let said = self.kubectl_with(yaml, &["apply", "--server-side", "--validate=strict", "-f", "-"])?;
        Ok(said.succeeded()?.stderr)
    }

    /// Asks the server whether it would take manifests, with strict field validation: stderr with
    /// its warnings if so, its refusal as the error if not.
    pub fn apply_dry_run(&self, yaml: &str) -> Result<String> {
        let words = ["apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-"];
        Ok(self.kubectl_with(yaml, &words)?.succeeded()?.stderr)
    }

    /// Reads one object; `arguments` as after `kubectl get`.
    pub fn get(&self, arguments: &[&str]) -> Result<Value> {
        let said = self.kubectl(&[&["get", "--output=json"], arguments].concat())?.succeeded()?;
        serde_json::from_str(&said.stdout).context("reading kubectl's JSON")
    }

    /// Waits until an object has a condition: its own, or for a route any parent's.
    ///
    /// `object` is for example `gateway/public`; the condition must be about the object's present
    /// generation.
    pub fn wait_condition(
        &self,
        namespace: &str,
        object: &str,
        kind: &str,
        status: &str,
        limit: Duration,
    ) -> Result<()> {
        wait_until(&format!("{kind}={status} of {object}"), limit, || {
            let found = self.get(&["--namespace", namespace, object])?;
            let generation = &found["metadata"]["generation"];
            let has = conditions(&found["status"]).any(|condition| {
                condition["type"] == kind
                    && condition["status"] == status
                    && condition["observedGeneration"] == *generation
            });
            anyhow::ensure!(has, "status is {}", found["status"]);
            Ok(())
        })
    }

    /// Puts the CRDs of a folder, for example `gateway-api-1.6.3/standard`, in the place of all other CRDs of
    /// Gateway API, and waits until they are served. Objects of those kinds go with their CRDs.
    pub fn replace_crds(&self, folder: &str) -> Result<()> {
        let groups = ["gateway.networking.k8s.io", "gateway.networking.x-k8s.io"];
        let names = self.kubectl(&["get", "crd", "--output=name"])?.succeeded()?.stdout;
        let old: Vec<&str> = names
            .lines()
            .filter(|name| groups.iter().any(|group| name.ends_with(&format!(".{group}"))))
            .collect();
        if !old.is_empty() {
            // It refuses an older release, or another channel, in the place of what is there.
            let policies = ["validatingadmissionpolicybindings", "validatingadmissionpolicies"];
            for policy in policies {
                self.kubectl(&["delete", policy, "--all"])?.succeeded()?;
            }
            self.kubectl(&[&["delete"], &old[..]].concat())?.succeeded()?;
        }
        let folder = crds(folder)?;
        let words = [
            Path::new("apply"),
            Path::new("--server-side"),
            Path::new("--validate=false"),
            Path::new("-f"),
            &folder,
        ];
        self.kubectl(&words)?.succeeded().context("applying CRDs")?;
        self.kubectl(&["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"])?
            .succeeded()?;
        // An established CRD is served a moment later.
        let names = self.kubectl(&["get", "crd", "--output=name"])?.succeeded()?.stdout;
        let kinds: Vec<&str> =
            names.lines().filter_map(|name| name.split_once('/')).map(|(_, kind)| kind).collect();
        wait_until("the CRDs to be served", Duration::from_mins(1), || {
            self.kubectl(&["get", &kinds.join(","), "--all-namespaces"])?.succeeded()
        })?;
        Ok(())
    }

    /// The last lines of the server's log, for the message of a failed test.
    pub fn log_end(&self) -> String {
        self.server.log_end()
    }
}

fn conditions(status: &Value) -> impl Iterator<Item = &Value> {
    let of_parents = ["parents", "ancestors"]
        .into_iter()
        .filter_map(|key| status[key].as_array())
        .flatten()
        .filter_map(|parent| parent["conditions"].as_array());
    status["conditions"].as_array().into_iter().chain(of_parents).flatten()
}

fn command(inside: Option<&Namespace>, program: &Path) -> Command {
    inside.map_or_else(|| Command::new(program), |namespace| namespace.command(program))
}

/// kubectl with no configuration and no cache but the test's own.
fn kubectl(inside: Option<&Namespace>, kubeconfig: &Path, home: &Path) -> Result<Command> {
    let mut command = command(inside, &program("kubectl")?);
    command.env("KUBECONFIG", kubeconfig).env("HOME", home);
    Ok(command)
}

fn flag(name: &str, value: impl AsRef<OsStr>) -> std::ffi::OsString {
    let mut flag = std::ffi::OsString::from(format!("--{name}="));
    flag.push(value);
    flag
}

/// Ports that were free a moment ago, all different.
pub(super) fn free_ports<const N: usize>() -> Result<[u16; N]> {
    let mut listeners = Vec::new();
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind("127.0.0.1:0").context("looking for a free port")?;
        *port = listener.local_addr()?.port();
        listeners.push(listener);
    }
    Ok(ports)
}

/// JSON is YAML enough. The server's certificate is one that it made for itself.
fn kubeconfig(url: &str, token: &str) -> String {
    json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "test",
        "clusters": [{"name": "test", "cluster": {"server": url, "insecure-skip-tls-verify": true}}],
        "users": [{"name": "admin", "user": {"token": token}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "admin"}}],
    })
    .to_string()
}
