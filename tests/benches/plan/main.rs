//! `cargo xtask bench plan`: organizations placed and rendered, up to a million of them; beside Helm's own templates
//! where those come to an end.
//!
//! `--quick` takes a hundredth of the large ones, to see that it runs. `--record` writes the tables to docs/benchmarks.md.

#![allow(clippy::disallowed_methods, reason = "a benchmark reads files, clocks and its environment")]
#![allow(clippy::print_stdout, reason = "a benchmark talks to a terminal")]

#[allow(dead_code, reason = "another benchmark tells more of what is measured")]
#[path = "../render/measure.rs"]
mod measure;
#[path = "../render/objects.rs"]
mod objects;
#[allow(dead_code, reason = "other benchmarks have other tables")]
#[path = "../render/page.rs"]
mod page;
mod report;
mod values;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use gatewright_tests::peers::{self, Helm, Temporary};

use measure::{Contender, Measured, measure};
use report::{Alone, Beside, tables};

/// Runs of each command line. Odd, so that a median is a run that took place.
const ROUNDS: usize = 3;

/// Organizations of one service that Helm renders too.
const BESIDE_HELM: [usize; 3] = [10, 1_000, 10_000];

/// A stream that Gatewright renders alone.
#[derive(Clone, Copy)]
pub struct Case {
    strategy: &'static str,
    sharding: &'static str,
    organizations: usize,
    services: usize,
}

const SETS: (&str, &str) = ("hybrid, ListenerSets", "{strategy: hybrid}");
const POOL: (&str, &str) = ("pool", "{strategy: pool, maxGateways: 20000}");

const ALONE: [((&str, &str), usize, usize); 8] = [
    (SETS, 1_000, 1),
    (SETS, 10_000, 1),
    (SETS, 100_000, 1),
    (SETS, 1_000_000, 1),
    (SETS, 10_000, 100),
    (POOL, 1_000, 1),
    (POOL, 10_000, 1),
    (POOL, 100_000, 1),
];

fn main() -> Result<()> {
    let asked = |word: &str| std::env::args().any(|found| found == word);
    let part = if asked("--quick") { 100 } else { 1 };
    let folder = Temporary::new("bench-plan")?;
    let gatewright = peers::gatewright()?;
    let helms = [Helm::v3()?, Helm::v4()?];

    // First, for what this process holds would be counted as its children's.
    let mut alone = Vec::new();
    for ((strategy, sharding), organizations, services) in ALONE {
        let organizations = if organizations > 1_000 { organizations / part } else { organizations };
        let case = Case { strategy, sharding, organizations, services };
        println!("{organizations} organizations of {services} services, {strategy}, {ROUNDS} rounds");
        alone.push(of_stream(case, &folder, &gatewright)?);
    }
    let mut beside = Vec::new();
    for organizations in BESIDE_HELM {
        println!("{organizations} organizations beside Helm, {ROUNDS} rounds");
        beside.push((organizations, beside_helm(organizations, &folder, &gatewright, &helms)?));
    }
    let beside = beside
        .into_iter()
        .map(|(organizations, measured)| {
            let objects = objects::same_in_all(&measured)?;
            Ok(Beside { organizations, measured, objects })
        })
        .collect::<Result<Vec<_>>>()?;
    let tables = tables(&page::machine()?, &alone, &beside);
    println!("\n{tables}");
    if asked("--record") { page::record("plan", &tables) } else { Ok(()) }
}

/// Renders a stream, and looks at what came of it.
fn of_stream(case: Case, folder: &Temporary, gatewright: &Path) -> Result<Alone> {
    let Case { sharding, organizations, services, .. } = case;
    let file = |name: &str| folder.path().join(name);
    fs::write(file("alone.yaml"), values::beside(sharding)).context("writing the values")?;
    write(&file("alone.ndjson"), |out| values::stream(organizations, services, out))?;
    let mut command = render(gatewright);
    command.arg("--values").arg(file("alone.yaml")).arg("--values").arg(file("alone.ndjson"));
    let output = file("alone.out");
    let contender =
        Contender { name: "gatewright render".into(), command, input: None, output: output.clone() };
    let cost = measure(vec![contender], ROUNDS)?.first().context("it was measured")?.cost;
    let shape = report::Shape::of(File::open(&output).context("opening the manifests")?)?;
    fs::remove_file(&output).context("removing the manifests")?;
    Ok(Alone { case, cost, shape })
}

/// Measures every way to the same objects; the first is `gatewright render`.
fn beside_helm(
    organizations: usize,
    folder: &Temporary,
    gatewright: &Path,
    helms: &[Helm],
) -> Result<Vec<Measured>> {
    let file = |name: &str| folder.path().join(format!("{organizations}-{name}"));
    let (base, list, stream) = (file("base.yaml"), file("list.yaml"), file("stream.ndjson"));
    fs::write(&base, values::beside("{}")).context("writing the values")?;
    write(&list, |out| values::list(organizations, 1, out))?;
    write(&stream, |out| values::stream(organizations, 1, out))?;
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/plan/chart");
    let ours = |name: &str, organizations: &Path| {
        let mut command = render(gatewright);
        command.arg("--values").arg(&base).arg("--values").arg(organizations);
        Contender { name: name.to_owned(), command, input: None, output: file(&name.replace(' ', "-")) }
    };
    let mut contenders =
        vec![ours("gatewright render", &list), ours("gatewright render of a stream", &stream)];
    for helm in helms {
        let mut command = helm.command(&["template", "web", "--namespace", "edge"]);
        command.arg(&templates).arg("--values").arg(&base).arg("--values").arg(&list);
        let name = format!("Helm {} with Go templates", helm.version);
        let output = file(&name.replace(' ', "-"));
        contenders.push(Contender { name, command, input: None, output });
    }
    measure(contenders, ROUNDS)
}

fn write(path: &PathBuf, values: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let written = File::create(path).and_then(|file| {
        let mut out = BufWriter::new(file);
        values(&mut out)?;
        out.flush()
    });
    written.with_context(|| format!("writing {}", path.display()))
}

fn render(gatewright: &Path) -> Command {
    let mut command = Command::new(gatewright);
    command.args(["render", "--name", "web", "--namespace", "edge"]);
    command
}
