//! Commands that only print what we know.

use crate::process::run;

#[test]
fn the_schema_is_json() {
    let run = run(&["schema"], "");
    assert_eq!(run.code, Some(0));
    let schema: serde_json::Value = serde_json::from_str(&run.stdout).expect("a schema is JSON");
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
}

#[test]
fn every_profile_has_a_line() {
    let run = run(&["profiles"], "");
    for profile in ["portable", "envoy-gateway", "gke"] {
        assert!(run.stdout.lines().any(|line| line.starts_with(profile)), "{}", run.stdout);
    }
}

#[test]
fn every_fact_of_a_profile_has_a_source() {
    let run = run(&["profiles", "--format", "json"], "");
    let profiles: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    for profile in profiles.as_array().expect("a list") {
        for fact in profile["facts"].as_array().expect("a list") {
            assert!(fact["source"].as_str().is_some_and(|source| !source.is_empty()), "{fact}");
        }
    }
}

#[test]
fn a_profile_prints_its_facts_with_their_sources() {
    let run = run(&["profiles", "cilium"], "");
    assert!(run.stdout.starts_with("cilium: "), "{}", run.stdout);
    assert!(run.stdout.contains("\nupstream named by DNS: relay\n  source: "), "{}", run.stdout);
}

#[test]
fn a_profile_prints_what_its_report_says() {
    let run = run(&["profiles", "traefik"], "");
    assert!(
        run.stdout.contains("\nreported as unsupported: BackendTLSPolicySANValidation, "),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("\n  source: reports/"), "{}", run.stdout);
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = run(&["completions", shell], "");
        assert_eq!(run.code, Some(0));
        assert!(run.stdout.contains("post-render"), "{shell}");
    }
}
