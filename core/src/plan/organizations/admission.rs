//! The routes by which an issuer proves host names of organizations: whether Gateways let them in.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::joining::{Joining, NAMESPACES_MAX};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::plan::{Gateway, Listener, listeners};
use crate::release::Kind;
use crate::tree::Node;
use crate::values::{Solver, Values};

/// HTTP-01 challenges that find no listener, or no route on it.
const CHALLENGE_UNREACHABLE: Code = Code("challenge-unreachable");

/// The port on which HTTP-01 challenges are asked for.
///
/// Source: RFC 8555 8.3.
const CHALLENGE_PORT: u16 = 80;

/// Lets the routes by which cert-manager answers HTTP-01 challenges attach to derived listeners. They are in the
/// namespaces of the certificates. Written listeners that let none of them in are told.
pub(super) fn allow_challenges(
    values: &Values<'_>,
    gateways: &mut [Gateway<'_>],
    joining: &Joining,
    out: &mut Vec<Diagnostic>,
) {
    let solver = values.certificates.as_ref().and_then(|certificates| certificates.solver);
    if solver != Some(Solver::Http01) {
        return;
    }
    let written = values.gateways.len().max(1);
    let Some((pattern, path)) = gateways.first().map(|first| (first.name.to_string(), first.path.clone()))
    else {
        return;
    };
    for (at, gateway) in gateways.iter_mut().enumerate().filter(|(_, gateway)| gateway.rendered) {
        let mut namespaces = certified_in(gateway);
        namespaces.extend(joining.of(&gateway.name).map(str::to_owned));
        if namespaces.is_empty() {
            continue;
        }
        // Those that are made are told once, by the one that they are made like.
        let (who, path) = if at < written {
            (format!("Gateway `{}`", gateway.name), &gateway.path)
        } else {
            (format!("a Gateway that is made like `{pattern}`"), &path)
        };
        out.extend(unreachable(gateway, (&who, path), &namespaces));
        namespaces.insert(gateway.namespace.to_owned());
        for listener in gateway.listeners.iter_mut().filter(|listener| listener.derived && is_plain(listener))
        {
            let mut all: BTreeSet<&str> = namespaces.iter().map(String::as_str).collect();
            let before = listener.allowed_routes.take();
            let selector = before.as_deref().and_then(|allowed| allowed.get("namespaces")?.get("selector"));
            all.extend(selector.and_then(listeners::namespaces_named).into_iter().flatten());
            all.remove("");
            // A single one is that of the Gateway, which is let in anyway.
            let allowed = (all.len() > 1).then(|| from_namespaces(all));
            listener.allowed_routes = allowed.map(Cow::Owned);
        }
    }
}

fn is_plain(listener: &Listener<'_>) -> bool {
    listener.protocol == "HTTP" && listener.port == CHALLENGE_PORT
}

/// Namespaces of the certificates of organizations' listeners.
fn certified_in(gateway: &Gateway<'_>) -> BTreeSet<String> {
    let listeners = gateway.listeners.iter().filter(|listener| listener.organization.is_some());
    let secrets = listeners.flat_map(listeners::certificate_refs);
    let namespace = |secret: &Node<'_>| secret.get("namespace").and_then(Node::as_text).map(str::to_owned);
    secrets.map(|secret| namespace(secret).unwrap_or_else(|| gateway.namespace.to_owned())).collect()
}

/// Says why challenges do not reach the routes that answer them, as far as values tell.
fn unreachable(
    gateway: &Gateway<'_>,
    (who, path): (&str, &Path),
    namespaces: &BTreeSet<String>,
) -> Option<Diagnostic> {
    let plain = || gateway.listeners.iter().filter(|listener| is_plain(listener));
    let lets_in = |listener: &Listener<'_>, namespace: &str| {
        listener.admits_from(namespace, gateway.namespace) && listener.allows(Kind::HttpRoute)
    };
    let found = match plain().next() {
        None => Diagnostic::warning(
            CHALLENGE_UNREACHABLE,
            path.key("listeners"),
            format!("`certificates.solver` is http01, but {who} has no plain HTTP listener on port {CHALLENGE_PORT}, where challenges are asked for"),
        )
        .hint("write into its `listeners` `{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}`"),
        Some(first) => {
            if namespaces.iter().all(|namespace| plain().any(|listener| lets_in(listener, namespace))) {
                return None;
            }
            let message = format!(
                "`certificates.solver` is http01, and cert-manager answers a challenge by a route in its certificate's \
                 namespace, but listener `{}` lets none from an organization's attach",
                first.name
            );
            Diagnostic::warning(CHALLENGE_UNREACHABLE, first.path.key("allowedRoutes"), message).hint(
                "set `allowedRoutes: {namespaces: {from: All}}` on it, or a selector that picks the organizations' namespaces",
            )
        }
    };
    Some(found.source("RFC 8555 8.3; cert-manager v1.21.2, pkg/issuer/acme/http/httproute.go"))
}

/// These namespaces, or all of them where there are too many to name.
fn from_namespaces(namespaces: BTreeSet<&str>) -> Node<'static> {
    if namespaces.len() > NAMESPACES_MAX {
        return Node::map([("namespaces", Node::map([("from", Node::text("All"))]))]);
    }
    listeners::from_namespaces(namespaces.into_iter())
}

#[cfg(test)]
mod tests;
