//! What a conformance test applies, and what we say of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use gatewright_core::check::attach::attach;
use gatewright_core::check::{Run, Settings, status, trace};
use gatewright_core::diagnostic::has_errors;
use gatewright_core::profile;
use gatewright_core::release::{Channel, Release, Target};
use gatewright_tests::peers::conformance;
use serde_json::Value;

use super::case::{Case, Request};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e_conformance/cases");

/// What the suite itself makes before it applies anything, by kind, namespace and name.
const MADE_BY_THE_SUITE: &[(&str, &str, &str)] = &[
    ("Secret", "gateway-conformance-web-backend", "certificate"),
    ("Secret", "gateway-conformance-infra", "tls-validity-checks-certificate"),
    ("Secret", "gateway-conformance-infra", "tls-validity-checks-client-certificate"),
    ("Secret", "gateway-conformance-infra", "tls-validity-checks-per-port-client-certificate"),
    ("Secret", "gateway-conformance-infra", "tls-checks-certificate"),
    ("Secret", "gateway-conformance-infra", "tls-checks-client-certificate"),
    ("Secret", "gateway-conformance-infra", "tls-passthrough-checks-certificate"),
    ("Secret", "gateway-conformance-infra", "tls-terminate-checks-certificate"),
    ("Secret", "gateway-conformance-app-backend", "tls-passthrough-checks-certificate"),
    ("ConfigMap", "gateway-conformance-web-backend", "web-backend-cm"),
    ("ConfigMap", "gateway-conformance-infra", "tls-validity-checks-ca-certificate"),
    ("ConfigMap", "gateway-conformance-infra", "tls-validity-checks-per-port-ca-certificate"),
    ("ConfigMap", "gateway-conformance-infra", "tls-checks-ca-certificate"),
    ("ConfigMap", "gateway-conformance-infra", "mismatch-ca-certificate"),
];

/// The names of the manifests that belong to tests.
pub(crate) fn manifests() -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for (folder, before) in [("tests", ""), ("tests/mesh", "mesh/")] {
        for entry in fs::read_dir(conformance()?.join(folder))? {
            let name = entry?.file_name();
            if let Some(name) = name.to_str().and_then(|name| name.strip_suffix(".yaml")) {
                names.insert(format!("{before}{name}"));
            }
        }
    }
    Ok(names)
}

/// The texts that a test applies.
pub(crate) struct Cluster {
    settings: Settings,
    texts: Vec<String>,
}

impl Cluster {
    pub(crate) fn read(folder: &Path, case: &Case<'_>) -> Result<Self> {
        let mut texts = vec![made_by_the_suite(), applied(&folder.join("base/manifests.yaml"))?];
        let text = applied(&folder.join(format!("tests/{}.yaml", case.name)))?;
        let is_left = |object: &&str| {
            !case.without.iter().any(|kind| object.lines().any(|line| line == format!("kind: {kind}")))
        };
        let left: Vec<&str> = text.split("\n---").filter(is_left).collect();
        texts.push(left.join("\n---"));
        if !case.made.is_empty() {
            // As the API server stores what was applied first.
            let older = "metadata:\n  creationTimestamp: 2026-01-01T00:00:00Z\n";
            for text in &mut texts {
                *text = text.replace("\nmetadata:\n", &format!("\n{older}"));
            }
        }
        for name in &case.made {
            texts.push(applied(&Path::new(CASES).join(format!("{name}.yaml")))?);
        }
        let profile = |word| profile::named(word).with_context(|| format!("no profile `{word}`"));
        let settings = Settings {
            profile: case.controller.map(profile).transpose()?,
            complete: true,
            ..Settings::new(Target { release: Release::V1_7, channel: Channel::Experimental })
        };
        Ok(Self { settings, texts })
    }

    /// The predicted status and what becomes of each request, as `check --status --format json` and
    /// `trace --format json` write them.
    pub(crate) fn answers(&self, requests: &[Request<'_>]) -> Result<(Value, Vec<Value>)> {
        let mut run = Run::new(&self.settings);
        for (source, text) in (0..).zip(&self.texts) {
            let faults = run.read(text, source);
            ensure!(!has_errors(&faults), "a manifest cannot be read: {faults:?}");
        }
        let report = run.finish();
        let refused: Vec<_> = report.results.iter().filter(|judged| judged.allowed == Some(false)).collect();
        ensure!(refused.is_empty(), "the API server would refuse: {refused:?}");
        let attachments = attach(&report.model, &self.settings);
        let status = serde_json::to_value(status::predict(&report.model, &self.settings, &attachments))?;
        let trace = |asked| {
            let trace = trace::trace(&report.model, &self.settings, &attachments, &request(asked));
            serde_json::to_value(trace).context("a trace is JSON")
        };
        Ok((status, requests.iter().map(trace).collect::<Result<_>>()?))
    }
}

fn request(asked: &Request<'_>) -> trace::Request {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    trace::Request {
        host: owned(asked.host),
        path: owned(asked.path),
        method: owned(asked.method),
        headers: asked.headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        query: Vec::new(),
        sni: owned(asked.sni),
        port: asked.port,
        gateway: Some((asked.gateway.namespace.to_owned(), asked.gateway.name.to_owned())),
    }
}

/// A manifest, with what the suite puts in place of its variables.
fn applied(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let text = text.replace("{GATEWAY_CLASS_NAME}", "conformance");
    Ok(text.replace("{GATEWAY_CONTROLLER_NAME}", "example.com/conformance"))
}

fn made_by_the_suite() -> String {
    let object = |(kind, namespace, name): &(&str, &str, &str)| {
        let of_kind = if *kind == "Secret" { "type: kubernetes.io/tls\n" } else { "" };
        format!(
            "apiVersion: v1\nkind: {kind}\n{of_kind}metadata: {{namespace: {namespace}, name: {name}}}\n---\n"
        )
    };
    MADE_BY_THE_SUITE.iter().map(object).collect()
}
