//! Routes of organizations: one a service.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::hostname_index::HostnameIndex;
use super::listeners::Draft;
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
pub(super) struct RouteContext<'m, 'v> {
    pub(super) tenant: Tenant<'v>,
    /// Its listeners: in a migration those that serve, then those that do not yet or no longer.
    pub(super) sides: &'m [Side<'m, 'v>],
    pub(super) names: &'m Names<'v>,
}

/// Listeners of one organization by one strategy.
pub(super) struct Side<'m, 'v> {
    pub(super) drafts: &'m [Draft<'v>],
    /// Where each of them stands; none for those that do not.
    homes: &'m [Option<Home<'v>>],
    pub(super) by_hostname: HostnameIndex<'m>,
}

impl<'m, 'v> Side<'m, 'v> {
    pub(super) fn new(drafts: &'m [Draft<'v>], homes: &'m [Option<Home<'v>>]) -> Self {
        Self { drafts, homes, by_hostname: HostnameIndex::of(drafts.iter().map(|draft| &draft.hostname)) }
    }

    /// The listener of a host name, if it stands.
    fn of_host(&self, hostname: &Hostname<'_>) -> Option<usize> {
        self.by_hostname.most_specific(hostname).filter(|index| self.home(*index).is_some())
    }

    fn home(&self, listener: usize) -> Option<&'m Home<'v>> {
        self.homes.get(listener)?.as_ref()
    }
}

/// Most strategies by which one organization has listeners: an old one, and a new one.
const SIDES_MAX: usize = 2;

/// A host name, and the listener of each side that serves it.
type Served<'v> = (Hostname<'v>, [Option<usize>; SIDES_MAX]);

impl<'v> RouteContext<'_, 'v> {
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
        let mut served: Vec<Served<'v>> = Vec::with_capacity(hostnames.len());
        for hostname in hostnames {
            let mut listeners = [None; SIDES_MAX];
            for (listener, side) in listeners.iter_mut().zip(self.sides) {
                *listener = side.of_host(hostname);
            }
            if listeners.iter().any(Option::is_some) {
                served.push((hostname.clone(), listeners));
            }
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

    /// The listeners of some host names. No more than a route may have: two for each name.
    fn parents(&self, served: &[Served<'v>], namespace: &str) -> Vec<Cow<'v, Node<'v>>> {
        let mut parents = Vec::new();
        for (at, side) in self.sides.iter().enumerate() {
            let of_side = |(_, listeners): &Served<'v>| listeners.get(at).copied().flatten();
            let listeners: BTreeSet<usize> = served.iter().filter_map(of_side).collect();
            parents.extend(listeners.into_iter().filter_map(|listener| {
                let draft = side.drafts.get(listener)?;
                Some(Cow::Owned(parent(side.home(listener)?, &draft.name, namespace)))
            }));
        }
        parents
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
