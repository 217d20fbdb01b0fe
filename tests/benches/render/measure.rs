//! What one run of a program costs.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use wait4::Wait4 as _;

/// A command line that is measured.
pub struct Contender {
    pub name: String,
    pub command: Command,
    /// What it reads on stdin; nothing where absent.
    pub input: Option<PathBuf>,
    /// Where its first output is kept.
    pub output: PathBuf,
}

/// Medians over all runs of a contender; processes that it started and waited for count as its own.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub wall: Duration,
    /// User and system time.
    pub cpu: Duration,
    /// The largest of any run, in bytes. Linux counts a process's memory from before it becomes
    /// another program, so it is never below that of the benchmark itself (about 4 MB).
    pub memory: u64,
    /// Bytes on stdout.
    pub bytes: u64,
}

/// A contender and what it cost.
pub struct Measured {
    pub name: String,
    pub output: PathBuf,
    pub cost: Cost,
}

/// Runs each contender once to keep its output, then `rounds` times in a row: in turn, each would
/// pay for the memory and the caches that the one before it left.
pub fn measure(contenders: Vec<Contender>, rounds: usize) -> Result<Vec<Measured>> {
    contenders.into_iter().map(|contender| measure_one(contender, rounds)).collect()
}

fn measure_one(mut contender: Contender, rounds: usize) -> Result<Measured> {
    let output = File::create(&contender.output)
        .with_context(|| format!("creating {}", contender.output.display()))?;
    once(&mut contender, output.into())?;
    let runs: Vec<Run> = (0..rounds).map(|_| once(&mut contender, Stdio::null())).collect::<Result<_>>()?;
    let Contender { name, command: _, input: _, output } = contender;
    let cost = cost(&output, &runs)?;
    Ok(Measured { name, output, cost })
}

#[derive(Clone, Copy)]
struct Run {
    wall: Duration,
    cpu: Duration,
    memory: u64,
}

fn once(contender: &mut Contender, output: Stdio) -> Result<Run> {
    let input = match &contender.input {
        Some(path) => File::open(path).with_context(|| format!("opening {}", path.display()))?.into(),
        None => Stdio::null(),
    };
    contender.command.stdin(input).stdout(output).stderr(Stdio::null());
    let start = Instant::now();
    let child = contender.command.spawn().with_context(|| format!("starting {}", contender.name))?;
    let used = child.wait4().with_context(|| format!("waiting for {}", contender.name))?;
    let wall = start.elapsed();
    ensure!(used.status.success(), "{} ended with {}", contender.name, used.status);
    Ok(Run { wall, cpu: used.rusage.utime + used.rusage.stime, memory: used.rusage.maxrss })
}

fn cost(output: &Path, runs: &[Run]) -> Result<Cost> {
    let bytes = output.metadata().with_context(|| format!("looking at {}", output.display()))?.len();
    Ok(Cost {
        wall: median(runs.iter().map(|run| run.wall)),
        cpu: median(runs.iter().map(|run| run.cpu)),
        memory: runs.iter().map(|run| run.memory).max().unwrap_or_default(),
        bytes,
    })
}

/// The middle one; the upper of two.
pub fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
