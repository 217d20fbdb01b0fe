//! What became of each parentRef, for the rules that speak of it.

use super::finding::full_name;
use super::{Context, Finding, Rule};
use crate::check::attach::{Outcome, Parent};
use crate::check::model::{ObjectRef, ParentRef, Route};
use crate::path::Path;

/// A parentRef of a route.
pub(super) struct Found<'c> {
    pub(super) route: &'c Route<'c>,
    pub(super) reference: &'c ParentRef<'c>,
    pub(super) parent: &'c Parent,
    index: usize,
}

/// Every parentRef with an outcome. One without a name is left out, of which level `api` tells.
pub(super) fn of<'c>(context: &Context<'c>, outcome: Outcome) -> impl Iterator<Item = Found<'c>> {
    let routes = context.model.routes.iter().zip(&context.attach.routes);
    routes.flat_map(move |(route, parents)| {
        let parents = route.parents.iter().zip(parents).enumerate();
        let parents = parents.filter(|(_, (reference, _))| !reference.target.name.is_empty());
        let with_outcome = parents.filter(move |(_, (_, parent))| parent.outcome == outcome);
        with_outcome.map(move |(index, (reference, parent))| Found { route, reference, parent, index })
    })
}

/// What to do about a Gateway that is not there, where one of its name is in another namespace and the reference, which
/// must be to a Gateway, names none.
pub(super) fn elsewhere(context: &Context<'_>, target: &ObjectRef<'_>) -> Option<String> {
    let at = context.attach.index.gateway_named(&target.name).filter(|_| target.namespace.is_none())?;
    let namespace = &context.model.gateways.get(at)?.meta.namespace;
    Some(format!("set `namespace: {namespace}`, where there is a Gateway of this name"))
}

impl Found<'_> {
    /// The parent's name: `Gateway edge/public`.
    pub(super) fn name(&self) -> String {
        let target = &self.reference.target;
        full_name(&target.kind, super::finding::namespace_of(target, &self.route.meta), &target.name)
    }

    /// A finding about the reference, or about a field of it.
    pub(super) fn finding(&self, rule: &Rule, field: Option<&str>, message: String) -> Finding {
        let path = Path::ROOT.key("spec").key("parentRefs").index(self.index);
        let path = field.map_or_else(|| path.clone(), |field| path.key(field));
        rule.find(self.route.meta.object, path, message)
    }
}
