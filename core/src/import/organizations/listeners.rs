//! Listeners of Gateways and ListenerSets, to be found by what routes name.

use std::collections::{BTreeMap, BTreeSet};

use super::super::names::Named;
use super::super::objects::{Object, Objects};
use super::served;
use crate::check::api;
use crate::hostname::Hostname;
use crate::plan::{HTTPS_PORT, namespaces_named};
use crate::tree::Node;

/// A listener that ends TLS for host names.
pub(super) struct Listener<'l, 'a> {
    /// The index of the Gateway's object, or of the ListenerSet's.
    pub(super) object: usize,
    pub(super) name: String,
    pub(super) hostname: Hostname<'l>,
    /// The ListenerSet that it stands in.
    pub(super) set: Option<&'l Object<'a>>,
    /// The index of the Gateway's object.
    pub(super) gateway: usize,
    /// The namespace of the Gateway, or of the ListenerSet.
    owner: &'l str,
    node: &'l Node<'a>,
}

/// Every listener that ends TLS.
pub(super) struct Listeners<'l, 'a> {
    list: Vec<Listener<'l, 'a>>,
    by_place: BTreeMap<(usize, &'l str), usize>,
    gateways: &'l Named<'a>,
}

impl<'l, 'a> Listeners<'l, 'a> {
    pub(super) fn of(objects: &'l Objects<'a>, gateways: &'l Named<'a>) -> Self {
        let mut found = Self { list: Vec::new(), by_place: BTreeMap::new(), gateways };
        for (index, object) in objects.list.iter().enumerate() {
            if gateways.contains_key(&index) {
                found.add(index, object, index, None);
            } else if is_set(object)
                && let Some(parent) = object.spec("parentRef")
                && let Some(gateway) = objects.parent_of(parent, object.namespace())
            {
                found.add(index, object, gateway, Some(object));
            }
        }
        found
    }

    fn add(&mut self, index: usize, object: &'l Object<'a>, gateway: usize, set: Option<&'l Object<'a>>) {
        let text = |node: &'l Node<'a>, key: &str| node.get(key).and_then(Node::as_text);
        for (_, node) in object.spec("listeners").into_iter().flat_map(Node::items) {
            let ends_tls = text(node, "protocol") == Some("HTTPS")
                && node.get("port").and_then(Node::as_integer) == Some(i64::from(HTTPS_PORT));
            let hostname = text(node, "hostname").and_then(|raw| Hostname::parse(raw).ok());
            if let (true, Some(name), Some((hostname, _))) = (ends_tls, text(node, "name"), hostname) {
                self.by_place.insert((index, name), self.list.len());
                let name = name.to_owned();
                self.list.push(Listener {
                    object: index,
                    name,
                    hostname,
                    set,
                    gateway,
                    owner: object.namespace(),
                    node,
                });
            }
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<&Listener<'l, 'a>> {
        self.list.get(index)
    }

    /// The name of a Gateway in the values.
    pub(super) fn gateway(&self, object: usize) -> Option<&str> {
        self.gateways.get(&object).map(AsRef::as_ref)
    }

    /// The listener that a parent of a route names.
    pub(super) fn of_parent(
        &self,
        objects: &Objects<'_>,
        parent: &Node<'_>,
        namespace: &str,
    ) -> Option<usize> {
        let section = parent.get("sectionName")?.as_text()?;
        self.by_place.get(&(objects.parent_of(parent, namespace)?, section)).copied()
    }
}

/// The listeners that a route names: Gateway or ListenerSet by its object, and name.
pub(super) fn named_by(objects: &Objects<'_>, route: usize) -> Vec<(usize, String)> {
    let Some(object) = objects.get(route) else { return Vec::new() };
    let refs = object.spec("parentRefs").into_iter().flat_map(Node::items);
    refs.filter_map(|(_, parent)| {
        let section = parent.get("sectionName")?.as_text()?.to_owned();
        Some((objects.parent_of(parent, object.namespace())?, section))
    })
    .collect()
}

impl<'l> Listener<'l, '_> {
    /// The object that it stands in, and its name.
    pub(super) fn place(&self) -> (usize, String) {
        (self.object, self.name.clone())
    }

    /// Where its certificate is, or the ListenerSet that it stands in.
    pub(super) fn home(&self) -> Option<&'l str> {
        let of_certificate = || self.certificate()?.get("namespace")?.as_text();
        self.set.map(Object::namespace).or_else(of_certificate)
    }

    /// Namespace and name of the Secrets that it shows.
    pub(super) fn secrets(&self) -> BTreeSet<String> {
        served::secrets(self.node, self.owner)
    }

    /// The name of its only certificate.
    pub(super) fn secret(&self) -> Option<&'l str> {
        self.certificate()?.get("name")?.as_text()
    }

    fn certificate(&self) -> Option<&'l Node<'l>> {
        let [only] = self.node.get("tls")?.get("certificateRefs")?.as_list()? else { return None };
        Some(only)
    }

    /// The namespaces that it takes routes from by their names.
    pub(super) fn namespaces(&self) -> impl Iterator<Item = &'l str> {
        let selector = || self.node.get("allowedRoutes")?.get("namespaces")?.get("selector");
        selector().and_then(namespaces_named).into_iter().flatten()
    }
}

fn is_set(object: &Object<'_>) -> bool {
    api::GROUPS.contains(&object.group())
        && ["ListenerSet", "XListenerSet"].contains(&object.identity.kind.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::yaml;

    #[test]
    fn namespaces_are_named_by_an_expression_or_a_label() {
        let named = |text: &str| {
            let mut faults = Vec::new();
            let node = yaml::read(text, 0, &yaml::Limits::DEFAULT, &mut faults).remove(0);
            namespaces_named(&node).map(|names| names.map(str::to_owned).collect::<Vec<_>>())
        };
        let label = "matchLabels: {kubernetes.io/metadata.name: a}";
        let expression =
            "matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [a, b]}]";
        assert_eq!(named(label), Some(vec!["a".to_owned()]));
        assert_eq!(named(expression), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(named(&format!("{label}\n{expression}")), None);
        assert_eq!(named("matchLabels: {team: a}"), None);
        assert_eq!(named("{}"), None);
    }
}
