//! What a check came to.

use std::borrow::Cow;

use super::ignore::Ignored;
use super::model::Model;
use crate::diagnostic::{Diagnostic, Severity};
use crate::release::group;

/// The verdict on everything that was given.
#[derive(Debug, Default)]
pub struct Report<'a> {
    /// One for each object, in the order of the input, and one for each document that is none; then those
    /// objects of the context of which the input makes something to say.
    pub results: Vec<Judged<'a>>,
    /// What the objects are to each other; without those that a later one replaces.
    pub model: Model<'a>,
    /// How many findings of an API server are not in it, because others are asked for.
    pub hidden: usize,
}

/// The verdict on one object.
#[derive(Debug)]
pub struct Judged<'a> {
    /// Where it stands.
    pub source: Source,
    /// What it is; absent for a document that is no object.
    pub object: Option<Identity<'a>>,
    /// Whether an API server that serves these CRDs would take it; absent for kinds that are not checked.
    pub allowed: Option<bool>,
    /// Whether it is there already, and not of the input.
    pub in_context: bool,
    /// What was found, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// What the object's own annotation asks to leave out.
    pub(super) ignored: Option<Ignored>,
}

impl<'a> Judged<'a> {
    /// An object of the input of which nothing is said yet.
    pub(super) fn of(source: Source, object: Option<Identity<'a>>) -> Self {
        Self { source, object, allowed: None, in_context: false, diagnostics: Vec::new(), ignored: None }
    }
}

/// Where a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Which of the texts.
    pub text: u16,
    /// Which of its documents, 1-based; empty ones are not counted.
    pub document: u32,
    /// The line of its first value, 1-based.
    pub line: u32,
}

/// What an object is, as it says itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity<'a> {
    /// `apiVersion`.
    pub api_version: Cow<'a, str>,
    /// `kind`.
    pub kind: Cow<'a, str>,
    /// `metadata.namespace`; empty where it names none.
    pub namespace: Cow<'a, str>,
    /// `metadata.name`; empty where it has none.
    pub name: Cow<'a, str>,
}

impl Identity<'_> {
    /// The group of its apiVersion; empty for the core group.
    pub fn group(&self) -> &str {
        group(&self.api_version)
    }
}

/// The name of an object, or that it has none: of `generateName` the API server makes one.
pub const fn or_unnamed(name: &str) -> &str {
    if name.is_empty() { "(no name)" } else { name }
}

impl std::fmt::Display for Identity<'_> {
    /// `HTTPRoute team-a/shop`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ", self.kind)?;
        if !self.namespace.is_empty() {
            write!(f, "{}/", self.namespace)?;
        }
        f.write_str(or_unnamed(&self.name))
    }
}

impl Report<'_> {
    /// How many objects the input has.
    pub fn objects(&self) -> usize {
        self.results.iter().filter(|judged| judged.object.is_some() && !judged.in_context).count()
    }

    /// How many findings weigh as much.
    pub fn count(&self, severity: Severity) -> usize {
        let all = self.results.iter().flat_map(|judged| &judged.diagnostics);
        all.filter(|diagnostic| diagnostic.severity == severity).count()
    }
}
