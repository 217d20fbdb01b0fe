//! What holds for all rules, and how each is tested.

use super::{Context, Finding, LEVELS, Rule, all, check};
use crate::check::model::{Model, read};
use crate::check::{Settings, api, attach, controller};
use crate::diagnostic::{Diagnostic, Level};
use crate::profile::{self, PROFILES};
use crate::release::{Channel, Release, Target};
use crate::tree::yaml::{self, Limits};

/// The cluster of the tests, unless one says otherwise.
pub(in crate::check) const TARGET: Target = Target { release: Release::V1_6, channel: Channel::Standard };

/// A check of that cluster, for no controller by name.
pub(in crate::check) fn settings(complete: bool) -> Settings {
    Settings { complete, ..Settings::new(TARGET) }
}

/// What all rules find in manifests, as a cluster of a target would hold them.
pub(in crate::check) fn judge(text: &str, target: Target, complete: bool) -> Vec<Finding> {
    judge_as(text, &Settings { target, ..settings(complete) })
}

/// What all rules find in manifests that the API server takes.
pub(in crate::check) fn judge_as(text: &str, settings: &Settings) -> Vec<Finding> {
    let (findings, refusals) = judge_any(text, settings);
    assert!(refusals.is_empty(), "{refusals:?} in {text}");
    findings
}

/// What all rules find, and what the API server holds against the manifests by themselves.
pub(in crate::check) fn judge_any(text: &str, settings: &Settings) -> (Vec<Finding>, Vec<Diagnostic>) {
    let target = settings.target;
    let mut faults = Vec::new();
    let mut nodes = yaml::read(text, 0, &Limits::NATIVE, &mut faults);
    assert!(faults.is_empty(), "{faults:?} in {text}");
    let mut refusals = Vec::new();
    for node in &mut nodes {
        let of = |key: &str| node.get(key).and_then(|node| node.as_text()).unwrap_or_default().to_owned();
        if let Some(kind) = api::find(target, &of("apiVersion"), &of("kind")) {
            refusals.extend(api::check(kind, node, None, target));
        }
    }
    let mut model = Model::default();
    let lacking = settings.controller().map(controller::lacking).unwrap_or_default();
    let mut uses = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        read(node, index, "default", &mut model);
        controller::read(node, index, &lacking, &mut uses);
    }
    let attach = attach::attach(&model, settings);
    (check(&Context { model: &model, attach: &attach, uses: &uses, settings }), refusals)
}

/// Findings of one rule, each with the index of its object, its severity and path.
pub(in crate::check) fn found(rule: &Rule, text: &str) -> Vec<String> {
    of_rule(rule, judge(text, TARGET, false))
}

/// As [`found`], where everything that exists is in the input.
pub(in crate::check) fn found_in_all(rule: &Rule, text: &str) -> Vec<String> {
    of_rule(rule, judge(text, TARGET, true))
}

/// As [`found_in_all`], in manifests that the API server refuses or may refuse.
pub(in crate::check) fn found_in_refused(rule: &Rule, text: &str) -> Vec<String> {
    of_rule(rule, judge_any(text, &settings(true)).0)
}

pub(in crate::check) fn of_rule(rule: &Rule, findings: Vec<Finding>) -> Vec<String> {
    let own = findings.into_iter().filter(|finding| finding.diagnostic.code == rule.code);
    own.map(|Finding { object, diagnostic }| {
        format!("{object} {} {}", diagnostic.severity.word(), diagnostic.path)
    })
    .collect()
}

/// Examples say in their first line how they are checked, where that matters.
fn judge_example(text: &str) -> Vec<Finding> {
    let head = text.trim_start().lines().next().unwrap_or_default();
    let profile = head.strip_prefix("# with --profile ");
    let profile = profile.map(|word| profile::named(word).expect("an example names a profile"));
    judge_as(text, &Settings { profile, ..settings(head == "# with --complete") })
}

#[test]
fn finds_fault_with_its_own_bad_example_and_with_nothing_else() {
    for (level, rule) in all() {
        let findings = judge_example(rule.bad);
        assert!(!findings.is_empty(), "{}: nothing found in its bad example", rule.code);
        for Finding { diagnostic, .. } in &findings {
            assert_eq!(diagnostic.code, rule.code, "{}: {diagnostic}", rule.code);
            assert!(diagnostic.severity <= rule.severity, "{diagnostic}");
            assert_eq!(diagnostic.level, level, "{diagnostic}");
        }
        let strongest = findings.iter().map(|finding| finding.diagnostic.severity).max();
        assert_eq!(strongest, Some(rule.severity), "{}: its example shows its severity", rule.code);
    }
}

#[test]
fn finds_no_fault_with_any_good_example() {
    for (_, rule) in all() {
        let findings = judge_example(rule.good);
        assert!(findings.is_empty(), "{}: {findings:?}", rule.code);
    }
}

#[test]
fn messages_are_in_house_style() {
    for (_, rule) in all() {
        for Finding { diagnostic, .. } in judge_example(rule.bad) {
            for text in [&diagnostic.message, diagnostic.hint.as_ref()] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{}: {text:?}", rule.code);
                // Kinds, protocols and products are proper names.
                let proper = text.split([' ', '-']).next().unwrap_or_default();
                let proper = proper.bytes().filter(u8::is_ascii_uppercase).count() > 1
                    || ["Gateway", "Secret", "Service"].contains(&proper)
                    || PROFILES.iter().any(|profile| profile.title.starts_with(proper));
                let first = text.chars().next().is_some_and(|first| !first.is_uppercase());
                assert!(first || proper, "{}: {text:?}", rule.code);
            }
        }
    }
}

#[test]
fn rules_are_sorted_by_code() {
    for (_, rules) in LEVELS {
        assert!(rules.is_sorted_by(|a, b| a.code < b.code));
    }
    let mut codes: Vec<_> = all().map(|(_, rule)| rule.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all().count(), "a code means one rule");
    for code in codes {
        assert!(code.0.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{code}");
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

#[test]
fn nothing_is_said_of_a_controller_that_is_not_named() {
    for (level, rule) in all().filter(|(level, _)| *level == Level::Controller) {
        for profile in [None, Some(&profile::PORTABLE)] {
            let found = judge_as(rule.bad, &Settings { profile, ..settings(false) });
            let own = found.iter().filter(|finding| finding.diagnostic.level == level);
            assert_eq!(own.count(), 0, "{}", rule.code);
        }
    }
}
