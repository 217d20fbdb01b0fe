//! Finds what is referred to by name, and what ReferenceGrants permit.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::kinds::is_service;
use super::known::Known;
use super::merge::precedence;
use crate::check::model::{Grant, Model, ObjectRef, Policy, Route, Service};
use crate::check::settings::Settings;
use crate::release::GATEWAY_GROUP;

/// Names and permissions, in order. Of two objects with one name the later counts, as if applied in turn.
#[derive(Debug)]
pub struct Index<'c> {
    model: &'c Model<'c>,
    complete: bool,
    /// By name, then namespace.
    gateways: BTreeMap<(&'c str, &'c str), usize>,
    listener_sets: BTreeMap<(&'c str, &'c str, &'c str), usize>,
    /// The grants that let something refer into a namespace, ascending.
    letting_in: BTreeMap<(Referrer<'c>, &'c str), Vec<usize>>,
    /// The grants that open something, ascending: by namespace, group, kind and name, which is empty for every
    /// object of the kind.
    opening: BTreeMap<[&'c str; 4], Vec<usize>>,
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
        Self { group: GATEWAY_GROUP, kind: route.kind, namespace: &route.meta.namespace }
    }
}

impl<'c> Index<'c> {
    /// Sorts everything in the model that has a name.
    pub fn new(model: &'c Model<'c>, settings: &Settings) -> Self {
        let gateways = model.gateways.iter().enumerate();
        let sets = model.listener_sets.iter().enumerate();
        let mut letting_in: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        let mut opening: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, grant) in model.grants.iter().enumerate() {
            let own = grant.meta.namespace.as_ref();
            for [group, kind, namespace] in &grant.from {
                let from = Referrer { group, kind, namespace };
                letting_in.entry((from, own)).or_default().push(at);
            }
            for ObjectRef { group, kind, name, namespace: _ } in &grant.to {
                opening.entry([own, group, kind, name]).or_default().push(at);
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
            letting_in,
            opening,
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
    /// all ports, then the older. Of a Service that is not in the input the names of ports are not known, and only
    /// policies for all ports count.
    ///
    /// Source: Gateway API v1.7.0, `apis/v1/backendtlspolicy_types.go:64-86`.
    pub fn policy(&self, namespace: &str, service: &str, port: Option<i64>) -> Option<&'c Policy<'c>> {
        let model: &'c Model<'c> = self.model;
        let ports = self.service(namespace, service).map(|service| &service.ports[..]).unwrap_or_default();
        let port = ports.iter().find(|known| Some(known.number) == port).map(|known| known.name.as_ref());
        let specific = |policy: &Policy<'_>| {
            let targets = policy.targets.iter().filter(|(target, section)| {
                is_service(target)
                    && target.name == service
                    && section.as_deref().is_none_or(|section| Some(section) == port)
            });
            targets.map(|(_, section)| section.is_some()).max()
        };
        let fits = model.policies.iter().filter(|policy| policy.meta.namespace == namespace);
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
        let letting_in = self.letting_in(from, namespace);
        let [by_name, by_kind] = self.opening(to, namespace);
        if have_common(letting_in, by_name) || have_common(letting_in, by_kind) {
            Known::Yes
        } else {
            self.absent()
        }
    }

    /// The grants in `namespace` that let something refer to what they open, by their index in the model.
    pub(super) fn letting_in<'q>(&'q self, from: Referrer<'q>, namespace: &'q str) -> &'q [usize] {
        self.letting_in.get(&(from, namespace)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The grants in `namespace` that open an object to somebody, by their index in the model: those that name
    /// it, and those for all of its kind.
    pub(super) fn opening<'q>(&'q self, to: &'q ObjectRef<'_>, namespace: &'q str) -> [&'q [usize]; 2] {
        let ObjectRef { group, kind, name, namespace: _ } = to;
        [name.as_ref(), ""].map(|name| {
            self.opening.get(&[namespace, group, kind, name]).map(Vec::as_slice).unwrap_or_default()
        })
    }

    /// A grant of the model.
    pub(super) fn grant(&self, at: usize) -> Option<&Grant<'c>> {
        self.model.grants.get(at)
    }
}

/// Whether two ascending lists have an item in common.
fn have_common(one: &[usize], other: &[usize]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.iter().any(|item| long.binary_search(item).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing;

    #[test]
    fn a_grant_permits_what_it_opens_to_whom_it_lets_in_however_many_there_are() {
        let list = |item: &dyn Fn(usize) -> String| (0..5_000).map(item).collect::<Vec<_>>().join(", ");
        let from =
            list(&|at| format!("{{group: gateway.networking.k8s.io, kind: Gateway, namespace: n{at}}}"));
        let to = list(&|at| format!("{{group: '', kind: Secret, name: s{at}}}"));
        let grant = |name: &str, from: &str, to: &str| {
            format!(
                "apiVersion: gateway.networking.k8s.io/v1\nkind: ReferenceGrant\nmetadata: {{name: {name}, namespace: certs}}\n\
                 spec: {{from: [{from}], to: [{to}]}}\n---\n"
            )
        };
        let only = "{group: gateway.networking.k8s.io, kind: Gateway, namespace: other}";
        let text = grant("a", &from, &to) + &grant("b", only, "{group: '', kind: Secret, name: other}");
        let model = testing::model(&text);
        let index = Index::new(&model, &testing::complete());
        let permitted = |namespace: &str, name: &str| {
            let from = Referrer { group: GATEWAY_GROUP, kind: "Gateway", namespace };
            let to = ObjectRef {
                group: "".into(),
                kind: "Secret".into(),
                namespace: None,
                name: name.to_owned().into(),
            };
            index.grants(from, &to, "certs")
        };
        assert_eq!(permitted("n4999", "s4999"), Known::Yes);
        assert_eq!(permitted("other", "other"), Known::Yes);
        // Each half is in a grant, but not in the same.
        assert_eq!(permitted("other", "s1"), Known::No);
        assert_eq!(permitted("n1", "other"), Known::No);
    }
}
