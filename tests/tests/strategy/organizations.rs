//! Random tenants: organizations with a strategy, and clusters.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::without_nulls;

const STRATEGIES: [&str; 7] =
    ["perService", "wildcardPerOrganization", "dedicated", "hash", "hybrid", "pool", "listenerSets"];

/// Keys of values for tenants; mostly none, as most values have no tenants.
pub fn tenants() -> impl Strategy<Value = Map<String, Value>> {
    let tenants = (
        vec(organization(), 0..6),
        option::of(sharding()),
        option::weighted(0.2, vec(cluster(), 1..3)),
        option::weighted(0.97, Just("tenants.example")),
    );
    option::weighted(0.3, tenants).prop_map(|tenants| {
        let Some((organizations, sharding, clusters, domain)) = tenants else { return Map::new() };
        let mut values = Map::new();
        let organizations: Vec<Value> = organizations.into_iter().enumerate().map(named).collect();
        let clusters: Vec<Value> = clusters.into_iter().flatten().enumerate().map(cluster_of).collect();
        let lists = [("organizations", organizations), ("tenantClusters", clusters)];
        for (key, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            values.insert(key.to_owned(), list.into());
        }
        let single = [("sharding", sharding), ("baseDomain", domain.map(Value::from))];
        values.extend(single.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
        values
    })
}

/// One to four organizations by name.
pub fn organizations() -> impl Strategy<Value = Value> {
    vec(organization(), 1..5).prop_map(|list| list.into_iter().enumerate().map(named).collect())
}

fn named((index, mut organization): (usize, Value)) -> Value {
    organization["name"] = format!("org-{index}").into();
    organization
}

fn sharding() -> impl Strategy<Value = Value> {
    (select(&STRATEGIES[..]), settings_of_sharding()).prop_map(|(strategy, mut sharding)| {
        sharding["strategy"] = strategy.into();
        sharding
    })
}

/// Keys of `sharding` beside the strategy.
pub fn settings_of_sharding() -> impl Strategy<Value = Value> {
    let limits = option::weighted(0.1, (4..9_u32).prop_map(|listeners| json!({"listeners": listeners})));
    let sets = option::weighted(0.3, select(&["auto", "always", "never"][..]));
    (1..4_u32, 1..4_u32, sets, limits).prop_map(|(gateways, most, sets, limits)| {
        without_nulls(json!({
            "gateways": gateways,
            "maxGateways": most,
            "listenerSets": sets,
            "limits": limits,
        }))
    })
}

fn organization() -> impl Strategy<Value = Value> {
    let service = (select(&["web", "api", "a", "b-c"][..]), 1..9_u16);
    let namespaces = option::weighted(0.3, Just(json!(["team-a", "team-b"])));
    let hostnames = option::weighted(0.1, select(&["*.own.example", "web.own.example", "*.a.b.example"][..]));
    let extra = option::weighted(0.1, select(&["web.extra.example", "*.extra.example"][..]));
    let rest = (option::weighted(0.2, Just(true)), option::weighted(0.1, 2..6_u32));
    (vec(service, 1..4), namespaces, hostnames, extra, rest).prop_map(
        |(services, namespaces, hostnames, extra, (dedicated, quota))| {
            let services: Map<String, Value> = services
                .into_iter()
                .map(|(name, port)| (name.to_owned(), json!({"port": u32::from(port) + 79})))
                .collect();
            without_nulls(json!({
                "services": services,
                "namespaces": namespaces,
                "hostnames": hostnames.map(|name| [name]),
                "extraHostnames": extra.map(|name| [name]),
                "gateway": dedicated.map(|dedicated| json!({"dedicated": dedicated})),
                "quota": quota.map(|listeners| json!({"listeners": listeners})),
            }))
        },
    )
}

fn cluster() -> impl Strategy<Value = (Option<&'static str>, usize)> {
    (option::of(select(&["team-a", "team-b"][..])), 1..3_usize)
}

fn cluster_of((index, (namespace, addresses)): (usize, (Option<&str>, usize))) -> Value {
    let addresses: Vec<String> =
        (0..addresses).map(|address| format!("198.51.100.{}", 10 * (index + 1) + address)).collect();
    without_nulls(json!({"name": format!("cluster-{index}"), "namespace": namespace, "addresses": addresses}))
}
