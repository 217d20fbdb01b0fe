//! The tables, for the terminal and for docs/benchmarks.md.

use gatewright_core::limits::{OBJECT_BYTES_MAX, SECRET_BYTES_MAX};
use gatewright_core::summary::size::releases;

use crate::measure::{Cost, Measured, Memory};
use crate::page::{bytes, f64_of, milliseconds, ratio, table};
use crate::shape::Shape;
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

/// All tables as Markdown.
pub fn tables(machine: &str, alone: &[Alone], beside: &[Beside]) -> String {
    let head = format!("{machine}. Medians of {ROUNDS} runs; memory is the largest of them.\n");
    let same: Vec<String> = beside
        .iter()
        .map(|Beside { organizations: _, measured, objects }| {
            format!("{objects} objects, the same in all {} outputs.", measured.len())
        })
        .collect();
    let mebibytes = |bytes: usize| format!("{:.1} MiB", f64_of(bytes) / f64_of(1 << 20));
    let most = format!(
        "largest object, of {} | Helm's Secret of it all, of {} | releases",
        mebibytes(OBJECT_BYTES_MAX),
        mebibytes(SECRET_BYTES_MAX)
    );
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
    let Case { sharing, organizations, services } = case;
    let hostnames = organizations * services;
    let each = cost.wall.as_secs_f64() * 1e6 / f64_of(hostnames);
    format!(
        "| {} | {organizations} | {hostnames} | {} | {} | {} | {} | {:.1} MB | {:.3} MB | {:.2} MB | {} | {each:.2} µs |",
        sharing.words(),
        milliseconds(cost.wall),
        milliseconds(cost.cpu),
        memory(cost),
        shape.objects,
        bytes(cost.bytes) / 1e6,
        f64_of(shape.largest) / 1e6,
        f64_of(shape.stored) / 1e6,
        releases(shape.stored),
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
