//! Values from what a cluster has.

use serde_json::Value;

use crate::process::run;

const GATEWAY: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: eg, namespace: edge, uid: 1b2c}
spec:
  gatewayClassName: eg
  listeners:
    - {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}
status: {conditions: []}
";

fn route(namespace: &str, spec: &str) -> String {
    format!(
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: web, namespace: {namespace}}}\nspec: {spec}\n"
    )
}

/// The codes of a run, in the order of the report.
fn codes(report: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(report).expect("the report is JSON");
    let results = report["results"].as_array().into_iter().flatten();
    results
        .flat_map(|result| result["diagnostics"].as_array().into_iter().flatten())
        .map(|found| found["code"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn what_it_writes_renders() {
    let spec = "{parentRefs: [{name: eg, namespace: edge, sectionName: http}], hostnames: [a.example.com], \
                rules: [{backendRefs: [{name: web, port: 80}]}]}";
    let imported = run(&["import", "-"], &(GATEWAY.to_owned() + &route("a", spec) + &route("b", spec)));
    assert_eq!(imported.code, Some(0), "{imported:?}");
    assert!(imported.stderr.contains("import-left-out"), "{imported:?}");
    let rendered = run(&["render", "-f", "-"], &imported.stdout);
    assert_eq!(rendered.code, Some(0), "{rendered:?}");
    for object in
        ["  name: eg\n  namespace: edge", "  name: web\n  namespace: a", "  name: web\n  namespace: b"]
    {
        assert!(rendered.stdout.contains(object), "{object}: {rendered:?}");
    }
}

#[test]
fn nothing_to_import_is_an_error() {
    let nothing = run(&["import", "-"], "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n");
    assert_eq!((nothing.code, nothing.stdout.as_str()), (Some(1), ""));
    assert!(nothing.stderr.contains("nothing-to-import"), "{nothing:?}");
    let broken = run(&["import", "-"], "a: [\n");
    assert_eq!((broken.code, broken.stdout.as_str()), (Some(2), ""));
    assert!(!broken.stderr.contains("nothing-to-import"), "{broken:?}");
}

#[test]
fn what_no_api_server_takes_is_left_out() {
    let bad = route("a", "{parentRefs: [{name: eg, sectionName: Http_}], rules: [{backendRef: []}]}");
    let run = run(&["import", "--format", "json", "-"], &(GATEWAY.to_owned() + &bad));
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.contains("gateways:") && !run.stdout.contains("routes:"), "{run:?}");
    let codes = codes(&run.stderr);
    assert!(codes.iter().any(|code| code.starts_with("api-")), "{codes:?}");
}

#[test]
fn what_has_no_place_is_told_with_its_line() {
    let gateway =
        GATEWAY.replace("  gatewayClassName", "  tls: {frontend: {default: {}}}\n  gatewayClassName");
    let run = run(&["import", "-"], &gateway);
    assert!(run.stderr.contains("import-no-place"), "{run:?}");
    assert!(run.stderr.contains("<stdin>:6:"), "{run:?}");
}

#[test]
fn a_route_to_a_gateway_elsewhere_keeps_its_parents() {
    let spec =
        "{parentRefs: [{name: other, namespace: infra}], rules: [{backendRefs: [{name: web, port: 80}]}]}";
    let run = run(&["import", "-"], route("a", spec));
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("parentRefs:\n  - name: other\n    namespace: infra\n"), "{run:?}");
}

#[test]
fn gateways_of_one_name_are_told_apart() {
    let other = GATEWAY.replace("namespace: edge", "namespace: other");
    let spec = "{parentRefs: [{name: eg, namespace: other, sectionName: http}], rules: [{backendRefs: [{name: web, port: 80}]}]}";
    let run = run(&["import", "-"], format!("{GATEWAY}---{other}{}", route("a", spec)));
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("import-renamed"), "{run:?}");
    assert!(run.stdout.contains("- gateway: eg-other\n"), "{run:?}");
}

#[test]
fn flags_of_ingresses_need_ingress() {
    let run = run(&["import", "--class", "eg", "-"], "");
    assert_eq!(run.code, Some(2), "{run:?}");
}
