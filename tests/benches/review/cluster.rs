//! A cluster of many teams behind one Gateway, each with a grant, and a route of the team in the middle.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// The team whose route is reviewed.
fn team(grants: usize) -> String {
    format!("team-{}", grants / 2)
}

/// A host name that its grant covers.
pub fn granted(grants: usize) -> String {
    format!("shop.{}.example.com", team(grants))
}

/// Every object, as JSON.
pub fn objects(grants: usize) -> Vec<String> {
    let grant = |team: usize| {
        json!({"apiVersion": "gatewright.dev/v1alpha1", "kind": "HostnameGrant", "metadata": {"name": format!("team-{team}")},
            "spec": {"namespaces": [format!("team-{team}")], "hostnames": [format!("*.team-{team}.example.com")]}})
        .to_string()
    };
    let gateway = json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway",
        "metadata": {"name": "public", "namespace": "edge"},
        "spec": {"gatewayClassName": "eg", "listeners": [{"name": "https", "port": 443, "protocol": "HTTPS"}]}});
    let namespace = |name: &str| {
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name}}})
            .to_string()
    };
    let beside = [gateway.to_string(), namespace("edge"), namespace(&team(grants))];
    beside.into_iter().chain((0..grants).map(grant)).collect()
}

/// An AdmissionReview of an HTTPRoute as kubectl applies one, with its managed fields.
pub fn review(grants: usize, host: &str) -> String {
    let team = team(grants);
    let rules: Vec<Value> = (0..6)
        .map(|rule| {
            json!({"matches": [{"path": {"type": "PathPrefix", "value": format!("/part-{rule}")}}],
                "filters": [{"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [{"name": "x-part", "value": format!("{rule}")}]}}],
                "backendRefs": [{"name": format!("part-{rule}"), "port": 8080, "weight": 1}]})
        })
        .collect();
    let managed = json!([{"manager": "kubectl", "operation": "Apply", "apiVersion": "gateway.networking.k8s.io/v1",
        "time": "2026-11-22T10:00:00Z", "fieldsType": "FieldsV1",
        "fieldsV1": {"f:spec": {"f:hostnames": {}, "f:parentRefs": {}, "f:rules": {}}}}]);
    json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002", "operation": "CREATE", "namespace": team, "name": "shop",
        "kind": {"group": "gateway.networking.k8s.io", "version": "v1", "kind": "HTTPRoute"},
        "resource": {"group": "gateway.networking.k8s.io", "version": "v1", "resource": "httproutes"},
        "userInfo": {"username": format!("system:serviceaccount:{team}:deployer"), "groups": ["system:authenticated"]},
        "options": {"apiVersion": "meta.k8s.io/v1", "kind": "CreateOptions"}, "dryRun": false, "oldObject": null,
        "object": {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
            "metadata": {"name": "shop", "namespace": team, "managedFields": managed, "labels": {"app": "shop"}},
            "spec": {"parentRefs": [{"name": "public", "namespace": "edge"}], "hostnames": [host], "rules": rules}}}})
    .to_string()
}

/// What the module gets: the request, and the part of the context that its decision depends on.
pub fn payload(review: &str, slice: &str) -> Result<String> {
    let review: Value = serde_json::from_str(review)?;
    let request = review.get("request").context("a review has a request")?;
    Ok(format!("{{\"request\":{request},\"settings\":{{\"context\":{slice}}}}}"))
}

/// A host that is asked nothing.
pub fn silent(_: &str, _: &str) -> Result<String, String> {
    Err("nothing is asked".to_owned())
}
