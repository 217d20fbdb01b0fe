//! What was noticed in one text, in bounds.

use super::fault::{self, Halt};
use crate::diagnostic::{Diagnostic, Severity};
use crate::path::Path;
use crate::tree::{Entry, Map, Position};

/// Findings of one severity beyond this many are counted, not told; a repeated line could else cost
/// more memory than the tree.
const FINDINGS_MAX: usize = 100;

/// Findings so far, at most [`FINDINGS_MAX`] errors and as many warnings.
#[derive(Default)]
pub(super) struct Findings {
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    untold: usize,
}

/// How many findings there were.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    errors: usize,
    warnings: usize,
    untold: usize,
}

impl Findings {
    pub(super) fn mark(&self) -> Mark {
        Mark { errors: self.errors.len(), warnings: self.warnings.len(), untold: self.untold }
    }

    /// Forgets the findings since a mark.
    pub(super) fn go_back_to(&mut self, mark: Mark) {
        self.errors.truncate(mark.errors);
        self.warnings.truncate(mark.warnings);
        self.untold = mark.untold;
    }

    /// Adds one after which reading goes on.
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        let list = if diagnostic.severity == Severity::Error { &mut self.errors } else { &mut self.warnings };
        if list.len() < FINDINGS_MAX {
            list.push(diagnostic);
        } else {
            self.untold += 1;
        }
    }

    /// Warns of keys written more than once in one map. `lost` holds the overridden entries, sorted;
    /// `merged` where those stand that `<<` brought.
    pub(super) fn push_duplicates(
        &mut self,
        here: &Path,
        map: &Map<'_>,
        lost: &[Entry<'_>],
        mut merged: Vec<Position>,
    ) {
        merged.sort_unstable();
        for same in lost.chunk_by(|a, b| a.key == b.key) {
            let Some(first) = same.first() else { continue };
            let kept = map.entry(&first.key).map(|entry| entry.position);
            let places: Vec<Position> = same
                .iter()
                .map(|entry| entry.position)
                .chain(kept)
                .filter(|place| merged.binary_search(place).is_err())
                .collect();
            if let Some(warning) = fault::duplicate_key(here.key(&first.key), &first.key, &places) {
                self.push(warning);
            }
        }
    }

    /// Gives them away in the order of the text; `halt` is what ended the reading.
    pub(super) fn finish(self, halt: Option<Halt>, out: &mut Vec<Diagnostic>) {
        let mut told = self.errors;
        told.extend(self.warnings);
        told.extend(halt.map(Halt::into_diagnostic));
        told.sort_by_key(|diagnostic| diagnostic.position);
        if self.untold > 0 {
            let last = told.last().map_or(Position::UNKNOWN, |diagnostic| diagnostic.position);
            told.push(fault::more(self.untold, last));
        }
        out.append(&mut told);
    }
}
