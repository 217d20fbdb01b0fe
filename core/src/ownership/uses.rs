//! What an object uses: host names, said or inherited, each at a place.
//!
//! An update is judged by the uses that the object did not have before: a use is the same if host name and place are.

use std::borrow::Cow;

use super::hostname_grant::EVERY_HOST;
use super::kinds::Kind;
use super::object::{HOST_ANNOTATIONS, Object};
use super::sorted::Sorted;
use crate::check::model::{self, From, Listener, ObjectRef, Selector};
use crate::path::Path;
use crate::release::{EXPERIMENTAL_GROUP, GATEWAY_GROUP, NAME_LABEL};
use crate::tree::Node;

/// A use of a host name.
#[derive(Debug)]
pub(super) struct Use<'a> {
    pub(super) host: Host<'a>,
    pub(super) place: Place<'a>,
    pub(super) at: At,
}

/// Which host name is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Host<'a> {
    /// This one; `*` where every host is meant.
    Named(Cow<'a, str>),
    /// Those of the listeners that the route attaches to.
    Inherited,
}

/// What of an object uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// A route, on a parent.
    Parent(Parent<'a>),
    /// A route, on the cluster's default Gateways.
    DefaultGateways,
    /// An annotation, served on these parents.
    Annotation(String),
    /// A listener of the object, which routes from here may attach to.
    Listener(Reach),
    /// The object as a whole.
    Object,
}

/// A parentRef with its defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parent<'a> {
    pub(super) group: Cow<'a, str>,
    pub(super) kind: Cow<'a, str>,
    pub(super) namespace: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
    pub(super) section: Option<Cow<'a, str>>,
    pub(super) port: Option<i64>,
}

/// Which routes a listener lets attach, as far as it can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    from: Namespaces,
    /// `group/kind`; empty for all that the protocol carries.
    kinds: Vec<String>,
    /// The only namespace whose routes attach, where that is certain.
    pub(super) only: Option<String>,
}

/// Whose routes a listener lets attach.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Namespaces {
    All,
    Same,
    Nobody,
    /// Those for which all of these conditions hold.
    With(Vec<String>),
}

/// Where a use stands in its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// The object itself.
    Object,
    /// `spec.hostnames[n]`.
    Hostname(usize),
    /// `spec.parentRefs[n]`.
    ParentRef(usize),
    /// `spec.useDefaultGateways`.
    DefaultGateways,
    /// `metadata.annotations[…]`, by its index in [`HOST_ANNOTATIONS`].
    Annotation(usize),
    /// `spec.listeners[n]`, and whether it has a host name.
    Listener(usize, bool),
    /// `spec.rules[n]` of an Ingress, and whether it has a host.
    Rule(usize, bool),
    /// `spec.tls[n].hosts[m]`.
    Tls(usize, usize),
    /// `spec.defaultBackend`.
    DefaultBackend,
    /// `spec.hostname`.
    Claimed,
    /// `spec.hostnames[n]` of a grant is [`At::Hostname`]; this is `spec.namespaceSelector`.
    NamespaceSelector,
    /// `spec.dnsNames[n]`.
    DnsName(usize),
    /// `spec.commonName`.
    CommonName,
    /// `spec.endpoints[n].dnsName`.
    Endpoint(usize),
}

impl At {
    pub(super) fn path(self) -> Path {
        let spec = Path::ROOT.key("spec");
        match self {
            Self::Object => Path::ROOT,
            Self::Hostname(index) => spec.key("hostnames").index(index),
            Self::ParentRef(index) => spec.key("parentRefs").index(index),
            Self::DefaultGateways => spec.key("useDefaultGateways"),
            Self::Annotation(index) => {
                let key = HOST_ANNOTATIONS.get(index).copied().unwrap_or_default();
                Path::ROOT.key("metadata").key("annotations").key(key)
            }
            Self::Listener(index, false) => spec.key("listeners").index(index),
            Self::Listener(index, true) => spec.key("listeners").index(index).key("hostname"),
            Self::Rule(index, false) => spec.key("rules").index(index),
            Self::Rule(index, true) => spec.key("rules").index(index).key("host"),
            Self::Tls(entry, index) => spec.key("tls").index(entry).key("hosts").index(index),
            Self::DefaultBackend => spec.key("defaultBackend"),
            Self::Claimed => spec.key("hostname"),
            Self::NamespaceSelector => spec.key("namespaceSelector"),
            Self::DnsName(index) => spec.key("dnsNames").index(index),
            Self::CommonName => spec.key("commonName"),
            Self::Endpoint(index) => spec.key("endpoints").index(index).key("dnsName"),
        }
    }
}

/// Of each use, whether an object that had the old ones had it already.
pub(super) fn had_before(new: &[Use<'_>], old: &[Use<'_>]) -> Vec<bool> {
    let mut known = Sorted::default();
    for (at, used) in old.iter().enumerate() {
        known.push(used.key(), at);
    }
    known.finish();
    let was_wider = |used: &Use<'_>, reach: &Reach| {
        old.iter().any(|other| match &other.place {
            Place::Listener(old) => used.host == other.host && old.reaches_all_of(reach),
            _ => false,
        })
    };
    let had = |used: &Use<'_>| match &used.place {
        Place::Listener(reach) => was_wider(used, reach),
        _ => known.get(&used.key()).is_some(),
    };
    new.iter().map(had).collect()
}

impl Use<'_> {
    /// Host name and place as a text: two uses with one text are the same.
    fn key(&self) -> String {
        let host = match &self.host {
            Host::Named(host) => format!("named {host}"),
            Host::Inherited => "inherited".to_owned(),
        };
        match &self.place {
            Place::Parent(parent) => format!("{host}\0{}", parent.key()),
            Place::DefaultGateways => format!("{host}\0default"),
            Place::Annotation(parents) => format!("{host}\0annotation\0{parents}"),
            Place::Listener(_) | Place::Object => host,
        }
    }
}

impl Reach {
    fn of(listener: &Listener<'_>, namespace: &str) -> Self {
        let allowed = &listener.allowed;
        let (from, only) = match &allowed.namespaces {
            From::All => (Namespaces::All, None),
            From::Same => (Namespaces::Same, Some(namespace.to_owned())),
            From::None | From::Selector(None) => (Namespaces::Nobody, None),
            From::Selector(Some(selector)) => (Namespaces::With(conditions(selector)), pinned(selector)),
        };
        let kinds = allowed.kinds.iter().map(|(group, kind)| format!("{group}/{kind}")).collect();
        Self { from, kinds, only }
    }

    fn reaches_all_of(&self, other: &Self) -> bool {
        let lets_in = match (&self.from, &other.from) {
            (Namespaces::All, _) | (_, Namespaces::Nobody) => true,
            (Namespaces::With(known), Namespaces::With(asked)) => {
                known.iter().all(|condition| asked.contains(condition))
            }
            (known, asked) => known == asked,
        };
        lets_in
            && (self.kinds.is_empty()
                || !other.kinds.is_empty() && other.kinds.iter().all(|kind| self.kinds.contains(kind)))
    }
}

/// What a selector asks for, each condition as a text that is the same in whatever order it was written.
fn conditions(selector: &Selector<'_>) -> Vec<String> {
    let labels = selector.labels.iter().map(|(key, value)| format!("{key}\0={value}"));
    let expressions = selector.expressions.iter().map(|expression| {
        let mut values: Vec<&str> = expression.values.iter().map(|value| &**value).collect();
        values.sort_unstable();
        format!("{}\0{}\0{}", expression.key, expression.operator, values.join("\0"))
    });
    labels.chain(expressions).collect()
}

/// The one namespace that a selector can mean, by the label that nobody can change.
fn pinned(selector: &Selector<'_>) -> Option<String> {
    let by_label = selector.labels.iter().find(|(key, _)| key == NAME_LABEL).map(|(_, value)| value);
    let by_expression = selector.expressions.iter().find_map(|expression| match &*expression.values {
        [only] if expression.key == NAME_LABEL && expression.operator == "In" => Some(only),
        _ => None,
    });
    by_label.or(by_expression).map(ToString::to_string)
}

/// Most uses of an object; an API server takes no more.
///
/// Source: Gateway API v1.6.3, TLSRoute: 32 `parentRefs`, 1,024 `hostnames`.
pub(super) const USES_MAX: usize = 32 * 1024;

/// What of an object is not of the form that it must have, so that its uses cannot be told.
pub(super) fn unreadable(object: &Object<'_>) -> Option<String> {
    let spec = object.node.get("spec")?;
    if spec.as_map().is_none() {
        return Some(format!("`spec` is {}, where a map belongs", spec.type_word()));
    }
    ["parentRefs", "listeners"].into_iter().find_map(|key| {
        let list = spec.get(key)?;
        let are_maps = list.as_list().is_some_and(|items| items.iter().all(|item| item.as_map().is_some()));
        (!are_maps).then(|| format!("`spec.{key}` is no list of maps"))
    })
}

/// How many uses an object may have, before any is looked at; each listener counts as many as there are, for each is
/// compared with all.
pub(super) fn count(object: &Object<'_>) -> usize {
    let spec = object.spec();
    let items = |key: &str| spec.get(key).and_then(Node::as_list).map_or(0, <[_]>::len);
    let listeners = items("listeners");
    (items("parentRefs") + 1)
        .saturating_mul(items("hostnames").max(1))
        .max(listeners.saturating_mul(listeners))
}

/// Everything that an object uses.
pub(super) fn of<'a>(object: &Object<'a>, namespace: &'a str) -> Vec<Use<'a>> {
    let spec = object.spec();
    let named = |host: Cow<'a, str>, at| Use { host: Host::Named(host), place: Place::Object, at };
    let mut uses = match object.kind {
        Some(Kind::Route(kind)) => of_route(kind, spec, namespace),
        Some(Kind::Gateway | Kind::ListenerSet(_)) => {
            model::listeners(spec).iter().filter_map(|listener| of_listener(listener, namespace)).collect()
        }
        Some(Kind::Ingress) => of_ingress(spec),
        Some(Kind::Claim | Kind::Request) => {
            let host = spec.text_of("hostname");
            host.into_iter().map(|host| named(host, At::Claimed)).collect()
        }
        Some(Kind::Certificate) => {
            let names = model::texts(spec, "dnsNames").into_vec().into_iter().enumerate();
            let names = names.map(|(index, host)| named(host, At::DnsName(index)));
            let common = spec.text_of("commonName").filter(|name| !name.is_empty());
            names.chain(common.map(|host| named(host, At::CommonName))).collect()
        }
        Some(Kind::DnsEndpoint) => {
            let endpoints = spec.get("endpoints").into_iter().flat_map(Node::items);
            let named = |(index, node): (usize, &Node<'a>)| {
                Some(named(record(node.text_of("dnsName")?), At::Endpoint(index)))
            };
            endpoints.filter_map(named).collect()
        }
        Some(Kind::Grant | Kind::Effective) | None => return Vec::new(),
    };
    // A route without parents is served nowhere, and nothing points to it.
    if !(matches!(object.kind, Some(Kind::Route(_))) && uses.is_empty()) {
        let parents = served_on(&uses);
        uses.extend(of_annotations(object, &parents));
    }
    uses
}

/// The host name that a DNS record is for: without a dot at the end, and without labels of services in front
/// (`_acme-challenge.a.example.com`), which belong to whoever has the name below.
fn record(name: Cow<'_, str>) -> Cow<'_, str> {
    let mut host = name.strip_suffix('.').unwrap_or(&name);
    while let Some((label, rest)) = host.split_once('.')
        && label.starts_with('_')
    {
        host = rest;
    }
    if host.len() == name.len() { name } else { Cow::Owned(host.to_owned()) }
}

fn of_route<'a>(kind: &str, spec: &Node<'a>, namespace: &'a str) -> Vec<Use<'a>> {
    let hostnames = if matches!(kind, "TCPRoute" | "UDPRoute") {
        Box::default()
    } else {
        model::texts(spec, "hostnames")
    };
    let parents = model::list(spec, "parentRefs", |index, node| {
        Some((index, Parent::of(&model::parent(node), namespace)))
    });
    let asks_for_default = spec.text_of("useDefaultGateways").is_some_and(|scope| scope != "None");
    let places =
        parents.into_vec().into_iter().map(|(index, parent)| (Place::Parent(parent), At::ParentRef(index)));
    let places = places.chain(asks_for_default.then_some((Place::DefaultGateways, At::DefaultGateways)));
    let mut uses = Vec::new();
    for (place, at) in places {
        if hostnames.is_empty() {
            uses.push(Use { host: Host::Inherited, place, at });
            continue;
        }
        for (index, host) in hostnames.iter().enumerate() {
            let (host, place) = (Host::Named(host.clone()), place.clone());
            uses.push(Use { host, place, at: At::Hostname(index) });
        }
    }
    uses
}

impl<'a> Parent<'a> {
    pub(super) fn of(parent: &model::ParentRef<'a>, own: &'a str) -> Self {
        let ObjectRef { group, kind, namespace, name } = &parent.target;
        Self {
            group: group.clone(),
            kind: kind.clone(),
            namespace: namespace.clone().unwrap_or(Cow::Borrowed(own)),
            name: name.clone(),
            section: parent.section.clone(),
            port: parent.port,
        }
    }

    /// All of it as a text, in which no part can be taken for another.
    fn key(&self) -> String {
        let Self { group, kind, namespace, name, section, port } = self;
        format!("{group}\0{kind}\0{namespace}\0{name}\0{section:?}\0{port:?}")
    }

    /// Whether it is a Gateway.
    pub(super) fn is_gateway(&self) -> bool {
        self.group == GATEWAY_GROUP && self.kind == "Gateway"
    }

    /// The kind, where it is a ListenerSet.
    pub(super) fn listener_set(&self) -> Option<&'static str> {
        match (self.group.as_ref(), self.kind.as_ref()) {
            (GATEWAY_GROUP, "ListenerSet") => Some("ListenerSet"),
            (EXPERIMENTAL_GROUP, "XListenerSet") => Some("XListenerSet"),
            _ => None,
        }
    }
}

impl std::fmt::Display for Parent<'_> {
    /// ``Gateway `edge/public` `` with section and port.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { group: _, kind, namespace, name, section, port } = self;
        write!(f, "{kind} `{namespace}/{name}`")?;
        if let Some(section) = section {
            write!(f, " section `{section}`")?;
        }
        if let Some(port) = port {
            write!(f, " port {port}")?;
        }
        Ok(())
    }
}

/// Whether a listener without a host name is one for every host; those of TCP and UDP have none at all.
pub(super) fn has_hosts(listener: &Listener<'_>) -> bool {
    !matches!(listener.protocol.as_ref(), "TCP" | "UDP")
}

fn of_listener<'a>(listener: &Listener<'a>, namespace: &str) -> Option<Use<'a>> {
    let every = has_hosts(listener).then_some(Cow::Borrowed(EVERY_HOST));
    let at = At::Listener(listener.index, listener.hostname.is_some());
    let host = Host::Named(listener.hostname.clone().or(every)?);
    Some(Use { host, place: Place::Listener(Reach::of(listener, namespace)), at })
}

fn of_ingress<'a>(spec: &Node<'a>) -> Vec<Use<'a>> {
    let named = |host: Cow<'a, str>, at| Use { host: Host::Named(host), place: Place::Object, at };
    let every = |at| named(Cow::Borrowed(EVERY_HOST), at);
    let host = |node: &Node<'a>| node.text_of("host").filter(|host| !host.is_empty());
    let rules = spec.get("rules").into_iter().flat_map(Node::items);
    let mut uses: Vec<Use<'a>> = rules
        .map(|(index, rule)| match host(rule) {
            Some(host) => named(host, At::Rule(index, true)),
            None => every(At::Rule(index, false)),
        })
        .collect();
    for (entry, tls) in spec.get("tls").into_iter().flat_map(Node::items) {
        let hosts = model::list(tls, "hosts", |index, node| Some((index, node.as_text()?.to_owned())));
        uses.extend(
            hosts.into_vec().into_iter().map(|(index, host)| named(Cow::Owned(host), At::Tls(entry, index))),
        );
    }
    if spec.get("defaultBackend").is_some() {
        uses.push(every(At::DefaultBackend));
    }
    uses
}

/// The parents of a route as a text: what its annotations say is served there.
fn served_on(uses: &[Use<'_>]) -> String {
    let mut keys: Vec<String> = uses
        .iter()
        .filter_map(|used| match &used.place {
            Place::Parent(parent) => Some(parent.key()),
            Place::DefaultGateways => Some("default".to_owned()),
            _ => None,
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys.join("\0\0")
}

/// Host names in annotations, as those who read them split them. A regular expression may match any host.
fn of_annotations<'a>(object: &Object<'a>, parents: &str) -> Vec<Use<'a>> {
    let Some(annotations) = object.metadata().get("annotations") else { return Vec::new() };
    let mut uses = Vec::new();
    for (index, key) in HOST_ANNOTATIONS.into_iter().enumerate() {
        let Some(value) = annotations.text_of(key) else { continue };
        let value = if value.contains('~') { EVERY_HOST } else { &value };
        let hosts = value.split(',').map(str::trim).filter(|host| !host.is_empty());
        for host in hosts.map(|host| host.strip_suffix('.').unwrap_or(host)) {
            let host = Host::Named(Cow::Owned(host.to_owned()));
            uses.push(Use { host, place: Place::Annotation(parents.to_owned()), at: At::Annotation(index) });
        }
    }
    uses
}
