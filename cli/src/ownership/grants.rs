//! `gatewright grants infer`: the grants that today's objects would need.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use gatewright_core::ownership::infer;
use gatewright_core::tree::yaml;

use super::context::Given;
use super::settings::RequestFlags;
use crate::exit::Exit;
use crate::report::{self, Report};

/// Work with HostnameGrants
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Example:
  kubectl get gateways,listenersets,httproutes,grpcroutes,tlsroutes,ingresses -A -o json | gatewright grants infer -")]
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
/// One a namespace for its routes, and one each for kinds that a grant must name; with `--claims require` also a
/// DomainClaim for each name that exactly one namespace uses, to be bound. With them, the objects that are given are
/// admitted; what stays denied all the same is said, and so is what more than one namespace uses.
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Example:
  kubectl get gateways,listenersets,httproutes,grpcroutes,tlsroutes,ingresses -A -o json | gatewright grants infer -")]
struct Infer {
    /// Objects: files, folders, `-` for stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    settings: RequestFlags,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Verb::Infer(asked) = &arguments.verb;
    let (report, text) = match inferred(asked) {
        Ok(inferred) => inferred,
        Err(report) => (report, String::new()),
    };
    report::finish(report, &report::Arguments::default(), "the grants", |out| out.write_all(text.as_bytes()))
}

fn inferred(asked: &Infer) -> Result<(Report, String), Report> {
    let given = Given::read(&asked.settings, &asked.files)?;
    let (grants, diagnostics) = infer(&given.context()?, &given.settings);
    let mut text = String::new();
    for grant in &grants {
        text.push_str("---\n");
        yaml::write(grant, &mut text);
    }
    let diagnostics = given.warnings.into_iter().chain(diagnostics).collect();
    Ok((Report::of(given.inputs, diagnostics, grants.len()), text))
}
