//! A release of one Helm, in a namespace of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context as _, Result, ensure};
use gatewright_tests::golden::documents;
use gatewright_tests::peers::{ApiServer, Helm, Said, Temporary, crds, gatewright};
use serde_json::Value;

use super::plugin;

pub(crate) static API: LazyLock<ApiServer> = LazyLock::new(|| {
    let folders =
        ["gateway-api-1.6.3/standard", "envoy-gateway-1.9.0", "cert-manager-1.21.2", "external-dns-0.23.0"]
            .map(|name| crds(name).expect("the CRDs are there"));
    ApiServer::start(&folders).expect("an API server starts")
});

/// Every kind that an example is rendered to.
const KINDS: &str = "services,endpointslices,configmaps,deployments,poddisruptionbudgets,networkpolicies,gateways,httproutes,\
                     tlsroutes,listenersets,backendtlspolicies,referencegrants,backends.gateway.envoyproxy.io,\
                     certificates.cert-manager.io,dnsendpoints.externaldns.k8s.io";

pub(crate) fn helms() -> Result<[Helm; 2]> {
    Ok([Helm::v3()?, Helm::v4()?].map(|helm| helm.with_kubeconfig(&API.kubeconfig)))
}

pub(crate) struct Release<'h> {
    pub(crate) helm: &'h Helm,
    pub(crate) name: String,
    pub(crate) namespace: String,
    /// Namespaces of tenants, to which some of its objects go.
    tenants: BTreeSet<String>,
    pub(crate) folder: Temporary,
}

impl<'h> Release<'h> {
    pub(crate) fn new(helm: &'h Helm, name: &str) -> Result<Self> {
        let namespace = format!("e2e-{name}-{}", helm.version);
        API.kubectl(&["create", "namespace", &namespace])?.succeeded()?;
        let folder = Temporary::new(name)?;
        Ok(Self { helm, name: name.to_owned(), namespace, tenants: BTreeSet::new(), folder })
    }

    /// Makes the namespaces of tenants that objects are in, for a release expects them.
    pub(crate) fn make_tenants(&mut self, manifests: &str) -> Result<()> {
        for document in documents(manifests) {
            let object: Value = serde_yaml::from_str(document)?;
            let namespace = object["metadata"]["namespace"].as_str().unwrap_or(&self.namespace);
            if namespace != self.namespace && self.tenants.insert(namespace.to_owned()) {
                // Those of the other Helm's release are there already.
                let made = API.kubectl(&["create", "namespace", namespace])?;
                ensure!(made.status.success() || made.stderr.contains("already exists"), "{made:?}");
            }
        }
        Ok(())
    }

    /// Helm, in the release's namespace.
    pub(crate) fn helm(&self, words: &[&str]) -> Result<Said> {
        self.helm.run(&[words, &["--namespace", &self.namespace]].concat())
    }

    /// `install`, `upgrade` or `template` of a chart, with the post-renderer.
    pub(crate) fn run(&self, verb: &str, chart: &str, words: &[&str]) -> Result<Said> {
        self.helm(&[&[verb, &self.name, chart, "--post-renderer", "gatewright"], words].concat())
    }

    /// The same with `GATEWRIGHT_REPORT` set.
    pub(crate) fn reporting(&self, verb: &str, chart: &str, words: &[&str], report: &Path) -> Result<Said> {
        let all = [
            &[verb, &self.name, chart, "--post-renderer", "gatewright"],
            words,
            &["--namespace", &self.namespace],
        ];
        said(self.helm.command(&all.concat()).env("GATEWRIGHT_REPORT", report))
    }

    /// The same with a shell script for a post-renderer, which finds ours in `$GATEWRIGHT`.
    pub(crate) fn through(
        &self,
        name: &str,
        script: &str,
        verb: &str,
        chart: &str,
        words: &[&str],
    ) -> Result<Said> {
        let folder = plugin(name, script)?;
        let path = folder.path().join(name).join("run.sh");
        let renderer = if self.helm.version == 3 { path.to_str().context("UTF-8")? } else { name };
        let all = [
            &[verb, &self.name, chart, "--post-renderer", renderer],
            words,
            &["--namespace", &self.namespace],
        ];
        let mut command = self.helm.command(&all.concat());
        if self.helm.version == 4 {
            command.env("HELM_PLUGINS", folder.path());
        }
        said(command.env("GATEWRIGHT", gatewright()?))
    }

    /// What Helm shows of a chart: kind and name of each object.
    pub(crate) fn template(&self, chart: &str, words: &[&str]) -> Result<BTreeSet<String>> {
        let said = self.run("template", chart, words)?.succeeded()?;
        documents(&said.stdout).map(|document| key(document, &self.namespace)).collect()
    }

    /// What the cluster holds in its namespaces: kind and name, with uid and version.
    pub(crate) fn live(&self) -> Result<BTreeMap<String, (String, String)>> {
        let mut live = BTreeMap::new();
        for namespace in std::iter::once(&self.namespace).chain(&self.tenants) {
            let list = API.get(&["--namespace", namespace, KINDS])?;
            for object in list["items"].as_array().into_iter().flatten() {
                let version = |key: &str| object["metadata"][key].as_str().unwrap_or_default().to_owned();
                live.insert(key_of(object, &self.namespace)?, (version("uid"), version("resourceVersion")));
            }
        }
        Ok(live)
    }

    pub(crate) fn deployed_revision(&self) -> Result<u64> {
        let said = self.helm(&["history", &self.name, "--output", "json"])?.succeeded()?;
        let history: Vec<Value> = serde_json::from_str(&said.stdout)?;
        let deployed = history.iter().find(|revision| revision["status"] == "deployed");
        deployed.and_then(|revision| revision["revision"].as_u64()).context("nothing is deployed")
    }
}

fn said(command: &mut Command) -> Result<Said> {
    let output = command.output()?;
    Ok(Said {
        status: output.status,
        stdout: String::from_utf8(output.stdout)?,
        stderr: String::from_utf8(output.stderr)?,
    })
}

/// Kind and name, with the namespace between them where it is not the release's.
pub(crate) fn key(document: &str, own: &str) -> Result<String> {
    let object: Value = serde_yaml::from_str(document).with_context(|| document.to_owned())?;
    key_of(&object, own)
}

fn key_of(object: &Value, own: &str) -> Result<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned).context("an object has a kind and a name");
    let (kind, name) = (text(&object["kind"])?, text(&object["metadata"]["name"])?);
    Ok(match object["metadata"]["namespace"].as_str().filter(|namespace| *namespace != own) {
        Some(namespace) => format!("{kind}/{namespace}/{name}"),
        None => format!("{kind}/{name}"),
    })
}
