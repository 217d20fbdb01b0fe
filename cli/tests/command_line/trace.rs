//! Who answers a request, and why not the others; and the rules in words.

use serde_json::Value;

use crate::process::run;

const MANIFESTS: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec:
  gatewayClassName: example
  listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: team-a}
spec:
  parentRefs: [{name: edge, namespace: infra}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{path: {value: /cart}}]
      backendRefs: [{name: cart, port: 80, weight: 9}, {name: cart-v2, port: 80, weight: 1}]
    - matches: [{path: {type: Exact, value: /old}}]
      filters: [{type: RequestRedirect, requestRedirect: {scheme: https, statusCode: 301}}]
    - backendRefs: [{name: shop, port: 80}]
";

fn trace(arguments: &[&str]) -> Value {
    let run = run(&[&["trace", "--format", "json"], arguments, &["-"]].concat(), MANIFESTS);
    assert_eq!(run.code, Some(0), "{run:?}");
    serde_json::from_str(&run.stdout).expect("a trace is JSON")
}

#[test]
fn names_the_winner_its_shares_and_the_losers() {
    let trace = trace(&["--host", "shop.example.com", "--path", "/cart/1"]);
    let answer = &trace["answer"];
    assert_eq!((&answer["status"], &answer["rule"], &answer["match"]), (&200.into(), &0.into(), &0.into()));
    assert_eq!(answer["listener"]["name"], "http");
    assert_eq!(
        answer["route"],
        serde_json::json!({"kind": "HTTPRoute", "namespace": "team-a", "name": "shop"})
    );
    assert_eq!(
        (&answer["backends"][0]["share"], &answer["backends"][1]["share"]),
        (&0.9.into(), &0.1.into())
    );
    let lost: Vec<&str> = trace["losers"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|loser| loser["lost"].as_str())
        .collect();
    assert!(lost.contains(&"path-length"), "{trace}");
    let source = serde_json::json!({"file": "<stdin>", "document": 2, "line": 9});
    assert_eq!((&answer["source"], &trace["losers"][0]["source"]), (&source, &source));
}

#[test]
fn a_redirect_and_an_unknown_host_are_answers_too() {
    let redirected = trace(&["--host", "shop.example.com", "--path", "/old"]);
    assert_eq!(redirected["answer"]["status"], 301);
    assert_eq!(redirected["answer"]["redirect"]["location"], "https://shop.example.com/old");
    assert_eq!(trace(&["--host", "other.example.com"])["answer"]["status"], 404);
}

/// An answer that is no HTTP answer has a word of its own, and keeps its number for programs that go by it.
#[test]
fn what_is_no_http_answer_has_a_word() {
    let refused = &trace(&["--host", "shop.example.com", "--port", "9"])["answer"];
    assert_eq!((&refused["outcome"], &refused["status"]), (&"connection-refused".into(), &404.into()));
    let text = run(&["trace", "--host", "shop.example.com", "--port", "9", "-"], MANIFESTS);
    assert!(text.stdout.starts_with("connection refused\n"), "{text:?}");
    assert!(text.stdout.contains("listeners are on 80"), "{text:?}");
    let answered = trace(&["--host", "shop.example.com"]);
    assert_eq!(answered["answer"]["outcome"], "http");
    let expression =
        MANIFESTS.replace("{type: Exact, value: /old}", "{type: RegularExpression, value: '/o.d'}");
    let open = run(&["trace", "--host", "shop.example.com", "--path", "/old", "-"], &expression);
    assert!(open.stdout.starts_with("undecided: 200, unless one of those below takes it\n"), "{open:?}");
    let sure = run(&["trace", "--host", "shop.example.com", "--path", "/cart", "-"], &expression);
    assert!(sure.stdout.starts_with("200\n"), "{sure:?}");
}

#[test]
fn what_is_no_request_is_wrong_usage() {
    for (arguments, said) in [
        (
            ["--host", "https://shop.example.com/cart"],
            "the host is `shop.example.com`, the path `/cart`, the port 443",
        ),
        (["--host", "shop example.com"], "space"),
        (["--host", "*.example.com"], "one host"),
        (["--path", "cart"], "write `/cart`"),
        (["--path", "/a#b"], "never sent"),
        (["--method", "get"], "write `GET`"),
        (["--header", "x=1"], "`x:1`"),
        (["--sni", "192.0.2.1"], "no address"),
        (["--gateway", "edge"], "NAMESPACE/NAME"),
        (["--port", "0"], "1..=65535"),
    ] {
        let run = run(&[&["trace"], &arguments[..], &["-"]].concat(), MANIFESTS);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(said), "{arguments:?}: {run:?}");
    }
    let absent = run(&["trace", "--gateway", "infra/egde", "-"], MANIFESTS);
    assert_eq!(absent.code, Some(2), "{absent:?}");
    assert!(absent.stderr.contains("error[no-such-gateway]"), "{absent:?}");
    assert!(absent.stderr.contains("it has `infra/edge`"), "{absent:?}");
}

#[test]
fn a_host_is_read_as_clients_write_it() {
    let trace = trace(&["--host", "Shop.Example.COM:80", "--path", "/?a=1", "--query", "b=2"]);
    assert_eq!(trace["answer"]["request"]["host"], "shop.example.com");
    assert_eq!(trace["answer"]["request"]["query"], "a=1&b=2");
    let notes = trace["notes"].to_string();
    assert!(notes.contains("port 80 is the one behind the host"), "{notes}");
}

#[test]
fn people_read_it_as_text() {
    let run = run(&["trace", "--host", "shop.example.com", "--path", "/cart", "-"], MANIFESTS);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.starts_with("200\n  listener  http of Gateway infra/edge\n"), "{run:?}");
    assert!(
        run.stdout.contains("  route     HTTPRoute team-a/shop, rule 0, match 0\n            <stdin>:9\n"),
        "{run:?}"
    );
    assert!(run.stdout.contains("90.0 %  Service team-a/cart:80"), "{run:?}");
    assert!(run.stdout.contains("Why not the others"), "{run:?}");
}

/// What ends a trace before there is an answer, and what an answer depends on.
#[test]
fn certificates_and_grants_decide_the_first_line() {
    let tls = MANIFESTS.replace("port: 80, protocol: HTTP,", "port: 443, protocol: HTTPS,");
    let text = run(&["trace", "--host", "shop.example.com", "-"], &tls);
    assert!(text.stdout.starts_with("no certificate: connection or TLS handshake refused\n"), "{text:?}");
    let far = MANIFESTS.replace("{name: shop, port: 80}", "{name: shop, namespace: far, port: 80}");
    let text = run(&["trace", "--host", "shop.example.com", "-"], &far);
    assert!(
        text.stdout.starts_with("undecided: 200, unless no ReferenceGrant permits the backend\n"),
        "{text:?}"
    );
    let text = run(&["trace", "--complete", "--host", "shop.example.com", "-"], &far);
    assert!(text.stdout.starts_with("500\n"), "{text:?}");
}

#[test]
fn a_redirect_that_was_not_read_is_still_one() {
    let misspelt = MANIFESTS.replace("statusCode", "statuscode");
    let text = run(&["trace", "--host", "shop.example.com", "--path", "/old", "-"], &misspelt);
    assert!(
        text.stdout.starts_with("undecided: 302, unless the redirect names another status\n"),
        "{text:?}"
    );
}

#[test]
fn objects_that_no_cluster_holds_are_said() {
    let run = run(&["trace", "--host", "a", "-"], MANIFESTS.replace("port: 80,", "port: 0,"));
    assert!(run.stderr.contains("warning[refused-objects]"), "{run:?}");
    assert!(run.stderr.contains("like this: Gateway infra/edge, HTTPRoute team-a/shop"), "{run:?}");
}

#[test]
fn rules_are_listed_and_explained() {
    let rules = run(&["rules"], "");
    assert!(rules.stdout.contains("shadowed-match"), "{rules:?}");
    let rule = run(&["explain", "shadowed-match"], "");
    assert!(rule.stdout.contains("Found fault with:") && rule.stdout.contains("Source:"), "{rule:?}");
    let refused = run(&["explain", "api-too-many"], "");
    assert!(
        refused.stdout.contains("Found fault with:") && refused.stdout.contains("maxItems"),
        "{refused:?}"
    );
    let brief = run(&["explain", "needs-switch"], "");
    assert!(brief.stdout.starts_with("needs-switch\n\n") && brief.code == Some(0), "{brief:?}");
    let typo = run(&["explain", "shadowd-match"], "");
    assert_eq!(typo.code, Some(2), "{typo:?}");
    assert!(typo.stderr.contains("did you mean `shadowed-match`?"), "{typo:?}");
}
