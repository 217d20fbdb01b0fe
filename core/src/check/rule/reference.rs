//! The manual of the rules, from the rules themselves.

use std::fmt::Write as _;

use super::{RULES, Rule};

/// The rule of a code.
pub fn explain(code: &str) -> Option<&'static Rule> {
    let index = RULES.binary_search_by(|rule| rule.code.0.cmp(code)).ok()?;
    RULES.get(index).copied()
}

/// The text of `docs/rules.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Rules\n\nPrinted from `core/src/check/semantic/`, one file a rule; `gatewright explain CODE` prints the same. These are the rules of level \
         `semantic`: the API server takes such manifests, but they do not do what they seem to. What is not in \
         the input counts as unknown, unless `--complete` says that everything is there.\n\n\
         | code | severity | finds |\n|---|---|---|\n",
    );
    // Writing to a String cannot fail.
    for Rule { code, severity, what, .. } in RULES {
        let _ =
            writeln!(text, "| [`{code}`](#{code}) | {} | {} |", severity.word(), what.replace('|', "\\|"));
    }
    for Rule { code, severity, what, why, source, bad, good, check: _ } in RULES {
        let _ = write!(
            text,
            "\n## {code}\n\n*{}*: {what}.\n\n{why}\n\nSource: {source}.\n\nBad:\n\n```yaml\n{}\n```\n\n\
             Good:\n\n```yaml\n{}\n```\n",
            severity.word(),
            bad.trim(),
            good.trim()
        );
    }
    text
}
