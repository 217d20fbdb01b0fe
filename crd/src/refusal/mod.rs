//! What an API server would hold against a CRD itself.
//!
//! What is said here is sure; what is not said may be refused all the same: the estimated cost of CEL rules
//! is not reckoned, and an expression is only looked at as far as its types are plain.
//!
//! Source: `k8s.io/apiextensions-apiserver` v0.36.2, `pkg/apis/apiextensions/validation/validation.go` and
//! `pkg/apiserver/schema`.

mod calls;
mod default;
mod form;
mod keywords;
mod rules;
mod spec;
mod structural;
mod types;

use gatewright_core::path::Path;
use serde_json::Value;

use crate::Begin;
use crate::finding::{Finding, Findings};

/// Everything that is held against a CRD; metadata apart, except that its name is made of two others.
///
/// [`What::UnknownField`](crate::What::UnknownField) is refused by strict clients only, and of no effect
/// otherwise. `begin` hears of each rule before it is compiled, by a number of its own among all rules here.
pub fn refusals(crd: &Value, begin: &mut Begin<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    let mut crd = crd.clone();
    form::decode(&form::CRD, &mut crd, &Path::ROOT, &mut findings);
    if findings.are_fatal() {
        return findings.into_vec();
    }
    spec::check(&crd, &mut findings);
    let mut rules = 0;
    for (index, version) in items(&crd["spec"], "versions").iter().enumerate() {
        let path = Path::ROOT.key("spec").key("versions").index(index).key("schema").key("openAPIV3Schema");
        let schema = &version["schema"]["openAPIV3Schema"];
        if !schema.is_object() {
            continue;
        }
        let mut found = Findings::default();
        keywords::check(schema, &path, &mut found);
        structural::check(schema, &path, &mut found);
        if version["subresources"]["status"].is_object() {
            structural::check_beside_status(schema, &path, &mut found);
        }
        if found.is_empty() {
            default::check(schema, &path, &mut rules, begin, &mut found);
        }
        if found.is_empty() {
            rules::check(schema, &path, &mut rules, begin, &mut found);
        }
        findings.append(found);
    }
    findings.into_vec()
}

/// The items of a list; none where there is no list.
fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// A text; empty where there is none, as Go has it.
fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The schemas below one that describe parts of the same value as it does, each with its place.
fn parts<'v>(schema: &'v Value, path: &Path) -> Vec<(&'v Value, Path)> {
    let mut parts = Vec::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        parts.push((property, path.key("properties").key(name)));
    }
    for key in ["additionalProperties", "items"] {
        if schema[key].is_object() {
            parts.push((&schema[key], path.key(key)));
        }
    }
    parts
}

/// The schemas below one that add conditions to it, each with its place.
fn conditions<'v>(schema: &'v Value, path: &Path) -> Vec<(&'v Value, Path)> {
    let lists = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|key| {
        let list = items(schema, key).iter().enumerate();
        list.map(move |(index, schema)| (schema, path.key(key).index(index)))
    });
    let not = schema["not"].is_object().then(|| (&schema["not"], path.key("not")));
    lists.chain(not).collect()
}
