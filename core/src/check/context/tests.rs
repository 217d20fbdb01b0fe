use super::*;
use crate::tree::yaml::{self, Limits};

#[test]
fn the_fields_are_those_of_the_crds() {
    assert_eq!(API_VERSION, crate::ownership::API_VERSION);
    for (kind, fields) in FIELDS {
        let crds = crate::ownership::crds();
        let crd = crds.iter().find(|crd| crd["spec"]["names"]["kind"] == kind).expect("our own kind");
        let schema = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
        let spec = schema["properties"]["spec"]["properties"].as_object().expect("a map");
        let mut known: Vec<&str> = spec.keys().map(String::as_str).collect();
        known.sort_unstable();
        assert_eq!(known, fields, "{kind}");
    }
}

/// What is said of a context: code, and whether it is refused.
fn said(text: &str) -> Vec<(&'static str, bool, u32)> {
    let (mut seen, mut said, mut faults) = (Seen::default(), Vec::new(), Vec::new());
    yaml::each(text, 0, &Limits::NATIVE, &mut faults, |node, _| {
        crate::check::each_known(node, &mut |node| drop(seen.look(node, "default", &mut said)));
    });
    let of = |found: &Diagnostic| (found.code.0, found.severity == Severity::Error, found.position.line);
    said.iter().map(of).collect()
}

#[test]
fn what_holds_objects_that_would_be_lost_is_refused() {
    let grant = "{apiVersion: gatewright.dev/v1alpha1, kind: HostnameGrant, metadata: {name: a}, spec: {}}";
    for wrapped in ["[[G]]", "{items: [G]}", "[{items: [G]}]", "{g: G}", "{objects: [G]}"] {
        let text = wrapped.replace('G', grant);
        assert_eq!(said(&text), [("context-not-manifests", true, 1)], "{text}");
    }
    for taken in ["G", "[G]", "[G, null]", "{apiVersion: v1, kind: List, items: [G, null]}"] {
        assert_eq!(said(&taken.replace('G', grant)), [], "{taken}");
    }
    let review = "{apiVersion: admission.k8s.io/v1, kind: AdmissionReview, request: {}}";
    assert_eq!(said(review), [("context-not-manifests", true, 1)]);
    assert_eq!(said("{a: {b: 1}}"), [("not-an-object", false, 1)]);
}

#[test]
fn of_two_that_are_the_same_it_is_told_that_one_counts() {
    let route = "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}}";
    let other = route.replace("name: a", "name: a, namespace: b");
    assert_eq!(said(&format!("{route}\n---\n{other}\n---\n{route}")), [("repeated-object", false, 5)]);
}

#[test]
fn grants_with_what_nobody_reads_are_told() {
    let grant = "apiVersion: gatewright.dev/v1alpha1\nkind: HostnameGrant\nmetadata: {name: a}\nspec:\n  namespaces: [a]\n";
    assert_eq!(said(grant), []);
    assert_eq!(
        said(&format!("{grant}  gateway: [{{namespace: a}}]\n")),
        [("context-unknown-field", false, 6)]
    );
    assert_eq!(said(&grant.replace("v1alpha1", "v1beta9")), [("context-unknown-field", false, 1)]);
}
