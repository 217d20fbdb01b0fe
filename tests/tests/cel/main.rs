//! The ported rules and patterns of Gateway API's CRDs beside other evaluators of their texts.

mod random;
mod vocabulary;

use gatewright_core::check::api::cel::{self, Port};
use gatewright_core::check::api::pattern;
use gatewright_core::tree::{Node, json};
use kube_cel::{CompiledSchema, ErrorKind, Validator, compile_schema};
use random::{Any, Random};
use regex::Regex;
use serde_json::{Value, json};
use vocabulary::FAMILIES;

/// Values a rule is tried on.
const VALUES: usize = 2000;

/// The same of a rule that kube-cel is slow at: it compiles the regular expression on each evaluation, or
/// the value is large.
const VALUES_IF_SLOW: usize = 500;

/// A rule that kube-cel 0.8 gets wrong for some values.
struct Unlike {
    expression: &'static str,
    reason: &'static str,
    /// Values that kube-cel is not asked about.
    fooled: fn(&Value) -> bool,
    /// Such values, and whether the rule holds for them: answers of `k8s.io/apiextensions-apiserver` v0.36.2.
    cases: fn() -> Vec<(Value, bool)>,
}

const UNLIKE: &[Unlike] = &[
    Unlike {
        expression: "self.all(r, !(r.group == 'certificates.k8s.io' && r.kind == 'ClusterTrustBundle' && has(r.namespace)))",
        reason: "kube-cel knows the field by its escaped name only, Kubernetes by both",
        fooled: |value| {
            value.as_array().is_some_and(|items| items.iter().any(|item| item.get("namespace").is_some()))
        },
        cases: || {
            let bundle =
                |group: &str, kind: &str| json!([{ "group": group, "kind": kind, "namespace": "a" }]);
            vec![
                (bundle("certificates.k8s.io", "ClusterTrustBundle"), false),
                (bundle("certificates.k8s.io", "ConfigMap"), true),
                (bundle("", "ClusterTrustBundle"), true),
                (json!([{ "group": "certificates.k8s.io", "namespace": "a" }]), false),
                (json!([{ "group": "", "namespace": "a" }]), true),
            ]
        },
    },
    Unlike {
        expression: "self.all(key, !format.qualifiedName().validate(key).hasValue())",
        reason: "to kube-cel the labels of a prefix have 63 characters at most, to Kubernetes only all together 253",
        fooled: |value| keys(value).any(|key| key.split(['/', '.']).any(|label| label.len() > 63)),
        cases: || {
            let prefix = |length| json!({ format!("{}/a", "a".repeat(length)): "" });
            vec![
                (prefix(64), true),
                (prefix(253), true),
                (prefix(254), false),
                (json!({ format!("a/{}", "a".repeat(64)): "" }), false),
            ]
        },
    },
    Unlike {
        expression: r#"self.all(key, key.split("/")[0].size() < 253)"#,
        reason: "to kube-cel the size of a string is in bytes, to Kubernetes in characters",
        fooled: |value| keys(value).any(|key| !key.is_ascii()),
        cases: || {
            let prefix = |length| json!({ format!("{}/a", "é".repeat(length)): "" });
            vec![(prefix(127), true), (prefix(252), true), (prefix(253), false)]
        },
    },
];

fn keys(value: &Value) -> impl Iterator<Item = &str> {
    value.as_object().into_iter().flatten().map(|(key, _)| key.as_str())
}

fn node(value: &Value) -> Node<'static> {
    let text = value.to_string();
    json::read(&text).expect("JSON is a tree").into_owned()
}

/// The vocabulary of a rule.
fn vocabulary(port: &Port) -> &'static Any {
    let family =
        FAMILIES.iter().find(|family| family.parts.iter().any(|part| port.expression.contains(part)));
    &family.unwrap_or_else(|| panic!("no vocabulary for {}", port.expression)).value
}

/// What a rule is tried on: values of `self` and `oldSelf`.
fn tries(port: &Port) -> impl Iterator<Item = (Value, Option<Value>)> {
    let mut random = Random(port.expression.len() as u64);
    let any = vocabulary(port);
    let compares = port.expression.contains("oldSelf");
    let slow = port.expression.contains(".matches(") || port.expression.contains("self[0]");
    (0..if slow { VALUES_IF_SLOW } else { VALUES }).map(move |_| {
        let value = random.value(any);
        let old = (compares && random.below(4) != 0).then(|| random.value(any));
        (value, old)
    })
}

fn compiled(port: &Port) -> CompiledSchema {
    let mut schema = json!({ "x-kubernetes-validations": [{ "rule": port.expression, "message": "no" }] });
    if matches!(vocabulary(port), Any::Keys(..)) {
        schema["additionalProperties"] = json!({ "type": "string" });
    }
    compile_schema(&schema)
}

/// What kube-cel says.
fn holds(validator: &Validator, schema: &CompiledSchema, value: &Value, old: Option<&Value>) -> bool {
    let Err(errors) = validator.validate_compiled(schema, value, old) else { return true };
    for error in errors.as_slice() {
        let judged = matches!(error.kind, ErrorKind::ValidationFailure | ErrorKind::EvaluationError);
        assert!(judged, "kube-cel cannot evaluate {}: {error:?}", error.rule);
    }
    false
}

#[test]
fn ports_say_what_the_rules_say() {
    let validator = Validator::new();
    let mut faults = Vec::new();
    for port in cel::ports() {
        let exception = UNLIKE.iter().find(|unlike| unlike.expression == port.expression);
        let schema = compiled(port);
        let (mut held, mut not) = (0, 0);
        let mut unlike = Vec::new();
        for (value, old) in tries(port) {
            if exception.is_some_and(|unlike| (unlike.fooled)(&value)) {
                continue;
            }
            let expected = holds(&validator, &schema, &value, old.as_ref());
            let got = (port.holds)(&node(&value), old.as_ref().map(node).as_ref());
            *(if expected { &mut held } else { &mut not }) += 1;
            if got != expected {
                unlike.push(format!("    {value} before {old:?}: kube-cel {expected}, port {got}"));
            }
        }
        if exception.is_none() && (held == 0 || not == 0) {
            faults.push(format!("{}\n    held {held} times, not {not} times", port.expression));
        }
        if let Some(first) = unlike.first() {
            faults.push(format!("{}\n{} unlike, as\n{first}", port.expression, unlike.len()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn ports_say_what_kubernetes_says_where_kube_cel_does_not() {
    for Unlike { expression, reason, fooled, cases } in UNLIKE {
        let port = cel::ports().find(|port| port.expression == *expression).expect("a port");
        for (value, holds) in cases() {
            assert_eq!((port.holds)(&node(&value), None), holds, "{expression} of {value} ({reason})");
            assert!(fooled(&value), "{expression} of {value} is one for kube-cel");
        }
        for outcome in [true, false] {
            assert!(cases().iter().any(|(_, holds)| *holds == outcome), "{expression} is never {outcome}");
        }
    }
}

/// So that no exception outlives its reason.
#[test]
fn kube_cel_is_wrong_where_we_say_so() {
    let validator = Validator::new();
    for Unlike { expression, cases, .. } in UNLIKE {
        let port = cel::ports().find(|port| port.expression == *expression).expect("a port");
        let schema = compiled(port);
        let wrong = cases().iter().any(|(value, right)| holds(&validator, &schema, value, None) != *right);
        assert!(wrong, "kube-cel has learnt {expression}");
    }
}

#[test]
fn every_port_is_there_once() {
    for (index, port) in cel::ports().enumerate() {
        assert!(!cel::ports().skip(index + 1).any(|other| other.expression == port.expression));
        assert!(std::ptr::fn_addr_eq(cel::port(port.expression).holds, port.holds));
    }
    for (index, port) in pattern::patterns().enumerate() {
        assert!(!pattern::patterns().skip(index + 1).any(|other| other.text == port.text));
    }
}

/// Of constants: one without a port would not compile.
#[test]
fn ports_are_found_while_compiling() {
    const IMMUTABLE: Port = cel::port("self == oldSelf");
    const LABEL: pattern::Pattern = pattern::pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$");
    assert!(!(IMMUTABLE.holds)(&node(&json!("a")), Some(&node(&json!("b")))));
    assert!((IMMUTABLE.holds)(&node(&json!("a")), None));
    assert!((LABEL.matches)("a-b") && !(LABEL.matches)("a."));
}

#[test]
fn every_vocabulary_is_of_a_rule() {
    for family in FAMILIES {
        let used = cel::ports().any(|port| std::ptr::eq(vocabulary(port), &raw const family.value));
        assert!(used, "{:?}", family.parts);
    }
}

/// Texts that patterns are tried on.
const TEXTS: usize = 20_000;

/// What texts are made of: one of these lists for each text.
const PIECES: &[&[&str]] = &[
    &["a", "Z", "0", "-", ".", "_", "/", ":", "*"],
    &["a", "b", ".", "-", "/", "A"],
    &["1", "23", "00000", "h", "m", "s", "ms", "d"],
    &["http", "https", "ws", "://", ":", "*", "*.", "a", "-", ".", "80", "655355", "/", "?", "#", "+"],
    &["Hostname", "IPAddress", "NamedAddress", "System", "a", "/", ".", " ", "é", "~"],
    &["%", "2f", "zZ", "a", "/", "@", "~", "[", "(", "'", "|", "`", "^", "\""],
    &["a", "!", "~", " ", "\t", "\n", "é", "\u{7f}", "\u{0}"],
    &["a", "_", ",", ":", "0", "A", " ", "/"],
    &[A_60, "a", "b", "/", "."],
];

const A_60: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn texts(pieces: &'static [&'static str]) -> impl Iterator<Item = String> {
    let mut random = Random(pieces.len() as u64);
    (0..TEXTS / PIECES.len()).map(move |_| random.pieces(8, pieces))
}

#[test]
fn patterns_match_what_their_texts_match() {
    for pattern in pattern::patterns() {
        let regex = Regex::new(pattern.text).expect("RE2 is of this language");
        let (mut found, mut not) = (0, 0);
        for text in PIECES.iter().flat_map(|pieces| texts(pieces)) {
            let expected = regex.is_match(&text);
            *(if expected { &mut found } else { &mut not }) += 1;
            assert_eq!((pattern.matches)(&text), expected, "{} on {text:?}", pattern.text);
        }
        assert!(found > 0 && not > 0, "{}: found {found} times, not {not} times", pattern.text);
    }
}
