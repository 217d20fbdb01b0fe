//! What was rendered, imported and rendered again is the same; what was an Ingress becomes what is written beside it.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use gatewright_core::check::{Run, Settings as CheckSettings, api};
use gatewright_core::diagnostic::{Diagnostic, Severity};
use gatewright_core::hostname::Hostname;
use gatewright_core::import::{IngressSettings, Objects, gateways, ingresses};
use gatewright_core::release::{Channel, Release, Target};
use gatewright_core::tree::json;
use gatewright_core::{Scope, plan};
use gatewright_tests::golden::{self, Object, Settings, cases, hold, names_in, root};
use serde_json::json;

const TARGET: Target = Target { release: Release::V1_6, channel: Channel::Standard };
const KINDS: [&str; 6] = ["Gateway", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"];
/// What an import leaves out of labels, as every rendered object gets them anew.
const LEFT_OUT: [&str; 3] =
    ["app.kubernetes.io/component", "app.kubernetes.io/instance", "app.kubernetes.io/name"];

/// What `check` finds of Ingresses that had it too: hosts below a wildcard, and `/x/` beside `/x`.
const TAKEN_OVER: [&str; 2] = ["overlapping-tls", "shadowed-match"];

type Key = (String, String, String);

/// Objects of a rendering with the API server's defaults, by kind, namespace and name.
fn stored(objects: &[Object], target: Target) -> BTreeMap<Key, serde_json::Value> {
    let stored = |object: &Object| {
        let text = object.json.to_string();
        let mut node = json::read(&text).expect("JSON is a tree").into_owned();
        if let Some(kind) = api::find(target, &object.api_version, &object.kind) {
            api::default(kind, &mut node, target);
        }
        let mut json = serde_json::to_value(&node).expect("a tree is JSON");
        if let Some(labels) = json["metadata"]["labels"].as_object_mut() {
            labels.retain(|key, _| !LEFT_OUT.contains(&key.as_str()));
            if labels.is_empty() {
                json["metadata"]["labels"].take();
            }
        }
        let namespace = json["metadata"]["namespace"].as_str().unwrap_or_default().to_owned();
        ((object.kind.clone(), namespace, object.name.clone()), json)
    };
    objects.iter().map(stored).collect()
}

fn imported(manifests: &str, base_domain: Option<&str>) -> (String, Vec<Diagnostic>) {
    let domain = base_domain.map(|domain| Hostname::parse(domain).expect("a domain").0);
    let mut objects = Objects::default();
    assert_eq!(objects.read(manifests, 0), []);
    let imported = gateways(&objects, domain.as_ref());
    (imported.text(), imported.diagnostics)
}

fn target(rendering: &golden::Rendering) -> Target {
    let (version, channel) = &rendering.gateway_api;
    let channel = if channel == "experimental" { Channel::Experimental } else { Channel::Standard };
    Target { release: Release::parse(version).expect("a release"), channel }
}

#[test]
fn every_case_comes_back_as_it_was() {
    let mut faults = Vec::new();
    let (mut compared, mut upstreams) = (0, 0);
    for case in cases() {
        let values = fs::read_to_string(&case.values).expect("a case has values");
        for word in &case.profiles {
            let was = golden::render(&values, Settings { profile: word, ..Settings::default() });
            if was.failed() || !was.objects.iter().any(|object| KINDS.contains(&object.kind.as_str())) {
                continue;
            }
            let (mut text, found) = imported(&was.manifests, None);
            text.extend(values.lines().filter(|line| line.starts_with("x-golden:")));
            let is = golden::render(&text, Settings::default());
            let name = format!("{} {word}", case.name);
            let bad = found
                .iter()
                .filter(|found| found.severity == Severity::Error || found.code.0 == "import-differs");
            faults.extend(bad.map(|found| format!("{name}: {found}")));
            let (old, new) = (stored(&was.objects, target(&was)), stored(&is.objects, target(&was)));
            for (key, object) in &old {
                if KINDS.contains(&key.0.as_str()) {
                    compared += 1;
                    if new.get(key) != Some(object) {
                        faults.push(format!("{name}: {key:?}\n{object:#}\n{:#?}", new.get(key)));
                    }
                } else if let Some(again) = new.get(key) {
                    upstreams += 1;
                    // Labels of all objects are on Gateways and routes by now, and on no grant.
                    if again["spec"] != object["spec"] || key.0 != "ReferenceGrant" && again != object {
                        faults.push(format!("{name}: {key:?}\n{object:#}\n{again:#}"));
                    }
                }
            }
            let added = new.keys().filter(|key| !old.contains_key(key));
            faults.extend(added.map(|key| format!("{name}: {key:?} is new")));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(compared > 500 && upstreams > 300, "{compared} compared, {upstreams} beside them");
}

/// Host names by the Gateway that serves them.
fn planned(values: &str) -> BTreeSet<(String, String)> {
    let scope = Scope { namespace: "edge".to_owned(), ..Scope::default() };
    let (summary, found) = plan(golden::read_values(values), &scope);
    assert!(found.iter().all(|found| found.severity != Severity::Error), "{found:?}");
    let json = serde_json::to_value(&summary).expect("a plan is JSON");
    let mut hosts = BTreeSet::new();
    for gateway in json["gateways"].as_array().expect("it has Gateways") {
        for listener in gateway["listeners"].as_array().into_iter().flatten() {
            let host = listener["hostname"].as_str().unwrap_or_default();
            hosts.insert((gateway["name"].to_string(), host.to_owned()));
        }
    }
    hosts
}

#[test]
fn organizations_come_back_on_their_gateways() {
    let names =
        ["per-service", "wildcard", "listener-sets", "shared-and-dedicated", "pool", "hash", "dedicated"];
    for name in names {
        let case = cases().into_iter().find(|case| case.name == format!("organizations-{name}"));
        let case = case.expect("there is such a case");
        let values = fs::read_to_string(&case.values).expect("a case has values");
        let was = golden::render(&values, Settings::default());
        let (text, found) = imported(&was.manifests, Some("stage.example.com"));
        let is = golden::render(&text, Settings::default());
        let worse: Vec<_> = found.iter().filter(|found| found.severity > Severity::Info).collect();
        assert!(worse.is_empty(), "{name}: {worse:?}");
        assert!(text.contains("\norganizations:\n") && !text.contains("\nroutes:\n"), "{name}: {text}");
        // How the issuer proves wildcards no object of these says.
        let is_told = found.iter().any(|found| found.code.0 == "import-solver-unknown");
        assert_eq!(is_told, text.contains("\ncertificates:\n"), "{name}: {found:?}");
        // Who has a Gateway of its own needs no record.
        assert_eq!(text.contains("\nplacements:\n"), name != "dedicated", "{name}: {text}");
        assert_eq!(stored(&is.objects, TARGET).len(), stored(&was.objects, TARGET).len(), "{name}");
        assert_eq!(planned(&text), planned(&values), "{name}");
        let (old, new) = (stored(&was.objects, TARGET), stored(&is.objects, TARGET));
        let routes = |objects: BTreeMap<Key, serde_json::Value>| -> Vec<_> {
            objects.into_iter().filter(|(key, _)| key.0 == "HTTPRoute").collect()
        };
        assert_eq!(routes(new), routes(old), "{name}");
    }
}

/// Nine organizations on three Gateways or more, by a strategy with what else `sharding` and `gateways` have.
fn sharded(strategy: &str, sharding: &str, gateways: &[&str]) -> String {
    let mut values = format!(
        "profile: envoy-gateway\nbaseDomain: example.com\nsharding: {{strategy: {strategy}{sharding}}}\n\
         certificates: {{enabled: true, solver: dns01, issuerRef: {{name: dns, kind: ClusterIssuer}}}}\ngateways:\n"
    );
    for name in gateways {
        let listeners = "[{name: http, port: 80, protocol: HTTP}]";
        let _ =
            writeln!(values, "- {{name: {name}, namespace: edge, className: eg, listeners: {listeners}}}");
    }
    values.push_str("organizations:\n");
    for number in 1..=9 {
        let dedicated = if strategy == "hybrid" && number > 7 { "{dedicated: true}" } else { "{}" };
        let services = "[{name: api, port: 8080}, {name: web, port: 80}]";
        let _ = writeln!(values, "- {{name: org-{number}, gateway: {dedicated}, services: {services}}}");
    }
    values
}

#[test]
fn every_strategy_comes_back_from_three_gateways() {
    let full = ", limits: {listeners: 3}";
    for (strategy, sharding, gateways) in [
        ("perService", "", &["eg", "front", "back"][..]),
        ("wildcardPerOrganization", "", &["eg", "front", "back"]),
        ("listenerSets", "", &["eg", "front", "back"]),
        ("dedicated", "", &["eg"]),
        ("hash", ", gateways: 3", &["eg"]),
        ("hybrid", &format!("{full}, listenerSets: never, maxGateways: 9"), &["eg"]),
        ("pool", full, &["eg"]),
        // The stem may have a dash and digits of its own.
        ("pool", full, &["eg-01"]),
        ("hash", ", gateways: 4", &["eg-1-2"]),
    ] {
        let was = golden::render(&sharded(strategy, sharding, gateways), Settings::default());
        assert!(!was.failed(), "{strategy}: {}", was.report());
        let count = was.objects.iter().filter(|object| object.kind == "Gateway").count();
        assert!(count >= 3, "{strategy}: {count} Gateways");
        let (text, found) = imported(&was.manifests, Some("example.com"));
        let worse: Vec<_> = found.iter().filter(|found| found.severity > Severity::Info).collect();
        assert!(worse.is_empty(), "{strategy}: {worse:?}");
        assert!(text.contains(&format!("strategy: {strategy}\n")) && !text.contains("\nroutes:\n"), "{text}");
        let is = golden::render(&text, Settings::default());
        assert!(!is.failed(), "{strategy}: {}", is.report());
        let (old, new) = (stored(&was.objects, TARGET), stored(&is.objects, TARGET));
        let keys: BTreeSet<&Key> = old.keys().chain(new.keys()).collect();
        let unlike = keys.into_iter().filter(|key| old.get(*key) != new.get(*key));
        let unlike: Vec<_> = unlike.map(|key| (key, old.get(key), new.get(key))).collect();
        assert!(unlike.is_empty(), "{strategy}: {unlike:#?}\n{text}");
    }
}

/// Gateways without a common stem: those on the one that most are on are organizations, and the others are told why not.
#[test]
fn a_gateway_of_another_name_is_told() {
    let mut manifests =
        golden::render(&sharded("pool", ", limits: {listeners: 3}", &["eg"]), Settings::default()).manifests;
    manifests = manifests.replace("eg-02", "internal");
    let (text, found) = imported(&manifests, Some("example.com"));
    let told: Vec<&str> = found
        .iter()
        .filter(|found| found.code.0 == "import-no-organization")
        .map(|found| found.message.as_str())
        .collect();
    assert!(!told.is_empty() && told.iter().all(|message| message.contains("`internal`")), "{told:?}");
    assert!(text.contains("strategy: pool\n"), "{text}");
}

/// What `import` says of a case, and the values; a first line `# --base-domain DOMAIN` is the option, and one
/// `# without --namespace and --class` is for their defaults.
fn said(folder: &Path) -> (String, String) {
    let ingress = folder.join("ingress.yaml");
    let is_ingress = ingress.exists();
    let file = if is_ingress { ingress } else { folder.join("gateways.yaml") };
    let text = fs::read_to_string(file).expect("a case has an Ingress or a Gateway");
    let mut objects = Objects::default();
    let mut found = objects.read(&text, 0);
    let imported = if is_ingress {
        let settings = if text.starts_with("# without --namespace and --class") {
            IngressSettings::default()
        } else {
            IngressSettings { namespace: Some("edge".to_owned()), class: Some("eg".to_owned()) }
        };
        ingresses(&objects, &settings)
    } else {
        let domain = text.lines().next().and_then(|line| line.strip_prefix("# --base-domain "));
        let domain = domain.map(|domain| Hostname::parse(domain).expect("a domain").0);
        gateways(&objects, domain.as_ref())
    };
    let values = imported.text();
    found.extend(imported.diagnostics);
    found.sort_by_key(|found| found.position);
    let report = found.iter().fold(String::new(), |mut text, found| {
        let _ = writeln!(text, "{}: {found}", found.position.line);
        if !found.hint.is_empty() {
            let _ = writeln!(text, "  hint: {}", found.hint);
        }
        text
    });
    (values, report)
}

/// An Ingress with a certificate and a rule for each of so many hosts, each with a Service of its own or all with one.
fn of_hosts(count: usize, is_alike: bool) -> String {
    let mut text = String::from(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: many, namespace: a}\nspec:\n  tls: [{secretName: tls, hosts: [",
    );
    (0..count).for_each(|host| write!(text, "h{host}.example.com, ").expect("a text takes everything"));
    text.push_str("]}]\n  rules:\n");
    for host in 0..count {
        let service = if is_alike { 0 } else { host };
        let backend = format!("{{service: {{name: web-{service}, port: {{number: 80}}}}}}");
        let paths = format!("[{{path: /, pathType: Prefix, backend: {backend}}}]");
        writeln!(text, "  - {{host: h{host}.example.com, http: {{paths: {paths}}}}}")
            .expect("a text takes everything");
    }
    text
}

fn of_ingress(text: &str) -> (String, Vec<Diagnostic>) {
    let mut objects = Objects::default();
    assert_eq!(objects.read(text, 0), []);
    let settings = IngressSettings { namespace: Some("edge".to_owned()), class: Some("eg".to_owned()) };
    let imported = ingresses(&objects, &settings);
    (imported.text(), imported.diagnostics)
}

/// A route has 32 parents at most, and each host with TLS is one.
#[test]
fn hosts_with_tls_are_shared_out_among_routes() {
    let (values, found) = of_ingress(&of_hosts(40, true));
    assert!(found.iter().all(|found| found.severity == Severity::Warning), "{found:?}");
    let rendering = golden::render(&values, Settings::default());
    assert!(!rendering.failed(), "{}", rendering.report());
    let routes = stored(&rendering.objects, TARGET);
    let hosts: BTreeSet<String> = routes
        .iter()
        .filter(|((kind, _, name), _)| kind == "HTTPRoute" && !name.contains("-redirect"))
        .flat_map(|(_, route)| route["spec"]["hostnames"].as_array().cloned().unwrap_or_default())
        .map(|host| host.to_string())
        .collect();
    assert_eq!(hosts.len(), 40, "{values}");
}

/// A Gateway has 64 listeners at most: the values are written all the same.
#[test]
fn more_hosts_with_tls_than_listeners_are_told() {
    for is_alike in [true, false] {
        let (values, found) = of_ingress(&of_hosts(70, is_alike));
        let told = found.iter().filter(|found| found.code.0 == "import-not-rendered").collect::<Vec<_>>();
        assert!(matches!(told.as_slice(), [told] if told.message.contains("71 listeners")), "{found:?}");
        assert!(values.contains("h69.example.com") && values.contains("web-0"), "{values}");
    }
}

/// What a request is answered with, and by which Service.
fn asked(manifests: &str, port: u16, host: &str, path: &str) -> (i64, String) {
    let files = [json!({"name": "all.yaml", "text": manifests})];
    let request = json!({"host": host, "path": path, "port": port});
    let answer =
        gatewright_core::api::call(&json!({"op": "trace", "files": files, "request": request}).to_string());
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("it is JSON");
    let answer = &answer["ok"]["trace"]["answer"];
    let service = answer["backends"][0]["name"].as_str().unwrap_or_default();
    (answer["status"].as_i64().unwrap_or_default(), service.to_owned())
}

/// Below a wildcard each host answers alone, as it does in ingress-nginx.
#[test]
fn hosts_below_a_wildcard_answer_as_they_did() {
    let text = fs::read_to_string(root().join("tests/import/below/ingress.yaml")).expect("there is the case");
    let manifests = golden::render(&of_ingress(&text).0, Settings::default()).manifests;
    for (host, path, answer) in [
        ("one.plain.example.com", "/one", (200, "one")),
        ("one.plain.example.com", "/other", (404, "")),
        ("also.plain.example.com", "/other", (404, "")),
        ("any.plain.example.com", "/other", (200, "wild")),
        ("any.deep.plain.example.com", "/x", (200, "wild")),
        ("any.deep.plain.example.com", "/other", (404, "")),
        ("whole.deep.plain.example.com", "/other", (200, "one")),
        ("far.deep.plain.example.com", "/x", (404, "")),
        ("one.alias.example.com", "/one", (200, "one")),
        ("one.alias.example.com", "/other", (404, "")),
    ] {
        let is = asked(&manifests, 80, host, path);
        assert_eq!((is.0, is.1.as_str()), answer, "{host}{path}");
    }
}

/// Nor does a wildcard with a certificate answer for hosts that have no route.
#[test]
fn hosts_without_routes_keep_their_requests_from_a_wildcard() {
    let text =
        fs::read_to_string(root().join("tests/import/silent/ingress.yaml")).expect("there is the case");
    let manifests = golden::render(&of_ingress(&text).0, Settings::default()).manifests;
    for (port, host, path, answer) in [
        (443, "any.ex.com", "/x", (200, "wild")),
        (443, "own.ex.com", "/x", (404, "")),
        (443, "own.example.org", "/x", (404, "")),
        (443, "none.ex.com", "/x", (404, "")),
        (443, "unsaid.ex.com", "/x", (404, "")),
        (443, "passed.ex.com", "/x", (404, "")),
        (443, "exact.ex.com", "/", (404, "")),
        (443, "lost.ex.com", "/", (404, "")),
        (80, "own.ex.com", "/x", (308, "")),
        (80, "quiet.ex.com", "/x", (404, "")),
        (80, "open.ex.com", "/x", (200, "open")),
        (80, "open.ex.com", "/q", (404, "")),
        (80, "x.y.ex.com", "/x", (200, "deep")),
        (80, "x.y.ex.com", "/q", (404, "")),
        (80, "any.z.ex.com", "/q", (404, "")),
    ] {
        let is = asked(&manifests, port, host, path);
        assert_eq!((is.0, is.1.as_str()), answer, "{host}:{port}{path}");
    }
}

/// Where a Gateway takes no listener for each of them, hosts below a wildcard share one, and that is told.
#[test]
fn more_hosts_below_a_wildcard_than_listeners_are_told() {
    for (count, is_apart) in [(63, true), (64, false)] {
        let wildcard = "  rules:\n  - {host: '*.example.com', http: {paths: [{path: /, backend: {service: {name: wild, port: {number: 80}}}}]}}\n";
        let text = of_hosts(count, true).replace("path: /,", "path: /p,").replace("  rules:\n", wildcard);
        let text: String = text
            .lines()
            .filter(|line| !line.contains("secretName"))
            .fold(String::new(), |text, line| text + line + "\n");
        let (values, found) = of_ingress(&text);
        let told = found.iter().filter(|found| found.code.0 == "import-wildcard").count();
        assert_eq!(told, 1, "{found:?}");
        assert_eq!(values.contains("sectionName: http-h0.example.com"), is_apart, "{count}");
        let rendering = golden::render(&values, Settings::default());
        assert!(!rendering.failed(), "{}", rendering.report());
        let is = asked(&rendering.manifests, 80, "h0.example.com", "/other");
        assert_eq!(is.0, if is_apart { 404 } else { 200 }, "{count}");
    }
}

/// An Ingress with one Service for these paths, each with its host.
fn of_places(name: &str, places: impl IntoIterator<Item = (String, &'static str)>) -> String {
    let start = format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: {name}, namespace: a}}\nspec:\n  rules:\n"
    );
    places.into_iter().fold(start, |mut text, (host, path)| {
        let backend = format!("{{service: {{name: {name}, port: {{number: 80}}}}}}");
        let host = if host.is_empty() { host } else { format!("host: '{host}', ") };
        writeln!(text, "  - {{{host}http: {{paths: [{{path: {path}, backend: {backend}}}]}}}}")
            .expect("a text takes everything");
        text
    })
}

/// Of several wildcards those with few hosts below have room although others have none.
#[test]
fn hosts_of_a_wildcard_are_apart_where_those_of_another_have_no_room() {
    let wide = [String::new(), "*.ex.com".to_owned()].map(|host| (host, "/"));
    let hosts =
        (0..62).map(|host| format!("h{host}.org")).chain((0..3).map(|host| format!("k{host}.ex.com")));
    let text = of_places("wide", wide) + &of_places("named", hosts.map(|host| (host, "/p")));
    let (values, found) = of_ingress(&text);
    let told: Vec<&str> = found
        .iter()
        .filter(|found| found.code.0 == "import-wildcard")
        .map(|found| found.message.as_str())
        .collect();
    let [every, wild] = told.as_slice() else { panic!("{told:?}") };
    assert!(every.contains("more than 64") && !every.contains("k0.ex.com"), "{every}");
    assert!(wild.contains("a listener of their own") && wild.contains("k0.ex.com"), "{wild}");
    let rendering = golden::render(&values, Settings::default());
    assert!(!rendering.failed(), "{}", rendering.report());
    for (host, status) in [("k0.ex.com", 404), ("h0.org", 200)] {
        assert_eq!(asked(&rendering.manifests, 80, host, "/other").0, status, "{host}");
    }
}

/// An alias under TLS has a listener too, so that there may be no room for others.
#[test]
fn aliases_are_among_the_listeners_of_a_gateway() {
    let places = ["", "plain.org"].map(str::to_owned).into_iter().zip(["/", "/p"]);
    let text = of_hosts(62, true) + &of_places("plain", places);
    let alias = "metadata: {annotations: {nginx.ingress.kubernetes.io/server-alias: '*.x.io'}, name: many,";
    for (text, is_apart) in [(text.replace("metadata: {name: many,", alias), false), (text, true)] {
        let (values, _) = of_ingress(&text);
        let rendering = golden::render(&values, Settings::default());
        assert!(!rendering.failed(), "{}", rendering.report());
        let is = asked(&rendering.manifests, 80, "plain.org", "/other").0;
        assert_eq!(is, if is_apart { 404 } else { 200 });
    }
}

/// A case is a folder of `tests/import` with an `ingress.yaml` or a `gateways.yaml`; beside it lie the values and what
/// is said.
#[test]
fn every_case_becomes_what_is_written_down() {
    let mut faults = Vec::new();
    let folder = root().join("tests/import");
    let mut names = names_in(&folder);
    names.sort();
    assert!(names.len() > 3);
    for name in names {
        let (values, report) = said(&folder.join(&name));
        faults.extend(hold(&folder.join(&name).join("values.yaml"), &values).err());
        faults.extend(hold(&folder.join(&name).join("report.txt"), &report).err());
        if values.is_empty() {
            continue;
        }
        let rendering = golden::render(&values, Settings::default());
        assert!(!rendering.failed(), "{name}: {}", rendering.report());
        let settings = CheckSettings::new(TARGET);
        let mut run = Run::new(&settings);
        run.read(&rendering.manifests, 0);
        let verdicts = run.finish();
        let judged = verdicts.results.iter().flat_map(|judged| &judged.diagnostics);
        let bad =
            judged.filter(|found| found.severity > Severity::Info && !TAKEN_OVER.contains(&found.code.0));
        faults.extend(bad.map(|found| format!("{name}: {found}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// In pairs of rules, or of listeners with one name, these would take minutes.
#[test]
fn many_hosts_of_one_ingress_are_read_in_time() {
    let read = |spec: &str| {
        let manifest = format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: many, namespace: a}}\nspec:\n  ingressClassName: nginx\n{spec}"
        );
        let mut objects = Objects::default();
        assert_eq!(objects.read(&manifest, 0), []);
        ingresses(&objects, &IngressSettings::default()).text()
    };
    let path = |path: usize| {
        format!(
            "{{path: /{path}, pathType: Prefix, backend: {{service: {{name: web, port: {{number: 80}}}}}}}}"
        )
    };
    let rule = |n: usize| format!("  - {{host: h{n}.example.com, http: {{paths: [{}]}}}}\n", path(n % 2000));
    let rules: String = (0..30_000).map(rule).collect();
    assert!(read(&format!("  rules:\n{rules}")).contains("h29999.example.com"));
    let long = |n: usize| {
        format!("{n:04}{}.{}.{}.{}", "a".repeat(59), "b".repeat(63), "c".repeat(63), "d".repeat(58))
    };
    let hosts: Vec<String> = (0..5000).map(long).collect();
    let rule = |host: &String| format!("  - {{host: {host}, http: {{paths: [{}]}}}}\n", path(1));
    let rules: String = hosts.iter().map(rule).collect();
    let tls = hosts.join(", ");
    assert!(
        read(&format!("  tls: [{{hosts: [{tls}], secretName: s}}]\n  rules:\n{rules}"))
            .contains("https-host-5000")
    );
}
