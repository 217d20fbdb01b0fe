//! `version`: what answers, and what it knows.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::{OPERATIONS, done, read};
use crate::diagnostic::Diagnostic;
use crate::profile;
use crate::release::Release;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    #[serde(rename = "op")]
    _op: IgnoredAny,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    version: &'static str,
    operations: [&'static str; OPERATIONS.len()],
    #[serde(rename = "gatewayAPI")]
    gateway_api: Vec<&'static str>,
    profiles: Vec<&'static str>,
}

pub(super) fn version(message: &str) -> Result<String, Diagnostic> {
    let Message { .. } = read(message)?;
    done(Version {
        version: env!("CARGO_PKG_VERSION"),
        operations: OPERATIONS,
        gateway_api: Release::ALL.iter().map(|release| release.name()).collect(),
        profiles: profile::PROFILES.iter().map(|profile| profile.word).collect(),
    })
}
