//! Which external service a backend of a rule names, if any.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::namespace_of;
use crate::Scope;
use crate::tree::Node;
use crate::values::{BackendName, BackendRef, Values};

/// External services by name. Derived routes ask for none, so the first question makes the index.
pub(super) struct ServiceIndex<'v> {
    values: &'v Values<'v>,
    scope: &'v Scope,
    by_name: OnceCell<BTreeMap<&'v str, usize>>,
    /// Where the services made of endpoints in place begin.
    first_inline: usize,
}

impl<'v> ServiceIndex<'v> {
    pub(super) fn new(values: &'v Values<'v>, scope: &'v Scope) -> Self {
        Self { values, scope, by_name: OnceCell::new(), first_inline: values.first_inline() }
    }

    fn by_name(&self) -> &BTreeMap<&'v str, usize> {
        self.by_name.get_or_init(|| {
            let named = self.values.written_services().iter().enumerate();
            named.map(|(index, service)| (service.name.as_ref(), index)).collect()
        })
    }

    /// The service of a backend: its own endpoint, or one of that name unless kind or namespace say otherwise.
    pub(super) fn of(&self, backend: &BackendRef<'_>) -> Option<usize> {
        match &backend.backend {
            BackendName::Inline(index) => Some(self.first_inline + index),
            BackendName::Name(name) => self.named(name, backend.group, backend.kind, backend.namespace),
        }
    }

    /// The port of a backend: its own, or its service's.
    pub(super) fn port_of(&self, backend: &BackendRef<'_>) -> Option<u16> {
        backend.port.or_else(|| self.of(backend).map(|index| self.values.services[index].port))
    }

    /// The service of a `backendRef` in a filter.
    pub(super) fn of_node(&self, node: &Node<'_>) -> Option<usize> {
        let text = |key: &str| node.get(key).and_then(Node::as_text);
        self.named(text("name")?, text("group"), text("kind"), text("namespace"))
    }

    fn named(
        &self,
        name: &str,
        group: Option<&str>,
        kind: Option<&str>,
        namespace: Option<&str>,
    ) -> Option<usize> {
        let index = *self.by_name().get(name)?;
        let own = namespace_of(self.values.services[index].namespace, self.scope);
        let is_service = group.unwrap_or_default().is_empty() && kind.is_none_or(|kind| kind == "Service");
        (is_service && namespace.is_none_or(|namespace| namespace == own)).then_some(index)
    }
}
