//! What rendering the values gives, held against the objects that they were made from.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::objects::{Key, Object, key};
use super::shorter;
use crate::check::{api, identity};
use crate::diagnostic::{Diagnostic, Severity};
use crate::emit::Format;
use crate::path::Path;
use crate::release::Target;
use crate::shorten::shortened;
use crate::tree::{Node, Value, json};
use crate::{Scope, render};

/// Most bytes of a value in a message; our own bound.
const SHOWN: usize = 80;

/// What rendering values gave.
pub(super) enum Rendered {
    /// Every object.
    Objects(BTreeMap<Key, Node<'static>>),
    /// The errors for which there is none.
    Refused(Vec<Diagnostic>),
}

/// A part of an object that comes out otherwise than it went in.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) path: Path,
    /// What becomes of it.
    pub(super) what: String,
}

/// Renders values as `gatewright render` does.
pub(super) fn rendered(values: Node<'_>) -> Rendered {
    let rendered = render(values, &Scope::default(), Format::Json);
    if rendered.manifests.list.is_empty() {
        let mut faults = rendered.diagnostics;
        faults.retain(|fault| fault.severity == Severity::Error);
        return Rendered::Refused(faults);
    }
    let read = |text: &str| json::read(text).ok().map(Node::into_owned);
    let objects = rendered.manifests.iter().filter_map(|(manifest, text)| {
        let (group, kind, namespace, name) = manifest.identity();
        Some((key(group, kind, namespace, name), read(text)?))
    });
    Rendered::Objects(objects.collect())
}

/// Where an object and what was rendered in its place differ; metadata aside.
pub(super) fn differences(object: &Object<'_>, made: &Node<'static>, target: Target) -> Vec<Difference> {
    let made = Object { identity: identity(made), node: made.clone() };
    let mut found = Vec::new();
    compare(&body(object, target), &body(&made, target), &Path::ROOT, &mut found);
    found
}

/// What an object says beside who it is.
fn body<'a>(object: &Object<'a>, target: Target) -> Node<'a> {
    let mut body = if api::GROUPS.contains(&object.group()) {
        Node::map([("spec", shorter::spec(object, target))])
    } else {
        let mut node = object.node.clone();
        if let Value::Map(map) = &mut node.value {
            for key in ["apiVersion", "kind", "metadata", "status"] {
                map.remove(key);
            }
        }
        node.prune();
        core_defaults(object, &mut node);
        node
    };
    shorter::without_empty(&mut body);
    body
}

/// Takes out what the API server fills in of a Service and of an EndpointSlice, and what it gives out itself.
///
/// Source: Kubernetes v1.36, `pkg/apis/core/v1/defaults.go` and `pkg/apis/discovery/v1/defaults.go`.
fn core_defaults(object: &Object<'_>, node: &mut Node<'_>) {
    const GIVEN: [&str; 4] = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"];
    const SERVICE: [(&str, &str); 3] =
        [("internalTrafficPolicy", "Cluster"), ("sessionAffinity", "None"), ("type", "ClusterIP")];
    let Value::Map(map) = &mut node.value else { return };
    if object.is("", "Service") {
        let Some(Value::Map(spec)) = map.get_mut("spec").map(|spec| &mut spec.value) else { return };
        for key in GIVEN {
            spec.remove(key);
        }
        for (key, default) in SERVICE {
            without(spec, key, |value| value.as_text() == Some(default));
        }
        without_protocol(spec.get_mut("ports"));
    } else if object.is("discovery.k8s.io", "EndpointSlice") {
        without_protocol(map.get_mut("ports"));
        let Some(Value::List(endpoints)) = map.get_mut("endpoints").map(|list| &mut list.value) else {
            return;
        };
        for endpoint in endpoints {
            let Value::Map(endpoint) = &mut endpoint.value else { continue };
            let Some(Value::Map(conditions)) = endpoint.get_mut("conditions").map(|found| &mut found.value)
            else {
                continue;
            };
            for (key, default) in [("ready", true), ("serving", true), ("terminating", false)] {
                without(conditions, key, |value| value.as_bool() == Some(default));
            }
        }
    }
}

fn without(map: &mut crate::tree::Map<'_>, key: &str, is_default: impl Fn(&Node<'_>) -> bool) {
    if map.get(key).is_some_and(is_default) {
        map.remove(key);
    }
}

fn without_protocol(ports: Option<&mut Node<'_>>) {
    let Some(Value::List(ports)) = ports.map(|ports| &mut ports.value) else { return };
    for port in ports {
        if let Value::Map(port) = &mut port.value {
            without(port, "protocol", |value| value.as_text() == Some("TCP"));
        }
    }
}

fn compare(was: &Node<'_>, is: &Node<'_>, path: &Path, out: &mut Vec<Difference>) {
    match (&was.value, &is.value) {
        (Value::Map(was), Value::Map(is)) => {
            let keys: BTreeSet<&str> = was.iter().chain(is.iter()).map(|entry| entry.key.as_ref()).collect();
            for key in keys {
                let path = path.key(key);
                match (was.get(key), is.get(key)) {
                    (Some(was), Some(is)) if key == "listeners" => listeners(was, is, &path, out),
                    (Some(was), Some(is)) => compare(was, is, &path, out),
                    (Some(was), None) => {
                        out.push(Difference { what: format!("{} is not rendered again", shown(was)), path });
                    }
                    (None, Some(is)) => {
                        out.push(Difference { what: format!("{} is rendered beside it", shown(is)), path });
                    }
                    (None, None) => {}
                }
            }
        }
        (Value::List(was), Value::List(is)) if was.len() == is.len() => {
            for (index, (was, is)) in was.iter().zip(is).enumerate() {
                compare(was, is, &path.index(index), out);
            }
        }
        (one, other) if one == other => {}
        _ => {
            let what = format!("{} is rendered as {}", shown(was), shown(is));
            out.push(Difference { path: path.clone(), what });
        }
    }
}

/// Compares listeners, whose order means nothing: with the one of the same name, else with that of the same port and
/// host name.
fn listeners(was: &Node<'_>, is: &Node<'_>, path: &Path, out: &mut Vec<Difference>) {
    let name = |node: &Node<'_>| node.text_of("name").map(Cow::into_owned);
    let place = |node: &Node<'_>| {
        let host = node.text_of("hostname").map(Cow::into_owned);
        (node.get("port").and_then(Node::as_integer), host)
    };
    let made = is.as_list().unwrap_or_default();
    let by_name: BTreeMap<_, usize> = made.iter().enumerate().map(|(at, node)| (name(node), at)).collect();
    let by_place: BTreeMap<_, usize> = made.iter().enumerate().map(|(at, node)| (place(node), at)).collect();
    let mut rest: BTreeSet<usize> = (0..made.len()).collect();
    for (index, was) in was.items() {
        let path = path.index(index);
        let at = by_name.get(&name(was)).or_else(|| by_place.get(&place(was)));
        match at.and_then(|at| made.get(*at).filter(|_| rest.remove(at))) {
            Some(is) => compare(was, is, &path, out),
            None => out.push(Difference { what: format!("{} is not rendered again", shown(was)), path }),
        }
    }
    for is in rest.into_iter().filter_map(|at| made.get(at)) {
        out.push(Difference { path: path.clone(), what: format!("{} is rendered beside it", shown(is)) });
    }
}

/// A value as JSON between backticks, cut where it is long.
fn shown(node: &Node<'_>) -> String {
    let text = serde_json::to_string(node).unwrap_or_default();
    format!("`{}`", shortened(&text, SHOWN))
}
