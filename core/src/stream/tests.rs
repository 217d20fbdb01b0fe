use std::fmt::Write as _;

use super::{Stream, Streamed, render_in};
use crate::diagnostic::{Diagnostic, has_errors};
use crate::tree::Node;
use crate::tree::yaml::{self, Limits};
use crate::{Format, Scope};

/// What the values have beside their organizations.
const BESIDE: &str = "
baseDomain: example.com
profile: envoy-gateway
gatewayAPI: {version: '1.6'}
referenceGrants: all
certificates: {enabled: true, solver: dns01, issuerRef: {name: a}}
externalServices: [{name: legacy, port: 80, endpoints: [192.0.2.7]}]
gateways:
  - name: eg
    namespace: edge
    className: eg
    listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]
  - {name: eg-org-003, namespace: edge, className: eg, listeners: [{name: http, port: 80, protocol: HTTP}]}
routes: [{name: legacy, gateway: eg, hostnames: [legacy.example.com], rules: [{backendRefs: [{name: legacy}]}]}]
";

/// One JSON object a line: some with names beside the template's, some with other namespaces.
fn organizations(count: usize) -> String {
    written(count, false)
}

/// The same, some with a Gateway of their own.
fn written(count: usize, dedicates: bool) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        let more = match number % 7 {
            3 if dedicates => r#", "gateway": {"dedicated": true}"#.to_owned(),
            4 => format!(r#", "extraHostnames": ["web.shop-{number}.example"]"#),
            5 => format!(r#", "namespaces": ["team-{number}", "team-{number}-dev"]"#),
            _ => String::new(),
        };
        let _ = writeln!(
            text,
            r#"{{"name": "org-{number:03}", "services": [{{"name": "web", "port": 80}}, {{"name": "api", "port": 8080}}]{more}}}"#
        );
        text
    })
}

fn read(text: &str) -> Node<'_> {
    yaml::read(text, 0, &Limits::DEFAULT, &mut Vec::new()).pop().expect("a document")
}

fn scope() -> Scope {
    Scope { namespace: "edge".to_owned(), ..Scope::default() }
}

/// Documents in ascending order, and what was found.
type Outcome = (Vec<String>, Vec<Diagnostic>);

fn streamed(values: &str, organizations: &str) -> Outcome {
    let mut documents = Vec::new();
    let stream = Stream { text: organizations, source: 1 };
    let Streamed { diagnostics: found, .. } =
        render_in(300, read(values), stream, &scope(), Format::Yaml, |manifests| {
            documents.extend(manifests.iter().map(|(_, document)| document.to_owned()));
        });
    documents.sort();
    (if has_errors(&found) { Vec::new() } else { documents }, found)
}

fn whole(values: &str, organizations: &str) -> Outcome {
    let list = Stream { text: organizations, source: 1 }.list(&mut Vec::new());
    let rendered = crate::render(read(values).with("organizations", list), &scope(), Format::Yaml);
    let mut documents: Vec<String> =
        rendered.manifests.iter().map(|(_, document)| document.to_owned()).collect();
    documents.sort();
    (documents, rendered.diagnostics)
}

#[test]
fn gives_what_a_list_of_the_same_gives() {
    for (sharding, count) in [
        ("{strategy: perService}", 20),
        ("{strategy: wildcardPerOrganization}", 50),
        ("{strategy: dedicated}", 60),
        ("{strategy: hash, gateways: 5}", 60),
        ("{strategy: hybrid}", 60),
        ("{strategy: hybrid, listenerSets: never, maxGateways: 3, limits: {listeners: 30}}", 60),
        ("{strategy: hybrid, maxGateways: 4, limits: {listeners: 20}}", 60),
        ("{strategy: pool, limits: {certificates: 25}}", 60),
        ("{strategy: listenerSets}", 60),
    ] {
        let values = format!("{BESIDE}sharding: {sharding}\n");
        let organizations = written(count, sharding.contains("hybrid") || sharding.contains("dedicated"));
        let (documents, found) = streamed(&values, &organizations);
        let (wanted, said) = whole(&values, &organizations);
        assert!(!has_errors(&said), "{sharding}: {said:?}");
        assert_eq!(found, said, "{sharding}");
        let extra: Vec<_> = documents.iter().filter(|document| !wanted.contains(document)).collect();
        let missing: Vec<_> = wanted.iter().filter(|document| !documents.contains(document)).collect();
        assert!(extra.is_empty() && missing.is_empty(), "{sharding}: {extra:#?}\ninstead of {missing:#?}");
        assert_eq!(documents.len(), wanted.len(), "{sharding}");
        assert!(wanted.len() > 3 * count, "{sharding}: {}", wanted.len());
    }
}

#[test]
fn keeps_recorded_placements() {
    let values = format!(
        "{BESIDE}sharding: {{strategy: pool, maxGateways: 4, limits: {{listeners: 40}}}}\n\
         placements: {{gateways: {{org-000: eg-03, org-001: eg-03, org-059: eg-04}}}}\n"
    );
    let organizations = organizations(60);
    assert_eq!(streamed(&values, &organizations), whole(&values, &organizations));
    let gone = values.replace("org-000: eg-03", "org-000: eg-77");
    let (documents, found) = streamed(&gone, &organizations);
    assert!(documents.is_empty() && found.iter().any(|found| found.code.0 == "placement-gone"), "{found:?}");
}

#[test]
fn gateways_without_organizations_and_organizations_without_listeners_are_as_in_a_list() {
    let organizations = "{\"name\": \"acme\", \"services\": [{\"name\": \"web\", \"port\": 80}]}\n{\"name\": \"none\", \"services\": []}\n";
    for more in [
        "sharding: {strategy: pool}\nplacements: {gateways: {acme: eg-03}}\n",
        "sharding: {strategy: listenerSets}\n",
        "sharding: {strategy: hybrid}\nenabled: {gateway: false}\n",
    ] {
        // Wildcards without a word on how they are proved.
        let values = format!("{}{more}", BESIDE.replace("solver: dns01, ", ""));
        assert_eq!(streamed(&values, organizations), whole(&values, organizations), "{more}");
    }
}

#[test]
fn finds_what_organizations_of_different_batches_have_in_common() {
    let organizations = organizations(40);
    for (line, code) in [
        (r#"{"name": "org-007", "services": [{"name": "shop", "port": 80}]}"#, "duplicate-name"),
        (
            r#"{"name": "a", "hostnames": ["web.org-020.example.com"], "services": [{"name": "web", "port": 80}]}"#,
            "hostname-of-another",
        ),
        (
            r#"{"name": "b", "extraHostnames": ["web.shop-11.example"], "services": [{"name": "web", "port": 80}]}"#,
            "hostname-twice",
        ),
        (
            r#"{"name": "c", "namespaces": ["team-12"], "services": [{"name": "shop", "port": 80}]}"#,
            "namespace-twice",
        ),
        (
            r#"{"name": "legacy", "namespaces": ["apps"], "services": [{"name": "web", "port": 80}]}"#,
            "duplicate-object",
        ),
    ] {
        let all = format!("{organizations}{line}\n");
        let values = format!("{BESIDE}sharding: {{strategy: listenerSets}}\n")
            .replace("routes: [{name: legacy,", "routes: [{name: web-route, namespace: apps,");
        let (documents, found) = streamed(&values, &all);
        let (_, said) = whole(&values, &all);
        let of = |list: &[Diagnostic]| {
            let list = list.iter().filter(|found| found.code.0 == code);
            list.map(|found| (found.path.to_string(), found.message.clone())).collect::<Vec<_>>()
        };
        assert!(documents.is_empty(), "{code}");
        assert_eq!(of(&found), of(&said), "{code}");
        assert!(!of(&found).is_empty(), "{code}: {found:?}");
    }
}

#[test]
fn more_in_common_than_is_told_is_an_error_too() {
    let organizations = organizations(600);
    // Each has the host names of the one 600 lines before it.
    let others: String = (0..600).fold(String::new(), |mut text, number| {
        let _ = writeln!(
            text,
            r#"{{"name": "other-{number:03}", "hostnames": ["web.org-{number:03}.example.com"], "services": [{{"name": "web", "port": 80}}]}}"#
        );
        text
    });
    let values = format!("{BESIDE}sharding: {{strategy: listenerSets}}\n");
    let (documents, found) = streamed(&values, &format!("{organizations}{others}"));
    assert!(documents.is_empty());
    let of = |code: &str| found.iter().filter(|found| found.code.0 == code).count();
    assert_eq!((of("hostname-of-another"), of("more-in-common")), (500, 1), "{found:#?}");
    assert!(found.iter().any(|found| found.message.starts_with("100 more pairs")), "{found:#?}");
}

#[test]
fn a_fault_is_at_its_line() {
    let mut lines: Vec<String> = organizations(30).lines().map(str::to_owned).collect();
    lines[20] = r#"{"name": "x", "servces": []}"#.to_owned();
    lines[29] = "[1]".to_owned();
    let (documents, found) = streamed(BESIDE, &lines.join("\n"));
    assert!(documents.is_empty());
    let at = |code: &str| {
        let found = found.iter().find(|found| found.code.0 == code).unwrap_or_else(|| panic!("{found:?}"));
        (found.position.source, found.position.line, found.path.to_string())
    };
    assert_eq!(at("unknown-key"), (1, 21, "organizations[20].servces".to_owned()));
    assert_eq!(at("wrong-type"), (1, 30, "organizations[29]".to_owned()));
}

#[test]
fn lines_that_are_null_are_told_once() {
    let text = format!("null\n{}~\n", organizations(30));
    let (documents, found) = streamed(BESIDE, &text);
    assert_eq!(documents, whole(BESIDE, &text).0);
    let nulls = found.iter().filter(|found| found.code.0 == "null-item");
    let nulls: Vec<_> = nulls.map(|found| (found.position.line, found.message.as_ref())).collect();
    assert_eq!(nulls, [(1, "lines that are null, which are skipped: 2")]);
    let nothing = streamed(BESIDE, "null\n").1;
    assert_eq!(nothing.iter().filter(|found| found.code.0 == "null-item").count(), 1, "{nothing:?}");
}

#[test]
fn no_organization_is_no_error() {
    assert_eq!(streamed(BESIDE, "\n"), whole(BESIDE, "\n"));
}

#[test]
fn paths_in_messages_are_those_of_the_stream_and_texts_stay() {
    let text = "organizations[0].services[1] has `organizations[0]`, as organizations[1] has";
    let renumbered = "organizations[7].services[1] has `organizations[0]`, as organizations[9] has";
    assert_eq!(super::renumbered_text(text, &[7, 9]), renumbered);
}
