//! Manifests judged without a cluster.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::process::{Run, directory, run};

const ROUTE: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: team-a}
spec:
  parentRefs: [{name: edge}]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
";

fn check(arguments: &[&str], stdin: &str) -> Run {
    run(&[&["check"], arguments].concat(), stdin)
}

fn json(arguments: &[&str], stdin: &str) -> (Value, Option<i32>) {
    let run = check(&[&["--format", "json"], arguments].concat(), stdin);
    (serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}")), run.code)
}

fn codes(report: &Value, result: usize) -> Vec<&str> {
    let diagnostics = report["results"][result]["diagnostics"].as_array().expect("a list");
    diagnostics.iter().filter_map(|diagnostic| diagnostic["code"].as_str()).collect()
}

#[test]
fn accepts_what_an_api_server_would() {
    let (report, code) = json(&["-"], ROUTE);
    assert_eq!(code, Some(0), "{report}");
    let result = &report["results"][0];
    assert_eq!(result["allowed"], true, "{report}");
    assert_eq!(result["object"]["name"], "shop");
    assert_eq!(result["source"], serde_json::json!({"file": "<stdin>", "document": 1, "line": 2}));
    assert_eq!(report["summary"]["objects"], 1);
}

#[test]
fn every_fault_comes_with_path_and_line() {
    let wrong = ROUTE.replace("port: 80", "port: 80000, wait: 3").replace("parentRefs", "parentsRefs");
    let (report, code) = json(&["-"], &wrong);
    assert_eq!(code, Some(1), "{report}");
    assert_eq!(report["results"][0]["allowed"], false);
    assert_eq!(codes(&report, 0), ["api-unknown-field", "api-bound", "api-unknown-field"]);
    let first = &report["results"][0]["diagnostics"][0];
    assert_eq!((&first["path"], &first["line"]), (&"spec.parentsRefs".into(), &6.into()));
    assert_eq!(first["level"], "api");
}

#[test]
fn a_named_controller_has_a_level_of_its_own() {
    let route = ROUTE.replace("rules: [{", "rules: [{timeouts: {request: 1s}, ");
    let (report, code) = json(&["-"], &route);
    assert_eq!((codes(&report, 0), code), (vec![], Some(0)), "{report}");
    let (report, code) = json(&["--profile", "traefik", "-"], &route);
    assert_eq!((codes(&report, 0), code), (vec!["unsupported-feature"], Some(0)), "{report}");
    let found = &report["results"][0]["diagnostics"][0];
    assert_eq!(found["level"], "controller");
    assert_eq!((&found["path"], &found["line"]), (&"spec.rules[0].timeouts.request".into(), &7.into()));
    assert!(found["source"].as_str().is_some_and(|source| source.starts_with("reports/")), "{found}");
}

#[test]
fn the_report_of_people_goes_to_stdout_with_the_line() {
    let run = check(&["-"], &ROUTE.replace("parentRefs:", "parentRef:"));
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.contains("error[api-unknown-field]: spec.parentRef:"), "{run:?}");
    assert!(run.stdout.contains("did you mean `parentRefs`?"), "{run:?}");
    assert!(run.stdout.contains(" --> <stdin>:6:3"), "{run:?}");
    assert!(run.stdout.ends_with("gatewright: 1 object, 1 error, 0 warnings\n"), "{run:?}");
    assert_eq!(run.stderr, "");
}

#[test]
fn releases_and_channels_differ() {
    let tcp = ROUTE.replace("HTTPRoute", "TCPRoute");
    assert_eq!(json(&["-"], &tcp).1, Some(0));
    let (report, code) = json(&["--gateway-api", "1.5", "-"], &tcp);
    assert_eq!((code, codes(&report, 0)), (Some(1), vec!["api-not-served"]));
    let older = tcp.replace("/v1\n", "/v1alpha2\n");
    assert_eq!(json(&["--gateway-api", "1.5", "--channel", "experimental", "-"], &older).1, Some(0));
}

#[test]
fn an_update_may_keep_a_fault_but_not_change_what_is_immutable() {
    let folder = directory("check-against");
    let class = |controller: &str, description: &str| {
        format!(
            "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {{name: a}}\n\
             spec: {{controllerName: {controller}, description: {description}}}\n"
        )
    };
    let before = folder.join("before.yaml");
    let long = "x".repeat(65);
    fs::write(&before, class("example.com/a", &long)).expect("a file can be written");
    let against = ["--against", before.to_str().expect("a path is text"), "-"];
    assert_eq!(json(&against, &class("example.com/a", &long)).1, Some(0), "the fault was there before");
    assert_eq!(json(&["-"], &class("example.com/a", &long)).1, Some(1), "it is one in a new object");
    let (report, _) = json(&against, &class("example.com/b", "short"));
    assert_eq!(codes(&report, 0), ["api-rule"]);
    assert_eq!(json(&["-"], &class("example.com/b", "short")).1, Some(0));
}

#[test]
fn lists_folders_and_foreign_kinds_are_told_apart() {
    let folder = directory("check-folder");
    fs::create_dir(folder.join("below")).expect("a folder can be made");
    let list = "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}, \
                {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}]}";
    for (name, text) in [
        ("a.yaml", ROUTE),
        ("below/b.json", list),
        ("c.txt", "not: read"),
        ("d.yml", "# nothing\n---\n---\n"),
    ] {
        fs::write(folder.join(name), text).expect("a file can be written");
    }
    let (report, code) = json(&[folder.to_str().expect("a path is text")], "");
    assert_eq!(code, Some(0), "{report}");
    let allowed: Vec<&Value> =
        report["results"].as_array().expect("a list").iter().map(|result| &result["allowed"]).collect();
    assert_eq!(allowed, [&Value::Bool(true), &Value::Null, &Value::Null]);
    assert_eq!(codes(&report, 1), ["not-checked"]);
    assert_eq!(codes(&report, 2), [""; 0], "a kind is named once");
}

#[test]
fn kinds_that_are_not_checked_are_one_finding_but_in_json() {
    let object = |api_version: &str, kind: &str, name: usize| {
        format!("{{apiVersion: {api_version}, kind: {kind}, metadata: {{name: a{name}}}}}\n---\n")
    };
    let kinds = (0..20).map(|at| object("example.com/v1", &format!("Thing{at}"), at));
    let text: String = kinds.chain((0..3).map(|at| object("apps/v1", "Deployment", at))).collect();
    for format in ["text", "github", "sarif"] {
        let run = check(&["--format", format, "-"], &text);
        let message = "23 objects of 21 kinds are not checked by themselves: 1 Thing0 in example.com/v1, ";
        assert_eq!(run.stdout.matches("not checked by themselves").count(), 1, "{run:?}");
        assert!(
            run.stdout.contains(message) && run.stdout.contains("Thing7 in example.com/v1 … and 13 more"),
            "{run:?}"
        );
        let run = check(&["--format", format, "-"], &object("apps/v1", "Deployment", 0));
        assert!(run.stdout.contains("objects of kind Deployment in apps/v1 are not checked"), "{run:?}");
    }
    let (report, _) = json(&["-"], &text);
    let told = (0..23).filter(|index| codes(&report, *index) == ["not-checked"]).count();
    assert_eq!(told, 21, "{report}");
}

#[test]
fn what_cannot_be_read_or_is_no_object_is_said() {
    let (report, code) = json(&["-"], "a: [1\n---\n{}\n---\nfoo: bar\n");
    assert_eq!(code, Some(2), "{report}");
    assert_eq!(report["results"][0]["object"], Value::Null);
    assert_eq!(codes(&report, 1), ["not-an-object"]);
    let (report, code) = json(&["-"], "");
    assert_eq!((code, codes(&report, 0)), (Some(0), vec!["nothing-to-check"]));
    assert_eq!(check(&["/nowhere"], "").code, Some(2));
}

#[test]
fn fifty_thousand_documents_and_one_of_five_megabytes_have_an_answer() {
    let mut documents = String::new();
    for number in 0..50_000 {
        writeln!(documents, "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a{number}}}}}\n---")
            .expect("memory suffices");
    }
    let (report, code) = json(&["-"], &documents);
    assert_eq!((code, &report["summary"]["objects"]), (Some(0), &50_000.into()));

    let large = ROUTE.replace("team-a}", &format!("team-a, annotations: {{a: {}}}}}", "x".repeat(5 << 20)));
    let (report, code) = json(&["-"], &large);
    assert_eq!((code, codes(&report, 0)), (Some(1), vec!["api-too-long"]));
}

#[test]
fn aliases_in_a_circle_and_objects_without_metadata_are_said() {
    let (report, code) = json(&["-"], "apiVersion: v1\nkind: ConfigMap\ndata: &a {b: *a}\n");
    assert_eq!((code, &report["results"][0]["allowed"]), (Some(2), &false.into()), "{report}");
    assert_eq!(codes(&report, 0).len(), 1, "{report}");

    let bare = "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nspec: {controllerName: example.com/a}\n";
    let (report, code) = json(&["-"], bare);
    assert_eq!((code, codes(&report, 0)), (Some(1), vec!["api-required"]), "{report}");
}

#[test]
fn an_object_can_be_let_off_some_findings_but_not_the_api_servers() {
    let annotated = |code: &str| {
        ROUTE.replace("namespace:", &format!("annotations: {{gatewright.dev/ignore: {code}}}, namespace:"))
    };
    let twice = format!("{}---{}", annotated("repeated-object"), annotated("repeated-object"));
    let (report, code) = json(&["-"], &twice);
    assert_eq!((code, codes(&report, 1)), (Some(0), vec!["ignored"]), "{report}");
    let (report, code) = json(&["-"], &annotated("api-bound").replace("port: 80", "port: 0"));
    assert_eq!((code, codes(&report, 0)), (Some(1), vec!["ignored", "api-bound"]), "{report}");
}

#[test]
fn warnings_can_make_the_exit_code() {
    let twice = format!("{ROUTE}---{ROUTE}");
    assert_eq!(check(&["-"], &twice).code, Some(0));
    assert_eq!(check(&["--fail-on", "warning", "-"], &twice).code, Some(1));
    assert_eq!(check(&["--fail-on", "warning", "--skip", "repeated-object", "-"], &twice).code, Some(0));
    // A warning of the text itself counts as one of an object does.
    let key = ROUTE.replace("metadata:", "kind: HTTPRoute\nmetadata:");
    let (report, code) = json(&["--fail-on", "warning", "-"], &key);
    assert_eq!((&report["summary"]["warnings"], code), (&1.into(), Some(1)), "{report}");
}

#[test]
fn a_misspelt_group_of_gateway_api_is_a_warning_among_kinds_that_are_not_checked() {
    let others = ["example.com/v1", "example.com/v2"]
        .map(|version| format!("{{apiVersion: {version}, kind: Shop, metadata: {{name: a}}}}\n---\n"));
    let text = others.concat() + &ROUTE.replace("gateway.networking", "networking.gateway");
    let run = check(&["-"], &text);
    assert!(run.stdout.contains("info[not-checked]: 2 objects of 2 kinds"), "{run:?}");
    assert!(run.stdout.contains("warning[not-checked]: apiVersion: objects of kind HTTPRoute"), "{run:?}");
    assert!(run.stdout.contains("did you mean `gateway.networking.k8s.io/v1`?"), "{run:?}");
}

/// As kubectl takes them; Helm's values are YAML alone.
#[test]
fn json_may_have_escapes_that_yaml_has_not() {
    let object = r#"{"apiVersion": "gateway.networking.k8s.io\/v1", "kind": "HTTPRoute",
        "metadata": {"name": "r", "annotations": {"a": "\ud83d\ude00"}}, "spec": {"hostnames": ["A"]}}"#;
    let (report, code) = json(&["-"], object);
    assert_eq!((codes(&report, 0).contains(&"api-pattern"), code), (true, Some(1)), "{report}");
    assert_eq!(json(&["-"], &object.replace("\\ude00", "")).1, Some(2));
    assert_eq!(json(&["-"], &format!("---\n{object}")).1, Some(2));
}

#[test]
fn a_fault_in_a_stream_of_json_is_told_where_it_is() {
    let service = |name: &str, more: &str| {
        format!("{{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{{\"name\":\"{name}\"}}{more}}}\n")
    };
    let stream = service("a", "") + &service("b", "") + &service("c", "") + &service("d", ",");
    let run = check(&["-"], &stream);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.contains("not JSON, as the objects before it are: key must be a string"), "{run:?}");
    assert!(run.stdout.contains("<stdin>:4:61") && run.stdout.contains("3 objects, 1 error"), "{run:?}");
}

#[test]
fn objects_without_a_name_are_not_the_same_one() {
    let generated = ROUTE.replace("name: shop, n", "generateName: shop-, n");
    let kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";
    let input = format!("{generated}---{generated}---\n{kustomization}---\n{kustomization}");
    let (report, code) = json(&["-"], &input);
    assert_eq!((&report["summary"]["warnings"], code), (&0.into(), Some(0)), "{report}");
    assert_eq!([0, 1, 2, 3].map(|at| codes(&report, at).len()), [0, 0, 1, 0], "{report}");
}

#[test]
fn a_kind_of_gateway_api_in_a_group_of_kubernetes_is_refused() {
    for group in ["v1", "networking.k8s.io/v1"] {
        let (report, code) = json(&["-"], &ROUTE.replace("gateway.networking.k8s.io/v1", group));
        assert_eq!((codes(&report, 0), code), (vec!["api-not-served"], Some(1)), "{report}");
    }
}

#[test]
fn only_what_has_a_crd_is_asked_for_one() {
    let hint = |object: &str| json(&["-"], object).0["results"][0]["diagnostics"][0]["hint"].to_string();
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n";
    assert!(!hint(service).contains("--crd"));
    assert!(hint("apiVersion: example.com/v1\nkind: Shop\nmetadata: {name: shop}\n").contains("--crd"));
}

#[test]
fn the_context_is_there_already() {
    let folder = directory("context");
    let gateway = "apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: team-a}
spec:
  gatewayClassName: eg
  listeners: [{name: http, port: 80, protocol: HTTP, hostname: \"*.example.com\"}]
";
    let other = ROUTE.replace("name: shop,", "name: older,");
    fs::write(folder.join("gateway.yaml"), gateway).expect("the folder takes files");
    fs::write(folder.join("routes.yaml"), format!("{ROUTE}---{other}")).expect("the folder takes files");
    let context = folder.to_str().expect("a plain path");

    let astray = ROUTE.replace("  rules:", "  hostnames: [shop.example.org]\n  rules:");
    let (report, code) = json(&["--context", context, "-"], &astray);
    assert_eq!(code, Some(1), "{report}");
    assert!(codes(&report, 0).contains(&"no-hostname-overlap"), "{report}");
    assert_eq!(report["summary"]["objects"], 1, "the context is not judged: {report}");

    let slow = ROUTE.replace("rules: [{", "rules: [{timeouts: {request: 1s}, ");
    let (report, _) = json(&["--profile", "traefik", "--context", context, "-"], &slow);
    assert!(codes(&report, 0).contains(&"unsupported-feature"), "{report}");

    // In a cluster every object has a namespace; a manifest gets its own where it is applied.
    let bare = ROUTE.replace(", namespace: team-a", "");
    let (report, _) = json(&["-n", "team-a", "--context", context, "-"], &bare);
    let (itself, _) = json(&["--context", context, "-"], ROUTE);
    assert_eq!(codes(&report, 0), codes(&itself, 0), "{report}");

    // The route that the input has anew is not there twice; what it does to the other is said, and what was
    // so before is not.
    let (report, _) = json(&["--context", context, "-"], ROUTE);
    assert_eq!(report["results"].as_array().map(Vec::len), Some(2), "{report}");
    let newer = ROUTE.replace("name: shop,", "name: newer,");
    let (report, _) = json(&["--context", context, "-"], &newer);
    let about: Vec<_> = report["results"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|result| !result["object"].is_null())
        .map(|result| &result["object"]["name"])
        .collect();
    assert_eq!(about, ["newer", "shop", "older"], "{report}");
}

#[test]
fn a_misspelled_code_is_not_passed_over() {
    let (report, code) = json(&["--only", "wide-grnt", "-"], ROUTE);
    assert_eq!((code, codes(&report, 0)), (Some(2), vec!["unknown-code"]), "{report}");
    assert_eq!(report["results"][0]["diagnostics"][0]["hint"], "did you mean `wide-grant`?");
    assert_eq!(json(&["--skip", "wide-grant", "-"], ROUTE).1, Some(0));
}

#[test]
fn a_misspelled_code_in_an_annotation_is_said() {
    let annotated =
        ROUTE.replace("namespace:", "annotations: {gatewright.dev/ignore: wide-grnt}, namespace:");
    let (report, code) = json(&["-"], &annotated);
    assert_eq!((code, codes(&report, 0)), (Some(0), vec!["ignored"]), "{report}");
    let said = &report["results"][0]["diagnostics"][0];
    assert_eq!(said["message"], "no finding has the code `wide-grnt`, which is to be ignored here");
    assert_eq!((&said["severity"], &said["hint"]), (&"warning".into(), &"did you mean `wide-grant`?".into()));
}

#[test]
fn refusals_that_are_not_asked_for_still_count() {
    let refused = ROUTE.replace("port: 80", "port: 0");
    let run = check(&["--only", "wide-grant", "-"], &refused);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), "gatewright: 1 object, 0 errors, 0 warnings\n"));
    assert_eq!(run.stderr, "gatewright: 1 refusal not shown, for --only asks for other findings\n");
    let run = check(&["--only", "api-bound", "-"], &refused);
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    assert_eq!(check(&["--only", "wide-grant", "-"], ROUTE).code, Some(0));
}

#[test]
fn a_status_is_not_left_out_in_silence() {
    for format in ["sarif", "github"] {
        let run = check(&["--status", "--format", format, "-"], ROUTE);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:?}");
        assert!(run.stderr.contains("--status has no place in the formats sarif and github"), "{run:?}");
    }
}

#[test]
fn a_listener_stands_under_the_kind_of_what_has_it() {
    let set = "apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: more, namespace: team-a}
spec:
  parentRef: {name: edge}
  listeners: [{name: http, port: 80, protocol: HTTP}]
";
    let run = check(&["--status", "-"], set);
    let rows: Vec<Vec<&str>> =
        run.stdout.lines().map(|line| line.split_whitespace().take(4).collect()).collect();
    assert!(rows.contains(&vec!["KIND", "OF", "LISTENER", "ROUTES"]), "{run:?}");
    assert!(rows.contains(&vec!["ListenerSet", "team-a/more", "http", "0"]), "{run:?}");
}

#[test]
fn the_status_tells_parents_apart_and_says_why_a_condition_fails() {
    let route = "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: team-a}
spec:
  parentRefs:
    - {name: edge}
    - {kind: ListenerSet, name: edge, sectionName: http}
    - {kind: ListenerSet, name: edge, sectionName: http, port: 80}
    - {name: edge, namespace: infra, port: 80}
";
    let run = check(&["--status", "--complete", "-"], route);
    let words = run.stdout.split("\n\n").next().unwrap_or_default().split_whitespace();
    let table: String = words.collect::<Vec<_>>().join(" ");
    let expected = [
        ("team-a/edge", "Gateway team-a/edge"),
        ("ListenerSet team-a/edge http", "ListenerSet team-a/edge"),
        ("ListenerSet team-a/edge http:80", "ListenerSet team-a/edge"),
        ("infra/edge :80", "Gateway infra/edge"),
    ]
    .map(|(parent, absent)| {
        format!(
            " HTTPRoute team-a/shop {parent} Accepted=False (NoMatchingParent), ResolvedRefs \
             Accepted: {absent} does not exist"
        )
    });
    assert_eq!(table, format!("KIND ROUTE PARENT CONDITIONS{}", expected.concat()));
}

/// Two objects may differ in the last letter of the longest name that there is.
#[test]
fn names_in_the_status_stand_whole() {
    let (namespace, name) = ("n".repeat(63), "x".repeat(253));
    let route = ROUTE
        .replace("name: shop,", &format!("name: {name},"))
        .replace("namespace: team-a", &format!("namespace: {namespace}"));
    let run = check(&["--status", "-"], &route);
    assert!(run.stdout.contains(&format!(" {namespace}/{name} ")), "{run:?}");
}

#[test]
fn texts_of_megabytes_are_not_printed_whole() {
    let long = "x".repeat(2_000_000);
    for object in [
        ROUTE.replace("name: shop,", &format!("name: {long},")),
        ROUTE.replace("namespace:", &format!("labels: {{a: {long}}}, namespace:")),
        ROUTE.replace("spec:", &format!("spec:\n  ? {long}\n  : 1")),
        ROUTE.replace("kind: HTTPRoute", &format!("kind: {long}")),
        ROUTE.replace("gateway.networking", &format!("{long}.gateway.networking")),
        ROUTE.replace("name: edge", &format!("name: {long}")),
        ROUTE.replace("namespace:", &format!("annotations: {{gatewright.dev/ignore: {long}}}, namespace:")),
    ] {
        for format in ["text", "sarif", "github"] {
            let run = check(&["--complete", "--format", format, "-"], &object);
            let start: String = object.chars().filter(|c| *c != 'x').collect();
            assert!(run.stdout.len() < 100_000, "{format}, {} bytes: {start}", run.stdout.len());
        }
        let run = check(&["--complete", "--status", "-"], &object);
        assert!(run.stdout.len() < 100_000, "{} bytes", run.stdout.len());
    }
}

#[cfg(unix)]
#[test]
fn links_in_circles_are_walked_once() {
    let folder = directory("check-links");
    fs::write(folder.join("route.yaml"), ROUTE).expect("a file can be written");
    for name in ["a", "b"] {
        let link = folder.join(name);
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(&folder, link).expect("a link can be made");
    }
    let (report, code) = json(&[folder.to_str().expect("a path is text")], "");
    assert_eq!((code, &report["summary"]["objects"]), (Some(0), &1.into()), "{report}");
}
