//! `gatewright schema`: the JSON Schema of the values.

use clap::Args;

use crate::exit::Exit;
use crate::report::{self, Report};

/// Print the JSON Schema of the values
///
/// Draft-07, as Helm and editors read it; the same as the chart's `values.schema.json`.
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Example:
  gatewright schema > values.schema.json")]
pub(crate) struct Arguments {}

pub(crate) fn run() -> Exit {
    let schema = gatewright_core::values::schema();
    report::finish(Report::default(), &report::Arguments::default(), "the schema", |stdout| {
        writeln!(stdout, "{schema:#}")
    })
}
