//! The policy module under wasmtime: for every vector the verdict of the native core, byte for byte.

use anyhow::{Context as _, Result};
use gatewright_core::admission;
use gatewright_core::ownership::{Context as Known, PublicSuffixes, Settings};
use gatewright_tests::policy::Policy;
use gatewright_tests::vectors::{self, Vector};
use serde_json::{Map, Value, json};

fn policy() -> Result<Policy> {
    let folder =
        std::env::var_os("GATEWRIGHT_WASM").context("GATEWRIGHT_WASM is not set: run `cargo xtask e2e`")?;
    Policy::load(&std::path::Path::new(&folder).join("policy.wasm"))
}

/// A cluster that answers nothing.
fn nothing(_: &str, _: &str) -> Result<String, String> {
    Err("no cluster".to_owned())
}

/// A vector in its parts.
fn parts(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).expect("a vector")
}

/// What Kubewarden's host sends: the request, and the settings with the context.
fn payload(parts: &Map<String, Value>, context: Option<Value>) -> Option<Value> {
    let request = parts["review"].get("request").filter(|request| request.is_object())?;
    let mut settings = parts["settings"].clone();
    if let (Some(settings), Some(context)) = (settings.as_object_mut(), context) {
        settings.insert("context".to_owned(), context);
    }
    Some(json!({"request": request, "settings": settings}))
}

#[test]
fn every_vector_gets_the_native_answer() -> Result<()> {
    let policy = policy()?;
    let mut judged = 0;
    for Vector { name, expect, text } in vectors::all() {
        let whole = admission::replay(&text, false).expect(&name);
        // The module has no list of public suffixes: it goes by those that the context names.
        let context = match &whole.slice {
            Some(slice) => serde_json::to_value(slice)?,
            None => json!({"objects": []}),
        };
        let Some(payload) = payload(&parts(&text), Some(context.clone())) else { continue };
        let settings = Settings::parse(&payload["settings"].to_string()).expect(&name);
        let context = context.to_string();
        let known = Known::read(&context).expect(&name);
        let native = admission::validate(&payload["request"].to_string(), &known, &settings);
        let answer =
            policy.call("validate", payload.to_string().as_bytes(), nothing).with_context(|| name.clone())?;
        assert_eq!(answer, native.response.to_kubewarden(), "{name}");
        let is_of_review = payload["request"]["uid"].as_str().is_some_and(|uid| !uid.is_empty())
            && parts(&text)["review"]["apiVersion"] == "admission.k8s.io/v1";
        assert!(!is_of_review || native.response.allowed == expect.allowed, "{name}");
        judged += 1;
    }
    assert!(judged > 400, "{judged} vectors");
    Ok(())
}

/// The objects of the test's cluster, as Kubewarden's host lists them.
fn cluster(operation: &str, payload: &str) -> Result<String, String> {
    let asked: Value = serde_json::from_str(payload).map_err(|error| error.to_string())?;
    if operation != "list_resources_all" {
        return Err(format!("no operation {operation}"));
    }
    let items = match asked["kind"].as_str() {
        Some("HostnameGrant") => {
            json!([{"metadata": {"name": "shop"}, "spec": {"namespaces": ["shop"], "hostnames": ["*.shop.example.com"]}}])
        }
        Some("DomainClaim") => return Err("forbidden".to_owned()),
        _ => json!([]),
    };
    Ok(json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string())
}

#[test]
fn without_a_context_it_asks_the_cluster() -> Result<()> {
    let policy = policy()?;
    let route = |host: &str| {
        json!({
            "uid": "7a1f", "operation": "CREATE", "namespace": "shop",
            "kind": {"group": "gateway.networking.k8s.io", "version": "v1", "kind": "HTTPRoute"},
            "object": {
                "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
                "metadata": {"name": "web", "namespace": "shop"},
                "spec": {"parentRefs": [{"name": "public"}], "hostnames": [host]},
            },
        })
    };
    let ask = |host: &str, claims: &str| -> Result<Value> {
        let payload = json!({"request": route(host), "settings": {"claims": claims}});
        Ok(serde_json::from_str(&policy.call("validate", payload.to_string().as_bytes(), cluster)?)?)
    };
    assert_eq!(ask("a.shop.example.com", "off")?["accepted"], true);
    assert_eq!(ask("a.example.com", "off")?["code"], 403);
    let denied = ask("a.shop.example.com", "respect")?;
    assert!(
        denied["message"].as_str().is_some_and(|text| text.starts_with("context-incomplete: ")),
        "{denied}"
    );
    Ok(())
}

#[test]
fn it_answers_the_contract_and_never_traps() -> Result<()> {
    let policy = policy()?;
    assert_eq!(policy.call("protocol_version", b"", nothing)?, "\"v1\"");
    assert_eq!(policy.call("validate_settings", b"{\"claims\":\"require\"}", nothing)?, "{\"valid\":true}");
    let refused: Value =
        serde_json::from_str(&policy.call("validate_settings", b"{\"claims\":\"maybe\"}", nothing)?)?;
    assert_eq!(refused["valid"], false);
    let deep = format!("{{\"request\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    let many = (0..10_000).map(|at| format!("h{at}.example.com")).collect::<Vec<_>>();
    let grant = json!({"apiVersion": "gatewright.dev/v1alpha1", "kind": "HostnameGrant", "metadata": {"name": "a"},
        "spec": {"namespaces": ["shop"], "hostnames": many}});
    let large = json!({"settings": {"context": {"objects": [grant]}}, "request": {"uid": "1", "operation": "CREATE", "namespace": "shop",
        "object": {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "TLSRoute", "metadata": {"name": "a"},
            "spec": {"parentRefs": [{"name": "p"}], "hostnames": many}}}})
    .to_string();
    for payload in
        [b"".as_slice(), b"{", b"\xff", b"{\"request\":null}", b"[]", deep.as_bytes(), large.as_bytes()]
    {
        match policy.call("validate", payload, nothing) {
            Ok(answer) => drop(serde_json::from_str::<Value>(&answer).context("an answer is JSON")?),
            Err(error) => assert!(!format!("{error:#}").contains("the module stopped"), "{error:#}"),
        }
    }
    let unknown = policy.call("mutate", b"{}", nothing).expect_err("there is no such operation");
    assert!(format!("{unknown}").contains("there is no operation `mutate`"), "{unknown}");
    let known = Known::new(std::iter::empty(), None, PublicSuffixes::Unknown).expect("an empty context");
    assert!(!admission::validate("{}", &known, &Settings::default()).response.allowed);
    Ok(())
}
