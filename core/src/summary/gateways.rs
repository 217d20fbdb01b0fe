//! Gateways and their listeners.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::organizations::Tenants;
use super::path;
use super::room::{self, Room};
use crate::plan::{self, Plan, ProfileReason};
use crate::profile::PORTABLE;
use crate::release::Kind;
use crate::tree::Node;
use crate::values::Values;

/// A Gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Its GatewayClass; empty for a Gateway that is not in these values.
    pub class_name: String,
    /// Whether these manifests bring it; else it exists already, or must.
    pub rendered: bool,
    /// The word of its profile.
    pub profile: &'static str,
    /// Product and version that the profile is of.
    pub profile_title: &'static str,
    /// Why it has that profile.
    pub why: String,
    /// Its listeners, as far as these values say.
    pub listeners: Vec<Listener>,
    /// How many routes of this release attach to it.
    pub routes: usize,
    /// How many organizations are on it, whether they share it or it is one's own; in a migration by the strategy to
    /// come.
    pub organizations: usize,
    /// How much of it is taken; null for a Gateway that only routes name.
    pub room: Option<Room>,
    /// The value it came from; empty for a Gateway that only routes name.
    pub path: String,
    /// `addresses` that are written.
    #[serde(skip)]
    pub(super) addresses: Vec<String>,
    /// From which namespaces ListenerSets may join it.
    #[serde(skip)]
    pub(super) lets_sets_in: From,
}

/// A listener.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listener {
    /// Its name.
    pub name: String,
    /// `HTTP`, `HTTPS`, `TLS`, `TCP` or `UDP`.
    pub protocol: String,
    /// Its port.
    pub port: u16,
    /// Hosts it answers for; null: every host.
    pub hostname: Option<String>,
    /// Where TLS ends; null: no TLS.
    pub tls: Option<ListenerTls>,
    /// Whether it was derived from the services, not written.
    pub derived: bool,
    /// The organization that it is for; null for none.
    pub organization: Option<String>,
    /// How many routes of this release attach to it.
    pub routes: usize,
    /// The value it came from.
    pub path: String,
    /// Which routes may attach.
    #[serde(skip)]
    pub(super) admits: Admits,
}

/// Which routes may attach to a listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Admits {
    /// From where.
    pub(super) from: From,
    /// Of which kinds: those of its protocol that `allowedRoutes` leaves in.
    pub(super) kinds: Vec<&'static str>,
}

/// From which namespaces routes may attach, or ListenerSets join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// From every one.
    All,
    /// From that of its Gateway or ListenerSet.
    Same,
    /// From none.
    None,
    /// From these.
    Named(BTreeSet<String>),
    /// From those with some labels, which values do not tell.
    Labelled,
}

impl Admits {
    fn of(listener: &plan::Listener<'_>) -> Self {
        let kinds = Kind::ROUTES.into_iter().filter(|kind| listener.takes(*kind) && listener.allows(*kind));
        let namespaces = listener.allowed_routes.as_ref().and_then(|allowed| allowed.get("namespaces"));
        Self {
            from: From::of(listener.routes_from(), namespaces),
            kinds: kinds.map(|kind| kind.newest().kind).collect(),
        }
    }
}

impl From {
    fn of(word: &str, namespaces: Option<&Node<'_>>) -> Self {
        match word {
            "All" => Self::All,
            "None" => Self::None,
            "Selector" => {
                let named =
                    namespaces.and_then(|namespaces| plan::namespaces_named(namespaces.get("selector")?));
                named.map_or(Self::Labelled, |named| Self::Named(named.map(str::to_owned).collect()))
            }
            _ => Self::Same,
        }
    }

    /// Where ListenerSets may come from: from nowhere unless a Gateway says so. What one says that is not rendered here
    /// nobody knows.
    fn of_sets(gateway: &plan::Gateway<'_>) -> Self {
        if !gateway.rendered {
            return Self::All;
        }
        let namespaces = gateway.allowed_listeners.as_ref().and_then(|allowed| allowed.get("namespaces"));
        let word = namespaces.and_then(|namespaces| super::text(namespaces, "from"));
        Self::of(word.unwrap_or("None"), namespaces)
    }

    /// Whether a namespace is one of them; `own` is that of what is attached to.
    pub(super) fn has(&self, namespace: &str, own: &str) -> bool {
        match self {
            Self::All | Self::Labelled => true,
            Self::Same => namespace == own,
            Self::None => false,
            Self::Named(namespaces) => namespaces.contains(namespace),
        }
    }
}

/// TLS of a listener.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListenerTls {
    /// `Terminate` or `Passthrough`.
    pub mode: &'static str,
    /// Its certificates: Secrets by name, with the namespace in front where one is given.
    pub certificates: Vec<String>,
}

/// Which of a release's routes attach where.
#[derive(Debug)]
pub(super) struct Served {
    /// By position in the plan: routes of each Gateway.
    pub(super) gateways: Vec<usize>,
    /// By position in the plan: routes of each of a Gateway's listeners.
    pub(super) listeners: Vec<Vec<usize>>,
    /// By position in the plan: routes of each of a ListenerSet's listeners.
    pub(super) listener_sets: Vec<Vec<usize>>,
    /// Routes of Gateways that are not in the plan, by namespace and name.
    pub(super) elsewhere: BTreeMap<(String, String), usize>,
}

pub(super) fn gateways(
    plan: &Plan<'_>,
    served: Served,
    tenants: &BTreeMap<usize, Tenants<'_>>,
    values: &Values<'_>,
) -> Vec<Gateway> {
    let Served { gateways: counts, listeners, listener_sets: _, elsewhere } = served;
    let in_sets = room::listeners_in_sets(plan);
    let own = plan.gateways.iter().zip(counts).zip(listeners).enumerate();
    let own = own.map(|(index, ((gateway, routes), counts))| {
        let in_sets = in_sets.get(&(gateway.namespace, gateway.name.as_ref())).copied().unwrap_or_default();
        self::gateway(gateway, routes, &counts, tenants.get(&index), in_sets)
    });
    let foreign = elsewhere.into_iter().map(|((namespace, name), routes)| {
        let (profile, why) = match values.profile {
            Some(profile) => (profile, "the value `profile`"),
            None => (&PORTABLE, "its class is not in these values"),
        };
        Gateway {
            name,
            namespace,
            class_name: String::new(),
            rendered: false,
            profile: profile.word,
            profile_title: profile.title,
            why: why.to_owned(),
            listeners: Vec::new(),
            routes,
            organizations: 0,
            room: None,
            path: String::new(),
            addresses: Vec::new(),
            lets_sets_in: From::All,
        }
    });
    own.chain(foreign).collect()
}

fn gateway(
    gateway: &plan::Gateway<'_>,
    routes: usize,
    counts: &[usize],
    tenants: Option<&Tenants<'_>>,
    in_sets: usize,
) -> Gateway {
    let plan::Gateway { name, namespace, profile, profile_reason, class, listeners, rendered, bound, .. } =
        gateway;
    // What would be derived for a Gateway says nothing about one that exists.
    let listeners = listeners.iter().zip(counts).filter(|(listener, _)| *rendered || !listener.derived);
    let listeners: Vec<Listener> =
        listeners.map(|(listener, routes)| self::listener(listener, *routes)).collect();
    let load = tenants.map(|tenants| tenants.load).unwrap_or_default();
    Gateway {
        name: name.to_string(),
        namespace: (*namespace).to_owned(),
        class_name: (*class).to_owned(),
        rendered: *rendered,
        profile: profile.word,
        profile_title: profile.title,
        why: match profile_reason {
            ProfileReason::Own => "the Gateway's own `profile`".to_owned(),
            ProfileReason::Value => "the value `profile`".to_owned(),
            ProfileReason::Class => format!("the usual controller of class `{class}`"),
            ProfileReason::Fallback => format!("class `{class}` is no controller's usual one"),
        },
        organizations: tenants.map_or(0, |tenants| tenants.organizations.len()),
        room: Some(room::of(*bound, listeners.len(), in_sets, load)),
        listeners,
        routes,
        path: path(&gateway.path),
        addresses: addresses(gateway.given),
        lets_sets_in: From::of_sets(gateway),
    }
}

fn addresses(given: Option<&Node<'_>>) -> Vec<String> {
    let written = given.and_then(|given| given.get("addresses")).into_iter().flat_map(Node::items);
    written.filter_map(|(_, address)| super::text(address, "value").map(str::to_owned)).collect()
}

pub(super) fn listener(listener: &plan::Listener<'_>, routes: usize) -> Listener {
    let plan::Listener {
        name,
        protocol,
        port,
        hostname,
        tls,
        allowed_routes: _,
        derived,
        organization,
        path: at,
    } = listener;
    let refs = tls.as_ref().and_then(|tls| tls.get("certificateRefs"));
    let certificate = |node: &Node<'_>| {
        let text = |key: &str| node.get(key).and_then(Node::as_text);
        let namespace = text("namespace").map_or_else(String::new, |namespace| format!("{namespace}/"));
        Some(format!("{namespace}{}", text("name")?))
    };
    let certificates =
        refs.into_iter().flat_map(Node::items).filter_map(|(_, item)| certificate(item)).collect();
    Listener {
        name: name.to_string(),
        protocol: (*protocol).to_owned(),
        port: *port,
        hostname: hostname.as_ref().map(ToString::to_string),
        tls: matches!(*protocol, "HTTPS" | "TLS").then(|| ListenerTls {
            mode: if listener.terminates() { "Terminate" } else { "Passthrough" },
            certificates,
        }),
        derived: *derived,
        organization: organization.map(str::to_owned),
        routes,
        path: path(at),
        admits: Admits::of(listener),
    }
}
