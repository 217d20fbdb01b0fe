//! Reads a route.

use std::borrow::Cow;

use super::{NOTHING, integer, list, reference, text, texts, whole};
use crate::check::model::{BackendRef, Filter, FilterKind, Match, Meta, ParentRef, Route, Rule, TextMatch};
use crate::release::{GATEWAY_GROUP, ROUTE_KINDS};
use crate::tree::Node;

/// Reads a route; none where the kind is another.
pub(super) fn read<'a>(meta: Meta<'a>, kind: &str, node: &Node<'a>) -> Option<Route<'a>> {
    let kind = ROUTE_KINDS.into_iter().find(|known| *known == kind)?;
    let spec = node.get("spec").unwrap_or(&NOTHING);
    Some(Route {
        meta,
        kind,
        parents: list(spec, "parentRefs", |_, node| Some(parent(node))),
        default_gateways: text(spec, "useDefaultGateways").is_some_and(|scope| scope != "None"),
        hostnames: texts(spec, "hostnames"),
        rules: list(spec, "rules", |_, node| Some(rule(kind, node))),
        is_whole: whole::is(node, whole::ROUTE),
    })
}

pub(crate) fn parent<'a>(node: &Node<'a>) -> ParentRef<'a> {
    ParentRef {
        target: reference(node, GATEWAY_GROUP, "Gateway"),
        section: text(node, "sectionName").filter(|section| !section.is_empty()),
        port: integer(node, "port"),
    }
}

fn rule<'a>(kind: &str, node: &Node<'a>) -> Rule<'a> {
    let grpc = kind == "GRPCRoute";
    let timeouts = node.get("timeouts").unwrap_or(&NOTHING);
    Rule {
        name: text(node, "name"),
        matches: list(node, "matches", |_, node| {
            Some(if grpc { grpc_match(node) } else { http_match(node) })
        }),
        filters: filters(node),
        backends: list(node, "backendRefs", |index, node| Some(backend(index, node))),
        timeouts: [text(timeouts, "request"), text(timeouts, "backendRequest")],
        is_whole: whole::is(node, whole::RULE),
    }
}

fn http_match<'a>(node: &Node<'a>) -> Match<'a> {
    let path = node.get("path").map(|path| {
        let value = text(path, "value").unwrap_or(Cow::Borrowed("/"));
        match path.get("type").and_then(Node::as_text) {
            Some("Exact") => TextMatch::Exact(value),
            Some("RegularExpression") => TextMatch::Expression(value),
            _ => TextMatch::Prefix(value),
        }
    });
    Match {
        path,
        service: None,
        method: text(node, "method"),
        headers: named(node, "headers"),
        query_params: named(node, "queryParams"),
        is_whole: whole::is(node, whole::HTTP_MATCH),
    }
}

fn grpc_match<'a>(node: &Node<'a>) -> Match<'a> {
    let method = node.get("method").unwrap_or(&NOTHING);
    let part = |key| text(method, key).map(|value| equal_or_expression(method, value));
    Match {
        path: part("method"),
        service: part("service"),
        method: None,
        headers: named(node, "headers"),
        query_params: Box::default(),
        is_whole: whole::is(node, whole::GRPC_MATCH),
    }
}

fn named<'a>(node: &Node<'a>, key: &str) -> Box<[(Cow<'a, str>, TextMatch<'a>)]> {
    list(node, key, |_, node| Some((text(node, "name")?, equal_or_expression(node, text(node, "value")?))))
}

fn equal_or_expression<'a>(node: &Node<'a>, value: Cow<'a, str>) -> TextMatch<'a> {
    match node.get("type").and_then(Node::as_text) {
        Some("RegularExpression") => TextMatch::Expression(value),
        _ => TextMatch::Exact(value),
    }
}

fn filters<'a>(node: &Node<'a>) -> Box<[Filter<'a>]> {
    list(node, "filters", |index, node| Some(Filter { index, kind: filter(node) }))
}

fn filter<'a>(node: &Node<'a>) -> FilterKind<'a> {
    let kind = text(node, "type").unwrap_or_default();
    let below = |key: &str| node.get(key).unwrap_or(&NOTHING);
    match kind.as_ref() {
        "RequestRedirect" if !whole::is(below("requestRedirect"), whole::REDIRECT) => {
            FilterKind::UnreadRedirect
        }
        "RequestRedirect" => {
            let redirect = below("requestRedirect");
            FilterKind::Redirect {
                scheme: text(redirect, "scheme"),
                hostname: text(redirect, "hostname"),
                port: integer(redirect, "port"),
                path: new_path(redirect),
                status: integer(redirect, "statusCode").unwrap_or(302),
            }
        }
        "URLRewrite" => {
            let rewrite = below("urlRewrite");
            FilterKind::Rewrite { hostname: text(rewrite, "hostname"), path: new_path(rewrite) }
        }
        "RequestHeaderModifier" => headers(true, below("requestHeaderModifier")),
        "ResponseHeaderModifier" => headers(false, below("responseHeaderModifier")),
        "RequestMirror" => FilterKind::Mirror(Box::new(backend(
            0,
            below("requestMirror").get("backendRef").unwrap_or(&NOTHING),
        ))),
        "ExtensionRef" => {
            let reference = below("extensionRef");
            FilterKind::Extension(
                ["group", "kind", "name"].map(|key| text(reference, key).unwrap_or_default()),
            )
        }
        _ => FilterKind::Other(kind),
    }
}

fn new_path<'a>(node: &Node<'a>) -> Option<(bool, Cow<'a, str>)> {
    let path = node.get("path")?;
    match path.get("type").and_then(Node::as_text)? {
        "ReplaceFullPath" => Some((true, text(path, "replaceFullPath")?)),
        _ => Some((false, text(path, "replacePrefixMatch")?)),
    }
}

fn headers<'a>(request: bool, node: &Node<'a>) -> FilterKind<'a> {
    let pairs = |key| list(node, key, |_, node| Some((text(node, "name")?, text(node, "value")?)));
    FilterKind::Headers { request, set: pairs("set"), add: pairs("add"), remove: texts(node, "remove") }
}

fn backend<'a>(index: usize, node: &Node<'a>) -> BackendRef<'a> {
    BackendRef {
        index,
        target: reference(node, "", "Service"),
        port: integer(node, "port"),
        weight: integer(node, "weight").unwrap_or(1),
        filters: filters(node),
    }
}
