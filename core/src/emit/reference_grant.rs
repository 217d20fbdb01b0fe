//! ReferenceGrant.

use serde::Serialize;

use super::object::{Head, Writer};
use crate::plan::Grant;
use crate::release::Kind;
use crate::values::Metadata;

#[derive(Serialize)]
struct Spec<'a> {
    from: Vec<From<'a>>,
    to: [To<'a>; 1],
}

#[derive(Serialize)]
struct From<'a> {
    group: &'a str,
    kind: &'a str,
    namespace: &'a str,
}

/// Always with a name: a grant for every object of a kind is wider than anything asked for.
#[derive(Serialize)]
struct To<'a> {
    group: &'a str,
    kind: &'a str,
    name: &'a str,
}

/// Writes a grant.
pub(super) fn reference_grant(writer: &mut Writer<'_>, grant: &Grant<'_>) {
    let Grant { name, namespace, from_namespace, from_kinds, to, path } = grant;
    let head = Head {
        kind: Kind::ReferenceGrant,
        name,
        namespace,
        component: "reference-grant",
        given: Metadata::default(),
        labels: &[],
        origin: path,
    };
    let from = from_kinds
        .iter()
        .map(|kind| {
            let served = kind.newest();
            From { group: served.group(), kind: served.kind, namespace: from_namespace }
        })
        .collect();
    writer.object(&head, Spec { from, to: [To { group: to.group, kind: to.kind, name: &to.name }] });
}
