//! Routes: where they attach, and who answers in which share.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::gateways::Served;
use super::{filter, matches, path, texts};
use crate::path::Path;
use crate::plan::{self, BackendUse};
use crate::profile::Form;
use crate::release::{Kind, Target};
use crate::tree::Node;
use crate::values::Values;

/// A route, or a part of one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Route {
    /// One of the five route kinds.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// What it attaches to; empty where `useDefaultGateways` says it.
    pub parents: Vec<Parent>,
    /// Its host names; empty: those of its listeners.
    pub hostnames: Vec<String>,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// The service it was derived from; null: it was written.
    pub derived_from: Option<String>,
    /// Which part of a route that was split; null: the whole.
    pub part: Option<Part>,
    /// The value it came from.
    pub path: String,
}

/// A parent of a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parent {
    /// `Gateway` mostly.
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The listener that the reference names.
    pub section_name: Option<String>,
    /// The listeners that the route attaches to; null where they are not in these values.
    pub listeners: Option<Vec<String>>,
    /// The listeners' port, where one is named.
    #[serde(skip)]
    pub(super) port: Option<i64>,
}

/// A part of a route that passed a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// 1-based.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

/// A rule of a route.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// Its name.
    pub name: Option<String>,
    /// Which requests it answers, in words; empty: every request.
    pub matches: Vec<String>,
    /// Its filters, in words.
    pub filters: Vec<String>,
    /// Who answers.
    pub backends: Vec<RuleBackend>,
    /// The value it came from.
    pub path: String,
}

/// A backend of a rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleBackend {
    /// Its API group; empty for the core group.
    pub group: String,
    /// Its kind.
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its port, where the kind has one.
    pub port: Option<u16>,
    /// The external service behind it; null for something of the cluster.
    pub service: Option<String>,
    /// Its weight; its share is exactly this of the rule's sum of weights.
    pub weight: u32,
    /// That share in percent of the rule's requests; 0 where all weights are 0.
    pub percent: f64,
    /// Its own filters, in words.
    pub filters: Vec<String>,
}

/// Names that a service got from the templates under `names`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DerivedName {
    /// The service.
    pub service: String,
    /// The name of its route.
    pub route: String,
    /// The host name of its route; null for TCP and UDP.
    pub hostname: Option<String>,
}

/// What routes are looked up in.
struct Tables<'p, 'v> {
    gateways: &'p [plan::Gateway<'v>],
    by_name: BTreeMap<(&'p str, &'p str), usize>,
    listener_sets: &'p [plan::ListenerSet<'v>],
    sets_by_name: BTreeMap<(&'p str, &'p str), usize>,
    /// External services by group, kind, namespace and name of what stands for them.
    services: BTreeMap<(&'p str, &'p str, &'p str, String), &'p str>,
    /// Services by the value they came from, which is that of their derived routes.
    origins: BTreeMap<&'p Path, &'p str>,
}

/// Every route, and how many of them each Gateway and listener serves.
pub(super) fn routes<'p, 'v>(
    routes: &'p [plan::Route<'v>],
    gateways: &'p [plan::Gateway<'v>],
    listener_sets: &'p [plan::ListenerSet<'v>],
    backends: &'p [plan::Backend<'v>],
    values: &'p Values<'_>,
) -> (Vec<Route>, Served) {
    let names = |(index, gateway): (usize, &'p plan::Gateway<'v>)| {
        ((gateway.namespace, gateway.name.as_ref()), index)
    };
    let tables = Tables {
        gateways,
        by_name: gateways.iter().enumerate().map(names).collect(),
        listener_sets,
        sets_by_name: listener_sets
            .iter()
            .enumerate()
            .map(|(index, set)| ((set.namespace, set.name.as_ref()), index))
            .collect(),
        services: backends.iter().map(|backend| service(backend, values.target)).collect(),
        origins: values.services.iter().map(|service| (&service.path, service.name.as_ref())).collect(),
    };
    let mut served = Served {
        gateways: vec![0; gateways.len()],
        listeners: gateways.iter().map(|gateway| vec![0; gateway.listeners.len()]).collect(),
        listener_sets: listener_sets.iter().map(|set| vec![0; set.listeners.len()]).collect(),
        elsewhere: BTreeMap::new(),
    };
    let mut list = Vec::with_capacity(routes.len());
    // Parts of one route came from one value, and stand side by side.
    for parts in routes.chunk_by(|one, other| one.path == other.path) {
        for (index, route) in parts.iter().enumerate() {
            let part = (parts.len() > 1).then_some(Part { number: index + 1, of: parts.len() });
            list.push(self::route(route, part, &tables, &mut served));
        }
    }
    (list, served)
}

/// A Hostname of Istio has no namespace.
fn service<'p>(
    backend: &'p plan::Backend<'_>,
    target: Target,
) -> ((&'p str, &'p str, &'p str, String), &'p str) {
    let object = plan::object_ref(backend, target);
    let namespace = if backend.form == Form::ServiceEntry { "" } else { backend.namespace };
    ((object.group, object.kind, namespace, object.name.into_owned()), &backend.service.name)
}

fn route(route: &plan::Route<'_>, part: Option<Part>, tables: &Tables<'_, '_>, served: &mut Served) -> Route {
    let mut seen = BTreeSet::new();
    let parents =
        route.parents.iter().map(|parent| self::parent(parent, route, tables, &mut seen, served)).collect();
    Route {
        kind: route.kind.newest().kind,
        name: route.name.to_string(),
        namespace: route.namespace.to_owned(),
        parents,
        hostnames: texts(&route.hostnames),
        rules: route.rules.iter().map(|rule| self::rule(rule, route.namespace, tables)).collect(),
        derived_from: tables.origins.get(&route.path).map(|service| (*service).to_owned()),
        part,
        path: path(&route.path),
    }
}

fn parent(
    parent: &Node<'_>,
    route: &plan::Route<'_>,
    tables: &Tables<'_, '_>,
    seen: &mut BTreeSet<usize>,
    served: &mut Served,
) -> Parent {
    let text = |key: &str| parent.get(key).and_then(Node::as_text);
    let gateway = plan::gateway_of(parent, route.namespace);
    let index = gateway.and_then(|name| tables.by_name.get(&name)).copied();
    let mut listeners = None;
    if let Some(index) = index {
        let gateway = &tables.gateways[index];
        let mut attached = Vec::new();
        let listeners_of = if gateway.is_overfull() { &[] } else { gateway.listeners.as_slice() };
        for (position, listener) in listeners_of.iter().enumerate() {
            if listener.is_picked(parent, route.kind) && listener.admits(route, gateway.namespace) {
                served.listeners[index][position] += 1;
                attached.push(listener.name.to_string());
            }
        }
        // Of a Gateway that exists already, derived listeners are a guess.
        let known = gateway.rendered || !gateway.listeners.first().is_some_and(|listener| listener.derived);
        if (!attached.is_empty() || !known) && seen.insert(index) {
            served.gateways[index] += 1;
        }
        listeners = known.then_some(attached);
    } else if let Some(index) = set_of(parent, route.namespace, tables) {
        let mut attached = Vec::new();
        for (position, listener) in tables.listener_sets[index].listeners.iter().enumerate() {
            if text("sectionName").is_none_or(|section| section == listener.name) {
                served.listener_sets[index][position] += 1;
                attached.push(listener.name.to_string());
            }
        }
        listeners = Some(attached);
    } else if let Some((namespace, name)) = gateway {
        *served.elsewhere.entry((namespace.to_owned(), name.to_owned())).or_default() += 1;
    }
    Parent {
        kind: text("kind").unwrap_or(Kind::Gateway.newest().kind).to_owned(),
        namespace: text("namespace").unwrap_or(route.namespace).to_owned(),
        name: text("name").unwrap_or_default().to_owned(),
        section_name: text("sectionName").map(str::to_owned),
        listeners,
        port: parent.get("port").and_then(Node::as_integer),
    }
}

/// The ListenerSet of this release that a parent names, by index.
fn set_of(parent: &Node<'_>, namespace: &str, tables: &Tables<'_, '_>) -> Option<usize> {
    let text = |key: &str| parent.get(key).and_then(Node::as_text);
    let is_set = text("kind").is_some_and(|kind| kind.ends_with("ListenerSet"));
    let place = (text("namespace").unwrap_or(namespace), text("name")?);
    tables.sets_by_name.get(&place).filter(|_| is_set).copied()
}

fn rule(rule: &plan::Rule<'_>, namespace: &str, tables: &Tables<'_, '_>) -> Rule {
    let plan::Rule { name, matches, filters, backends, given: _, path: at } = rule;
    let sum: u64 = backends.iter().map(|backend| u64::from(backend.weight.unwrap_or(1))).sum();
    Rule {
        name: name.as_ref().map(ToString::to_string),
        matches: matches.iter().map(|found| matches::words(found)).collect(),
        filters: filters.iter().map(|found| filter::words(found)).collect(),
        backends: backends.iter().map(|backend| self::backend(backend, sum, namespace, tables)).collect(),
        path: path(at),
    }
}

fn backend(
    backend: &BackendUse<'_>,
    sum: u64,
    route_namespace: &str,
    tables: &Tables<'_, '_>,
) -> RuleBackend {
    let BackendUse { target, namespace, port, weight, filters } = backend;
    let plan::ObjectRef { group, kind, name } = target;
    let namespace = namespace.unwrap_or(route_namespace);
    let found = |namespace: &str| tables.services.get(&(*group, *kind, namespace, name.to_string())).copied();
    let weight = weight.unwrap_or(1);
    RuleBackend {
        group: (*group).to_owned(),
        kind: (*kind).to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_string(),
        port: *port,
        service: found(namespace).or_else(|| found("")).map(str::to_owned),
        weight,
        percent: percent(weight, sum),
        filters: filters.iter().map(|found| filter::words(found)).collect(),
    }
}

/// At most 16 weights of 10^6 each: a float holds their sum exactly.
#[expect(clippy::cast_precision_loss, reason = "the sum is far below 2^53")]
fn percent(weight: u32, sum: u64) -> f64 {
    if sum == 0 { 0.0 } else { f64::from(weight) * 100.0 / sum as f64 }
}

pub(super) fn derived_names(routes: &[Route]) -> Vec<DerivedName> {
    let derived = routes.iter().filter_map(|route| Some((route, route.derived_from.clone()?)));
    derived
        .map(|(route, service)| DerivedName {
            service,
            route: route.name.clone(),
            hostname: route.hostnames.first().cloned(),
        })
        .collect()
}
