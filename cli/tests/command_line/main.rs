//! The binary as its users and Helm run it: exit codes, streams, files.

#![allow(clippy::disallowed_methods, reason = "tests write their own input files")]

mod check;
mod cluster_context;
mod crd;
mod documents;
mod exit_codes;
mod formats;
mod grants_infer;
mod import;
mod inputs;
mod organizations;
mod outputs;
mod ownership;
mod ownership_context;
mod plan;
mod post_render;
mod process;
mod reference;
mod render;
mod report_file;
mod trace;
