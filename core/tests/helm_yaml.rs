//! Helm's reading of YAML: small texts, and what Go's `sigs.k8s.io/yaml` answers for each.
//!
//! `tests/helm-yaml/main.go` makes the answers; the end-to-end test `e2e_helm_yaml` asks it for
//! thousands more.

use gatewright_core::diagnostic::{Severity, has_errors};
use gatewright_core::tree::yaml::{self, Limits};
use serde_json::Value;

const CASES: &str = include_str!("../../tests/helm-yaml/cases.json");

/// Whether two values mean the same; numbers are compared as float64, which is what Helm makes of them.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

#[test]
fn answers_every_case_as_helm_does() {
    let table: Value = serde_json::from_str(CASES).expect("cases.json is JSON");
    let cases = table["cases"].as_array().expect("cases.json has a list `cases`");
    let mut wrong = Vec::new();
    for case in cases {
        let name = case["name"].as_str().expect("a case has a name");
        let text = case["yaml"].as_str().expect("a case has a text");
        let mut found = Vec::new();
        let documents = yaml::read(text, 0, &Limits::DEFAULT, &mut found);
        let ours = documents.first().map(|node| serde_json::to_value(node).expect("a tree is always JSON"));
        // Go looks at the first document only, so an error counts if that document is not there.
        let refused = ours.is_none() || (documents.len() == 1 && has_errors(&found));
        let agrees = match (case.get("json"), &ours) {
            (Some(expected), Some(ours)) => !refused && equal(ours, expected),
            (Some(_), None) => false,
            (None, _) => refused,
        };
        if !agrees {
            wrong.push(format!("{name}: {text:?}\n  Helm: {case}\n  ours: {ours:?} {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_error_has_a_place() {
    let table: Value = serde_json::from_str(CASES).expect("cases.json is JSON");
    for case in table["cases"].as_array().into_iter().flatten() {
        let mut found = Vec::new();
        yaml::read(case["yaml"].as_str().unwrap_or(""), 7, &Limits::DEFAULT, &mut found);
        for diagnostic in found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error) {
            assert!(diagnostic.position.source == 7 && diagnostic.position.line > 0, "{diagnostic:?}");
        }
    }
}
