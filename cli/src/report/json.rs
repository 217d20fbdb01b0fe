//! One JSON document, in the shape that `check --format json` has.

use gatewright_core::report::{Origin, of_texts};

use super::Report;
use crate::input::Input;

/// Prints one result an input.
pub(super) fn print(report: &Report) -> String {
    let origins: Vec<Origin<'_>> = report.inputs.iter().map(origin).collect();
    super::pretty(&of_texts(&origins, &report.diagnostics, report.objects))
}

fn origin(input: &Input) -> Origin<'_> {
    input.flag().map_or_else(|| Origin::File(input.name()), Origin::Flag)
}
