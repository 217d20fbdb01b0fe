//! The tables, for the terminal and for docs/benchmarks.md.

use std::io::{BufRead as _, BufReader, Read};

use anyhow::{Context as _, Result};
use gatewright_core::limits::OBJECT_BYTES_MAX;

use crate::measure::{Cost, Measured, Memory};
use crate::page::{bytes, f64_of, milliseconds, ratio, table};
use crate::{Case, ROUNDS};

/// A stream that was rendered.
pub struct Alone {
    pub case: Case,
    pub cost: Cost,
    pub shape: Shape,
}

/// Every way to the same objects.
pub struct Beside {
    pub organizations: usize,
    /// The first is `gatewright render`, which all others are compared to.
    pub measured: Vec<Measured>,
    /// How many objects each of the outputs holds.
    pub objects: usize,
}

/// What manifests come to.
pub struct Shape {
    objects: usize,
    largest: usize,
}

impl Shape {
    /// Counts the documents of a stream and their bytes.
    pub fn of(manifests: impl Read) -> Result<Self> {
        let mut shape = Self { objects: 0, largest: 0 };
        let mut reader = BufReader::with_capacity(1 << 20, manifests);
        let (mut line, mut own) = (Vec::new(), 0);
        loop {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).context("reading the manifests")?;
            if read == 0 || line == b"---\n" {
                shape.largest = shape.largest.max(own);
                own = 0;
                shape.objects += usize::from(read > 0);
            } else {
                own += read;
            }
            if read == 0 {
                return Ok(shape);
            }
        }
    }
}

/// All tables as Markdown.
pub fn tables(machine: &str, alone: &[Alone], beside: &[Beside]) -> String {
    let head = format!("{machine}. Medians of {ROUNDS} runs; memory is the largest of them.\n");
    let same: Vec<String> = beside
        .iter()
        .map(|Beside { organizations: _, measured, objects }| {
            format!("{objects} objects, the same in all {} outputs.", measured.len())
        })
        .collect();
    let most = format!("largest object, of {:.1} MiB", f64_of(OBJECT_BYTES_MAX) / f64_of(1 << 20));
    [
        head,
        table(
            &format!(
                "strategy | organizations | host names | wall | CPU | peak memory | objects | output | {most} | wall for each host name"
            ),
            &alone.iter().map(row).collect::<Vec<_>>(),
        ),
        table(
            "organizations | program | wall | CPU | peak memory | wall, times `render`",
            &beside.iter().flat_map(rows).collect::<Vec<_>>(),
        ),
        same.join("\n") + "\n",
    ]
    .join("\n")
}

fn row(Alone { case, cost, shape }: &Alone) -> String {
    let Case { strategy, organizations, services, .. } = case;
    let hostnames = organizations * services;
    let each = cost.wall.as_secs_f64() * 1e6 / f64_of(hostnames);
    format!(
        "| {strategy} | {organizations} | {hostnames} | {} | {} | {} | {} | {:.1} MB | {:.3} MB | {each:.2} µs |",
        milliseconds(cost.wall),
        milliseconds(cost.cpu),
        memory(cost),
        shape.objects,
        bytes(cost.bytes) / 1e6,
        f64_of(shape.largest) / 1e6,
    )
}

fn rows(beside: &Beside) -> impl Iterator<Item = String> {
    let Beside { organizations, measured, objects: _ } = beside;
    let first = measured.first().map(|first| first.cost.wall).unwrap_or_default();
    measured.iter().map(move |Measured { name, output: _, cost }| {
        format!(
            "| {organizations} | {name} | {} | {} | {} | {:.1}× |",
            milliseconds(cost.wall),
            milliseconds(cost.cpu),
            memory(cost),
            ratio(cost.wall, first),
        )
    })
}

fn memory(cost: &Cost) -> String {
    match cost.memory {
        Memory::Peak(peak) => format!("{:.1} MB", bytes(peak) / 1e6),
        Memory::AtMost(peak) => format!("at most {:.1} MB", bytes(peak) / 1e6),
    }
}
