use serde_json::{Value, json};

use super::*;

fn called(message: &Value) -> Value {
    serde_json::from_str(&call(&message.to_string())).expect("an answer is JSON")
}

fn file(name: &str, text: &str) -> Value {
    json!({"name": name, "text": text})
}

const VALUES: &str = "externalServices:\n- {name: api, port: 443, endpoints: [api.example.com]}\n";
const ROUTE: &str = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web, namespace: a}\n\
                     spec: {hostnames: [web.example.com], parentRefs: [{name: eg}], rules: [{backendRefs: [{name: web, port: 80}]}]}\n";
const GATEWAY: &str = "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: eg, namespace: a}\n\
                       spec: {gatewayClassName: eg, listeners: [{name: http, port: 80, protocol: HTTP}]}\n";

#[test]
fn values_become_manifests_over_the_charts_own() {
    let files = [file("base.yaml", VALUES), file("over.yaml", "labels: {team: edge}\n")];
    for output in ["yaml", "json"] {
        let answer = called(&json!({"op": "render", "files": files, "output": output,
            "release": {"name": "web", "namespace": "edge"}}));
        let manifests = answer["ok"]["manifests"].as_str().expect("they are a text");
        assert!(manifests.contains("team") && manifests.contains("Service"), "{answer}");
        assert_eq!(manifests.starts_with("---\n"), output == "yaml");
        assert_eq!(answer["ok"]["report"]["summary"]["errors"], 0, "{answer}");
    }
}

#[test]
fn faults_of_values_are_findings_and_leave_nothing() {
    let files = [file("a.yaml", VALUES), file("b.yaml", "gatewayz: []\n")];
    let answer = called(&json!({"op": "render", "files": files}));
    assert_eq!(answer["ok"]["manifests"], "");
    let found = &answer["ok"]["report"]["results"][1];
    assert_eq!(found["source"]["file"], "b.yaml");
    assert_eq!(
        (&found["diagnostics"][0]["code"], &found["diagnostics"][0]["line"]),
        (&json!("unknown-key"), &json!(1))
    );
    let unparsed = called(&json!({"op": "plan", "files": [file("a.yaml", "a: [")], "picture": "svg"}));
    assert_eq!((&unparsed["ok"]["plan"], &unparsed["ok"]["picture"]), (&Value::Null, &Value::Null));
    assert_ne!(unparsed["ok"]["report"]["summary"]["errors"], 0);
}

#[test]
fn a_plan_comes_with_the_picture_that_is_asked_for() {
    for (word, start) in [("svg", "<svg"), ("dot", "digraph"), ("mermaid", "flowchart")] {
        let answer = called(&json!({"op": "plan", "files": [file("a.yaml", VALUES)], "picture": word}));
        assert!(answer["ok"]["picture"].as_str().is_some_and(|text| text.contains(start)), "{answer}");
        assert!(answer["ok"]["plan"]["objects"].is_array(), "{answer}");
    }
    let answer = called(&json!({"op": "render", "files": [], "picture": "svg"}));
    assert_eq!(answer["error"]["code"], "message-malformed");
}

#[test]
fn manifests_are_judged_beside_what_is_there() {
    let bad = ROUTE.replace("name: web, namespace: a", "name: web, namespace: a, labels: {a: [1]}");
    let answer = called(&json!({"op": "check", "files": [file("route.yaml", &bad)], "status": true,
        "context": [file("gateway.yaml", GATEWAY)], "against": [file("old.yaml", ROUTE)],
        "cluster": {"gatewayAPI": "1.6", "channel": "standard", "profile": "envoy-gateway", "complete": true}}));
    assert_eq!(answer["ok"]["results"][0]["allowed"], false, "{answer}");
    assert_eq!(answer["ok"]["results"][0]["source"]["file"], "route.yaml");
    assert!(answer["ok"]["status"]["routes"].is_array(), "{answer}");
    for (key, word) in [("gatewayAPI", "9"), ("channel", "alpha"), ("profile", "none-such")] {
        let answer = called(&json!({"op": "check", "files": [], "cluster": {key: word}}));
        assert_eq!(answer["error"]["code"], "message-malformed", "{answer}");
        assert!(answer["error"]["hint"].as_str().is_some_and(|hint| hint.starts_with("there are ")));
    }
}

#[test]
fn a_request_is_traced_with_the_port_of_its_host() {
    let files = [file("all.yaml", &format!("{ROUTE}{GATEWAY}"))];
    let request = json!({"host": "web.example.com:80", "path": "/a?b=c", "method": "GET",
        "headers": ["x-a:1"], "query": ["d=e"], "gateway": "a/eg"});
    let answer = called(&json!({"op": "trace", "files": files, "request": request}));
    let route = &answer["ok"]["trace"]["answer"]["route"];
    assert_eq!((&route["name"], &route["namespace"]), (&json!("web"), &json!("a")), "{answer}");
    let answer = called(&json!({"op": "trace", "files": files, "request": {"path": "a"}}));
    assert_eq!(answer["error"]["code"], "message-malformed");
    let answer =
        called(&json!({"op": "trace", "files": files, "request": {"host": "a.b", "gateway": "a/none"}}));
    assert_eq!(answer["ok"]["report"]["summary"]["errors"], 1, "{answer}");
}

#[test]
fn a_review_is_a_recording_with_an_operation() {
    let review = json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": "1", "operation": "CREATE", "namespace": "a", "userInfo": {"username": "u"},
        "kind": {"group": "gateway.networking.k8s.io", "version": "v1", "kind": "HTTPRoute"},
        "resource": {"group": "gateway.networking.k8s.io", "version": "v1", "resource": "httproutes"},
        "object": {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
            "metadata": {"name": "web", "namespace": "a"}, "spec": {"hostnames": ["web.example.com"], "parentRefs": [{"name": "eg"}]}}}});
    let message = json!({"op": "review", "context": [], "settings": {}, "review": review, "trace": true});
    let answer = called(&message);
    assert_eq!(answer["ok"]["review"]["response"]["allowed"], false, "{answer}");
    assert_eq!(answer["ok"]["trace"]["findings"][0]["code"], "hostname-not-granted", "{answer}");
    let native =
        crate::admission::replay(&message.to_string(), false).expect("it is one").response.to_review();
    assert_eq!(answer["ok"]["review"], serde_json::from_str::<Value>(&native).expect("it is JSON"));
    assert_eq!(answer["ok"]["noticed"][0]["code"], "no-grants-or-claims", "{answer}");
    let grant = json!({"apiVersion": "gatewright.dev/v1alpha1", "kind": "HostnameGrant", "metadata": {"name": "a"},
        "spec": {"namespaces": ["a"], "hostnames": ["web.example.com"], "gateway": []}});
    let list = json!({"apiVersion": "v1", "kind": "List", "items": [grant]});
    let asked = |context: Value| {
        let mut message = message.clone();
        message["context"] = context;
        called(&message)
    };
    let complete = ["HostnameGrant", "DomainClaim", "Gateway", "ListenerSet", "XListenerSet"];
    for (context, path) in [
        (json!([grant, null]), "context[0].spec.gateway"),
        (json!([list]), "context[0].spec.gateway"),
        (json!({"objects": [grant], "complete": complete}), "context.objects[0].spec.gateway"),
    ] {
        let answer = asked(context);
        assert_eq!(answer["ok"]["review"]["response"]["allowed"], true, "{answer}");
        let noticed = &answer["ok"]["noticed"][0];
        assert_eq!((&noticed["code"], &noticed["path"]), (&json!("context-unknown-field"), &json!(path)));
    }
    let mut idle = grant.clone();
    idle["spec"] = json!({"namespaces": ["a"], "hostnames": ["Web.example.com"]});
    assert_eq!(asked(json!([idle]))["ok"]["noticed"][0]["code"], "hostname-not-canonical");
    let twice = asked(json!([grant, grant]));
    assert_eq!(twice["ok"]["noticed"][2]["code"], "repeated-object", "{twice}");
    for (context, code) in [
        (json!([{"name": "g.yaml", "text": "", "objects": [grant]}]), "context-not-manifests"),
        (json!([message["review"]]), "context-not-manifests"),
        (json!({"objects": [], "completed": []}), "message-malformed"),
        (json!({"items": []}), "message-malformed"),
        (json!("[]"), "message-malformed"),
    ] {
        let answer = asked(context);
        assert_eq!(answer["error"]["code"], code, "{answer}");
    }
    let review = &message["review"];
    for faulty in [
        json!({"op": "review"}),
        json!({"op": "review", "review": review.to_string()}),
        json!({"op": "review", "review": review, "settings": {"context": []}}),
        json!({"op": "review", "review": review, "settings": {"owners": "require"}}),
    ] {
        let answer = called(&faulty);
        assert_eq!(answer["error"]["code"], "message-malformed", "{faulty}: {answer}");
    }
}

/// Without a context nobody asks who may use what; an empty one is one.
#[test]
fn an_empty_context_has_no_grants() {
    let files = [file("route.yaml", ROUTE)];
    let answer =
        called(&json!({"op": "check", "files": files, "context": [], "ownership": {"claims": "require"}}));
    assert!(answer.to_string().contains("no-grants-or-claims"), "{answer}");
    let answer = called(&json!({"op": "check", "files": files}));
    assert!(!answer.to_string().contains("no-grants-or-claims"), "{answer}");
    let answer = called(&json!({"op": "check", "files": files, "ownership": {}}));
    assert_eq!(answer["error"]["code"], "message-malformed");
}

#[test]
fn codes_are_explained_and_the_version_says_what_there_is() {
    let answer = called(&json!({"op": "explain", "code": "hostname-not-granted"}));
    assert!(answer["ok"]["pages"][0]["why"].is_string(), "{answer}");
    let answer = called(&json!({"op": "explain", "code": "unknown-key"}));
    assert_eq!(answer["ok"]["pages"][0]["code"], "unknown-key");
    assert_eq!(called(&json!({"op": "explain", "code": "no-such"}))["error"]["code"], "unknown-code");
    let all = called(&json!({"op": "explain"}));
    assert_eq!(all["ok"]["pages"].as_array().map(Vec::len), Some(crate::manual::codes().count()));
    let version = called(&json!({"op": "version"}));
    assert_eq!(version["ok"]["operations"].as_array().map(Vec::len), Some(OPERATIONS.len()));
    assert!(OPERATIONS.iter().all(|name| operation(name).is_some()));
}

#[test]
fn what_is_no_message_is_an_error() {
    for text in [
        "",
        "null",
        "[]",
        "{",
        "{}",
        "\"render\"",
        "{\"op\":1}",
        "{\"op\":\"render\"}",
        "{\"op\":\"check\",\"files\":[{}]}",
        "[\"version\"]",
        "{\"op\":\"version\",\"of\":1}",
        "\u{feff}{\"op\":\"version\"}",
    ] {
        let answer: Value = serde_json::from_str(&call(text)).expect("an answer is JSON");
        assert_eq!(answer["error"]["code"], "message-malformed", "{text}: {answer}");
    }
    let answer = called(&json!({"op": "rendr"}));
    assert_eq!(
        (&answer["error"]["code"], &answer["error"]["hint"]),
        (&json!("unknown-operation"), &json!("did you mean `render`?"))
    );
    let answer = called(&json!({"op": "render", "files": [], "colour": "red"}));
    assert!(answer["error"]["message"].as_str().is_some_and(|text| text.contains("colour")));
    // Messages are one line that nobody sees: what stands before a fault is told.
    let answer = called(
        &json!({"op": "trace", "files": [file("ä.yaml", &"é".repeat(100))], "request": {"port": "80"}}),
    );
    let told = answer["error"]["message"].as_str().expect("a text");
    assert!(told.contains("expected u16") && told.ends_with(r#""port":"80"`"#), "{told}");
    for (field, value, place) in
        [("host", json!(""), "request.host: "), ("headers", json!(["a:1", "b"]), "request.headers[1]: ")]
    {
        let answer = called(&json!({"op": "trace", "files": [], "request": {field: value}}));
        assert!(answer["error"]["message"].as_str().is_some_and(|text| text.starts_with(place)), "{answer}");
    }
}
