//! Organizations by every strategy, around the bound of a Gateway and far beyond it: a real API server takes the
//! manifests, and `check --status` finds them fully accepted.

#![allow(clippy::disallowed_methods, reason = "tests run programs")]
#![allow(clippy::print_stdout, reason = "the counts tell whether a pass means anything")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use anyhow::{Context as _, Result, bail, ensure};
use gatewright_tests::golden;
use gatewright_tests::peers::{ApiServer, crds, gatewright};
use serde_json::Value;

static API: LazyLock<ApiServer> = LazyLock::new(|| start().expect("an API server starts"));

/// How many organizations: what fits with a listener for each of two services beside two others on one Gateway, what
/// fits with one for each organization and a few more, and many.
const COUNTS: [usize; 6] = [31, 62, 63, 64, 65, THOUSAND];

/// How many have a namespace in the API server.
const THOUSAND: usize = 1_000;

/// How many more are tried, with more Gateways where the strategy has them.
const MANY: usize = 10_000;

/// Documents of one render that the server is asked about, beside every Gateway: taken at equal distances.
const ASKED: usize = 120;

/// A strategy, what else of `sharding` it takes for a thousand organizations, how many of them then fit, and what it
/// takes for ten thousand where it has room for them at all.
const STRATEGIES: [(&str, &str, usize, Option<&str>); 7] = [
    ("perService", "", 31, None),
    ("wildcardPerOrganization", "", 62, None),
    ("dedicated", "", usize::MAX, Some("")),
    ("hash", ", gateways: 60", 1_860, Some(", gateways: 330")),
    ("hybrid", "", usize::MAX, Some("")),
    ("pool", "", 6_138, Some(", maxGateways: 200")),
    ("listenerSets", "", usize::MAX, Some("")),
];

fn start() -> Result<ApiServer> {
    let api = ApiServer::start(&[crds("gateway-api-1.6.3/standard")?, crds("cert-manager-1.21.2")?])?;
    let names = (0..THOUSAND).map(organization).chain(["edge".to_owned()]);
    let namespaces: Vec<String> = names
        .map(|name| format!("---\n{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}\n"))
        .collect();
    api.apply(&namespaces.concat())?;
    Ok(api)
}

fn organization(number: usize) -> String {
    format!("org-{number:05}")
}

/// Organizations with two services each; every tenth asks for a Gateway of its own.
fn values(count: usize, strategy: &str, more: &str) -> String {
    let mut text = format!(
        "profile: envoy-gateway
baseDomain: example.com
gateway:
  name: eg
  className: eg
  listeners:
    - {{name: http, port: 80, protocol: HTTP}}
    - {{name: tls, port: 443, protocol: TLS, hostname: '*.clusters.example.com', tls: {{mode: Passthrough}}}}
certificates: {{enabled: true, solver: dns01, issuerRef: {{name: letsencrypt, kind: ClusterIssuer}}}}
sharding: {{strategy: {strategy}{more}}}
organizations:
"
    );
    for number in 0..count {
        let dedicated = if number % 10 == 9 { ", gateway: {dedicated: true}" } else { "" };
        writeln!(
            text,
            "  - {{name: {}{dedicated}, services: [{{name: web, port: 80}}, {{name: api, port: 8080}}]}}",
            organization(number)
        )
        .expect("a string takes every text");
    }
    text
}

/// What must be there for everything to be accepted.
fn surroundings(count: usize, manifests: &str) -> Result<String> {
    let mut text = "---
{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: eg}, spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: edge}}
"
    .to_owned();
    for name in (0..count).map(organization) {
        writeln!(text, "---\n{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}")?;
        for (service, port) in [("web", 80), ("api", 8080)] {
            writeln!(
                text,
                "---\n{{apiVersion: v1, kind: Service, metadata: {{name: {service}, namespace: {name}}}, spec: {{ports: [{{port: {port}}}]}}}}"
            )?;
        }
    }
    // The Secrets that the Certificates are filled into.
    for document in golden::documents(manifests).filter(|text| text.contains("\nkind: Certificate\n")) {
        let certificate: Value = serde_yaml::from_str(document)?;
        let (namespace, name) = (&certificate["metadata"]["namespace"], &certificate["spec"]["secretName"]);
        writeln!(
            text,
            "---\n{{apiVersion: v1, kind: Secret, type: kubernetes.io/tls, metadata: {{name: {name}, namespace: {namespace}}}}}"
        )?;
    }
    Ok(text)
}

/// The manifests of values; `None` where they are refused for want of room.
fn rendered(values: &str) -> Result<Option<String>> {
    let (code, stdout, stderr) = run(&["render", "-f", "-", "-n", "edge"], values)?;
    match code {
        0 => Ok(Some(stdout)),
        1 if stderr.contains("[gateways-full]") && stdout.is_empty() => Ok(None),
        _ => bail!("render exits with {code}: {stderr}"),
    }
}

fn run(arguments: &[&str], stdin: &str) -> Result<(i32, String, String)> {
    let mut child = Command::new(gatewright()?)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut pipe = child.stdin.take().context("stdin is piped")?;
    let text = stdin.to_owned();
    let writer = std::thread::spawn(move || pipe.write_all(text.as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| anyhow::anyhow!("the writer panicked"))??;
    let code = output.status.code().context("it ends by itself")?;
    Ok((code, String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?))
}

/// Every Gateway, and of the other documents some at equal distances.
fn sample<'m>(documents: impl Iterator<Item = &'m str>) -> Vec<&'m str> {
    let (gateways, others): (Vec<&str>, Vec<&str>) =
        documents.partition(|document| document.contains("\nkind: Gateway\n"));
    let step = others.len().div_ceil(ASKED).max(1);
    gateways.into_iter().take(ASKED).chain(others.into_iter().step_by(step)).collect()
}

/// Conditions of an input with all that belongs to it that are not as they should be, by type and status.
fn unaccepted(manifests: &str, count: usize) -> Result<BTreeMap<String, usize>> {
    let input = format!("{manifests}{}", surroundings(count, manifests)?);
    let words = [
        "check",
        "--complete",
        "--status",
        "--format",
        "json",
        "--profile",
        "envoy-gateway",
        "-n",
        "edge",
        "-",
    ];
    let (code, stdout, stderr) = run(&words, &input)?;
    ensure!(code == 0, "check exits with {code}: {stderr}\n{}", &stdout[..stdout.len().min(4_000)]);
    let report: Value = serde_json::from_str(&stdout)?;
    let status = &report["status"];
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let parents = list(&status["routes"]).into_iter().flat_map(|route| list(&route["parents"]));
    let holders = list(&status["gateways"]).into_iter().chain(list(&status["listeners"])).chain(parents);
    let mut bad = BTreeMap::new();
    let mut seen = 0;
    for condition in holders.flat_map(|holder| list(&holder["conditions"])) {
        seen += 1;
        let (kind, found) = (&condition["type"], &condition["status"]);
        let wanted = if matches!(kind.as_str(), Some("Accepted" | "ResolvedRefs" | "Programmed")) {
            "True"
        } else {
            "False"
        };
        if found != wanted {
            *bad.entry(format!("{kind}={found} {}", condition["reason"])).or_default() += 1;
        }
    }
    ensure!(seen > count, "{seen} conditions for {count} organizations");
    Ok(bad)
}

#[test]
fn every_strategy_is_taken_and_accepted() -> Result<()> {
    for (strategy, more, fits, _) in STRATEGIES {
        for count in COUNTS {
            let manifests = rendered(&values(count, strategy, more))?;
            ensure!(manifests.is_some() == (count <= fits), "{strategy} with {count} organizations");
            let Some(manifests) = manifests else { continue };
            let asked = sample(golden::documents(&manifests));
            let stream: String = asked.iter().flat_map(|document| ["---\n", document, "\n"]).collect();
            let said = API.apply_dry_run(&stream).with_context(|| format!("{strategy} with {count}"))?;
            assert_eq!(said, "", "{strategy} with {count} organizations");
            let bad = unaccepted(&manifests, count)?;
            assert!(bad.is_empty(), "{strategy} with {count} organizations: {bad:?}");
            println!(
                "{strategy} with {count} organizations: {} of {} objects dry-run, all accepted",
                asked.len(),
                golden::documents(&manifests).count()
            );
        }
    }
    Ok(())
}

#[test]
fn as_many_fit_as_there_is_room_for() -> Result<()> {
    for (strategy, more, fits, _) in STRATEGIES.into_iter().filter(|(_, _, fits, _)| *fits < MANY) {
        for (count, has_room) in [(fits, true), (fits + 1, false), (MANY, false)] {
            let manifests = rendered(&values(count, strategy, more))?;
            ensure!(manifests.is_some() == has_room, "{strategy} with {count} organizations");
        }
    }
    Ok(())
}

#[test]
fn ten_thousand_organizations_are_taken_and_accepted() -> Result<()> {
    for (strategy, _, _, more) in STRATEGIES {
        let Some(more) = more else { continue };
        let manifests = rendered(&values(MANY, strategy, more))?.with_context(|| strategy.to_owned())?;
        // The server has the namespaces of the first thousand.
        let of_known = |document: &&str| {
            let namespace =
                document.lines().find_map(|line| line.strip_prefix("  namespace: ")).unwrap_or("");
            namespace < organization(THOUSAND).as_str()
        };
        let asked = sample(golden::documents(&manifests).filter(of_known));
        ensure!(asked.len() > ASKED / 2, "{} documents", asked.len());
        let stream: String = asked.iter().flat_map(|document| ["---\n", document, "\n"]).collect();
        assert_eq!(API.apply_dry_run(&stream).with_context(|| strategy.to_owned())?, "", "{strategy}");
        let bad = unaccepted(&manifests, MANY)?;
        assert!(bad.is_empty(), "{strategy} with {MANY} organizations: {bad:?}");
        println!("{strategy} with {MANY} organizations: {} objects dry-run, all accepted", asked.len());
    }
    Ok(())
}

/// On the way from one strategy to another, with half of the organizations cut over, everything is accepted; that old
/// and new listeners overlap is said by the plan.
#[test]
fn every_phase_of_a_migration_is_taken_and_accepted() -> Result<()> {
    const COUNT: usize = 20;
    let half: Vec<String> = (0..COUNT / 2).map(organization).collect();
    let cutover = format!("phase: cutover, organizations: [{}]", half.join(", "));
    for (from, to) in [("perService", "wildcardPerOrganization"), ("perService", "hybrid"), ("hash", "pool")]
    {
        for phase in ["phase: parallel", &cutover, "phase: cleanup"] {
            let text = format!("{}migration: {{from: {from}, {phase}}}\n", values(COUNT, to, ""));
            let manifests = rendered(&text)?.with_context(|| format!("{from} to {to}, {phase}"))?;
            let stream: String =
                golden::documents(&manifests).flat_map(|document| ["---\n", document, "\n"]).collect();
            assert_eq!(API.apply_dry_run(&stream)?, "", "{from} to {to}, {phase}");
            let mut bad = unaccepted(&manifests, COUNT)?;
            bad.retain(|condition, _| !condition.starts_with("\"OverlappingTLSConfig\""));
            assert!(bad.is_empty(), "{from} to {to}, {phase}: {bad:?}");
        }
        println!("{from} to {to}: {COUNT} organizations, three phases, all accepted");
    }
    Ok(())
}
