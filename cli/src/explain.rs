//! `gatewright explain` and `gatewright rules`: the rules that `check` goes by, in full and as a list.

use clap::Args;
use gatewright_core::check::rule::{Rule, all, explain};
use gatewright_core::diagnostic::Level;

use crate::exit::Exit;
use crate::page::Page;
use crate::report::{self, Report};

/// Explain a rule: what it finds, why that matters, where it is written, and an example
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Examples:
  gatewright explain shadowed-match
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
    let Some((level, rule)) = explain(&arguments.code) else {
        return unknown(&arguments.code);
    };
    let text = full(level, rule);
    report::finish(Report::default(), &report::Arguments::default(), "the rule", |stdout| {
        stdout.write_all(text.as_bytes())
    })
}

pub(crate) fn rules(_: &RulesArguments) -> Exit {
    let mut page = Page::whole();
    let rows: Vec<[String; 4]> = all()
        .map(|(level, Rule { code, severity, what, .. })| {
            [code.to_string(), level.word().to_owned(), severity.word().to_owned(), (*what).to_owned()]
        })
        .collect();
    page.table(0, ["CODE", "LEVEL", "SEVERITY", "FINDS"], &rows);
    let text = page.finish();
    report::finish(Report::default(), &report::Arguments::default(), "the rules", |stdout| {
        stdout.write_all(text.as_bytes())
    })
}

fn full(level: Level, rule: &Rule) -> String {
    let Rule { code, severity, what, why, source, bad, good, check: _ } = rule;
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

fn unknown(code: &str) -> Exit {
    use gatewright_core::diagnostic::{Code, Diagnostic};
    use gatewright_core::values::nearest;
    let near = nearest(code, all().map(|(_, rule)| rule.code.0));
    let hint =
        near.map_or("`gatewright rules` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
    let message = format!("no rule has the code `{code}`");
    let fault =
        Diagnostic::error(Code("unknown-code"), gatewright_core::path::Path::ROOT, message).hint(hint);
    report::finish(
        Report::unusable(Vec::new(), vec![fault]),
        &report::Arguments::default(),
        "the rule",
        |_| Ok(()),
    )
}
