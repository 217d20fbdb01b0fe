//! Prometheus's own tool takes the rules and the dashboard's queries, and the alerts fire when they should.

#![allow(clippy::disallowed_methods, reason = "tests run programs")]
#![allow(clippy::print_stdout, reason = "the counts tell whether a pass means anything")]

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use gatewright_core::profile;
use gatewright_tests::golden;
use gatewright_tests::peers::{Temporary, gatewright, program};
use serde_json::{Value, json};

/// The rules and the dashboard of the golden case for a profile, as the real binary renders them.
fn rendered(profile: &str) -> Result<Vec<Value>> {
    let file = golden::root().join("tests/golden/monitoring/values.yaml");
    let output = Command::new(gatewright()?)
        .args(["render", "--name", "web", "-n", "default", "--profile", profile, "-f"])
        .arg(file)
        .stderr(Stdio::piped())
        .output()?;
    ensure!(output.status.success(), "{profile}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout)?;
    golden::documents(&text).map(|document| Ok(serde_yaml::from_str(document)?)).collect()
}

/// A file of rules as Prometheus reads it, of all PrometheusRules together.
fn rules(objects: &[Value]) -> Value {
    let of_kind = objects.iter().filter(|object| object["kind"] == "PrometheusRule");
    let groups: Vec<Value> = of_kind
        .flat_map(|object| object["spec"]["groups"].as_array().into_iter().flatten().cloned())
        .collect();
    json!({ "groups": groups })
}

/// The queries of the dashboard, each as a rule that records it.
fn queries(objects: &[Value]) -> Result<Vec<Value>> {
    let map =
        objects.iter().find(|object| object["kind"] == "ConfigMap").context("a dashboard is rendered")?;
    let text = map["data"]["web-gatewright-gateways.json"].as_str().context("it has a file")?;
    let dashboard: Value = serde_json::from_str(text)?;
    let panels = dashboard["panels"].as_array().context("it has panels")?;
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().into_iter().flatten());
    let rules = targets.enumerate().map(|(index, target)| {
        let expression = target["expr"].as_str().context("a target has a query")?;
        Ok(json!({"record": format!("panel:{index}"), "expr": expression}))
    });
    rules.collect()
}

fn promtool(folder: &Temporary, words: &[&str], file: &Value) -> Result<String> {
    let path = folder.write(&format!("{}.json", words.concat()), serde_json::to_string_pretty(file)?)?;
    let output = Command::new(program("promtool")?).args(words).arg(&path).output()?;
    let said = format!("{}{}", String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?);
    ensure!(output.status.success(), "promtool {words:?}: {said}");
    Ok(said)
}

#[test]
fn takes_the_rules_and_queries_of_every_profile() -> Result<()> {
    let folder = Temporary::new("promtool")?;
    let mut asked = BTreeSet::new();
    for word in profile::WORDS {
        let objects = rendered(word)?;
        promtool(&folder, &["check", "rules"], &rules(&objects)).with_context(|| word.to_owned())?;
        let queries = queries(&objects)?;
        asked.extend(queries.iter().map(|query| query["expr"].to_string()));
        let file = json!({"groups": [{"name": "panels", "rules": queries}]});
        promtool(&folder, &["check", "rules"], &file).with_context(|| word.to_owned())?;
    }
    println!("promtool takes the rules of {} profiles and {} queries", profile::WORDS.len(), asked.len());
    Ok(())
}

/// `count` listeners of one Gateway.
fn listeners(count: usize) -> Vec<Value> {
    let series = |number| {
        let labels = format!(r#"namespace="edge",name="eg",listener_name="https-{number}""#);
        json!({"series": format!("gatewayapi_gateway_listener_info{{{labels}}}"), "values": "1x60"})
    };
    (0..count).map(series).collect()
}

/// A certificate that ends so many seconds after the beginning, as cert-manager's chart has it scraped.
fn certificate(namespace: &str, name: &str, seconds: u32) -> Vec<Value> {
    let labels = format!(r#"exported_namespace="{namespace}",namespace="cert-manager",name="{name}""#);
    let series = format!("certmanager_certificate_expiration_timestamp_seconds{{{labels}}}");
    vec![json!({"series": series, "values": format!("{seconds}x180")})]
}

/// A container that is restarted once after ten minutes, or never.
fn container(pod: &str, restarts: u8) -> Vec<Value> {
    let labels = format!(r#"namespace="envoy-gateway-system",pod="{pod}",container="envoy""#);
    let series = format!("kube_pod_container_status_restarts_total{{{labels}}}");
    vec![json!({"series": series, "values": format!("0x9 {restarts}x60")})]
}

/// Updates of which `slow` in ten take more than five seconds and the others less than a tenth.
fn updates(slow: u8) -> Vec<Value> {
    let bucket = |le: &str, each: u8| {
        let labels = format!(r#"runner="xds-translator",message="xds-ir",le="{le}""#);
        let series = format!("watchable_subscribe_duration_seconds_bucket{{{labels}}}");
        json!({"series": series, "values": format!("0+{each}x60")})
    };
    vec![bucket("0.1", 10 - slow), bucket("5", 10 - slow), bucket("10", 10), bucket("+Inf", 10)]
}

/// The quantiles that Contour itself reports of its updates, in seconds.
fn reported(quantile: &str, seconds: u8) -> Vec<Value> {
    let series = format!(r#"contour_dagrebuild_seconds{{quantile="{quantile}"}}"#);
    vec![json!({"series": series, "values": format!("{seconds}x60")})]
}

/// What must hold of an alert after a time, given some series: a label with which it fires, if it does.
///
/// promtool's own test of alerts compares every label and annotation; a query of what fires compares those asked for.
fn case(series: &[Value], alert: &str, at: &str, fires: Option<(&str, &str)>) -> Value {
    let by = fires.map_or("alertname", |(label, _)| label);
    let query = format!(r#"count by ({by}) (ALERTS{{alertname="{alert}", alertstate="firing"}})"#);
    let samples: Vec<Value> = fires
        .into_iter()
        .map(|(label, value)| json!({"labels": format!(r#"{{{label}="{value}"}}"#), "value": 1}))
        .collect();
    let expected = json!([{"expr": query, "eval_time": at, "exp_samples": samples}]);
    json!({"interval": "1m", "input_series": series, "promql_expr_test": expected})
}

#[test]
fn alerts_fire_at_their_bounds() -> Result<()> {
    const DAY: u32 = 86_400;
    let folder = Temporary::new("promtool")?;
    let (near, far) = (13 * DAY, 15 * DAY);
    let own = "envoy-edge-eg-0a1b2c3d-5f6d8-abcde";
    let tests = [
        case(&listeners(51), "GatewayListenersNearLimit", "30m", None),
        case(&listeners(52), "GatewayListenersNearLimit", "30m", Some(("name", "eg"))),
        case(&certificate("acme", "acme-wildcard-tls", far), "GatewayCertificateEndsSoon", "2h", None),
        case(
            &certificate("acme", "acme-wildcard-tls", near),
            "GatewayCertificateEndsSoon",
            "2h",
            Some(("organization", "acme")),
        ),
        case(&certificate("acme", "of-another-release", near), "GatewayCertificateEndsSoon", "2h", None),
        case(&container(own, 0), "GatewayRestarted", "15m", None),
        case(&container(own, 1), "GatewayRestarted", "15m", Some(("pod", own))),
        case(&container(own, 1), "GatewayRestarted", "40m", None),
        case(&container("envoy-edge-eg-of-another-0a1b2c3d-x", 1), "GatewayRestarted", "15m", None),
        case(&updates(0), "GatewayRouteUpdatesSlow", "40m", None),
        case(&updates(1), "GatewayRouteUpdatesSlow", "40m", Some(("alertname", "GatewayRouteUpdatesSlow"))),
    ];
    hold(&folder, "envoy-gateway", &tests)
}

/// Contour's metric of updates is a summary: Prometheus reads the quantile, and estimates none from buckets.
#[test]
fn alerts_of_a_summary_fire_at_their_bounds() -> Result<()> {
    let slow = "GatewayRouteUpdatesSlow";
    let tests = [
        case(&reported("0.99", 5), slow, "40m", None),
        case(&reported("0.99", 6), slow, "40m", Some(("alertname", slow))),
        case(&reported("0.5", 6), slow, "40m", None),
    ];
    hold(&Temporary::new("promtool")?, "contour", &tests)
}

/// Holds cases against the rules for a profile.
fn hold(folder: &Temporary, profile: &str, tests: &[Value]) -> Result<()> {
    let rules = rules(&rendered(profile)?);
    let file = folder.write("rules.json", serde_json::to_string(&rules)?)?;
    let suite = json!({"rule_files": [file], "evaluation_interval": "1m", "tests": tests});
    let said = promtool(folder, &["test", "rules"], &suite)?;
    ensure!(said.contains("SUCCESS"), "{said}");
    println!("promtool test rules: {} cases of {profile} hold", tests.len());
    Ok(())
}
