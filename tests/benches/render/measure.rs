//! What one run of a program costs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Error, Result, anyhow};
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
    pub memory: Memory,
    /// Bytes on stdout.
    pub bytes: u64,
}

/// The largest of any run, in bytes.
#[derive(Clone, Copy, Debug)]
pub enum Memory {
    Peak(u64),
    /// No more than this, the benchmark's own peak: Linux counts a process's memory from before it
    /// becomes another program, so that a smaller peak than its parent's is not to be seen.
    AtMost(u64),
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
    keep(&mut contender)?;
    let runs: Vec<Run> = (0..rounds).map(|_| once(&mut contender, Stdio::null())).collect::<Result<_>>()?;
    let Contender { name, command: _, input: _, output } = contender;
    let cost = cost(&output, &runs)?;
    Ok(Measured { name, output, cost })
}

/// Runs a contender once, to have its output.
pub fn keep(contender: &mut Contender) -> Result<()> {
    let output = File::create(&contender.output)
        .with_context(|| format!("creating {}", contender.output.display()))?;
    once(contender, output.into()).map(drop)
}

#[derive(Clone, Copy)]
struct Run {
    wall: Duration,
    cpu: Duration,
    memory: u64,
}

fn once(contender: &mut Contender, output: Stdio) -> Result<Run> {
    contender.command.stdin(input(contender)?).stdout(output).stderr(Stdio::null());
    let start = Instant::now();
    let child = contender.command.spawn().with_context(|| format!("starting {}", contender.name))?;
    let used = child.wait4().with_context(|| format!("waiting for {}", contender.name))?;
    let wall = start.elapsed();
    if !used.status.success() {
        return Err(reason(contender, &used.status.to_string())?);
    }
    Ok(Run { wall, cpu: used.rusage.utime + used.rusage.stime, memory: used.rusage.maxrss })
}

fn input(contender: &Contender) -> Result<Stdio> {
    let Some(path) = &contender.input else { return Ok(Stdio::null()) };
    Ok(File::open(path).with_context(|| format!("opening {}", path.display()))?.into())
}

/// Runs a contender that failed once more, for what it says; nobody reads along while it is measured.
fn reason(contender: &mut Contender, status: &str) -> Result<Error> {
    contender.command.stdin(input(contender)?).stdout(Stdio::null()).stderr(Stdio::piped());
    let again = contender.command.output().with_context(|| format!("starting {} again", contender.name))?;
    let said = String::from_utf8_lossy(&again.stderr);
    Ok(anyhow!(
        "{} ended with {status}, and run again with {}:\n{}",
        contender.name,
        again.status,
        said.trim()
    ))
}

fn cost(output: &Path, runs: &[Run]) -> Result<Cost> {
    let bytes = output.metadata().with_context(|| format!("looking at {}", output.display()))?.len();
    let (peak, own) = (runs.iter().map(|run| run.memory).max().unwrap_or_default(), own_peak()?);
    Ok(Cost {
        wall: median(runs.iter().map(|run| run.wall)),
        cpu: median(runs.iter().map(|run| run.cpu)),
        memory: if peak > own { Memory::Peak(peak) } else { Memory::AtMost(own) },
        bytes,
    })
}

/// The most memory that this process ever had, in bytes.
fn own_peak() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("reading /proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    let kilobytes: u64 =
        peak.context("/proc/self/status names no VmHWM")?.parse().context("reading VmHWM")?;
    Ok(kilobytes * 1024)
}

/// The middle one; the upper of two.
pub fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
