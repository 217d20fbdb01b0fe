//! What is rendered for a controller, checked for that controller. Nothing is an error; every warning stands
//! in `tests/check/controller.txt` (`UPDATE_GOLDEN=1` writes it anew), so that a new one is read.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use gatewright_core::check::{Run, Settings};
use gatewright_core::diagnostic::{Diagnostic, Level, Severity};
use gatewright_core::profile::{PROFILES, Profile};
use gatewright_core::release::{Channel, Release, Target};
use gatewright_tests::golden::{self, Rendering, cases, names_in, root};

#[test]
fn what_is_rendered_for_a_controller_is_right_for_it() {
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut errors = Vec::new();
    for case in cases() {
        let text = fs::read_to_string(&case.values).expect("a case has values");
        let example = names_in(&root().join("chart/examples")).contains(&format!("{}.yaml", case.name));
        let wanted = |profile: &&&Profile| example || case.profiles.iter().any(|word| word == profile.word);
        for profile in PROFILES.iter().filter(wanted) {
            let settings = golden::Settings { profile: profile.word, ..golden::Settings::default() };
            let rendering = golden::render(&text, settings);
            for found in check(&rendering, profile) {
                let place = format!("{}, {}", case.name, profile.word);
                match found.severity {
                    Severity::Error => errors.push(format!("{place}: {found}")),
                    Severity::Warning | Severity::Info => {
                        let told = rendering.diagnostics.iter().any(|told| told.code == found.code);
                        let told = if told { " (told of the values too)" } else { "" };
                        let line =
                            format!("{}[{}] {}{told}", found.severity.word(), found.code, found.message);
                        let places = said.entry(line).or_default();
                        if !places.contains(&place) {
                            places.push(place);
                        }
                    }
                }
            }
        }
    }
    assert_eq!(errors, [""; 0]);
    let text = said.iter().fold(String::new(), |mut text, (line, places)| {
        let _ = writeln!(text, "{line}\n  {}", places.join("\n  "));
        text
    });
    assert_eq!(golden::hold(&root().join("tests/check/controller.txt"), &text), Ok(()));
}

/// Findings of level `controller` about what was rendered.
fn check(rendering: &Rendering, profile: &'static Profile) -> Vec<Diagnostic> {
    let (release, channel) = &rendering.gateway_api;
    let target = Target {
        release: Release::parse(release).expect("a rendering is for a release"),
        channel: if channel == "experimental" { Channel::Experimental } else { Channel::Standard },
    };
    let settings = Settings { profile: Some(profile), namespace: "edge".to_owned(), ..Settings::new(target) };
    let mut run = Run::new(&settings);
    let faults = run.read(&rendering.manifests, 0);
    assert!(faults.is_empty(), "{faults:?}");
    let results = run.finish().results;
    let all = results.into_iter().flat_map(|judged| judged.diagnostics);
    all.filter(|found| found.level == Level::Controller).collect()
}
