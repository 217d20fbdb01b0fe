//! CRDs themselves: what the API server takes is not refused here, and what it refuses is, as far as
//! `check/refusals/cases.yaml` says so.

use anyhow::{Context as _, Result, ensure};
use fastrand::Rng;
use gatewright_crd::{What, refusals};
use gatewright_tests::peers::{ApiServer, Method, Proxy, crds};
use gatewright_tests::refusals::cases;
use serde_json::{Value, json};

use super::{CRDS, SHOWN, documents, number};

/// Mutations of sound CRDs that are asked about.
const COUNT: u64 = 400;

/// Larger CRDs take the server seconds each.
const BYTES_MAX: usize = 60_000;

/// CRDs that other end-to-end tests have the server take.
const OTHERS: [&str; 4] = [
    "gateway-api-1.4.1/experimental",
    "gateway-api-1.6.3/standard",
    "gateway-api-1.7.0/experimental",
    "kgateway-2.4.0",
];

const PATH: &str =
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All&fieldValidation=Strict";

#[test]
fn refuses_crds_as_the_api_server_does() -> Result<()> {
    let server = ApiServer::start(&[])?;
    let proxy = server.proxy()?;
    let mut wrong = Vec::new();
    let (mut sound, all) = (Vec::new(), cases()?);
    println!("{} cases", all.len());
    for case in all {
        let (takes, answer) = ask(&proxy, &case.crd)?.with_context(|| format!("no answer: {}", case.name))?;
        if takes != case.taken {
            wrong.push(format!("{}: the server takes it: {takes}: {}", case.name, answer["message"]));
        } else if takes {
            sound.push(case.crd);
        }
    }
    ensure!(wrong.is_empty(), "{} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
    for folder in CRDS.iter().chain(&OTHERS) {
        for crd in documents(&crds(folder)?)? {
            if crd["kind"] != "CustomResourceDefinition" {
                continue;
            }
            let found = refusals(&crd, &mut |_| Ok(()));
            ensure!(found.is_empty(), "{}: {found:#?}", crd["metadata"]["name"]);
            if crd.to_string().len() < BYTES_MAX {
                sound.push(crd);
            }
        }
    }
    mutations(&proxy, &sound)
}

fn mutations(proxy: &Proxy, sound: &[Value]) -> Result<()> {
    let mut random = Rng::with_seed(number("GATEWRIGHT_CHECK_SEED").unwrap_or(1));
    let count = number("GATEWRIGHT_CHECK_COUNT").unwrap_or(COUNT);
    let (mut refused, mut unanswered, mut untold, mut wrong) = (0, 0, Vec::new(), Vec::new());
    for _ in 0..count {
        let mut crd = sound[random.usize(..sound.len())].clone();
        mutate(&mut crd, &mut random);
        let Some((takes, answer)) = ask(proxy, &crd)? else {
            unanswered += 1;
            continue;
        };
        let found = refusals(&crd, &mut |_| Ok(()));
        // An unknown field is refused in some places only.
        let refuses = found.iter().any(|finding| finding.what != What::UnknownField);
        match (takes, found.is_empty()) {
            (true, false) if !refuses => {}
            (true, false) => wrong.push(format!("{found:#?}")),
            (false, true) => untold.push(answer["message"].to_string()),
            _ => {}
        }
        refused += u64::from(!takes);
    }
    println!("{count} mutated CRDs, {refused} refused, of which {} are not told:", untold.len());
    println!("{unanswered} have no answer");
    for message in untold.iter().take(SHOWN) {
        println!("{message}");
    }
    ensure!(wrong.is_empty(), "{} are refused that the server takes: {}", wrong.len(), wrong.join("\n"));
    ensure!(
        refused * 10 > count && refused * 10 < count * 9,
        "one of both verdicts is too rare to prove much"
    );
    ensure!(untold.len() as u64 * 10 < refused, "too much is not told");
    ensure!(unanswered * 50 < count, "the server fails over too many");
    Ok(())
}

/// What the server says; nothing where it fails over it, as v1.36.2 does over some.
fn ask(proxy: &Proxy, crd: &Value) -> Result<Option<(bool, Value)>> {
    let (status, answer) = proxy.send(Method::Create, PATH, crd)?;
    match status {
        200 | 201 => Ok(Some((true, answer))),
        400 | 422 => Ok(Some((false, answer))),
        500 => Ok(None),
        _ => anyhow::bail!("the server answers {status}: {answer}"),
    }
}

/// Changes one schema of a CRD.
fn mutate(crd: &mut Value, random: &mut Rng) {
    let version = random.usize(..crd["spec"]["versions"].as_array().map_or(1, Vec::len).max(1));
    let mut schema = &mut crd["spec"]["versions"][version]["schema"]["openAPIV3Schema"];
    while random.u8(..) > 30 {
        let below: Vec<String> =
            schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        if !below.is_empty() {
            schema = &mut schema["properties"][&below[random.usize(..below.len())]];
        } else if schema["items"].is_object() {
            schema = &mut schema["items"];
        } else if schema["additionalProperties"].is_object() {
            schema = &mut schema["additionalProperties"];
        } else {
            break;
        }
    }
    let Some(map) = schema.as_object_mut() else { return };
    if let Some(rules) = map.get_mut("x-kubernetes-validations").and_then(Value::as_array_mut)
        && random.u8(..) > 60
    {
        let rule = random.usize(..rules.len());
        let text = rules[rule]["rule"].as_str().unwrap_or_default();
        rules[rule]["rule"] = changed(text, random).into();
    } else if random.u8(..) < 60 && !map.is_empty() {
        let key = map.keys().nth(random.usize(..map.len())).cloned().unwrap_or_default();
        map.remove(&key);
    } else {
        let (key, value) = keyword(random);
        map.insert(key.to_owned(), value);
    }
}

/// A rule with one change.
fn changed(rule: &str, random: &mut Rng) -> String {
    let swaps = [
        ("==", "&&"),
        ("self.", "self.x"),
        ("size(", "sise("),
        (" > ", " == "),
        ("'", ""),
        ("||", "=="),
        ("1", "'1'"),
        ("(", ""),
    ];
    let (from, to) = swaps[random.usize(..swaps.len())];
    rule.replacen(from, to, 1)
}

fn keyword(random: &mut Rng) -> (&'static str, Value) {
    let all = [
        ("type", json!("string")),
        ("type", json!("object")),
        ("type", json!("array")),
        ("type", json!("integer")),
        ("nullable", json!(true)),
        ("default", json!({})),
        ("default", json!("a")),
        ("default", json!([])),
        ("default", json!(1)),
        ("enum", json!(["a"])),
        ("pattern", json!("^[a-z]*$")),
        ("pattern", json!("[")),
        ("maxLength", json!(3)),
        ("maxItems", json!("3")),
        ("uniqueItems", json!(true)),
        ("required", json!(["name"])),
        ("additionalProperties", json!(true)),
        ("additionalProperties", json!({"type": "string"})),
        ("x-kubernetes-list-type", json!("set")),
        ("x-kubernetes-list-type", json!("map")),
        ("x-kubernetes-list-type", json!("atomic")),
        ("x-kubernetes-list-map-keys", json!(["name"])),
        ("x-kubernetes-map-type", json!("atomic")),
        ("x-kubernetes-int-or-string", json!(true)),
        ("x-kubernetes-preserve-unknown-fields", json!(true)),
        ("x-kubernetes-embedded-resource", json!(true)),
        ("x-kubernetes-validations", json!([{"rule": "self.name == 'a'"}])),
        ("x-kubernetes-validations", json!([{"rule": "self == oldSelf"}])),
        ("x-kubernetes-validations", json!([{"rule": "size(self) > 1"}])),
        ("x-kubernetes-validations", json!([{"rule": "self.size() > 1", "messageExpression": "1"}])),
        ("not", json!({"required": ["a"]})),
        ("anyOf", json!([{"type": "string"}])),
        ("oneOf", json!([{"required": ["a"]}, {"properties": {"a": {}}}])),
        ("allOf", json!([{"pattern": "a"}])),
        ("$ref", json!("#/a")),
        ("oneof", json!([])),
    ];
    all[random.usize(..all.len())].clone()
}
