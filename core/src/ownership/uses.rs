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
    /// An annotation, wherever the object is served.
    Annotation,
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
    /// Absent for every namespace; else the selector in words, or `Same`.
    from: Option<String>,
    /// `group/kind`; empty for all that the protocol carries.
    kinds: Vec<String>,
    /// The only namespace whose routes attach, where that is certain.
    pub(super) only: Option<String>,
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
            Host::Named(host) => host,
            Host::Inherited => "",
        };
        match &self.place {
            Place::Parent(parent) => format!("{host} {} {parent}", parent.group),
            Place::DefaultGateways => format!("{host} default"),
            Place::Annotation => format!("{host} annotation"),
            Place::Listener(_) | Place::Object => host.to_string(),
        }
    }
}

impl Reach {
    fn of(listener: &Listener<'_>, namespace: &str) -> Self {
        let allowed = &listener.allowed;
        let (from, only) = match &allowed.namespaces {
            From::All => (None, None),
            From::Same | From::None => (Some("Same".to_owned()), Some(namespace.to_owned())),
            From::Selector(None) => (Some("nothing".to_owned()), None),
            From::Selector(Some(selector)) => (Some(selector.to_string()), pinned(selector)),
        };
        let kinds = allowed.kinds.iter().map(|(group, kind)| format!("{group}/{kind}")).collect();
        Self { from, kinds, only }
    }

    fn reaches_all_of(&self, other: &Self) -> bool {
        (self.from.is_none() || self.from == other.from)
            && (self.kinds.is_empty()
                || !other.kinds.is_empty() && other.kinds.iter().all(|kind| self.kinds.contains(kind)))
    }
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
            endpoints
                .filter_map(|(index, node)| Some(named(node.text_of("dnsName")?, At::Endpoint(index))))
                .collect()
        }
        Some(Kind::Grant | Kind::Effective) | None => return Vec::new(),
    };
    // A route without parents is served nowhere, and nothing points to it.
    if !(matches!(object.kind, Some(Kind::Route(_))) && uses.is_empty()) {
        uses.extend(of_annotations(object));
    }
    uses
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

/// A listener without a host name is one for every host; those of TCP and UDP have none at all.
fn of_listener<'a>(listener: &Listener<'a>, namespace: &str) -> Option<Use<'a>> {
    let has_hosts = !matches!(listener.protocol.as_ref(), "TCP" | "UDP");
    let every = has_hosts.then_some(Cow::Borrowed(EVERY_HOST));
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

/// Host names in annotations, as those who read them split them. A regular expression may match any host.
fn of_annotations<'a>(object: &Object<'a>) -> Vec<Use<'a>> {
    let Some(annotations) = object.metadata().get("annotations") else { return Vec::new() };
    let mut uses = Vec::new();
    for (index, key) in HOST_ANNOTATIONS.into_iter().enumerate() {
        let Some(value) = annotations.text_of(key) else { continue };
        let value = if value.contains('~') { EVERY_HOST } else { &value };
        let hosts = value.split(',').map(str::trim).filter(|host| !host.is_empty());
        for host in hosts.map(|host| host.strip_suffix('.').unwrap_or(host)) {
            let host = Host::Named(Cow::Owned(host.to_owned()));
            uses.push(Use { host, place: Place::Annotation, at: At::Annotation(index) });
        }
    }
    uses
}
