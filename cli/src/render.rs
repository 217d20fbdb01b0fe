//! `gatewright render`: values to manifests, without Helm.

mod output;
mod spool;

use std::io;
use std::path::PathBuf;

use clap::Args;
use gatewright_core::Rendered;
use gatewright_core::diagnostic::has_errors;
use gatewright_core::stream::{self, Streamed};

use crate::exit::Exit;
use crate::ownership::{Cluster, Flags};
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
  gatewright render -f values.yaml -n edge --context cluster/ > manifests.yaml
  gatewright render -f - --format github < values.yaml")]
pub(crate) struct Arguments {
    #[command(flatten)]
    values: values::Arguments,
    /// How manifests are written
    #[arg(short = 'o', long, value_enum, default_value_t, value_name = "OUTPUT")]
    output: Output,
    /// Objects that the cluster has: files or folders. Manifests are judged by the grants and claims among them
    #[arg(long, value_name = "DIR")]
    context: Vec<PathBuf>,
    #[command(flatten)]
    ownership: Flags,
    #[command(flatten)]
    report: report::Arguments,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Arguments { values, output, context, ownership, report: destination } = arguments;
    let cluster = match Cluster::read(ownership, context) {
        Ok(cluster) => cluster,
        Err(report) => return report::finish(report, destination, "manifests", |_| Ok(())),
    };
    let mut diagnostics = Vec::new();
    let noticed = cluster.as_ref().map(|cluster| cluster.warnings.clone());
    diagnostics.extend(noticed.into_iter().flatten());
    let inputs = values.read(&[], &mut diagnostics);
    let Some(merged) = values.merge(&inputs.own, &inputs.flags, &mut diagnostics) else {
        let report = Report::unusable(inputs.all(), diagnostics);
        return report::finish(report, destination, "manifests", |_| Ok(()));
    };
    // Grants and claims are asked of everything at once.
    let merged = match &cluster {
        Some(_) => merged.whole(&mut diagnostics).map(|root| Merged { root, organizations: None }),
        None => Some(merged),
    };
    let Some(Merged { root, organizations }) = merged else {
        let report = Report::unusable(inputs.all(), diagnostics);
        return report::finish(report, destination, "manifests", |_| Ok(()));
    };
    let Some(organizations) = organizations else {
        let (scope, format) = (values.scope(), output.format());
        let Rendered { manifests, diagnostics: found } = match &cluster {
            Some(cluster) => {
                cluster.with(|cluster| gatewright_core::render_for(root, &scope, format, cluster))
            }
            None => gatewright_core::render(root, &scope, format),
        };
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
