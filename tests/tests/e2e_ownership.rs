//! A real API server serves our own kinds, and holds of them what schemas and CEL can say.

use std::path::Path;

use anyhow::Result;
use gatewright_tests::golden;
use gatewright_tests::peers::ApiServer;

fn grant(spec: &str) -> String {
    format!(
        "{{apiVersion: gatewright.dev/v1alpha1, kind: HostnameGrant, metadata: {{name: shop}}, spec: {spec}}}"
    )
}

fn claim(name: &str, spec: &str) -> String {
    format!(
        "{{apiVersion: gatewright.dev/v1alpha1, kind: DomainClaim, metadata: {{name: {name}}}, spec: {spec}}}"
    )
}

fn request(spec: &str) -> String {
    format!(
        "{{apiVersion: gatewright.dev/v1alpha1, kind: GatewayHostnameRequest, metadata: {{name: ask, namespace: default}}, spec: {spec}}}"
    )
}

fn server() -> Result<ApiServer> {
    ApiServer::start(&[golden::root().join(Path::new("crds"))])
}

#[test]
fn the_crds_hold_what_they_say() -> Result<()> {
    let api = server()?;
    let label = "a".repeat(63);
    let hosts = |count: usize| (0..count).map(|n| format!("h{n}.example.com")).collect::<Vec<_>>().join(", ");
    for taken in [
        grant("{namespaces: [shop], hostnames: ['*.shop.example.com', shop.example.com]}"),
        grant("{namespaces: [shop], hostnames: ['*']}"),
        grant(&format!("{{namespaces: [shop], hostnames: [{label}.example.com]}}")),
        grant(&format!("{{namespaces: [shop], hostnames: [{}]}}", hosts(256))),
        grant("{namespaceSelector: {matchLabels: {a: b}}, hostnames: [a.com], kinds: [Gateway, XListenerSet], gateways: [{namespace: edge}]}"),
        claim("shop.example.com", "{hostname: shop.example.com, namespace: shop}"),
        claim("wc--any.shop.example.com", "{hostname: '*.shop.example.com', namespace: shop, zoneId: Z1}"),
        request("{hostname: shop.example.com, zoneId: Z1, environment: dev, visibility: internal, gatewayClass: aws-alb, routePolicy: {kinds: [HTTPRoute]}, dns: {records: [A]}}"),
        "{apiVersion: gatewright.dev/v1alpha1, kind: EffectiveHostnames, metadata: {name: effective, namespace: default}, spec: {exact: {a.com: {}}}}".to_owned(),
    ] {
        assert_eq!(api.apply_dry_run(&taken)?, "", "{taken}");
    }
    for (refused, why) in [
        (grant("{namespaces: [shop], hostnames: [A.example.com]}"), "should match"),
        (grant("{namespaces: [shop], hostnames: [a.example.com.]}"), "should match"),
        (grant("{namespaces: [shop], hostnames: ['a.*.com']}"), "should match"),
        (grant("{namespaces: [shop], hostnames: [192.0.2.1]}"), "an IP address is no host name"),
        (grant(&format!("{{namespaces: [shop], hostnames: [a{label}.example.com]}}")), "should match"),
        (grant(&format!("{{namespaces: [shop], hostnames: [{}]}}", hosts(257))), "must have at most 256 items"),
        (grant("{namespaces: [shop], hostnames: []}"), "should have at least 1 items"),
        (grant("{namespaces: [], hostnames: [a.com]}"), "should have at least 1 items"),
        (grant("{hostnames: [a.com]}"), "name namespaces, or a selector for them"),
        (grant("{namespaceSelector: {}, hostnames: [a.com]}"), "an empty selector would mean every namespace"),
        (grant("{namespaces: [shop], hostnames: [a.com], kinds: [Service]}"), "Unsupported value"),
        (grant("{namespaces: [shop], hostnames: [a.com], colour: red}"), "field not declared in schema"),
        (claim("other.example.com", "{hostname: shop.example.com, namespace: shop}"), "the name of a claim is its host name"),
        (claim("shop.example.com", "{hostname: '*.shop.example.com', namespace: shop}"), "the name of a claim is its host name"),
        (claim("any", "{hostname: '*', namespace: shop}"), "should match"),
        (request("{hostname: '*'}"), "should match"),
        ("{apiVersion: gatewright.dev/v1alpha1, kind: EffectiveHostnames, metadata: {name: other, namespace: default}, spec: {}}".to_owned(), "named `effective`"),
    ] {
        let said = api.apply_dry_run(&refused).expect_err(&refused).to_string();
        assert!(said.contains(why), "{refused}: {said}");
    }
    Ok(())
}

#[test]
fn claims_never_change_and_show_their_phase() -> Result<()> {
    let api = server()?;
    api.apply(&claim("shop.example.com", "{hostname: shop.example.com, namespace: shop}"))?;
    let other = claim("shop.example.com", "{hostname: shop.example.com, namespace: bank}");
    let said = api.kubectl_with(&other, &["apply", "--server-side", "--force-conflicts", "-f", "-"])?;
    assert!(said.stderr.contains("a claim never changes"), "{}", said.stderr);
    let patch = r#"{"status": {"phase": "Bound", "boundAt": "2026-11-22T08:00:00Z"}}"#;
    let words =
        ["patch", "dmc", "shop.example.com", "--subresource=status", "--type=merge", "--patch", patch];
    api.kubectl(&words)?.succeeded()?;
    let table = api.kubectl(&["get", "dmc"])?.succeeded()?.stdout;
    let row: Vec<&str> = table.lines().nth(1).unwrap_or_default().split_whitespace().take(4).collect();
    assert_eq!(row, ["shop.example.com", "shop.example.com", "shop", "Bound"], "{table}");
    // The status is the binder's: whoever writes the object does not reach it.
    api.apply(
        "{apiVersion: gatewright.dev/v1alpha1, kind: DomainClaim, metadata: {name: a.com}, spec: {hostname: a.com, namespace: shop}, status: {phase: Bound}}",
    )?;
    assert_eq!(api.get(&["dmc", "a.com"])?["status"], serde_json::Value::Null);
    Ok(())
}
