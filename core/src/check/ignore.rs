//! The annotation by which an object asks to be let off some findings.
//!
//! It never silences the levels `api` and `ownership`, and what it silences is said.

use super::report::Judged;
use super::run;
use crate::diagnostic::{self, Code, Diagnostic, Level, Severity};
use crate::path::Path;
use crate::tree::{Node, Position};
use crate::values::{nearest, quoted};

/// Findings were left out because the object asks for it.
pub const IGNORED: Code = Code("ignored");

/// Codes that an object may have and that have no page; the last is of the crate `gatewright-crd`.
const OTHERS: [&str; 4] = [run::NOT_CHECKED.0, run::REPEATED.0, IGNORED.0, "crd-not-evaluated"];

/// Codes to leave out, with commas between them.
const ANNOTATION: &str = "gatewright.dev/ignore";

/// The codes that an object asks to leave out, each with the place of the annotation.
pub(super) fn codes(node: &Node<'_>) -> Vec<(String, Position)> {
    let annotations = node.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let Some(annotation) = annotations.and_then(|annotations| annotations.get(ANNOTATION)) else {
        return Vec::new();
    };
    let words = annotation.as_text().unwrap_or_default().split(',').map(str::trim);
    words.filter(|word| !word.is_empty()).map(|word| (word.to_owned(), annotation.position)).collect()
}

/// Takes out what the object asks to leave out, and says how much of what that was.
pub(super) fn apply(judged: &mut Judged<'_>) {
    let path = Path::ROOT.key("metadata").key("annotations").key(ANNOTATION);
    for (code, position) in std::mem::take(&mut judged.ignored) {
        let named = |diagnostic: &Diagnostic| diagnostic.code.0 == code;
        let kept = |diagnostic: &Diagnostic| matches!(diagnostic.level, Level::Api | Level::Ownership);
        let before = judged.diagnostics.len();
        judged.diagnostics.retain(|diagnostic| !named(diagnostic) || kept(diagnostic));
        let listed = || super::page::pages().map(|page| page.code.0).chain(OTHERS);
        if before == judged.diagnostics.len() && !listed().any(|known| known == code) {
            let message = format!("no finding has the code {}, which is to be ignored here", quoted(&code));
            let hint = match nearest(&code, listed()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`gatewright rules` lists the codes".to_owned(),
            };
            let said = Diagnostic::warning(IGNORED, path.clone(), message).hint(hint);
            judged.diagnostics.push(Diagnostic { position, ..said });
            continue;
        }
        let message = match before - judged.diagnostics.len() {
            0 if judged.diagnostics.iter().any(named) => {
                format!("`{code}` cannot be ignored: it is not a matter of taste what an API server takes")
            }
            0 => format!("`{code}` is ignored here, but nothing of that kind was found"),
            count => format!("`{code}` is ignored here: {count} left out"),
        };
        let said = Diagnostic::new(IGNORED, Severity::Info, path.clone(), message);
        judged.diagnostics.push(Diagnostic { position, ..said });
    }
    diagnostic::sort(&mut judged.diagnostics);
}
