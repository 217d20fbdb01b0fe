//! The JSON Schema of the values: as the chart has it, and readable by Helm.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::fs;

use gatewright_core::values;
use gatewright_tests::golden::{Settings, cases, hold, root};
use serde_json::Value;

#[test]
fn the_chart_has_the_schema_of_this_version() {
    let schema = format!("{:#}\n", values::schema());
    if let Err(fault) = hold(&root().join("chart/values.schema.json"), &schema) {
        panic!("{fault}");
    }
}

/// Helm's validator has Go's regular expressions: RE2, without look-around and back-references. So
/// has the Rust library that reads them here.
#[test]
fn every_pattern_is_one_that_helm_can_read() {
    fn patterns(schema: &Value, found: &mut Vec<String>) {
        match schema {
            Value::Object(map) => {
                for (key, value) in map {
                    match (key.as_str(), value) {
                        ("pattern", Value::String(pattern)) => found.push(pattern.clone()),
                        ("patternProperties", Value::Object(keys)) => found.extend(keys.keys().cloned()),
                        _ => {}
                    }
                    patterns(value, found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| patterns(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    patterns(&values::schema(), &mut found);
    assert!(found.len() > 50, "the schema has patterns");
    for pattern in found {
        if let Err(fault) = regex_syntax::Parser::new().parse(&pattern) {
            panic!("{fault}");
        }
        // What Rust reads and Go does not: classes inside classes, and counts above 1000.
        for only_rust in ["[[", "&&", "--", "~~", "(?x", "\\u"] {
            assert!(!pattern.contains(only_rust), "{pattern} has {only_rust}");
        }
    }
}

/// Draft-07, which both Helm 3 and 4 validate.
#[test]
fn it_is_a_schema() {
    let schema = values::schema();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert!(jsonschema::draft7::meta::is_valid(&schema), "the schema does not fit draft-07's own");
}

/// Helm validates what it has merged: the chart's own values lie below everybody's.
#[test]
fn the_charts_own_values_are_accepted() {
    let validator = jsonschema::draft7::new(&values::schema()).expect("the schema can be compiled");
    let text = fs::read_to_string(root().join("chart/values.yaml")).expect("the chart has values");
    let values: Value = serde_yaml::from_str(&text).expect("the chart's values are YAML");
    let refusals: Vec<_> = validator.iter_errors(&values).map(|fault| fault.to_string()).collect();
    assert!(refusals.is_empty(), "{refusals:?}");
}

/// Whoever's values render is not stopped by Helm before.
#[test]
fn every_case_that_renders_is_accepted() {
    let validator = jsonschema::draft7::new(&values::schema()).expect("the schema can be compiled");
    for case in cases() {
        let text = fs::read_to_string(&case.values).expect("a case has values");
        let rendering = gatewright_tests::golden::render(&text, Settings::default());
        let values: Value = match serde_json::to_value(gatewright_tests::golden::read_values(&text)) {
            Ok(values) => values,
            Err(fault) => panic!("{fault}"),
        };
        let refusal =
            validator.iter_errors(&values).map(|fault| format!("{}: {fault}", fault.instance_path())).next();
        assert!(rendering.failed() || refusal.is_none(), "{}: {refusal:?}", case.name);
    }
}
