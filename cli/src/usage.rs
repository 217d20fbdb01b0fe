//! Answers that end a run before any command starts: help, version, wrong usage.

use std::ffi::OsString;
use std::io::{ErrorKind, Write};

use clap::error::{ContextValue, ErrorKind as Refusal};

use crate::exit::Exit;
use crate::input;
use crate::printable::printable;
use crate::report;

/// Prints help or version on stdout, or what is wrong with the arguments on stderr.
///
/// Helm 4 shows nobody its post-renderer's stderr, so a refusal of post-render arguments also goes to
/// the file that `GATEWRIGHT_REPORT` names; as text, since `--format` is among what was refused.
pub(crate) fn answer(mut error: clap::Error) -> Exit {
    fit_to_print(&mut error);
    if matches!(error.kind(), Refusal::DisplayHelp | Refusal::DisplayVersion) {
        return match error.print() {
            Err(fault) if fault.kind() != ErrorKind::BrokenPipe => {
                say(&format!("writing help to stdout: {fault}"));
                Exit::Unusable
            }
            _ => Exit::Fine,
        };
    }
    // A stderr that takes nothing leaves nowhere to say so; the exit code still tells.
    let _ = error.print();
    if is_post_render(std::env::args_os().nth(1))
        && let Some(file) = report::file_from_environment().filter(|file| !input::is_stdin(file))
        && let Err(fault) = report::write_file(&file, &error.render().to_string())
    {
        say(&format!("{fault:#}"));
    }
    Exit::Unusable
}

/// Prints help on stderr: with a terminal on stdin nobody is going to pipe anything in.
pub(crate) fn help_instead_of_waiting(command: &mut clap::Command) -> Exit {
    let _ = write!(anstream::stderr(), "{}", command.render_help().ansi());
    Exit::Unusable
}

/// Arguments are told as they came, and may hold what commands a terminal or starts a line.
fn fit_to_print(error: &mut clap::Error) {
    let told: Vec<_> = error.context().map(|(kind, value)| (kind, value.clone())).collect();
    for (kind, value) in told {
        let fit = match value {
            ContextValue::String(text) => ContextValue::String(printable(&text).into_owned()),
            ContextValue::Strings(texts) => {
                ContextValue::Strings(texts.iter().map(|text| printable(text).into_owned()).collect())
            }
            other => other,
        };
        error.insert(kind, fit);
    }
}

fn is_post_render(first: Option<OsString>) -> bool {
    first.is_none_or(|first| first == "post-render" || first.as_encoded_bytes().starts_with(b"-"))
}

fn say(words: &str) {
    let _ = writeln!(anstream::stderr(), "gatewright: {words}");
}
