//! What holds for all rules, and how each is tested.

use super::{Context, Finding, RULES, Rule, check};
use crate::check::model::{Model, read};
use crate::check::{Settings, api, attach};
use crate::release::{Channel, Release, Target};
use crate::tree::yaml::{self, Limits};

/// The cluster of the tests, unless one says otherwise.
pub(super) const TARGET: Target = Target { release: Release::V1_6, channel: Channel::Standard };

/// What all rules find in manifests, as a cluster of a target would hold them.
pub(super) fn judge(text: &str, target: Target, complete: bool) -> Vec<Finding> {
    let mut faults = Vec::new();
    let mut nodes = yaml::read(text, 0, &Limits::NATIVE, &mut faults);
    assert!(faults.is_empty(), "{faults:?} in {text}");
    for node in &mut nodes {
        let of = |key: &str| node.get(key).and_then(|node| node.as_text()).unwrap_or_default().to_owned();
        if let Some(kind) = api::find(target, &of("apiVersion"), &of("kind")) {
            let faults = api::check(kind, node, None, target);
            assert!(faults.is_empty(), "{faults:?} in {text}");
        }
    }
    let settings = Settings {
        target,
        profile: None,
        complete,
        namespace: "default".to_owned(),
        only: Vec::new(),
        skip: Vec::new(),
    };
    let mut model = Model::default();
    for (index, node) in nodes.iter().enumerate() {
        read(node, index, "default", &mut model);
    }
    let attach = attach::attach(&model, &settings);
    check(&Context { model: &model, attach: &attach, settings: &settings })
}

/// Findings of one rule, each with the index of its object, its severity and path.
pub(super) fn found(rule: &Rule, text: &str) -> Vec<String> {
    of_rule(rule, judge(text, TARGET, false))
}

/// As [`found`], where everything that exists is in the input.
pub(super) fn found_in_all(rule: &Rule, text: &str) -> Vec<String> {
    of_rule(rule, judge(text, TARGET, true))
}

pub(super) fn of_rule(rule: &Rule, findings: Vec<Finding>) -> Vec<String> {
    let own = findings.into_iter().filter(|finding| finding.diagnostic.code == rule.code);
    own.map(|Finding { object, diagnostic }| {
        format!("{object} {} {}", diagnostic.severity.word(), diagnostic.path)
    })
    .collect()
}

/// Examples that only a complete input decides say so in their first line.
fn judge_example(text: &str) -> Vec<Finding> {
    judge(text, TARGET, text.trim_start().starts_with("# with --complete"))
}

#[test]
fn finds_fault_with_its_own_bad_example_and_with_nothing_else() {
    for rule in RULES {
        let findings = judge_example(rule.bad);
        assert!(!findings.is_empty(), "{}: nothing found in its bad example", rule.code);
        for Finding { diagnostic, .. } in &findings {
            assert_eq!(diagnostic.code, rule.code, "{}: {diagnostic}", rule.code);
            assert!(diagnostic.severity <= rule.severity, "{diagnostic}");
        }
        let strongest = findings.iter().map(|finding| finding.diagnostic.severity).max();
        assert_eq!(strongest, Some(rule.severity), "{}: its example shows its severity", rule.code);
    }
}

#[test]
fn finds_no_fault_with_any_good_example() {
    for rule in RULES {
        let findings = judge_example(rule.good);
        assert!(findings.is_empty(), "{}: {findings:?}", rule.code);
    }
}

#[test]
fn messages_are_in_house_style() {
    for rule in RULES {
        for Finding { diagnostic, .. } in judge_example(rule.bad) {
            for text in [&diagnostic.message, diagnostic.hint.as_ref()] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{}: {text:?}", rule.code);
                // Kinds and protocols are proper names.
                let proper = text.split([' ', '-']).next().unwrap_or_default();
                let proper = proper.bytes().filter(u8::is_ascii_uppercase).count() > 1
                    || ["Gateway", "Secret", "Service"].contains(&proper);
                let first = text.chars().next().is_some_and(|first| !first.is_uppercase());
                assert!(first || proper, "{}: {text:?}", rule.code);
            }
        }
    }
}

#[test]
fn rules_are_sorted_by_code() {
    assert!(RULES.is_sorted_by(|a, b| a.code < b.code));
    for rule in RULES {
        assert!(rule.code.0.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", rule.code);
    }
}

#[test]
fn an_empty_input_and_hollow_objects_find_nothing() {
    for text in
        ["", "null\n", "[]", "{kind: Service, apiVersion: v1}", "{kind: Gateway}", "{metadata: 1, kind: []}"]
    {
        assert!(judge(text, TARGET, true).is_empty(), "{text}");
    }
}
