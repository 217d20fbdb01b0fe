//! What there is to import: every object of every text, each under its identity.

use std::collections::BTreeMap;

use crate::check::{Identity, LIMITS, REPEATED, each_object, identity, not_an_object};
use crate::diagnostic::{self, Diagnostic};
use crate::path::Path;
use crate::plan;
use crate::release::group;
use crate::tree::{Node, Position, yaml};

/// The namespace of an object that names none. Source: kubectl v1.36, where no context names another one.
pub(super) const DEFAULT_NAMESPACE: &str = "default";

/// Group, kind, namespace and name.
pub(super) type Key = [String; 4];

/// The key of an object of a group.
pub(super) fn key(group: &str, kind: &str, namespace: &str, name: &str) -> Key {
    [group, kind, namespace, name].map(str::to_owned)
}

/// The objects of an input.
#[derive(Debug, Default)]
pub struct Objects<'a> {
    pub(super) list: Vec<Object<'a>>,
    by_key: BTreeMap<Key, usize>,
    /// What is wrong with documents, and which objects are there twice.
    pub(super) faults: Vec<Diagnostic>,
}

/// An object as it was written.
#[derive(Clone, Debug)]
pub(super) struct Object<'a> {
    pub(super) identity: Identity<'a>,
    pub(super) node: Node<'a>,
}

impl<'a> Objects<'a> {
    /// Reads every object of a text, those of lists too. Gives the text's own faults: with an error among them, at
    /// least one document could not be read.
    pub fn read(&mut self, text: &'a str, source: u16) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        yaml::each(text, source, &LIMITS, &mut faults, |node, _| {
            if !node.is_null() {
                each_object(node, &mut |node| self.add(node));
            }
        });
        faults
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The index of an object.
    pub(super) fn find(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Option<usize> {
        self.by_key.get(&key(group, kind, namespace, name)).copied()
    }

    /// The index of the object that a parent of a route names.
    pub(super) fn parent_of(&self, parent: &Node<'_>, namespace: &str) -> Option<usize> {
        let [group, kind, namespace, name] = plan::parent_of(parent, namespace)?;
        self.find(group, kind, namespace, name)
    }

    /// The object of an index.
    pub(super) fn get(&self, index: usize) -> Option<&Object<'a>> {
        self.list.get(index)
    }

    fn add(&mut self, node: Node<'a>) {
        let object = Object { identity: identity(&node), node };
        if object.identity.kind.is_empty() || object.identity.api_version.is_empty() {
            let mut fault = vec![not_an_object(&object.node)];
            diagnostic::locate(&mut fault, &object.node);
            self.faults.append(&mut fault);
            return;
        }
        self.insert(object);
    }

    /// The same objects, those of some kinds without a namespace in the one that kubectl gives them; with how many these
    /// are. None where each has one.
    pub(super) fn in_default_namespace(
        &self,
        is_wanted: impl Fn(&Object<'a>) -> bool,
    ) -> Option<(Self, usize)> {
        let is_without = |object: &&Object<'a>| object.namespace().is_empty() && is_wanted(object);
        let count = self.list.iter().filter(is_without).count();
        if count == 0 {
            return None;
        }
        let mut placed = Self { faults: self.faults.clone(), ..Self::default() };
        for object in &self.list {
            let mut object = object.clone();
            if is_without(&&object) {
                object.identity.namespace = DEFAULT_NAMESPACE.into();
            }
            placed.insert(object);
        }
        Some((placed, count))
    }

    fn insert(&mut self, object: Object<'a>) {
        if let Some(first) = self.by_key.get(&object.key()).and_then(|index| self.list.get_mut(*index)) {
            let message = format!("stands in the input more than once, first in line {}", first.line());
            let found = Diagnostic::warning(REPEATED, Path::ROOT, message).hint("keep one of them");
            self.faults.push(object.say(found));
            *first = object;
            return;
        }
        self.by_key.insert(object.key(), self.list.len());
        self.list.push(object);
    }
}

impl<'a> Object<'a> {
    pub(super) fn key(&self) -> Key {
        key(self.group(), &self.identity.kind, &self.identity.namespace, &self.identity.name)
    }

    pub(super) fn group(&self) -> &str {
        group(&self.identity.api_version)
    }

    pub(super) fn is(&self, group: &str, kind: &str) -> bool {
        self.group() == group && self.identity.kind == kind
    }

    pub(super) fn namespace(&self) -> &str {
        &self.identity.namespace
    }

    pub(super) fn name(&self) -> &str {
        &self.identity.name
    }

    /// A part of `spec`.
    pub(super) fn spec(&self, key: &str) -> Option<&Node<'a>> {
        self.node.get("spec")?.get(key)
    }

    /// A part of `metadata`.
    pub(super) fn metadata(&self, key: &str) -> Option<&Node<'a>> {
        self.node.get("metadata")?.get(key)
    }

    fn line(&self) -> u32 {
        self.node.position.line.max(1)
    }

    /// A finding about a part of the object: at its place, with the object's name.
    pub(super) fn say(&self, found: Diagnostic) -> Diagnostic {
        let (value, key) = self.node.positions_of(&found.path);
        let position = if found.about_key { key } else { value };
        let message = format!("{} ({})", found.message, self.identity);
        let mut found = found.with_message(message);
        if found.position == Position::UNKNOWN {
            found.position = position;
        }
        found
    }
}
