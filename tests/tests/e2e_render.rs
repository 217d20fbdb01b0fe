//! A real API server takes every manifest that is rendered for its CRDs, without a warning.
//!
//! One server serves all tests here: a start takes longer than putting the CRDs of another Gateway
//! API release in place of the last one's. What is rendered twice is asked about once.

#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(clippy::print_stdout, reason = "the counts tell whether a pass means anything")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use gatewright_core::profile;
use gatewright_tests::golden;
use gatewright_tests::peers::{ApiServer, crds, gatewright};

static API: LazyLock<ApiServer> = LazyLock::new(|| start().expect("an API server starts"));

/// The namespaces that the values name; a dry run asks for those that are there.
const NAMESPACES: [&str; 18] = [
    "acme",
    "backends",
    "certs",
    "edge",
    "envoy-gateway-system",
    "gateways",
    "higress-system",
    "large-enterprise",
    "monitoring",
    "org-a",
    "org-b",
    "org-b-dev",
    "other",
    "other-startup",
    "small-startup",
    "team-a",
    "team-b",
    "umbra",
];

/// CRDs of whatever else is rendered.
const NEIGHBOURS: [&str; 6] = [
    "cert-manager-1.21.2",
    "envoy-gateway-1.9.0",
    "external-dns-0.23.0",
    "istio-1.31.1",
    "kgateway-2.4.0",
    "prometheus-operator-0.85.0",
];

/// What a cluster serves.
struct Target {
    release: &'static str,
    channel: &'static str,
    crds: &'static str,
    /// Profiles that are rendered for it beside `auto`.
    profiles: &'static [&'static str],
}

/// One profile for each way to reach an upstream.
const FORMS: &[&str] = &["envoy-gateway", "istio", "kgateway", "nginx-gateway-fabric", "portable"];

const TARGETS: [Target; 8] = [
    Target { release: "1.4", channel: "standard", crds: "gateway-api-1.4.1/standard", profiles: FORMS },
    Target {
        release: "1.4",
        channel: "experimental",
        crds: "gateway-api-1.4.1/experimental",
        profiles: FORMS,
    },
    Target { release: "1.5", channel: "standard", crds: "gateway-api-1.5.1/standard", profiles: FORMS },
    Target {
        release: "1.5",
        channel: "experimental",
        crds: "gateway-api-1.5.1/experimental",
        profiles: FORMS,
    },
    Target {
        release: "1.6",
        channel: "standard",
        crds: "gateway-api-1.6.3/standard",
        profiles: &profile::WORDS,
    },
    Target {
        release: "1.6",
        channel: "experimental",
        crds: "gateway-api-1.6.3/experimental",
        profiles: FORMS,
    },
    Target { release: "1.7", channel: "standard", crds: "gateway-api-1.7.0/standard", profiles: FORMS },
    Target {
        release: "1.7",
        channel: "experimental",
        crds: "gateway-api-1.7.0/experimental",
        profiles: FORMS,
    },
];

/// Examples with TLSRoutes, which only the experimental channel of 1.4 has.
const NOT_IN_1_4_STANDARD: [&str; 1] = ["tenant-clusters"];

/// Each of them must be rendered for some target.
const KINDS: [&str; 25] = [
    "apps/v1 Deployment",
    "cert-manager.io/v1 Certificate",
    "discovery.k8s.io/v1 EndpointSlice",
    "externaldns.k8s.io/v1alpha1 DNSEndpoint",
    "gateway.envoyproxy.io/v1alpha1 Backend",
    "gateway.envoyproxy.io/v1alpha1 HTTPRouteFilter",
    "gateway.kgateway.dev/v1alpha1 Backend",
    "gateway.networking.k8s.io/v1 BackendTLSPolicy",
    "gateway.networking.k8s.io/v1 GRPCRoute",
    "gateway.networking.k8s.io/v1 Gateway",
    "gateway.networking.k8s.io/v1 HTTPRoute",
    "gateway.networking.k8s.io/v1 TCPRoute",
    "gateway.networking.k8s.io/v1 TLSRoute",
    "gateway.networking.k8s.io/v1 UDPRoute",
    "gateway.networking.k8s.io/v1alpha2 TCPRoute",
    "gateway.networking.k8s.io/v1alpha2 UDPRoute",
    "gateway.networking.k8s.io/v1alpha3 TLSRoute",
    "gateway.networking.k8s.io/v1beta1 ReferenceGrant",
    "gateway.networking.x-k8s.io/v1alpha1 XBackend",
    "monitoring.coreos.com/v1 PrometheusRule",
    "networking.istio.io/v1 DestinationRule",
    "networking.istio.io/v1 ServiceEntry",
    "networking.k8s.io/v1 NetworkPolicy",
    "policy/v1 PodDisruptionBudget",
    "v1 Service",
];

#[test]
fn takes_what_is_rendered_for_its_crds() -> Result<()> {
    let (mut faults, mut kinds, mut rendered) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for target in &TARGETS {
        let start = Instant::now();
        let Target { release, channel, crds, profiles: _ } = target;
        API.replace_crds(crds)?;
        let Renders { documents, count, refused, names } = render_all(target)?;
        kinds.extend(documents.keys().map(|document| kind(document)));
        faults.extend(ask(target, &documents.iter().collect::<Vec<_>>())?);
        for example in golden::names_in(&golden::root().join("chart/examples")) {
            let name = example.trim_end_matches(".yaml");
            let is_for_later =
                (*release, *channel) == ("1.4", "standard") && NOT_IN_1_4_STANDARD.contains(&name);
            ensure!(
                names.contains(name) != is_for_later,
                "example {name} does not render for Gateway API {release} {channel}"
            );
        }
        rendered.extend(names);
        println!(
            "Gateway API {release} {channel:<12}: {count} renders ({refused} refused), {} different objects dry-run, {:.0} s",
            documents.len(),
            start.elapsed().as_secs_f64()
        );
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    for wanted in KINDS {
        assert!(kinds.contains(wanted), "no {wanted} was rendered");
    }
    for name in golden::names_in(&golden::root().join("tests/e2e/render")) {
        assert!(rendered.contains(name.trim_end_matches(".yaml")), "{name} rendered for no target");
    }
    Ok(())
}

/// The server parses YAML by its own library, and tells in JSON what it read.
#[test]
fn text_arrives_as_written() -> Result<()> {
    let file = golden::root().join("tests/e2e/render/text.yaml");
    let values: serde_json::Value = serde_yaml::from_str(&fs::read_to_string(&file)?)?;
    let manifests = render(&file, &["-n", "default"])?.context("text.yaml renders")?;
    // Services alone: the test beside this one changes which Gateways the server knows.
    let services: Vec<&str> =
        golden::documents(&manifests).filter(|document| document.contains("\nkind: Service\n")).collect();
    let words =
        ["apply", "--server-side", "--dry-run=server", "--validate=strict", "--output=json", "-f", "-"];
    let said = API.kubectl_with(&format!("---\n{}\n", services.join("\n---\n")), &words)?.succeeded()?;
    assert_eq!(said.stderr, "");
    let list: serde_json::Value = serde_json::from_str(&said.stdout)?;
    let items = list["items"].as_array().context("several objects are a list")?;
    let names: Vec<_> = items.iter().map(|item| &item["metadata"]["name"]).collect();
    assert_eq!(names, ["y", "yes", "null", "true", "inf"]);
    for item in items {
        assert_eq!(item["metadata"]["annotations"], values["annotations"]);
    }
    println!(
        "{} annotations of {} Services arrive as written",
        values["annotations"].as_object().map_or(0, serde_json::Map::len),
        items.len()
    );
    Ok(())
}

/// For one Gateway and for two, on nodes by default and as written.
#[test]
fn takes_an_envoy_proxy() -> Result<()> {
    let nodes = r#"hostNetwork={"nodeSelector":{"edge":"yes"},"tolerations":[{"operator":"Exists"}]}"#;
    let second = r#"gateways=[{"name":"second","namespace":"edge","className":"eg","listeners":[{"name":"http","port":8080,"protocol":"HTTP"}]}]"#;
    for (words, merged) in [(&[] as &[_], false), (&["--set-json", nodes, "--set-json", second], true)] {
        let file = golden::root().join("chart/examples/organizations-wildcard.yaml");
        let common = ["plan", "--emit", "envoy-proxy", "-n", "edge", "--set", "gateway.namespace=edge", "-f"];
        let output = Command::new(gatewright()?).args(common).arg(file).args(words).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout)?;
        assert_eq!(text.contains("mergeGateways: true"), merged, "{text}");
        assert_eq!(API.apply_dry_run(&text)?, "", "{text}");
    }
    Ok(())
}

fn start() -> Result<ApiServer> {
    let neighbours = NEIGHBOURS.iter().map(|name| crds(name)).collect::<Result<Vec<_>>>()?;
    let api = ApiServer::start(&neighbours)?;
    for namespace in NAMESPACES {
        api.kubectl(&["create", "namespace", namespace])?.succeeded()?;
    }
    Ok(api)
}

/// What became of all values for one target.
struct Renders {
    /// Each different document, with the render that it is from.
    documents: BTreeMap<String, String>,
    count: usize,
    refused: usize,
    /// The values that rendered for `auto`.
    names: BTreeSet<String>,
}

fn render_all(target: &Target) -> Result<Renders> {
    let Target { release, channel, crds: _, profiles } = target;
    let mut all = Renders { documents: BTreeMap::new(), count: 0, refused: 0, names: BTreeSet::new() };
    let channel = format!("gatewayAPI.channel={channel}");
    let words = ["--gateway-api", release, "--set", &channel];
    for (name, file) in values() {
        // Without a namespace kubectl's own is meant, and everything without one is in that.
        let mut runs = vec![("auto", vec![]), ("auto", vec!["-n", "default"])];
        runs.extend(
            profiles
                .iter()
                .filter(|word| **word != "auto")
                .map(|word| (*word, vec!["-n", "default", "--profile", word])),
        );
        for (profile, own) in runs {
            let Some(text) = render(&file, &[&words[..], &own[..]].concat())? else {
                all.refused += 1;
                continue;
            };
            all.count += 1;
            if profile == "auto" {
                all.names.insert(name.clone());
            }
            for document in golden::documents(&text) {
                all.documents.entry(document.to_owned()).or_insert_with(|| format!("{name}, {profile}"));
            }
        }
    }
    Ok(all)
}

/// The chart's examples, the golden cases' values and our own, by name.
fn values() -> Vec<(String, PathBuf)> {
    let mut values: Vec<_> = golden::cases().into_iter().map(|case| (case.name, case.values)).collect();
    let folder = golden::root().join("tests/e2e/render");
    let mut own = golden::names_in(&folder);
    own.sort();
    values.extend(own.iter().map(|name| (name.trim_end_matches(".yaml").to_owned(), folder.join(name))));
    values
}

/// What the real binary makes of values; nothing if it refuses them.
fn render(file: &Path, words: &[&str]) -> Result<Option<String>> {
    let output = Command::new(gatewright()?).arg("render").arg("-f").arg(file).args(words).output()?;
    let text = String::from_utf8(output.stdout)?;
    match output.status.code() {
        Some(0) => Ok(Some(text)),
        Some(1) if text.is_empty() => Ok(None),
        _ => bail!(
            "{} {words:?}: {}: {}",
            file.display(),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ),
    }
}

fn kind(document: &str) -> String {
    let field = |key: &str| document.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    format!("{} {}", field("apiVersion: "), field("kind: "))
}

/// What the server says about documents: of all at once, and only if it says something of each half,
/// until it is known whose fault that is.
fn ask(target: &Target, documents: &[(&String, &String)]) -> Result<Vec<String>> {
    let stream: String = documents.iter().flat_map(|(document, _)| ["---\n", document, "\n"]).collect();
    let said = match API.apply_dry_run(&stream) {
        Ok(said) => said,
        Err(refusal) => format!("{refusal:#}"),
    };
    match documents {
        _ if said.is_empty() => Ok(Vec::new()),
        [] => bail!("nothing was asked, and this said: {said}"),
        [(_, origin)] => Ok(vec![format!("{} {}: {origin}: {said}", target.release, target.channel)]),
        _ => {
            let (first, second) = documents.split_at(documents.len() / 2);
            let faults = [ask(target, first)?, ask(target, second)?].concat();
            ensure!(!faults.is_empty(), "said of {} documents, but of none alone: {said}", documents.len());
            Ok(faults)
        }
    }
}
