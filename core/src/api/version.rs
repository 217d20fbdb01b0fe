//! `version`: what answers, and what it knows.

use serde::Serialize;

use super::{OPERATIONS, done};
use crate::diagnostic::Diagnostic;
use crate::profile;
use crate::release::Release;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    version: &'static str,
    operations: [&'static str; OPERATIONS.len()],
    #[serde(rename = "gatewayAPI")]
    gateway_api: Vec<&'static str>,
    profiles: Vec<&'static str>,
}

pub(super) fn version(_: &str) -> Result<String, Diagnostic> {
    done(Version {
        version: env!("CARGO_PKG_VERSION"),
        operations: OPERATIONS,
        gateway_api: Release::ALL.iter().map(|release| release.name()).collect(),
        profiles: profile::PROFILES.iter().map(|profile| profile.word).collect(),
    })
}
