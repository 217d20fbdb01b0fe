//! What is written, judged before a byte of it leaves: an API server would take every object.

use serde::Serialize;

use super::Manifest;
use crate::check::api;
use crate::diagnostic::Diagnostic;
use crate::release::Target;
use crate::tree;

/// What an API server would hold against an object, each fault at the value that the object comes from.
///
/// Values pass some things through as they are (matches, filters, TLS options, addresses); a fault there is
/// the user's. In what is derived it is ours, and better found here than in a cluster.
pub(super) fn judge<T: Serialize>(
    manifest: &Manifest,
    object: &T,
    target: Target,
    out: &mut Vec<Diagnostic>,
) {
    let Some(kind) = api::find(target, manifest.api_version, manifest.kind) else { return };
    let mut node = tree::of(object).expect("objects have text keys alone");
    let faults = api::check(kind, &mut node, None, target);
    out.extend(faults.into_iter().map(|fault| at_value(fault, manifest)));
}

/// The same fault at the value, with the object and its path in words.
fn at_value(fault: Diagnostic, manifest: &Manifest) -> Diagnostic {
    let Manifest { kind, name, origin, .. } = manifest;
    let message = format!("{kind} `{name}`, {}: {}", fault.path, fault.message);
    let hint = if fault.hint.is_empty() {
        "if it is not what you wrote that is refused, it is a fault of Gatewright's: please report it".into()
    } else {
        fault.hint
    };
    Diagnostic { path: origin.clone(), message, hint, about_key: false, ..fault }
}
