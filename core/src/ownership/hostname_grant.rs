//! HostnameGrants, and which of them permit what.

use std::borrow::Cow;
use std::fmt;

use super::kinds::{GRANTED_BY_DEFAULT, granted_as};
use super::settings::Settings;
use super::suffixes::Suffixes;
use crate::check::model::{self, Expression, Label, Selector};
use crate::hostname::{Hostname, HostnameFault, covers, labels_from_right};
use crate::release::NAME_LABEL;
use crate::tree::{Map, Node};

/// Most host names of one grant, and most namespaces. Our own bound, held by the CRD: under it an API server can weigh the
/// rules on them.
pub const HOSTNAMES_MAX: usize = 256;

/// The host name that covers every other.
pub const EVERY_HOST: &str = "*";

/// A HostnameGrant.
#[derive(Debug)]
pub struct HostnameGrant<'a> {
    /// Which object of the context it is.
    pub(super) object: usize,
    /// Its name.
    pub name: Cow<'a, str>,
    /// `spec.namespaces`.
    pub namespaces: Box<[Cow<'a, str>]>,
    /// `spec.namespaceSelector`.
    pub selector: Option<Selector<'a>>,
    /// `spec.hostnames`, as written.
    pub hostnames: Box<[Cow<'a, str>]>,
    /// `spec.kinds`; absent for the routes that have host names of their own.
    pub kinds: Option<Box<[Cow<'a, str>]>>,
    /// `spec.gateways`; absent for any.
    pub gateways: Option<Box<[GatewayLimit<'a>]>>,
    /// Whether it is being deleted: it permits nothing new then.
    pub is_terminating: bool,
}

/// Gateways that a grant is for.
#[derive(Debug, PartialEq, Eq)]
pub struct GatewayLimit<'a> {
    /// Their namespace.
    pub namespace: Cow<'a, str>,
    /// The name of one; absent for every one of the namespace.
    pub name: Option<Cow<'a, str>>,
}

impl fmt::Display for GatewayLimit<'_> {
    /// `edge/public`, or `edge/*`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name.as_deref().unwrap_or("*"))
    }
}

/// Where a host name is to be used, for grants that are limited to Gateways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum On<'a> {
    /// On this Gateway: namespace and name.
    Gateway(Cow<'a, str>, Cow<'a, str>),
    /// On any of these: one that fits is enough.
    AnyOf(Vec<On<'a>>),
    /// Where no Gateway plays a part, so that no limit does.
    NoGateway,
    /// On what is no Gateway, or on one that is not known: no limit is met.
    Elsewhere,
}

/// Why a grant permits nothing of what it is meant for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Void<'g> {
    /// It is being deleted.
    Terminating,
    /// Its selector asks for this label, which is not trusted.
    Untrusted(&'g str),
    /// It has this host name, which is not canonical.
    NotCanonical(&'g str),
}

impl<'a> HostnameGrant<'a> {
    pub(super) fn read(object: usize, name: Cow<'a, str>, is_terminating: bool, spec: &Node<'a>) -> Self {
        let limit = |node: &Node<'a>| {
            let name = match node.get("name") {
                Some(_) => Some(node.text_of("name")?),
                None => None,
            };
            Some(GatewayLimit { namespace: node.text_of("namespace")?, name })
        };
        Self {
            object,
            name,
            namespaces: model::texts(spec, "namespaces"),
            selector: spec.get("namespaceSelector").and_then(read_selector),
            hostnames: model::texts(spec, "hostnames"),
            kinds: spec.get("kinds").map(|_| model::texts(spec, "kinds")),
            gateways: spec
                .get("gateways")
                .map(|list| list.items().filter_map(|(_, node)| limit(node)).collect()),
            is_terminating,
        }
    }

    /// Host names that permit nothing, for they are not canonical.
    pub fn faults(&self) -> impl Iterator<Item = (usize, &str, HostnameFault)> {
        self.hostnames.iter().enumerate().filter_map(|(index, host)| Some((index, &**host, fault(host)?)))
    }

    /// Keys of the selector that tenants may edit: with one of them it reaches nothing.
    pub fn untrusted(&self, settings: &Settings) -> Vec<&str> {
        let mut untrusted = Vec::new();
        for key in self.selector.as_ref().map(keys).unwrap_or_default() {
            if !settings.is_trusted(key) {
                untrusted.push(key);
            }
        }
        untrusted
    }

    /// Whether objects of a namespace with these labels are meant.
    pub fn reaches(&self, namespace: &str, labels: &[Label<'_>], settings: &Settings) -> bool {
        let is_selected = |selector: &Selector<'_>| {
            // A condition that could not be read would only be missing.
            if !selector.is_whole {
                return false;
            }
            let keys = keys(selector);
            !keys.is_empty() && keys.iter().all(|key| settings.is_trusted(key)) && selector.selects(labels)
        };
        self.names_namespace(namespace) || self.selector.as_ref().is_some_and(is_selected)
    }

    /// Whether it names a namespace, whatever its selector says.
    pub(super) fn names_namespace(&self, namespace: &str) -> bool {
        self.namespaces.iter().any(|name| name == namespace)
    }

    /// Whether its selector asks for more than the names of namespaces.
    pub(super) fn selects_by_labels(&self) -> bool {
        self.selector.as_ref().is_some_and(|selector| keys(selector).iter().any(|key| *key != NAME_LABEL))
    }

    /// Whether its selector asks for a label to be absent, or to be another: the name of a namespace is always known.
    pub(super) fn asks_for_absence(&self) -> bool {
        let is_for_absence = |expression: &Expression<'_>| {
            expression.key != NAME_LABEL && matches!(&*expression.operator, "NotIn" | "DoesNotExist")
        };
        self.selector.as_ref().is_some_and(|selector| selector.expressions.iter().any(is_for_absence))
    }

    /// Its host names that can permit something.
    pub(super) fn canonical(&self) -> impl Iterator<Item = &str> {
        self.hostnames.iter().map(|host| &**host).filter(|host| fault(host).is_none())
    }

    /// Of its host names the one with most labels in common with another, counted from the right; of equals the first.
    pub(super) fn nearest_to(&self, host: &str) -> Option<&str> {
        let mut best: Option<(usize, &str)> = None;
        for name in &self.hostnames {
            let common = labels_from_right(name).zip(labels_from_right(host)).take_while(|(a, b)| a == b);
            let shared = common.count();
            if best.is_none_or(|(most, _)| shared > most) && fault(name).is_none() {
                best = Some((shared, name));
            }
        }
        best.map(|(_, name)| name)
    }

    /// Whether it is for objects of a kind.
    pub fn names(&self, kind: &str) -> bool {
        match &self.kinds {
            Some(kinds) => kinds.iter().any(|named| granted_as(named) == granted_as(kind)),
            None => GRANTED_BY_DEFAULT.contains(&kind),
        }
    }

    /// Whether it is for a place.
    pub fn is_for(&self, on: &On<'_>) -> bool {
        let Some(limits) = &self.gateways else { return true };
        match on {
            On::Gateway(namespace, name) => limits.iter().any(|limit| {
                limit.namespace == *namespace && limit.name.as_ref().is_none_or(|named| named == name)
            }),
            On::AnyOf(places) => places.iter().any(|on| self.is_for(on)),
            On::NoGateway => true,
            On::Elsewhere => false,
        }
    }

    /// The Gateways that it is limited to.
    pub(super) fn limits(&self) -> &[GatewayLimit<'a>] {
        self.gateways.as_deref().unwrap_or_default()
    }

    /// One of them, of a name if there is one.
    pub(super) fn limit_like(&self, name: &str) -> Option<&GatewayLimit<'a>> {
        let limits = self.limits();
        limits.iter().find(|limit| limit.name.as_deref() == Some(name)).or(limits.first())
    }

    /// The first of its host names that would cover another one whole if it were canonical; it may be.
    pub(super) fn meaning(&self, host: &str) -> Option<&str> {
        let means = |written: &&str| {
            *written == EVERY_HOST || Hostname::lowered(written).is_some_and(|lowered| covers(&lowered, host))
        };
        self.hostnames.iter().map(|written| &**written).find(means)
    }

    /// Why it permits a namespace nothing, with these labels, though it is meant for it and a host name.
    pub(super) fn void<'g>(
        &'g self,
        namespace: &str,
        labels: &[Label<'_>],
        host: &str,
        settings: &'g Settings,
    ) -> Option<Void<'g>> {
        let is_named = self.names_namespace(namespace);
        let is_meant = |selector: &Selector<'_>| selector.is_whole && selector.selects(labels);
        if !is_named && !self.selector.as_ref().is_some_and(is_meant) {
            return None;
        }
        if self.is_terminating {
            return Some(Void::Terminating);
        }
        if !is_named && let Some(label) = self.untrusted(settings).first() {
            return Some(Void::Untrusted(label));
        }
        if self.covering(host).is_some() {
            return None;
        }
        self.meaning(host).map(Void::NotCanonical)
    }

    /// The first of its host names that covers another one whole.
    pub fn covering(&self, host: &str) -> Option<&str> {
        self.canonical().find(|granted| covers(granted, host))
    }

    /// Adds it to two indexes, by each namespace that it names, and by each label that its selector asks for: its canonical host
    /// names to the first, to the second those that would be if they were lowered.
    pub(super) fn index(&self, at: usize, canonical: &mut Suffixes, lowered: &mut Suffixes) {
        let mut scopes: Vec<String> = self.namespaces.iter().map(|name| scope_of_namespace(name)).collect();
        if let Some(selector) = &self.selector {
            scopes.extend(scopes_of_selector(selector));
        }
        // What a grant takes is linear in its text, not the product of its two lists.
        if scopes.len() > SCOPES_MAX {
            scopes = vec![SCOPE_OF_ALL.to_owned()];
        }
        for host in &self.hostnames {
            if fault(host).is_none() {
                for scope in &scopes {
                    canonical.insert(scope, host, at);
                }
            } else if let Some(host) = Hostname::lowered(host) {
                for scope in &scopes {
                    lowered.insert(scope, &host, at);
                }
            }
        }
    }
}

/// Reads a selector. One of which a part is not of its type is not whole: without that part it would mean more.
fn read_selector<'a>(node: &Node<'a>) -> Option<Selector<'a>> {
    let mut selector = model::selector(node)?;
    let labels = node.get("matchLabels").and_then(Node::as_map).map_or(0, Map::len);
    let expressions = node.get("matchExpressions").and_then(Node::as_list).unwrap_or_default();
    let values = |node: &Node<'_>| node.get("values").and_then(Node::as_list).map_or(0, <[_]>::len);
    let are_whole = expressions.len() == selector.expressions.len()
        && expressions
            .iter()
            .zip(&selector.expressions)
            .all(|(node, read)| values(node) == read.values.len());
    selector.is_whole &= labels == selector.labels.len() && are_whole;
    Some(selector)
}

/// Why a host name of a grant permits nothing; unlike others it may be `*` alone.
fn fault(host: &str) -> Option<HostnameFault> {
    if host == EVERY_HOST { None } else { Hostname::canonical(host).err() }
}

/// The keys of labels that a selector asks for.
pub(super) fn keys<'s>(selector: &'s Selector<'_>) -> Vec<&'s str> {
    let mut keys = Vec::new();
    for (key, _) in &selector.labels {
        keys.push(&**key);
    }
    for expression in &selector.expressions {
        keys.push(&*expression.key);
    }
    keys
}

/// Where grants stand that name a namespace.
pub(super) fn scope_of_namespace(namespace: &str) -> String {
    format!("n{namespace}")
}

/// Where grants stand whose selector asks for a label.
pub(super) fn scope_of_label(key: &str, value: &str) -> String {
    format!("l{key}={value}")
}

/// Most scopes that one grant stands in; one with more stands in that of all namespaces. Our own bound.
const SCOPES_MAX: usize = 16;

/// Where grants stand whose selector asks for no label with a value: every namespace may be meant.
pub(super) const SCOPE_OF_ALL: &str = "a";

/// One label is enough to find a grant by; whether all of its selector holds is looked at then.
fn scopes_of_selector(selector: &Selector<'_>) -> Vec<String> {
    let is_name = |key: &str| key == NAME_LABEL;
    let mut labels = selector.labels.iter();
    let named = labels.clone().find(|(key, _)| is_name(key));
    if let Some((key, value)) = named.or_else(|| labels.next()) {
        return vec![scope_of_label(key, value)];
    }
    let mut within = selector.expressions.iter().filter(|expression| expression.operator == "In");
    let named = within.clone().find(|expression| is_name(&expression.key));
    match named.or_else(|| within.next()) {
        Some(expression) => {
            expression.values.iter().map(|value| scope_of_label(&expression.key, value)).collect()
        }
        None => vec![SCOPE_OF_ALL.to_owned()],
    }
}
