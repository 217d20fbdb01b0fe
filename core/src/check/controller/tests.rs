//! What holds for the table of features, and how rules of this level are tested.

use super::features::{FEATURES, Feature, Used};
use crate::check::api::kinds;
use crate::check::api::schema::{Schema, Shape};
use crate::check::rule::tests::{judge_as, settings};
use crate::check::rule::{Finding, Rule, all};
use crate::profile::{self, PROFILES};
use crate::release::{Channel, Release, Target};

/// Findings of one rule for a controller, each with the index of its object, its severity and path.
pub(super) fn with(rule: &Rule, profile: &str, text: &str) -> Vec<String> {
    crate::check::rule::tests::of_rule(rule, findings(profile, text))
}

/// What one rule says for a controller.
pub(super) fn said(rule: &Rule, profile: &str, text: &str) -> Vec<String> {
    let own = findings(profile, text).into_iter().filter(|finding| finding.diagnostic.code == rule.code);
    own.map(|finding| finding.diagnostic.message).collect()
}

fn findings(profile: &str, text: &str) -> Vec<Finding> {
    let profile = profile::named(profile).expect("there is such a profile");
    judge_as(text, &crate::check::Settings { profile: Some(profile), ..settings(false) })
}

#[test]
fn every_feature_of_every_report_has_a_row() {
    assert!(FEATURES.is_sorted_by(|a, b| a.name < b.name));
    for report in PROFILES.into_iter().filter_map(profile::Profile::report) {
        for feature in report.features() {
            assert!(FEATURES.iter().any(|row| row.name == feature), "{feature} of {}", report.path);
        }
    }
}

#[test]
fn every_row_leads_somewhere() {
    for Feature { name, words, part_of, used } in FEATURES {
        let whole = part_of.is_none_or(|whole| FEATURES.iter().any(|row| row.name == whole));
        assert!(whole, "{name}: {part_of:?}");
        match used {
            Used::At { kinds, paths, when: _ } => {
                for path in *paths {
                    let known = kinds.iter().any(|kind| exists(kind, path));
                    assert!(known, "{name}: no release has {path} in {kinds:?}");
                }
                assert_eq!(words.is_empty(), *paths == [""], "{name}");
            }
            Used::Rule(code) => assert!(all().any(|(_, rule)| rule.code.0 == *code), "{name}: {code}"),
            Used::Between(_) => assert!(!words.is_empty(), "{name}"),
            Used::Unseen(why) => assert!(!why.is_empty() && !why.ends_with('.'), "{name}"),
        }
    }
}

/// Whether a field is in the CRD of some release.
fn exists(kind: &str, path: &str) -> bool {
    let targets = Release::ALL.iter().flat_map(|release| {
        [Channel::Standard, Channel::Experimental].map(|channel| Target { release: *release, channel })
    });
    targets
        .into_iter()
        .flat_map(|target| kinds(target))
        .any(|row| row.group == "gateway.networking.k8s.io" && row.kind == kind && holds(row.schema, path))
}

fn holds(schema: &Schema, path: &str) -> bool {
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    let key = step.trim_end_matches("[]");
    if key.is_empty() {
        return true;
    }
    let Shape::Object(object) = &schema.shape else { return false };
    let Some((_, below)) = object.properties.iter().find(|(name, _)| *name == key) else { return false };
    match &below.shape {
        Shape::List(list) if key != step => holds(list.items, rest),
        _ => key == step && holds(below, rest),
    }
}
