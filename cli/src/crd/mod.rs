//! `gatewright check --crd`: objects of other kinds, judged by their CRDs in a child process.
//!
//! The crates that judge them may abort or overflow the stack on what a stranger wrote, and have no limit.
//! A rule that ends its child is left alone from then on, and told to be not evaluated, never to hold.

pub(crate) mod child;
mod evaluator;
mod limits;
mod protocol;
mod worker;

use std::collections::BTreeMap;

use gatewright_core::check::{Verdict, api, each_object};
use gatewright_core::diagnostic::{self, Code, Diagnostic, Level};
use gatewright_core::path::Path;
use gatewright_core::tree::Node;
use gatewright_core::tree::yaml::{self, Limits};
use gatewright_crd::{Definition, Finding, What, read};

use crate::input::Input;
use evaluator::Evaluator;

/// A CRD that is broken, stands there twice, or is not there.
const UNUSABLE: Code = Code("crd-unusable");

/// CRDs, and what judges by them.
#[derive(Default)]
pub(crate) struct Crds {
    known: BTreeMap<(String, String), Known>,
    /// How many versions there are.
    versions: usize,
    evaluator: Evaluator,
}

/// A CRD, and where it comes from.
struct Known {
    definition: Definition,
    /// The number of its first version; the others follow.
    first: usize,
    file: String,
}

impl Crds {
    /// Reads every CRD of these texts, and adds what is wrong with them.
    pub(crate) fn read(inputs: &[Input], faults: &mut Vec<Diagnostic>) -> Self {
        let mut crds = Self::default();
        for input in inputs {
            let mut found = Vec::new();
            yaml::each(&input.text, input.source, &Limits::NATIVE, faults, |node, _| {
                each_object(node, &mut |node| {
                    if let Err(fault) = crds.add(&node, &input.name()) {
                        let mut fault = vec![Diagnostic::error(UNUSABLE, Path::ROOT, fault)];
                        diagnostic::locate(&mut fault, &node);
                        found.append(&mut fault);
                    }
                });
            });
            faults.append(&mut found);
        }
        if !inputs.is_empty() && crds.known.is_empty() && !diagnostic::has_errors(faults) {
            let message = "no CustomResourceDefinition of another API in what `--crd` names";
            faults.push(Diagnostic::error(UNUSABLE, Path::ROOT, message));
        }
        crds
    }

    fn add(&mut self, node: &Node<'_>, file: &str) -> Result<(), String> {
        let object = serde_json::to_value(node).map_err(|fault| fault.to_string())?;
        let Some(definition) = read(&object)? else { return Ok(()) };
        // The tables of the core know these, and every release and channel of them.
        if api::GROUPS.contains(&definition.group.as_str()) {
            return Ok(());
        }
        let key = (definition.group.clone(), definition.kind.clone());
        if let Some(other) = self.known.get(&key) {
            return Err(format!(
                "the CRD of {} in {} stands in {file} too",
                other.definition.name, other.file
            ));
        }
        let first = self.versions;
        self.versions += definition.versions.len();
        for (number, version) in (first..).zip(&definition.versions) {
            self.evaluator
                .load(number, version)
                .map_err(|fault| format!("the CRD {} cannot be used: {fault}", definition.name))?;
        }
        self.known.insert(key, Known { definition, first, file: file.to_owned() });
        Ok(())
    }

    /// What an API server would say of an object; `None` where no CRD defines its kind.
    pub(crate) fn judge(&mut self, object: &Node<'_>, old: Option<&Node<'_>>) -> Option<Verdict> {
        let api_version = object.text_of("apiVersion")?;
        let (group, version) = api_version.split_once('/')?;
        let known = self.known.get(&(group.to_owned(), object.text_of("kind")?.into_owned()))?;
        Some(known.judge(&mut self.evaluator, version, object, old))
    }
}

impl Known {
    fn judge(
        &self,
        evaluator: &mut Evaluator,
        version: &str,
        object: &Node<'_>,
        old: Option<&Node<'_>>,
    ) -> Verdict {
        let Self { definition: Definition { name, kind, versions, namespaced, .. }, first, file } = self;
        let Some(index) = versions.iter().position(|served| served.name == version) else {
            let served: Vec<&str> = versions.iter().map(|version| version.name.as_str()).collect();
            let message = format!("no matches for kind {kind:?} in version {version:?}");
            let refusal = Diagnostic::error(api::NOT_SERVED, Path::ROOT.key("apiVersion"), message)
                .level(Level::Api)
                .hint(format!("it is served as {}", served.join(", ")))
                .source(format!("CRD {name} of {file}"));
            return Verdict { allowed: Some(false), diagnostics: vec![refusal] };
        };
        let source = format!("CRD {name}, {version}, of {file}");
        let found = evaluator.findings(first + index, &versions[index], object, old);
        let mut diagnostics = api::metadata_of_another_kind(object, *namespaced);
        let unknown = found.iter().any(|finding| finding.what == What::NotEvaluated);
        diagnostics.extend(found.into_iter().map(|finding| diagnostic_of(finding, &source)));
        let allowed =
            if diagnostic::has_errors(&diagnostics) { Some(false) } else { (!unknown).then_some(true) };
        Verdict { allowed, diagnostics }
    }
}

fn diagnostic_of(finding: Finding, source: &str) -> Diagnostic {
    let Finding { what, path, message } = finding;
    let diagnostic = match what {
        What::NotEvaluated => Diagnostic::warning(what.code(), path, message)
            .hint("only an API server knows whether it takes the object"),
        What::UnknownField => Diagnostic::error(what.code(), path, message)
            .hint("take it out; without strict validation it would be dropped silently")
            .about_key(),
        _ => Diagnostic::error(what.code(), path, message),
    };
    diagnostic.level(Level::Api).source(source.to_owned())
}
