//! What the manual says of what `check` finds: a page a code, from the API server's faults and from the rules.

use super::api;
use super::rule::{self, Rule};
use crate::diagnostic::{Code, Level, Severity};

/// What `gatewright explain` says of a code; `docs/rules.md` is made from the same texts.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The code.
    pub code: Code,
    /// How much a finding weighs at most.
    pub severity: Severity,
    /// Who would object.
    pub level: Level,
    /// What is found, in one line.
    pub what: &'static str,
    /// Why that matters: what the user would see.
    pub why: &'static str,
    /// Where it is written down, with a version.
    pub source: &'static str,
    /// Manifests with the fault.
    pub bad: &'static str,
    /// The same, mended.
    pub good: &'static str,
}

/// Every page: first what the API server finds, then the rules, level by level, each part by code.
pub fn pages() -> impl Iterator<Item = Page> {
    api::PAGES.iter().copied().chain(rule::all().map(|(level, rule)| of(level, rule)))
}

fn of(level: Level, rule: &Rule) -> Page {
    let Rule { code, severity, what, why, source, bad, good, check: _ } = *rule;
    Page { code, severity, level, what, why, source, bad, good }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Run, Settings};
    use crate::diagnostic::Diagnostic;
    use crate::release::{Channel, Release, Target};

    /// What level `api` finds in an example.
    fn refused(text: &str) -> Vec<Diagnostic> {
        let settings = Settings::new(Target { release: Release::V1_6, channel: Channel::Standard });
        let mut run = Run::new(&settings);
        assert_eq!(run.read(text, 0), [], "{text}");
        let found = run.finish().results.into_iter().flat_map(|judged| judged.diagnostics);
        found.filter(|diagnostic| diagnostic.level == Level::Api).collect()
    }

    #[test]
    fn the_bad_example_of_a_page_shows_its_fault_and_no_other() {
        for Page { code, bad, good, .. } in api::PAGES {
            let found = refused(bad);
            assert!(!found.is_empty(), "{code}: nothing found in its bad example");
            for diagnostic in found {
                assert_eq!(diagnostic.code, *code, "{diagnostic}");
                assert_eq!(diagnostic.severity, Severity::Error, "{diagnostic}");
            }
            assert_eq!(refused(good), [], "{code}: its good example");
        }
    }

    #[test]
    fn every_code_of_the_api_server_has_a_page() {
        let with_page: Vec<_> = api::PAGES.iter().map(|page| page.code).collect();
        assert_eq!(with_page, api::CODES);
        assert!(with_page.is_sorted());
    }

    #[test]
    fn pages_are_in_house_style() {
        for Page { code, what, why, source, .. } in pages() {
            assert!(!what.is_empty() && !what.ends_with('.'), "{code}: {what:?}");
            assert!(why.ends_with('.'), "{code}: {why:?}");
            assert!(!source.is_empty() && !source.ends_with('.'), "{code}: {source:?}");
        }
    }
}
