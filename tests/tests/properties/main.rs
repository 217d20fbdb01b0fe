//! What holds for all values, tried on random ones.

mod migration;
mod router;
#[path = "../strategy/mod.rs"]
mod strategy;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use gatewright_core::check::{Run, Settings, api};
use gatewright_core::diagnostic::{Severity, has_errors};
use gatewright_core::import::{self, Objects};
use gatewright_core::profile;
use gatewright_core::release::{Channel, Release, Target};
use gatewright_core::tree::yaml::{self, Limits};
use gatewright_core::tree::{Node, json};
use gatewright_core::{Format, Rendered, Scope, render, values};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use serde_json::{Value, json};

fn scope() -> Scope {
    Scope {
        release: "demo".to_owned(),
        namespace: "edge".to_owned(),
        chart: "gatewright".to_owned(),
        ..Scope::default()
    }
}

fn node(value: &Value) -> Node<'static> {
    let text = value.to_string();
    json::read(&text).expect("JSON is a tree").into_owned()
}

fn rendered(values: &Value) -> Rendered {
    render(node(values), &scope(), Format::Yaml)
}

/// Documents by kind, namespace and name.
fn documents(rendered: &Rendered) -> BTreeMap<(String, String, String), String> {
    rendered
        .manifests
        .iter()
        .map(|(manifest, text)| {
            (
                (manifest.kind.to_owned(), manifest.namespace.to_string(), manifest.name.to_string()),
                text.to_owned(),
            )
        })
        .collect()
}

/// Objects as JSON, of one kind.
fn objects(rendered: &Rendered, kind: &str) -> Vec<Value> {
    let of_kind = rendered.manifests.iter().filter(|(manifest, _)| manifest.kind == kind);
    of_kind.map(|(_, text)| serde_yaml::from_str(text).expect("our YAML is YAML")).collect()
}

/// What an API server would store of objects of one kind, by namespace and name.
fn stored(rendered: &Rendered, kind: &str) -> BTreeMap<(String, String), Value> {
    let target = Target { release: Release::V1_6, channel: Channel::Experimental };
    let objects = rendered.manifests.iter().filter(|(manifest, _)| manifest.kind == kind);
    let stored = objects.map(|(manifest, text)| {
        let mut object = yaml::read(text, 0, &Limits::DEFAULT, &mut Vec::new()).pop().unwrap_or(Node::NULL);
        if let Some(row) = api::find(target, manifest.api_version, kind) {
            api::default(row, &mut object, target);
        }
        let mut spec = serde_json::to_value(object.get("spec")).expect("a tree is JSON");
        forget(&mut spec, &manifest.namespace);
        ((manifest.namespace.to_string(), manifest.name.to_string()), spec)
    });
    stored.collect()
}

/// Takes out the namespace of references to the object's own, which mean the same without it.
fn forget(value: &mut Value, namespace: &str) {
    match value {
        Value::Object(map) => {
            if map.contains_key("name") && map.get("namespace").is_some_and(|found| found == namespace) {
                map.remove("namespace");
            }
            map.values_mut().for_each(|value| forget(value, namespace));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| forget(item, namespace)),
        _ => {}
    }
}

fn codes(rendered: &Rendered) -> Vec<&'static str> {
    rendered.diagnostics.iter().map(|diagnostic| diagnostic.code.0).collect()
}

/// JSON text with the keys of each map in an order that `turn` decides.
fn shuffled(value: &Value, turn: usize) -> String {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> =
                map.iter().map(|(key, value)| format!("{}: {}", json!(key), shuffled(value, turn))).collect();
            let by = turn % entries.len().max(1);
            entries.rotate_left(by);
            if turn % 2 == 1 {
                entries.reverse();
            }
            format!("{{{}}}", entries.join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(|item| shuffled(item, turn)).collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}

static SCHEMA: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| jsonschema::draft7::new(&values::schema()).expect("the schema can be compiled"));

/// The parser accepts what the schema refuses: the dangerous way to disagree, since Helm asks the schema.
fn check_schema(values: &Value) -> Result<(), TestCaseError> {
    let mut found = Vec::new();
    values::parse(&mut node(values), &mut found);
    if !has_errors(&found) {
        let refusal =
            SCHEMA.iter_errors(values).map(|fault| format!("{}: {fault}", fault.instance_path())).next();
        prop_assert!(refusal.is_none(), "{refusal:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_tree_has_an_answer(values in strategy::tree()) {
        rendered(&values);
        check_schema(&values)?;
    }

    #[test]
    fn any_mutation_has_an_answer(values in strategy::mutated()) {
        let rendered = rendered(&values);
        let nothing = rendered.manifests.list.is_empty();
        prop_assert!(!has_errors(&rendered.diagnostics) || nothing, "manifests in spite of {:?}", rendered.diagnostics);
        prop_assert!(
            !nothing || !rendered.diagnostics.is_empty() || something_is_off(&values),
            "neither a manifest nor a word why"
        );
        check_schema(&values)?;
    }

    /// What was rendered, imported and rendered again is the same, or something was said.
    #[test]
    fn what_is_imported_renders_the_same(values in strategy::without_tenants()) {
        let was = rendered(&values);
        prop_assume!(!has_errors(&was.diagnostics));
        let manifests = documents(&was).into_values().collect::<Vec<_>>().join("---\n");
        let mut objects = Objects::default();
        prop_assert_eq!(objects.read(&manifests, 0), []);
        let imported = import::gateways(&objects, None);
        let Some(values) = imported.values else { return Ok(()) };
        let silent = imported.diagnostics.iter().all(|found| found.severity == Severity::Info);
        let is = render(values, &scope(), Format::Yaml);
        prop_assert!(!silent || !has_errors(&is.diagnostics), "{:?}", is.diagnostics);
        for kind in ["Gateway", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"] {
            if silent {
                prop_assert_eq!(stored(&is, kind), stored(&was, kind));
            }
        }
    }

    /// What is accepted gives manifests in which `check` finds no error, at any level.
    #[test]
    fn check_finds_no_error_in_what_renders(values in strategy::valid()) {
        let target = values::parse(&mut node(&values), &mut Vec::new());
        let Rendered { manifests, .. } = rendered(&values);
        let text: String = manifests.iter().flat_map(|(_, text)| ["---\n", text]).collect();
        let settings = Settings {
            profile: values["profile"].as_str().and_then(profile::named),
            namespace: "edge".to_owned(),
            ..Settings::new(target)
        };
        let mut run = Run::new(&settings);
        let unread = run.read(&text, 0);
        prop_assert!(unread.is_empty(), "{unread:?}");
        let report = run.finish();
        prop_assert_eq!(report.objects(), manifests.list.len());
        for judged in &report.results {
            prop_assert!(!has_errors(&judged.diagnostics), "{:?}: {:?}", judged.object, judged.diagnostics);
        }
    }

    #[test]
    fn the_schema_accepts_what_renders(values in strategy::valid()) {
        check_schema(&values)?;
    }

    /// JSON is YAML, so the YAML reader sees the shuffled text; it keeps places, serde does not.
    #[test]
    fn the_order_of_keys_changes_nothing(values in strategy::valid(), turn in 1..7_usize) {
        let text = shuffled(&values, turn);
        let mut found = Vec::new();
        let root = yaml::read(&text, 0, &Limits::DEFAULT, &mut found).pop().expect("one document");
        prop_assert!(found.is_empty(), "{:?}", found);
        let by_yaml = render(root, &scope(), Format::Yaml);
        let by_json = rendered(&values);
        prop_assert_eq!(&by_yaml.manifests, &by_json.manifests);
        let words = |rendered: &Rendered| {
            let mut words: Vec<_> = rendered.diagnostics.iter().map(ToString::to_string).collect();
            words.sort();
            words
        };
        prop_assert_eq!(words(&by_yaml), words(&by_json));
    }

    #[test]
    fn both_formats_say_the_same(values in strategy::valid()) {
        let yaml = rendered(&values);
        let json = render(node(&values), &scope(), Format::Json);
        prop_assert_eq!(yaml.manifests.list.len(), json.manifests.list.len());
        for ((_, yaml), (_, json)) in yaml.manifests.iter().zip(json.manifests.iter()) {
            let yaml: Value = serde_yaml::from_str(yaml).expect("our YAML is YAML");
            let json: Value = serde_json::from_str(json).expect("our JSON is JSON");
            prop_assert_eq!(yaml, json);
        }
    }

    /// What is shared by all (Gateways, the relay) may gain from it; nothing else changes.
    #[test]
    fn an_appended_service_changes_nothing_else(values in strategy::valid()) {
        let service = json!({"name": "zz", "port": 80, "protocol": "HTTP", "endpoints": ["192.0.2.200"]});
        check_appended(&values, "externalServices", "zz", service)?;
    }

    #[test]
    fn an_appended_route_changes_nothing_else(values in strategy::valid()) {
        prop_assume!(values.get("routes").is_some());
        let parent = json!([{"name": "elsewhere"}]);
        let route = json!({"name": "zz", "parentRefs": parent, "rules": [{"backendRefs": [{"name": "other", "port": 80}]}]});
        check_appended(&values, "routes", "zz", route)?;
    }

    #[test]
    fn an_appended_rule_changes_its_route_alone(values in strategy::valid(), which in any::<Index>(), more in strategy::matches()) {
        let before = rendered(&values);
        prop_assume!(!has_errors(&before.diagnostics));
        let mut values = values;
        let mut http: Vec<&mut Value> = match values.get_mut("routes") {
            Some(Value::Array(routes)) => routes.iter_mut().collect(),
            Some(Value::Object(routes)) => routes.values_mut().collect(),
            _ => Vec::new(),
        };
        http.retain(|route| route.get("kind").is_none());
        prop_assume!(!http.is_empty());
        let chosen = which.index(http.len());
        let rules = http[chosen]["rules"].as_array_mut().expect("a route has rules");
        rules.push(json!({"matches": [more], "backendRefs": [{"name": "other", "port": 80}]}));
        let after = rendered(&values);
        prop_assume!(!has_errors(&after.diagnostics));
        let (before, after) = (documents(&before), documents(&after));
        for (key, text) in &before {
            let (kind, _, name) = key;
            let now = after.get(key);
            prop_assert!(now.is_some(), "{:?} is gone", key);
            // The route's name is the start of its parts' names; no other has that start.
            let own = kind == "HTTPRoute" && now.is_some_and(|now| now.contains("name: other")) || text.contains("name: other");
            let part = kind == "HTTPRoute" && after.iter().any(|((_, _, other), text)| {
                text.contains("name: other") && (other == name || other.starts_with(&format!("{}-0", name.split("-0").next().unwrap_or(name))) || name.starts_with(&format!("{other}-0")))
            });
            if !own && !part {
                prop_assert_eq!(now, Some(text), "{:?}", key);
            }
        }
    }

    /// With several endpoints each, two services get exactly the shares that their references ask for.
    #[test]
    fn weights_are_exact(
        parts in prop::collection::vec((prop::collection::vec(0..20_u32, 1..5), 0..1000_u32), 1..4),
    ) {
        let services: Vec<_> = parts.iter().enumerate().map(|(index, (weights, _))| {
            let endpoints: Vec<_> = weights.iter().enumerate()
                .map(|(number, weight)| json!({"host": format!("192.0.2.{}", 10 * index + number + 1), "weight": weight})).collect();
            json!({"name": format!("s{index}"), "port": 80, "expansion": "perEndpoint", "endpoints": endpoints})
        }).collect();
        let refs: Vec<_> = parts.iter().enumerate().map(|(index, (_, weight))| json!({"name": format!("s{index}"), "weight": weight})).collect();
        let values = json!({"externalServices": services, "gateway": {"className": "eg"}, "routes": [{"name": "r", "rules": [{"backendRefs": refs}]}]});
        let rendered = rendered(&values);
        prop_assert!(!has_errors(&rendered.diagnostics), "{:?}", rendered.diagnostics);
        let inexact = codes(&rendered).contains(&"inexact-weights");
        let given: BTreeMap<String, u128> = objects(&rendered, "HTTPRoute")[0]["spec"]["rules"][0]["backendRefs"].as_array().expect("backends").iter()
            .map(|backend| (backend["name"].as_str().expect("a name").to_owned(), backend["weight"].as_u64().unwrap_or(1).into())).collect();
        let mut asked: Vec<(u128, u128, u128)> = Vec::new();
        for (index, (weights, reference)) in parts.iter().enumerate() {
            let whole: u32 = weights.iter().sum();
            for (number, weight) in weights.iter().enumerate() {
                let name = if weights.len() == 1 { format!("s{index}") } else { format!("s{index}-{number}") };
                let given = given[&name];
                prop_assert!(given <= 1_000_000);
                let part = u128::from(*weight) * u128::from(*reference);
                prop_assert_eq!(given == 0, part == 0, "{}", name);
                asked.push((part, u128::from(whole.max(1)), given));
            }
        }
        for (part, whole, weight) in &asked {
            for (other, of, its) in &asked {
                // part/whole : other/of = weight : its
                prop_assert!(inexact || part * of * its == other * whole * weight, "{:?}", asked);
            }
        }
    }

    /// One route of any size, and its parts, answer every request alike.
    #[test]
    fn parts_answer_as_the_whole_would(
        hostnames in prop::collection::btree_set(strategy::hostname(), 0..22),
        rules in prop::collection::vec(prop::collection::vec(strategy::matches(), 0..6), 17..48),
        requests in prop::collection::vec(router::request(), 32),
    ) {
        let rules: Vec<_> = rules.iter().enumerate()
            .map(|(index, matches)| json!({"matches": matches, "backendRefs": [{"name": format!("b{index}"), "port": 80}]})).collect();
        let whole = json!({"name": "r", "hostnames": hostnames, "rules": rules});
        let rendered = rendered(&json!({"gateway": {"className": "eg"}, "routes": [whole]}));
        prop_assert!(!has_errors(&rendered.diagnostics), "{:?}", rendered.diagnostics);
        // Where ties do not fit one route, a warning says that the answer may differ.
        prop_assume!(!codes(&rendered).contains(&"tie-by-creation-time"));
        let parts = objects(&rendered, "HTTPRoute");
        let whole = [json!({"metadata": {"name": "r"}, "spec": whole})];
        for request in &requests {
            for reading in [router::Prefixes::AsWritten, router::Prefixes::ByElements] {
                prop_assert_eq!(router::answer(&whole, request, reading), router::answer(&parts, request, reading), "{:?} {:?}", request, reading);
            }
        }
    }
}

/// Whether `enabled` switches any part off.
fn something_is_off(values: &Value) -> bool {
    let enabled = values.get("enabled").and_then(Value::as_object);
    enabled.is_some_and(|enabled| enabled.values().any(|part| part == false))
}

/// A few cases of each keep `cargo test` quick; `PROPTEST_CASES=100000` looks further.
fn config() -> ProptestConfig {
    let default = ProptestConfig {
        failure_persistence: None,
        max_global_rejects: 100_000,
        ..ProptestConfig::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_some() {
        default
    } else {
        ProptestConfig { cases: 64, ..default }
    }
}

fn check_appended(values: &Value, section: &str, name: &str, entry: Value) -> Result<(), TestCaseError> {
    let before = rendered(values);
    let mut values = values.clone();
    match values.get_mut(section) {
        Some(Value::Array(items)) => items.push(entry),
        Some(Value::Object(map)) => drop(map.insert(name.to_owned(), entry)),
        _ => values[section] = json!([entry]),
    }
    let after = rendered(&values);
    prop_assume!(!has_errors(&before.diagnostics) && !has_errors(&after.diagnostics));
    let after = documents(&after);
    for (key, text) in documents(&before) {
        let now = after.get(&key);
        prop_assert!(now.is_some(), "{:?} is gone", key);
        // Listeners are shared, and so are their certificates. So is the relay of a namespace, but its
        // Deployment must not change: that would restart it.
        let relay = text.contains("app.kubernetes.io/component: relay");
        let shared = match key.0.as_str() {
            "Gateway" | "Certificate" => true,
            kind => relay && ["ConfigMap", "NetworkPolicy"].contains(&kind),
        };
        if !shared {
            prop_assert_eq!(now, Some(&text), "{:?}", key);
        }
    }
    Ok(())
}

/// The properties say little if most values are refused; those with tenants have more ways to be.
#[test]
fn most_random_values_render() {
    let refused = refusals(&strategy::without_tenants());
    assert!(refused.values().sum::<usize>() < 70, "refused: {refused:?}");
    let refused = refusals(&strategy::valid());
    assert!(refused.values().sum::<usize>() < 90, "refused with tenants: {refused:?}");
}

/// The first errors of 200 values.
fn refusals(values: &impl Strategy<Value = Value>) -> BTreeMap<&'static str, usize> {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut refused = BTreeMap::new();
    for _ in 0..200 {
        let values = values.new_tree(&mut runner).expect("values can be made").current();
        let rendered = rendered(&values);
        let error = rendered
            .diagnostics
            .iter()
            .find(|found| found.severity == gatewright_core::diagnostic::Severity::Error);
        if let Some(error) = error {
            *refused.entry(error.code.0).or_default() += 1;
        }
    }
    refused
}
