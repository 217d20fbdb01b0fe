//! Runs a case: upstreams up, manifests in, conditions seen, requests sent, everything gone again.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use gatewright_tests::peers::{
    Authority, Backend, Envoy, EnvoyGatewayLab, Reply, Request, Serve, gatewright, wait_until,
};
use serde_json::{Value, json};

use super::case::{Ask, Case, Expect, Speaks, Upgrade, Upstream};
use super::conditions;

/// The class of the lab, and its trust.
const CLASS: &str = "gateway.className=envoy-gateway";

/// A namespace that services may name as theirs.
const ELSEWHERE: &str = "elsewhere";

/// The Secrets that the examples' listeners name. The test makes them: they are the user's.
const GATEWAY_SECRETS: [&str; 3] = ["gateway-cert", "proxmox-cert", "secure-app-tls"];

/// How long the controller and Envoy may take to follow. Ordinarily two seconds; a changed
/// BackendTLSPolicy takes fifteen.
const LIMIT: Duration = Duration::from_mins(1);

/// Envoy draws the backend of each request by lot: a share strays by √(n · p · (1 - p)) on average. Five
/// times that happens once in a million runs.
const DEVIATION: f64 = 5.0;

/// How an upstream named by DNS is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The profile's own way: a Backend, where it can be.
    Profile,
    /// `externalHostnames: relay`.
    Relay,
}

pub struct Stage {
    pub lab: EnvoyGatewayLab,
    /// Trusted inside as the system's CA, and by clients.
    authority: Authority,
}

/// One lab for all tests, and one test at a time: every case's Gateway takes the same ports.
static STAGE: LazyLock<Result<Mutex<Stage>>> = LazyLock::new(|| Stage::start().map(Mutex::new));

/// The lab, for this test alone.
pub fn stage() -> Result<MutexGuard<'static, Stage>> {
    let stage = STAGE.as_ref().map_err(|error| anyhow!("{error:?}"))?;
    Ok(stage.lock().unwrap_or_else(PoisonError::into_inner))
}

/// What one case has brought up.
struct Scene<'a> {
    stage: &'a Stage,
    case: &'a Case,
    namespace: String,
    backends: &'a [Backend],
    /// By the namespace that they were rendered for.
    relays: BTreeMap<String, Envoy>,
}

impl Stage {
    fn start() -> Result<Self> {
        let lab = EnvoyGatewayLab::start()?;
        let authority = Authority::inside(lab.folder().to_owned())?;
        lab.trust(&authority)?;
        let stage = Self { lab, authority };
        stage.make_namespace(ELSEWHERE)?;
        Ok(stage)
    }

    /// Runs cases one after the other and reports every failure.
    ///
    /// `GATEWRIGHT_CASE` picks one of them, for a look at what failed.
    pub fn run_all(&self, cases: &[Case], by: By) -> Result<()> {
        let picked = std::env::var("GATEWRIGHT_CASE").ok();
        let mut failures = Vec::new();
        for case in cases.iter().filter(|case| picked.as_ref().is_none_or(|name| name == case.name)) {
            if let Err(error) = self.run(case, by) {
                println!("{} by {by:?} failed: {error:?}", case.name);
                failures.push(case.name);
            }
        }
        ensure!(failures.is_empty(), "by {by:?} failed: {failures:?}");
        Ok(())
    }

    pub fn run(&self, case: &Case, by: By) -> Result<()> {
        let start = Instant::now();
        let upstreams = (0..).zip(case.upstreams).map(|(number, upstream)| self.upstream(number, upstream));
        let (backends, _fronts): (Vec<_>, Vec<_>) =
            upstreams.collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let namespace = match by {
            By::Profile => case.name.to_owned(),
            By::Relay => format!("{}-relayed", case.name),
        };
        for name in case.others() {
            self.make_namespace(name)?;
        }
        Scene { stage: self, case, namespace, backends: &backends, relays: BTreeMap::new() }.play(by)?;
        let seconds = start.elapsed().as_secs_f32();
        let count = case.checks.len() + case.upgrade.as_ref().map_or(0, |upgrade| upgrade.checks.len());
        println!("{} by {by:?}: {count} checks in {seconds:.1} s", case.name);
        Ok(())
    }

    /// Starts an upstream; the Envoy is one that speaks for it.
    fn upstream(&self, number: u8, upstream: &Upstream) -> Result<(Backend, Option<Envoy>)> {
        let (name, port) = upstream.name_and_port();
        let address = EnvoyGatewayLab::backend_address(number);
        self.lab.name_host(name, &address)?;
        let serve = match upstream.speaks {
            Speaks::Http => Serve::Http,
            Speaks::Tls => Serve::Tls(self.authority.issue(&[name])?),
            Speaks::TlsAs(other) | Speaks::Stranger(other) => Serve::Tls(self.authority.issue(&[other])?),
            Speaks::H2c => {
                // The echo server knows HTTP/1.1 only: an Envoy in front speaks HTTP/2 for it.
                let behind = self.lab.backend(upstream.at, &address, port + 1, &Serve::Http)?;
                let files =
                    BTreeMap::from([("envoy.yaml".to_owned(), h2c_front(&address, port).to_string())]);
                let arguments = ["-c", "/etc/front/envoy.yaml", "--disable-hot-restart"].map(str::to_owned);
                let front = self.lab.upstream_envoy("/etc/front", &files, &arguments)?;
                return Ok((behind, Some(front)));
            }
        };
        Ok((self.lab.backend(upstream.at, &address, port, &serve)?, None))
    }

    pub fn make_namespace(&self, name: &str) -> Result<()> {
        // Nothing takes a namespace away here: two cases may name one.
        self.lab.apply(
            &json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}).to_string(),
        )?;
        let authority = std::fs::read_to_string(self.authority.certificate())?;
        let trust = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"namespace": name, "name": "upstream-ca"},
            "data": {"ca.crt": authority},
        });
        self.lab.apply(&trust.to_string()).map(drop)
    }

    pub fn request(&self, ask: &Ask) -> Request {
        let Ask { port, tls, method, host, path, headers } = ask;
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Request {
            port: *port,
            method: (*method).to_owned(),
            host: (*host).to_owned(),
            path: (*path).to_owned(),
            headers,
            tls: tls.then(|| ((*host).to_owned(), self.authority.certificate().to_owned())),
        }
    }
}

impl Scene<'_> {
    fn play(&mut self, by: By) -> Result<()> {
        self.stage.make_namespace(&self.namespace)?;
        self.place_secrets()?;
        self.place_services()?;
        let manifests = self.render(by, &[], self.case.warning)?;
        let played = self.perform(&manifests, by).with_context(|| {
            let relays: Vec<String> = self.relays.values().map(Envoy::log_end).collect();
            let conditions = conditions::dump(&self.objects().unwrap_or_default());
            format!("conditions:\n{conditions}relays' logs end:\n{}", relays.join("\n"))
        });
        let cleared = self.clear(&manifests);
        played.and(cleared)
    }

    fn perform(&mut self, manifests: &str, by: By) -> Result<()> {
        self.apply(manifests)?;
        ensure!(by == By::Profile || !self.relays.is_empty(), "no relay was rendered");
        self.check_all(self.case.checks)?;
        if let Some(Upgrade { set, warning, checks }) = &self.case.upgrade {
            let manifests = self.render(by, set, warning)?;
            self.apply(&manifests)?;
            self.check_all(checks).context("after the upgrade")?;
        }
        Ok(())
    }

    fn apply(&mut self, manifests: &str) -> Result<()> {
        let lab = &self.stage.lab;
        let warnings = lab.apply(manifests)?;
        ensure!(!warnings.contains("Warning"), "the API server warns: {warnings}");
        for namespace in [self.namespace.clone(), ELSEWHERE.to_owned()] {
            self.run_relay(&namespace)?;
        }
        wait_until("conditions", LIMIT, || conditions::check(&self.objects()?, self.case.unaccepted))
            .with_context(|| format!("Envoy Gateway's log ends\n{}", lab.log_end()))
    }

    /// Everything that should have conditions.
    fn objects(&self) -> Result<Vec<Value>> {
        let api = &self.stage.lab.api;
        let mut objects = conditions::objects(api, &self.namespace)?;
        for namespace in self.case.others().chain([ELSEWHERE]) {
            objects.extend(conditions::objects(api, namespace)?);
        }
        Ok(objects)
    }

    fn check_all(&self, checks: &[(Ask, Expect)]) -> Result<()> {
        let mut failures = Vec::new();
        for (ask, expect) in checks {
            if let Err(error) = self.check(ask, expect) {
                failures.push(format!("{ask:?}\n    {expect:?}\n    {error:#}"));
            }
        }
        let (count, all) = (failures.len(), checks.len());
        ensure!(failures.is_empty(), "{count} of {all} checks failed:\n{}", failures.join("\n"));
        Ok(())
    }

    /// One certificate for every host name that the case asks for.
    fn place_secrets(&self) -> Result<()> {
        for ((namespace, name), host) in self.case.secrets {
            let secret = self.stage.authority.issue(&[host])?.secret(namespace, name)?;
            self.stage.lab.apply(&secret)?;
        }
        let hosts: BTreeSet<&str> =
            self.case.checks.iter().filter(|(ask, _)| ask.tls).map(|(ask, _)| ask.host).collect();
        if hosts.is_empty() {
            // A listener without its Secret would still be at fault.
            return self.place_certificate(&["unused.example.com"]);
        }
        self.place_certificate(&Vec::from_iter(hosts))
    }

    fn place_certificate(&self, names: &[&str]) -> Result<()> {
        let certificate = self.stage.authority.issue(names)?;
        let secrets: Result<Vec<String>> =
            GATEWAY_SECRETS.iter().map(|secret| certificate.secret(&self.namespace, secret)).collect();
        self.stage.lab.apply(&secrets?.concat()).map(drop)
    }

    /// Does what the endpoint controller would for pods at the addresses of upstreams.
    fn place_services(&self) -> Result<()> {
        for ((namespace, name), at) in self.case.services {
            let upstreams = (0..).zip(self.case.upstreams);
            let mut of_name = upstreams.filter(|(_, upstream)| upstream.at == *at);
            let (number, upstream) = of_name.next().context("unknown upstream")?;
            let port = upstream.name_and_port().1;
            let service = json!({
                "apiVersion": "v1", "kind": "Service", "metadata": {"namespace": namespace, "name": name},
                "spec": {"ports": [{"name": "http", "port": port, "targetPort": port, "protocol": "TCP"}]},
            });
            let address = EnvoyGatewayLab::backend_address(number);
            self.stage.lab.apply(&service.to_string())?;
            self.stage.lab.apply(&slice(&service, &json!(port), &address).to_string())?;
        }
        Ok(())
    }

    /// What a user's `gatewright render` writes.
    fn render(&self, by: By, set: &[&str], warning: &str) -> Result<String> {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../");
        let mut command = Command::new(gatewright()?);
        command
            .args(["render", "--profile", "envoy-gateway", "--set", CLASS, "-f"])
            .arg(format!("{root}{}", self.case.values))
            .args(["-n", &self.namespace]);
        for expression in self.case.set.iter().chain(set) {
            command.args(["--set", expression]);
        }
        if by == By::Relay {
            command.args(["--set", "externalHostnames=relay"]);
        }
        let output = command.output().context("starting gatewright")?;
        let words = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "gatewright render: {words}");
        let warnings: BTreeSet<&str> = words
            .lines()
            .filter_map(|line| line.strip_prefix("warning[")?.split_once(']').map(|(code, _)| code))
            .collect();
        let wanted: BTreeSet<&str> = Some(warning).filter(|code| !code.is_empty()).into_iter().collect();
        ensure!(warnings == wanted, "gatewright render: {words}");
        String::from_utf8(output.stdout).context("manifests are UTF-8")
    }

    /// Does what a cluster would with the relay: a kubelet, which starts its container, and the
    /// endpoint controller, which finds it for the Services that select it. The lab has neither.
    fn run_relay(&mut self, namespace: &str) -> Result<()> {
        let lab = &self.stage.lab;
        let list = |kind: &str| -> Result<Vec<Value>> {
            let mut found = lab.api.get(&["--namespace", namespace, kind])?;
            Ok(found["items"].as_array_mut().map(std::mem::take).unwrap_or_default())
        };
        for deployment in list("deployments")? {
            let pod = &deployment["spec"]["template"]["spec"];
            let container = &pod["containers"][0];
            let mount = container["volumeMounts"][0]["mountPath"].as_str().context("nothing is mounted")?;
            let name = pod["volumes"][0]["configMap"]["name"].as_str().context("no ConfigMap is mounted")?;
            let files = config_map(lab, namespace, name)?;
            if let Some(relay) = self.relays.get_mut(namespace) {
                relay.swap(&files)?;
                continue;
            }
            let arguments: Vec<String> = serde_json::from_value(container["args"].clone())?;
            let relay = lab.relay(mount, &files, &arguments)?;
            let ready = probe(container).context("the relay has no probe")?;
            wait_until("readiness of the relay", LIMIT, || {
                let reply = lab.send_to(EnvoyGatewayLab::RELAY, &ready, 1)?.remove(0);
                ensure!(reply.status == 200, "{reply:?}; its log ends\n{}", relay.log_end());
                Ok(())
            })?;
            self.relays.insert(namespace.to_owned(), relay);
        }
        for service in list("services")?.iter().filter(|service| service["spec"]["selector"].is_object()) {
            let port = &service["spec"]["ports"][0]["targetPort"];
            lab.apply(&slice(service, port, EnvoyGatewayLab::RELAY).to_string())?;
        }
        Ok(())
    }

    fn check(&self, ask: &Ask, expect: &Expect) -> Result<()> {
        let lab = &self.stage.lab;
        let request = self.stage.request(ask);
        let until = |judge: &dyn Fn(&Reply) -> Result<()>| {
            wait_until("the wanted reply", LIMIT, || judge(&lab.send(&request)?))
        };
        match expect {
            Expect::From { at, host } => until(&|reply| self.judge(reply, ask, at, host)),
            Expect::FromAny { of, host } => until(&|reply| {
                let at = reply.echo()?["backend"].as_str().unwrap_or_default().to_owned();
                ensure!(of.contains(&at.as_str()), "{at} answered");
                self.judge(reply, ask, &at, host)
            }),
            Expect::Status(status) => until(&|reply| {
                ensure!(reply.status == *status, "the reply is {reply:?}");
                Ok(())
            }),
            Expect::Distrust(at) => until(&|reply| {
                ensure!(reply.status == 503, "the reply is {reply:?}");
                // Envoy does not tell a client why; what the upstream was told is in its log.
                let backend = self.backends.iter().find(|backend| backend.name == *at);
                let log = backend.context("unknown upstream")?.log_end();
                ensure!(log.contains("ALERT_CERTIFICATE_UNKNOWN"), "{at}'s log ends\n{log}");
                Ok(())
            }),
            Expect::Reset => until(&|reply| {
                ensure!(reply.status == 0, "the reply is {reply:?}");
                Ok(())
            }),
            Expect::Shares(of, shares) => {
                // Every upstream is there before any request counts.
                let mut missing: BTreeSet<&str> = shares.iter().map(|(at, _)| *at).collect();
                wait_until("every upstream to answer", LIMIT, || {
                    let replies = lab.send_many(&request, 10)?;
                    for reply in replies {
                        missing.remove(reply.echo()?["backend"].as_str().unwrap_or_default());
                    }
                    ensure!(missing.is_empty(), "no answer from {missing:?}");
                    Ok(())
                })?;
                self.count(&lab.send_many(&request, *of)?, ask, shares)
            }
        }
    }

    fn judge(&self, reply: &Reply, ask: &Ask, at: &str, host: &str) -> Result<()> {
        let echo = reply.echo()?;
        ensure!(reply.status == 200, "status {}", reply.status);
        ensure!(echo["backend"] == at, "{} answered", echo["backend"]);
        ensure!(echo["host"] == host, "{at} saw the host {}", echo["host"]);
        ensure!(echo["path"] == ask.path, "{at} saw the path {}", echo["path"]);
        let upstream =
            self.case.upstreams.iter().find(|upstream| upstream.at == at).context("unknown upstream")?;
        let sni = match upstream.speaks {
            Speaks::Http | Speaks::H2c => None,
            Speaks::Tls | Speaks::Stranger(_) => Some(upstream.name_and_port().0),
            Speaks::TlsAs(name) => Some(name),
        };
        ensure!(echo["sni"].as_str() == sni, "{at} saw the SNI {}", echo["sni"]);
        Ok(())
    }

    fn count(&self, replies: &[Reply], ask: &Ask, shares: &[(&str, usize)]) -> Result<()> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for reply in replies {
            let at = reply.echo()?["backend"].as_str().unwrap_or_default().to_owned();
            let (name, _) = at.split_once(':').context("an upstream is `name:port`")?;
            self.judge(reply, ask, &at, name)?;
            *counts.entry(at).or_default() += 1;
        }
        println!("{} {}{}: {counts:?}", self.namespace, ask.host, ask.path);
        for (at, wanted) in shares {
            let (wanted, found) = (count(*wanted), count(counts.remove(*at).unwrap_or_default()));
            let all = count(replies.len());
            let bound = DEVIATION * (wanted * (1.0 - wanted / all)).sqrt();
            ensure!((found - wanted).abs() <= bound, "{at}: {found} of {all}, {wanted} ± {bound:.0} wanted");
        }
        ensure!(counts.is_empty(), "also answered: {counts:?}");
        Ok(())
    }

    /// Removes everything and waits until the Gateway's ports are free for the next case.
    fn clear(&mut self, manifests: &str) -> Result<()> {
        let api = &self.stage.lab.api;
        let gateways = api.get(&["--namespace", &self.namespace, "gateways"])?;
        let listeners = gateways["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|gateway| gateway["spec"]["listeners"].as_array());
        let ports: BTreeSet<u64> =
            listeners.flatten().filter_map(|listener| listener["port"].as_u64()).collect();
        api.kubectl_with(manifests, &["delete", "--ignore-not-found", "-f", "-"])?.succeeded()?;
        for namespace in [&self.namespace, ELSEWHERE] {
            api.kubectl(&["delete", "--namespace", namespace, "endpointslices", "--all"])?.succeeded()?;
        }
        self.relays.clear();
        for port in ports {
            let knock = Request { port: port.try_into()?, ..Request::get("nobody", "/") };
            wait_until("Envoy's end", LIMIT, || {
                let reply = self.stage.lab.send(&knock)?;
                ensure!(reply.body.contains("ConnectionRefused"), "port {port} still answers");
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// The files of a ConfigMap.
pub fn config_map(lab: &EnvoyGatewayLab, namespace: &str, name: &str) -> Result<BTreeMap<String, String>> {
    let object = lab.api.get(&["--namespace", namespace, &format!("configmap/{name}")])?;
    serde_json::from_value(object["data"].clone()).context("a ConfigMap's data are text")
}

/// What the kubelet asks a container, to see whether it is ready.
fn probe(container: &Value) -> Option<Request> {
    let probe = &container["readinessProbe"]["httpGet"];
    let port = container["ports"].as_array()?.iter().find(|port| port["name"] == probe["port"])?;
    let port = port["containerPort"].as_u64()?.try_into().ok()?;
    Some(Request { port, ..Request::get("relay", probe["path"].as_str()?) })
}

/// What the endpoint controller would make of a Service that selects one pod.
fn slice(service: &Value, port: &Value, address: &str) -> Value {
    let name = &service["metadata"]["name"];
    let of_service = &service["spec"]["ports"][0];
    json!({
        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
        "metadata": {
            "namespace": service["metadata"]["namespace"], "name": format!("{}-pod", name.as_str().unwrap_or_default()),
            "labels": {"kubernetes.io/service-name": name},
        },
        "addressType": "IPv4",
        "ports": [{"name": of_service["name"], "port": port, "protocol": of_service["protocol"]}],
        "endpoints": [{"addresses": [address], "conditions": {"ready": true}}],
    })
}

/// Envoy's configuration: HTTP/2 without TLS in, HTTP/1.1 out to the next port.
fn h2c_front(address: &str, port: u16) -> Value {
    let at = |port: u16| json!({"socket_address": {"address": address, "port_value": port}});
    let typed = |name: &str| format!("type.googleapis.com/envoy.extensions.filters.{name}");
    let manager = json!({
        "@type": typed("network.http_connection_manager.v3.HttpConnectionManager"),
        "stat_prefix": "front", "codec_type": "HTTP2",
        "route_config": {"virtual_hosts": [{
            "name": "all", "domains": ["*"],
            "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "echo"}}],
        }]},
        "http_filters": [{"name": "router", "typed_config": {"@type": typed("http.router.v3.Router")}}],
    });
    json!({"static_resources": {
        "listeners": [{
            "name": "front", "address": at(port),
            "filter_chains": [{"filters": [{"name": "manager", "typed_config": manager}]}],
        }],
        "clusters": [{
            "name": "echo", "type": "STATIC",
            "load_assignment": {"cluster_name": "echo", "endpoints": [{"lb_endpoints": [{"endpoint": {"address": at(port + 1)}}]}]},
        }],
    }})
}

/// Counts here are far below the 2⁵² that an `f64` holds exactly.
fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::NAN, f64::from)
}
