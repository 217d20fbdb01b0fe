//! A migration from any strategy to any other, or from one record of placements to another, leaves no host name unserved,
//! in whatever order organizations are cut over.
//!
//! Every prefix of every change is looked at: objects one by one in the order in which they are emitted, then
//! deletions. `trace` says who answers, by object and not by summary, so that `plan --against` is held against it too.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_core::check::attach::attach;
use gatewright_core::check::model::{self, Model};
use gatewright_core::check::trace::{Request, trace};
use gatewright_core::check::{Settings, api, status};
use gatewright_core::diagnostic::has_errors;
use gatewright_core::release::{Channel, Release, Target};
use gatewright_core::summary::changes::between;
use gatewright_core::summary::{self, Summary};
use gatewright_core::tree::Node;
use gatewright_core::tree::yaml::{self, Limits};
use gatewright_core::values::Strategy as Sharding;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::strategy::organizations;
use super::{config, node, scope};

/// An object by kind, namespace and name.
type Identity = (&'static str, String, String);

/// Objects with their manifests.
type State = BTreeMap<Identity, String>;

/// A host name that the Gateway of a namespace and name answers with the right backend.
type Served = BTreeSet<(String, (String, String))>;

/// One document of the way: its plan, its objects in their order, and who is behind each host name.
struct Step {
    summary: Summary,
    objects: Vec<(Identity, String)>,
    backends: BTreeMap<String, (String, String)>,
}

/// Codes by which a migration may be refused; any other fault it must have with either strategy alone.
const REFUSALS: [&str; 3] = ["migration-conflict", "gateways-full", "migration-unchanged"];

fn values(organizations: &Value, sharding: &Value, strategy: &str) -> Value {
    let mut sharding = sharding.clone();
    sharding["strategy"] = strategy.into();
    json!({
        "profile": "envoy-gateway",
        "baseDomain": "tenants.example",
        "gateway": {"name": "eg", "className": "eg", "listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}]},
        "certificates": {"enabled": true, "solver": "dns01", "issuerRef": {"name": "issuer", "kind": "ClusterIssuer"}},
        "organizations": organizations,
        "sharding": sharding,
    })
}

/// What values lead to, or the codes of what is wrong with them.
fn step(values: &Value) -> Result<Step, BTreeSet<&'static str>> {
    let (summary, found) = gatewright_core::plan(node(values), &scope());
    if has_errors(&found) {
        let errors =
            found.iter().filter(|found| found.severity == gatewright_core::diagnostic::Severity::Error);
        return Err(errors.map(|found| found.code.0).collect());
    }
    let objects = summary.objects.iter().map(|object| {
        let summary::Object { kind, namespace, name, manifest, .. } = object;
        ((*kind, namespace.clone(), name.clone()), manifest.clone())
    });
    let objects = objects.collect();
    let backend = |route: &summary::Route| {
        let backend = &route.rules[0].backends[0];
        (backend.namespace.clone(), backend.name.clone())
    };
    let hosts = summary
        .routes
        .iter()
        .flat_map(|route| route.hostnames.iter().map(move |hostname| (hostname.clone(), backend(route))));
    let backends = hosts.collect();
    Ok(Step { summary, objects, backends })
}

/// The objects with all that must be there for them to be accepted: issued certificates, Services, namespaces.
fn complete(state: &State, backends: &BTreeMap<String, (String, String)>) -> String {
    let mut namespaces: BTreeSet<&str> = state.keys().map(|(_, namespace, _)| namespace.as_str()).collect();
    let services: BTreeSet<&(String, String)> = backends.values().collect();
    namespaces.extend(services.iter().map(|(namespace, _)| namespace.as_str()));
    let namespaces = namespaces
        .into_iter()
        .map(|name| json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}));
    let services = services.into_iter().map(|(namespace, name)| {
        let ports: Vec<Value> = (80..89).map(|port| json!({"name": format!("p{port}"), "port": port})).collect();
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace}, "spec": {"ports": ports}})
    });
    let secrets = state.keys().filter(|(kind, _, _)| *kind == "Certificate").map(|(_, namespace, name)| {
        json!({"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls", "metadata": {"name": name, "namespace": namespace}})
    });
    let class = json!({
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "GatewayClass",
        "metadata": {"name": "eg"},
        "spec": {"controllerName": "gateway.envoyproxy.io/gatewayclass-controller"},
    });
    let surroundings = namespaces.chain(services).chain(secrets).chain([class]);
    let surroundings = surroundings.map(|object| format!("---\n{object}\n"));
    state.values().map(|manifest| format!("---\n{manifest}\n")).chain(surroundings).collect()
}

fn settings() -> Settings {
    let target = Target { release: Release::V1_6, channel: Channel::Standard };
    Settings { complete: true, namespace: "edge".to_owned(), ..Settings::new(target) }
}

fn read<'a>(text: &'a str, settings: &'a Settings) -> Model<'a> {
    let mut model = Model::default();
    let mut index = 0;
    let mut faults = Vec::new();
    yaml::each(text, 0, &Limits::NATIVE, &mut faults, |mut object, _| {
        let word = |key| object.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
        if let Some(kind) = api::find(settings.target, &word("apiVersion"), &word("kind")) {
            api::default(kind, &mut object, settings.target);
        }
        model::read(&object, index, &settings.namespace, &mut model);
        index += 1;
    });
    assert_eq!(faults, []);
    model
}

/// Who is served by which Gateway at one moment.
fn served(state: &State, backends: &BTreeMap<String, (String, String)>) -> Served {
    let (text, settings) = (complete(state, backends), settings());
    let model = read(&text, &settings);
    let attachments = attach(&model, &settings);
    let gateways = state.keys().filter(|(kind, _, _)| *kind == "Gateway");
    let gateways: Vec<_> = gateways.map(|(_, namespace, name)| (namespace.clone(), name.clone())).collect();
    let mut served = Served::new();
    for (host, (namespace, name)) in backends {
        for gateway in &gateways {
            let request = Request {
                host: Some(host.clone()),
                port: Some(443),
                gateway: Some(gateway.clone()),
                ..Request::default()
            };
            let answer = trace(&model, &settings, &attachments, &request).answer;
            let is_right =
                answer.backends.iter().any(|share| share.namespace == namespace && share.name == name);
            if answer.status == 200 && is_right {
                served.insert((host.clone(), gateway.clone()));
            }
        }
    }
    served
}

/// Host names that are served before and after, and not all the way by one Gateway.
fn unserved(old: &Step, new: &Step) -> Vec<String> {
    let mut state: State = old.objects.iter().cloned().collect();
    let before = served(&state, &old.backends);
    let mut held = before.clone();
    for (identity, manifest) in &new.objects {
        if state.insert(identity.clone(), manifest.clone()).as_ref() != Some(manifest) {
            let now = served(&state, &new.backends);
            held.retain(|serves| now.contains(serves));
        }
    }
    let last: State = new.objects.iter().cloned().collect();
    let gone: Vec<Identity> =
        state.keys().filter(|identity| !last.contains_key(*identity)).cloned().collect();
    for identity in gone {
        state.remove(&identity);
        let now = served(&state, &new.backends);
        held.retain(|serves| now.contains(serves));
    }
    let hosts =
        |served: &Served| -> BTreeSet<String> { served.iter().map(|(host, _)| host.clone()).collect() };
    let stays: BTreeSet<String> =
        hosts(&before).intersection(&hosts(&served(&last, &new.backends))).cloned().collect();
    stays.difference(&hosts(&held)).cloned().collect()
}

/// Conditions of a step that are not as they should be; that old and new overlap is said by the plan.
fn unaccepted(step: &Step) -> Vec<String> {
    let state: State = step.objects.iter().cloned().collect();
    let (text, settings) = (complete(&state, &step.backends), settings());
    let model = read(&text, &settings);
    let attachments = attach(&model, &settings);
    let status = status::predict(&model, &settings, &attachments);
    let of_routes =
        status.routes.iter().flat_map(|route| &route.parents).flat_map(|parent| &parent.conditions);
    let of_listeners = status.listeners.iter().flat_map(|listener| &listener.conditions);
    let all =
        of_routes.chain(of_listeners).chain(status.gateways.iter().flat_map(|gateway| &gateway.conditions));
    let is_bad = |condition: &&status::Condition| match condition.kind {
        "Accepted" | "ResolvedRefs" | "Programmed" => condition.status != status::Truth::True,
        "OverlappingTLSConfig" => false,
        _ => condition.status != status::Truth::False,
    };
    all.filter(is_bad).map(|condition| format!("{condition:?}")).collect()
}

/// Values before and after, and what `migration` says of those before.
struct Change {
    before: Value,
    after: Value,
    migration: Value,
}

impl Change {
    /// From one strategy to another.
    fn of_strategy(organizations: &Value, sharding: &Value, (from, to): (&str, &str)) -> Self {
        Self {
            before: values(organizations, sharding, from),
            after: values(organizations, sharding, to),
            migration: json!({"from": from}),
        }
    }

    /// The documents of the whole way, one organization cut over after the other.
    fn way(&self, order: &[usize]) -> Result<Vec<Step>, BTreeSet<&'static str>> {
        let organizations = self.after["organizations"].as_array().expect("a list");
        let mut waiting: Vec<Value> =
            organizations.iter().map(|organization| organization["name"].clone()).collect();
        let phase = |phase: &str, cut_over: &[Value]| {
            let mut values = self.after.clone();
            values["migration"] = self.migration.clone();
            values["migration"]["phase"] = phase.into();
            if !cut_over.is_empty() {
                values["migration"]["organizations"] = cut_over.into();
            }
            step(&values)
        };
        let mut way = vec![step(&self.before)?, phase("parallel", &[])?];
        let mut cut_over = Vec::new();
        for index in order {
            if !waiting.is_empty() {
                cut_over.push(waiting.remove(index % waiting.len()));
                way.push(phase("cutover", &cut_over)?);
            }
        }
        way.push(phase("cleanup", &[])?);
        way.push(step(&self.after)?);
        Ok(way)
    }

    /// Goes the way, and between any two documents of it.
    fn hold(&self, order: &[usize], (back, forth): (Index, Index)) -> Result<(), TestCaseError> {
        prop_assume!(step(&self.before).is_ok() && step(&self.after).is_ok());
        let way = match self.way(order) {
            Ok(way) => way,
            Err(codes) => {
                prop_assert!(
                    codes.iter().all(|code| REFUSALS.contains(code)),
                    "{codes:?}: {}",
                    self.migration
                );
                return Ok(());
            }
        };
        for steps in way.windows(2) {
            prop_assert_eq!(unserved(&steps[0], &steps[1]), Vec::<String>::new(), "{}", self.migration);
            let changes = between(&steps[0].summary, &steps[1].summary);
            prop_assert_eq!(changes.unserved, Vec::<&str>::new());
            prop_assert_eq!(changes.astray, Vec::new());
            prop_assert_eq!(unaccepted(&steps[1]), Vec::<String>::new(), "{}", self.migration);
        }
        let [.., cleanup, after] = way.as_slice() else { panic!("there are more") };
        prop_assert_eq!(&cleanup.objects, &after.objects);
        // Any other way: what is said of it is so.
        let (old, new) = (back.get(&way), forth.get(&way));
        prop_assert_eq!(
            unserved(old, new),
            between(&old.summary, &new.summary).unserved,
            "{}",
            self.migration
        );
        Ok(())
    }
}

/// The Gateways that organizations may share, by their strategy.
fn shared(strategy: &str, sharding: &Value) -> Vec<String> {
    let count = |key: &str, default| sharding[key].as_u64().unwrap_or(default);
    match strategy {
        "hash" => (0..count("gateways", 3)).map(|number| format!("eg-{number}")).collect(),
        "pool" => (1..=count("maxGateways", 3)).map(|number| format!("eg-{number:02}")).collect(),
        _ => {
            let more = (2..=count("maxGateways", 1)).map(|number| format!("eg-{number:02}"));
            std::iter::once("eg".to_owned()).chain(more).collect()
        }
    }
}

/// From one record to another: some go to other Gateways, and with strategy `hybrid` to one of their own or back from it.
fn of_record(
    organizations: &Value,
    sharding: &Value,
    strategy: &str,
    moves: &[Option<usize>],
) -> Option<Change> {
    let mut before = values(organizations, sharding, strategy);
    let placements = step(&before).ok()?.summary.placements;
    let names = shared(strategy, sharding);
    let mut after = before.clone();
    let (mut old, mut new) = (json!({}), json!({}));
    let mut recorded_before = json!({});
    for (placed, goes) in placements.iter().zip(moves.iter().copied().cycle()) {
        let name = placed.name.as_str();
        recorded_before[name] = placed.gateway.as_str().into();
        if !placed.by_request {
            old[name] = placed.gateway.as_str().into();
        }
        let list = after["organizations"].as_array_mut().expect("a list");
        let organization = list.iter_mut().find(|organization| organization["name"] == name);
        match (goes, organization) {
            (Some(0), Some(organization)) if strategy == "hybrid" => {
                organization["gateway"] = json!({"dedicated": !placed.by_request});
                if placed.by_request {
                    new[name] = names[0].as_str().into();
                }
            }
            _ if placed.by_request => {}
            (None, _) => new[name] = placed.gateway.as_str().into(),
            (Some(goes), _) => new[name] = names[goes % names.len()].as_str().into(),
        }
    }
    before["placements"] = json!({"gateways": old});
    after["placements"] = json!({"gateways": new});
    let migration = json!({"from": strategy, "placements": {"gateways": recorded_before}});
    Some(Change { before, after, migration })
}

fn strategies() -> impl Strategy<Value = (&'static str, &'static str)> {
    let words: Vec<&str> = Sharding::ALL.iter().map(|strategy| strategy.word()).collect();
    (select(words.clone()), select(words)).prop_filter("two strategies", |(from, to)| from != to)
}

/// A case here is a whole way, with a trace of every host name after every object.
fn few() -> ProptestConfig {
    let config = config();
    ProptestConfig { cases: config.cases.div_ceil(4), ..config }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn no_host_is_unserved_on_the_way(
        organizations in organizations::organizations(),
        sharding in organizations::settings_of_sharding(),
        strategies in strategies(),
        order in prop::collection::vec(0..12_usize, 4),
        (back, forth) in (any::<Index>(), any::<Index>()),
    ) {
        Change::of_strategy(&organizations, &sharding, strategies).hold(&order, (back, forth))?;
    }

    #[test]
    fn no_host_is_unserved_on_the_way_to_another_record(
        organizations in organizations::organizations(),
        sharding in organizations::settings_of_sharding(),
        strategy in select(vec!["hash", "hybrid", "pool"]),
        moves in prop::collection::vec(prop::option::of(0..4_usize), 6),
        order in prop::collection::vec(0..12_usize, 4),
        (back, forth) in (any::<Index>(), any::<Index>()),
    ) {
        let change = of_record(&organizations, &sharding, strategy, &moves);
        prop_assume!(change.is_some());
        change.map_or(Ok(()), |change| change.hold(&order, (back, forth)))?;
    }
}

/// Every pair of strategies either works for two plain organizations, or is one of those that cannot stand side by side.
#[test]
fn every_pair_of_strategies_is_gone_or_refused() {
    let organizations = json!([
        {"name": "a", "services": [{"name": "web", "port": 80}, {"name": "api", "port": 81}]},
        {"name": "b", "services": [{"name": "web", "port": 80}], "gateway": {"dedicated": true}},
    ]);
    let mut refused = Vec::new();
    for from in Sharding::ALL.map(Sharding::word) {
        for to in Sharding::ALL.map(Sharding::word).into_iter().filter(|to| *to != from) {
            match Change::of_strategy(&organizations, &json!({}), (from, to)).way(&[1, 0]) {
                Ok(way) => {
                    let gaps = way.windows(2).map(|steps| {
                        let changes = between(&steps[0].summary, &steps[1].summary);
                        // That DNS has to follow to another Gateway is no gap.
                        changes.findings().filter(|found| found.code.0 != "dns-by-hand").count()
                    });
                    assert_eq!(gaps.sum::<usize>(), 0, "{from} to {to}");
                }
                Err(codes) => {
                    assert_eq!(codes, BTreeSet::from(["migration-conflict"]), "{from} to {to}");
                    refused.push((from, to));
                }
            }
        }
    }
    assert_eq!(
        refused,
        [
            ("wildcardPerOrganization", "perService"),
            ("wildcardPerOrganization", "hybrid"),
            ("wildcardPerOrganization", "listenerSets"),
            ("hybrid", "perService"),
            ("hybrid", "wildcardPerOrganization"),
            ("listenerSets", "perService"),
            ("listenerSets", "wildcardPerOrganization"),
        ]
    );
}
