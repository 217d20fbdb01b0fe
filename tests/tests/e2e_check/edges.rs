//! What no mutation comes to: metadata, which has no schema, addresses, nulls, large numbers and statuses.

use anyhow::{Result, ensure};
use gatewright_core::check::api;
use gatewright_core::release::{Channel, Release, Target};
use gatewright_tests::peers::ApiServer;
use serde_json::{Value, json};

use super::{Asked, show};

#[test]
fn says_of_edges_what_the_api_server_says() -> Result<()> {
    let target = Target { release: Release::V1_7, channel: Channel::Standard };
    let server = ApiServer::start(&[])?;
    let proxy = server.proxy()?;
    server.replace_crds(&format!("gateway-api-{}/standard", api::patch(target.release)))?;
    let mut asked = Asked::new(target, &proxy)?;
    let objects = [metadata(), addresses(), specs(), terminations(), statuses()].concat();
    for object in &objects {
        asked.create(object)?;
    }
    ensure!(asked.count == objects.len(), "some object is of no kind that is served");
    ensure!(asked.accepted * 4 > asked.count && asked.accepted * 4 < asked.count * 3, "one verdict is rare");
    show(&asked.disagreements)
}

fn route(fields: &Value) -> Value {
    let mut route = json!({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "edge"},
        "spec": {"rules": [{"backendRefs": [{"name": "shop", "port": 80}]}]},
    });
    for (key, value) in fields.as_object().into_iter().flatten() {
        match (&mut route[key], value) {
            (Value::Object(map), Value::Object(more)) => map.extend(more.clone()),
            (place, value) => *place = value.clone(),
        }
    }
    route
}

fn metadata() -> Vec<Value> {
    let owner = |fields: &Value| {
        let mut owner = json!({"apiVersion": "v1", "kind": "Service", "name": "shop", "uid": "u"});
        if let (Some(owner), Some(fields)) = (owner.as_object_mut(), fields.as_object()) {
            owner.extend(fields.clone());
        }
        owner
    };
    let one_owner = |fields: &Value| json!({"ownerReferences": [owner(fields)]});
    let controller = owner(&json!({"controller": true}));
    let mut all = vec![
        json!({"finalizers": ["orphan", "orphan", "example.com/a", "kubernetes"]}),
        json!({"finalizers": ["orphan", "foregroundDeletion"]}),
        json!({"finalizers": [""]}),
        json!({"finalizers": [null]}),
        json!({"finalizers": ["a/b/c"]}),
        json!({"finalizers": [5]}),
        json!({"ownerReferences": [null]}),
        json!({"ownerReferences": [5]}),
        json!({"ownerReferences": [owner(&json!({})), owner(&json!({}))]}),
        json!({"ownerReferences": [controller, controller]}),
        one_owner(&json!({"name": "A/"})),
        one_owner(&json!({"uid": null})),
        one_owner(&json!({"uid": 5})),
        one_owner(&json!({"kind": "Event"})),
        one_owner(&json!({"kind": "Event", "apiVersion": "/v1"})),
        one_owner(&json!({"kind": "Event", "apiVersion": "events.k8s.io/v1"})),
        json!({"annotations": null, "labels": {"a": null}, "generateName": null, "creationTimestamp": null}),
        json!({"name": null}),
        json!({"resourceVersion": "abc", "generation": -1, "selfLink": "a", "uid": "u"}),
        json!({"managedFields": [null, {"manager": "a"}]}),
        json!({"deletionTimestamp": "2024-01-01T00:00:00Z", "deletionGracePeriodSeconds": -1}),
        json!({"deletionGracePeriodSeconds": 9_223_372_036_854_775_808_u64}),
    ];
    let versions = ["", "/", "//", "a//", "v1/", "/v1", "a/v1", "a/b/v1"];
    all.extend(versions.iter().map(|version| one_owner(&json!({"apiVersion": version}))));
    let keys = ["A.B/a", "\u{130}/a", "\u{130}", "a/\u{212a}", "\u{c9}/a"];
    all.extend(
        keys.iter().flat_map(|key| [json!({"annotations": {*key: "b"}}), json!({"labels": {*key: "b"}})]),
    );
    let times = [
        "",
        "2024-02-29T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2024-02-31T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2024-02-01T00:00:00,5Z",
        "2024-02-01T00:00:00.Z",
        "2024-02-01T0:00:00Z",
        "2024-02-01T0:0:00Z",
        "2024-02-01T24:00:00Z",
        "2024-02-01T00:00:60Z",
        "2024-02-01t00:00:00Z",
        "2024-02-01T00:00:00z",
        "2024-02-01T00:00:00+99:99",
        "2024-02-01T00:00:00+24:60",
        "2024-02-01T00:00:00+24:61",
        "2024-02-01T00:00:00-25:00",
        "2024-02-01T00:00:00+0000",
    ];
    all.extend(times.iter().map(|time| json!({"creationTimestamp": time})));
    all.iter().map(|metadata| route(&json!({"metadata": metadata}))).collect()
}

fn addresses() -> Vec<Value> {
    let addresses = [
        "1.2.3.04",
        "001.2.3.4",
        "00000000001.2.3.4",
        "1.2.3.0256",
        "1.2.3.",
        "+1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.4/8",
        "1.2.3.4::",
        "00001::",
        "00001::1.2.3.4",
        "::ffff:1.2.3.4",
        "::ffff:01.2.3.4",
        "::1.2.3.4:5",
        "1:2:3:4:5::1.2.3.4",
        "1:2:3:4:5:6::1.2.3.4",
        "1:2:3:4:5:6:7::",
        "1:2:3:4:5:6:7:8::",
        "1::1%eth0",
    ];
    let gateway = |address: &&str| {
        json!({
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "edge"},
            "spec": {
                "gatewayClassName": "a", "addresses": [{"type": "IPAddress", "value": address}],
                "listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}],
            },
        })
    };
    addresses.iter().map(gateway).collect()
}

fn specs() -> Vec<Value> {
    let rule = |rule: Value| json!({"rules": [rule]});
    let attempts = |attempts: Value| rule(json!({"retry": {"attempts": attempts}}));
    let specs = [
        json!(null),
        json!({"hostnames": null, "parentRefs": null, "rules": null}),
        json!({"hostnames": [null]}),
        json!({"rules": [null]}),
        rule(json!({"name": null, "timeouts": null, "filters": null, "backendRefs": null})),
        rule(json!({"filters": [null]})),
        rule(json!({"matches": [{"path": {"type": null, "value": null}, "method": null}]})),
        rule(json!({"backendRefs": [{"name": "shop", "port": 80, "weight": null, "group": null}]})),
        rule(json!({"backendRefs": [{"name": "shop", "port": null}]})),
        rule(json!({"backendRefs": [{"name": null, "port": 80}]})),
        attempts(json!(2.0)),
        attempts(json!(2.5)),
        attempts(json!(i64::MAX)),
        attempts(json!(9_223_372_036_854_775_808_u64)),
        attempts(json!(1e19)),
        attempts(json!(1e30)),
        // Rules that end in an error.
        rule(json!({"timeouts": {"request": "10", "backendRequest": "5s"}})),
        rule(json!({"timeouts": {"request": "10s", "backendRequest": "5"}})),
        rule(json!({"timeouts": {"request": "10", "backendRequest": "5"}})),
        rule(json!({"timeouts": {"request": "0s", "backendRequest": "5"}})),
        rule(json!({"timeouts": {"request": "1s", "backendRequest": "5"}})),
    ];
    specs.iter().map(|spec| route(&json!({"spec": spec}))).collect()
}

/// Of these a rule ends in an error where it asks for a field that is not there.
fn terminations() -> Vec<Value> {
    let settings = [
        json!({}),
        json!({"mode": "Terminate"}),
        json!({"certificateRefs": []}),
        json!({"options": {}}),
        json!({"certificateRefs": [], "options": {}}),
        json!({"certificateRefs": [{"name": "shop"}]}),
    ];
    let gateway = |tls: &Value| {
        json!({
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "edge"},
            "spec": {
                "gatewayClassName": "example",
                "listeners": [{"name": "https", "port": 443, "protocol": "HTTPS", "tls": tls}],
            },
        })
    };
    settings.iter().map(gateway).collect()
}

fn statuses() -> Vec<Value> {
    let statuses = [
        json!(null),
        json!(5),
        json!([5]),
        json!({"parents": 5}),
        json!({"parents": [5]}),
        json!({"parents": [{"x": 1}]}),
        json!({"x": 1}),
    ];
    statuses.iter().map(|status| route(&json!({"status": status}))).collect()
}
