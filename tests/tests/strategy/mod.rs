//! Random values: mostly valid ones over all sections, mutated ones, and any tree at all.

#![allow(dead_code, reason = "each test file uses a part")]

pub mod organizations;

use gatewright_core::profile;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

/// Words that mean something somewhere in values, for trees that come close.
const WORDS: [&str; 64] = [
    "profile",
    "gatewayAPI",
    "version",
    "channel",
    "externalHostnames",
    "names",
    "route",
    "hostname",
    "labels",
    "annotations",
    "enabled",
    "services",
    "gateway",
    "routes",
    "externalServices",
    "name",
    "port",
    "protocol",
    "endpoints",
    "expansion",
    "hostHeader",
    "tls",
    "namespace",
    "gateways",
    "className",
    "listeners",
    "mode",
    "certificateRefs",
    "allowedRoutes",
    "namespaces",
    "from",
    "selector",
    "kind",
    "sectionName",
    "hostnames",
    "rules",
    "matches",
    "path",
    "type",
    "value",
    "headers",
    "filters",
    "backendRefs",
    "weight",
    "address",
    "timeouts",
    "retry",
    "referenceGrants",
    "dns",
    "ttl",
    "targets",
    "certificates",
    "issuerRef",
    "relay",
    "replicas",
    "networkPolicy",
    "urlRewrite",
    "requestMirror",
    "backendRef",
    "parentRefs",
    "host",
    "tlsHostname",
    "global",
    "x-any",
];

/// Texts with an effect somewhere.
const TEXTS: [&str; 24] = [
    "",
    "a",
    "A",
    "auto",
    "HTTP",
    "https",
    "TCP",
    "80",
    "-1",
    "1.6",
    "true",
    "null",
    "a.example.com",
    "*.example.com",
    "192.0.2.1",
    "2001:db8::1",
    "[::1]:80",
    "a.example.com:443",
    "/",
    "{{ service }}",
    "{% for",
    "bücher.example",
    "a\n---\nb: {{",
    "relay",
];

/// Any JSON tree, of words that mean something.
pub fn tree() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::Array),
            btree_map(key(), inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![8 => select(&WORDS[..]).prop_map(str::to_owned), 1 => ".{0,8}"]
}

fn scalar() -> impl Strategy<Value = Value> {
    const INTEGERS: [i64; 12] =
        [-1, 0, 1, 16, 80, 443, 65_535, 65_536, 1_000_000, 1_000_001, i64::MIN, i64::MAX];
    const FLOATS: [f64; 6] = [0.5, 80.0, -0.0, 1.6, 1e300, 5e-324];
    prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => select(&INTEGERS[..]).prop_map(Value::from),
        1 => Just(Value::from(u64::MAX)),
        1 => select(&FLOATS[..]).prop_map(Value::from),
        4 => select(&TEXTS[..]).prop_map(Value::from),
        1 => ".{0,12}".prop_map(Value::from),
    ]
}

/// Values with some of their parts replaced, removed or repeated.
pub fn mutated() -> impl Strategy<Value = Value> {
    let change = (
        any::<Index>(),
        prop_oneof![2 => scalar().prop_map(Some), 1 => tree().prop_map(Some), 1 => Just(None)],
    );
    (valid(), vec(change, 1..4)).prop_map(|(mut values, changes)| {
        for (place, with) in changes {
            let mut left = place.index(count(&values).max(1));
            change_at(&mut values, &mut left, with.as_ref());
        }
        values
    })
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

/// Replaces the part that `left` counts down to; `None` doubles a list's first item or makes a null.
fn change_at(value: &mut Value, left: &mut usize, with: Option<&Value>) -> bool {
    if *left == 0 {
        match (with, &mut *value) {
            (Some(with), value) => *value = with.clone(),
            (None, Value::Array(items)) => items.extend(items.first().cloned()),
            (None, value) => *value = Value::Null,
        }
        return true;
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| change_at(item, left, with)),
        Value::Object(map) => map.values_mut().any(|part| change_at(part, left, with)),
        _ => false,
    }
}

/// Values that are valid, or fail for a reason that lies between sections.
pub fn valid() -> impl Strategy<Value = Value> {
    (without_tenants(), organizations::tenants()).prop_map(|(mut values, tenants)| {
        if let Value::Object(map) = &mut values {
            map.extend(tenants);
        }
        values
    })
}

/// The same without organizations and tenant clusters.
pub fn without_tenants() -> impl Strategy<Value = Value> {
    let general = (
        option::of(select(&profile::WORDS[..])),
        option::of(select(&["1.4", "1.5", "1.6", "1.7"][..])),
        option::weighted(0.3, Just("experimental")),
        option::weighted(
            0.2,
            select(&["relay", "relay", "relay", "externalName", "backend", "xbackend"][..]),
        ),
        option::of(select(&["auto", "all", "none"][..])),
        option::weighted(0.3, enabled()),
    );
    let more = (
        option::weighted(0.3, labels()),
        option::weighted(0.3, labels()),
        option::weighted(0.3, dns()),
        option::weighted(0.3, Just(json!({"enabled": true, "issuerRef": {"name": "issuer"}}))),
        option::weighted(0.2, relay()),
    );
    let services = vec(service(), 1..6);
    (general, more, services, 0..3_usize, vec(gateway(), 3), option::of(vec(route(), 1..4)), any::<bool>())
        .prop_map(|(general, more, services, gateways, given, routes, keyed)| {
            let (profile, version, channel, external, grants, enabled) = general;
            let (labels, annotations, dns, certificates, relay) = more;
            let mut values = Map::new();
            let mut put = |key: &str, value: Option<Value>| {
                if let Some(value) = value {
                    values.insert(key.to_owned(), value);
                }
            };
            put("profile", profile.map(Value::from));
            // What is experimental in an old release is used here and there.
            let channel = channel
                .or(version.filter(|version| ["1.4", "1.5"].contains(version)).map(|_| "experimental"));
            if version.is_some() || channel.is_some() {
                put("gatewayAPI", Some(without_nulls(json!({"version": version, "channel": channel}))));
            }
            put("externalHostnames", external.map(Value::from));
            put("referenceGrants", grants.map(Value::from));
            put("enabled", enabled);
            put("labels", labels);
            put("annotations", annotations);
            put("dns", dns);
            put("certificates", certificates);
            put("relay", relay);
            put("externalServices", (!services.is_empty()).then(|| named("s", services, keyed)));
            // A derived route attaches to the only Gateway; others of these name none or the first.
            let gateways = if routes.is_some() { gateways } else { gateways.min(1) };
            let mut given = given.into_iter().take(gateways);
            put("gateway", given.next());
            put("gateways", given.next().map(|gateway| named("g", vec![gateway], keyed)));
            let routes = routes.map(|mut routes| {
                for route in routes.iter_mut().filter(|route| gateways > 0 && route.get("kind").is_none()) {
                    let odd = route["rules"].as_array().map_or(0, Vec::len) % 2 == 1;
                    route["gateway"] = json!(if gateways > 1 && odd { "g0" } else { "external-gateway" });
                }
                named("r", routes, keyed)
            });
            put("routes", routes);
            Value::Object(values)
        })
}

/// A list of things with names, or a map by name.
fn named(prefix: &str, things: Vec<Value>, keyed: bool) -> Value {
    let things = things.into_iter().enumerate().map(|(index, thing)| (format!("{prefix}{index}"), thing));
    if keyed {
        return Value::Object(things.collect());
    }
    let with_name = |(name, mut thing): (String, Value)| {
        thing["name"] = Value::from(name);
        thing
    };
    Value::Array(things.map(with_name).collect())
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key, without_nulls(value)))
                .collect(),
        ),
        other => other,
    }
}

fn enabled() -> impl Strategy<Value = Value> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(services, gateway, routes)| json!({"services": services, "gateway": gateway, "routes": routes}),
    )
}

fn labels() -> impl Strategy<Value = Value> {
    btree_map("[a-z]{1,5}", "[a-z]{0,5}", 0..3).prop_map(|map| json!(map))
}

fn dns() -> impl Strategy<Value = Value> {
    select(vec![
        json!({"enabled": true, "targets": ["198.51.100.1"]}),
        json!({"enabled": true, "ttl": 60, "targets": ["edge.example.com"]}),
    ])
}

fn relay() -> impl Strategy<Value = Value> {
    (0..4_i64, any::<bool>())
        .prop_map(|(replicas, policy)| json!({"replicas": replicas, "networkPolicy": policy}))
}

fn namespace() -> impl Strategy<Value = Option<&'static str>> {
    option::weighted(0.2, select(&["edge", "other", "third"][..]))
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0..6_u8).prop_map(|number| format!("h{number}.example.com")),
        4 => (1..9_u8).prop_map(|number| format!("192.0.2.{number}")),
        1 => (1..9_u8).prop_map(|number| format!("[2001:db8::{number}]")),
        1 => (0..4_u8).prop_map(|number| format!("node{number}")),
    ]
}

fn endpoint() -> impl Strategy<Value = Value> {
    let port = option::weighted(0.3, select(&[80_u16, 443, 8080][..]));
    (host(), port, option::weighted(0.3, 0..6_u32), option::weighted(0.2, Just("cert.example.com"))).prop_map(
        |(host, port, weight, name)| match (weight, name) {
            (None, None) => json!(port.map_or(host.clone(), |port| format!("{host}:{port}"))),
            _ => without_nulls(json!({"host": host, "port": port, "weight": weight, "tlsHostname": name})),
        },
    )
}

fn service() -> impl Strategy<Value = Value> {
    let tls = select(vec![
        json!({"hostname": "cert.example.com"}),
        json!({"hostname": "cert.example.com", "caCertificateRefs": [{"name": "ca"}]}),
        json!({"hostname": "cert.example.com", "subjectAltNames": ["alt.example.com"]}),
    ]);
    (
        select(&[80_u16, 443, 5432, 8080, 9090][..]),
        option::of(select(&["HTTP", "HTTPS", "HTTPS", "H2C", "GRPC", "GRPCS", "TLS", "TCP", "http", "Http"][..])),
        vec(endpoint(), 1..6),
        option::weighted(0.3, select(&["auto", "auto", "perEndpoint", "perEndpoint", "perEndpoint", "perEndpoint", "grouped"][..])),
        option::weighted(0.4, select(&["auto", "preserve", "endpoint", "virtual.example.com"][..])),
        option::weighted(0.97, tls),
        (namespace(), option::weighted(0.1, Just(false)), option::weighted(0.2, labels()), option::weighted(0.2, Just("Words"))),
    )
        .prop_map(|(port, protocol, endpoints, expansion, host_header, tls, (namespace, balance, labels, words))| {
            let encrypted = protocol.is_some_and(|word| ["HTTPS", "GRPCS"].contains(&word));
            let web = protocol.is_none_or(|word| !["TLS", "TCP", "UDP"].contains(&word));
            without_nulls(json!({
                "port": port, "protocol": protocol, "endpoints": endpoints, "expansion": expansion,
                "hostHeader": host_header.filter(|_| web), "tls": tls.filter(|_| encrypted), "namespace": namespace,
                "loadBalanceAcrossEndpoints": balance, "labels": labels, "description": words,
            }))
        })
}

fn gateway() -> impl Strategy<Value = Value> {
    let class = option::of(select(&["cilium", "eg", "istio", "nginx", "traefik", "kgateway", "own"][..]));
    let listeners = select(vec![
        Value::Null,
        json!([{"name": "http", "protocol": "HTTP", "port": 80}]),
        json!({"http": {"protocol": "HTTP", "port": 80}, "https": {"protocol": "HTTPS", "port": 443, "tls": {"certificateRefs": [{"name": "cert"}]}}}),
        json!([{"name": "https", "protocol": "HTTPS", "port": 443, "hostname": "*.example.com",
            "tls": {"certificateRefs": [{"name": "cert", "namespace": "certs"}]}, "allowedRoutes": {"namespaces": {"from": "All"}}}]),
        json!([{"name": "https", "protocol": "HTTPS", "port": 443, "hostname": "h.example.com"}, {"name": "tls", "protocol": "TLS", "port": 8443, "tls": {"mode": "Passthrough"}},
            {"name": "tcp", "protocol": "TCP", "port": 5432}, {"name": "udp", "protocol": "UDP", "port": 53}]),
    ]);
    (class, listeners, namespace(), option::weighted(0.2, labels())).prop_map(
        |(class, listeners, namespace, labels)| {
            without_nulls(
                json!({"className": class, "listeners": listeners, "namespace": namespace, "labels": labels}),
            )
        },
    )
}

/// A backend: an external service that is there perhaps, a Service, an endpoint in place.
pub fn backend() -> impl Strategy<Value = Value> {
    let weight = option::of(prop_oneof![0..100_u32, select(&[0_u32, 1, 997, 1_000_000][..])]);
    (0..8_usize, weight).prop_map(|(which, weight)| {
        without_nulls(match which {
            6 => json!({"name": "in-cluster", "port": 80, "weight": weight, "namespace": "other"}),
            7 => json!({"address": "place.example.com:8080", "weight": weight}),
            index => json!({"name": format!("s{index}"), "port": 80, "weight": weight}),
        })
    })
}

fn filter() -> impl Strategy<Value = Value> {
    select(vec![
        json!({"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [{"name": "X-A", "value": "1"}]}}),
        json!({"type": "URLRewrite", "urlRewrite": {"hostname": "own.example.com"}}),
        json!({"type": "URLRewrite", "urlRewrite": {"path": {"type": "ReplaceFullPath", "replaceFullPath": "/x"}}}),
        json!({"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "in-cluster", "port": 80}}}),
        json!({"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "far", "namespace": "other", "port": 80}}}),
        json!({"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "in-cluster", "port": 80}, "percent": 5}}),
    ])
}

fn route() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![
        8 => Just(None),
        1 => select(&["GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"][..]).prop_map(Some)
    ];
    let rule =
        (vec(matches(), 0..4), vec(filter(), 0..2), vec(backend(), 1..4), option::weighted(0.2, Just("10s")));
    (kind, namespace(), vec(hostname(), 1..20), vec(rule, 1..20)).prop_map(
        |(kind, namespace, mut hostnames, rules)| {
            hostnames.sort();
            hostnames.dedup();
            let http = kind.is_none();
            let l4 = kind.is_some_and(|kind| kind != "GRPCRoute");
            let rules: Vec<Value> = rules
                .into_iter()
                .take(if l4 { 1 } else { 20 })
                .map(|(matches, filters, backends, timeout)| {
                    let mut rule = json!({"backendRefs": backends});
                    if http {
                        rule["matches"] = json!(matches);
                        rule["filters"] = json!(filters);
                        rule["timeouts"] = json!(timeout.map(|timeout| json!({"request": timeout})));
                    }
                    without_nulls(rule)
                })
                .collect();
            let mut route = json!({"kind": kind, "namespace": namespace, "rules": rules});
            if !matches!(kind, Some("TCPRoute" | "UDPRoute")) {
                route["hostnames"] = json!(hostnames);
            }
            if !http {
                route["parentRefs"] = json!([{"name": "elsewhere"}]);
            }
            without_nulls(route)
        },
    )
}

/// A host name, wildcards among them.
pub fn hostname() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..24_u8).prop_map(|number| format!("h{number}.example.com")),
        select(&["*.example.com", "*.a.example.com", "x.a.example.com", "*.com", "example.com"][..])
            .prop_map(str::to_owned),
    ]
}

/// A match of an HTTPRoute over a small alphabet, so that many overlap.
pub fn matches() -> impl Strategy<Value = Value> {
    let path = option::of((
        select(&["PathPrefix", "Exact"][..]),
        select(&["/", "/a", "/a/", "/a/b", "/b", "/ab", "/a/b/c"][..]),
    ));
    let pairs = |names: &'static [&'static str]| btree_map(select(names), select(&["1", "2"][..]), 0..3);
    (path, option::weighted(0.3, select(&["GET", "POST"][..])), pairs(&["x-a", "x-b"]), pairs(&["p", "q"]))
        .prop_map(|(path, method, headers, params)| {
            let list = |pairs: std::collections::BTreeMap<&str, &str>| -> Value {
                if pairs.is_empty() {
                    return Value::Null;
                }
                pairs.into_iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
            };
            without_nulls(json!({
                "path": path.map(|(word, value)| json!({"type": word, "value": value})),
                "method": method, "headers": list(headers), "queryParams": list(params),
            }))
        })
}
