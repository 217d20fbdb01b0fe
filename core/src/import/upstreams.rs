//! Entries of `externalServices`: objects that stand for something outside the cluster and that routes refer to.
//!
//! What is made here is a guess. It holds only if rendering it gives the same objects again (`verify`); else
//! the routes go on naming the objects.

mod read;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::objects::{Key, Objects, key};
use crate::diagnostic::Diagnostic;
use crate::release::{ROUTE_KINDS, Target};
use crate::tree::{Node, Value};

/// What a backend of a route refers to: group, kind, namespace and name as the route says them.
pub(super) type Reference = Key;

/// Objects that together may be one external service.
#[derive(Clone, Debug)]
pub(super) struct Upstream<'a> {
    pub(super) name: String,
    /// How routes refer to it.
    pub(super) reference: Reference,
    /// Its objects by their index, the one that routes refer to first.
    pub(super) objects: Vec<usize>,
    /// How values must say that it is reached, if they must.
    pub(super) way: Option<Way>,
    pub(super) node: Node<'a>,
}

/// A value of `externalHostnames`, and the profile that has it where no Gateway tells the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) hostnames: &'static str,
    pub(super) profile: Option<&'static str>,
}

/// An upstream that does not fit beside others, and why.
pub(super) type Misfit<'a> = (Upstream<'a>, String);

/// External services.
#[derive(Debug, Default)]
pub(super) struct Upstreams<'a> {
    pub(super) list: Vec<Upstream<'a>>,
    by_reference: BTreeMap<Reference, usize>,
    by_name: BTreeMap<String, usize>,
}

impl<'a> Upstreams<'a> {
    /// Those that the routes refer to, and those that do not fit beside them, each with the reason.
    pub(super) fn of(
        objects: &Objects<'a>,
        routes: &[(usize, Node<'a>)],
        target: Target,
        out: &mut Vec<Diagnostic>,
    ) -> (Self, Vec<Misfit<'a>>) {
        let mut references: BTreeMap<Reference, &'static str> = BTreeMap::new();
        for (index, route) in routes {
            let Some(object) = objects.get(*index) else { continue };
            let kind = ROUTE_KINDS.into_iter().find(|kind| object.identity.kind == *kind).unwrap_or_default();
            let mut route = route.clone();
            each_backend(&mut route, &mut |backend| {
                references.entry(reference(backend, object.namespace())).or_insert(kind);
            });
        }
        let reader = read::Reader::new(objects, target);
        let list =
            references.into_iter().filter_map(|(reference, kind)| reader.upstream(reference, kind, out));
        let mut upstreams = Self::default();
        let mut misfits = Vec::new();
        for upstream in list {
            let other = upstreams.way().filter(|way| upstream.way.is_some_and(|own| own != *way));
            let why = match other {
                Some(way) => format!("values reach others by `externalHostnames: {}`", way.hostnames),
                None if upstreams.by_name.contains_key(&upstream.name) => {
                    format!("another external service is called `{}`", upstream.name)
                }
                None => {
                    upstreams.add(upstream);
                    continue;
                }
            };
            misfits.push((upstream, why));
        }
        (upstreams, misfits)
    }

    /// Drops some by their index.
    pub(super) fn drop(&mut self, dropped: &BTreeSet<usize>) {
        let list = std::mem::take(self).list;
        let kept = list.into_iter().enumerate().filter(|(index, _)| !dropped.contains(index));
        kept.for_each(|(_, upstream)| self.add(upstream));
    }

    fn add(&mut self, upstream: Upstream<'a>) {
        self.by_name.insert(upstream.name.clone(), self.list.len());
        self.by_reference.insert(upstream.reference.clone(), self.list.len());
        self.list.push(upstream);
    }

    /// How the upstreams are reached, where the values must say it.
    pub(super) fn way(&self) -> Option<Way> {
        self.list.iter().find_map(|upstream| upstream.way)
    }

    /// Lets a backend of a route in this namespace name an external service, or keeps it from being taken for one.
    pub(super) fn rename(&self, backend: &mut Node<'a>, namespace: &str) {
        let found =
            self.by_reference.get(&reference(backend, namespace)).and_then(|index| self.list.get(*index));
        let Value::Map(map) = &mut backend.value else { return };
        if let Some(upstream) = found {
            for key in ["group", "kind", "namespace"] {
                map.remove(key);
            }
            map.insert(Cow::Borrowed("name"), Node::text(upstream.name.clone()));
            return;
        }
        let name = map.get("name").and_then(Node::as_text);
        if name.is_some_and(|name| self.by_name.contains_key(name)) && map.get("namespace").is_none() {
            map.insert(Cow::Borrowed("namespace"), Node::text(namespace.to_owned()));
        }
    }
}

/// What a `backendRef` of a route in this namespace refers to.
fn reference(backend: &Node<'_>, namespace: &str) -> Reference {
    let text = |key: &str| backend.get(key).and_then(Node::as_text);
    key(
        text("group").unwrap_or_default(),
        text("kind").unwrap_or("Service"),
        text("namespace").unwrap_or(namespace),
        text("name").unwrap_or_default(),
    )
}

/// Gives every `backendRef` below a node, those of filters too.
pub(super) fn each_backend<'a>(node: &mut Node<'a>, take: &mut impl FnMut(&mut Node<'a>)) {
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| each_backend(item, take)),
        Value::Map(map) => {
            for entry in map.iter_mut() {
                each_backend(&mut entry.value, take);
                match (entry.key.as_ref(), &mut entry.value.value) {
                    ("backendRefs", Value::List(items)) => items.iter_mut().for_each(&mut *take),
                    ("backendRef", Value::Map(_)) => take(&mut entry.value),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}
