//! Objects of other APIs, judged by their CRDs, beside a real API server: what it refuses is never allowed,
//! and what it takes is never refused. Where we do not know, neither is said.
//!
//! `GATEWRIGHT_CHECK_SEED` and `GATEWRIGHT_CHECK_COUNT` look further.

#![allow(clippy::disallowed_methods, reason = "a test reads files and its environment")]
#![allow(clippy::print_stdout, reason = "the counts tell whether a pass means anything")]

mod definitions;
mod edges;
mod mutate;

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use anyhow::{Context as _, Result, ensure};
use gatewright_core::check::api;
use gatewright_core::tree::json;
use gatewright_crd::{Finding, Judge, What, read};
use gatewright_tests::golden::root;
use gatewright_tests::peers::{ApiServer, Method, crds};
use serde::Deserialize as _;
use serde_json::Value;

/// Objects that are asked about.
const COUNT: u64 = 1500;

/// Disagreements that are shown.
const SHOWN: usize = 20;

const CRDS: [&str; 4] = ["cert-manager-1.21.2", "envoy-gateway-1.9.0", "external-dns-0.23.0", "istio-1.31.1"];

/// A version of a CRD.
struct Served {
    judge: Judge,
    schema: Value,
    namespaced: bool,
    /// The path of its objects.
    path: String,
}

/// Served versions by apiVersion and kind.
type All = BTreeMap<(String, String), Served>;

#[test]
fn says_what_the_api_server_says_or_that_it_does_not_know() -> Result<()> {
    let seed = number("GATEWRIGHT_CHECK_SEED").unwrap_or(1);
    let count = number("GATEWRIGHT_CHECK_COUNT").unwrap_or(COUNT);
    let mut folders = CRDS.iter().map(|name| crds(name)).collect::<Result<Vec<_>>>()?;
    folders.push(root().join("tests/check/definitions"));
    let server = ApiServer::start(&folders)?;
    let proxy = server.proxy()?;
    let mut all = All::new();
    for folder in &folders {
        for document in documents(folder)? {
            add(&document, &mut all)?;
        }
    }
    let sound = documents(&root().join("tests/check/crd"))?;
    // As the server keeps them, to be updated.
    let mut stored = Vec::new();
    for object in &sound {
        let served = served(&mut all, object)?;
        let (status, answer) =
            proxy.send(Method::Create, &format!("{}?fieldValidation=Strict", served.path), object)?;
        ensure!(status == 201, "the server does not take {object}: {answer}");
        ensure!(verdict(served, object, None)?.0 != Some(false), "we do not take {object}");
        stored.push(answer);
    }
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut accepted, mut unknown, mut disagreements) = (0, BTreeMap::<String, u64>::new(), Vec::new());
    for _ in 0..count {
        let index = random.usize(..sound.len());
        let served = served(&mut all, &sound[index])?;
        let old = random.bool().then(|| &stored[index]);
        let object = mutate::mutated(&served.schema, old.unwrap_or(&sound[index]), &mut random);
        let options = "dryRun=All&fieldValidation=Strict";
        let (method, path) = match old {
            Some(old) => {
                let name = old["metadata"]["name"].as_str().context("what is stored has a name")?;
                (Method::Update, format!("{}/{name}?{options}", served.path))
            }
            None => (Method::Create, format!("{}?{options}", served.path)),
        };
        let mut sent = object.clone();
        if old.is_none() {
            // The name is taken.
            sent["metadata"]["name"] = "another".into();
        }
        let (status, answer) = proxy.send(method, &path, &sent)?;
        let takes = match status {
            200 | 201 => true,
            400 | 422 => false,
            _ => anyhow::bail!("the server answers {status}: {answer} of {object}"),
        };
        accepted += u64::from(takes);
        let (allowed, found) = verdict(served, &object, old)?;
        match allowed {
            Some(allowed) if allowed == takes => {}
            Some(_) => {
                disagreements
                    .push(format!("{object}\nbefore {old:?}\nserver: {status} {answer}\nours: {found:#?}"));
            }
            None => {
                for finding in found.iter().filter(|finding| finding.what == What::NotEvaluated) {
                    *unknown.entry(finding.message.clone()).or_default() += 1;
                }
            }
        }
    }
    for disagreement in disagreements.iter().take(SHOWN) {
        println!("{disagreement}\n");
    }
    println!("{count} objects, {accepted} accepted; not evaluated: {unknown:#?}");
    ensure!(disagreements.is_empty(), "{} verdicts differ from the API server's", disagreements.len());
    ensure!(
        accepted * 10 > count && accepted * 10 < count * 9,
        "one of both verdicts is too rare to prove much"
    );
    let unknown: u64 = unknown.values().sum();
    ensure!(unknown * 5 < count, "too much is not known: {unknown} of {count}");
    Ok(())
}

/// As `gatewright check --crd` comes to it.
fn verdict(served: &mut Served, object: &Value, old: Option<&Value>) -> Result<(Option<bool>, Vec<Finding>)> {
    let text = object.to_string();
    let node = json::read(&text).context("an object is JSON")?;
    let metadata = api::metadata_of_another_kind(&node, served.namespaced);
    let found = served.judge.check(object, old, &mut |_| Ok(()));
    let refused = !metadata.is_empty() || found.iter().any(|finding| finding.what != What::NotEvaluated);
    let allowed = if refused { Some(false) } else { found.is_empty().then_some(true) };
    Ok((allowed, found))
}

fn add(crd: &Value, all: &mut All) -> Result<()> {
    let Some(definition) = read(crd).map_err(anyhow::Error::msg)? else { return Ok(()) };
    let plural = crd["spec"]["names"]["plural"].as_str().context("a CRD has a plural")?;
    for version in &definition.versions {
        let api_version = format!("{}/{}", definition.group, version.name);
        let namespace = if definition.namespaced { "/namespaces/default" } else { "" };
        let path = format!("/apis/{api_version}{namespace}/{plural}");
        let judge =
            Judge::new(version).map_err(anyhow::Error::msg).with_context(|| definition.name.clone())?;
        let served =
            Served { judge, schema: version.schema.clone(), namespaced: definition.namespaced, path };
        all.insert((api_version, definition.kind.clone()), served);
    }
    Ok(())
}

fn served<'a>(all: &'a mut All, object: &Value) -> Result<&'a mut Served> {
    let key = key(object);
    all.get_mut(&key).with_context(|| format!("no CRD for {key:?}"))
}

fn key(object: &Value) -> (String, String) {
    let text = |key: &str| object[key].as_str().unwrap_or_default().to_owned();
    (text("apiVersion"), text("kind"))
}

/// Every document of the files in a folder.
fn documents(folder: &Path) -> Result<Vec<Value>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        for document in serde_yaml::Deserializer::from_str(&text) {
            all.push(Value::deserialize(document).with_context(|| format!("in {}", path.display()))?);
        }
    }
    Ok(all)
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}
