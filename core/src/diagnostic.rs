//! What was found in an input: the product of every stage besides its result.
//!
//! The core makes diagnostics and never prints them; a skin prints them as text, JSON, SARIF or
//! GitHub annotations. A message starts in lower case, says what was found, the bound and whose
//! bound it is; the hint says what to do.

use std::borrow::Cow;
use std::fmt;

use crate::path::Path;
use crate::shorten::abridged;
use crate::tree::{Node, Position};

/// The stable name of one kind of finding, in kebab case; tests and `--skip` go by it, never by words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How much a finding weighs: an error makes the exit code 1, a warning and an info do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing has to change.
    Info,
    /// Works, but perhaps not as meant.
    Warning,
    /// Cannot work; nothing is emitted.
    Error,
}

impl Severity {
    /// The word in every output format: `error`, `warning` or `info`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Who would object: the API server, Gateway API's semantics, one controller, or the owner of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The API server would refuse the object.
    Api,
    /// Legal, but Gateway API gives it another meaning than it seems to have.
    Semantic,
    /// The chosen controller cannot do it.
    Controller,
    /// The name belongs to somebody else.
    Ownership,
}

impl Level {
    /// The word in every output format.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Semantic => "semantic",
            Self::Controller => "controller",
            Self::Ownership => "ownership",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of finding.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// Who would object.
    pub level: Level,
    /// The value it is about.
    pub path: Path,
    /// What was found, the bound, and whose bound it is.
    pub message: String,
    /// What to do; empty where the message says it all.
    pub hint: Cow<'static, str>,
    /// Where the bound is written down; empty where it is our own.
    pub source: Cow<'static, str>,
    /// Whether it is about the key at the end of `path` rather than the value under it.
    pub about_key: bool,
    /// Where the value stands in its text, once [`locate`] has looked; unknown for values without a text.
    pub position: Position,
}

impl Diagnostic {
    /// A finding of level `semantic` without hint and source; the builder methods add what is known.
    pub fn new(code: Code, severity: Severity, path: Path, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            level: Level::Semantic,
            path,
            message: bounded(message.into()),
            hint: Cow::Borrowed(""),
            source: Cow::Borrowed(""),
            about_key: false,
            position: Position::UNKNOWN,
        }
    }

    /// An error, see [`Diagnostic::new`].
    pub fn error(code: Code, path: Path, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, path, message)
    }

    /// A warning, see [`Diagnostic::new`].
    pub fn warning(code: Code, path: Path, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, path, message)
    }

    /// An info, see [`Diagnostic::new`].
    pub fn info(code: Code, path: Path, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Info, path, message)
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = match hint.into() {
            Cow::Borrowed(hint) => Cow::Borrowed(hint),
            Cow::Owned(hint) => Cow::Owned(bounded(hint)),
        };
        self
    }

    /// Replaces the message.
    #[must_use]
    pub fn with_message(mut self, message: String) -> Self {
        self.message = bounded(message);
        self
    }

    /// Makes it a finding about the key at the end of the path.
    #[must_use]
    pub fn about_key(mut self) -> Self {
        self.about_key = true;
        self
    }

    /// Adds where the bound is written down.
    #[must_use]
    pub fn source(mut self, source: impl Into<Cow<'static, str>>) -> Self {
        self.source = source.into();
        self
    }

    /// Whether an API server refuses the object for it, or its webhook for who may use which host name.
    pub fn is_refusal(&self) -> bool {
        matches!(self.level, Level::Api | Level::Ownership) && self.severity == Severity::Error
    }

    /// Sets who would object.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }
}

/// Most bytes of a message and of a hint; our own bound. What is cut is the middle: first comes what was found, last
/// what bounds it.
const TEXT_MAX: usize = 4000;

/// A text that may quote what a user wrote, cut in the middle where it is too long.
pub(crate) fn bounded(text: String) -> String {
    match abridged(&text, TEXT_MAX) {
        Cow::Borrowed(_) => text,
        Cow::Owned(abridged) => abridged,
    }
}

impl fmt::Display for Diagnostic {
    /// One line: `error[code] path: message`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}] ", self.severity.word(), self.code)?;
        if !self.path.is_root() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// Whether at least one finding is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Fills in where each finding stands in the text that `root` was read from, sorts by that place, and
/// drops repetitions.
///
/// A path whose last steps are not in the tree (a missing key, a default) gets the place of the
/// nearest value above it. The order is source, line, path, code: it does not depend on map order.
pub fn locate(diagnostics: &mut Vec<Diagnostic>, root: &Node<'_>) {
    for diagnostic in diagnostics.iter_mut() {
        if diagnostic.position == Position::UNKNOWN {
            let (value, key) = root.positions_of(&diagnostic.path);
            diagnostic.position = if diagnostic.about_key { key } else { value };
        }
    }
    sort(diagnostics);
}

/// Gives findings without a place this one.
pub fn place_at(diagnostics: &mut [Diagnostic], position: Position) {
    for diagnostic in diagnostics.iter_mut().filter(|found| found.position == Position::UNKNOWN) {
        diagnostic.position = position;
    }
}

/// Sorts by place, path and code, and drops repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        (a.position, &a.path, a.code, &a.message).cmp(&(b.position, &b.path, b.code, &b.message))
    });
    diagnostics.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_what_is_said_and_keeps_both_ends() {
        let long = "é".repeat(1_000_000);
        let found = Diagnostic::error(Code("a"), Path::ROOT, format!("`{long}` is longer than 63"))
            .hint(format!("take `{long}` out"));
        let middle = "… (2000020 bytes) …";
        assert!(found.message.len() < 4100 && found.message.contains(middle), "{}", found.message.len());
        assert!(found.message.starts_with("`é") && found.message.ends_with("é` is longer than 63"));
        assert!(found.hint.len() < 4100 && found.hint.ends_with("é` out"));
        let short = Diagnostic::error(Code("a"), Path::ROOT, "a".repeat(4000));
        assert_eq!(short.message.len(), 4000);
    }
}
