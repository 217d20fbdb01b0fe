//! Level `api`: the API server's own verdict on an object, without the API server.
//!
//! The order is the API server's: unknown fields, defaults, the structural schema, metadata, then CEL
//! rules. Its words come first in every message; what to do stands in the hint.
//!
//! Source of the order: `k8s.io/apiextensions-apiserver` v0.36.2, `pkg/apiserver/customresource_handler.go`
//! and `pkg/registry/customresource/strategy.go`.

pub mod cel;
mod elsewhere;
mod fault;
mod metadata;
mod not_served;
mod pages;
pub mod pattern;
mod place;
mod rules;
pub mod schema;
mod structure;
#[rustfmt::skip]
#[allow(clippy::unreadable_literal, reason = "written by a program, as the CRDs have it")]
mod tables;
mod uniqueness;

use crate::diagnostic::Diagnostic;
use crate::release::Target;
use crate::tree::{Node, Value};
use fault::Faults;
use place::Place;
use schema::{Kind, Shape};

pub use elsewhere::elsewhere;
pub use fault::{
    BOUND, DUPLICATE, ENUM, MALFORMED, METADATA, NOT_SERVED, PATTERN, REQUIRED, RULE, TOO_LONG, TOO_MANY,
    TYPE, UNKNOWN_FIELD,
};
pub use not_served::not_served;
pub use pages::{CODES, PAGES};
pub use tables::{kinds, patch};

/// The groups whose objects are judged here.
pub const GROUPS: [&str; 2] = ["gateway.networking.k8s.io", "gateway.networking.x-k8s.io"];

/// The kind that a target serves under an apiVersion.
pub fn find(target: Target, api_version: &str, kind: &str) -> Option<&'static Kind> {
    let (group, version) = api_version.split_once('/')?;
    kinds(target).iter().find(|row| row.kind == kind && row.group == group && row.version == version)
}

/// What the API server would hold against an object; nothing if it would take it.
///
/// Defaults are filled in and nulls are taken out, as the API server does before it looks. With `old`,
/// which is what the object was before an update, transition rules count, and a fault in a value that
/// the update leaves alone does not (Kubernetes' validation ratcheting).
pub fn check(
    kind: &'static Kind,
    object: &mut Node<'_>,
    old: Option<&Node<'_>>,
    target: Target,
) -> Vec<Diagnostic> {
    let old = old.map(|old| {
        let mut old = old.clone();
        structural(kind, &mut old, None, &mut Faults::new(kind, target));
        old
    });
    let mut faults = Faults::new(kind, target);
    structural(kind, object, old.as_ref(), &mut faults);
    if let Some(metadata) = object.as_map().and_then(|map| map.get("metadata")).filter(|node| !node.is_null())
    {
        metadata::check(kind, metadata, &Place::Root.key("metadata"), &mut faults);
    } else {
        faults.required(&Place::Root.key("metadata").key("name"), "name or generateName is required");
    }
    if !faults.blocking() {
        rules::check(kind.schema, object, old.as_ref(), &Place::Root, &mut faults);
    }
    faults.into_diagnostics()
}

/// Everything but metadata and rules. A status is written through a subresource only, so of a status
/// nothing counts but its fields' names.
fn structural(kind: &'static Kind, object: &mut Node<'_>, old: Option<&Node<'_>>, faults: &mut Faults) {
    let Shape::Object(shape) = &kind.schema.shape else { return };
    let Value::Map(map) = &mut object.value else {
        return faults.wrong_type(&Place::Root, "object", object);
    };
    let old = old.and_then(Node::as_map);
    structure::object(shape, map, old, &["metadata", "status"], &Place::Root, faults);
    let status = shape.properties.iter().find(|(name, _)| *name == "status");
    if let (Some((_, schema)), Some(status)) = (status, map.get("status")) {
        structure::unknown_fields(schema, status, &Place::Root.key("status"), faults);
    }
}
