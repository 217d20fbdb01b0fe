//! The relay's rendered files run in a real Envoy as a pod would run them: they carry HTTP and TLS to
//! upstreams by DNS name, and a change of them restarts nothing.

#![allow(clippy::disallowed_methods, reason = "tests write files")]
#![allow(clippy::print_stdout, reason = "the counts tell whether a pass means anything")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use gatewright_tests::golden;
use gatewright_tests::peers::{
    Authority, EnvoyGatewayLab, Reply, Request, Serve, Temporary, gatewright, program, wait_until,
};
use serde_json::{Value, json};

static LAB: LazyLock<EnvoyGatewayLab> = LazyLock::new(|| EnvoyGatewayLab::start().expect("a lab starts"));

const LIMIT: Duration = Duration::from_secs(30);

/// Two of the names stand in no DNS: an upstream that is away must not hold up the others.
const VALUES: &str = r#"
externalHostnames: relay
externalServices:
  web: {port: 80, endpoints: ["web.example.com:8001"]}
  secure: {port: 443, protocol: HTTPS, endpoints: ["secure.example.com:8443"]}
  pair: {port: 80, expansion: grouped, endpoints: ["a.example.com:8002", "b.example.com:8003", "away.example.net:8002"]}
  database: {port: 5432, protocol: TCP, endpoints: ["database.example.com:8004"]}
  gone: {port: 80, endpoints: ["gone.example.net:8001"]}
gateway:
  className: cilium
  listeners:
    http: {protocol: HTTP, port: 80}
    database: {protocol: TCP, port: 5432}
"#;

/// What a pod of the relay is made of, and where each Service leads.
struct Relay {
    mount: String,
    files: BTreeMap<String, String>,
    arguments: Vec<String>,
    ready: Request,
    /// Service and port on the relay.
    ports: BTreeMap<String, u16>,
}

#[test]
fn carries_requests_and_follows_its_files() -> Result<()> {
    let lab = &*LAB;
    let authority = Authority::new()?;
    let [one, two, three] = [0, 1, 2].map(EnvoyGatewayLab::backend_address);
    let certificate = authority.issue(&["secure.example.com"])?;
    let _backends = [
        lab.backend("web", &one, 8001, &Serve::Http)?,
        lab.backend("secure", &one, 8443, &Serve::Tls(certificate))?,
        lab.backend("a", &one, 8002, &Serve::Http)?,
        lab.backend("b", &two, 8003, &Serve::Http)?,
        lab.backend("database", &two, 8004, &Serve::Http)?,
        lab.backend("new", &three, 8005, &Serve::Http)?,
    ];
    for (name, address) in [
        ("web.example.com", &one),
        ("secure.example.com", &one),
        ("a.example.com", &one),
        ("b.example.com", &two),
        ("database.example.com", &two),
        ("new.example.com", &three),
    ] {
        lab.name_host(name, address)?;
    }

    let before = Relay::rendered(VALUES)?;
    let mut envoy = lab.relay(&before.mount, &before.files, &before.arguments)?;
    wait_until("readiness of the relay", LIMIT, || {
        let reply = send(&before.ready)?;
        ensure!(reply.status == 200, "{reply:?}; its log ends\n{}", envoy.log_end());
        Ok(())
    })?;

    let echo = before.reach("web", "any.example.org")?.echo()?;
    assert_eq!((&echo["backend"], &echo["host"]), (&json!("web"), &json!("any.example.org")));
    assert_eq!(before.reach("database", "database.example.com")?.echo()?["backend"], "database");

    let tls = Some(("secure.example.com".to_owned(), authority.certificate().to_owned()));
    let secure = Request { tls, ..before.request("secure", "secure.example.com") };
    let echo = send(&secure)?.echo()?;
    assert_eq!(
        (&echo["backend"], &echo["sni"]),
        (&json!("secure"), &json!("secure.example.com")),
        "TLS is end to end"
    );
    let tls = Some(("other.example.com".to_owned(), authority.certificate().to_owned()));
    let refused = send(&Request { tls, ..secure.clone() })?;
    assert!(
        refused.body.contains("CERTIFICATE_VERIFY_FAILED"),
        "the certificate is the upstream's own: {refused:?}"
    );

    let replies = lab.send_to(EnvoyGatewayLab::RELAY, &before.request("pair", "pair.example.com"), 40)?;
    let echoes: Vec<Value> = replies.iter().map(Reply::echo).collect::<Result<_>>()?;
    let backends: BTreeSet<&str> = echoes.iter().filter_map(|echo| echo["backend"].as_str()).collect();
    assert_eq!(backends, BTreeSet::from(["a", "b"]), "both endpoints that there are take their share");
    assert_eq!(send(&before.request("gone", "gone.example.net"))?.status, 0, "nobody is there");

    // The values lose one upstream, gain another, and move a third.
    let values = VALUES
        .replace("  database: {port: 5432, protocol: TCP, endpoints: [\"database.example.com:8004\"]}\n", "")
        .replace("  gone:", "  new: {port: 80, endpoints: [\"new.example.com:8005\"]}\n  gone:")
        .replace("web.example.com:8001", "a.example.com:8002");
    let after = Relay::rendered(&values)?;
    assert!(!after.ports.contains_key("database") && after.ports.contains_key("new"));
    assert_eq!(before.files["envoy.yaml"], after.files["envoy.yaml"], "what Envoy reads once never changes");
    assert_eq!(before.ports["secure"], after.ports["secure"], "an upstream that stays keeps its port");
    envoy.swap(&after.files)?;
    wait_until("the new listener", LIMIT, || {
        let echo = send(&after.request("new", "new.example.com"))?.echo()?;
        ensure!(echo["backend"] == "new", "{echo}");
        Ok(())
    })
    .with_context(|| format!("its log ends\n{}", envoy.log_end()))?;
    wait_until("the old listener to be gone", LIMIT, || {
        let reply = send(&before.request("database", "database.example.com"))?;
        ensure!(reply.status == 0 && reply.body.contains("refused"), "{reply:?}");
        Ok(())
    })?;
    assert_eq!(after.reach("web", "any.example.org")?.echo()?["backend"], "a");
    assert_eq!(send(&secure)?.status, 200);
    assert_eq!(send(&after.ready)?.status, 200);
    println!(
        "relay: {} upstreams carried, 1 removed, 1 added and 1 moved without a restart; log:\n{}",
        before.ports.len(),
        envoy.log_end()
    );
    Ok(())
}

/// Envoy reads a bootstrap's own listeners and clusters strictly, those of watched files only when it
/// runs: in `--mode validate` everything stands in the bootstrap.
#[test]
fn envoy_finds_no_fault_with_the_files() -> Result<()> {
    let folder = Temporary::new("relay")?;
    let many = (0..300).fold(String::new(), |mut text, n| {
        let _ = writeln!(
            text,
            "  s{n}: {{port: 80, expansion: grouped, endpoints: [\"h{n}.example.com:8{n:03}\", \"192.0.2.{}\"]}}\n  \
             t{n}: {{port: 80, endpoints: [\"h{n}.example.net\"]}}",
            n % 200
        );
        text
    });
    for (name, values) in
        [("few", VALUES.to_owned()), ("many", VALUES.replace("gateway:\n", &format!("{many}gateway:\n")))]
    {
        let Relay { mount, files, ports, .. } = Relay::rendered(&values)?;
        let parsed = |name: &str| -> Result<Value> { Ok(serde_yaml::from_str(&files[name])?) };
        let resources = |name: &str| -> Result<Value> {
            let mut resources = parsed(name)?["resources"].take();
            for resource in resources.as_array_mut().context("resources are a list")? {
                resource.as_object_mut().context("a resource is a map")?.remove("@type");
            }
            Ok(resources)
        };
        let mut whole = parsed("envoy.yaml")?;
        whole.as_object_mut().context("the bootstrap is a map")?.remove("dynamic_resources");
        let listeners =
            whole["static_resources"]["listeners"].as_array_mut().context("there is a listener")?;
        let own = resources("listeners.yaml")?;
        listeners.extend(own.as_array().context("there are listeners")?.iter().cloned());
        assert_eq!(
            listeners.len(),
            ports.values().collect::<BTreeSet<_>>().len() + 1,
            "and the one for readiness"
        );
        whole["static_resources"]["clusters"] = resources("clusters.yaml")?;
        validate(&folder, &format!("{name}.json"), &whole.to_string())?;

        // The bootstrap as it is, with its files beside it.
        let here = folder.path().to_str().context("the temporary folder's path is UTF-8")?;
        for (name, text) in &files {
            folder.write(name, text)?;
        }
        validate(&folder, "envoy.yaml", &files["envoy.yaml"].replace(&mount, here))?;
        println!("Envoy takes {} listeners and clusters", ports.len());
    }
    Ok(())
}

fn validate(folder: &Temporary, name: &str, text: &str) -> Result<()> {
    let file = folder.write(name, text)?;
    let output = Command::new(program("envoy")?)
        .args(["--mode", "validate", "--log-level", "warning", "-c"])
        .arg(file)
        .output()?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    ensure!(output.status.success(), "{}: {said}", output.status);
    let faults: Vec<&str> =
        said.lines().filter(|line| line.contains("[warning]") || line.contains("[error]")).collect();
    ensure!(faults.is_empty(), "{faults:#?}");
    Ok(())
}

fn send(request: &Request) -> Result<Reply> {
    LAB.send_to(EnvoyGatewayLab::RELAY, request, 1)?.pop().context("the client gave no reply")
}

impl Relay {
    fn rendered(values: &str) -> Result<Self> {
        let folder = Temporary::new("values")?;
        let file = folder.write("values.yaml", values)?;
        let output = Command::new(gatewright()?)
            .args(["render", "-n", "default", "--name", "e2e", "-f"])
            .arg(file)
            .output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout)?;
        let objects: Vec<Value> = golden::documents(&text)
            .map(|document| serde_yaml::from_str(document).context("reading a manifest"))
            .collect::<Result<_>>()?;
        let all = |kind: &'static str| objects.iter().filter(move |object| object["kind"] == kind);
        let deployment = all("Deployment").next().context("no relay was rendered")?;
        let pod = &deployment["spec"]["template"];
        let container = &pod["spec"]["containers"][0];
        let config = all("ConfigMap").next().context("no ConfigMap was rendered")?;
        assert_eq!(pod["spec"]["volumes"][0]["configMap"]["name"], config["metadata"]["name"]);
        let probe = &container["readinessProbe"]["httpGet"];
        let port =
            container["ports"].as_array().into_iter().flatten().find(|port| port["name"] == probe["port"]);
        let port = port.and_then(|port| port["containerPort"].as_u64()).context("no port to probe")?;
        let mut ports = BTreeMap::new();
        for service in all("Service") {
            // One without a selector is of addresses, which need no relay.
            let Some(labels) = service["spec"]["selector"].as_object() else { continue };
            assert!(labels.iter().all(|(key, value)| pod["metadata"]["labels"][key] == *value), "{labels:?}");
            let name = service["metadata"]["name"].as_str().context("no name")?;
            let target = service["spec"]["ports"][0]["targetPort"].as_u64().context("no targetPort")?;
            ports.insert(name.to_owned(), target.try_into()?);
        }
        Ok(Self {
            mount: container["volumeMounts"][0]["mountPath"]
                .as_str()
                .context("nothing is mounted")?
                .to_owned(),
            files: serde_json::from_value(config["data"].clone())?,
            arguments: serde_json::from_value(container["args"].clone())?,
            ready: Request {
                port: port.try_into()?,
                ..Request::get("relay", probe["path"].as_str().context("no path")?)
            },
            ports,
        })
    }

    fn request(&self, service: &str, host: &str) -> Request {
        Request { port: self.ports[service], ..Request::get(host, "/") }
    }

    /// Sends a request until the upstream's name is known to the relay.
    fn reach(&self, service: &str, host: &str) -> Result<Reply> {
        wait_until(&format!("an answer of {service}"), LIMIT, || {
            let reply = send(&self.request(service, host))?;
            ensure!(reply.status == 200, "the reply is {reply:?}");
            Ok(reply)
        })
    }
}
