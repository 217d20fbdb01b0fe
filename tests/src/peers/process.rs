//! Programs that run for a while, and programs that answer.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

/// Time between two looks at something that should become true.
const PAUSE: Duration = Duration::from_millis(50);

/// Lines of a server's log that an error repeats.
const LOG_LINES: usize = 30;

/// What a program said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Said {
    /// The same, or an error with what it said if it failed.
    pub fn succeeded(self) -> Result<Self> {
        ensure!(self.status.success(), "{}: {}{}", self.status, self.stdout, self.stderr);
        Ok(self)
    }
}

/// Runs a program to its end with `input` on its stdin.
pub(crate) fn ask(command: &mut Command, input: &str) -> Result<Said> {
    let name = name(command);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {name}"))?;
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input = input.to_owned();
    // Written beside the reading, so that neither side waits for a full pipe. A program that ends
    // without reading everything is judged by its status.
    let writer = thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().with_context(|| format!("waiting for {name}"))?;
    let _ = writer.join();
    Ok(Said {
        status: output.status,
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Waits until `look` gives a value; its last error is in ours when `limit` has passed.
pub fn wait_until<T>(what: &str, limit: Duration, mut look: impl FnMut() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    loop {
        match look() {
            Ok(value) => return Ok(value),
            Err(error) if start.elapsed() > limit => {
                return Err(error.context(format!("waited {} s for {what}", limit.as_secs())));
            }
            Err(_) => thread::sleep(PAUSE),
        }
    }
}

/// A server that logs into a file and is killed with the value.
#[derive(Debug)]
pub(crate) struct Server {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Server {
    pub(crate) fn start(command: &mut Command, name: &str, log: &Path) -> Result<Self> {
        let file = File::create(log).with_context(|| format!("making {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("starting {name}"))?;
        Ok(Self { name: name.to_owned(), child, log: log.to_owned() })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits like [`wait_until`], but gives up at once when the server has ended.
    pub(crate) fn wait_until<T>(
        &mut self,
        what: &str,
        limit: Duration,
        mut look: impl FnMut() -> Result<T>,
    ) -> Result<T> {
        let start = Instant::now();
        loop {
            let error = match look() {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status} before {what}; its log ends\n{}", self.name, self.log_end());
            }
            if start.elapsed() > limit {
                let log = self.log_end();
                return Err(error.context(format!(
                    "waited {} s for {what} of {}; its log ends\n{log}",
                    limit.as_secs(),
                    self.name
                )));
            }
            thread::sleep(PAUSE);
        }
    }

    pub(crate) fn log_end(&self) -> String {
        let text = fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
    }
}

impl Drop for Server {
    /// Kills rather than asks: a server's data is temporary, and an API server that is asked to stop
    /// may wait for minutes for its clients.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Kills servers when this process ends without dropping them: on a signal, an abort, or when
/// they live in a `static`. A shell holds the end of a pipe that closes with us.
#[derive(Debug)]
pub(crate) struct Watchdog(Child);

impl Watchdog {
    /// Also removes `folder`, unless `GATEWRIGHT_KEEP` is set.
    pub(crate) fn start(servers: &[&Server], folder: &Path) -> Result<Self> {
        const SCRIPT: &str = r#"
            trap '' INT HUP
            folder=$1; shift
            cat >/dev/null
            kill -KILL "$@" 2>/dev/null
            [ -n "$GATEWRIGHT_KEEP" ] || rm -rf "$folder""#;
        let child = Command::new("sh")
            .args(["-c", SCRIPT, "watchdog"])
            .arg(folder)
            .args(servers.iter().map(|server| server.id().to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting the watchdog")?;
        Ok(Self(child))
    }
}

impl Drop for Watchdog {
    /// Dropped before its servers: once they are gone, their numbers may be another's.
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned()
}
