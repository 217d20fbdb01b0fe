use super::*;
use crate::check::{Run, Settings as CheckSettings};
use crate::release::{Channel, Release, Target};

const GRANT: &str = "apiVersion: gatewright.dev/v1alpha1\nkind: HostnameGrant\nmetadata: {name: shop}\n\
                     spec: {namespaces: [shop], hostnames: ['*.shop.example.com']}\n";

fn route(host: &str) -> String {
    format!(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: web, namespace: shop}}\n\
         spec: {{hostnames: [{host}], parentRefs: [{{name: public, namespace: edge}}]}}\n"
    )
}

/// Whether each object is allowed, with the codes of what was found.
fn judged(text: &str, there: &str) -> Vec<(Option<bool>, Vec<&'static str>)> {
    let settings = CheckSettings::new(Target { release: Release::V1_6, channel: Channel::Standard });
    let mut run = Run::new(&settings);
    assert_eq!(run.read(text, 0), []);
    let mut report = run.finish();
    let owners = Settings::default();
    let existing =
        Existing { texts: &[(there, 1)], target: settings.target, namespace: "shop", settings: &owners };
    let said = judge_report(&mut report, &[(text, 0)], &existing, &settings);
    let said: Vec<Code> = said.into_iter().map(|said| said.code).collect();
    assert_eq!(said, if there.is_empty() { vec![NO_GRANTS] } else { Vec::new() });
    let of = |found: &Diagnostic| (found.level == Level::Ownership).then_some(found.code.0);
    let codes = |found: &[Diagnostic]| found.iter().filter_map(of).collect();
    report.results.iter().map(|judged| (judged.allowed, codes(&judged.diagnostics))).collect()
}

#[test]
fn objects_are_judged_by_the_grants_that_are_there() {
    let text =
        format!("{}---\n{}", route("a.shop.example.com"), route("pay.example.com").replace("web", "pay"));
    let results = judged(&text, GRANT);
    assert_eq!(results, [(Some(true), vec![]), (Some(false), vec!["hostname-not-granted"])]);
}

#[test]
fn what_was_there_already_only_warns() {
    let there = format!("{GRANT}---\n{}", route("old.example.com"));
    let results = judged(&route("old.example.com"), &there);
    assert_eq!(results[0].0, Some(true), "{results:?}");
    let results = judged(&route("new.example.com"), &there);
    assert_eq!(results[0], (Some(false), vec!["hostname-not-granted"]));
}

#[test]
fn nothing_is_asked_where_nobody_grants_anything_or_an_api_server_refuses() {
    let results = judged(&route("a.example.com"), "");
    assert_eq!(results[0], (Some(true), vec![]));
    let refused = route("a.example.com").replace("metadata:", "metadatas: 1\nmetadata:");
    let results = judged(&refused, GRANT);
    assert_eq!(results[0], (Some(false), vec![]));
}

const CLAIM: &str = "apiVersion: gatewright.dev/v1alpha1\nkind: DomainClaim\nmetadata: {name: a.shop.example.com}\n\
                     spec: {hostname: a.shop.example.com, namespace: pay}\n";

#[test]
fn what_only_controllers_write_stays_as_it_is() {
    let there = format!("{GRANT}---\n{CLAIM}status: {{phase: Bound}}\n");
    let written = format!("{CLAIM}---\n{}", route("a.shop.example.com"));
    assert_eq!(judged(&written, &there)[1].1, ["hostname-claimed"]);
    let forged = format!("{CLAIM}status: {{phase: Bound}}\n---\n{}", route("a.shop.example.com"));
    assert_eq!(judged(&forged, GRANT)[1], (Some(true), vec![]));
}

#[test]
fn a_grant_that_shrinks_is_held_against_those_who_need_it() {
    let there = format!("{GRANT}---\n{}", route("a.shop.example.com"));
    let smaller = GRANT.replace("*.shop.example.com", "b.shop.example.com");
    assert_eq!(judged(&smaller, &there)[0].1, ["grant-in-use"]);
}

#[test]
fn defaults_of_the_cluster_are_no_other_rules() {
    let plain = route("a.example.com")
        .replace("parentRefs", "rules: [{backendRefs: [{name: web, port: 80}]}], parentRefs");
    let stored =
        plain.replace("{name: web, port: 80}", "{name: web, port: 80, group: '', kind: Service, weight: 1}");
    let claim = CLAIM.replace("a.shop.example.com", "a.example.com");
    let there = format!("{GRANT}---\n{stored}---\n{claim}status: {{phase: Bound}}\n");
    let results = judged(&plain, &there);
    assert_eq!(results[0].0, Some(true), "{results:?}");
    let other = judged(&plain.replace("port: 80", "port: 81"), &there);
    assert_eq!(other[0].0, Some(false), "{other:?}");
}

#[test]
fn an_object_without_a_namespace_is_in_that_of_the_run() {
    let without = route("a.shop.example.com").replace(", namespace: shop", "");
    assert_eq!(judged(&without, GRANT)[0], (Some(true), vec![]));
}

#[test]
fn of_a_context_that_cannot_be_read_nothing_is_known() {
    let results = judged(&route("a.shop.example.com"), &format!("{GRANT}---\na: [\n"));
    assert_eq!(results[0].0, Some(false), "{results:?}");
    assert_eq!(results[0].1, ["context-incomplete"]);
}
