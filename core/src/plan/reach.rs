//! Whether a listener of its Gateway takes a route: by namespace, by kind and by host name.

use super::routes::Draft;
use super::{Gateway, Listener};
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::values::quoted;

/// No listener of the Gateway takes routes of the namespace, or of the kind.
const NOT_ALLOWED_BY_LISTENERS: Code = Code("not-allowed-by-listeners");
/// No listener of the Gateway has a host name that meets one of the route's.
pub(super) const NO_HOSTNAME_OVERLAP: Code = Code("no-hostname-overlap");
/// None meets this one, but there are others.
const UNSERVED_HOSTNAME: Code = Code("unserved-hostname");

/// Why a route attaches to nothing although its parent is there and takes its kind, if it does not; and the
/// host names that no listener answers for, where others are answered for.
pub(super) fn check(draft: &Draft<'_>, gateways: &[Gateway<'_>]) -> Vec<Diagnostic> {
    let Draft { parents, kind, hostnames, namespace, path, .. } = draft;
    let mut found = Vec::new();
    for (position, index) in &parents.own {
        let gateway = &gateways[*index];
        if !gateway.rendered || gateway.is_overfull() {
            continue;
        }
        let name = &gateway.name;
        let picked = |listener: &&Listener<'_>| listener.is_picked(&parents.refs[*position], *kind);
        let mut listeners: Vec<_> = gateway.listeners.iter().filter(picked).collect();
        if listeners.is_empty() {
            continue;
        }
        listeners.retain(|listener| listener.admits_from(namespace, gateway.namespace));
        if listeners.is_empty() {
            let message = format!("Gateway `{name}` takes no routes from namespace {}", quoted(namespace));
            found.push(
                Diagnostic::error(NOT_ALLOWED_BY_LISTENERS, path.clone(), message)
                    .source("Gateway API v1.6.1, gateway_types.go type AllowedRoutes")
                    .hint("set `allowedRoutes.namespaces.from` of a listener to All or Selector"),
            );
            continue;
        }
        listeners.retain(|listener| listener.allows(*kind));
        if listeners.is_empty() {
            let word = kind.newest().kind;
            let message = format!("no listener of Gateway `{name}` takes routes of kind {word}");
            found.push(
                Diagnostic::error(NOT_ALLOWED_BY_LISTENERS, path.clone(), message)
                    .source("Gateway API v1.6.1, gateway_types.go type AllowedRoutes")
                    .hint("add the kind to `allowedRoutes.kinds` of a listener"),
            );
            continue;
        }
        let unmet = |hostname: &&Hostname<'_>| !listeners.iter().any(|listener| listener.meets(hostname));
        let unserved: Vec<_> = hostnames.iter().filter(unmet).collect();
        let none = unserved.len() == hostnames.len();
        for hostname in unserved {
            let message = format!("no listener of Gateway `{name}` answers for `{hostname}`");
            let path = path.key("hostnames");
            found.push(
                if none {
                    Diagnostic::error(NO_HOSTNAME_OVERLAP, path, message)
                } else {
                    Diagnostic::warning(UNSERVED_HOSTNAME, path, message)
                }
                .source("Gateway API v1.6.1, httproute_types.go: hostname intersection")
                .hint("add a listener with that host name, or a wildcard above it"),
            );
        }
    }
    found
}
