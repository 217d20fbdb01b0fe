//! The manual of the rules, from the rules themselves.

use std::fmt::Write as _;

use super::{Rule, all};
use crate::diagnostic::Level;

/// The rule of a code, and who would object.
pub fn explain(code: &str) -> Option<(Level, &'static Rule)> {
    all().find(|(_, rule)| rule.code.0 == code)
}

/// The text of `docs/rules.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Rules\n\nPrinted from `core/src/check/`, where each level is a room and each rule a file; `gatewright explain CODE` \
         prints the same. The API server takes such manifests, but they do not do what they seem to: by Gateway API's \
         own words (level `semantic`), or with the controller that `--profile` names (level `controller`, \
         [its facts and reports](profiles.md)). What is not in the input counts as unknown, unless `--complete` says \
         that everything is there.\n\n\
         | code | level | severity | finds |\n|---|---|---|---|\n",
    );
    // Writing to a String cannot fail.
    for (level, Rule { code, severity, what, .. }) in all() {
        let _ = writeln!(
            text,
            "| [`{code}`](#{code}) | {} | {} | {} |",
            level.word(),
            severity.word(),
            what.replace('|', "\\|")
        );
    }
    for (level, Rule { code, severity, what, why, source, bad, good, check: _ }) in all() {
        let _ = write!(
            text,
            "\n## {code}\n\n*{}, level {}*: {what}.\n\n{why}\n\nSource: {source}.\n\nBad:\n\n```yaml\n{}\n```\n\n\
             Good:\n\n```yaml\n{}\n```\n",
            severity.word(),
            level.word(),
            bad.trim(),
            good.trim()
        );
    }
    text
}
