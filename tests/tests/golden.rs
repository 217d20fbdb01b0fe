//! Every golden case renders to the bytes that lie beside it.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::fmt::Write as _;
use std::fs;

use gatewright_core::profile;
use gatewright_tests::golden::{self, Settings, cases, hold, names_in, root};

#[test]
fn every_case_renders_as_written_down() {
    let mut faults = Vec::new();
    for case in cases() {
        let values = fs::read_to_string(&case.values).expect("a case has values");
        let mut reports: Vec<(Vec<&str>, String)> = Vec::new();
        for word in &case.profiles {
            assert!(word == "auto" || profile::named(word).is_some(), "{}: no profile {word}", case.name);
            let rendering = golden::render(&values, Settings { profile: word, ..Settings::default() });
            assert_eq!(rendering.failed(), rendering.objects.is_empty(), "{}: {word}", case.name);
            faults.extend(hold(&case.folder.join(format!("{word}.yaml")), &rendering.manifests).err());
            let report = rendering.report();
            match reports.iter_mut().find(|(_, said)| *said == report) {
                Some((words, _)) => words.push(word),
                None => reports.push((vec![word], report)),
            }
        }
        let report = reports.iter().fold(String::new(), |mut text, (words, report)| {
            let _ =
                write!(text, "{}# {}\n{report}", if text.is_empty() { "" } else { "\n" }, words.join(", "));
            text
        });
        faults.extend(hold(&case.folder.join("report.txt"), &report).err());
    }
    assert!(faults.is_empty(), "{} files differ:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_example_of_the_chart_is_a_case() {
    for example in names_in(&root().join("chart/examples")) {
        let name = example.strip_suffix(".yaml").expect("examples are YAML");
        assert!(cases().iter().any(|case| case.name == name), "tests/golden/{name} is missing");
    }
}

#[test]
fn every_profile_has_a_case() {
    let cases = cases();
    for word in profile::WORDS {
        assert!(cases.iter().any(|case| case.profiles.iter().any(|found| found == word)), "{word}");
    }
}

/// Libraries that are not ours read our YAML as we do.
#[test]
fn another_reader_reads_the_same() {
    for case in cases() {
        for word in &case.profiles {
            let values = fs::read_to_string(&case.values).expect("a case has values");
            for object in golden::render(&values, Settings { profile: word, ..Settings::default() }).objects {
                let other: serde_json::Value = serde_yaml::from_str(&object.text).expect("our YAML is YAML");
                assert_eq!(other, object.json, "{}: {word}: {} {}", case.name, object.kind, object.name);
            }
        }
    }
}
