//! `gatewright plan`: what will exist, and why.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use gatewright_core::diagnostic::has_errors;
use gatewright_core::plan::Plan;

use crate::exit::Exit;
use crate::report::{self, Format, Report};
use crate::{input, values};

/// Show what values lead to, and why: gateways, listeners, routes, backends, names
///
/// The plan goes to stdout (as JSON with --format json, else as text), diagnostics to stderr in the
/// format that --format names.
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Examples:
  gatewright plan -f values.yaml
  gatewright plan -f values.yaml --against <(git show HEAD:values.yaml)")]
pub(crate) struct Arguments {
    #[command(flatten)]
    values: values::Arguments,
    /// Show only what changes from the plan of this values file, under the same flags
    #[arg(long, value_name = "OLD")]
    against: Option<PathBuf>,
    #[command(flatten)]
    report: report::Arguments,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Arguments { values, against, report: destination } = arguments;
    let (mut diagnostics, mut old_diagnostics) = (Vec::new(), Vec::new());
    let inputs = values.read(&mut diagnostics);
    let next = u16::try_from(inputs.len()).unwrap_or(u16::MAX);
    let old_inputs: Vec<_> =
        against.iter().map(|file| input::read(file, next, &mut old_diagnostics)).collect();
    let root = values.merge(&inputs, &mut diagnostics);
    let old_root = values.merge(&old_inputs, &mut old_diagnostics);
    let (Some(root), Some(old_root)) = (root, old_root) else {
        diagnostics.extend(old_diagnostics);
        let inputs = inputs.into_iter().chain(old_inputs).collect();
        return report::finish(Report::unusable(inputs, diagnostics), destination, "the plan", |_| Ok(()));
    };
    let (plan, found) = gatewright_core::plan(root, &values.scope());
    diagnostics.extend(found);
    // What is wrong with the old values is the old values' business.
    let old = against.as_ref().map(|_| gatewright_core::plan(old_root, &values.scope()).0);
    let faulty = has_errors(&diagnostics);
    let inputs = inputs.into_iter().chain(old_inputs).collect();
    report::finish(Report::of(inputs, diagnostics, 0), destination, "the plan", |stdout| {
        if faulty { Ok(()) } else { print_plan(stdout, &plan, old.as_ref(), destination.format) }
    })
}

fn print_plan(stdout: &mut dyn Write, plan: &Plan, old: Option<&Plan>, format: Format) -> io::Result<()> {
    let _ = (stdout, plan, old, format);
    Ok(())
}
