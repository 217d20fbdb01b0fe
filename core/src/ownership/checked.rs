//! `check` as a whole: objects judged by themselves and between each other, and by the grants and claims of the context.

use super::{Existing, Settings, judge_report};
use crate::check::{self, Others, Report, Run};
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::path::Path;

/// No object in all of the input.
pub const NOTHING_TO_CHECK: Code = Code("nothing-to-check");

/// Texts, each with its number: what is judged, what it was before, and what is there beside it.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'t, 'a> {
    /// Objects as they were: the input is an update of them.
    pub before: &'t [(&'a str, u16)],
    /// The input.
    pub input: &'t [(&'a str, u16)],
    /// Objects that are there already, and not judged; without them nobody asks who may use which host name.
    pub context: Option<&'t [(&'a str, u16)]>,
}

/// Judges texts; `others` knows kinds that no table here has, and `owners` how host names are shared. Gives the texts' own
/// faults too: with an error among them, not all could be read.
pub fn check<'a>(
    texts: &Texts<'_, 'a>,
    settings: &'a check::Settings,
    owners: &Settings,
    others: &mut Others<'_>,
) -> (Report<'a>, Vec<Diagnostic>) {
    let Texts { before, input, context } = *texts;
    let mut run = Run::new(settings);
    let mut faults = Vec::new();
    for (text, source) in before {
        faults.extend(run.read_before(text, *source));
    }
    for (text, source) in input {
        faults.extend(run.read_with(text, *source, others));
    }
    for (text, source) in context.unwrap_or_default() {
        faults.extend(run.read_context(text, *source));
    }
    let mut report = run.finish();
    if let Some(context) = context {
        // What the input is an update of is newer than what is beside it.
        let there = [context, before].concat();
        let existing = Existing {
            texts: &there,
            target: settings.target,
            namespace: &settings.namespace,
            settings: owners,
        };
        faults.extend(judge_report(&mut report, input, &existing, settings));
    }
    if report.results.iter().all(|judged| judged.in_context) && !has_errors(&faults) {
        let nothing = Diagnostic::warning(NOTHING_TO_CHECK, Path::ROOT, "the input holds no object");
        faults.push(nothing.hint("a program before it in a pipe may have failed"));
    }
    (report, faults)
}
