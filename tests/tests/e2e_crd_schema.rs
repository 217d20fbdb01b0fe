//! Every object of every golden case against the schema of its CRD, with no field that the CRD does
//! not have: what an API server with strict field validation does, CEL apart.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

mod strategy;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use gatewright_tests::golden::{self, Object, Settings, cases, names_in};
use gatewright_tests::peers::crds;
use jsonschema::Validator;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// Kinds whose CRD no peer brings, with the reason.
const UNCHECKED: [(&str, &str); 1] =
    [("gateway.kgateway.dev/v1alpha1", "kgateway's CRDs are in no Go module")];

/// Kinds of Kubernetes itself: `types.rs` checks them.
const CORE: [&str; 5] = ["v1", "apps/v1", "policy/v1", "networking.k8s.io/v1", "discovery.k8s.io/v1"];

/// Validators by apiVersion and kind, for one release and channel of Gateway API.
type Validators = BTreeMap<(String, String), Validator>;

fn folders(release: &str, channel: &str) -> Result<Vec<PathBuf>> {
    let patch = match release {
        "1.4" => "1.4.1",
        "1.5" | "1.5.1" => "1.5.1",
        "1.6" => "1.6.3",
        "1.7" => "1.7.0",
        other => anyhow::bail!("no CRDs of Gateway API {other} here"),
    };
    let gateway_api = format!("gateway-api-{patch}/{channel}");
    let folders = [
        gateway_api.as_str(),
        "envoy-gateway-1.9.0",
        "istio-1.31.1",
        "cert-manager-1.21.2",
        "external-dns-0.23.0",
        "prometheus-operator-0.85.0",
    ];
    folders.into_iter().map(crds).collect()
}

fn validators(release: &str, channel: &str) -> Result<Validators> {
    let mut validators = Validators::new();
    for folder in folders(release, channel)? {
        for file in names_in(&folder) {
            let text = fs::read_to_string(folder.join(&file))?;
            for document in serde_yaml::Deserializer::from_str(&text) {
                let crd: Value = serde::Deserialize::deserialize(document)?;
                if crd["kind"] == "CustomResourceDefinition" {
                    add(&crd, &mut validators).with_context(|| file.clone())?;
                }
            }
        }
    }
    Ok(validators)
}

fn add(crd: &Value, validators: &mut Validators) -> Result<()> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for version in crd["spec"]["versions"].as_array().context("a CRD has versions")? {
        let mut schema = version["schema"]["openAPIV3Schema"].clone();
        if version["served"] != true || schema.is_null() {
            continue;
        }
        strict(&mut schema);
        // The API server's own types, not the CRD's.
        schema["properties"]["metadata"] = json!({"type": "object", "required": ["name"]});
        for key in ["apiVersion", "kind"] {
            schema["properties"][key] = json!({"type": "string"});
        }
        let validator = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft4)
            .build(&schema)
            .map_err(|fault| anyhow::anyhow!("{fault}"))?;
        let api_version = format!("{}/{}", text(&crd["spec"]["group"]), text(&version["name"]));
        validators.insert((api_version, text(&crd["spec"]["names"]["kind"])), validator);
    }
    Ok(())
}

/// Refuses unknown fields, and reads Kubernetes' own words as JSON Schema has them.
fn strict(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    if map.remove("x-kubernetes-int-or-string").is_some_and(|word| word == true) {
        map.remove("anyOf");
        map.insert("type".to_owned(), json!(["integer", "string"]));
    }
    if map.remove("nullable").is_some_and(|word| word == true)
        && let Some(only @ Value::String(_)) = map.get("type").cloned()
    {
        map.insert("type".to_owned(), json!([only, "null"]));
    }
    // Go takes flags inside a pattern, JSON Schema does not; fields with such a pattern we do not write.
    if map.get("pattern").and_then(Value::as_str).is_some_and(|pattern| pattern.contains("(?i)")) {
        map.remove("pattern");
    }
    let open = map.get("x-kubernetes-preserve-unknown-fields").is_some_and(|word| *word == true);
    // What stands under `allOf`, `anyOf` and `oneOf` only adds conditions: it describes no fields.
    if let Some(items) = map.get_mut("items") {
        strict(items);
    }
    if let Some(additional) = map.get_mut("additionalProperties") {
        strict(additional);
    }
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        properties.values_mut().for_each(strict);
        if !open && !map.contains_key("additionalProperties") {
            map.insert("additionalProperties".to_owned(), json!(false));
        }
    }
}

fn has_crd(object: &Object) -> bool {
    let version = object.api_version.as_str();
    !CORE.contains(&version) && !UNCHECKED.iter().any(|(unchecked, _)| *unchecked == version)
}

fn check(object: &Object, validators: &Validators) -> Vec<String> {
    let Some(validator) = validators.get(&(object.api_version.clone(), object.kind.clone())) else {
        return vec!["no CRD of this kind and version is served".to_owned()];
    };
    validator.iter_errors(&object.json).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
}

#[test]
fn every_object_fits_its_crd() -> Result<()> {
    let mut known: BTreeMap<(String, String), Validators> = BTreeMap::new();
    let mut faults = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases() {
        let values = fs::read_to_string(&case.values)?;
        for profile in &case.profiles {
            let rendering = golden::render(&values, Settings { profile, ..Settings::default() });
            let (release, channel) = rendering.gateway_api.clone();
            if !known.contains_key(&rendering.gateway_api) {
                known.insert(rendering.gateway_api.clone(), validators(&release, &channel)?);
            }
            for object in &rendering.objects {
                if !has_crd(object) {
                    continue;
                }
                *counts.entry(object.kind.clone()).or_default() += 1;
                let about = format!("{}: {profile}: {} {}", case.name, object.kind, object.name);
                let found = check(object, &known[&rendering.gateway_api]);
                faults.extend(found.into_iter().map(|fault| format!("{about}: {fault}")));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    for kind in [
        "Gateway",
        "HTTPRoute",
        "GRPCRoute",
        "TLSRoute",
        "TCPRoute",
        "UDPRoute",
        "BackendTLSPolicy",
        "ReferenceGrant",
        "XBackend",
        "Backend",
        "HTTPRouteFilter",
        "ServiceEntry",
        "DestinationRule",
        "Certificate",
        "DNSEndpoint",
        "PrometheusRule",
    ] {
        assert!(counts.contains_key(kind), "no case gives a {kind}: {counts:?}");
    }
    Ok(())
}

/// Whatever renders, golden or not.
#[test]
fn every_object_of_random_values_fits_its_crd() -> Result<()> {
    let mut runner = TestRunner::deterministic();
    let mut known: BTreeMap<(String, String), Validators> = BTreeMap::new();
    let mut checked = 0;
    for _ in 0..300 {
        let values = strategy::valid().new_tree(&mut runner).map_err(anyhow::Error::msg)?.current();
        let rendering = golden::render(&values.to_string(), Settings::default());
        let target = &rendering.gateway_api;
        if !known.contains_key(target) {
            known.insert(target.clone(), validators(&target.0, &target.1)?);
        }
        for object in rendering.objects.iter().filter(|object| has_crd(object)) {
            let faults = check(object, &known[target]);
            assert!(faults.is_empty(), "{faults:?}\n{}\n{values}", object.text);
            checked += 1;
        }
    }
    assert!(checked > 1000, "only {checked} objects");
    Ok(())
}

/// The strictness is real: a field that the CRD does not have is refused.
#[test]
fn refuses_a_field_that_the_crd_does_not_have() -> Result<()> {
    let validators = validators("1.6", "standard")?;
    let key = ("gateway.networking.k8s.io/v1".to_owned(), "HTTPRoute".to_owned());
    let route = |rule: Value| json!({"apiVersion": key.0, "kind": key.1, "metadata": {"name": "r"}, "spec": {"rules": [rule]}});
    assert!(validators[&key].is_valid(&route(json!({"backendRefs": [{"name": "a", "port": 80}]}))));
    assert!(!validators[&key].is_valid(&route(json!({"backendRefs": [{"name": "a", "prot": 80}]}))));
    assert!(!validators[&key].is_valid(&route(json!({"backendRefs": [{"name": "a", "weight": 1_000_001}]}))));
    Ok(())
}
