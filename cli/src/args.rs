//! What a user may type, and which command answers it.
//!
//! Each command keeps its own arguments in its own file; this one puts them together.

use std::io::IsTerminal;

use clap::{CommandFactory, Parser, Subcommand};

use crate::exit::Exit;
use crate::ownership::{can_i, grants, review};
use crate::{
    check, completions, crds, explain, import, plan, post_render, profiles, render, schema, trace, usage,
};

const ABOUT: &str = "Helm values to Gateway API manifests";

const LONG_ABOUT: &str = "\
Helm values to Gateway API manifests.

Without a command, and with a stream on stdin, it is a Helm post-renderer: `gatewright` alone is the
same as `gatewright post-render`.

Data goes to stdout, words go to stderr.";

const AFTER_HELP: &str = "\
Exit codes:
  0  done; there may be warnings
  1  at least one diagnostic is an error; no manifest is written to stdout
  2  wrong usage, an input that cannot be read or parsed, an output that cannot be written

A reader that closes stdout early (`gatewright render … | head`) does not change the exit code.
Colours appear only on a terminal, and never with NO_COLOR set.

Examples:
  helm upgrade --install web ./chart -f values.yaml --post-renderer gatewright
  helm template web ./chart -f values.yaml | gatewright
  gatewright render -f values.yaml -n edge";

#[derive(Parser)]
#[command(
    name = "gatewright",
    version,
    about = ABOUT,
    long_about = LONG_ABOUT,
    after_help = AFTER_HELP,
    max_term_width = 110,
    args_conflicts_with_subcommands = true
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    post_render: post_render::Arguments,
}

#[derive(Subcommand)]
enum Command {
    PostRender(post_render::Arguments),
    Render(Box<render::Arguments>),
    Plan(Box<plan::Arguments>),
    Check(Box<check::Arguments>),
    Trace(Box<trace::Arguments>),
    Review(Box<review::Arguments>),
    CanI(can_i::Arguments),
    Grants(grants::Arguments),
    Import(import::Arguments),
    Explain(explain::Arguments),
    Rules(explain::RulesArguments),
    Schema(schema::Arguments),
    Crds(crds::Arguments),
    Profiles(profiles::Arguments),
    Completions(completions::Arguments),
}

/// Runs the command that was asked for.
pub(crate) fn run(arguments: Arguments) -> Exit {
    match arguments.command {
        Some(Command::PostRender(arguments)) => post_render::run(arguments),
        Some(Command::Render(arguments)) => render::run(&arguments),
        Some(Command::Plan(arguments)) => plan::run(&arguments),
        Some(Command::Check(arguments)) => check::run(&arguments),
        Some(Command::Trace(arguments)) => trace::run(&arguments),
        Some(Command::Review(arguments)) => review::run(&arguments),
        Some(Command::CanI(arguments)) => can_i::run(&arguments),
        Some(Command::Grants(arguments)) => grants::run(&arguments),
        Some(Command::Import(arguments)) => import::run(&arguments),
        Some(Command::Explain(arguments)) => explain::run(&arguments),
        Some(Command::Rules(arguments)) => explain::rules(&arguments),
        Some(Command::Schema(_)) => schema::run(),
        Some(Command::Crds(_)) => crds::run(),
        Some(Command::Profiles(arguments)) => profiles::run(&arguments),
        Some(Command::Completions(arguments)) => completions::run(&arguments),
        None if std::io::stdin().is_terminal() => usage::help_instead_of_waiting(&mut Arguments::command()),
        None => post_render::run(arguments.post_render),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_its_own_definition() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example_in_its_help() {
        let arguments = Arguments::command();
        for command in std::iter::once(&arguments).chain(arguments.get_subcommands()) {
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.contains("Example"), "`{}` has no example", command.get_name());
        }
    }
}
