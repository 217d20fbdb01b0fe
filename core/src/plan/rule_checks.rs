//! Combinations within rules that the API server refuses, and rules that answer nothing.
//!
//! Each is one of Gateway API's CEL rules (HTTPRoute and GRPCRoute `spec.rules`), said in terms of the
//! values before anything is emitted.

use std::borrow::Cow;

use super::Rule;
use super::refusal::{self, refuse};
use super::routes::Draft;
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::limits::L4_RULES_MAX;
use crate::path::Path;
use crate::release::{Kind, Release, Target};
use crate::tree::Node;
use crate::values::{self, quoted};

/// More rules than a TLSRoute, TCPRoute or UDPRoute may have.
const TOO_MANY_RULES: Code = Code("too-many-rules");
/// A route or rule that sends nothing anywhere.
const NO_BACKENDS: Code = Code("no-backends");

/// What only the whole route shows.
pub(super) fn check_rules(draft: &Draft<'_>, rules: &[values::Rule<'_>], out: &mut Vec<Diagnostic>) {
    let kind = draft.kind.newest().kind;
    let l4 = matches!(draft.kind, Kind::TlsRoute | Kind::TcpRoute | Kind::UdpRoute);
    if rules.is_empty() {
        let message = format!("`rules` is empty: this {kind} sends nothing anywhere");
        out.push(
            Diagnostic::error(NO_BACKENDS, draft.path.clone(), message)
                .hint("give at least one rule with a backend"),
        );
    }
    if l4 && rules.len() > L4_RULES_MAX {
        let message = format!("{} rules, but a {kind} has {L4_RULES_MAX}", rules.len());
        out.push(
            Diagnostic::error(TOO_MANY_RULES, draft.path.key("rules"), message)
                .level(Level::Api)
                .source("Gateway API v1.6.1, TLSRoute, TCPRoute and UDPRoute spec.rules maxItems")
                .hint("write one route a rule, on a listener each"),
        );
    }
    for rule in rules.iter().filter(|rule| l4 && rule.backend_refs.is_empty()) {
        let message = format!("no `backendRefs`, but the rule of a {kind} has at least one");
        out.push(
            Diagnostic::error(NO_BACKENDS, rule.path.clone(), message).level(Level::Api).source(
                "Gateway API v1.6.1, TLSRoute, TCPRoute and UDPRoute spec.rules[].backendRefs minItems",
            ),
        );
    }
}

/// Checks one rule, with the filters of its backends.
pub(super) fn check_rule(rule: &Rule<'_>, kind: Kind, target: Target, out: &mut Vec<Diagnostic>) {
    let types: Vec<&str> = types(&rule.filters).collect();
    if types.contains(&"RequestRedirect") {
        if !rule.backends.is_empty() {
            let message = "a RequestRedirect filter and backends, but a redirect is answered by the gateway";
            refuse(rule.path.key("backendRefs"), message, refusal::OF_RULES, "remove one of them", out);
        }
        if types.contains(&"URLRewrite") {
            let message = "RequestRedirect and URLRewrite in one rule";
            refuse(rule.path.key("filters"), message, refusal::OF_RULES, "remove one of them", out);
        }
    } else if rule.backends.is_empty()
        // Backends that are written down and gone have an error of their own.
        && rule.given.and_then(|given| given.get("backendRefs")).is_none_or(Node::is_empty)
        && !types.contains(&"ExtensionRef")
        && matches!(kind, Kind::HttpRoute | Kind::GrpcRoute)
    {
        out.push(
            Diagnostic::warning(
                NO_BACKENDS,
                rule.path.clone(),
                "neither backends nor a redirect: requests get 500",
            )
            .source("Gateway API v1.6.1, httproute_types.go:267-288"),
        );
    }
    check_filters(&rule.filters, &rule.matches, &rule.path.key("filters"), target, out);
    for (index, backend) in rule.backends.iter().enumerate() {
        check_filters(
            &backend.filters,
            &rule.matches,
            &rule.path.key("backendRefs").index(index).key("filters"),
            target,
            out,
        );
    }
    for (index, found) in rule.matches.iter().enumerate() {
        let path = rule.path.key("matches").index(index);
        if let Some(fault) = path_fault(found).filter(|_| kind == Kind::HttpRoute) {
            refuse(
                path.key("path"),
                fault,
                refusal::OF_PATHS,
                "start it with `/`, and leave out empty, `.` and `..` parts, `%2f` and `#`",
                out,
            );
        }
        let method = found.get("method").filter(|_| kind == Kind::GrpcRoute);
        if method.is_some_and(|method| method.get("service").is_none() && method.get("method").is_none()) {
            let message = "`method` with neither `service` nor `method`";
            refuse(
                path.key("method"),
                message,
                refusal::OF_CALLS,
                "give one of them, or leave `method` out",
                out,
            );
        }
    }
    check_timeouts(rule, out);
}

fn types<'f>(filters: &'f [Cow<'_, Node<'_>>]) -> impl Iterator<Item = &'f str> {
    filters.iter().filter_map(|filter| filter.get("type").and_then(Node::as_text))
}

/// Filters of a rule or of one backend.
fn check_filters(
    filters: &[Cow<'_, Node<'_>>],
    matches: &[Cow<'_, Node<'_>>],
    path: &Path,
    target: Target,
    out: &mut Vec<Diagnostic>,
) {
    let cors = (target.release >= Release::V1_5).then_some(("CORS", refusal::OF_CORS_FROM_1_5));
    let others = ["RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite"];
    for (once, source) in others.map(|once| (once, refusal::OF_RULES)).into_iter().chain(cors) {
        if types(filters).filter(|found| *found == once).count() > 1 {
            refuse(
                path.clone(),
                format!("two {once} filters, but there may be one"),
                source,
                "put them into one",
                out,
            );
        }
    }
    for (index, filter) in filters.iter().enumerate() {
        if let Some(fault) = filter_fault(filter) {
            refuse(
                path.index(index),
                fault,
                refusal::OF_RULES,
                "give exactly the part that `type` names",
                out,
            );
        }
        if replaces_prefix(filter) && !matches_one_prefix(matches) {
            let message = "replacePrefixMatch needs exactly one match, of type PathPrefix";
            refuse(path.index(index), message, refusal::OF_RULES, "write one rule a prefix", out);
        }
    }
}

fn check_timeouts(rule: &Rule<'_>, out: &mut Vec<Diagnostic>) {
    let Some(timeouts) = rule.given.and_then(|given| given.get("timeouts")) else { return };
    let milliseconds = |key: &str| timeouts.get(key).and_then(Node::as_text).and_then(values::milliseconds);
    let (Some(request), Some(backend)) = (milliseconds("request"), milliseconds("backendRequest")) else {
        return;
    };
    // 0s means no limit for the whole request.
    if request != 0 && backend > request {
        let message = "`backendRequest` is longer than `request`, of which it is a part";
        refuse(
            rule.path.key("timeouts"),
            message,
            refusal::OF_TIMEOUTS,
            "shorten one or lengthen the other",
            out,
        );
    }
}

/// A filter has the part its type names, and no other.
fn filter_fault(filter: &Node<'_>) -> Option<String> {
    const PARTS: [(&str, &str); 8] = [
        ("RequestHeaderModifier", "requestHeaderModifier"),
        ("ResponseHeaderModifier", "responseHeaderModifier"),
        ("RequestMirror", "requestMirror"),
        ("RequestRedirect", "requestRedirect"),
        ("URLRewrite", "urlRewrite"),
        ("CORS", "cors"),
        ("ExternalAuth", "externalAuth"),
        ("ExtensionRef", "extensionRef"),
    ];
    let found = filter.get("type").and_then(Node::as_text)?;
    PARTS.iter().find_map(|(word, part)| match (found == *word, filter.get(part)) {
        (true, None) => Some(format!("type {word} without `{part}`")),
        (false, Some(_)) => Some(format!("type {found} with `{part}`")),
        _ => None,
    })
}

fn replaces_prefix(filter: &Node<'_>) -> bool {
    ["urlRewrite", "requestRedirect"]
        .into_iter()
        .filter_map(|part| filter.get(part)?.get("path")?.get("type")?.as_text())
        .any(|word| word == "ReplacePrefixMatch")
}

fn matches_one_prefix(matches: &[Cow<'_, Node<'_>>]) -> bool {
    match matches {
        // No match at all is one match of the prefix `/`.
        [] => true,
        [only] => {
            only.get("path").and_then(|path| path.get("type")).and_then(Node::as_text).unwrap_or("PathPrefix")
                == "PathPrefix"
        }
        _ => false,
    }
}

fn path_fault(found: &Node<'_>) -> Option<String> {
    let path = found.get("path")?;
    let value = path.get("value").and_then(Node::as_text)?;
    let word = path.get("type").and_then(Node::as_text).unwrap_or("PathPrefix");
    if word == "RegularExpression" {
        return None;
    }
    if !value.starts_with('/') {
        return Some(format!("path {} does not start with `/`", quoted(value)));
    }
    let forbidden = ["//", "/./", "/../", "%2f", "%2F", "#"].into_iter().find(|part| value.contains(part));
    let forbidden = forbidden.or_else(|| ["/..", "/."].into_iter().find(|part| value.ends_with(part)));
    if let Some(part) = forbidden {
        return Some(format!("path {} has `{part}`, which a {word} may not", quoted(value)));
    }
    let mut percents = value.match_indices('%').map(|(at, _)| value.as_bytes().get(at + 1..at + 3));
    if percents.any(|digits| digits.is_none_or(|digits| !digits.iter().all(u8::is_ascii_hexdigit))) {
        return Some(format!("path {} has a `%` without two hexadecimal digits", quoted(value)));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-/._~!$&'()*+,;=:@%".contains(c);
    let odd = value.chars().find(|c| !allowed(*c))?;
    Some(format!("path {} has {odd:?}, which a {word} may not: percent-encode it", quoted(value)))
}
