//! Level `api`: the API server's own verdict on an object, without the API server.
//!
//! The order is the API server's: unknown fields, defaults, the structural schema, metadata, then CEL
//! rules. Its words come first in every message; what to do stands in the hint.
//!
//! Source of the order: `k8s.io/apiextensions-apiserver` v0.36.2, `pkg/apiserver/customresource_handler.go`
//! and `pkg/registry/customresource/strategy.go`.

mod address;
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
use crate::release::{Channel, EXPERIMENTAL_GROUP, GATEWAY_GROUP, Release, Target};
use crate::tree::{Node, Value};
use fault::Faults;
use place::Place;
use schema::{Kind, Shape};

pub use address::{is_ipv4, is_ipv6};
pub use elsewhere::elsewhere;
pub use fault::{
    BOUND, DUPLICATE, ENUM, MALFORMED, METADATA, NOT_SERVED, PATTERN, REQUIRED, RULE, TOO_LONG, TOO_MANY,
    TYPE, UNKNOWN_FIELD,
};
pub use not_served::not_served;
pub use pages::{CODES, PAGES};
pub use structure::literal;
pub use tables::{kinds, patch};

/// The groups whose objects are judged here.
pub const GROUPS: [&str; 2] = [GATEWAY_GROUP, EXPERIMENTAL_GROUP];

/// The kind that a target serves under an apiVersion.
pub fn find(target: Target, api_version: &str, kind: &str) -> Option<&'static Kind> {
    let (group, version) = api_version.split_once('/')?;
    kinds(target).iter().find(|row| row.kind == kind && row.group == group && row.version == version)
}

/// Whether some version of a kind of this name is Gateway API's own.
pub fn is_kind(target: Target, kind: &str) -> bool {
    kinds(target).iter().any(|row| row.kind == kind)
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
    of_metadata(kind, object, &mut faults);
    if !faults.blocking() {
        rules::check(kind.schema, object, old.as_ref(), &Place::Root, &mut faults);
    }
    faults.into_diagnostics()
}

/// Fills in what an object leaves out and takes out nulls, as the API server does, and judges nothing.
pub fn default(kind: &'static Kind, object: &mut Node<'_>, target: Target) {
    structural(kind, object, None, &mut Faults::new(kind, target));
}

/// What the API server would hold against the metadata of an object whose kind no table here has.
pub fn metadata_of_another_kind(object: &Node<'_>, namespaced: bool) -> Vec<Diagnostic> {
    let kind = if namespaced { &metadata::NAMESPACED } else { &metadata::CLUSTER_WIDE };
    // Which release makes no difference: none has a kind without a name.
    let target = Target { release: Release::V1_4, channel: Channel::Standard };
    let mut faults = Faults::new(kind, target);
    of_metadata(kind, object, &mut faults);
    let mut found = faults.into_diagnostics();
    for fault in &mut found {
        fault.source = metadata::SOURCE.into();
    }
    found
}

fn of_metadata(kind: &Kind, object: &Node<'_>, faults: &mut Faults) {
    let place = Place::Root.key("metadata");
    match object.get("metadata") {
        Some(metadata) => metadata::check(kind, metadata, &place, faults),
        None => faults.required(&place.key("name"), "name or generateName is required"),
    }
}

/// Everything but metadata and rules. A status is written through a subresource only, so of a status
/// nothing counts but its fields' names.
fn structural(kind: &'static Kind, object: &mut Node<'_>, old: Option<&Node<'_>>, faults: &mut Faults) {
    let Shape::Object(shape) = &kind.schema.shape else { return };
    let Value::Map(map) = &mut object.value else {
        return faults.wrong_type(&Place::Root, "object", object, None);
    };
    let old = old.and_then(Node::as_map);
    structure::object(shape, map, old, &["metadata", "status"], &Place::Root, faults);
    let status = shape.properties.iter().find(|(name, _)| *name == "status");
    if let (Some((_, schema)), Some(status)) = (status, map.get("status")) {
        structure::unknown_fields(schema, status, &Place::Root.key("status"), faults);
    }
}
