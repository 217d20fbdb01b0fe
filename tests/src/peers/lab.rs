//! A real controller and a real data plane: Envoy Gateway and Envoy on a real API server, inside a
//! private namespace.
//!
//! No endpoint controller runs, so a Service's `EndpointSlice`s must be among the manifests. Envoy
//! listens on each Gateway's own ports on every address of the namespace: two Gateways of one lab
//! must not share a port. `Programmed` says nothing here when a Gateway asks for addresses: take
//! traffic as the proof.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::api_server::ApiServer;
use super::backend::{Backend, Serve};
use super::cache::{crds, program};
use super::certificate::Authority;
use super::envoy::Envoy;
use super::namespace::{Host, Namespace};
use super::process::{Server, Watchdog, ask, wait_until};
use super::temporary::Temporary;

const CLIENT: &str = include_str!("client.py");

/// The version that Envoy Gateway is told it finds; the cache's Envoy, whatever its version, lies
/// where that one would be downloaded to.
const ENVOY_VERSION: &str = "1.40.0";

/// Where Envoy Gateway keeps its own objects.
const NAMESPACE: &str = "envoy-gateway-system";

/// Envoy Gateway is ready in two seconds on an idle machine.
const READY: Duration = Duration::from_mins(1);

/// Seconds that a client waits for a connection and for each read.
const REQUEST_SECONDS: u16 = 10;

/// Envoy Gateway at work, with class `envoy-gateway` accepted.
#[derive(Debug)]
pub struct EnvoyGatewayLab {
    pub api: ApiServer,
    // Dropped in this order; the namespace takes Envoy itself along.
    _watchdog: Watchdog,
    controller: Server,
    namespace: Arc<Namespace>,
    folder: Temporary,
}

/// A request to a Gateway.
#[derive(Clone, Debug)]
pub struct Request {
    pub port: u16,
    pub method: String,
    pub host: String,
    /// With the query, if any.
    pub path: String,
    pub headers: Vec<(String, String)>,
    /// TLS with this SNI, trusting the authority whose certificate is in the file.
    pub tls: Option<(String, PathBuf)>,
}

/// What came back. Status 0 is a connection that failed; `body` then says how.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case, in the order received.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    /// A plain GET on port 80.
    pub fn get(host: &str, path: &str) -> Self {
        Self {
            port: 80,
            method: "GET".into(),
            host: host.into(),
            path: path.into(),
            headers: Vec::new(),
            tls: None,
        }
    }
}

impl Reply {
    /// What the backend says it got, if a backend answered.
    pub fn echo(&self) -> Result<Value> {
        serde_json::from_str(&self.body)
            .with_context(|| format!("status {} is not a backend's answer: {}", self.status, self.body))
    }
}

impl EnvoyGatewayLab {
    /// The address to send requests for a Gateway to, inside.
    pub const GATEWAY: &'static str = "198.51.100.20";

    /// The address that the relay's pod has, inside.
    pub const RELAY: &'static str = "198.51.100.21";

    /// An address for a backend, inside: `198.51.100.10` to `198.51.100.19` for 0 to 9.
    pub fn backend_address(number: u8) -> String {
        assert!(number < 10, "a lab has ten backend addresses");
        format!("198.51.100.{}", 10 + number)
    }

    /// Starts everything, with Gateway API 1.6.3's experimental channel, which holds every kind
    /// that Envoy Gateway 1.9 watches, and Envoy Gateway's own CRDs.
    pub fn start() -> Result<Self> {
        let folder = Temporary::new("lab")?;
        let hosts = [
            (Host::Upstreams, (0..10).map(Self::backend_address).collect()),
            (Host::Relay, vec![Self::RELAY.to_owned()]),
        ];
        let namespace = Arc::new(Namespace::start(folder.path(), Self::GATEWAY, &hosts)?);
        // The namespace ends with us by itself; its folder does not.
        let watchdog = Watchdog::start(&[], folder.path())?;
        let api = ApiServer::start_inside(
            &namespace,
            &[crds("gateway-api-1.6.3/experimental")?, crds("envoy-gateway-1.9.0")?],
        )?;

        let homes = Homes::new(folder.path())?;
        let binary = program("envoy-gateway")?;
        let envoy_gateway = || {
            let mut command = namespace.command(&binary);
            command
                .env("KUBECONFIG", &api.kubeconfig)
                .env("ENVOY_GATEWAY_NAMESPACE", NAMESPACE)
                .env("HOME", folder.path());
            command
        };
        api.kubectl(&["create", "namespace", NAMESPACE])?.succeeded()?;
        ask(envoy_gateway().args(["certgen", "--disable-topology-injector"]), "")?
            .succeeded()
            .context("making Envoy Gateway's certificates")?;
        homes.place_certificates(&api, &namespace)?;

        let config = folder.write("envoy-gateway.yaml", homes.configuration().to_string())?;
        let log = folder.path().join("envoy-gateway.log");
        let mut controller = Server::start(
            envoy_gateway().args(["server", "--config-path"]).arg(config),
            "envoy-gateway",
            &log,
        )?;
        api.apply(&gateway_class())?;
        controller.wait_until("GatewayClass envoy-gateway", READY, || {
            api.wait_condition("default", "gatewayclass/envoy-gateway", "Accepted", "True", Duration::ZERO)
        })?;
        Ok(Self { api, _watchdog: watchdog, controller, namespace, folder })
    }

    /// Applies manifests; those without a namespace land in `default`.
    pub fn apply(&self, yaml: &str) -> Result<String> {
        self.api.apply(yaml)
    }

    /// A command that runs inside the lab's namespace.
    pub fn command(&self, program: &str) -> Command {
        self.namespace.command(Path::new(program))
    }

    /// Gives an address a DNS name, which Envoy and every other program inside will find.
    pub fn name_host(&self, name: &str, address: &str) -> Result<()> {
        self.namespace.name_host(name, address)
    }

    /// Has Envoy, and every other program inside, trust this authority as the system's only one.
    pub fn trust(&self, authority: &Authority) -> Result<()> {
        self.namespace.trust(authority.certificate())
    }

    /// Starts an Envoy at the relay's address as a pod would, with `files` mounted at `mount`.
    pub fn relay(
        &self,
        mount: &str,
        files: &BTreeMap<String, String>,
        arguments: &[String],
    ) -> Result<Envoy> {
        Envoy::start(&self.namespace, Host::Relay, mount, files, arguments)
    }

    /// The same where the backends are.
    pub fn upstream_envoy(
        &self,
        mount: &str,
        files: &BTreeMap<String, String>,
        arguments: &[String],
    ) -> Result<Envoy> {
        Envoy::start(&self.namespace, Host::Upstreams, mount, files, arguments)
    }

    /// Starts an echo server, which ends with the value.
    pub fn backend(&self, name: &str, address: &str, port: u16, serve: &Serve) -> Result<Backend> {
        Backend::start(&self.namespace, name, address, port, serve)
    }

    /// Waits until an object has a condition, see [`ApiServer::wait_condition`].
    pub fn wait_condition(
        &self,
        namespace: &str,
        object: &str,
        kind: &str,
        status: &str,
        limit: Duration,
    ) -> Result<()> {
        self.api
            .wait_condition(namespace, object, kind, status, limit)
            .with_context(|| format!("Envoy Gateway's log ends\n{}", self.log_end()))
    }

    /// Sends a request to the Gateways' address.
    pub fn send(&self, request: &Request) -> Result<Reply> {
        self.send_many(request, 1)?.pop().context("the client gave no reply")
    }

    /// Sends a request many times, each on a connection of its own.
    pub fn send_many(&self, request: &Request, count: usize) -> Result<Vec<Reply>> {
        self.send_to(Self::GATEWAY, request, count)
    }

    /// The same to any address inside, for example a backend's.
    pub fn send_to(&self, address: &str, request: &Request, count: usize) -> Result<Vec<Reply>> {
        let Request { port, method, host, path, headers, tls } = request;
        let wanted = json!({
            "address": address, "port": port, "method": method, "host": host, "path": path,
            "headers": headers, "count": count, "seconds": REQUEST_SECONDS,
            "tls": tls.as_ref().map(|(sni, authority)| json!({"sni": sni, "authority": authority})),
        });
        let said = ask(self.command("python3").args(["-c", CLIENT]), &wanted.to_string())?.succeeded()?;
        let replies: Value = serde_json::from_str(&said.stdout).context("reading the client's replies")?;
        replies.as_array().context("the replies are a list")?.iter().map(reply).collect()
    }

    /// Sends a request again and again until the reply is as wanted: a data plane follows its
    /// configuration a moment later.
    pub fn send_until(
        &self,
        request: &Request,
        limit: Duration,
        mut wanted: impl FnMut(&Reply) -> bool,
    ) -> Result<Reply> {
        wait_until("the wanted reply", limit, || {
            let reply = self.send(request)?;
            ensure!(wanted(&reply), "the reply is {reply:?}");
            Ok(reply)
        })
        .with_context(|| format!("Envoy Gateway's log ends\n{}", self.log_end()))
    }

    /// The last lines of Envoy Gateway's log, for the message of a failed test.
    pub fn log_end(&self) -> String {
        self.controller.log_end()
    }

    /// The lab's temporary folder, which programs inside see at the same path.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// The folders that Envoy Gateway's host infrastructure uses.
struct Homes {
    config: PathBuf,
    data: PathBuf,
    state: PathBuf,
    runtime: PathBuf,
}

impl Homes {
    fn new(folder: &Path) -> Result<Self> {
        let make = |name: &str| {
            let path = folder.join(name);
            fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
            Ok::<_, anyhow::Error>(path)
        };
        let homes = Self {
            config: make("config")?,
            data: make("data")?,
            state: make("state")?,
            runtime: make("runtime")?,
        };
        let bin = make(&format!("data/envoy-versions/{ENVOY_VERSION}/bin"))?;
        std::os::unix::fs::symlink(program("envoy")?, bin.join("envoy")).context("placing Envoy")?;
        Ok(homes)
    }

    /// Puts what `certgen` made where the server and Envoy look for it. The server's place is
    /// fixed: `/certs`, which the namespace has for itself.
    fn place_certificates(&self, api: &ApiServer, namespace: &Namespace) -> Result<()> {
        let envoy = self.config.join("certs/envoy");
        for (secret, folder) in [("envoy-gateway", PathBuf::from("/certs")), ("envoy", envoy)] {
            let object = api.get(&["--namespace", NAMESPACE, &format!("secret/{secret}")])?;
            let data = object["data"].as_object().with_context(|| format!("secret {secret} is empty"))?;
            for (name, value) in data {
                let value = value.as_str().context("a Secret's data are text")?;
                // Written inside, for `/certs` is not the machine's.
                ask(
                    namespace
                        .command(Path::new("sh"))
                        .args(["-euc", r#"mkdir -p "$1"; base64 -d >"$1/$2""#, "place"])
                        .arg(&folder)
                        .arg(name),
                    value,
                )?
                .succeeded()
                .with_context(|| format!("placing {name} of secret {secret}"))?;
            }
        }
        Ok(())
    }

    fn configuration(&self) -> Value {
        let Self { config, data, state, runtime } = self;
        json!({
            "apiVersion": "gateway.envoyproxy.io/v1alpha1", "kind": "EnvoyGateway",
            "gateway": {"controllerName": "gateway.envoyproxy.io/gatewayclass-controller"},
            "extensionApis": {"enableBackend": true},
            "provider": {"type": "Custom", "custom": {
                "resource": {"type": "Kubernetes", "kubernetes": {"leaderElection": {"disable": true}}},
                "infrastructure": {"type": "Host", "host": {
                    "configHome": config, "dataHome": data, "stateHome": state, "runtimeDir": runtime,
                }},
            }},
        })
    }
}

fn gateway_class() -> String {
    let proxy = json!({
        "apiVersion": "gateway.envoyproxy.io/v1alpha1", "kind": "EnvoyProxy",
        "metadata": {"namespace": NAMESPACE, "name": "host"},
        "spec": {"provider": {"type": "Host", "host": {"envoyVersion": ENVOY_VERSION}}},
    });
    let class = json!({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass",
        "metadata": {"name": "envoy-gateway"},
        "spec": {
            "controllerName": "gateway.envoyproxy.io/gatewayclass-controller",
            "parametersRef": {
                "group": "gateway.envoyproxy.io", "kind": "EnvoyProxy", "namespace": NAMESPACE, "name": "host",
            },
        },
    });
    format!("---\n{proxy}\n---\n{class}\n")
}

fn reply(value: &Value) -> Result<Reply> {
    let headers = value["headers"].as_array().context("a reply has headers")?;
    let text = |value: &Value| value.as_str().map(str::to_owned).context("a header is text");
    Ok(Reply {
        status: value["status"].as_u64().and_then(|status| status.try_into().ok()).context("no status")?,
        headers: headers.iter().map(|pair| Ok((text(&pair[0])?, text(&pair[1])?))).collect::<Result<_>>()?,
        body: text(&value["body"])?,
    })
}
