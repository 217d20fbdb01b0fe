//! The annotation by which an object asks to be let off some findings.
//!
//! It never silences the levels `api` and `ownership`, and what it silences is said.

use std::collections::{BTreeMap, BTreeSet};

use super::page;
use super::report::Judged;
use super::{not_checked, repetitions};
use crate::diagnostic::{self, Code, Diagnostic, Level, Severity};
use crate::path::Path;
use crate::tree::{Node, Position};
use crate::values::{nearest, quoted};

/// Findings were left out because the object asks for it.
pub const IGNORED: Code = Code("ignored");

/// Codes that an object may have and that have no page; the last is of the crate `gatewright-crd`.
const OTHERS: [&str; 4] =
    [not_checked::NOT_CHECKED.0, repetitions::REPEATED.0, IGNORED.0, "crd-not-evaluated"];

/// Codes to leave out, with commas between them.
const ANNOTATION: &str = "gatewright.dev/ignore";

/// Most unknown codes of an object that are told; the others are counted. Our own bound.
const TOLD: usize = 8;

/// What an object asks to leave out.
#[derive(Debug)]
pub(super) struct Ignored {
    codes: BTreeSet<String>,
    /// The place of the annotation.
    position: Position,
}

/// The codes that an object asks to leave out.
pub(super) fn asked(node: &Node<'_>) -> Option<Ignored> {
    let annotation = node.get("metadata")?.get("annotations")?.get(ANNOTATION)?;
    let words = annotation.as_text().unwrap_or_default().split(',').map(str::trim);
    let codes = words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
    Some(Ignored { codes, position: annotation.position })
}

/// Whether an object asks to leave a code out.
pub(super) fn leaves_out(node: &Node<'_>, code: Code) -> bool {
    asked(node).is_some_and(|ignored| ignored.codes.contains(code.0))
}

/// Every code that an object may ask to leave out.
pub(super) fn known() -> BTreeSet<&'static str> {
    page::pages().map(|page| page.code.0).chain(OTHERS).collect()
}

/// Takes out what the object asks to leave out, and says how much of what that was.
pub(super) fn apply(judged: &mut Judged<'_>, known: &BTreeSet<&'static str>) {
    let Some(Ignored { codes, position }) = judged.ignored.take() else { return };
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kept: BTreeSet<&str> = BTreeSet::new();
    judged.diagnostics.retain(|Diagnostic { code, level, .. }| {
        if !codes.contains(code.0) {
            return true;
        }
        let stays = matches!(level, Level::Api | Level::Ownership);
        if stays {
            kept.insert(code.0);
        } else {
            *left_out.entry(code.0).or_default() += 1;
        }
        stays
    });
    let path = Path::ROOT.key("metadata").key("annotations").key(ANNOTATION);
    let (told, unknown): (Vec<&str>, Vec<&str>) = codes
        .iter()
        .map(String::as_str)
        .partition(|code| known.contains(code) || left_out.contains_key(code) || kept.contains(code));
    let told = told.into_iter().map(|code| {
        let message = match left_out.get(code) {
            Some(count) => format!("`{code}` is ignored here: {count} left out"),
            None if kept.contains(code) => {
                format!("`{code}` cannot be ignored: it is not a matter of taste what an API server takes")
            }
            None => format!("`{code}` is ignored here, but nothing of that kind was found"),
        };
        Diagnostic::new(IGNORED, Severity::Info, path.clone(), message)
    });
    let more = unknown.len().saturating_sub(TOLD);
    let more = (more > 0).then(|| {
        let message = format!("no finding has {more} more codes, which are to be ignored here");
        Diagnostic::warning(IGNORED, path.clone(), message).hint("docs/codes.md lists every code")
    });
    let unknown = unknown.into_iter().take(TOLD).map(|code| {
        let message = format!("no finding has the code {}, which is to be ignored here", quoted(code));
        let hint = match nearest(code, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "docs/codes.md lists every code".to_owned(),
        };
        Diagnostic::warning(IGNORED, path.clone(), message).hint(hint)
    });
    let said = told.chain(unknown).chain(more).map(|said| Diagnostic { position, ..said });
    judged.diagnostics.extend(said);
    diagnostic::sort(&mut judged.diagnostics);
}

#[cfg(test)]
mod tests {
    use crate::check::{Run, testing};

    #[test]
    fn a_few_unknown_codes_are_told_and_the_others_counted() {
        let codes: Vec<String> = (0..50_000).map(|code| format!("f{code}")).collect();
        let text = format!(
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  annotations: {{gatewright.dev/ignore: '{},f1,wide-grant'}}\n",
            codes.join(",")
        );
        let settings = testing::partial();
        let mut run = Run::new(&settings);
        assert_eq!(run.read(&text, 0), []);
        let report = run.finish();
        let found = report.results[0].diagnostics.iter().filter(|found| found.code == super::IGNORED);
        let messages: Vec<&str> = found.map(|found| found.message.as_ref()).collect();
        assert_eq!(messages.len(), 1 + super::TOLD + 1, "{messages:?}");
        assert!(messages.contains(&"no finding has 49992 more codes, which are to be ignored here"));
        assert!(messages.contains(&"`wide-grant` is ignored here, but nothing of that kind was found"));
    }
}
