//! Whether nothing of what listeners, routes and matches mean is left unread.
//!
//! Level `api` reports what is of another name or type, and it is read as if it were not there. What is left may
//! then mean something else than was meant.

use crate::tree::Node;

/// Keys of a map, each with what its value must be like to be read.
pub(super) type Keys = &'static [(&'static str, fn(&Node<'_>) -> bool)];

/// A listener. What tells no listener from another may have any form.
pub(super) const LISTENER: Keys = &[
    ("name", is_text),
    ("hostname", is_text),
    ("port", is_integer),
    ("protocol", is_text),
    ("tls", is_tls),
    ("allowedRoutes", is_anything),
    ("filters", is_anything),
];

/// A route, whatever its kind.
pub(super) const ROUTE: Keys = &[
    ("apiVersion", is_anything),
    ("kind", is_anything),
    ("metadata", is_anything),
    ("spec", is_spec),
    ("status", is_anything),
];

/// A label selector.
pub(super) const SELECTOR: Keys = &[("matchLabels", is_map_of_texts), ("matchExpressions", is_list)];

const SPEC: Keys = &[
    ("parentRefs", are_parents),
    ("useDefaultGateways", is_text),
    ("hostnames", are_texts),
    ("rules", is_list),
];

/// A rule, whatever the kind of route. What a match does not ask for may have any form.
pub(super) const RULE: Keys = &[
    ("name", is_anything),
    ("matches", is_list),
    ("filters", is_list),
    ("backendRefs", is_list),
    ("timeouts", is_anything),
    ("retry", is_anything),
    ("sessionPersistence", is_anything),
];

/// A match of an HTTPRoute.
pub(super) const HTTP_MATCH: Keys =
    &[("path", is_path), ("method", is_text), ("headers", are_named), ("queryParams", are_named)];

/// A match of a GRPCRoute.
pub(super) const GRPC_MATCH: Keys = &[("method", is_grpc_method), ("headers", are_named)];

/// A redirect.
pub(super) const REDIRECT: Keys = &[
    ("scheme", is_text),
    ("hostname", is_text),
    ("port", is_integer),
    ("path", is_new_path),
    ("statusCode", is_integer),
];

const TLS: Keys = &[("mode", is_mode), ("certificateRefs", is_anything), ("options", is_anything)];
const PARENT: Keys = &[
    ("group", is_text),
    ("kind", is_text),
    ("namespace", is_text),
    ("name", is_text),
    ("sectionName", is_text),
    ("port", is_integer),
];
const NEW_PATH: Keys =
    &[("type", is_new_path_type), ("replaceFullPath", is_text), ("replacePrefixMatch", is_text)];
const PATH: Keys = &[("type", is_path_type), ("value", is_text)];
const GRPC_METHOD: Keys = &[("type", is_type), ("service", is_text), ("method", is_text)];
const NAMED: Keys = &[("type", is_type), ("name", is_text), ("value", is_text)];

/// Whether a map has no other keys than these, and what each holds can be read.
pub(super) fn is(node: &Node<'_>, keys: Keys) -> bool {
    let known = |key: &str, value: &Node<'_>| {
        keys.iter().any(|(known, can_be_read)| *known == key && (value.is_null() || can_be_read(value)))
    };
    node.as_map().is_some_and(|map| map.iter().all(|entry| known(&entry.key, &entry.value)))
}

fn is_anything(_: &Node<'_>) -> bool {
    true
}

fn is_text(node: &Node<'_>) -> bool {
    node.as_text().is_some()
}

fn is_integer(node: &Node<'_>) -> bool {
    node.as_integer().is_some()
}

fn is_list(node: &Node<'_>) -> bool {
    node.as_list().is_some()
}

fn are_texts(node: &Node<'_>) -> bool {
    node.as_list().is_some_and(|items| items.iter().all(is_text))
}

fn is_map_of_texts(node: &Node<'_>) -> bool {
    node.as_map().is_some_and(|map| map.iter().all(|entry| is_text(&entry.value)))
}

fn is_spec(node: &Node<'_>) -> bool {
    is(node, SPEC)
}

fn is_tls(node: &Node<'_>) -> bool {
    is(node, TLS)
}

fn is_mode(node: &Node<'_>) -> bool {
    matches!(node.as_text(), Some("Terminate" | "Passthrough"))
}

fn are_parents(node: &Node<'_>) -> bool {
    node.as_list().is_some_and(|items| items.iter().all(|node| is(node, PARENT)))
}

fn is_new_path(node: &Node<'_>) -> bool {
    is(node, NEW_PATH)
}

fn is_new_path_type(node: &Node<'_>) -> bool {
    matches!(node.as_text(), Some("ReplaceFullPath" | "ReplacePrefixMatch"))
}

fn is_path(node: &Node<'_>) -> bool {
    is(node, PATH)
}

fn is_path_type(node: &Node<'_>) -> bool {
    matches!(node.as_text(), Some("Exact" | "PathPrefix" | "RegularExpression"))
}

fn is_grpc_method(node: &Node<'_>) -> bool {
    is(node, GRPC_METHOD)
}

/// Whether a list of headers or query parameters can be read.
fn are_named(node: &Node<'_>) -> bool {
    let one = |node: &Node<'_>| is(node, NAMED) && node.get("name").is_some() && node.get("value").is_some();
    node.as_list().is_some_and(|items| items.iter().all(one))
}

fn is_type(node: &Node<'_>) -> bool {
    matches!(node.as_text(), Some("Exact" | "RegularExpression"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::api;
    use crate::check::api::schema::{Schema, Shape};
    use crate::release::ROUTE_KINDS;
    use crate::release::{Channel, Release, Target};

    /// What stands under a key, or in a list under it.
    fn below(schema: &'static Schema, key: &str) -> &'static Schema {
        let Shape::Object(object) = &schema.shape else { panic!("`{key}` is in a map") };
        let (_, found) = object.properties.iter().find(|(name, _)| *name == key).expect("the key is there");
        match &found.shape {
            Shape::List(list) => list.items,
            _ => found,
        }
    }

    #[test]
    fn every_key_of_the_tables_is_known() {
        let target = Target { release: Release::V1_7, channel: Channel::Experimental };
        let listeners = ["Gateway", "ListenerSet"];
        let read = |kind: &str| listeners.contains(&kind) || ROUTE_KINDS.contains(&kind);
        for kind in api::kinds(target).iter().filter(|kind| read(kind.kind)) {
            let holds = |path: &[&str], keys: Keys| {
                let schema = path.iter().fold(kind.schema, |schema, key| below(schema, key));
                let Shape::Object(object) = &schema.shape else { panic!("{path:?} is a map") };
                for (name, _) in object.properties {
                    assert!(keys.iter().any(|(known, _)| known == name), "{} {path:?} {name}", kind.kind);
                }
            };
            if listeners.contains(&kind.kind) {
                holds(&["spec", "listeners"], LISTENER);
                holds(&["spec", "listeners", "tls"], TLS);
                holds(&["spec", "listeners", "allowedRoutes", "namespaces", "selector"], SELECTOR);
                continue;
            }
            holds(&[], ROUTE);
            holds(&["spec"], SPEC);
            holds(&["spec", "parentRefs"], PARENT);
            holds(&["spec", "rules"], RULE);
            match kind.kind {
                "HTTPRoute" => {
                    holds(&["spec", "rules", "matches"], HTTP_MATCH);
                    holds(&["spec", "rules", "matches", "path"], PATH);
                    holds(&["spec", "rules", "matches", "headers"], NAMED);
                    holds(&["spec", "rules", "matches", "queryParams"], NAMED);
                    holds(&["spec", "rules", "filters", "requestRedirect"], REDIRECT);
                    holds(&["spec", "rules", "filters", "requestRedirect", "path"], NEW_PATH);
                }
                "GRPCRoute" => {
                    holds(&["spec", "rules", "matches"], GRPC_MATCH);
                    holds(&["spec", "rules", "matches", "method"], GRPC_METHOD);
                    holds(&["spec", "rules", "matches", "headers"], NAMED);
                }
                _ => {}
            }
        }
    }
}
