use super::*;
use crate::admission;
use crate::check::each_object;
use crate::diagnostic::Code;
use crate::tree::json;
use crate::tree::yaml::{self, Limits};

/// Every object of a YAML text, as JSON.
fn objects(text: &str) -> Vec<String> {
    let mut objects = Vec::new();
    let mut found = Vec::new();
    yaml::each(text, 0, &Limits::DEFAULT, &mut found, |node, _| {
        each_object(node, &mut |object| objects.extend(serde_json::to_string(&object)));
    });
    assert_eq!(found, [], "{text}");
    objects
}

fn codes(decision: &Decision) -> Vec<Code> {
    decision.findings.iter().map(|finding| finding.fault.code).collect()
}

/// What is said of the last object of an example, written after the others: as an update where one of them is the same
/// object. An example that holds a review is a recording.
fn judged(text: &str, settings: &Settings) -> Vec<Code> {
    let mut texts = objects(text);
    let last = texts.pop().expect("an example has an object");
    let node = json::read(&last).expect("written as JSON");
    if node.get("review").is_some() {
        return codes(&admission::replay(&last, false).expect("a recording").decision);
    }
    let object = Object::read(&last).expect("written as JSON");
    let before: Vec<Object<'_>> =
        texts.iter().map(|text| Object::read(text).expect("written as JSON")).collect();
    let old = before.iter().find(|old| old.kind == object.kind && old.name == object.name);
    let change = old.map_or(Change::Create(&object), |old| Change::Update(&object, old));
    let context =
        Context::new(texts.iter().map(String::as_str), None, PublicSuffixes::BuiltIn).expect("JSON");
    let asking = Asking { namespace: &object.namespace, ..Asking::default() };
    let kind = object.kind.expect("a kind that is judged");
    codes(&decide(kind, change, &asking, &context, settings).0)
}

#[test]
fn the_bad_example_of_a_rule_shows_its_fault_and_no_other() {
    for rule in rule::RULES {
        let mut settings = Settings::default();
        if rule.code.0 == "hostname-not-claimed" {
            settings.claims = Claims::Require;
        }
        assert_eq!(judged(rule.bad, &settings), [rule.code], "{}", rule.bad);
        assert_eq!(judged(rule.good, &settings), [], "{}: its good example", rule.code);
    }
}

#[test]
fn rules_are_in_house_style_and_by_code() {
    assert!(rule::RULES.is_sorted_by_key(|rule| rule.code));
    for rule in rule::RULES {
        assert!(!rule.what.is_empty() && !rule.what.ends_with('.'), "{}", rule.code);
        assert!(rule.why.ends_with('.'), "{}", rule.code);
    }
}

#[test]
fn inferred_grants_admit_what_is_there() {
    let text = r#"
{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: public, namespace: edge}, spec: {listeners: [
  {name: a, protocol: HTTP, port: 80, hostname: "*.example.com", allowedRoutes: {namespaces: {from: All}}}, {name: b, protocol: HTTP, port: 81}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a, namespace: shop}, spec: {
  hostnames: [a.example.com, b.example.com], parentRefs: [{name: public, namespace: edge}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: b, namespace: shop}, spec: {parentRefs: [{name: public, namespace: edge}]}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a, namespace: shop}, spec: {rules: [{host: i.example.com}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: c, namespace: shop}, spec: {parentRefs: [{name: none}]}}
"#;
    let mut texts = objects(text);
    let given = texts.clone();
    let context =
        Context::new(given.iter().map(String::as_str), None, PublicSuffixes::BuiltIn).expect("JSON");
    let (grants, said) = infer(&context, &Settings::default());
    let grants: Vec<String> =
        grants.iter().map(|grant| serde_json::to_string(grant).expect("JSON")).collect();
    assert_eq!(
        grants,
        [
            r#"{"apiVersion":"gatewright.dev/v1alpha1","kind":"HostnameGrant","metadata":{"name":"edge.gateway"},"spec":{"hostnames":["*"],"kinds":["Gateway"],"namespaces":["edge"]}}"#,
            r#"{"apiVersion":"gatewright.dev/v1alpha1","kind":"HostnameGrant","metadata":{"name":"shop"},"spec":{"hostnames":["*.example.com"],"namespaces":["shop"]}}"#,
            r#"{"apiVersion":"gatewright.dev/v1alpha1","kind":"HostnameGrant","metadata":{"name":"shop.ingress"},"spec":{"hostnames":["i.example.com"],"kinds":["Ingress"],"namespaces":["shop"]}}"#,
        ]
    );
    let said: Vec<&str> = said.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(
        said,
        [
            "HTTPRoute `shop/c` is denied all the same: without `hostnames` it serves the hosts of Gateway `shop/none`, which does not exist"
        ]
    );
    texts.extend(grants);
    let context =
        Context::new(texts.iter().map(String::as_str), None, PublicSuffixes::BuiltIn).expect("JSON");
    for text in &given[..4] {
        let object = Object::read(text).expect("JSON");
        let asking = Asking { namespace: &object.namespace, ..Asking::default() };
        let kind = object.kind.expect("a kind that is judged");
        let (decision, _) = decide(kind, Change::Create(&object), &asking, &context, &Settings::default());
        assert_eq!(codes(&decision), [], "{text}");
    }
}

#[test]
fn a_kind_that_is_not_complete_answers_nothing() {
    let route = r#"{"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"a","namespace":"shop"},
        "spec":{"parentRefs":[{"name":"public"}]}}"#;
    let grant = r#"{"apiVersion":"gatewright.dev/v1alpha1","kind":"HostnameGrant","metadata":{"name":"a"},
        "spec":{"namespaces":["shop"],"hostnames":["*"]}}"#;
    let gateway = r#"{"apiVersion":"gateway.networking.k8s.io/v1","kind":"Gateway","metadata":{"name":"public","namespace":"shop"},
        "spec":{"listeners":[{"name":"a","protocol":"HTTP","port":80}]}}"#;
    for (complete, objects, code) in [
        (vec!["HostnameGrant", "DomainClaim", "Gateway"], vec![grant, gateway], None),
        (vec!["HostnameGrant", "DomainClaim"], vec![grant, gateway], None),
        (vec!["HostnameGrant", "DomainClaim"], vec![grant], Some("context-incomplete")),
        (vec!["HostnameGrant", "DomainClaim", "Gateway"], vec![grant], Some("parent-unknown")),
        (vec!["DomainClaim", "Gateway"], vec![grant, gateway], Some("context-incomplete")),
        (vec!["HostnameGrant", "Gateway"], vec![grant, gateway], Some("context-incomplete")),
    ] {
        let text = format!(r#"{{"complete":{complete:?},"objects":[{}]}}"#, objects.join(","));
        let context = Context::read(&text).expect("a context");
        let object = Object::read(route).expect("JSON");
        let asking = Asking { namespace: "shop", ..Asking::default() };
        let kind = Kind::Route("HTTPRoute");
        let (decision, _) = decide(kind, Change::Create(&object), &asking, &context, &Settings::default());
        let found = codes(&decision).first().map(|code| code.0);
        assert_eq!(found, code, "{text}");
    }
}

/// What is permitted on some Gateways only is no flat no: the flag to ask with is said.
#[test]
fn without_a_gateway_the_flag_for_one_is_told() {
    let grant = r#"[{"apiVersion":"gatewright.dev/v1alpha1","kind":"HostnameGrant","metadata":{"name":"shop"},
        "spec":{"namespaces":["shop"],"hostnames":["*.example.com"],"kinds":["HTTPRoute","Gateway"],
            "gateways":[{"namespace":"edge","name":"public"},{"namespace":"shop","name":"own"}]}}]"#;
    let context = Context::read(grant).expect("a context");
    for (host, kind, gateway, flag) in [
        ("a.example.com", "HTTPRoute", None, Some("`--gateway edge/public`")),
        ("a.example.com", "HTTPRoute", Some(("edge", "other")), None),
        // A Gateway is asked about in its own namespace.
        ("a.example.com", "Gateway", None, Some("`--gateway shop/own`")),
        ("a.example.org", "HTTPRoute", None, None),
        ("a.example.com", "GRPCRoute", None, None),
        ("a.example.com", "Ingress", None, None),
    ] {
        let kind = Kind::askable(kind).expect("a kind that can be asked about");
        let question = Question { host, kind, namespace: "shop", gateway };
        let decision = can_i(&question, &context, &Settings::default());
        let hint = decision.denials().next().map(|fault| fault.hint.as_str()).unwrap_or_default();
        let told = hint.find("`--gateway").and_then(|at| hint.get(at..));
        assert_eq!(told, flag, "{question:?}: {hint}");
    }
}

#[test]
fn a_context_with_something_else_than_lists_of_texts_is_refused() {
    for (text, key) in [
        (r#"{"objects":[],"publicSuffixes":"com"}"#, "publicSuffixes"),
        (r#"{"objects":[],"publicSuffixes":["com",3]}"#, "publicSuffixes"),
        (r#"{"objects":[],"complete":{"HostnameGrant":true}}"#, "complete"),
    ] {
        let fault = Context::read(text).map(drop);
        assert_eq!(fault, Err(format!("`{key}` is no list of texts")), "{text}");
    }
    assert!(Context::read(r#"{"objects":[],"complete":null,"publicSuffixes":[]}"#).is_ok());
}

/// Of more faults than are kept it is told how many there are.
#[test]
fn what_is_not_listed_is_counted() {
    let hosts: Vec<String> = (0..300).map(|number| format!("h{number}.example.com")).collect();
    let route = serde_json::json!({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "TLSRoute", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"parentRefs": [{"group": "example.com", "kind": "Mesh", "name": "mesh"}], "hostnames": hosts},
    })
    .to_string();
    let object = Object::read(&route).expect("JSON");
    let context = Context::new([], None, PublicSuffixes::BuiltIn).expect("no objects");
    let asking = Asking { namespace: "shop", ..Asking::default() };
    let kind = object.kind.expect("a kind that is judged");
    let (decision, _) = decide(kind, Change::Create(&object), &asking, &context, &Settings::default());
    assert_eq!((decision.findings.len(), decision.unlisted()), (256, 44));
    let last = decision.diagnostics().pop().expect("diagnostics");
    assert_eq!(last.message, "44 more of this object are not listed");
}
