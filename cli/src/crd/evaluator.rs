//! Findings from a child, which is started anew when an object or a rule has ended it.

use std::collections::BTreeMap;

use gatewright_core::path::Path;
use gatewright_core::tree::Node;
use gatewright_crd::{Finding, Step, Version, What};

use super::limits;
use super::protocol::{Request, Said};
use super::worker::{Ended, Worker};

/// The child under way, and what is left alone because of how it went.
#[derive(Default)]
pub(super) struct Evaluator {
    worker: Option<Worker>,
    /// Why objects of a version are not judged.
    unjudged: BTreeMap<usize, String>,
    /// Steps that ended a child, by version, and how.
    skipped: BTreeMap<usize, Vec<(Step, String)>>,
}

impl Evaluator {
    /// What the child holds against a CRD. As often as a rule ends it, a new one is asked without that rule; where
    /// anything else does, nothing is known.
    pub(super) fn refusals(&mut self, definition: &Node<'_>) -> Result<Vec<Finding>, String> {
        let mut skip = Vec::new();
        loop {
            let request = Request::Define { definition, skip: skip.clone() };
            match self.worker()?.ask(&request, limits::LOAD) {
                Ok(Said::Found(findings)) => return Ok(findings),
                Ok(other) => return Err(format!("{other:?}")),
                Err(Ended { step, why }) => {
                    self.worker = None;
                    let Some(step) = step else { return Err(why) };
                    skip.push((step, why));
                }
            }
        }
    }

    fn worker(&mut self) -> Result<&mut Worker, String> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => Worker::start().map_err(|fault| format!("{fault:#}"))?,
        };
        Ok(self.worker.insert(worker))
    }

    /// What the child finds. As often as a rule ends it, a new one is asked without that rule.
    pub(super) fn findings(
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
            self.load(number, version)?;
            let Some(worker) = &mut self.worker else { continue };
            let skip = self.skipped.get(&number).cloned().unwrap_or_default();
            match worker.ask(&Request::Judge { number, object, old, skip }, limits::STEP) {
                Ok(Said::Found(findings)) => return Ok(findings),
                Ok(Said::Unreadable(why)) => return Err(why),
                Ok(other) => return Err(format!("{other:?}")),
                Err(Ended { step, why }) => {
                    self.worker = None;
                    let Some(step) = step else { return Err(why) };
                    self.skipped.entry(number).or_default().push((step, why));
                }
            }
        }
    }

    /// Has a child that is ready for a version; what is wrong with the version otherwise. One that a child
    /// does not survive is not wrong, but its objects are not judged.
    pub(super) fn load(&mut self, number: usize, version: &Version) -> Result<(), String> {
        let worker = self.worker()?;
        if worker.loaded.contains(&number) {
            return Ok(());
        }
        match worker.ask(&Request::Load { number, version }, limits::LOAD) {
            Ok(Said::Loaded) => {
                worker.loaded.insert(number);
            }
            Ok(Said::Broken(fault)) => return Err(fault),
            Ok(other) => drop(self.unjudged.insert(number, format!("{other:?}"))),
            Err(Ended { why, .. }) => {
                self.worker = None;
                self.unjudged.insert(number, why);
            }
        }
        Ok(())
    }
}
