//! For people: message, excerpt, source and hint, laid out as `rustc` does.

use annotate_snippets::{
    AnnotationKind, Element, Level, Message, Origin, Renderer, Snippet, normalize_untrusted_str,
};
use anstream::{AutoStream, ColorChoice};
use gatewright_core::diagnostic::{Diagnostic, Severity};
use gatewright_core::report::bounded;

use super::excerpt::{Excerpt, Lines};
use super::{Audience, Report, headline};
use crate::printable::printable;

/// Prints every diagnostic, then a line of counts where there is something to say.
pub(super) fn print(report: &Report, audience: Audience) -> String {
    let renderer = match audience {
        Audience::Stderr if AutoStream::choice(&std::io::stderr()) != ColorChoice::Never => {
            Renderer::styled()
        }
        Audience::Stdout if AutoStream::choice(&std::io::stdout()) != ColorChoice::Never => {
            Renderer::styled()
        }
        _ => Renderer::plain(),
    };
    let mut text = String::new();
    if !report.diagnostics.is_empty() {
        let lines: Vec<_> = report.inputs.iter().map(|input| Lines::of(input.shown())).collect();
        let (printed, omitted) = bounded(&report.diagnostics);
        for diagnostic in printed {
            text.push_str(&renderer.render(&[group(report, &lines, diagnostic)]));
            text.push_str("\n\n");
        }
        for omitted in omitted {
            text.push_str(&omitted.line());
            text.push('\n');
        }
    }
    if !report.diagnostics.is_empty() || audience != Audience::Stderr {
        text.push_str("gatewright: ");
        text.push_str(&report.summary());
        text.push('\n');
    }
    text
}

fn group<'r>(
    report: &'r Report,
    lines: &[Lines<'r>],
    diagnostic: &'r Diagnostic,
) -> annotate_snippets::Group<'r> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    level
        .primary_title(headline(diagnostic))
        .id(diagnostic.code.0)
        .elements(place(report, lines, diagnostic))
        .elements(footer(Level::NOTE.with_name(Some("source")), &diagnostic.source))
        .elements(footer(Level::HELP.with_name(Some("hint")), &diagnostic.hint))
}

/// The excerpt; without one, file, line and column; the flag that set the value; nothing for what neither
/// holds.
fn place<'r>(report: &'r Report, lines: &[Lines<'r>], diagnostic: &Diagnostic) -> Option<Element<'r>> {
    let position = diagnostic.position;
    let input = report.input(diagnostic)?;
    if input.flag().is_some() {
        return Some(Origin::path(name(&input.name())).into());
    }
    if position.line == 0 {
        return None;
    }
    let line = usize::try_from(position.line).ok()?;
    let excerpt = lines.get(usize::from(position.source)).and_then(|lines| lines.excerpt(position));
    let name = name(&input.name());
    Some(match excerpt {
        Some(Excerpt { line: text, span }) => {
            // What is replaced has another length in bytes, by which the renderer counts.
            let [before, marked, after] =
                [&text[..span.start], &text[span.clone()], &text[span.end..]].map(printable);
            let span = before.len()..before.len() + marked.len();
            Snippet::source([before, marked, after].concat())
                .path(name)
                .line_start(line)
                .annotation(AnnotationKind::Primary.span(span))
                .into()
        }
        None => Origin::path(name).line(line).char_column(usize::try_from(position.column).ok()?).into(),
    })
}

/// Names are not normalised by the renderer.
fn name(name: &str) -> String {
    normalize_untrusted_str(&printable(name))
}

/// Messages below the excerpt are not normalised by the renderer, and may quote what a user wrote.
fn footer(level: Level<'static>, words: &str) -> Option<Message<'static>> {
    (!words.is_empty()).then(|| level.message(normalize_untrusted_str(&printable(words))))
}
