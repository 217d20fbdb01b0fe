//! Finds what is referred to by name, and what ReferenceGrants permit.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::known::Known;
use super::merge::precedence;
use crate::check::model::{Model, ObjectRef, Policy, Route, Service};
use crate::check::settings::Settings;

/// Names and permissions, in order. Of two objects with one name the later counts, as if applied in turn.
#[derive(Debug)]
pub struct Index<'c> {
    model: &'c Model<'c>,
    complete: bool,
    /// By name, then namespace.
    gateways: BTreeMap<(&'c str, &'c str), usize>,
    listener_sets: BTreeMap<(&'c str, &'c str, &'c str), usize>,
    permissions: BTreeSet<Permission<'c>>,
}

/// What one pair of a grant's `from` and `to` permits.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Permission<'c> {
    from: Referrer<'c>,
    namespace: &'c str,
    group: &'c str,
    kind: &'c str,
    /// Empty for every object of the kind.
    name: &'c str,
}

/// What refers to something: the `from` of a ReferenceGrant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Referrer<'c> {
    /// Its group.
    pub group: &'c str,
    /// Its kind.
    pub kind: &'c str,
    /// Its namespace.
    pub namespace: &'c str,
}

impl<'c> Referrer<'c> {
    /// A route.
    pub fn route(route: &'c Route<'_>) -> Self {
        Self { group: "gateway.networking.k8s.io", kind: route.kind, namespace: &route.meta.namespace }
    }
}

impl<'c> Index<'c> {
    /// Sorts everything in the model that has a name.
    pub fn new(model: &'c Model<'c>, settings: &Settings) -> Self {
        let gateways = model.gateways.iter().enumerate();
        let sets = model.listener_sets.iter().enumerate();
        let mut permissions = BTreeSet::new();
        for grant in &model.grants {
            for [group, kind, namespace] in &grant.from {
                let from = Referrer { group, kind, namespace };
                permissions.extend(grant.to.iter().map(|to| Permission {
                    from,
                    namespace: &grant.meta.namespace,
                    group: &to.group,
                    kind: &to.kind,
                    name: &to.name,
                }));
            }
        }
        Self {
            model,
            complete: settings.complete,
            gateways: gateways
                .map(|(index, gateway)| ((&*gateway.meta.name, &*gateway.meta.namespace), index))
                .collect(),
            listener_sets: sets
                .map(|(index, set)| ((set.kind, &*set.meta.namespace, &*set.meta.name), index))
                .collect(),
            permissions,
        }
    }

    /// The index of a Gateway in the model.
    pub fn gateway(&self, namespace: &str, name: &str) -> Option<usize> {
        self.gateways.get(&(name, namespace)).copied()
    }

    /// The index of a Gateway of that name in any namespace, the first by namespace.
    pub fn gateway_named(&self, name: &str) -> Option<usize> {
        let ((found, _), at) = self.gateways.range((name, "")..).next()?;
        (*found == name).then_some(*at)
    }

    /// The index of a ListenerSet or XListenerSet in the model.
    pub fn listener_set(&self, kind: &str, namespace: &str, name: &str) -> Option<usize> {
        self.listener_sets.get(&(kind, namespace, name)).copied()
    }

    /// A Service.
    pub fn service<'s>(&'s self, namespace: &'s str, name: &'s str) -> Option<&'s Service<'s>> {
        let model: &'s Model<'s> = self.model;
        model.services.get(&(Cow::Borrowed(namespace), Cow::Borrowed(name)))
    }

    /// The BackendTLSPolicy that counts for a port of a Service: one that names the port goes before one for
    /// all ports, then the older.
    ///
    /// Source: Gateway API v1.7.0, `apis/v1/backendtlspolicy_types.go:64-86`.
    pub fn policy<'s>(&'s self, service: &'s Service<'s>, port: Option<i64>) -> Option<&'s Policy<'s>> {
        let model: &'s Model<'s> = self.model;
        let Service { meta, ports, .. } = service;
        let port = ports.iter().find(|known| Some(known.number) == port).map(|known| known.name.as_ref());
        let specific = |policy: &Policy<'_>| {
            let targets = policy.targets.iter().filter(|(target, section)| {
                target.group.is_empty()
                    && target.kind == "Service"
                    && target.name == meta.name
                    && section.as_deref().is_none_or(|section| Some(section) == port)
            });
            targets.map(|(_, section)| section.is_some()).max()
        };
        let fits = model.policies.iter().filter(|policy| policy.meta.namespace == meta.namespace);
        let fits = fits.filter_map(|policy| Some((specific(policy)?, policy)));
        let first = fits.min_by(|(one, a), (other, b)| {
            other.cmp(one).then_with(|| precedence(&a.meta).cmp(&precedence(&b.meta)))
        });
        first.map(|(_, policy)| policy)
    }

    /// Whether a Secret, ConfigMap or controller's own backend exists.
    pub fn other(&self, reference: &ObjectRef<'_>, namespace: &str) -> Known {
        let ObjectRef { group, kind, name, namespace: _ } = reference;
        let key = [group, kind, namespace, name].map(Cow::Borrowed);
        if self.model.others.contains(&key) { Known::Yes } else { Known::absent(self.complete) }
    }

    /// What an object is that is not in the input: not there if the input is complete, else unknown.
    pub const fn absent(&self) -> Known {
        Known::absent(self.complete)
    }

    /// Whether a ReferenceGrant permits a reference to an object in `namespace`. Within one namespace
    /// none is needed. A grant that was not given may exist.
    ///
    /// Source: Gateway API v1.6.1, `apis/v1beta1/referencegrant_types.go:31-44`.
    pub fn grants(&self, from: Referrer<'_>, to: &ObjectRef<'_>, namespace: &str) -> Known {
        if from.namespace == namespace {
            return Known::Yes;
        }
        let permitted = |name| {
            self.permissions.contains(&Permission { from, namespace, group: &to.group, kind: &to.kind, name })
        };
        if permitted("") || permitted(&to.name) { Known::Yes } else { self.absent() }
    }
}
