//! Conformance reports as Rust.

use std::fmt::Write as _;

use anyhow::Result;

use super::conformance::{Claims, Report, Reports};

const HEAD: &str = "\
//! What controllers report of themselves. Written by `cargo xtask codegen`.

use super::report::{Claims, Report};

";

pub(super) fn write(reports: &Reports) -> Result<String> {
    let Reports { module, of_profiles } = reports;
    let mut text = format!(
        "{HEAD}/// The module that the reports are of.\n\
         pub(super) const MODULE: &str = \"sigs.k8s.io/gateway-api/conformance v{module}\";\n\n\
         /// Each profile's report.\npub(super) static REPORTS: &[(&str, Report)] = &[\n"
    );
    for (profile, report) in of_profiles {
        let Report { path, gateway_api, channel, version, mode, claims } = report;
        writeln!(
            text,
            "({profile:?}, Report {{\n    path: {path:?},\n    gateway_api: {gateway_api:?},\n    \
             channel: {channel:?},\n    version: {version:?},\n    mode: {mode:?},\n    claims: &["
        )?;
        for Claims { profile, skipped, supported, unsupported } in claims {
            writeln!(
                text,
                "        Claims {{ profile: {profile:?},\n            skipped: &{skipped:?},\n            \
                 supported: &{supported:?},\n            unsupported: &{unsupported:?} }},"
            )?;
        }
        writeln!(text, "    ],\n}}),")?;
    }
    text.push_str("];\n");
    Ok(text)
}
