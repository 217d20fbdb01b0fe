//! `gatewright crds`: the CustomResourceDefinitions of our own kinds.

use clap::Args;
use gatewright_core::ownership::crds;
use gatewright_core::tree::yaml;

use crate::exit::Exit;
use crate::report::{self, Report};

/// Print the CustomResourceDefinitions of HostnameGrant, DomainClaim and the other kinds of gatewright.dev
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Example:
  gatewright crds | kubectl apply --server-side -f -")]
pub(crate) struct Arguments {}

pub(crate) fn run() -> Exit {
    let mut text = String::new();
    for crd in crds() {
        text.push_str("---\n");
        yaml::write(&crd, &mut text);
    }
    report::finish(Report::default(), &report::Arguments::default(), "the CRDs", |out| {
        out.write_all(text.as_bytes())
    })
}
