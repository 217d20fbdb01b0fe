//! `gatewright explain` and `gatewright rules`: what `check` finds, in full and as a list.

use clap::Args;
use gatewright_core::manual::{Page as Entry, code, explain, pages, unknown_code};

use crate::exit::Exit;
use crate::page::Page;
use crate::report::{self, Report};

/// Explain a code: what it finds, and of rules why that matters, where it is written, and an example
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Examples:
  gatewright explain shadowed-match
  gatewright explain api-rule
  gatewright explain reference-not-permitted | less")]
pub(crate) struct Arguments {
    /// The code in brackets of a finding
    #[arg(value_name = "CODE")]
    code: String,
}

/// List the rules that `check` goes by
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Examples:
  gatewright rules
  gatewright rules | grep hostname")]
pub(crate) struct RulesArguments {}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let text = match explain(&arguments.code) {
        Some(entry) => full(&entry),
        None => match code(&arguments.code) {
            Some(what) => brief(&arguments.code, what),
            None => return unknown(&arguments.code),
        },
    };
    report::finish(Report::default(), &report::Arguments::default(), "the rule", |stdout| {
        stdout.write_all(text.as_bytes())
    })
}

pub(crate) fn rules(_: &RulesArguments) -> Exit {
    let mut page = Page::whole();
    let rows: Vec<[String; 4]> = pages()
        .map(|Entry { code, level, severity, what, .. }| {
            [code.to_string(), level.word().to_owned(), severity.word().to_owned(), what.to_owned()]
        })
        .collect();
    page.table(0, ["CODE", "LEVEL", "SEVERITY", "FINDS"], &rows);
    let text = page.finish();
    report::finish(Report::default(), &report::Arguments::default(), "the rules", |stdout| {
        stdout.write_all(text.as_bytes())
    })
}

fn full(entry: &Entry) -> String {
    let Entry { code, severity, level, what, why, source, bad, good } = entry;
    let mut page = Page::whole();
    page.line(&format!("{}[{code}], level {}", severity.word(), level.word()));
    page.line("");
    page.wrapped("", what);
    page.line("");
    page.wrapped("", why);
    page.line("");
    page.wrapped("Source: ", source);
    for (heading, example) in [("Found fault with:", bad), ("Right:", good)] {
        page.heading(heading);
        example.trim_matches('\n').lines().for_each(|line| page.line(&format!("  {line}")));
    }
    page.finish()
}

/// What is known of a finding of `render`, whose message says the rest.
fn brief(code: &str, what: &str) -> String {
    let mut page = Page::whole();
    page.line(code);
    page.line("");
    page.wrapped("", what);
    page.finish()
}

fn unknown(code: &str) -> Exit {
    report::finish(
        Report::unusable(Vec::new(), vec![unknown_code(code)]),
        &report::Arguments::default(),
        "the rule",
        |_| Ok(()),
    )
}
