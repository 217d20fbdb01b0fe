//! What a rule is, and the rules of all levels. Each level is a room of its own, each rule a file in it.

pub(super) mod backends;
pub(super) mod external_names;
pub(super) mod finding;
pub(super) mod listeners;
#[cfg(test)]
pub(super) mod tests;
pub(super) mod words;

use super::attach::Attachments;
use super::controller::{self, Use};
use super::model::Model;
use super::semantic;
use super::settings::Settings;
use crate::diagnostic::{Code, Level, Severity};

pub use finding::Finding;

/// A rule, and what its page says.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub code: Code,
    /// How much a finding weighs; one that rests on what the input does not show may weigh less.
    pub severity: Severity,
    /// What it finds, in one line.
    pub what: &'static str,
    /// Why that matters: what the user would see.
    pub why: &'static str,
    /// Where the rule is written down, with a version.
    pub source: &'static str,
    /// Manifests that it finds fault with. A first line `# with --profile WORD` or `# with --complete` says
    /// how they are checked.
    pub bad: &'static str,
    /// The same, mended.
    pub good: &'static str,
    /// Looks at everything that was given, and adds what it finds, each with the object it is about.
    pub check: fn(&Context<'_>, &mut Vec<Finding>),
}

/// What a rule may look at.
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// Everything that was given.
    pub model: &'c Model<'c>,
    /// Who attaches to whom.
    pub attach: &'c Attachments<'c>,
    /// What objects use that the named controller reports as unsupported.
    pub uses: &'c [Use],
    /// What was asked for.
    pub settings: &'c Settings,
}

/// The rules of each level, by code.
static LEVELS: [(Level, &[&Rule]); 2] =
    [(Level::Semantic, semantic::RULES), (Level::Controller, controller::RULES)];

/// Every rule with its level.
pub fn all() -> impl Iterator<Item = (Level, &'static Rule)> {
    LEVELS.into_iter().flat_map(|(level, rules)| rules.iter().map(move |rule| (level, *rule)))
}

/// What the rules find, rule by rule. Level `controller` has something to say of a named controller only.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (level, rule) in all() {
        if level == Level::Controller && context.settings.controller().is_none() {
            continue;
        }
        let start = found.len();
        (rule.check)(context, &mut found);
        for finding in found.iter_mut().skip(start) {
            finding.diagnostic.level = level;
        }
    }
    found
}
