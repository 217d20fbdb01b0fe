//! `gatewright render`: values to manifests, without Helm.

mod output;
mod spool;

use std::io;
use std::path::PathBuf;

use clap::Args;
use gatewright_core::diagnostic::{Diagnostic, has_errors};
use gatewright_core::stream::{self, Streamed};
use gatewright_core::{Manifests, Rendered};

use crate::exit::Exit;
use crate::input::Input;
use crate::ownership::{Cluster, Flags, only_with_context};
use crate::report::{self, Report};
use crate::values::{self, Inputs, Merged};
use output::Output;
use spool::Spool;

/// Turn values into Gateway API manifests, without Helm
///
/// Values are merged over the chart's own defaults as Helm does it: maps are merged, lists replaced,
/// null deletes. Manifests go to stdout, diagnostics to stderr in the format that --format names, and
/// to the file of --report as well.
#[derive(Args)]
#[group(skip)]
#[command(
    mut_args(only_with_context),
    after_help = "\
Examples:
  gatewright render -f values.yaml -n edge | kubectl apply -f -
  gatewright render -f values.yaml -f organizations.ndjson > manifests.yaml
  gatewright render -f base.yaml -f production.yaml --set gateway.className=istio -o json
  gatewright render -f values.yaml -n edge --context cluster/ > manifests.yaml
  gatewright render -f - --format github < values.yaml"
)]
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
    report: report::Arguments,
    #[command(flatten)]
    ownership: Flags,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Arguments { values, output, context, ownership: _, report: destination } = arguments;
    if !context.is_empty() {
        return for_cluster(arguments);
    }
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
        return write(arguments, inputs.all(), diagnostics, &manifests);
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

/// Grants and claims are asked of everything at once: organizations of a stream are read as a list.
fn for_cluster(arguments: &Arguments) -> Exit {
    let Arguments { values, output, context, ownership, report: destination } = arguments;
    let refused = |report| report::finish(report, destination, "manifests", |_| Ok(()));
    if let Some(fault) = values.stdin_again(context) {
        return refused(Report::unusable(Vec::new(), vec![fault]));
    }
    let cluster = match Cluster::read(ownership, context) {
        Ok(cluster) => cluster,
        Err(report) => return refused(report),
    };
    let mut diagnostics = cluster.warnings.clone();
    let inputs = values.read(&[], &mut diagnostics);
    let merged = values.merge(&inputs.own, &inputs.flags, &mut diagnostics);
    let root = merged.and_then(|merged| merged.whole(&mut diagnostics));
    // A place names values files and flags by their index; the context comes after them.
    let all =
        |inputs: Inputs, cluster: Cluster| inputs.all().into_iter().chain(cluster.into_inputs()).collect();
    let Some(root) = root else {
        return refused(Report::unusable(all(inputs, cluster), diagnostics));
    };
    let (scope, format) = (values.scope(), output.format());
    let Rendered { manifests, diagnostics: found } =
        cluster.with(|cluster| gatewright_core::render_for(root, &scope, format, cluster));
    diagnostics.extend(found);
    write(arguments, all(inputs, cluster), diagnostics, &manifests)
}

/// Ends a run that came to manifests, or to errors.
fn write(
    arguments: &Arguments,
    inputs: Vec<Input>,
    diagnostics: Vec<Diagnostic>,
    manifests: &Manifests,
) -> Exit {
    let faulty = has_errors(&diagnostics);
    let report = Report::of(inputs, diagnostics, if faulty { 0 } else { manifests.list.len() });
    report::finish(report, &arguments.report, "manifests", |stdout| {
        if faulty {
            return Ok(());
        }
        let mut write = |text: &str| stdout.write_all(text.as_bytes());
        let format = arguments.output.format();
        format.add(manifests, 0, &mut write)?;
        format.end(manifests.list.len(), &mut write)
    })
}
