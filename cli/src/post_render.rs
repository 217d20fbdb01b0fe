//! `gatewright post-render`: the filter between Helm and the cluster.

use std::path::Path;

use clap::Args;
use gatewright_core::diagnostic::has_errors;
use gatewright_core::{PostRender, PostRendered};

use crate::exit::Exit;
use crate::input;
use crate::report::{self, Report};

/// Replace the carrier in Helm's output by Gateway API manifests (the default command)
///
/// Reads what Helm renders from stdin and writes it to stdout, with every carrier document (kind
/// `GatewayValues`) replaced by the manifests of its values. All other documents pass byte for byte.
/// With an error nothing is written to stdout, so that Helm applies nothing.
///
/// Helm 4 hides a post-renderer's stderr: name a file with --report, or with the environment
/// variable `GATEWRIGHT_REPORT` (empty counts as unset; no other command looks at it), to read the diagnostics. It is written
/// whether or not the run succeeds.
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Examples:
  helm upgrade --install web ./chart -f values.yaml --post-renderer gatewright
  helm template web ./chart -f values.yaml | gatewright post-render
  GATEWRIGHT_REPORT=/tmp/report.txt helm upgrade web ./chart --post-renderer gatewright")]
pub(crate) struct Arguments {
    /// Let a stream without any carrier pass unchanged, instead of refusing it
    #[arg(long)]
    allow_missing_carrier: bool,
    #[command(flatten)]
    report: report::Arguments,
}

pub(crate) fn run(arguments: Arguments) -> Exit {
    let Arguments { allow_missing_carrier, report: mut destination } = arguments;
    destination.report = destination.report.or_else(report::file_from_environment);

    let mut diagnostics = Vec::new();
    let stream = input::read(Path::new("-"), 0, &mut diagnostics);
    if has_errors(&diagnostics) {
        return report::finish(
            Report::unusable(vec![stream], diagnostics),
            &destination,
            "manifests",
            |_| Ok(()),
        );
    }
    let PostRendered { output, objects, mut diagnostics } =
        gatewright_core::post_render(&stream.text, &PostRender { allow_missing_carrier });
    let output = if has_errors(&diagnostics) { String::new() } else { output };
    for diagnostic in &mut diagnostics {
        // A payload holds no lines to show, but there is only one input that it can have come from.
        diagnostic.position.source = 0;
    }
    let report = Report::of(vec![stream], diagnostics, objects);
    report::finish(report, &destination, "manifests", |stdout| stdout.write_all(output.as_bytes()))
}
