//! What the API server refuses in parts that are handed on as they are written: filters, sessions,
//! parents and addresses.
//!
//! Each is a CEL rule or pattern of Gateway API's CRDs (v1.4.1 to v1.7.0), seen to be refused by an API
//! server (Kubernetes 1.36.2).

use core::net::IpAddr;
use std::collections::BTreeSet;

use super::Rule;
use super::rule_checks::refuse;
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::release::{Kind, Release, Target};
use crate::tree::Node;
use crate::values::quoted;

/// Two parents that the API server cannot tell apart.
const PARENTS_REFUSED: Code = Code("parents-refused");
/// An address that the API server refuses.
const ADDRESS_REFUSED: Code = Code("address-refused");

/// A fraction's denominator that is not written.
const FRACTION_DENOMINATOR: i64 = 100;

/// Checks filters, calls and the session of one rule.
pub(super) fn check_rule(rule: &Rule<'_>, kind: Kind, target: Target, out: &mut Vec<Diagnostic>) {
    let of_backends = rule.backends.iter().enumerate().flat_map(|(index, backend)| {
        let path = rule.path.key("backendRefs").index(index).key("filters");
        backend.filters.iter().enumerate().map(move |(index, filter)| (path.index(index), filter))
    });
    let path = rule.path.key("filters");
    let own = rule.filters.iter().enumerate().map(|(index, filter)| (path.index(index), filter));
    for (path, filter) in own.chain(of_backends) {
        check_filter(filter, &path, target, out);
    }
    for (index, found) in rule.matches.iter().enumerate().filter(|_| kind == Kind::GrpcRoute) {
        if let Some(method) = found.get("method") {
            check_call(method, &rule.path.key("matches").index(index).key("method"), out);
        }
    }
    if let Some(session) = rule.given.and_then(|given| given.get("sessionPersistence")) {
        check_session(session, &rule.path.key("sessionPersistence"), target, out);
    }
}

fn check_filter(filter: &Node<'_>, path: &Path, target: Target, out: &mut Vec<Diagnostic>) {
    if let Some(mirror) = filter.get("requestMirror") {
        let path = path.key("requestMirror");
        let fraction = mirror.get("fraction");
        if fraction.is_some() && mirror.get("percent").is_some() {
            refuse(path.clone(), "`percent` and `fraction`, but a mirror has one of them", "remove one", out);
        }
        let part = |key: &str| fraction?.get(key)?.as_integer();
        let denominator = part("denominator").unwrap_or(FRACTION_DENOMINATOR);
        if let Some(numerator) = part("numerator").filter(|numerator| *numerator > denominator) {
            let message = format!("{numerator} of {denominator} requests, which is more than all");
            refuse(path.key("fraction"), message, "make the numerator the smaller one", out);
        }
    }
    for part in ["urlRewrite", "requestRedirect"] {
        if let Some(modifier) = filter.get(part).and_then(|part| part.get("path")) {
            check_path_modifier(modifier, &path.key(part).key("path"), out);
        }
    }
    if let Some(cors) = filter.get("cors") {
        check_cors(cors, &path.key("cors"), target, out);
    }
}

fn check_path_modifier(modifier: &Node<'_>, path: &Path, out: &mut Vec<Diagnostic>) {
    let Some(word) = modifier.get("type").and_then(Node::as_text) else { return };
    let parts = [("ReplaceFullPath", "replaceFullPath"), ("ReplacePrefixMatch", "replacePrefixMatch")];
    for (kind, part) in parts {
        let fault = match (word == kind, modifier.get(part).is_some()) {
            (true, false) => format!("type {word} without `{part}`"),
            (false, true) => format!("type {word} with `{part}`"),
            _ => continue,
        };
        refuse(path.clone(), fault, "give exactly the part that `type` names", out);
    }
}

fn check_cors(cors: &Node<'_>, path: &Path, target: Target, out: &mut Vec<Diagnostic>) {
    for key in ["allowOrigins", "allowMethods", "allowHeaders"] {
        let texts: Vec<&str> =
            cors.get(key).into_iter().flat_map(Node::items).filter_map(|(_, item)| item.as_text()).collect();
        if texts.len() > 1
            && texts.contains(&"*")
            && (key != "allowHeaders" || target.release > Release::V1_4)
        {
            refuse(path.key(key), "`*` beside others, which it includes", "remove it or the others", out);
        }
    }
    for (index, origin) in cors.get("allowOrigins").into_iter().flat_map(Node::items) {
        if let Some(text) = origin.as_text().filter(|text| !is_origin(text)) {
            let message = format!("{} is no origin", quoted(text));
            refuse(
                path.key("allowOrigins").index(index),
                message,
                "write `https://shop.example.com`, `https://*.example.com` or `*`",
                out,
            );
        }
    }
}

/// `*`, or scheme and host with or without a port; the host's first label may be `*`.
fn is_origin(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return text == "*";
    };
    let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
    let label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    port.is_none_or(|port| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit()))
        && (host == "*" || host.strip_prefix("*.").unwrap_or(host).split('.').all(label))
}

/// Source: Gateway API v1.6.1, GRPCRoute `matches[].method`: characters of type Exact.
fn check_call(method: &Node<'_>, path: &Path, out: &mut Vec<Diagnostic>) {
    let text = |key: &str| method.get(key).and_then(Node::as_text);
    if text("type").is_some_and(|word| word != "Exact") {
        return;
    }
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let is_service = |text: &str| text.strip_prefix('.').unwrap_or(text).split('.').all(word);
    if let Some(name) = text("service").filter(|name| !is_service(name)) {
        let message = format!("{} is no name of a service", quoted(name));
        refuse(
            path.key("service"),
            message,
            "write `package.Service`, or set `type: RegularExpression`",
            out,
        );
    }
    if let Some(name) = text("method").filter(|name| !word(name)) {
        let message = format!("{} is no name of a method", quoted(name));
        refuse(path.key("method"), message, "write its name alone, or set `type: RegularExpression`", out);
    }
}

/// Up to 1.6 all of a session is optional; 1.7 renamed its parts and wants the one that the type names.
fn check_session(session: &Node<'_>, path: &Path, target: Target, out: &mut Vec<Diagnostic>) {
    let word = session.get("type").and_then(Node::as_text).unwrap_or("Cookie");
    let parts: &[(&str, &str)] = match target.release {
        Release::V1_7 => &[("Cookie", "cookie"), ("Header", "header")],
        Release::V1_4 | Release::V1_5 | Release::V1_6 => &[("Cookie", "cookieConfig")],
    };
    for (kind, part) in parts {
        if word != *kind && session.get(part).is_some() {
            refuse(
                path.clone(),
                format!("type {word} with `{part}`"),
                "give the part that `type` names",
                out,
            );
        } else if word == *kind && target.release >= Release::V1_7 && session.get(part).is_none() {
            let message = format!("type {word} without `{part}`, which {target} wants");
            let hint = if *part == "cookie" { "add `cookie: {}`" } else { "add `header: {name: X-Session}`" };
            refuse(path.clone(), message, hint, out);
        }
        let permanent = session.get(part).and_then(|part| part.get("lifetimeType")).and_then(Node::as_text);
        if permanent == Some("Permanent") && session.get("absoluteTimeout").is_none() {
            refuse(
                path.clone(),
                "a Permanent cookie without `absoluteTimeout`",
                "say how long it lasts",
                out,
            );
        }
    }
}

/// Several references to one parent all say a section, or none does, and no two of them say the same.
///
/// Source: Gateway API v1.6.1, CEL rules on `spec.parentRefs`; ports tell parents apart in the
/// experimental channel only.
pub(super) fn check_parents(parents: &[&Node<'_>], target: Target, path: &Path, out: &mut Vec<Diagnostic>) {
    let text = |node: &Node<'_>, key: &str, default: &str| {
        node.get(key).and_then(Node::as_text).unwrap_or(default).to_owned()
    };
    let parent = |node: &Node<'_>| {
        let group = text(node, "group", "gateway.networking.k8s.io");
        (group, text(node, "kind", "Gateway"), text(node, "namespace", ""), text(node, "name", ""))
    };
    let port = |node: &Node<'_>| match target.channel {
        crate::release::Channel::Standard => None,
        crate::release::Channel::Experimental => node.get("port").and_then(Node::as_integer),
    };
    for (index, node) in parents.iter().enumerate() {
        for (other, earlier) in parents[..index].iter().enumerate() {
            if parent(node) != parent(earlier) {
                continue;
            }
            let (own, its) = (text(node, "sectionName", ""), text(earlier, "sectionName", ""));
            let message = if own == its && port(node) == port(earlier) {
                format!("the same parent as parentRefs[{other}]")
            } else if own.is_empty() != its.is_empty() {
                format!("the parent of parentRefs[{other}], but only one of the two has a `sectionName`")
            } else if port(node).is_some() != port(earlier).is_some() {
                format!("the parent of parentRefs[{other}], but only one of the two has a `port`")
            } else {
                continue;
            };
            out.push(
                Diagnostic::error(PARENTS_REFUSED, path.index(index), message)
                    .level(Level::Api)
                    .source("Gateway API v1.6.1, CEL rules on spec.parentRefs")
                    .hint("name a different `sectionName` in each, or remove one"),
            );
            break;
        }
    }
}

/// Addresses of a Gateway: well-formed for their type, and each once.
pub(super) fn check_addresses(addresses: &Node<'_>, path: &Path, out: &mut Vec<Diagnostic>) {
    let mut known = BTreeSet::new();
    for (index, address) in addresses.items() {
        let text = |key: &str| address.get(key).and_then(Node::as_text);
        let word = text("type").unwrap_or("IPAddress");
        let value = text("value");
        let is_host = |text: &str| Hostname::parse(text).is_ok_and(|(_, mapped)| mapped.is_none());
        let message = match (word, value) {
            ("IPAddress", Some(value)) if value.parse::<IpAddr>().is_err() => {
                format!("{} is no IP address", quoted(value))
            }
            ("Hostname", Some(value)) if !is_host(value) => format!("{} is no host name", quoted(value)),
            ("IPAddress" | "Hostname", Some(value)) if !known.insert((word, value)) => {
                format!("{} stands there twice", quoted(value))
            }
            ("IPAddress" | "Hostname" | "NamedAddress", _) => continue,
            _ if word.contains('/') => continue,
            _ => format!("{} is no type of address", quoted(word)),
        };
        out.push(
            Diagnostic::error(ADDRESS_REFUSED, path.index(index), message)
                .level(Level::Api)
                .source("Gateway API v1.6.1, Gateway spec.addresses")
                .hint("types are IPAddress (the default), Hostname, NamedAddress and the controller's own, `example.com/type`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_an_origin() {
        for origin in
            ["*", "https://example.com", "http://*.example.com:8080", "https://*", "http://localhost:3000"]
        {
            assert!(is_origin(origin), "{origin}");
        }
        for other in [
            "example.com",
            "https://",
            "https://example.com/",
            "https://a..b",
            "https://example.com:",
            "ftp://example.com",
        ] {
            assert!(!is_origin(other), "{other}");
        }
    }
}
