//! What the API server refuses in parts that are handed on as they are written: filters, sessions and
//! addresses.
//!
//! Each is a CEL rule or pattern of Gateway API's CRDs (v1.4.1 to v1.7.0), seen to be refused by an API
//! server (Kubernetes 1.36.2).

use core::net::IpAddr;
use std::collections::BTreeSet;

use super::Rule;
use super::refusal::{self, refuse};
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::release::{Kind, Release, Target};
use crate::tree::Node;
use crate::values::quoted;

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
            let message = "`percent` and `fraction`, but a mirror has one of them";
            refuse(path.clone(), message, refusal::OF_RULES, "remove one", out);
        }
        let part = |key: &str| fraction?.get(key)?.as_integer();
        let denominator = part("denominator").unwrap_or(FRACTION_DENOMINATOR);
        if let Some(numerator) = part("numerator").filter(|numerator| *numerator > denominator) {
            let message = format!("{numerator} of {denominator} requests, which is more than all");
            refuse(
                path.key("fraction"),
                message,
                refusal::OF_RULES,
                "make the numerator the smaller one",
                out,
            );
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
        refuse(path.clone(), fault, refusal::OF_RULES, "give exactly the part that `type` names", out);
    }
}

fn check_cors(cors: &Node<'_>, path: &Path, target: Target, out: &mut Vec<Diagnostic>) {
    let lists = [
        ("allowOrigins", refusal::OF_CORS, Release::V1_4),
        ("allowMethods", refusal::OF_CORS, Release::V1_4),
        ("allowHeaders", refusal::OF_CORS_FROM_1_5, Release::V1_5),
    ];
    for (key, source, _) in lists.into_iter().filter(|(_, _, since)| *since <= target.release) {
        let texts: Vec<&str> =
            cors.get(key).into_iter().flat_map(Node::items).filter_map(|(_, item)| item.as_text()).collect();
        if texts.len() > 1 && texts.contains(&"*") {
            let message = "`*` beside others, which it includes";
            refuse(path.key(key), message, source, "remove it or the others", out);
        }
    }
    for (index, origin) in cors.get("allowOrigins").into_iter().flat_map(Node::items) {
        if let Some(text) = origin.as_text().filter(|text| !is_origin(text, target.release)) {
            let message = format!("{} is no origin", quoted(text));
            let source = match target.release {
                Release::V1_4 => refusal::OF_ORIGINS_IN_1_4,
                Release::V1_5 | Release::V1_6 | Release::V1_7 => refusal::OF_ORIGINS,
            };
            refuse(
                path.key("allowOrigins").index(index),
                message,
                source,
                "write `https://shop.example.com`, `https://*.example.com` or `*`",
                out,
            );
        }
    }
}

/// `*`, or scheme and host with or without a port. In 1.4 both may be anything; from 1.5 on the scheme is
/// http or https, and of the host the first label may be `*`.
pub(crate) fn is_origin(text: &str, release: Release) -> bool {
    if text == "*" {
        return true;
    }
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
    if !port
        .is_none_or(|port| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return false;
    }
    if release == Release::V1_4 {
        let of_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        return scheme.len() > 1
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(of_scheme)
            && !host.is_empty()
            && !host.contains(['/', '?', '#']);
    }
    let label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    ["http", "https"].contains(&scheme)
        && (host == "*" || host.strip_prefix("*.").unwrap_or(host).split('.').all(label))
}

/// Characters of a call of type Exact.
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
            refusal::OF_CALLS,
            "write `package.Service`, or set `type: RegularExpression`",
            out,
        );
    }
    if let Some(name) = text("method").filter(|name| !word(name)) {
        let message = format!("{} is no name of a method", quoted(name));
        refuse(
            path.key("method"),
            message,
            refusal::OF_CALLS,
            "write its name alone, or set `type: RegularExpression`",
            out,
        );
    }
}

/// Up to 1.6 all of a session is optional; 1.7 renamed its parts and wants the one that the type names.
fn check_session(session: &Node<'_>, path: &Path, target: Target, out: &mut Vec<Diagnostic>) {
    let word = session.get("type").and_then(Node::as_text).unwrap_or("Cookie");
    let (parts, source): (&[(&str, &str)], _) = match target.release {
        Release::V1_7 => (&[("Cookie", "cookie"), ("Header", "header")], refusal::OF_SESSIONS_IN_1_7),
        Release::V1_4 | Release::V1_5 | Release::V1_6 => {
            (&[("Cookie", "cookieConfig")], refusal::OF_SESSIONS_TO_1_6)
        }
    };
    for (kind, part) in parts {
        // 1.4 has no rule about the type.
        if word != *kind && session.get(part).is_some() && target.release > Release::V1_4 {
            let message = format!("type {word} with `{part}`");
            refuse(path.clone(), message, source, "give the part that `type` names", out);
        } else if word == *kind && target.release >= Release::V1_7 && session.get(part).is_none() {
            let message = format!("type {word} without `{part}`, which {target} wants");
            let hint = if *part == "cookie" { "add `cookie: {}`" } else { "add `header: {name: X-Session}`" };
            refuse(path.clone(), message, source, hint, out);
        }
        let permanent = session.get(part).and_then(|part| part.get("lifetimeType")).and_then(Node::as_text);
        if permanent == Some("Permanent") && session.get("absoluteTimeout").is_none() {
            let message = "a Permanent cookie without `absoluteTimeout`";
            refuse(path.clone(), message, refusal::OF_SESSIONS, "say how long it lasts", out);
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
                .source("Gateway API v1.4.1 to v1.7.0, Gateway spec.addresses")
                .hint(match (word, value) {
                    ("IPAddress", Some(_)) => "give one IPv4 or IPv6 address, once; for a name set `type: Hostname`",
                    ("Hostname", Some(_)) => "give one host name in lower case, once",
                    _ => "types are IPAddress (the default), Hostname, NamedAddress and the controller's own, `example.com/type`",
                }),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::json;

    #[test]
    fn knows_an_origin() {
        // What is an origin in 1.4, and from 1.5 on.
        for (text, old, new) in [
            ("*", true, true),
            ("https://example.com", true, true),
            ("http://*.example.com:8080", true, true),
            ("https://*", true, true),
            ("http://localhost:3000", true, true),
            ("ftp://example.com", true, false),
            ("app+x-1.y://a_b", true, false),
            ("https://a..b", true, false),
            ("HTTPS://example.com", true, false),
            ("example.com", false, false),
            ("https://", false, false),
            ("https://example.com/", false, false),
            ("https://example.com:", false, false),
            ("https://example.com:123456", false, false),
            ("1x://a", false, false),
            ("x://a", false, false),
        ] {
            assert_eq!(is_origin(text, Release::V1_4), old, "{text} in 1.4");
            for release in [Release::V1_5, Release::V1_6, Release::V1_7] {
                assert_eq!(is_origin(text, release), new, "{text} in {}", release.name());
            }
        }
    }

    /// Messages and sources for one rule of an HTTPRoute.
    fn refused(version: &str, rule: &str) -> Vec<(String, String)> {
        let text = format!(
            r#"{{"gatewayAPI": {{"version": "{version}", "channel": "experimental"}}, "gateway": {{"className": "eg"}},
            "routes": [{{"name": "r", "hostnames": ["a.example"], "rules": [{rule}]}}]}}"#
        );
        let values = json::read(&text).expect("the test's own JSON");
        let rendered = crate::render(values, &crate::Scope::default(), crate::Format::Yaml);
        let errors = rendered.diagnostics.into_iter().filter(|found| found.code.0 == "rule-refused");
        errors.map(|found| (found.message, found.source.into_owned())).collect()
    }

    #[test]
    fn names_the_releases_that_have_the_rule() {
        let backend = r#""backendRefs": [{"name": "b", "port": 80}]"#;
        let cors = format!(
            r#"{{"filters": [{{"type": "CORS", "cors": {{"allowOrigins": ["x.example"]}}}}, {{"type": "CORS", "cors": {{}}}}], {backend}}}"#
        );
        let session = format!(
            r#"{{"sessionPersistence": {{"type": "Header", "cookieConfig": {{"lifetimeType": "Permanent"}}}}, {backend}}}"#
        );
        let cookie = format!(
            r#"{{"sessionPersistence": {{"cookie": {{"lifetimeType": "Permanent"}}, "header": {{}}}}, {backend}}}"#
        );
        for (version, rule, expected) in [
            ("1.4", &cors, &[("`x.example` is no origin", refusal::OF_ORIGINS_IN_1_4)][..]),
            (
                "1.7",
                &cors,
                &[
                    ("two CORS filters, but there may be one", refusal::OF_CORS_FROM_1_5),
                    ("`x.example` is no origin", refusal::OF_ORIGINS),
                ],
            ),
            ("1.4", &session, &[("a Permanent cookie without `absoluteTimeout`", refusal::OF_SESSIONS)]),
            (
                "1.6",
                &session,
                &[
                    ("a Permanent cookie without `absoluteTimeout`", refusal::OF_SESSIONS),
                    ("type Header with `cookieConfig`", refusal::OF_SESSIONS_TO_1_6),
                ],
            ),
            (
                "1.7",
                &cookie,
                &[
                    ("a Permanent cookie without `absoluteTimeout`", refusal::OF_SESSIONS),
                    ("type Cookie with `header`", refusal::OF_SESSIONS_IN_1_7),
                ],
            ),
        ] {
            let found = refused(version, rule);
            let found: Vec<_> =
                found.iter().map(|(message, source)| (message.as_str(), source.as_str())).collect();
            assert_eq!(found, expected, "{version}: {rule}");
        }
    }
}
