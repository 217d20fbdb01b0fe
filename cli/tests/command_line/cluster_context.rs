//! Manifests that are rendered or checked with `--context`: what the grants and claims of a cluster say of them.

use serde_json::{Value, json};

use crate::ownership::{GRANT, IDLE, IDLE_WARNINGS, values};
use crate::process::{directory, file, run};

#[test]
fn what_a_cluster_would_deny_is_not_rendered() {
    let folder = directory("ownership-render");
    let context = file(&folder, "grants.yaml", GRANT);
    let render = |host: &str, context: &str| {
        run(&["render", "-f", "-", "-n", "shop", "--context", context], values(host))
    };
    let granted = render("a.shop.example.com", &context);
    assert_eq!((granted.code, granted.stdout.contains("kind: HTTPRoute")), (Some(0), true), "{granted:?}");
    let denied = render("pay.example.com", &context);
    assert_eq!((denied.code, denied.stdout.as_str()), (Some(1), ""), "{denied:?}");
    assert!(
        denied.stderr.contains("error[hostname-not-granted]") && denied.stderr.contains("routes[0]"),
        "{denied:?}"
    );
    let unasked = render(
        "pay.example.com",
        &file(&folder, "none.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"),
    );
    assert_eq!(
        (unasked.code, unasked.stderr.contains("no-grants-or-claims")),
        (Some(0), true),
        "{unasked:?}"
    );
    let twice = render("a.shop.example.com", "-");
    assert_eq!(twice.code, Some(2), "{twice:?}");
    let kept = run(
        &["render", "-f", "-", "-n", "shop", "--context", &context, "--report", &context],
        values("a.shop.example.com"),
    );
    assert_eq!(kept.code, Some(2), "{kept:?}");
    assert_eq!(std::fs::read_to_string(&context).expect("it is still there"), GRANT);
}

#[test]
fn what_a_cluster_would_deny_is_not_allowed() {
    let folder = directory("ownership-check");
    let context = file(&folder, "grants.yaml", GRANT);
    let route = |host: &str| {
        format!(
            "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: web}}\nspec: {{hostnames: [{host}], parentRefs: [{{name: public}}]}}\n"
        )
    };
    let check = |host: &str, more: &[&str]| {
        run(
            &[&["check", "--format", "json", "-n", "shop", "--context", &context], more, &["-"]].concat(),
            route(host),
        )
    };
    let granted = check("a.shop.example.com", &[]);
    assert_eq!(granted.code, Some(0), "{granted:?}");
    let denied = check("pay.example.com", &[]);
    let report: Value = serde_json::from_str(&denied.stdout).expect("a report is JSON");
    let first = &report["results"][0];
    assert_eq!((denied.code, &first["allowed"]), (Some(1), &json!(false)), "{report}");
    let found =
        first["diagnostics"].as_array().expect("a list").iter().find(|found| found["level"] == "ownership");
    assert_eq!(found.expect("a finding")["line"], 4, "{report}");
    let hidden = check("pay.example.com", &["--only", "route-tie"]);
    assert_eq!((hidden.code, hidden.stderr.contains("1 refusal not shown")), (Some(1), true), "{hidden:?}");
    assert_eq!(check("pay.example.com", &["--grants", "off"]).code, Some(0));
}

/// Of an object as a whole there is no path to be told.
#[test]
fn a_fault_of_a_whole_object_has_no_empty_path() {
    let folder = directory("ownership-render-whole");
    let platform = "apiVersion: gatewright.dev/v1alpha1\nkind: HostnameGrant\nmetadata: {name: edge}\n\
                    spec: {namespaces: [edge], hostnames: ['*'], kinds: [Gateway]}\n";
    let route = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web, namespace: shop}\n\
                 spec: {parentRefs: [{name: public, namespace: edge}]}\n";
    let context = file(&folder, "context.yaml", format!("{GRANT}---\n{platform}---\n{route}"));
    let values = "gateway: {name: public, namespace: edge, className: nginx, listeners: [{name: http, port: 80, protocol: HTTP, \
                  allowedRoutes: {namespaces: {from: All}}}]}\n";
    let denied = run(&["render", "-f", "-", "-n", "edge", "--context", &context], values);
    assert_eq!(denied.code, Some(1), "{denied:?}");
    assert!(denied.stderr.contains("Gateway `public`: by its listeners"), "{denied:?}");
}

#[test]
fn grants_of_the_cluster_that_permit_nothing_are_told() {
    let folder = directory("ownership-check-idle");
    let context = file(&folder, "context.yaml", format!("{GRANT}---\n{IDLE}"));
    let values = values("a.shop.example.com");
    let rendered = run(&["render", "-f", "-", "-n", "shop", "--context", &context], values);
    assert_eq!(rendered.code, Some(0), "{rendered:?}");
    assert!(IDLE_WARNINGS.iter().all(|warning| rendered.stderr.contains(warning)), "{rendered:?}");
    let checked = run(&["check", "--context", &context, "-"], rendered.stdout);
    assert_eq!(checked.code, Some(0), "{checked:?}");
    assert!(IDLE_WARNINGS.iter().all(|warning| checked.stdout.contains(warning)), "{checked:?}");
    // What is sent is judged itself.
    let sent = run(&["check", "--context", &context, "-"], IDLE);
    assert!(sent.stdout.contains("hostname-not-canonical"), "{sent:?}");
    assert!(!sent.stdout.contains("HostnameGrant `idle`:"), "{sent:?}");
}

#[test]
fn what_is_kept_from_before_is_told_as_such() {
    let folder = directory("ownership-check-kept");
    let route = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web, namespace: shop}\n\
                 spec: {hostnames: [old.example.com], parentRefs: [{name: public}]}\n";
    let context = file(&folder, "context.yaml", format!("{GRANT}---\n{route}"));
    let kept = run(&["check", "--context", &context, "-"], route);
    assert_eq!(kept.code, Some(0), "{kept:?}");
    assert!(
        kept.stdout.contains("warning[hostname-not-granted]") && kept.stdout.contains("(kept from before)"),
        "{kept:?}"
    );
}

#[test]
fn grants_are_checked_by_our_own_crds() {
    let folder = directory("ownership-check-crds");
    let grant = file(&folder, "grants.yaml", GRANT);
    let unchecked = run(&["check", &grant], "");
    assert!(unchecked.stdout.contains("`gatewright crds > crds.yaml`"), "{unchecked:?}");
    let crds = file(&folder, "crds.yaml", run(&["crds"], "").stdout);
    let checked = run(&["check", "--crd", &crds, &grant], "");
    assert_eq!((checked.code, checked.stdout.contains("not-checked")), (Some(0), false), "{checked:?}");
}
