//! The core's level `api` beside jsonschema and kube-cel, on thousands of whole objects of Gateway API.
//!
//! The end-to-end run asks a real API server the same of other objects; this needs nothing but the repository.

#![allow(clippy::print_stdout, reason = "the counts tell whether a pass means anything")]

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use gatewright_core::check::api;
use gatewright_core::path::Step;
use gatewright_core::release::{Channel, Release, Target};
use gatewright_core::tree::json;
use gatewright_crd::{Judge, What};
use gatewright_tests::objects::{mutate, openapi, seeds};
use serde_json::Value;

/// Objects of each release and channel.
const COUNT: usize = 500;

/// Disagreements that are shown.
const SHOWN: usize = 10;

/// Rules of Gateway API that the oracle does not evaluate, and why. Objects that have what they are about are
/// asked of the API server alone.
const NOT_EVALUATED: [(&str, &str); 1] = [(
    "self.all(key, !format.qualifiedName().validate(key).hasValue())",
    "kube-cel 0.8 bounds the labels of a key's prefix by 63 characters each, Kubernetes only all together by 253",
)];

/// The oracles of a target's kinds, by apiVersion and kind.
type Judges = BTreeMap<(String, String), Judge>;

#[derive(Default)]
struct Counts {
    compared: usize,
    taken: usize,
    not_evaluated: BTreeSet<String>,
    disagreements: Vec<String>,
}

#[test]
fn says_what_jsonschema_and_kube_cel_say() -> Result<()> {
    let mut counts = Counts::default();
    for release in Release::ALL {
        for channel in [Channel::Standard, Channel::Experimental] {
            of_target(Target { release, channel }, &mut counts)?;
        }
    }
    let Counts { compared, taken, not_evaluated, disagreements } = counts;
    for disagreement in disagreements.iter().take(SHOWN) {
        println!("{disagreement}\n");
    }
    println!("{compared} objects, {taken} taken, {} disagreements", disagreements.len());
    ensure!(disagreements.is_empty(), "{} verdicts differ", disagreements.len());
    ensure!(compared > 3000, "only {compared} objects were compared");
    ensure!(
        taken * 10 > compared && taken * 10 < compared * 9,
        "one of both verdicts is too rare to prove much"
    );
    let expected: BTreeSet<String> =
        NOT_EVALUATED.iter().map(|(rule, _)| format!("the rule {rule:?}")).collect();
    assert_eq!(not_evaluated, expected, "of these rules we say that the oracle does not evaluate them");
    Ok(())
}

fn of_target(target: Target, counts: &mut Counts) -> Result<()> {
    let mut judges = Judges::new();
    for kind in api::kinds(target) {
        let judge = Judge::new(&openapi::version(kind)).map_err(anyhow::Error::msg)?;
        judges.insert((format!("{}/{}", kind.group, kind.version), kind.kind.to_owned()), judge);
    }
    let seeds = seeds::own(target)?;
    ensure!(seeds.len() > 20, "{target} has {} seeds only", seeds.len());
    let mut random = fastrand::Rng::with_seed(1);
    for index in 0..COUNT {
        let object = match index % 4 {
            0 => random.choice(&seeds).context("there are seeds")?.clone(),
            1 => {
                mutate::generated(random.choice(api::kinds(target)).context("there are kinds")?, &mut random)
            }
            _ => mutate::mutated(&seeds[random.usize(..seeds.len())], &seeds, target, &mut random),
        };
        compare(target, &object, &mut judges, counts)?;
    }
    Ok(())
}

fn compare(target: Target, object: &Value, judges: &mut Judges, counts: &mut Counts) -> Result<()> {
    let text = |key: &str| object[key].as_str().unwrap_or_default().to_owned();
    let kind = api::find(target, &text("apiVersion"), &text("kind")).context("a kind of the target")?;
    let written = object.to_string();
    let mut node = json::read(&written).context("an object is JSON")?;
    let ours = api::check(kind, &mut node, None, target);
    // No CRD describes metadata.
    let of_metadata = |step: Option<&&Step>| matches!(step, Some(Step::Key(key)) if &**key == "metadata");
    if ours.iter().any(|fault| of_metadata(fault.path.steps().first())) {
        return Ok(());
    }
    let judge = judges.get_mut(&(text("apiVersion"), text("kind"))).context("a kind has a judge")?;
    let oracle = judge.check(object, None, &mut |_| Ok(()));
    let (unknown, refusals): (Vec<_>, Vec<_>) =
        oracle.iter().partition(|finding| finding.what == What::NotEvaluated);
    for finding in &unknown {
        let (rule, _) = finding.message.split_once(" was not evaluated").unwrap_or_default();
        counts.not_evaluated.insert(rule.to_owned());
    }
    if refusals.is_empty() && !unknown.is_empty() {
        return Ok(());
    }
    counts.compared += 1;
    counts.taken += usize::from(ours.is_empty());
    if ours.is_empty() != refusals.is_empty() {
        let ours: Vec<String> = ours.iter().map(ToString::to_string).collect();
        counts.disagreements.push(format!("{target}\n{object}\nours: {ours:#?}\noracle: {refusals:#?}"));
    }
    Ok(())
}
