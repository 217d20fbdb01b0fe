//! Rules of a route: one a path, more where a canary looks at headers.

use super::annotations::Asked;
use super::canary::Canary;
use super::read::{Backend, Location};
use super::targets::{Redirect, path_replaced};
use crate::tree::Node;

/// The status of a redirect where nobody gives another one.
const FOUND: i64 = 302;

/// A canary of a path: what it asks for, and its backend.
pub(super) type CanaryOf<'c> = (&'c Canary, &'c Location);

/// The rules of a path.
pub(super) fn of_location<'a>(
    asked: &Asked,
    location: &Location,
    canary: Option<CanaryOf<'_>>,
    is_grpc: bool,
) -> Vec<Node<'a>> {
    if let Some((rewrite, origin)) =
        location.rewrite.as_ref().and_then(|rewrite| Some((rewrite, rewrite.origin.as_ref()?)))
    {
        let to = origin.settings(FOUND).with("path", rewrite.path());
        return vec![redirecting(location.kind, &location.path, to)];
    }
    let backend = |location: &Location| {
        let Backend { service, port, .. } = &location.backend;
        Node::map([("name", Node::text(service.clone())), ("port", Node::integer(*port))])
    };
    let rule = |header: Option<Node<'a>>, backends: Vec<Node<'a>>| {
        let mut rule = Node::map([("backendRefs", Node::list(backends))]);
        if let Some(condition) = condition(location, header, is_grpc) {
            rule = rule.with("matches", Node::list([condition]));
        }
        let cors = asked.cors.as_ref().map(|cors| filter("CORS", "cors", cors.settings()));
        let rewrite = rewrite(asked, location).map(|rewrite| filter("URLRewrite", "urlRewrite", rewrite));
        let filters: Vec<Node<'a>> = cors.into_iter().chain(rewrite).collect();
        if !filters.is_empty() {
            rule = rule.with("filters", Node::list(filters));
        }
        if let Some(seconds) = asked.timeout.filter(|_| !is_grpc) {
            rule = rule.with("timeouts", Node::map([("request", Node::text(format!("{seconds}s")))]));
        }
        rule
    };
    let Some((canary, other)) = canary else { return vec![rule(None, vec![backend(location)])] };
    let conditions = canary.conditions().into_iter();
    let mut rules: Vec<Node<'a>> = conditions
        .map(|(header, is_canary)| {
            rule(Some(header), vec![backend(if is_canary { other } else { location })])
        })
        .collect();
    let weighted = |location: &Location, weight| backend(location).with("weight", Node::integer(weight));
    rules.push(match canary.weight {
        0 => rule(None, vec![backend(location)]),
        weight if weight == canary.whole => rule(None, vec![backend(other)]),
        weight => rule(None, vec![weighted(location, canary.whole - weight), weighted(other, weight)]),
    });
    rules
}

/// A rule that sends the root elsewhere.
pub(super) fn of_app_root<'a>(path: &str) -> Node<'a> {
    let to = Node::map([("path", path_replaced(path.to_owned())), ("statusCode", Node::integer(FOUND))]);
    redirecting("Exact", "/", to)
}

/// A rule that sends a path to a URL.
pub(super) fn of_redirect<'a>(kind: &'static str, path: &str, redirect: &Redirect) -> Node<'a> {
    redirecting(kind, path, redirect.settings(kind, path))
}

/// A rule that sends plain requests for these paths to the same place with TLS, as ingress-nginx does (308).
pub(super) fn of_tls<'a, 'p>(paths: impl Iterator<Item = (&'static str, &'p str)>) -> Node<'a> {
    let to = Node::map([("scheme", Node::text("https")), ("statusCode", Node::integer(308))]);
    let paths = paths.map(|(kind, path)| Node::map([("path", matched(kind, path))]));
    Node::map([
        ("matches", Node::list(paths)),
        ("filters", Node::list([filter("RequestRedirect", "requestRedirect", to)])),
    ])
}

fn redirecting<'a>(kind: &'static str, path: &str, to: Node<'a>) -> Node<'a> {
    let condition = Node::map([("path", matched(kind, path))]);
    Node::map([
        ("matches", Node::list([condition])),
        ("filters", Node::list([filter("RequestRedirect", "requestRedirect", to)])),
    ])
}

fn matched<'a>(kind: &'static str, path: &str) -> Node<'a> {
    Node::map([("type", Node::text(kind)), ("value", Node::text(path.to_owned()))])
}

fn condition<'a>(location: &Location, header: Option<Node<'a>>, is_grpc: bool) -> Option<Node<'a>> {
    let mut condition = Node::map([]);
    if !is_grpc {
        condition = condition.with("path", matched(location.kind, &location.path));
    }
    if let Some(header) = header {
        condition = condition.with("headers", Node::list([header]));
    }
    (!condition.is_empty()).then_some(condition)
}

fn rewrite<'a>(asked: &Asked, location: &Location) -> Option<Node<'a>> {
    let mut rewrite = Node::map([]);
    if let Some(host) = &asked.backend_host {
        rewrite = rewrite.with("hostname", Node::text(host.clone()));
    }
    if let Some(path) = &location.rewrite {
        rewrite = rewrite.with("path", path.path());
    }
    (!rewrite.is_empty()).then_some(rewrite)
}

fn filter<'a>(kind: &'static str, key: &'static str, settings: Node<'a>) -> Node<'a> {
    Node::map([("type", Node::text(kind)), (key, settings)])
}
