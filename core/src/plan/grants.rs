//! ReferenceGrants: references across namespaces that this release can allow, and those it cannot.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::backends::filter_backends;
use super::{
    Away, Backend, Certificate, Gateway, Grant, NAMESPACE_UNKNOWN, ObjectRef, Route, check_comparable,
    listeners, rules,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::fnv1a;
use crate::limits::OBJECT_NAME_MAX;
use crate::path::Path;
use crate::release::Kind;
use crate::tree::Node;
use crate::values::{ReferenceGrants, Values};

/// A reference across namespaces that somebody else has to allow.
const GRANT_NEEDED: Code = Code("grant-needed");

/// A reference from one namespace to an object of another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reference<'v> {
    to_namespace: Cow<'v, str>,
    to: ObjectRef<'v>,
    from_namespace: &'v str,
}

/// Plans grants for the references that `referenceGrants` asks for; the rest is said.
pub(super) fn build<'v>(
    values: &'v Values<'v>,
    gateways: &[Gateway<'v>],
    routes: &[Route<'v>],
    backends: &[Backend<'v>],
    certificates: &[Certificate<'v>],
    away: &[Away<'v>],
    out: &mut Vec<Diagnostic>,
) -> Vec<Grant<'v>> {
    let mut references: BTreeMap<Reference<'v>, (BTreeSet<Kind>, Path)> = BTreeMap::new();
    let mut add = |reference: Reference<'v>, kind: Kind, path: &Path| {
        references.entry(reference).or_insert_with(|| (BTreeSet::new(), path.clone())).0.insert(kind);
    };
    for route in routes {
        for (namespace, to) in route_references(route) {
            add(
                Reference { to_namespace: namespace, to, from_namespace: route.namespace },
                route.kind,
                &route.path,
            );
        }
    }
    let rendered = gateways.iter().filter(|gateway| gateway.rendered);
    let standing = rendered.flat_map(|gateway| gateway.listeners.iter().map(|one| (gateway.namespace, one)));
    for (from_namespace, listener) in standing.chain(away.iter().map(|away| (away.namespace, &away.listener)))
    {
        for node in listeners::certificate_refs(listener) {
            let Some((to_namespace, to)) = node_reference(node, "Secret", from_namespace) else { continue };
            add(Reference { to_namespace, to, from_namespace }, Kind::Gateway, &listener.path);
        }
    }
    if references.is_empty() {
        return Vec::new();
    }
    let own: BTreeSet<(&str, ObjectRef<'_>)> = backends
        .iter()
        .map(|backend| (backend.namespace, rules::object_ref(backend, values.target)))
        .chain(certificates.iter().map(|certificate| (certificate.namespace, secret(certificate))))
        .collect();
    let mut said: BTreeSet<Path> =
        out.iter().filter(|found| found.code == NAMESPACE_UNKNOWN).map(|found| found.path.clone()).collect();
    let mut grants = Vec::new();
    for (reference, (kinds, path)) in references {
        let created_here = own.contains(&(reference.to_namespace.as_ref(), reference.to.clone()));
        match values.reference_grants {
            ReferenceGrants::All => {}
            ReferenceGrants::Auto if created_here => {}
            _ => {
                out.push(grant_needed(&reference, &kinds, path));
                continue;
            }
        }
        if reference.from_namespace.is_empty() {
            // A grant names the namespace it is for. Where a rule said so already, once is enough.
            if !said.contains(&path) {
                check_comparable("", &reference.to_namespace, &path, out);
                said.insert(path);
            }
            continue;
        }
        grants.push(Grant {
            name: Cow::Owned(grant_name(&reference)),
            namespace: reference.to_namespace,
            from_namespace: reference.from_namespace,
            from_kinds: kinds.into_iter().collect(),
            to: reference.to,
            path,
        });
    }
    grants
}

fn secret<'v>(certificate: &Certificate<'v>) -> ObjectRef<'v> {
    ObjectRef { group: "", kind: "Secret", name: certificate.name.clone() }
}

/// Backends of a route's rules, and of filters that send copies or questions elsewhere.
fn route_references<'v>(route: &Route<'v>) -> Vec<(Cow<'v, str>, ObjectRef<'v>)> {
    let mut found = Vec::new();
    for rule in &route.rules {
        for backend in &rule.backends {
            if let Some(namespace) = backend.namespace {
                found.push((Cow::Borrowed(namespace), backend.target.clone()));
            }
            found.extend(backend.filters.iter().flat_map(|filter| in_filter(filter, route.namespace)));
        }
        found.extend(rule.filters.iter().flat_map(|filter| in_filter(filter, route.namespace)));
    }
    found
}

fn in_filter<'v>(filter: &Node<'_>, namespace: &str) -> Vec<(Cow<'v, str>, ObjectRef<'v>)> {
    let mut found = Vec::new();
    for node in filter_backends(filter) {
        found.extend(node_reference(node, "Service", namespace));
    }
    found
}

/// What a reference in Gateway API's form names, if that is in another namespace.
fn node_reference<'v>(
    node: &Node<'_>,
    kind: &'static str,
    own: &str,
) -> Option<(Cow<'v, str>, ObjectRef<'v>)> {
    let owned = |key: &str| node.get(key).and_then(Node::as_text).map(str::to_owned);
    let namespace = owned("namespace").filter(|namespace| namespace != own)?;
    // Kinds other than the default come from the user; a grant says the same words.
    let (group, kind) = match (owned("group"), owned("kind")) {
        (None, None) => ("", kind),
        (group, found) => {
            let group = group.unwrap_or_default();
            let known = [Kind::EnvoyGatewayBackend, Kind::KgatewayBackend, Kind::XBackend, Kind::Service];
            let served = known.into_iter().map(Kind::newest).find(|served| served.group() == group);
            let wanted = found.as_deref().unwrap_or(kind);
            match served {
                Some(served) if served.kind == wanted => (served.group(), served.kind),
                _ if group.is_empty() && wanted == kind => ("", kind),
                // A kind that no rule of ours creates: no grant of ours can be needed for it.
                _ => return None,
            }
        }
    };
    let name = Cow::Owned(owned("name")?);
    Some((Cow::Owned(namespace), ObjectRef { group, kind, name }))
}

/// `<object>-from-<namespace>`, cut and told apart by a hash where that is too long.
fn grant_name(reference: &Reference<'_>) -> String {
    let kind = reference.to.kind.to_ascii_lowercase();
    let name = format!("{}-{kind}-from-{}", reference.to.name, reference.from_namespace);
    if name.len() <= OBJECT_NAME_MAX {
        return name;
    }
    let hash = format!("-{:016x}", fnv1a(name.bytes()));
    let kept: String = name.chars().take(OBJECT_NAME_MAX - hash.len()).collect();
    format!("{}{hash}", kept.trim_end_matches(['-', '.']))
}

fn grant_needed(reference: &Reference<'_>, kinds: &BTreeSet<Kind>, path: Path) -> Diagnostic {
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.newest().kind).collect();
    let Reference { to_namespace, to, from_namespace } = reference;
    let from = match *from_namespace {
        "" => "the release's namespace (unknown without `-n`)".to_owned(),
        name => format!("namespace `{name}`"),
    };
    let message = format!(
        "{} `{}` of namespace `{to_namespace}` is referred to by {} of {from}, which a ReferenceGrant there must allow",
        to.kind,
        to.name,
        kinds.join(" and ")
    );
    let hint =
        "set `referenceGrants: all` to render it with this release, if you may write to that namespace";
    Diagnostic::warning(GRANT_NEEDED, path, message).source("Gateway API v1.6.1, ReferenceGrant").hint(hint)
}
