//! Whether a listener of its Gateway takes a route: by namespace, by kind and by host name.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::routes::Draft;
use super::{Gateway, Listener};
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::shorten::listed;
use crate::values::quoted;

/// No listener of the Gateway takes routes of the namespace, or of the kind.
const NOT_ALLOWED_BY_LISTENERS: Code = Code("not-allowed-by-listeners");
/// No listener of the Gateway has a host name that meets one of the route's.
pub(super) const NO_HOSTNAME_OVERLAP: Code = Code("no-hostname-overlap");
/// None meets this one, but there are others.
const UNSERVED_HOSTNAME: Code = Code("unserved-hostname");

/// Which host names a listener takes of a route's.
const HOSTNAME_SOURCE: &str = "Gateway API v1.6.1, httproute_types.go: hostname intersection";

/// Why a route attaches to nothing although its parent is there and takes its kind, if it does not; and the
/// host names that no listener answers for, where others are answered for.
pub(super) fn check(draft: &Draft<'_>, gateways: &[Gateway<'_>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    // Several parents may name one Gateway, each another listener: together they answer for the host names.
    let mut by_gateway: BTreeMap<usize, Vec<Vec<&Listener<'_>>>> = BTreeMap::new();
    for (position, index) in &draft.parents.own {
        let gateway = &gateways[*index];
        if !gateway.rendered || gateway.is_overfull() {
            continue;
        }
        match admitting(draft, *position, gateway) {
            Ok(listeners) if listeners.is_empty() => {}
            Ok(listeners) => by_gateway.entry(*index).or_default().push(listeners),
            Err(shut) => found.push(*shut),
        }
    }
    for (index, of_parents) in by_gateway {
        found.extend(unmet(draft, &gateways[index], &of_parents));
    }
    found
}

/// The listeners that a parent picks and that let the route in; none where it picks none, which is told elsewhere.
fn admitting<'g, 'v>(
    draft: &Draft<'_>,
    position: usize,
    gateway: &'g Gateway<'v>,
) -> Result<Vec<&'g Listener<'v>>, Box<Diagnostic>> {
    let Draft { parents, kind, namespace, path, .. } = draft;
    let name = &gateway.name;
    let picked = |listener: &&Listener<'_>| listener.is_picked(&parents.refs[position], *kind);
    let mut listeners: Vec<_> = gateway.listeners.iter().filter(picked).collect();
    if listeners.is_empty() {
        return Ok(listeners);
    }
    listeners.retain(|listener| listener.admits_from(namespace, gateway.namespace));
    if listeners.is_empty() {
        let message = format!("Gateway `{name}` takes no routes from namespace {}", quoted(namespace));
        let shut = Diagnostic::error(NOT_ALLOWED_BY_LISTENERS, path.clone(), message)
            .source("Gateway API v1.6.1, gateway_types.go type AllowedRoutes")
            .hint("set `allowedRoutes.namespaces.from` of a listener to All or Selector");
        return Err(Box::new(shut));
    }
    listeners.retain(|listener| listener.allows(*kind));
    if listeners.is_empty() {
        let word = kind.newest().kind;
        let message = format!("no listener of Gateway `{name}` takes routes of kind {word}");
        let shut = Diagnostic::error(NOT_ALLOWED_BY_LISTENERS, path.clone(), message)
            .source("Gateway API v1.6.1, gateway_types.go type AllowedRoutes")
            .hint("add the kind to `allowedRoutes.kinds` of a listener");
        return Err(Box::new(shut));
    }
    Ok(listeners)
}

/// Host names of the route that no parent at a Gateway serves, and parents there that serve none of them.
fn unmet(draft: &Draft<'_>, gateway: &Gateway<'_>, of_parents: &[Vec<&Listener<'_>>]) -> Vec<Diagnostic> {
    let path = draft.path.key("hostnames");
    let is_other = |other: &&Listener<'_>| {
        let is_named = of_parents.iter().flatten().any(|listener| listener.name == other.name);
        !is_named && draft.hostnames.iter().any(|hostname| other.meets(hostname))
    };
    let others: Vec<&Listener<'_>> = gateway.listeners.iter().filter(is_other).collect();
    let (name, which) = (&gateway.name, if others.is_empty() { "" } else { " that the route attaches to" });
    let meets = |listeners: &[&Listener<'_>], hostname: &Hostname<'_>| {
        listeners.iter().any(|listener| listener.meets(hostname))
    };
    let unserved = |hostname: &&Hostname<'_>| !of_parents.iter().any(|listeners| meets(listeners, hostname));
    let unserved: Vec<_> = draft.hostnames.iter().filter(unserved).collect();
    let none = unserved.len() == draft.hostnames.len();
    let of_hostname = |hostname: &Hostname<'_>| {
        let message = format!("no listener of Gateway `{name}`{which} answers for `{hostname}`");
        let found = if none {
            Diagnostic::error(NO_HOSTNAME_OVERLAP, path.clone(), message)
        } else {
            Diagnostic::warning(UNSERVED_HOSTNAME, path.clone(), message)
        };
        let takes = |other: &&&Listener<'_>| {
            other.takes(draft.kind) && other.allows(draft.kind) && other.meets(hostname)
        };
        let admits = |other: &&Listener<'_>| other.admits_from(draft.namespace, gateway.namespace);
        let fitting: Vec<_> = others.iter().copied().filter(|other| takes(&other)).collect();
        let hint = match fitting.iter().copied().find(|other| admits(other)).or(fitting.first().copied()) {
            Some(other) if admits(&other) => {
                Cow::Owned(format!("name listener `{}` with `sectionName`", other.name))
            }
            Some(other) => Cow::Owned(format!(
                "let `allowedRoutes.namespaces.from` of listener `{}` be All or Selector, for the route is in another namespace",
                other.name
            )),
            None => Cow::Borrowed("add a listener with that host name, or a wildcard above it"),
        };
        found.source(HOSTNAME_SOURCE).hint(hint)
    };
    let mut found: Vec<Diagnostic> = unserved.into_iter().map(of_hostname).collect();
    let is_idle =
        |listeners: &&Vec<&Listener<'_>>| !draft.hostnames.iter().any(|hostname| meets(listeners, hostname));
    for listeners in of_parents.iter().filter(is_idle).filter(|_| !none) {
        let named = listed(listeners.iter().map(|listener| format!("`{}`", listener.name)));
        let message = format!(
            "a parent names Gateway `{name}` by its listeners {named} only, and they answer for no host name of the route"
        );
        found.push(
            Diagnostic::error(NO_HOSTNAME_OVERLAP, path.clone(), message)
                .source(HOSTNAME_SOURCE)
                .hint("take that parent out, or give one of the listeners a host name of the route"),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::Scope;
    use crate::diagnostic::Severity;
    use crate::tree::yaml::{self, Limits};

    /// What is said of a route with these host names and parents at listeners of a Gateway, one for `a.com`, one for `b.com`.
    fn said(hostnames: &str, sections: &[&str]) -> Vec<String> {
        let https = |host: &str| {
            format!(
                "{{name: https-{host}, port: 443, protocol: HTTPS, hostname: {host}.com, tls: {{certificateRefs: [{{name: c}}]}}}}"
            )
        };
        let parents: Vec<String> =
            sections.iter().map(|section| format!("{{name: eg, sectionName: https-{section}}}")).collect();
        let text = format!(
            "profile: envoy-gateway\ngateway: {{name: eg, listeners: [{}, {}]}}\n\
             routes: [{{name: r, hostnames: [{hostnames}], parentRefs: [{}], rules: [{{backendRefs: [{{name: s, port: 80}}]}}]}}]\n",
            https("a"),
            https("b"),
            parents.join(", ")
        );
        let root = yaml::read(&text, 0, &Limits::DEFAULT, &mut Vec::new()).pop().expect("a document");
        let (_, found) = crate::plan(root, &Scope { namespace: "edge".into(), ..Scope::default() });
        let found = found.iter().filter(|found| found.severity > Severity::Info);
        found.map(|found| format!("{}: {}", found.code, found.message)).collect()
    }

    #[test]
    fn parents_at_one_gateway_serve_host_names_together() {
        assert_eq!(said("a.com, b.com", &["a", "b"]), [""; 0]);
        assert_eq!(
            said("a.com, b.com, c.com", &["a", "b"]),
            ["unserved-hostname: no listener of Gateway `eg` answers for `c.com`"]
        );
        assert_eq!(
            said("a.com, b.com", &["a"]),
            ["unserved-hostname: no listener of Gateway `eg` that the route attaches to answers for `b.com`"]
        );
        assert_eq!(
            said("c.com", &["a", "b"]),
            ["no-hostname-overlap: no listener of Gateway `eg` answers for `c.com`"]
        );
    }

    #[test]
    fn a_parent_that_serves_nothing_is_told() {
        let idle = "no-hostname-overlap: a parent names Gateway `eg` by its listeners `https-b` only, and they answer for no \
                    host name of the route";
        assert_eq!(said("a.com", &["a", "b"]), [idle]);
    }
}
