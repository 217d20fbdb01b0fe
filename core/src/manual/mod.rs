//! The manual: a page a code, of everything that `check` finds and that a review denies.

mod codes;

use std::fmt::Write as _;

pub use codes::{code, codes, unknown_code, unknown_codes};

use crate::check;
pub use crate::check::Page;
use crate::diagnostic::Level;
use crate::ownership::rule::{RULES, Rule};

/// Every page: first what the API server finds, then the rules, level by level, each part by code.
pub fn pages() -> impl Iterator<Item = Page> {
    check::pages().chain(RULES.into_iter().map(of))
}

fn of(rule: &'static Rule) -> Page {
    let Rule { code, action, what, why, bad, good } = *rule;
    Page {
        code,
        severity: action.severity(),
        level: Level::Ownership,
        what,
        why,
        source: "docs/ownership.md",
        bad,
        good,
    }
}

/// The page of a code.
pub fn explain(code: &str) -> Option<Page> {
    pages().find(|page| page.code.0 == code)
}

/// The text of `docs/rules.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Rules\n\nPrinted from `core/src/check/`, where each level is a room and each rule a file (level `api`: \
         `api/pages.rs`), and from `core/src/ownership/rule/`; `gatewright explain CODE` prints the same. What level `api` \
         finds, the API server refuses, in its own words. The next are manifests that it takes, but that do not do what they \
         seem to: by Gateway API's own words (level `semantic`), or with the controller that `--profile` names (level \
         `controller`, [its facts and reports](profiles.md)). What is not in the input counts as unknown, unless `--complete` \
         says that everything is there. Level `ownership` is [who may use which host name](ownership.md): the last object of an \
         example is the one that is written, and the others are there.\n\n\
         | code | level | severity | finds |\n|---|---|---|---|\n",
    );
    // Writing to a String cannot fail.
    for Page { code, level, severity, what, .. } in pages() {
        let what = what.replace('|', "\\|");
        let _ = writeln!(text, "| [`{code}`](#{code}) | {} | {} | {what} |", level.word(), severity.word());
    }
    for Page { code, severity, level, what, why, source, bad, good } in pages() {
        let (level, severity, bad, good) = (level.word(), severity.word(), bad.trim(), good.trim());
        let _ = write!(
            text,
            "\n## {code}\n\n*{level}, {severity}*: {what}.\n\n{why}\n\nSource: {source}.\n\nFound fault with:\n\n```yaml\n{bad}\n```\n\n\
             Right:\n\n```yaml\n{good}\n```\n",
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_page_in_the_manual() {
        let text = markdown();
        for page in pages() {
            assert_eq!(text.matches(&format!("\n## {}\n", page.code)).count(), 1, "{}", page.code);
            assert!(explain(page.code.0).is_some_and(|found| found.what == page.what));
        }
        assert!(explain("no-such-code").is_none());
    }
}
