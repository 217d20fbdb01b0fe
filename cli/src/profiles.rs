//! `gatewright profiles`: what each controller can do, and where that is written down.

use std::io::{self, Write};

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use gatewright_core::profile::PROFILES;
use gatewright_core::profile::sheet::{Fact, Sheet, Switch, sheet};

use crate::exit::Exit;
use crate::report::{self, Report};

/// Print what each controller can do, with sources
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Examples:
  gatewright profiles
  gatewright profiles cilium
  gatewright profiles --format json | jq '.[].name'")]
pub(crate) struct Arguments {
    /// Print every fact of this profile; without it, one line a profile
    #[arg(value_parser = PossibleValuesParser::new(PROFILES.map(|profile| profile.word)))]
    name: Option<String>,
    /// How the facts are written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON list, with every fact of every profile asked for
    Json,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Arguments { name, format } = arguments;
    let asked = PROFILES.iter().filter(|profile| name.as_deref().is_none_or(|name| name == profile.word));
    let sheets: Vec<Sheet> = asked.map(|profile| sheet(profile)).collect();
    report::finish(Report::default(), &report::Arguments::default(), "profiles", |stdout| match format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *stdout, &sheets)?;
            writeln!(stdout)
        }
        Format::Text if name.is_none() => write_lines(stdout, &sheets),
        Format::Text => sheets.iter().try_for_each(|sheet| write_sheet(stdout, sheet)),
    })
}

fn write_lines(stdout: &mut dyn Write, sheets: &[Sheet]) -> io::Result<()> {
    let width = |text: fn(&Sheet) -> &str| sheets.iter().map(|sheet| text(sheet).len()).max().unwrap_or(0);
    let (name, title) = (width(|sheet| sheet.name), width(|sheet| sheet.title));
    for sheet in sheets {
        writeln!(stdout, "{:name$}  {:title$}  {}", sheet.name, sheet.title, sheet.controller)?;
    }
    Ok(())
}

fn write_sheet(stdout: &mut dyn Write, sheet: &Sheet) -> io::Result<()> {
    let Sheet { name, title, controller, classes, default_class, facts, switches, report } = sheet;
    writeln!(stdout, "{name}: {title}")?;
    for (label, text) in
        [("controller", *controller), ("classes", &classes.join(", ")), ("default class", default_class)]
    {
        if !text.is_empty() {
            writeln!(stdout, "{label}: {text}")?;
        }
    }
    for Fact { about, value, source } in facts {
        writeln!(stdout, "\n{about}: {value}\n  source: {source}")?;
    }
    for Switch { form, text, source } in switches {
        writeln!(stdout, "\nneeded for {form}: {text}\n  source: {source}")?;
    }
    if let Some(report) = report {
        let listed = |words: Vec<&str>| if words.is_empty() { "none".to_owned() } else { words.join(", ") };
        writeln!(stdout, "\nreported as supported: {}", listed(report.supported()))?;
        writeln!(stdout, "reported as unsupported: {}", listed(report.unsupported()))?;
        writeln!(stdout, "  source: {}", report.source())?;
    }
    Ok(())
}
