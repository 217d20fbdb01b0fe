//! The tables, for the terminal and for docs/benchmarks.md.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use gatewright_tests::peers::Helm;

use crate::ROUNDS;
use crate::measure::{Cost, Measured, Memory};
use crate::page::{bytes, f64_of, milliseconds, ratio, table};

/// Everything that was measured.
pub struct Results {
    /// The machine, as Linux names it.
    pub machine: String,
    /// What each Helm says its version is.
    pub helms: Vec<String>,
    pub beside_helm: Vec<Size>,
    pub alone: Vec<Alone>,
    pub stages: Stages,
}

/// Every way to the same objects.
pub struct Size {
    pub services: usize,
    /// The first is `gatewright render`, which all others are compared to.
    pub measured: Vec<Measured>,
    /// How many objects each of the outputs holds.
    pub objects: usize,
}

/// A render of values that Helm does not render too.
pub struct Alone {
    pub what: &'static str,
    pub count: usize,
    pub cost: Cost,
}

/// Where the time of one render goes.
pub struct Stages {
    pub services: usize,
    /// Wall time of the whole command.
    pub render: Duration,
    pub times: Vec<(&'static str, Duration)>,
}

/// All tables as Markdown.
pub fn tables(results: &Results) -> String {
    let Results { machine, helms, beside_helm, alone, stages } = results;
    let head = format!(
        "{machine}. Helm {}. Medians of {ROUNDS} runs; memory is the largest of them.\n",
        helms.join(" and ")
    );
    let same: Vec<String> = beside_helm
        .iter()
        .map(|Size { services: _, measured, objects }| {
            format!("{objects} objects, the same in all {} outputs.", measured.len())
        })
        .collect();
    [
        head,
        table(
            "services | program | wall | CPU | peak memory | output | wall, times `render` | CPU | memory",
            &beside_helm.iter().flat_map(rows_beside_helm).collect::<Vec<_>>(),
        ),
        same.join("\n") + "\n",
        table(
            "values | wall | CPU | peak memory | output | wall for each",
            &alone.iter().map(row_alone).collect::<Vec<_>>(),
        ),
        table("stage | time | share", &rows_of_stages(stages)),
    ]
    .join("\n")
}

/// What a Helm says its version is.
pub fn version(helm: &Helm) -> Result<String> {
    let said = helm.command(&["version", "--short"]).output().context("asking Helm its version")?;
    ensure!(said.status.success(), "Helm {} ended with {}", helm.version, said.status);
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

fn rows_beside_helm(size: &Size) -> impl Iterator<Item = String> {
    let Size { services, measured, objects: _ } = size;
    let first = measured[0].cost;
    measured.iter().map(move |Measured { name, output: _, cost }| {
        let memory = match (cost.memory, first.memory) {
            (Memory::Peak(memory), Memory::Peak(first)) => format!("{:.1}×", bytes(memory) / bytes(first)),
            (Memory::AtMost(_), _) | (_, Memory::AtMost(_)) => "?".to_owned(),
        };
        format!(
            "| {services} | {name} | {} | {:.1}× | {:.1}× | {memory} |",
            columns(cost),
            ratio(cost.wall, first.wall),
            ratio(cost.cpu, first.cpu),
        )
    })
}

fn row_alone(Alone { what, count, cost }: &Alone) -> String {
    let each = cost.wall.as_secs_f64() * 1e6 / f64_of(*count);
    format!("| {count} {what} | {} | {each:.2} µs |", columns(cost))
}

fn rows_of_stages(Stages { services, render, times }: &Stages) -> Vec<String> {
    let known: Duration = times.iter().map(|(_, time)| *time).sum();
    let rest = (
        "the process itself: start, reading and writing files, first use of memory",
        render.saturating_sub(known),
    );
    let mut rows: Vec<String> = times
        .iter()
        .chain([&rest])
        .map(|(name, time)| {
            format!("| {name} | {} | {:.0} % |", milliseconds(*time), ratio(*time, *render) * 100.0)
        })
        .collect();
    rows.push(format!("| `gatewright render`, {services} services | {} | 100 % |", milliseconds(*render)));
    rows
}

fn columns(cost: &Cost) -> String {
    let Cost { wall, cpu, memory, bytes: output } = cost;
    let memory = match memory {
        Memory::Peak(memory) => format!("{:.1} MB", bytes(*memory) / 1e6),
        Memory::AtMost(own) => format!("at most {:.1} MB", bytes(*own) / 1e6),
    };
    format!("{} | {} | {memory} | {:.2} MB", milliseconds(*wall), milliseconds(*cpu), bytes(*output) / 1e6)
}
