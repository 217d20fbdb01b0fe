//! Level `semantic`: legal manifests that do not mean what they seem to mean. One file a rule.

use crate::diagnostic::{Code, Diagnostic, Severity};

use super::model::Model;
use super::settings::Settings;

/// A rule, and what `gatewright explain` says of it; `docs/rules.md` is made from the same texts.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub code: Code,
    /// How much a finding weighs.
    pub severity: Severity,
    /// What it finds, in one line.
    pub what: &'static str,
    /// Why that matters: what the user would see.
    pub why: &'static str,
    /// Where the rule is written down, with a version.
    pub source: &'static str,
    /// Manifests that it finds fault with.
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
    /// What was asked for.
    pub settings: &'c Settings,
}

/// What a rule found.
#[derive(Debug)]
pub struct Finding {
    /// The index of the object's result.
    pub object: usize,
    /// What is to be said.
    pub diagnostic: Diagnostic,
}

/// Every rule, by code.
pub static RULES: &[&Rule] = &[];

/// What the rules find.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in RULES {
        (rule.check)(context, &mut found);
    }
    found
}
