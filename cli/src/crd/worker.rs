//! The child as its run sees it: asked, timed, ended, and started anew.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use gatewright_crd::Step;

use super::protocol::{Said, Sent};
use super::{child, limits};

/// Lines that a child may be ahead of its run.
const AHEAD: usize = 64;

/// A child under way.
pub(super) struct Worker {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
    /// The versions that it is ready for.
    pub(super) loaded: BTreeSet<usize>,
}

/// A child that gave no answer, and is no more.
pub(super) struct Ended {
    /// The step that it was at.
    pub(super) step: Option<Step>,
    /// What ended it, for example `it took longer than 5 s`.
    pub(super) why: String,
}

impl Worker {
    pub(super) fn start() -> Result<Self> {
        let program = std::env::current_exe().context("looking for this program's own file")?;
        let mut child = Command::new(&program)
            .arg(child::ARGUMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A child that aborts says so there; what ended it is told in a diagnostic.
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {} once more", program.display()))?;
        let stdin = child.stdin.take().context("a child with a pipe has one")?;
        let stdout = child.stdout.take().context("a child with a pipe has one")?;
        let (sender, lines) = sync_channel(AHEAD);
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, stdin, lines, loaded: BTreeSet::new() })
    }

    /// Asks, and waits for the answer: so long for its first line, and no longer than a step may take for what
    /// comes after one was begun. A child that ended gives none, and can be asked no more.
    pub(super) fn ask(&mut self, request: &Sent<'_, '_>, limit: Duration) -> Result<Said, Ended> {
        let mut step = None;
        // One that cannot be written to has ended; that shows when it is listened to.
        let _ = self.send(request);
        loop {
            let limit = if step.is_some() { limits::STEP } else { limit };
            let line = match self.lines.recv_timeout(limit) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => {
                    let _ = self.child.kill();
                    let why = format!("it took longer than {} s", limit.as_secs());
                    return Err(Ended { step, why });
                }
                Err(RecvTimeoutError::Disconnected) => return Err(Ended { step, why: self.obituary() }),
            };
            match serde_json::from_str(&line) {
                Ok(Said::Begun(begun)) => step = Some(begun),
                Ok(said) => return Ok(said),
                Err(fault) => return Ok(Said::Unreadable(fault.to_string())),
            }
        }
    }

    fn send(&mut self, request: &Sent<'_, '_>) -> Result<()> {
        let mut line = serde_json::to_vec(request).context("writing a request")?;
        line.push(b'\n');
        self.stdin.write_all(&line).context("sending a request")
    }

    /// What ended the child.
    fn obituary(&mut self) -> String {
        let what = match self.child.wait() {
            Ok(status) => status.to_string(),
            Err(fault) => fault.to_string(),
        };
        format!(
            "it ended the process that it was evaluated in ({what}); a stack of {} MiB and the memory are bounded",
            limits::STACK_BYTES >> 20
        )
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It is at its end, or waits for a question that will not come.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
