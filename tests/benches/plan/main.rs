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
mod shape;
mod values;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use gatewright_tests::peers::{self, Helm, Temporary};

use measure::{Contender, Measured, measure};
use report::{Alone, Beside, tables};
use shape::Shape;

/// Runs of each command line. Odd, so that a median is a run that took place.
const ROUNDS: usize = 3;

/// Organizations of one service that Helm renders too.
const BESIDE_HELM: [usize; 3] = [10, 1_000, 10_000];

/// A stream that Gatewright renders alone.
#[derive(Clone, Copy)]
pub struct Case {
    sharing: Sharing,
    organizations: usize,
    services: usize,
}

/// How the organizations of a case share Gateways.
#[derive(Clone, Copy)]
enum Sharing {
    /// One Gateway with ListenerSets: there is nothing to place.
    OneGateway,
    /// Ten Gateways with ListenerSets, nearly full.
    TenGateways,
    /// As many Gateways as it takes, of 64 listeners each.
    Pool,
}

impl Sharing {
    const fn words(self) -> &'static str {
        match self {
            Self::OneGateway => "hybrid, ListenerSets",
            Self::TenGateways => "hybrid, ListenerSets of ten Gateways",
            Self::Pool => "pool",
        }
    }

    /// `sharding` of the values for so many organizations of a listener each.
    fn values(self, organizations: usize) -> String {
        match self {
            Self::OneGateway => "{strategy: hybrid}".to_owned(),
            Self::TenGateways => {
                // A twentieth more than a tenth of them, and one more for the Gateway's own.
                let listeners = organizations * 21 / 200 + 1;
                format!("{{strategy: hybrid, maxGateways: 10, limits: {{listeners: {listeners}}}}}")
            }
            Self::Pool => "{strategy: pool, maxGateways: 10000}".to_owned(),
        }
    }
}

const ALONE: [(Sharing, usize, usize); 10] = [
    (Sharing::OneGateway, 1_000, 1),
    (Sharing::OneGateway, 10_000, 1),
    (Sharing::OneGateway, 100_000, 1),
    (Sharing::OneGateway, 1_000_000, 1),
    (Sharing::OneGateway, 10_000, 100),
    (Sharing::TenGateways, 1_000_000, 1),
    (Sharing::Pool, 1_000, 1),
    (Sharing::Pool, 10_000, 1),
    (Sharing::Pool, 100_000, 1),
    (Sharing::Pool, 10_000, 100),
];

fn main() -> Result<()> {
    let asked = |word: &str| std::env::args().any(|found| found == word);
    let part = if asked("--quick") { 100 } else { 1 };
    let folder = Temporary::new("bench-plan")?;
    let gatewright = peers::gatewright()?;
    let helms = [Helm::v3()?, Helm::v4()?];

    // First, for what this process holds would be counted as its children's.
    let mut alone = Vec::new();
    for (sharing, organizations, services) in ALONE {
        let organizations = if organizations > 1_000 { organizations / part } else { organizations };
        let case = Case { sharing, organizations, services };
        println!(
            "{organizations} organizations of {services} services, {}, {ROUNDS} rounds",
            sharing.words()
        );
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
    let Case { sharing, organizations, services } = case;
    let file = |name: &str| folder.path().join(name);
    fs::write(file("alone.yaml"), values::beside(&sharing.values(organizations)))
        .context("writing the values")?;
    write(&file("alone.ndjson"), |out| values::stream(organizations, services, out))?;
    let mut command = render(gatewright);
    command.arg("--values").arg(file("alone.yaml")).arg("--values").arg(file("alone.ndjson"));
    let output = file("alone.out");
    let contender =
        Contender { name: "gatewright render".into(), command, input: None, output: output.clone() };
    let cost = measure(vec![contender], ROUNDS)?.first().context("it was measured")?.cost;
    let shape = Shape::of(&output, &file("alone.ndjson"))?;
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
