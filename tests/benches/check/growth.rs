//! How the cost of `gatewright check` grows with the objects of one input.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use gatewright_tests::peers::Temporary;

use crate::measure::{Contender, Memory, measure};
use crate::page::{bytes, f64_of, milliseconds};
use crate::{ROUNDS, manifests, page};

pub fn table(counts: [usize; 3], folder: &Temporary, gatewright: &Path) -> Result<String> {
    let mut rows = Vec::new();
    for count in counts {
        println!("{count} objects in one context, {ROUNDS} rounds");
        let input = folder.path().join(format!("{count}.yaml"));
        let mut out = BufWriter::new(File::create(&input).context("creating the manifests")?);
        let count = manifests::write(count, &mut out)?;
        out.flush().context("writing the manifests")?;
        let size = input.metadata().context("looking at the manifests")?.len();
        let mut command = Command::new(gatewright);
        command.arg("check").arg(&input);
        let output = folder.path().join("growth.out");
        let contender = Contender { name: "gatewright check".into(), command, input: None, output };
        let cost = measure(vec![contender], ROUNDS)?.first().context("it was measured")?.cost;
        let (least, peak) = match cost.memory {
            Memory::Peak(peak) => ("", peak),
            Memory::AtMost(peak) => ("at most ", peak),
        };
        // The text is held to the end, and so is every verdict.
        let beyond = bytes(peak.saturating_sub(size)) / f64_of(count);
        let each = cost.wall.as_secs_f64() * 1e6 / f64_of(count);
        rows.push(format!(
            "| {count} | {:.1} MB | {} | {each:.2} µs | {least}{:.1} MB | {least}{beyond:.0} B |",
            bytes(size) / 1e6,
            milliseconds(cost.wall),
            bytes(peak) / 1e6
        ));
    }
    Ok(page::table("objects | input | wall | each | peak memory | beyond the input, each", &rows))
}
