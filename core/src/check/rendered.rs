//! What is rendered, judged before a byte of it leaves: an API server would take every object.

use super::api;
use crate::diagnostic::Diagnostic;
use crate::emit::{Format, Manifest, Manifests};
use crate::release::Target;
use crate::tree::Node;
use crate::tree::yaml::{self, Limits};

/// What an API server would hold against manifests, each fault at the value that its object comes from.
///
/// Values pass some things through as they are (matches, filters, TLS options, addresses); a fault there is
/// the user's. In what is derived it is ours, and better found here than in a cluster.
pub fn rendered(manifests: &Manifests, format: Format, target: Target) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (manifest, text) in manifests.iter() {
        let Some(kind) = api::find(target, manifest.api_version, manifest.kind) else { continue };
        let node = match format {
            Format::Yaml => yaml::written(text)
                .or_else(|| yaml::read(text, 0, &Limits::NATIVE, &mut found).into_iter().next()),
            Format::Json => serde_json::from_str::<Node<'_>>(text).ok(),
        };
        let Some(mut node) = node else { continue };
        let faults = api::check(kind, &mut node, None, target);
        found.extend(faults.into_iter().map(|fault| at_value(fault, manifest)));
    }
    found
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
