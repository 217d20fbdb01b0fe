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
use gatewright_core::diagnostic::{self, Code, Diagnostic, Level, Severity};
use gatewright_core::path::Path;
use gatewright_core::tree::Node;
use gatewright_core::tree::yaml::{self, Limits};
use gatewright_crd::{Definition, Finding, What, read};

use crate::input::Input;
use evaluator::Evaluator;

/// A CRD that stands there twice, is not there, or has what cannot be used here.
const UNUSABLE: Code = Code("crd-unusable");

/// What an API server would hold against a CRD itself.
const REFUSED: Code = Code("crd-refused");

/// A field that an API server does not know, and drops.
const UNKNOWN_FIELD: Code = Code("crd-unknown-field");

/// A group and a kind.
type Key = (String, String);

/// CRDs, and what judges by them.
#[derive(Default)]
pub(crate) struct Crds {
    known: BTreeMap<Key, Known>,
    /// Why those that were given are not used, until that is said of one of their objects.
    unusable: BTreeMap<Key, Option<String>>,
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
                    let mut told = crds.take(&node, &input.name());
                    diagnostic::locate(&mut told, &node);
                    found.append(&mut told);
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

    /// Adds an object that is a CRD of another API, and gives what is wrong with it.
    fn take(&mut self, node: &Node<'_>, file: &str) -> Vec<Diagnostic> {
        let unusable = |why: String| Diagnostic::error(UNUSABLE, Path::ROOT, why);
        let object = match serde_json::to_value(node) {
            Ok(object) => object,
            Err(fault) => return vec![unusable(fault.to_string())],
        };
        if object["kind"] != "CustomResourceDefinition" {
            return Vec::new();
        }
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let key = (text(&object["spec"]["group"]), text(&object["spec"]["names"]["kind"]));
        // The tables of the core know these, and every release and channel of them.
        if api::GROUPS.contains(&key.0.as_str()) {
            return Vec::new();
        }
        let name = text(&object["metadata"]["name"]);
        if let Some(other) = self.known.get(&key) {
            return vec![unusable(format!("the CRD of {name} in {} stands in {file} too", other.file))];
        }
        let mut told = self.refusals(node, &object);
        if !diagnostic::has_errors(&told)
            && let Err(why) = self.add(&object, key.clone(), file)
        {
            told.push(unusable(why));
        }
        let mut errors = told.iter().filter(|fault| fault.severity == Severity::Error);
        if let Some(first) = errors.next() {
            let more = match errors.count() {
                0 => String::new(),
                count => format!(" (and {count} more)"),
            };
            let Diagnostic { path, message, .. } = first;
            let place = if path.is_root() { String::new() } else { format!("{path}: ") };
            let why =
                format!("the CRD {name} in {file} is given, but cannot be used: {place}{message}{more}");
            self.unusable.insert(key, Some(why));
        }
        told
    }

    /// What an API server would hold against a CRD, as far as that can be told.
    fn refusals(&mut self, node: &Node<'_>, object: &serde_json::Value) -> Vec<Diagnostic> {
        // Of another version nothing is known but that there is none.
        if object["apiVersion"] != "apiextensions.k8s.io/v1" {
            return Vec::new();
        }
        let found = match self.evaluator.refusals(node) {
            Ok(found) => found,
            Err(why) => {
                let message = format!("whether an API server takes this CRD is not known: {why}");
                return vec![Diagnostic::warning(What::NOT_EVALUATED, Path::ROOT, message)];
            }
        };
        let mut told = api::metadata_of_another_kind(node, false);
        told.extend(found.into_iter().map(|Finding { what, path, message }| match what {
            What::UnknownField => Diagnostic::warning(UNKNOWN_FIELD, path, message)
                .hint("it is as if it were not there; kubectl refuses the CRD where it stands outside of `items` and `additionalProperties`")
                .about_key(),
            _ => Diagnostic::error(REFUSED, path, message)
                .hint("mend the CRD; objects of its kind are not checked until then"),
        }));
        told.into_iter().map(|told| told.level(Level::Api).source("apiextensions.k8s.io/v1")).collect()
    }

    fn add(&mut self, object: &serde_json::Value, key: Key, file: &str) -> Result<(), String> {
        let Some(definition) = read(object)? else { return Ok(()) };
        let first = self.versions;
        self.versions += definition.versions.len();
        for (number, version) in (first..).zip(&definition.versions) {
            self.evaluator.load(number, version)?;
        }
        self.known.insert(key, Known { definition, first, file: file.to_owned() });
        Ok(())
    }

    /// What an API server would say of an object; `None` where no CRD defines its kind.
    pub(crate) fn judge(&mut self, object: &Node<'_>, old: Option<&Node<'_>>) -> Option<Verdict> {
        let api_version = object.text_of("apiVersion")?;
        let (group, version) = api_version.split_once('/')?;
        let key = (group.to_owned(), object.text_of("kind")?.into_owned());
        if let Some(known) = self.known.get(&key) {
            return Some(known.judge(&mut self.evaluator, version, object, old));
        }
        // Said once; never is an object passed for it.
        let why = self.unusable.get_mut(&key)?.take();
        let told = why.map(|why| {
            let message = format!("objects of kind {} in {group} are not checked: {why}", key.1);
            Diagnostic::warning(What::NOT_EVALUATED, Path::ROOT, message)
                .level(Level::Api)
                .hint("mend the CRD; what the object is to routes and listeners counts all the same")
        });
        Some(Verdict { allowed: None, diagnostics: told.into_iter().collect() })
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
