//! Defaults, which must be values that their own schemas take.

use gatewright_core::path::Path;
use serde_json::Value;

use super::keywords::OF_OBJECTS;
use super::parts;
use crate::finding::{Findings, What};
use crate::ratchet::Ratchet;
use crate::rules::Rules;
use crate::structure::Structure;
use crate::{Begin, Step, prepare, schema};

/// Judges every default but those in the metadata of embedded objects. `rules` counts the rules that were
/// evaluated.
pub(super) fn check(
    schema: &Value,
    path: &Path,
    rules: &mut usize,
    begin: &mut Begin<'_>,
    findings: &mut Findings,
) {
    if !schema["default"].is_null() {
        default(schema, &path.key("default"), rules, begin, findings);
    }
    let (properties, values) = (path.key("properties"), path.key("additionalProperties"));
    let is_embedded = schema["x-kubernetes-embedded-resource"] == true;
    let of_object = |path: &Path| OF_OBJECTS.iter().any(|name| *path == properties.key(name));
    for (part, path) in parts(schema, path) {
        // Those beneath the values of a map are not looked at.
        if path != values && !(is_embedded && of_object(&path)) {
            check(part, &path, rules, begin, findings);
        }
    }
}

fn default(schema: &Value, path: &Path, rules: &mut usize, begin: &mut Begin<'_>, findings: &mut Findings) {
    let value = &schema["default"];
    let mut found = Findings::default();
    let Ok((read, of_rules)) = schema::read(schema) else { return };
    // Nested defaults are not filled in before a default is judged, but for its rules.
    let mut filled = value.clone();
    prepare::prepare(&read, &mut filled, &Path::ROOT, &mut found);
    // Of the rest only what an embedded object needs does not depend on what was filled in.
    found.retain(|finding| matches!(finding.what, What::UnknownField | What::Required));
    let mut typed = schema.clone();
    forget_unions(&mut typed);
    if let Ok(structure) = Structure::new(&typed) {
        structure.check(value, &mut found);
    }
    if found.is_empty() {
        let (first, count) = (*rules, of_rules.len());
        let mut begin = |step: Step| begin(Step { rule: first + step.rule, ..step });
        let mut ratchet = Ratchet::default();
        Rules::new(of_rules).check(&read, value, None, &mut ratchet, &mut begin, &mut found);
        *rules += count;
    }
    for finding in found.into_vec() {
        if finding.what != What::NotEvaluated {
            findings.add(What::Malformed, path.join(&finding.path), finding.message);
        }
    }
}

/// A default of an integer or a text may be of any type: what only Kubernetes' own keyword says of its type does not
/// count for defaults.
///
/// Source: `k8s.io/apiextensions-apiserver` v0.36.2, `pkg/apiserver/schema/kubeopenapi.go`.
fn forget_unions(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    map.remove("x-kubernetes-int-or-string");
    for (key, below) in map {
        match (key.as_str(), below) {
            ("properties", Value::Object(properties)) => properties.values_mut().for_each(forget_unions),
            ("items" | "additionalProperties", below) => forget_unions(below),
            _ => {}
        }
    }
}
