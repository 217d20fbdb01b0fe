//! The child: judges objects by CRDs in a process of its own, and may die of it.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;
use std::thread;

use anyhow::Context as _;
use gatewright_crd::{Judge, Step, refusals};

use super::limits;
use super::protocol::{Received, Request, Said};

/// The argument that makes this program a child. Not for users, so no part of its usage.
pub(super) const ARGUMENT: &str = "__judge-by-crd";

/// Whether this process was started as a child.
pub(crate) fn is_asked_for() -> bool {
    std::env::args_os().nth(1).is_some_and(|first| first == ARGUMENT)
}

/// Answers on stdout what comes on stdin, to its end.
pub(crate) fn run() -> ExitCode {
    let served = limits::set()
        .and_then(|()| {
            thread::Builder::new().stack_size(limits::STACK_BYTES).spawn(serve).context("starting a thread")
        })
        .map(thread::JoinHandle::join);
    match served {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn serve() -> io::Result<()> {
    let mut judges = BTreeMap::new();
    for line in io::stdin().lock().lines() {
        limits::allow_processor_time();
        let answer = match serde_json::from_str(&line?) {
            Ok(request) => answer(request, &mut judges),
            Err(fault) => Said::Unreadable(fault.to_string()),
        };
        say(&answer)?;
    }
    Ok(())
}

fn answer(request: Received, judges: &mut BTreeMap<usize, Judge>) -> Said {
    match request {
        Request::Define { definition, skip } => {
            Said::Found(refusals(&definition, &mut |step| begin(step, &skip)))
        }
        Request::Load { number, version } => match Judge::new(&version) {
            Ok(judge) => {
                judges.insert(number, judge);
                Said::Loaded
            }
            Err(fault) => Said::Broken(fault),
        },
        Request::Judge { number, object, old, skip } => {
            let Some(judge) = judges.get_mut(&number) else {
                return Said::Unreadable("no such version was loaded".to_owned());
            };
            Said::Found(judge.check(&object, old.as_ref(), &mut |step| begin(step, &skip)))
        }
    }
}

/// Tells that a step is begun, unless it is not to be.
fn begin(step: Step, skip: &[(Step, String)]) -> Result<(), String> {
    if let Some((_, why)) = skip.iter().find(|(skipped, _)| *skipped == step) {
        return Err(why.clone());
    }
    limits::allow_processor_time();
    say(&Said::Begun(step)).map_err(|fault| fault.to_string())
}

fn say(said: &Said) -> io::Result<()> {
    let mut line = serde_json::to_vec(said)?;
    line.push(b'\n');
    let mut stdout = io::stdout().lock();
    stdout.write_all(&line)?;
    stdout.flush()
}
