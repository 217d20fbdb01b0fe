//! What rules find, and the words that all of them share.

pub(in crate::check) use crate::shorten::listed;

use std::borrow::Cow;

use super::Rule;
use crate::check::model::{Meta, Model, ObjectRef};
use crate::check::or_unnamed;
use crate::diagnostic::{Diagnostic, Severity};
use crate::path::Path;

pub(in crate::check) use crate::check::attach::kinds::is_service;

/// What a rule found.
#[derive(Debug)]
pub struct Finding {
    /// The index of the object's result.
    pub object: usize,
    /// What is to be said.
    pub diagnostic: Diagnostic,
}

impl Rule {
    /// Says something of an object, with the rule's own weight and source.
    pub(in crate::check) fn find(&self, object: usize, path: Path, message: impl Into<String>) -> Finding {
        let diagnostic = Diagnostic::new(self.code, self.severity, path, message).source(self.source);
        Finding { object, diagnostic }
    }
}

impl Finding {
    /// Adds what to do.
    pub(in crate::check) fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic.hint = hint.into();
        self
    }

    /// Sets where the bound is written down, where that is not the rule's own source.
    pub(in crate::check) fn source(mut self, source: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic.source = source.into();
        self
    }

    /// Makes it weigh less than the rule's findings do, for what is not certain.
    pub(in crate::check) fn at_most(mut self, severity: Severity) -> Self {
        self.diagnostic.severity = self.diagnostic.severity.min(severity);
        self
    }
}

/// How messages name an object: `HTTPRoute team-a/shop`.
pub(in crate::check) fn named(kind: &str, meta: &Meta<'_>) -> String {
    full_name(kind, &meta.namespace, &meta.name)
}

/// How messages name an object that may not be there: `Service team-a/shop`.
pub(in crate::check) fn full_name(kind: &str, namespace: &str, name: &str) -> String {
    let name = or_unnamed(name);
    if namespace.is_empty() { format!("{kind} {name}") } else { format!("{kind} {namespace}/{name}") }
}

/// A host name in words; without one, or with an empty one, every host is meant.
pub(in crate::check) fn host(name: Option<&str>) -> String {
    match name {
        None | Some("") => "every host".to_owned(),
        Some(name) => format!("`{name}`"),
    }
}

/// The namespace that a reference leads to.
pub(in crate::check) fn namespace_of<'r>(reference: &'r ObjectRef<'_>, meta: &'r Meta<'_>) -> &'r str {
    reference.namespace_from(&meta.namespace)
}

/// Why one of two objects is preferred, in words; `None` where the input cannot tell, since both were never in a
/// cluster.
pub(in crate::check) fn reason_of_age(winner: &Meta<'_>, loser: &Meta<'_>) -> Option<&'static str> {
    match (&winner.created, &loser.created) {
        (Some(winner), Some(loser)) if winner == loser => {
            Some("both are of one age, and its name comes first")
        }
        (Some(_), Some(_)) => Some("it is older"),
        (Some(_), None) => Some("it is there already, and this one has no creationTimestamp"),
        (None, _) => None,
    }
}

/// A listener's path in its Gateway or ListenerSet.
pub(in crate::check) fn listener(index: usize) -> Path {
    Path::ROOT.key("spec").key("listeners").index(index)
}

/// A rule's path in its route.
pub(in crate::check) fn rule(index: usize) -> Path {
    Path::ROOT.key("spec").key("rules").index(index)
}

/// The path of a match.
pub(in crate::check) fn matching(rule: usize, index: usize) -> Path {
    self::rule(rule).key("matches").index(index)
}

/// Whether Services of a namespace are known, so that one that is not there does not exist: at least
/// one was given, or everything was.
pub(in crate::check) struct Seen<'m> {
    namespaces: Option<std::collections::BTreeSet<&'m str>>,
}

impl<'m> Seen<'m> {
    /// Looks through the Services once.
    pub(in crate::check) fn services(model: &'m Model<'_>, complete: bool) -> Self {
        let namespaces = || model.services.keys().map(|(namespace, _)| namespace.as_ref()).collect();
        Self { namespaces: (!complete).then(namespaces) }
    }

    /// Whether everything in a namespace is known.
    pub(in crate::check) fn holds(&self, namespace: &str) -> bool {
        self.namespaces.as_ref().is_none_or(|known| known.contains(namespace))
    }
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn counts_the_names_that_are_not_listed() {
        assert_eq!(listed(Vec::<&str>::new()), "");
        assert_eq!(listed(0..8), "0, 1, 2, 3, 4, 5, 6, 7");
        assert_eq!(listed(0..10), "0, 1, 2, 3, 4, 5, 6, 7 and 2 more");
    }
}
