//! What we render for Envoy Gateway is accepted by it, and real requests reach the right upstream.
//!
//! Every example of the chart, and values that show one thing each, are rendered by the real binary
//! and applied as they are, in the profile's own way and by the relay.

#![allow(clippy::disallowed_methods, reason = "tests read files, clocks and their environment")]
#![allow(clippy::print_stdout, reason = "counts and times are worth a look with --nocapture")]

#[path = "e2e_dataplane/case.rs"]
mod case;
#[path = "e2e_dataplane/conditions.rs"]
mod conditions;
#[path = "e2e_dataplane/examples.rs"]
mod examples;
#[path = "e2e_dataplane/features.rs"]
mod features;
#[path = "e2e_dataplane/stage.rs"]
mod stage;
#[path = "e2e_dataplane/tenants.rs"]
mod tenants;

use std::path::Path;

use anyhow::Result;

use stage::{By, stage};

#[test]
fn serves_every_example() -> Result<()> {
    stage()?.run_all(&examples::CASES, By::Profile)
}

#[test]
fn serves_every_example_by_the_relay() -> Result<()> {
    stage()?.run_all(&examples::CASES, By::Relay)
}

#[test]
fn serves_every_example_of_tenants() -> Result<()> {
    stage()?.run_all(&tenants::CASES, By::Profile)
}

#[test]
fn serves_every_feature() -> Result<()> {
    stage()?.run_all(&features::CASES, By::Profile)
}

#[test]
fn serves_what_needs_no_relay() -> Result<()> {
    stage()?.run_all(&features::WITHOUT_RELAY, By::Profile)
}

#[test]
fn serves_every_feature_by_the_relay() -> Result<()> {
    stage()?.run_all(&features::CASES, By::Relay)
}

#[test]
fn keeps_the_host_that_no_filter_can_change() -> Result<()> {
    stage()?.run_all(&features::HOST_KEPT, By::Relay)
}

#[test]
fn every_example_has_a_case() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(examples::FOLDER);
    let mut files: Vec<String> = folder
        .read_dir()?
        .map(|entry| Ok(format!("{}/{}", examples::FOLDER, entry?.file_name().display())))
        .collect::<Result<_>>()?;
    files.sort();
    let cases = examples::CASES.iter().chain(&tenants::CASES);
    let mut values: Vec<&str> = cases.map(|case| case.values).collect();
    values.sort_unstable();
    assert_eq!(values, files);
    Ok(())
}
