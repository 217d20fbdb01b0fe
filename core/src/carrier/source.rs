//! Which template a document came from: Helm 3 says it in a comment, Helm 4 in an annotation.

use super::payload;
use super::stream::{self, Document};
use crate::emit::HELM_4_FILENAME;
use crate::tree::Node;

/// What `--show-only` goes by, and what a carrier's manifests therefore take over from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source<'a> {
    /// Helm 3 and `helm template`: the file of a comment `# Source: chart/templates/file.yaml`.
    Comment(&'a str),
    /// Helm 4: the file of an annotation.
    Annotation(String),
    /// Neither: written by hand.
    Unknown,
}

impl<'a> Source<'a> {
    /// Reads it off a document and its parsed form; null is the form of one that cannot be parsed.
    pub(super) fn of(document: Document<'a>, root: &Node<'_>) -> Self {
        let annotations = root.get("metadata").and_then(|metadata| metadata.get("annotations"));
        let annotation = annotations.map_or("", |annotations| payload::text(annotations, HELM_4_FILENAME));
        if !annotation.is_empty() {
            return Self::Annotation(annotation.to_owned());
        }
        // The lead may hold comments of earlier files that came to nothing: the last one is the nearest.
        let own = stream::split_comments(document.text).0.lines().find_map(file);
        match own.or_else(|| document.lead.lines().rev().find_map(file)) {
            Some(file) => Self::Comment(file),
            None => Self::Unknown,
        }
    }

    /// The file to write into a comment above each manifest; none in Helm 4, which writes its own.
    pub(super) const fn comment(&self) -> Option<&'a str> {
        match self {
            Self::Comment(file) => Some(file),
            Self::Annotation(_) | Self::Unknown => None,
        }
    }

    /// The file to write into an annotation of each manifest; empty for none.
    pub(super) fn annotation(&self) -> &str {
        match self {
            Self::Annotation(file) => file,
            Self::Comment(_) | Self::Unknown => "",
        }
    }

    /// The path of the chart, as in `parent/charts/alias`.
    pub(super) fn chart(&self) -> Option<&str> {
        let file = self.comment().unwrap_or(self.annotation());
        file.rsplit_once("/templates/").map(|(chart, _)| chart)
    }
}

fn file(line: &str) -> Option<&str> {
    line.trim().strip_prefix("# Source: ").map(str::trim)
}
