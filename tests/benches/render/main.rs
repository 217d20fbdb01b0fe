//! `cargo xtask bench render`: Gatewright beside Helm's own templates, in one run.
//!
//! Helm 3 and 4 render a chart of Go templates that makes the same objects; that they are the same is
//! checked after each size. `--record` writes the tables to docs/benchmarks.md.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads files, clocks and its environment")]
#![allow(clippy::print_stdout, reason = "a benchmark talks to a terminal")]

mod measure;
mod objects;
mod page;
mod report;
mod stages;
mod values;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use gatewright_tests::peers::{self, Helm, Temporary};

use measure::{Contender, Measured, keep, measure};
use report::{Alone, Results, Size, Stages};

/// As in the command line, so that the stages cost what they cost there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Services of the values that Helm renders too. The stages are those of the last.
const SERVICES: [usize; 3] = [10, 1_000, 10_000];

/// Writes values with so many entries.
type Values = fn(usize, &mut dyn Write) -> io::Result<()>;

/// Values that Gatewright renders alone, to see how its cost grows.
const ALONE: [(&str, Values, usize); 5] = [
    ("services", values::services, 30_000),
    ("services", values::services, 100_000),
    ("host names", values::hostnames, 10_000),
    ("host names", values::hostnames, 100_000),
    ("host names", values::hostnames, 1_000_000),
];

/// Runs of each command line. Odd, so that a median is a run that took place.
const ROUNDS: usize = 9;

fn main() -> Result<()> {
    let recording = std::env::args().any(|word| word == "--record");
    let folder = Temporary::new("bench")?;
    let helms = [Helm::v3()?, Helm::v4()?];
    let gatewright = peers::gatewright()?;

    let mut sizes = Vec::new();
    for services in SERVICES {
        println!("{services} services, {ROUNDS} rounds");
        sizes.push((services, beside_helm(services, &folder, &gatewright, &helms)?));
    }
    let mut alone = Vec::new();
    for (what, values, count) in ALONE {
        println!("{count} {what} alone, {ROUNDS} rounds");
        let input = write(&folder, "alone.yaml", values, count)?;
        let contender = Contender {
            name: "gatewright render".into(),
            command: render(&gatewright, &input),
            input: None,
            output: folder.path().join("alone.out"),
        };
        alone.push(Alone { what, count, cost: measure(vec![contender], ROUNDS)?[0].cost });
    }
    // Only now is anything large read: what this process holds would be counted as its children's
    // (see `Memory`).
    let beside_helm = sizes
        .into_iter()
        .map(|(services, measured)| {
            let objects = objects::same_in_all(&measured)?;
            Ok(Size { services, measured, objects })
        })
        .collect::<Result<Vec<_>>>()?;
    let last = beside_helm.last().context("nothing was rendered")?;
    let text = fs::read_to_string(folder.path().join(values_file(last.services)))
        .context("reading the values again")?;
    let stages = Stages {
        services: last.services,
        render: last.measured[0].cost.wall,
        times: stages::stages(&text, ROUNDS)?,
    };
    let helms = helms.iter().map(report::version).collect::<Result<_>>()?;
    let tables = report::tables(&Results { machine: page::machine()?, helms, beside_helm, alone, stages });
    println!("\n{tables}");
    if recording { page::record("render", &tables) } else { Ok(()) }
}

/// Measures every way to the same objects; the first is `gatewright render`.
fn beside_helm(
    services: usize,
    folder: &Temporary,
    gatewright: &Path,
    helms: &[Helm],
) -> Result<Vec<Measured>> {
    let file = |name: &str| folder.path().join(format!("{services}-{name}"));
    let input = write(folder, &values_file(services), values::services, services)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (chart, templates) = (root.join("../chart"), root.join("benches/render/chart"));

    // What Helm hands to a post-renderer, for the post-renderer alone.
    let mut carrier = Contender {
        name: "Helm with the carrier chart".into(),
        command: template(&helms[0], &chart, &input),
        input: None,
        output: file("stream.yaml"),
    };
    keep(&mut carrier)?;
    let stream = carrier.output;

    let contender = |name: String, command: Command, input: Option<PathBuf>| {
        let output = file(&format!("{}.yaml", name.replace(' ', "-")));
        Contender { name, command, input, output }
    };
    let mut post_render = Command::new(gatewright);
    post_render.arg("post-render");
    let mut contenders = vec![
        contender("gatewright render".into(), render(gatewright, &input), None),
        contender("gatewright post-render".into(), post_render, Some(stream)),
    ];
    for helm in helms {
        let name = format!("Helm {}", helm.version);
        let mut with_us = template(helm, &chart, &input);
        with_us.args(["--post-renderer", "gatewright"]);
        contenders.push(contender(format!("{name} with gatewright"), with_us, None));
        contenders.push(contender(
            format!("{name} with Go templates"),
            template(helm, &templates, &input),
            None,
        ));
    }
    measure(contenders, ROUNDS)
}

/// Writes values to a file, without holding them.
fn write(folder: &Temporary, name: &str, values: Values, count: usize) -> Result<PathBuf> {
    let path = folder.path().join(name);
    let written = File::create(&path).and_then(|file| {
        let mut out = BufWriter::new(file);
        values(count, &mut out)?;
        out.flush()
    });
    written.with_context(|| format!("writing {}", path.display()))?;
    Ok(path)
}

fn values_file(services: usize) -> String {
    format!("{services}-values.yaml")
}

fn render(gatewright: &Path, values: &Path) -> Command {
    let mut command = Command::new(gatewright);
    command.args(["render", "--name", "web", "--namespace", "edge", "--values"]).arg(values);
    command
}

fn template(helm: &Helm, chart: &Path, values: &Path) -> Command {
    let mut command = helm.command(&["template", "web", "--namespace", "edge"]);
    command.arg(chart).arg("--values").arg(values);
    command
}
