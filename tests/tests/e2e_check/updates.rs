//! Updates: what an API server says of a change to an object that it stores already, though its CRD would
//! refuse it today. That is Kubernetes' validation ratcheting, and what transition rules are for.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use gatewright_core::check::api;
use gatewright_core::release::{Channel, Release, Target};
use gatewright_tests::objects::{mutate, seeds};
use gatewright_tests::peers::{ApiServer, Method, crds, wait_until};
use serde_json::{Map, Value, json};

use super::Asked;

/// Objects that the server stores.
const STORED: usize = 120;

/// Updates of each.
const UPDATES: usize = 4;

/// Objects offered before the test gives up storing as many.
const OFFERED_MAX: usize = 2000;

/// A field that only the loose CRDs have: it tells which ones the server goes by.
const MARK: &str = "loosened";

/// Bounds of a schema, which the loose CRDs lack.
const BOUNDS: [&str; 14] = [
    "enum",
    "format",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "oneOf",
    "anyOf",
    "pattern",
    "x-kubernetes-validations",
];

#[test]
fn says_of_updates_what_the_api_server_says() -> Result<()> {
    let server = ApiServer::start(&[])?;
    let proxy = server.proxy()?;
    let mut disagreements = Vec::new();
    for (release, channel) in [(Release::V1_6, Channel::Standard), (Release::V1_7, Channel::Experimental)] {
        let target = Target { release, channel };
        let folder = format!("gateway-api-{}/{}", api::patch(release), channel.name());
        server.replace_crds(&folder)?;
        let mut asked = Asked::new(target, &proxy)?;
        put_crds(&server, &loose(&folder)?)?;
        served(&asked, true)?;
        let mut random = fastrand::Rng::with_seed(super::number("GATEWRIGHT_CHECK_SEED").unwrap_or(1));
        let stored = store(&asked, target, &mut random)?;
        put_crds(&server, &strict(&folder)?)?;
        served(&asked, false)?;

        let seeds = seeds::of(target)?;
        let mut at_fault = 0;
        for path in &stored {
            let old = proxy.get(path)?;
            at_fault += usize::from(!asked.verdict(&old, None)?.is_empty());
            for update in 0..UPDATES {
                let mut new = old.clone();
                new["metadata"]["labels"] = json!({"update": update.to_string()});
                if update > 0 {
                    let changed = mutate::mutated(&new, &seeds, target, &mut random);
                    new["spec"] = changed["spec"].clone();
                }
                asked.update(path, &new, &old)?;
            }
        }
        let Asked { count, accepted, disagreements: found, .. } = asked;
        println!(
            "{target}: {count} updates of {} objects, {at_fault} of which are refused today; {accepted} accepted; {} \
             disagreements",
            stored.len(),
            found.len()
        );
        ensure!(at_fault * 4 > stored.len(), "too few stored objects are at fault to prove much");
        ensure!(accepted * 4 > count && accepted * 10 < count * 9, "one of both verdicts is too rare");
        disagreements.extend(found);
    }
    super::show(&disagreements)
}

/// Stores objects at fault and without, each under a name of its own, and gives their paths.
fn store(asked: &Asked<'_>, target: Target, random: &mut fastrand::Rng) -> Result<Vec<String>> {
    let seeds = seeds::of(target)?;
    let mut stored = Vec::new();
    for offered in 0.. {
        ensure!(offered < OFFERED_MAX, "of {offered} objects only {} can be stored", stored.len());
        let seed = &seeds[offered % seeds.len()];
        let mut object = mutate::mutated(seed, &seeds, target, random);
        let name = format!("stored-{offered}");
        object["metadata"] = json!({"name": name});
        let Some(path) = asked.path(&object) else { continue };
        let (status, _) = asked.proxy.send(Method::Create, path, &object)?;
        if status == 201 {
            stored.push(format!("{path}/{name}"));
        }
        if stored.len() == STORED {
            break;
        }
    }
    Ok(stored)
}

/// The CRDs of a folder, as they are.
fn strict(folder: &str) -> Result<Vec<Value>> {
    let mut found = Vec::new();
    seeds::read(&crds(folder)?, &mut found)?;
    found.retain(|object| object["kind"] == "CustomResourceDefinition");
    Ok(found)
}

/// The same without bounds, and with the mark.
fn loose(folder: &str) -> Result<Vec<Value>> {
    let mut found = strict(folder)?;
    for crd in &mut found {
        for version in crd["spec"]["versions"].as_array_mut().into_iter().flatten() {
            let schema = &mut version["schema"]["openAPIV3Schema"];
            loosen(schema);
            schema["properties"][MARK] = json!({"type": "string"});
        }
    }
    Ok(found)
}

fn loosen(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    for bound in BOUNDS {
        map.remove(bound);
    }
    map.get_mut("properties")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::values_mut)
        .for_each(loosen);
    for key in ["items", "additionalProperties"] {
        map.get_mut(key).into_iter().for_each(loosen);
    }
}

fn put_crds(server: &ApiServer, crds: &[Value]) -> Result<()> {
    let list = json!({"apiVersion": "v1", "kind": "List", "items": crds});
    let words = ["apply", "--server-side", "--force-conflicts", "--validate=false", "-f", "-"];
    server.kubectl_with(&list.to_string(), &words)?.succeeded().context("putting CRDs").map(drop)
}

/// Waits until the server goes by the loose CRDs, or the strict ones, of every kind.
fn served(asked: &Asked<'_>, loose: bool) -> Result<()> {
    for ((version, kind), path) in &asked.paths {
        let probe = json!({"apiVersion": version, "kind": kind, "metadata": {"name": "probe"}, MARK: "yes"});
        wait_until("the CRDs to be gone by", Duration::from_mins(1), || {
            let (_, answer) = asked.proxy.send(
                Method::Create,
                &format!("{path}?dryRun=All&fieldValidation=Strict"),
                &probe,
            )?;
            let unknown = answer.to_string().contains("unknown field");
            ensure!(unknown != loose, "{kind} of {version}: {answer}");
            Ok(())
        })?;
    }
    Ok(())
}
