//! For people: message, excerpt, source and hint, laid out as `rustc` does.

use annotate_snippets::{
    AnnotationKind, Element, Level, Message, Origin, Renderer, Snippet, normalize_untrusted_str,
};
use anstream::{AutoStream, ColorChoice};
use gatewright_core::diagnostic::{Diagnostic, Severity};

use super::excerpt::Lines;
use super::{Audience, Report, headline};

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
        let lines: Vec<_> = report.inputs.iter().map(|input| Lines::of(&input.text)).collect();
        for diagnostic in &report.diagnostics {
            text.push_str(&renderer.render(&[group(report, &lines, diagnostic)]));
            text.push_str("\n\n");
        }
    }
    let noteworthy = report.diagnostics.iter().any(|diagnostic| diagnostic.severity > Severity::Info);
    if noteworthy || audience != Audience::Stderr {
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

/// The excerpt; without one, file, line and column; nothing for what no text holds.
fn place<'r>(report: &'r Report, lines: &[Lines<'r>], diagnostic: &Diagnostic) -> Option<Element<'r>> {
    let position = diagnostic.position;
    let input = report.input(diagnostic).filter(|_| position.line > 0)?;
    let line = usize::try_from(position.line).ok()?;
    let excerpt = lines.get(usize::from(position.source)).and_then(|lines| lines.excerpt(position));
    Some(match excerpt {
        Some(excerpt) => Snippet::source(excerpt.line)
            .path(normalize_untrusted_str(&input.name()))
            .line_start(line)
            .annotation(AnnotationKind::Primary.span(excerpt.span))
            .into(),
        None => Origin::path(normalize_untrusted_str(&input.name()))
            .line(line)
            .char_column(usize::try_from(position.column).ok()?)
            .into(),
    })
}

/// Messages below the excerpt are not normalised by the renderer, and may quote what a user wrote.
fn footer(level: Level<'static>, words: &str) -> Option<Message<'static>> {
    (!words.is_empty()).then(|| level.message(normalize_untrusted_str(words)))
}
