//! What Envoy Gateway says of the objects.

use anyhow::{Result, ensure};
use gatewright_tests::peers::ApiServer;
use serde_json::Value;

/// Everything that the controller gives conditions to.
const KINDS: [&str; 9] = [
    "gateways.gateway.networking.k8s.io",
    "listenersets.gateway.networking.k8s.io",
    "httproutes.gateway.networking.k8s.io",
    "grpcroutes.gateway.networking.k8s.io",
    "tlsroutes.gateway.networking.k8s.io",
    "tcproutes.gateway.networking.k8s.io",
    "udproutes.gateway.networking.k8s.io",
    "backendtlspolicies.gateway.networking.k8s.io",
    "backends.gateway.envoyproxy.io",
];

/// The objects of a namespace that should have conditions.
pub fn objects(api: &ApiServer, namespace: &str) -> Result<Vec<Value>> {
    let mut list = api.get(&["--namespace", namespace, &KINDS.join(",")])?;
    Ok(list["items"].as_array_mut().map(std::mem::take).unwrap_or_default())
}

/// An error that lists every object that lacks a condition, with what it has instead. A route may lack acceptance for the
/// reason `unaccepted` at some of its parents.
pub fn check(objects: &[Value], unaccepted: &str) -> Result<()> {
    ensure!(objects.iter().any(|object| object["kind"] == "Gateway"), "there is no Gateway");
    let faults: Vec<String> = objects.iter().flat_map(|object| faults(object, unaccepted)).collect();
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

/// Every condition of every object, one a line.
pub fn dump(objects: &[Value]) -> String {
    let mut text = String::new();
    for object in objects {
        for (place, conditions) in places(object) {
            for condition in conditions {
                let word = |key: &str| condition[key].as_str().unwrap_or("?");
                let line = format!(
                    "  {}{place}: {}={} {} {}\n",
                    title(object),
                    word("type"),
                    word("status"),
                    word("reason"),
                    word("message")
                );
                text.push_str(&line);
            }
        }
    }
    text
}

fn faults(object: &Value, unaccepted: &str) -> Vec<String> {
    let status = &object["status"];
    let length = |value: &Value| value.as_array().map_or(0, Vec::len);
    let (wanted, places_due): (&[&str], usize) = match object["kind"].as_str().unwrap_or_default() {
        "Gateway" | "ListenerSet" => (&["Accepted"], 1 + length(&object["spec"]["listeners"])),
        "BackendTLSPolicy" => (&["Accepted", "ResolvedRefs"], length(&status["ancestors"]).max(1)),
        "Backend" => (&["Accepted"], 1),
        _ => (&["Accepted", "ResolvedRefs"], length(&object["spec"]["parentRefs"])),
    };
    let places = places(object);
    let mut faults = Vec::new();
    if places.len() != places_due {
        faults.push(format!("{}: conditions in {} places of {places_due}", title(object), places.len()));
    }
    for (place, conditions) in places {
        let of = |kind: &str| conditions.iter().find(|condition| condition["type"] == kind);
        for kind in wanted {
            let is_tolerated = |condition: &Value| {
                kind == &"Accepted" && !unaccepted.is_empty() && condition["reason"] == unaccepted
            };
            let met = of(kind).is_some_and(|condition| {
                (condition["status"] == "True" || place.starts_with(" parent") && is_tolerated(condition))
                    && condition["observedGeneration"] == object["metadata"]["generation"]
            });
            if !met {
                let found = of(kind).map_or_else(|| "nothing".to_owned(), Value::to_string);
                faults.push(format!("{}{place}: {kind}=True is wanted, {found} found", title(object)));
            }
        }
        // A rule or a listener that is left out while the rest is taken.
        for kind in ["PartiallyInvalid", "Conflicted"] {
            if let Some(condition) = of(kind).filter(|condition| condition["status"] == "True") {
                faults.push(format!("{}{place}: {condition}", title(object)));
            }
        }
    }
    faults
}

/// The lists of conditions that an object has, each with the place where it stands.
fn places(object: &Value) -> Vec<(String, &[Value])> {
    let status = &object["status"];
    let mut places = Vec::new();
    if let Some(own) = status["conditions"].as_array() {
        places.push((String::new(), own.as_slice()));
    }
    for (key, word) in [("listeners", "listener"), ("parents", "parent"), ("ancestors", "ancestor")] {
        // Of a parent that a route no longer names the conditions stay.
        let is_named = |part: &&Value| key != "parents" || is_parent(&object["spec"], &part["parentRef"]);
        for part in status[key].as_array().into_iter().flatten().filter(is_named) {
            let name = [&part["name"], &part["parentRef"]["name"], &part["ancestorRef"]["name"]]
                .into_iter()
                .find_map(Value::as_str)
                .unwrap_or_default();
            if let Some(conditions) = part["conditions"].as_array() {
                places.push((format!(" {word} {name}"), conditions.as_slice()));
            }
        }
    }
    places
}

fn is_parent(spec: &Value, parent: &Value) -> bool {
    let same = |own: &Value| ["name", "sectionName", "port"].iter().all(|key| own[*key] == parent[*key]);
    spec["parentRefs"].as_array().is_some_and(|own| own.iter().any(same))
}

fn title(object: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    format!("{} {}", text(&object["kind"]), text(&object["metadata"]["name"]))
}
