//! `check --crd`: objects of other APIs, and CRDs that mean no good.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::process::{Run, directory, file, run};

/// A CRD with one more rule for its spec.
fn crd(rule: &str) -> String {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
        "spec": {
            "group": "example.com", "scope": "Namespaced", "names": {"kind": "Thing", "plural": "things"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
                "type": "object",
                "properties": {"spec": {
                    "type": "object",
                    "properties": {
                        "size": {"type": "integer", "maximum": 10},
                        "names": {"type": "array", "items": {"type": "string"}},
                        "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                    },
                    "x-kubernetes-validations": [
                        {"rule": rule, "message": "odd"},
                        {"rule": "!has(self.size) || self.size > 1", "message": "too small"},
                    ],
                }},
            }}}],
        },
    })
    .to_string()
}

/// An object with a name of its own, so that none stands in an input twice.
fn thing(spec: &str) -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("apiVersion: example.com/v1\nkind: Thing\nmetadata: {{name: a{number}}}\nspec:\n  {spec}\n---\n")
}

fn check(test: &str, crd: &str, arguments: &[&str], objects: &str) -> Run {
    let definition = file(&directory(test), "crd.yaml", crd);
    run(&[&["check", "--format", "json", "--crd", &definition], arguments, &["-"]].concat(), objects)
}

fn report(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

fn verdicts(report: &Value) -> Vec<&Value> {
    report["results"].as_array().expect("a list").iter().map(|result| &result["allowed"]).collect()
}

fn codes(report: &Value, result: usize) -> Vec<&str> {
    let diagnostics = report["results"][result]["diagnostics"].as_array().expect("a list");
    diagnostics.iter().filter_map(|diagnostic| diagnostic["code"].as_str()).collect()
}

#[test]
fn judges_objects_of_other_apis() {
    let objects = [
        thing("size: 2"),
        thing("size: 1"),
        thing("size: 11"),
        thing("sise: 2"),
        thing("size: 2").replace("/v1", "/v2"),
    ];
    let run = check("crd-judges", &crd("true"), &[], &objects.concat());
    let report = report(&run);
    assert_eq!(run.code, Some(1), "{report}");
    let [yes, no] = [json!(true), json!(false)];
    assert_eq!(verdicts(&report), [&yes, &no, &no, &no, &no], "{report}");
    assert_eq!(codes(&report, 1)[0], "api-rule");
    let diagnostic = &report["results"][2]["diagnostics"][0];
    assert_eq!((&diagnostic["path"], &diagnostic["line"]), (&json!("spec.size"), &json!(17)), "{report}");
    assert_eq!(
        diagnostic["message"],
        "Invalid value: 11: spec.size in body should be less than or equal to 10"
    );
    let source = diagnostic["source"].as_str().expect("a text");
    assert!(
        source.starts_with("CRD things.example.com, v1, of ") && source.ends_with("crd.yaml"),
        "{source}"
    );
    assert!(codes(&report, 3).contains(&"api-unknown-field"), "{report}");
    assert!(codes(&report, 4).contains(&"api-not-served"), "{report}");
}

#[test]
fn metadata_counts_and_other_kinds_stay_unknown() {
    let objects = thing("size: 2").replace("name: a", "labels: {a: [b]}, name: A_")
        + "{apiVersion: example.com/v1, kind: Other, metadata: {name: a}}";
    let report = report(&check("crd-metadata", &crd("true"), &[], &objects));
    assert_eq!(codes(&report, 0), ["api-type", "api-metadata"], "{report}");
    assert_eq!(codes(&report, 1), ["not-checked"], "{report}");
    assert_eq!(verdicts(&report), [&json!(false), &Value::Null]);
}

#[test]
fn an_update_is_held_against_what_was_there() {
    let folder = directory("crd-against");
    let old = thing("size: 5");
    let before = file(&folder, "before.yaml", &old);
    let definition = file(&folder, "crd.yaml", crd("!has(oldSelf.size) || self.size >= oldSelf.size"));
    let arguments = ["check", "--format", "json", "--crd", &definition, "--against", &before, "-"];
    for (size, allowed) in [(6, true), (4, false)] {
        let report = report(&run(&arguments, old.replace("size: 5", &format!("size: {size}"))));
        assert_eq!(verdicts(&report), [&json!(allowed)], "{report}");
    }
}

#[test]
fn a_rule_that_cannot_be_evaluated_is_never_passed() {
    let run = check(
        "crd-unsupported",
        &crd("self.?size.orValue(1) > 0"),
        &[],
        &(thing("size: 2") + &thing("size: 1")),
    );
    let report = report(&run);
    assert_eq!(verdicts(&report), [&Value::Null, &json!(false)], "{report}");
    assert_eq!(codes(&report, 0), ["crd-not-evaluated"]);
    assert_eq!(report["results"][0]["diagnostics"][0]["severity"], "warning");
}

/// The sum overflows any stack when it is compiled.
#[test]
fn a_rule_that_overflows_the_stack_takes_nothing_else_with_it() {
    let sum = vec!["1"; 12_000].join(" + ");
    let objects = thing("size: 2") + &thing("size: 1") + &thing("size: 3");
    let run = check("crd-overflow", &crd(&format!("{sum} > 0")), &[], &objects);
    let report = report(&run);
    assert_eq!(verdicts(&report), [&Value::Null, &json!(false), &Value::Null], "{report}");
    let message = report["results"][2]["diagnostics"][0]["message"].as_str().expect("a text");
    assert!(message.starts_with("the rule \"1 + 1"), "{message}");
    // On a busy machine its time ends before its stack does.
    assert!(message.contains("ended the process") || message.contains("longer than 5 s"), "{message}");
    assert_eq!(run.stderr, "");
}

#[test]
fn a_rule_without_end_is_ended_once() {
    let slow = "!has(self.names) || self.names.all(a, self.names.all(b, self.names.all(c, self.names.all(d, \
                a + b + c + d != 'x'))))";
    let names: Vec<String> = (0..150).map(|number| format!("n{number}")).collect();
    let long = thing(&format!("names: [{}]", names.join(", ")));
    let start = Instant::now();
    let run = check("crd-slow", &crd(slow), &[], &(long.clone() + &long + &thing("size: 1")));
    let report = report(&run);
    assert_eq!(verdicts(&report), [&Value::Null, &Value::Null, &json!(false)], "{report}");
    let message = report["results"][0]["diagnostics"][0]["message"].as_str().expect("a text");
    assert!(message.ends_with("it took longer than 5 s"), "{message}");
    assert!(start.elapsed() < Duration::from_secs(30), "the rule was tried again and again");
}

#[test]
fn an_object_too_deep_to_be_judged_is_no_one_s_fault() {
    let deep = format!("free: {}{}", "{a: ".repeat(200), "}".repeat(200));
    let run = check("crd-deep", &crd("true"), &[], &(thing(&deep) + &thing("size: 2")));
    let report = report(&run);
    let results = report["results"].as_array().expect("a list");
    let last = results.last().expect("a result");
    assert_eq!(last["allowed"], true, "{report}");
    assert_ne!(results[0]["allowed"], true, "{report}");
}

#[test]
fn a_broken_crd_is_an_input_that_cannot_be_used() {
    let sound = crd("true");
    for (test, broken, code, expected) in [
        (
            "crd-pattern",
            sound.replace("\"maximum\":10", "\"pattern\":\"(\""),
            "crd-refused",
            "openAPIV3Schema",
        ),
        (
            "crd-type",
            sound.replace("\"type\":\"integer\"", "\"type\":\"int\""),
            "crd-refused",
            "openAPIV3Schema",
        ),
        ("crd-scope", sound.replace("Namespaced", "Namespace"), "crd-refused", "spec.scope"),
        (
            "crd-metadata-name",
            sound.replace("things.example.com", "a.example.com"),
            "crd-refused",
            "metadata.name",
        ),
        (
            "crd-go-pattern",
            sound.replace("\"maximum\":10", "\"pattern\":\"\\\\Qa\\\\E\""),
            "crd-unusable",
            "openAPIV3Schema",
        ),
        (
            "crd-version",
            sound.replace("extensions.k8s.io/v1", "extensions.k8s.io/v1beta1"),
            "crd-unusable",
            "apiVersion",
        ),
        ("crd-none", thing("size: 1"), "crd-unusable", "no CustomResourceDefinition"),
        ("crd-twice", format!("{sound}\n---\n{sound}"), "crd-unusable", "too"),
    ] {
        let run = check(test, &broken, &[], &thing("size: 2"));
        assert_eq!(run.code, Some(2), "{test}: {run:?}");
        assert!(run.stdout.contains(code) && run.stdout.contains(expected), "{test}: {run:?}");
    }
}

#[test]
fn every_fault_of_a_crd_is_told_at_its_place_and_its_objects_are_not_passed() {
    let broken = crd("self.sise > 1").replace("Namespaced", "Namespace");
    let run = check("crd-refused", &broken, &[], &(thing("size: 2") + &thing("size: 1")));
    let report = report(&run);
    assert_eq!(verdicts(&report), [&json!(false), &Value::Null, &Value::Null], "{report}");
    let paths: Vec<_> = report["results"][0]["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|fault| (fault["code"].as_str(), fault["path"].as_str()))
        .collect();
    let rule = "spec.versions[0].schema.openAPIV3Schema.properties.spec.x-kubernetes-validations[0].rule";
    assert_eq!(
        paths,
        [(Some("crd-refused"), Some("spec.scope")), (Some("crd-refused"), Some(rule))],
        "{report}"
    );
    // Of the objects it is said once, and not that a CRD should be given.
    assert_eq!(codes(&report, 1), ["crd-not-evaluated"], "{report}");
    assert_eq!(codes(&report, 2), [""; 0], "{report}");
    let message = report["results"][1]["diagnostics"][0]["message"].as_str().expect("a text");
    assert!(message.contains("is given, but cannot be used: spec.scope: Unsupported value"), "{message}");
    assert!(message.ends_with("(and 1 more)"), "{message}");
}

#[test]
fn an_unknown_keyword_is_a_warning_and_objects_are_judged() {
    let odd = crd("true").replace("\"maximum\":10", "\"const\":10");
    let run = check("crd-keyword", &odd, &[], &thing("size: 2"));
    let report = report(&run);
    assert_eq!((run.code, verdicts(&report)[1]), (Some(0), &json!(true)), "{report}");
    assert_eq!(codes(&report, 0), ["crd-unknown-field"], "{report}");
}

#[test]
fn a_message_that_takes_too_long_gives_way_to_the_fixed_one() {
    let names: Vec<String> = (0..150).map(|number| format!("n{number}")).collect();
    let long = thing(&format!("names: [{}]", names.join(", ")));
    let slow = "self.names.all(a, self.names.all(b, self.names.all(c, self.names.all(d, a + b + c + d != 'x')))) ? 'a' : 'b'";
    let rule = json!([{"rule": "!has(self.names)", "message": "no names", "messageExpression": slow}]);
    let definition = crd("true");
    let (before, _) = definition.split_once("\"x-kubernetes-validations\":").expect("it has rules");
    let (_, after) = definition.split_once("too small\"").expect("it has rules");
    let after = after.split_once(']').expect("they end").1;
    let definition = format!("{before}\"x-kubernetes-validations\":{rule}{after}");
    let report = report(&check("crd-message", &definition, &[], &(long + &thing("size: 1"))));
    assert_eq!(verdicts(&report), [&json!(false), &json!(true)], "{report}");
    let message = report["results"][0]["diagnostics"][0]["message"].as_str().expect("a text");
    assert_eq!(message, "Invalid value: \"object\": no names");
}
