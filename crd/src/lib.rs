//! Objects judged by any CustomResourceDefinition: its schema with `jsonschema`, its CEL rules with `kube-cel`.
//! What an API server would hold against a CRD itself is in [`refusals`].
//!
//! Both crates may abort the process on what a stranger wrote, and neither has a limit: whoever judges by
//! CRDs that are not their own does it in a process that may die (`gatewright check --crd`). What was begun
//! is told before it is done, so that the one who started that process knows what ended it.
//!
//! Where one of the crates is known to answer otherwise than the API server, there is no answer but
//! [`What::NotEvaluated`]. Metadata is not looked at here; the core does that.
//!
//! Source of the order and the words: `k8s.io/apiextensions-apiserver` v0.36.2, `pkg/apiserver/schema` and
//! `pkg/registry/customresource/strategy.go`.

mod definition;
mod duration;
mod finding;
mod format;
mod functions;
mod json_schema;
mod multiple;
mod number;
mod pattern;
mod prepare;
mod ratchet;
mod refusal;
mod rules;
mod schema;
mod structure;
mod uniqueness;
mod value;

pub use definition::{Definition, Version, read};
pub use finding::{Finding, What};
pub use refusal::refusals;

use gatewright_core::path::Path;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use finding::Findings;
use ratchet::Ratchet;
use rules::Rules;
use schema::Schema;
use structure::Structure;

/// A rule by its number, or the expression that makes its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Step {
    /// The number.
    pub rule: usize,
    /// Whether it is the message, which is asked for once the rule is known not to hold.
    pub of_message: bool,
}

/// Hears of each step before it is taken; says why it may not be.
pub type Begin<'b> = dyn FnMut(Step) -> Result<(), String> + 'b;

/// One version of a CRD, ready to judge.
pub struct Judge {
    schema: Schema,
    structure: Structure,
    rules: Rules,
    status_apart: bool,
}

impl Judge {
    /// Reads a version's schema; what is wrong with it otherwise.
    ///
    /// CEL rules are compiled when an object first needs them: one that cannot be compiled keeps no other
    /// from being evaluated.
    pub fn new(version: &Version) -> Result<Self, String> {
        let (schema, rules) = schema::read(&version.schema)?;
        let structure = Structure::new(&version.schema)?;
        Ok(Self { schema, structure, rules: Rules::new(rules), status_apart: version.status_apart })
    }

    /// What the API server would hold against an object, metadata apart; nothing if it would take it. With
    /// `old`, what it was before an update.
    ///
    /// `begin` is told of each rule before it is compiled and evaluated; where it says why not, the rule is
    /// reported as not evaluated. Where it says so of a message, the rule's fixed one stands in.
    pub fn check(&mut self, object: &Value, old: Option<&Value>, begin: &mut Begin<'_>) -> Vec<Finding> {
        let mut findings = Findings::default();
        let object = self.prepared(object, &mut findings);
        let old = old.map(|old| self.prepared(old, &mut Findings::default()));
        let old = old.as_ref();
        self.structure.check(&object, &mut findings);
        let mut ratchet = Ratchet::default();
        if let Some(old) = old {
            findings.retain(|finding| {
                finding.what == What::UnknownField
                    || !ratchet.is_unchanged(&self.schema, &object, old, &finding.path)
            });
        }
        if old.is_none_or(|old| !uniqueness::is_violated(&self.schema, old)) {
            uniqueness::check(&self.schema, &object, &Path::ROOT, &mut findings);
        }
        if !findings.is_blocking() {
            self.rules.check(&self.schema, &object, old, &mut ratchet, begin, &mut findings);
        }
        findings.into_vec()
    }

    /// The object as the API server validates it: defaults filled in, superfluous nulls and a status that is
    /// written through its own subresource taken out.
    fn prepared(&self, object: &Value, findings: &mut Findings) -> Value {
        let mut object = object.clone();
        prepare::prepare(&self.schema, &mut object, &Path::ROOT, findings);
        if self.status_apart
            && let Some(map) = object.as_object_mut()
        {
            map.remove("status");
        }
        object
    }
}

#[cfg(test)]
mod tests;
