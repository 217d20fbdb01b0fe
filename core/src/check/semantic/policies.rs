//! What BackendTLSPolicies name that is not in their namespace, for the rules that speak of it.

use std::collections::BTreeMap;

use super::finding::{Seen, is_service};
use super::{Context, Finding, Rule};
use crate::check::attach::Known;
use crate::check::model::{ObjectRef, Policy};
use crate::diagnostic::Severity;
use crate::path::Path;

/// A reference of a policy to a Service or to CA certificates that are not in its namespace, or may not be.
pub(super) struct Missing<'c> {
    pub(super) policy: &'c Policy<'c>,
    pub(super) reference: &'c ObjectRef<'c>,
    /// Another namespace that has an object of the kind and name.
    pub(super) elsewhere: Option<&'c str>,
    path: Path,
    /// An error where the input is complete. Else there may be such an object all the same: a warning where other
    /// Services of the namespace are known, an info where nothing is.
    at_most: Severity,
}

/// Every such reference; where nothing of the namespace is known, those only that lead to another one.
pub(super) fn missing<'c>(context: &Context<'c>) -> Vec<Missing<'c>> {
    let (model, index) = (context.model, &context.attach.index);
    if model.policies.is_empty() {
        return Vec::new();
    }
    let seen = Seen::services(model, context.settings.complete);
    let services = model.services.keys().map(|(namespace, name)| (name.as_ref(), namespace.as_ref()));
    let services: BTreeMap<&str, &str> = services.collect();
    let others = model
        .others
        .iter()
        .map(|[group, kind, namespace, name]| ([group, kind, name].map(AsRef::as_ref), namespace.as_ref()));
    let others: BTreeMap<[&str; 3], &str> = others.collect();
    let mut found = Vec::new();
    for policy in &model.policies {
        let namespace = policy.meta.namespace.as_ref();
        let spec = Path::ROOT.key("spec");
        for (at, (reference, _)) in policy.targets.iter().enumerate() {
            let name = reference.name.as_ref();
            if is_service(reference) && index.service(namespace, name).is_none() {
                let path = spec.key("targetRefs").index(at);
                let elsewhere = services.get(name).copied();
                let at_most = severity(context, seen.holds(namespace));
                found.push(Missing { policy, reference, elsewhere, path, at_most });
            }
        }
        for (at, reference) in policy.certificates.iter().enumerate() {
            let ObjectRef { group, kind, name, namespace: _ } = reference;
            let judged = matches!(kind.as_ref(), "ConfigMap" | "Secret") && group.is_empty();
            if judged && index.other(reference, namespace) != Known::Yes {
                let path = spec.key("validation").key("caCertificateRefs").index(at);
                let elsewhere = others.get(&[group, kind, name].map(AsRef::as_ref)).copied();
                let at_most = severity(context, false);
                found.push(Missing { policy, reference, elsewhere, path, at_most });
            }
        }
    }
    // One without a name is the API server's to refuse.
    found.retain(|missing| !missing.reference.name.is_empty());
    found.retain(|missing| missing.at_most > Severity::Info || missing.elsewhere.is_some());
    found
}

fn severity(context: &Context<'_>, seen: bool) -> Severity {
    match (context.settings.complete, seen) {
        (true, _) => Severity::Error,
        (false, true) => Severity::Warning,
        (false, false) => Severity::Info,
    }
}

impl Missing<'_> {
    /// A finding about the name.
    pub(super) fn finding(&self, rule: &Rule, message: String) -> Finding {
        rule.find(self.policy.meta.object, self.path.key("name"), message).at_most(self.at_most)
    }
}
