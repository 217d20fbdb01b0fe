//! `plan --emit`: what the data plane's installer needs, in place of the plan.

use clap::ValueEnum;
use gatewright_core::data_plane::DataPlane;
use gatewright_core::diagnostic::has_errors;

use crate::exit::Exit;
use crate::report::{self, Report};
use crate::values;

/// Whose data plane on the nodes' own network.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Emit {
    /// Values of Higress's Helm chart
    HigressValues,
    /// An `EnvoyProxy` of Envoy Gateway
    EnvoyProxy,
}

/// Writes it to stdout, and diagnostics where those of a plan go.
pub(super) fn run(emit: Emit, values: &values::Arguments, destination: &report::Arguments) -> Exit {
    let form = match emit {
        Emit::HigressValues => DataPlane::HigressValues,
        Emit::EnvoyProxy => DataPlane::EnvoyProxy,
    };
    let mut diagnostics = Vec::new();
    let inputs = values.read(&[], &mut diagnostics);
    let merged = values.merge(&inputs.own, &inputs.flags, &mut diagnostics);
    let Some(root) = merged.and_then(|merged| merged.whole(&mut diagnostics)) else {
        let report = Report::unusable(inputs.all(), diagnostics);
        return report::finish(report, destination, "the data plane", |_| Ok(()));
    };
    let (text, found) = gatewright_core::data_plane(root, &values.scope(), form);
    diagnostics.extend(found);
    let objects = usize::from(!has_errors(&diagnostics));
    let report = Report::of(inputs.all(), diagnostics, objects);
    report::finish(report, destination, "the data plane", |stdout| stdout.write_all(text.as_bytes()))
}
