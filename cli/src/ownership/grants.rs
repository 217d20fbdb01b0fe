//! `gatewright grants infer`: the grants that today's objects would need.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use gatewright_core::diagnostic::has_errors;
use gatewright_core::ownership::{Context, PublicSuffixes, infer};
use gatewright_core::tree::yaml;

use super::settings::Flags;
use super::{context, unanswerable};
use crate::exit::Exit;
use crate::report::{self, Report};

/// Work with HostnameGrants
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Example:
  kubectl get gateways,listenersets,httproutes,grpcroutes,tlsroutes,ingresses -A -o yaml | gatewright grants infer -")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Infer(Box<Infer>),
}

/// Write the grants that objects would need which are there already
///
/// One a namespace for its routes, and one each for kinds that a grant must name. With them, every object that is given
/// is admitted; what no grant can permit is said.
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Example:
  kubectl get gateways,listenersets,httproutes,grpcroutes,tlsroutes,ingresses -A -o yaml | gatewright grants infer -")]
struct Infer {
    /// Objects: files, folders, `-` for stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    settings: Flags,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Verb::Infer(asked) = &arguments.verb;
    let settings = match asked.settings.settings() {
        Ok(settings) => settings,
        Err(fault) => return report::refuse(vec![unanswerable(fault)]),
    };
    let mut faults = Vec::new();
    let (objects, inputs) = context::read(&asked.files, &mut faults);
    if has_errors(&faults) {
        let report = Report::unusable(inputs, faults);
        return report::finish(report, &report::Arguments::default(), "the grants", |_| Ok(()));
    }
    let texts = objects.iter().map(String::as_str);
    let context = match Context::new(texts, None, PublicSuffixes::BuiltIn) {
        Ok(context) => context,
        Err((index, error)) => return report::refuse(vec![unanswerable(format!("object {index}: {error}"))]),
    };
    let (grants, diagnostics) = infer(&context, &settings);
    let report = Report::of(inputs, diagnostics, grants.len());
    let mut text = String::new();
    for grant in &grants {
        text.push_str("---\n");
        yaml::write(grant, &mut text);
    }
    report::finish(report, &report::Arguments::default(), "the grants", |out| out.write_all(text.as_bytes()))
}
