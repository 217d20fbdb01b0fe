//! What was decided, and why.

use super::asked::Answer;
use super::rule::{self, Fault};
use super::settings::{Action, Settings};
use super::sorted::Sorted;
use super::trace::Traced;
use super::uses::unmistakable;
use crate::diagnostic::{Diagnostic, Level};
use crate::hash::fnv1a;
use crate::path::Path;

/// Most faults that are listed; our own bound, for each is compared with those before it.
const FINDINGS_MAX: usize = 256;

/// What stands with the hash of a fault that is listed.
const LISTED: usize = 0;

/// A decision on one request.
#[derive(Debug, Default)]
pub struct Decision {
    /// Each fault once for what it does: one that is new on one parent denies, and was there before on another. Those that deny
    /// come first.
    pub findings: Vec<Finding>,
    /// Where there are more than are listed: a hash of each, with [`LISTED`] or behind that its action; of equals the first counts.
    hashes: Sorted,
    /// Why nothing was asked, where that is so.
    pub note: Option<&'static str>,
    /// The grants that permit what is used, by name.
    pub granted_by: Vec<String>,
    /// The kind, where nobody here knows it.
    pub unknown_kind: Option<String>,
    /// What was asked of each host name, and answered; only where it was wanted.
    pub trace: Vec<Traced>,
}

/// A fault and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The fault.
    pub fault: Fault,
    /// What it does.
    pub action: Action,
    /// Whether the object had it before, which is why it does not deny.
    pub is_old: bool,
}

impl Finding {
    /// What tells it from others.
    fn hash(&self) -> String {
        let Fault { code, host, text, .. } = &self.fault;
        fnv1a(unmistakable(&[code.0, host, text]).bytes()).to_string()
    }
}

impl Decision {
    /// A decision that asks nothing.
    pub(crate) fn unasked(note: &'static str) -> Self {
        Self { note: Some(note), ..Self::default() }
    }

    /// A denial of what cannot be read.
    pub(crate) fn malformed(fault: String) -> Self {
        let fault = rule::review_malformed::fault(fault);
        Self { findings: vec![Finding { fault, action: Action::Deny, is_old: false }], ..Self::default() }
    }

    /// A decision on an object of a kind that nobody here knows.
    pub(crate) fn of_unknown_kind(kind: &str, settings: &Settings) -> Self {
        if settings.denies_unknown_kinds {
            let fault = rule::review_malformed::unknown_kind(kind);
            return Self {
                findings: vec![Finding { fault, action: Action::Deny, is_old: false }],
                ..Self::default()
            };
        }
        Self { unknown_kind: Some(kind.to_owned()), ..Self::default() }
    }

    /// Whether the request is allowed.
    pub fn is_allowed(&self) -> bool {
        self.denials().next().is_none()
    }

    /// What denies it.
    pub fn denials(&self) -> impl Iterator<Item = &Fault> {
        self.findings.iter().filter(|finding| finding.action == Action::Deny).map(|finding| &finding.fault)
    }

    /// How many more there are beyond the bound on what is listed.
    pub fn unlisted(&self) -> usize {
        [Action::Deny, Action::Warn, Action::Audit].map(|action| self.unlisted_that(action)).iter().sum()
    }

    /// How many of those there are that do this, and nothing worse.
    pub(crate) fn unlisted_that(&self, does: Action) -> usize {
        let mut count = 0;
        let mut last = "";
        for (hash, action) in self.hashes.entries() {
            if hash != last && *action == LISTED + 1 + does as usize {
                count += 1;
            }
            last = hash;
        }
        count
    }

    /// The host names that denials are about, each once.
    pub fn about(&self) -> Vec<&str> {
        let mut about: Vec<&str> = Vec::new();
        for fault in self.denials().filter(|fault| !fault.host.is_empty()) {
            if !about.contains(&fault.host.as_str()) {
                about.push(&fault.host);
            }
        }
        about
    }

    /// The same as diagnostics, for those who read an object rather than send it.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let diagnostics = self.findings.iter().map(|Finding { fault, action, is_old }| {
            let message =
                if *is_old { format!("{} (kept from before)", fault.text) } else { fault.text.clone() };
            let found = Diagnostic::new(fault.code, action.severity(), fault.at.path(), message);
            found.level(Level::Ownership).hint(fault.hint.clone())
        });
        let mut diagnostics: Vec<Diagnostic> = diagnostics.collect();
        let unlisted = self.unlisted();
        if let Some(last) = diagnostics.last().filter(|_| unlisted > 0) {
            let message = format!("{unlisted} more of this object are not listed");
            let more = Diagnostic::new(last.code, last.severity, Path::ROOT, message).level(Level::Ownership);
            diagnostics.push(more);
        }
        diagnostics
    }

    /// Adds a fault that does what the settings say.
    pub(super) fn add(&mut self, fault: Fault, settings: &Settings) {
        let action = rule::action(fault.code, settings);
        self.push(Finding { fault, action, is_old: false });
    }

    /// Adds a fault that does at most this.
    pub(super) fn add_at_most(&mut self, fault: Fault, most: Action, settings: &Settings) {
        let action = rule::action(fault.code, settings).max(most);
        self.push(Finding { fault, action, is_old: false });
    }

    /// Adds a fault that the object may have had before: then it denies nothing.
    pub(super) fn add_ratcheted(&mut self, fault: Fault, is_old: bool, settings: &Settings) {
        let most = if is_old { Action::Warn } else { Action::Deny };
        let action = rule::action(fault.code, settings).max(most);
        self.push(Finding { fault, action, is_old });
    }

    /// Adds what was answered on one host name.
    pub(super) fn note_answer(&mut self, answer: &Answer<'_, '_>, wants_trace: bool) {
        if let Some(grant) = answer.granted
            && !self.granted_by.iter().any(|known| *known == grant.name)
        {
            self.granted_by.push(grant.name.to_string());
        }
        if wants_trace {
            self.trace.push(Traced::of(answer));
        }
    }

    fn push(&mut self, finding: Finding) {
        let Fault { code, host, text, .. } = &finding.fault;
        let is_known = |known: &Finding| {
            known.fault.code == *code
                && known.fault.host == *host
                && known.fault.text == *text
                && known.action <= finding.action
        };
        if self.findings.iter().any(is_known) {
            return;
        }
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
            return;
        }
        // What is denied is denied: only how much of it there is matters now.
        let weakest = self.findings.iter_mut().rev().max_by_key(|known| known.action);
        let unlisted = match weakest.filter(|known| known.action > finding.action) {
            Some(weakest) => std::mem::replace(weakest, finding),
            None => finding,
        };
        self.hashes.push(unlisted.hash(), LISTED + 1 + unlisted.action as usize);
    }

    /// Those that deny come first, then warnings.
    pub(super) fn sorted(mut self) -> Self {
        let are_all_listed = self.hashes.entries().is_empty();
        for finding in std::mem::take(&mut self.findings) {
            if !are_all_listed {
                self.hashes.push(finding.hash(), LISTED);
            }
            let behind = self.findings.partition_point(|known| known.action <= finding.action);
            self.findings.insert(behind, finding);
        }
        self.hashes.finish();
        self
    }
}
