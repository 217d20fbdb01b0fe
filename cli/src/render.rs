//! `gatewright render`: values to manifests, without Helm.

mod output;
mod spool;

use std::io;

use clap::Args;
use gatewright_core::Rendered;
use gatewright_core::diagnostic::has_errors;
use gatewright_core::stream::{self, Streamed};

use crate::exit::Exit;
use crate::report::{self, Report};
use crate::values::{self, Merged};
use output::Output;
use spool::Spool;

/// Turn values into Gateway API manifests, without Helm
///
/// Values are merged over the chart's own defaults as Helm does it: maps are merged, lists replaced,
/// null deletes. Manifests go to stdout, diagnostics to stderr in the format that --format names, and
/// to the file of --report as well.
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Examples:
  gatewright render -f values.yaml -n edge | kubectl apply -f -
  gatewright render -f values.yaml -f organizations.ndjson > manifests.yaml
  gatewright render -f base.yaml -f production.yaml --set gateway.className=istio -o json
  gatewright render -f - --format github < values.yaml")]
pub(crate) struct Arguments {
    #[command(flatten)]
    values: values::Arguments,
    /// How manifests are written
    #[arg(short = 'o', long, value_enum, default_value_t, value_name = "OUTPUT")]
    output: Output,
    #[command(flatten)]
    report: report::Arguments,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Arguments { values, output, report: destination } = arguments;
    let mut diagnostics = Vec::new();
    let inputs = values.read(&[], &mut diagnostics);
    let Some(merged) = values.merge(&inputs.own, &inputs.flags, &mut diagnostics) else {
        let report = Report::unusable(inputs.all(), diagnostics);
        return report::finish(report, destination, "manifests", |_| Ok(()));
    };
    let Merged { root, organizations } = merged;
    let Some(organizations) = organizations else {
        let Rendered { manifests, diagnostics: found } =
            gatewright_core::render(root, &values.scope(), output.format());
        diagnostics.extend(found);
        let faulty = has_errors(&diagnostics);
        let objects = if faulty { 0 } else { manifests.list.len() };
        let report = Report::of(inputs.all(), diagnostics, objects);
        return report::finish(report, destination, "manifests", |stdout| {
            if faulty {
                return Ok(());
            }
            let mut write = |text: &str| stdout.write_all(text.as_bytes());
            let format = output.format();
            format.add(&manifests, 0, &mut write)?;
            format.end(manifests.list.len(), &mut write)
        });
    };
    let mut spool = Spool::new(output.format());
    let Streamed { diagnostics: found, is_parsed } =
        stream::render(root, organizations, &values.scope(), output.format(), |manifests| {
            spool.add(manifests);
        });
    diagnostics.extend(found);
    let kept = spool.close(&mut diagnostics);
    let inputs = inputs.all();
    let Some((objects, mut text)) = kept.filter(|_| is_parsed) else {
        let report = Report::unusable(inputs, diagnostics);
        return report::finish(report, destination, "manifests", |_| Ok(()));
    };
    let faulty = has_errors(&diagnostics);
    let report = Report::of(inputs, diagnostics, if faulty { 0 } else { objects });
    report::finish(report, destination, "manifests", |stdout| {
        if faulty { Ok(()) } else { io::copy(&mut text, stdout).map(|_| ()) }
    })
}
