//! `cargo xtask bench render`: Gatewright beside Helm's own templates, in one run.
//!
//! Helm 3 and 4 render a chart of Go templates that makes the same objects; that they are the same is
//! checked after each size. `--record` writes the tables to docs/benchmarks.md.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads files, clocks and its environment")]
#![allow(clippy::print_stdout, reason = "a benchmark talks to a terminal")]

mod measure;
mod objects;
mod report;
mod stages;
mod values;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use gatewright_tests::peers::{self, Helm, Temporary};

use measure::{Contender, Measured, measure};
use report::Report;

/// As in the command line, so that the stages cost what they cost there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Services of the values that Helm renders too.
const SERVICES: [usize; 3] = [10, 1_000, 10_000];

/// Services, and host names, that Gatewright renders alone, to see how its cost grows.
const SERVICES_ALONE: [usize; 2] = [10_000, 100_000];
const HOSTNAMES_ALONE: [usize; 3] = [10_000, 100_000, 1_000_000];

/// Runs of each command line. Odd, so that a median is a run that took place.
const ROUNDS: usize = 9;

fn main() -> Result<()> {
    let record = std::env::args().any(|word| word == "--record");
    let folder = Temporary::new("bench")?;
    let helms = [Helm::v3()?, Helm::v4()?];
    let gatewright = peers::gatewright()?;

    let mut report = Report::new(&helms)?;
    let mut outputs = Vec::new();
    for services in SERVICES {
        println!("{services} services, {ROUNDS} rounds");
        let measured = beside_helm(services, &folder, &gatewright, &helms)?;
        report.beside_helm(services, &measured);
        outputs.push(measured);
    }
    for (what, make, counts) in [
        ("services", values::services as fn(usize) -> String, &SERVICES_ALONE[..]),
        ("host names", values::hostnames, &HOSTNAMES_ALONE[..]),
    ] {
        for &count in counts {
            println!("{count} {what} alone, {ROUNDS} rounds");
            let input = folder.write("alone.yaml", make(count))?;
            let contender = Contender {
                name: "gatewright render".into(),
                command: render(&gatewright, &input),
                input: None,
                output: folder.path().join("alone.out"),
            };
            report.alone(what, count, measure(vec![contender], ROUNDS)?[0].cost);
        }
    }
    // Only now: what this process holds would be counted as its children's (see `Cost::memory`).
    for measured in outputs {
        let (first, others) = measured.split_first().context("nothing was rendered")?;
        let expected = objects::read(&first.output)?;
        others.iter().try_for_each(|other| objects::same(&expected, &other.output))?;
        report.same_objects(expected.len(), others.len() + 1);
    }
    let services = SERVICES[SERVICES.len() - 1];
    report.stages(services, &stages::stages(&values::services(services), ROUNDS)?);
    report.finish(record)
}

/// Measures every way to the same objects; the first is `gatewright render`.
fn beside_helm(
    services: usize,
    folder: &Temporary,
    gatewright: &Path,
    helms: &[Helm],
) -> Result<Vec<Measured>> {
    let file = |name: &str| folder.path().join(format!("{services}-{name}"));
    let input = folder.write(&format!("{services}-values.yaml"), values::services(services))?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (chart, templates) = (root.join("../chart"), root.join("benches/render/chart"));

    // What Helm hands to a post-renderer, for the post-renderer alone.
    let stream = file("stream.yaml");
    let carrier = template(&helms[0], &chart, &input).output().context("running Helm")?;
    fs::write(&stream, carrier.stdout).with_context(|| format!("writing {}", stream.display()))?;

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
