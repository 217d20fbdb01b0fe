//! Whether the predicted status holds what is expected.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::case::{Fact, Name, Object, Parent, Status};

/// How many facts were compared, and those that are wrong.
pub(crate) fn compare(expected: &Status<'_>, status: &Value) -> Result<(usize, Vec<String>)> {
    let found = find(&expected.object, status)?;
    if found.is_empty() {
        return Ok((0, vec!["there is no such status".to_owned()]));
    }
    let every = found.iter().flat_map(|found| expected.facts.iter().map(move |fact| (fact, *found)));
    let wrong = every.filter_map(|(fact, found)| differs(fact, found)).collect();
    Ok((found.len() * expected.facts.len(), wrong))
}

/// The parts of the status that are meant: of a route every parentRef that fits.
fn find<'v>(object: &Object<'_>, status: &'v Value) -> Result<Vec<&'v Value>> {
    let list = |key: &str| status[key].as_array().with_context(|| format!("the status has no `{key}`"));
    let is = |value: &Value, kind: &str, name: Name<'_>| value["kind"] == kind && named(value, name);
    Ok(match object {
        Object::Gateway(name) => {
            list("gateways")?.iter().filter(|value| is(value, "Gateway", *name)).collect()
        }
        Object::ListenerSet(name) => {
            list("gateways")?.iter().filter(|value| is(value, "ListenerSet", *name)).collect()
        }
        Object::Listener(Parent { kind, name, listener }) => {
            let all = *listener == Some("*");
            let meant = |value: &&Value| {
                is(&value["gateway"], kind, *name) && (all || value["name"].as_str() == *listener)
            };
            list("listeners")?.iter().filter(meant).collect()
        }
        Object::Route { kind, name, parent } => {
            let routes = list("routes")?.iter().filter(|value| is(value, kind, *name));
            let parents = routes.filter_map(|value| value["parents"].as_array()).flatten();
            parents.filter(|value| refers(&value["parentRef"], parent, *name)).collect()
        }
    })
}

fn named(value: &Value, name: Name<'_>) -> bool {
    value["namespace"] == name.namespace && value["name"] == name.name
}

/// Whether a parentRef of a route names a parent.
fn refers(reference: &Value, parent: &Parent<'_>, route: Name<'_>) -> bool {
    reference["kind"] == parent.kind
        && reference["name"] == parent.name.name
        && reference["namespace"].as_str().unwrap_or(route.namespace) == parent.name.namespace
        && parent.listener.is_none_or(|listener| reference["sectionName"] == listener)
}

fn differs(fact: &Fact<'_>, found: &Value) -> Option<String> {
    let count = |key: &str, expected: u64| {
        (found[key] != expected).then(|| format!("`{key}` is {}, not {expected}", found[key]))
    };
    match fact {
        Fact::Routes(expected) => count("attachedRoutes", *expected),
        Fact::Sets(expected) => count("attachedListenerSets", *expected),
        Fact::Kinds(expected) => {
            let kinds: Vec<&str> =
                found["supportedKinds"].as_array()?.iter().filter_map(|kind| kind["kind"].as_str()).collect();
            let right =
                expected.iter().all(|kind| kinds.contains(kind)) && expected.is_empty() == kinds.is_empty();
            (!right).then(|| format!("the supported kinds are {kinds:?}"))
        }
        Fact::Condition { kind, status, reason } => {
            let conditions = found["conditions"].as_array()?;
            let Some(condition) = conditions.iter().find(|condition| condition["type"] == *kind) else {
                return Some(format!("there is no condition `{kind}`"));
            };
            let right =
                condition["status"] == *status && reason.is_none_or(|reason| condition["reason"] == reason);
            (!right).then(|| format!("found {condition}"))
        }
    }
}
