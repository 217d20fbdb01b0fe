//! Kinds that nothing here judges, told in one finding: of an input with many of them one each would hide the rest.

use std::collections::BTreeMap;

use gatewright_core::check::{Identity, NOT_CHECKED, Report};
use gatewright_core::diagnostic::{Diagnostic, Severity};
use gatewright_core::ownership::API_VERSION;

use crate::page::{counted, names};

/// Whether a finding is one of those; that a kind of Gateway API was misspelt is told by itself.
pub(super) fn is_summed(diagnostic: &Diagnostic) -> bool {
    diagnostic.code == NOT_CHECKED && diagnostic.severity == Severity::Info
}

/// All findings that a kind is not checked as one, at the place of the first; `None` where there are not several.
pub(super) fn summed(report: &Report<'_>) -> Option<Diagnostic> {
    let mut kinds: Vec<(&str, &str)> = Vec::new();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut first = None;
    for judged in report.results.iter().filter(|judged| !judged.in_context) {
        let Some(Identity { api_version, kind, .. }) = &judged.object else { continue };
        // The first object of a kind has the finding; grants and claims may have judged any of them.
        let is_of_such =
            counts.contains_key(&(&**api_version, &**kind)) || judged.diagnostics.iter().any(is_summed);
        if judged.allowed.is_some() && !is_of_such {
            continue;
        }
        *counts.entry((api_version, kind)).or_default() += 1;
        if let Some(found) = judged.diagnostics.iter().find(|diagnostic| is_summed(diagnostic)) {
            kinds.push((api_version, kind));
            first = first.or(Some(found));
        }
    }
    let first = first.filter(|_| kinds.len() > 1)?;
    let count = |kind| counts.get(kind).copied().unwrap_or_default();
    let objects: usize = kinds.iter().map(count).sum();
    let words: Vec<String> =
        kinds.iter().map(|kind| format!("{} {} in {}", count(kind), kind.1, kind.0)).collect();
    let message = format!(
        "{} of {} are not checked by themselves: {}",
        counted(objects, "object"),
        counted(kinds.len(), "kind"),
        names(words.iter().map(String::as_str))
    );
    let is_ours = kinds.iter().any(|(api_version, _)| *api_version == API_VERSION);
    let ours = if is_ours { " (`gatewright crds` writes ours)" } else { "" };
    let hint = format!(
        "`kubectl apply --dry-run=server` judges them all, `--crd` those whose CRD it is given{ours}; what routes and \
         listeners refer to counts all the same"
    );
    Some(first.clone().with_message(message).hint(hint))
}
