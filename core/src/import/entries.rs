//! Entries of `gateways` and `routes`.

use std::borrow::Cow;

use super::fitting::{NO_PLACE, fit};
use super::names::Named;
use super::objects::{Object, Objects};
use super::upstreams::{Upstreams, each_backend};
use super::{metadata, shorter};
use crate::diagnostic::Diagnostic;
use crate::path::Path;
use crate::release::{ROUTE_KINDS, Target};
use crate::tree::{Node, Value};
use crate::values::{GATEWAY, ROUTE};

/// The objects that entries are made of, and what their Gateways are called.
pub(super) struct Source<'m, 'a> {
    pub(super) objects: &'m Objects<'a>,
    pub(super) target: Target,
    /// Names of the Gateways that are imported.
    pub(super) gateways: &'m Named<'a>,
}

/// The entry of a Gateway.
pub(super) fn gateway<'a>(
    source: &Source<'_, 'a>,
    object: &Object<'a>,
    name: Cow<'a, str>,
    out: &mut Vec<Diagnostic>,
) -> Node<'a> {
    let mut spec = shorter::spec(object, source.target);
    fit(&mut spec, &GATEWAY, &Path::ROOT.key("spec"), object, out);
    if let Value::Map(map) = &mut spec.value
        && let Some(class) = map.remove("gatewayClassName")
    {
        map.insert(Cow::Borrowed("className"), class);
    }
    joined(metadata::entry(object, name, out), spec)
}

/// The entry of a route; none where it has no parents, for then the values would give it one.
pub(super) fn route<'a>(
    source: &Source<'_, 'a>,
    object: &Object<'a>,
    out: &mut Vec<Diagnostic>,
) -> Option<Node<'a>> {
    let kind = ROUTE_KINDS.into_iter().find(|kind| object.identity.kind == *kind)?;
    let mut spec = shorter::spec(object, source.target);
    fit(&mut spec, ROUTE.object(Some(kind)), &Path::ROOT.key("spec"), object, out);
    if spec.get("parentRefs").is_none() && spec.get("useDefaultGateways").is_none() {
        let message =
            "has no `parentRefs`, and a route of the values attaches to the only Gateway where it names none";
        let found = Diagnostic::warning(NO_PLACE, Path::ROOT.key("spec"), message);
        out.push(object.say(found.hint("leave it as it is: it serves nothing")));
        return None;
    }
    let mut entry = metadata::entry(object, object.identity.name.clone(), out);
    if kind != ROUTE_KINDS[0] {
        entry = entry.with("kind", Node::text(kind));
    }
    parents(source, object, &mut spec);
    Some(joined(entry, spec))
}

/// Writes one parent that is imported as `gateway` and `sectionName`, and others under the names that they have now.
fn parents<'a>(source: &Source<'_, 'a>, object: &Object<'a>, spec: &mut Node<'a>) {
    let Value::Map(map) = &mut spec.value else { return };
    let Some(Value::List(refs)) = map.get_mut("parentRefs").map(|refs| &mut refs.value) else { return };
    let is_alone = refs.len() == 1;
    for parent in refs {
        let Some(name) = source.gateway_of(parent, object.namespace()).cloned() else { continue };
        let section = parent.get("sectionName").cloned();
        // Without a section a route of these kinds gets the listener that fits, and this one has none.
        let is_open = section.is_none() && ["TCPRoute", "UDPRoute"].contains(&object.identity.kind.as_ref());
        if is_alone && !is_open && parent.get("port").is_none() {
            map.remove("parentRefs");
            map.insert(Cow::Borrowed("gateway"), Node::text(name));
            if let Some(section) = section {
                map.insert(Cow::Borrowed("sectionName"), section);
            }
            return;
        }
        if let Value::Map(parent) = &mut parent.value {
            parent.insert(Cow::Borrowed("name"), Node::text(name));
        }
    }
}

impl<'a> Source<'_, 'a> {
    /// The name in the values of the Gateway that a `parentRef` names.
    fn gateway_of(&self, parent: &Node<'_>, namespace: &str) -> Option<&Cow<'a, str>> {
        self.gateways.get(&self.objects.parent_of(parent, namespace)?)
    }
}

/// The same route with its backends as the values name them.
pub(super) fn with_backends<'a>(
    route: &Node<'a>,
    object: &Object<'_>,
    upstreams: &Upstreams<'a>,
) -> Node<'a> {
    let mut route = route.clone();
    each_backend(&mut route, &mut |backend| upstreams.rename(backend, object.namespace()));
    route
}

/// An entry with what stands in `spec`.
fn joined<'a>(mut entry: Node<'a>, spec: Node<'a>) -> Node<'a> {
    if let (Value::Map(entry), Value::Map(spec)) = (&mut entry.value, spec.value) {
        for part in spec.into_entries() {
            entry.insert(part.key, part.value);
        }
    }
    entry
}
