//! `gatewright check --crd`: objects of other kinds, judged by their CRDs in a child process.
//!
//! The crates that judge them may abort or overflow the stack on what a stranger wrote, and have no limit.
//! A rule that ends its child is left alone from then on, and told to be not evaluated, never to hold.

pub(crate) mod child;
mod limits;
mod protocol;
mod worker;

use std::collections::BTreeMap;

use gatewright_core::check::{Verdict, api, each_object};
use gatewright_core::diagnostic::{self, Code, Diagnostic, Level};
use gatewright_core::path::Path;
use gatewright_core::tree::Node;
use gatewright_core::tree::yaml::{self, Limits};
use gatewright_crd::{Definition, Finding, Version, What, read};

use crate::input::Input;
use protocol::{Request, Said, Sent};
use worker::{Ended, Worker};

/// A CRD that is broken, stands there twice, or is not there.
const UNUSABLE: Code = Code("crd-unusable");

/// CRDs, and the child that knows them.
#[derive(Default)]
pub(crate) struct Crds {
    known: BTreeMap<(String, String), Known>,
    /// How many versions there are.
    versions: usize,
    worker: Option<Worker>,
    /// Why objects of a version are not judged.
    unjudged: BTreeMap<usize, String>,
    /// Rules that ended a child, by version, and how.
    skipped: BTreeMap<usize, BTreeMap<usize, String>>,
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
            match self.load(number, version)? {
                Said::Broken(fault) => return Err(format!("the CRD {} is broken: {fault}", definition.name)),
                Said::Unreadable(why) => drop(self.unjudged.insert(number, why)),
                _ => {}
            }
        }
        self.known.insert(key, Known { definition, first, file: file.to_owned() });
        Ok(())
    }

    /// What an API server would say of an object; `None` where no CRD defines its kind.
    pub(crate) fn judge(&mut self, object: &Node<'_>, old: Option<&Node<'_>>) -> Option<Verdict> {
        let api_version = object.text_of("apiVersion")?;
        let (group, version) = api_version.split_once('/')?;
        let known = self.known.remove(&(group.to_owned(), object.text_of("kind")?.into_owned()))?;
        let verdict = self.judge_by(&known, version, object, old);
        self.known.insert((known.definition.group.clone(), known.definition.kind.clone()), known);
        Some(verdict)
    }

    fn judge_by(
        &mut self,
        known: &Known,
        version: &str,
        object: &Node<'_>,
        old: Option<&Node<'_>>,
    ) -> Verdict {
        let Known { definition: Definition { name, kind, versions, namespaced, .. }, first, file } = known;
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
        let found = self.findings(first + index, &versions[index], object, old);
        let mut diagnostics = api::metadata_of_another_kind(object, *namespaced);
        let unknown = found.iter().any(|finding| finding.what == What::NotEvaluated);
        diagnostics.extend(found.into_iter().map(|finding| diagnostic_of(finding, &source)));
        let allowed =
            if diagnostic::has_errors(&diagnostics) { Some(false) } else { (!unknown).then_some(true) };
        Verdict { allowed, diagnostics }
    }

    /// What the child finds. As often as a rule ends it, a new one is asked without that rule.
    fn findings(
        &mut self,
        number: usize,
        version: &Version,
        object: &Node<'_>,
        old: Option<&Node<'_>>,
    ) -> Vec<Finding> {
        match self.ask(number, version, object, old) {
            Ok(findings) => findings,
            Err(why) => vec![Finding {
                what: What::NotEvaluated,
                path: Path::ROOT,
                message: format!("the object was not judged by its CRD: {why}"),
            }],
        }
    }

    fn ask(
        &mut self,
        number: usize,
        version: &Version,
        object: &Node<'_>,
        old: Option<&Node<'_>>,
    ) -> Result<Vec<Finding>, String> {
        loop {
            if let Some(why) = self.unjudged.get(&number) {
                return Err(why.clone());
            }
            match self.load(number, version)? {
                Said::Loaded => {}
                Said::Unreadable(why) => {
                    self.unjudged.insert(number, why);
                    continue;
                }
                other => return Err(format!("{other:?}")),
            }
            let Some(worker) = &mut self.worker else { return Err("there is no child".to_owned()) };
            let skip = self.skipped.get(&number).cloned().unwrap_or_default();
            match worker.ask(&Request::Judge { number, object, old, skip }, limits::STEP) {
                Ok(Said::Found(findings)) => return Ok(findings),
                Ok(Said::Unreadable(why)) => return Err(why),
                Ok(other) => return Err(format!("{other:?}")),
                Err(Ended { rule, why }) => {
                    self.worker = None;
                    let Some(rule) = rule else { return Err(why) };
                    self.skipped.entry(number).or_default().insert(rule, why);
                }
            }
        }
    }

    /// Has a child that is ready for a version.
    fn load(&mut self, number: usize, version: &Version) -> Result<Said, String> {
        let worker = match &mut self.worker {
            Some(worker) => worker,
            None => self.worker.insert(Worker::start().map_err(|fault| format!("{fault:#}"))?),
        };
        if worker.loaded.contains(&number) {
            return Ok(Said::Loaded);
        }
        let request: Sent<'_, '_> = Request::Load { number, version };
        match worker.ask(&request, limits::LOAD) {
            Ok(said) => {
                worker.loaded.insert(number);
                Ok(said)
            }
            Err(Ended { why, .. }) => {
                self.worker = None;
                Ok(Said::Unreadable(why))
            }
        }
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
