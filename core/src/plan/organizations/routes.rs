//! Routes of organizations: one a service.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::listeners::{Draft, of_host};
use crate::diagnostic::Diagnostic;
use crate::hostname::Hostname;
use crate::limits::HOSTNAMES_MAX;
use crate::plan::names::{Names, Subject, Tenant};
use crate::plan::{BackendUse, ObjectRef, Route, Rule, split};
use crate::release::Kind;
use crate::tree::Node;
use crate::values::{Metadata, OrganizationService};

/// Where listeners of an organization are: what a route's `parentRefs` say.
#[derive(Clone, Debug)]
pub(super) struct Home<'v> {
    /// Group and kind, where it is no Gateway.
    pub(super) kind: Option<(&'static str, &'static str)>,
    pub(super) name: Cow<'v, str>,
    pub(super) namespace: &'v str,
}

/// What routes of one organization are made with.
pub(super) struct Making<'m, 'v> {
    pub(super) tenant: Tenant<'v>,
    /// Its listeners, and where each of them stands.
    pub(super) drafts: &'m [Draft<'v>],
    pub(super) homes: &'m [Option<Home<'v>>],
    pub(super) names: &'m Names<'v>,
}

impl<'v> Making<'_, 'v> {
    /// The route of a service to the listeners of its host names; more than one where it has more names than a
    /// route takes, so that no part has more parents than that either.
    pub(super) fn routes(
        &self,
        service: &'v OrganizationService<'v>,
        hostnames: &[Hostname<'v>],
        out: &mut Vec<Diagnostic>,
    ) -> Vec<Route<'v>> {
        let OrganizationService { name, port, namespace, path, .. } = service;
        let subject =
            Subject { service: name, namespace, protocol: "HTTP", port: *port, tenant: Some(self.tenant) };
        let Some(route) = self.names.organization_route(&subject, out) else { return Vec::new() };
        let mut served: Vec<(Hostname<'v>, usize)> = Vec::new();
        for hostname in hostnames {
            let listener = of_host(self.drafts, hostname).map(|(index, _)| index);
            served.extend(
                listener.filter(|index| self.home(*index).is_some()).map(|index| (hostname.clone(), index)),
            );
        }
        let parts = served.chunks(HOSTNAMES_MAX).enumerate();
        parts
            .map(|(part, served)| Route {
                name: Cow::Owned(split::part_name(&route, part + 1)),
                namespace,
                kind: Kind::HttpRoute,
                parents: self.parents(served, namespace),
                hostnames: served.iter().map(|(hostname, _)| hostname.clone()).collect(),
                rules: vec![rule(service)],
                use_default_gateways: None,
                metadata: Metadata::default(),
                path: path.clone(),
            })
            .collect()
    }

    fn home(&self, listener: usize) -> Option<&Home<'v>> {
        self.homes.get(listener).and_then(Option::as_ref)
    }

    fn parents(&self, served: &[(Hostname<'v>, usize)], namespace: &str) -> Vec<Cow<'v, Node<'v>>> {
        let listeners: BTreeSet<usize> = served.iter().map(|(_, listener)| *listener).collect();
        let parents = listeners.into_iter().filter_map(|listener| {
            let draft = self.drafts.get(listener)?;
            Some(Cow::Owned(parent(self.home(listener)?, &draft.name, namespace)))
        });
        parents.collect()
    }
}

/// Everything to the Service.
fn rule<'v>(service: &'v OrganizationService<'v>) -> Rule<'v> {
    let backend = BackendUse {
        target: ObjectRef { group: "", kind: "Service", name: Cow::Borrowed(service.name) },
        namespace: None,
        port: Some(service.port),
        weight: None,
        filters: Vec::new(),
    };
    Rule {
        name: None,
        matches: Vec::new(),
        filters: Vec::new(),
        backends: vec![backend],
        given: None,
        path: service.path.clone(),
    }
}

fn parent<'v>(home: &Home<'v>, section: &str, namespace: &str) -> Node<'v> {
    let mut entries =
        vec![("name", Node::text(home.name.to_string())), ("sectionName", Node::text(section.to_owned()))];
    if let Some((group, kind)) = home.kind {
        entries.push(("group", Node::text(group)));
        entries.push(("kind", Node::text(kind)));
    }
    if home.namespace != namespace {
        entries.push(("namespace", Node::text(home.namespace)));
    }
    Node::map(entries)
}
