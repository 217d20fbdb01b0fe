//! What stands in the texts for data planes.

use super::*;
use crate::tree::json;
use crate::{Scope, data_plane};

fn emitted(form: DataPlane, values: &str) -> (String, Vec<Diagnostic>) {
    let values = json::read(values).expect("the test's own JSON");
    data_plane(values, &Scope { namespace: "edge".to_owned(), ..Scope::default() }, form)
}

const LISTENERS: &str = r#""listeners": [
    {"name": "http", "port": 80, "protocol": "HTTP"},
    {"name": "tls", "port": 443, "protocol": "TLS", "tls": {"mode": "Passthrough"}}]"#;

#[test]
fn higress_gets_values_of_its_chart() {
    let (text, found) = emitted(
        DataPlane::HigressValues,
        &format!(r#"{{"gateway": {{"name": "h", "className": "higress", {LISTENERS}}}}}"#),
    );
    assert!(!crate::diagnostic::has_errors(&found), "{found:?}");
    assert!(text.starts_with("# Ports of each node that must be free: 80, 443.\n"), "{text}");
    assert!(text.contains("#   0 to 99 tenants      2 nodes   <- 0 here\n"), "{text}");
    let values = text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
    assert_eq!(
        values,
        r#"higress-core:
  gateway:
    hostNetwork: true
    kind: DaemonSet
    nodeSelector:
      node-role.kubernetes.io/gateway: "true"
    service:
      type: ClusterIP
    tolerations:
    - effect: NoSchedule
      key: node-role.kubernetes.io/gateway
      operator: Equal
      value: "true"
  global:
    enableGatewayAPI: true"#
    );
}

/// By the default strategy organizations have their listeners in ListenerSets, where release and controller have those.
#[test]
fn ports_of_listener_sets_must_be_free_too() {
    let values = r#"{"baseDomain": "example.com", "profile": "envoy-gateway",
        "certificates": {"enabled": true, "solver": "none", "issuerRef": {"name": "vault"}},
        "gateway": {"name": "eg", "className": "eg", "listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}]},
        "gateways": [{"name": "other", "className": "higress", "profile": "higress",
            "listeners": [{"name": "http", "port": 8080, "protocol": "HTTP"}]}],
        "organizations": [{"name": "acme", "services": [{"name": "web", "port": 80}]}]}"#;
    let head = |form| emitted(form, values).0.lines().next().map(str::to_owned);
    assert_eq!(
        head(DataPlane::EnvoyProxy).as_deref(),
        Some("# Ports of each node that must be free: 80, 443.")
    );
    // No ListenerSet joins the other one.
    assert_eq!(
        head(DataPlane::HigressValues).as_deref(),
        Some("# Ports of each node that must be free: 8080.")
    );
}

#[test]
fn several_gateways_share_one_envoy_a_node() {
    let one = format!(r#"{{"gateway": {{"name": "a", "className": "eg", {LISTENERS}}}}}"#);
    let two = format!(
        r#"{{"gateway": {{"name": "a", "className": "eg", {LISTENERS}}},
        "gateways": [{{"name": "b", "className": "eg", "listeners": [{{"name": "http", "port": 8080, "protocol": "HTTP"}}]}}],
        "hostNetwork": {{"nodeSelector": {{"edge": "yes"}}, "tolerations": []}}}}"#
    );
    let (one, two) = (emitted(DataPlane::EnvoyProxy, &one).0, emitted(DataPlane::EnvoyProxy, &two).0);
    assert!(!one.contains("mergeGateways") && one.contains("gateway: {infrastructure:"), "{one}");
    assert!(
        two.contains("\n  mergeGateways: true\n") && two.contains("The GatewayClass `eg` refers to it"),
        "{two}"
    );
    assert!(two.contains("nodeSelector:\n            edge: \"yes\""), "{two}");
}

#[test]
fn another_controller_gets_nothing() {
    let (text, found) =
        emitted(DataPlane::EnvoyProxy, r#"{"gateway": {"name": "a", "className": "cilium"}}"#);
    assert!(text.is_empty());
    assert!(found.iter().any(|found| found.code == NO_GATEWAY_OF_CONTROLLER), "{found:?}");
}

#[test]
fn gateways_that_share_an_envoy_have_no_listener_in_common() {
    let values = format!(
        r#"{{"gateway": {{"name": "a", "className": "eg", {LISTENERS}}},
        "gateways": [{{"name": "b", "className": "eg", {LISTENERS}}}]}}"#
    );
    let (text, found) = emitted(DataPlane::EnvoyProxy, &values);
    assert!(text.is_empty());
    assert!(found.iter().any(|found| found.code == MERGED_LISTENERS), "{found:?}");
}

#[test]
fn gateways_of_two_classes_want_the_same_ports() {
    let values = format!(
        r#"{{"gateway": {{"name": "a", "className": "eg", {LISTENERS}}},
        "gateways": [{{"name": "b", "className": "envoy-gateway", {LISTENERS}}}]}}"#
    );
    let (text, found) = emitted(DataPlane::EnvoyProxy, &values);
    assert!(text.is_empty());
    assert!(found.iter().any(|found| found.code == SEVERAL_CLASSES), "{found:?}");
}
