//! `gatewright completions`: scripts that teach a shell our arguments.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::args;
use crate::exit::Exit;
use crate::report::{self, Report};

/// Print the completion script of a shell
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Examples:
  gatewright completions bash > /etc/bash_completion.d/gatewright
  gatewright completions zsh > \"${fpath[1]}/_gatewright\"")]
pub(crate) struct Arguments {
    /// The shell to print it for
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    // The generator panics when its writer fails, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut args::Arguments::command(), "gatewright", &mut script);
    report::finish(Report::default(), &report::Arguments::default(), "the completion script", |stdout| {
        stdout.write_all(&script)
    })
}
