//! What will exist, and why; and what changes.

use std::fmt::Write;

use serde_json::Value;

use crate::process::{FAULTY, SOUND, directory, file, run};

/// Two services under one name each, nine requests in ten to the first.
const WEIGHTED: &str = "
externalServices:
  - {name: stable, port: 80, endpoints: [a.example.com, b.example.com]}
  - {name: canary, port: 80, endpoints: [c.example.com]}
gateway: {name: web, className: cilium, listeners: [{name: http, protocol: HTTP, port: 80}]}
routes:
  - name: api
    hostnames: [api.example.com]
    rules: [{backendRefs: [{name: stable, weight: 90}, {name: canary, weight: 10}]}]
";

fn json(arguments: &[&str], stdin: &str) -> Value {
    let run = run(&[&["plan", "--format", "json"], arguments].concat(), stdin);
    assert_eq!(run.code, Some(0), "{run:?}");
    serde_json::from_str(&run.stdout).expect("a plan is JSON")
}

fn text(arguments: &[&str], stdin: &str) -> String {
    let run = run(&[&["plan"], arguments].concat(), stdin);
    assert_eq!(run.code, Some(0), "{run:?}");
    run.stdout
}

/// Kinds and names in a list of objects.
fn objects(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list of objects");
    list.iter().map(|object| format!("{} {}", object["kind"], object["name"]).replace('"', "")).collect()
}

#[test]
fn json_says_what_will_exist_and_why() {
    let plan = json(&["-f", "-", "-n", "edge", "--name", "shop"], WEIGHTED);
    assert_eq!(plan["release"], serde_json::json!({"name": "shop", "namespace": "edge"}));
    assert_eq!(plan["gatewayAPI"], serde_json::json!({"version": "1.6", "channel": "standard"}));
    let gateway = &plan["gateways"][0];
    assert_eq!((&gateway["profile"], &gateway["routes"]), (&"cilium".into(), &1.into()));
    assert_eq!(gateway["why"], "the usual controller of class `cilium`");
    let listener = &gateway["listeners"][0];
    assert_eq!(
        (&listener["port"], &listener["derived"], &listener["tls"]),
        (&80.into(), &false.into(), &Value::Null)
    );
    let route = &plan["routes"][0];
    assert_eq!(route["parents"][0]["listeners"], serde_json::json!(["http"]));
    let percents: Vec<_> = route["rules"][0]["backends"].as_array().into_iter().flatten().collect();
    let percents: Vec<_> = percents.iter().map(|backend| backend["percent"].as_f64()).collect();
    assert_eq!(percents, [Some(45.0), Some(45.0), Some(10.0)]);
    let backend = &plan["backends"][0];
    assert_eq!(backend["form"], format!("relay port {}", backend["relayPort"]));
    assert!(backend["source"].as_str().is_some_and(|source| source.contains("Cilium")), "{backend}");
    assert_eq!(plan["relays"][0]["upstreams"].as_array().map(Vec::len), Some(3));
    assert_eq!(plan["objects"][0]["digest"].as_str().map(str::len), Some(16));
    assert!(plan.get("changes").is_none());
}

#[test]
fn json_lists_the_objects_that_render_makes() {
    let rendered = run(&["render", "-f", "-", "-o", "json"], WEIGHTED);
    let rendered: Value = serde_json::from_str(&rendered.stdout).expect("a list is JSON");
    let rendered: Vec<_> = rendered["items"].as_array().into_iter().flatten().collect();
    let rendered: Vec<_> = rendered
        .iter()
        .map(|item| format!("{} {}", item["kind"], item["metadata"]["name"]).replace('"', ""))
        .collect();
    assert_eq!(objects(&json(&["-f", "-"], WEIGHTED)["objects"]), rendered);
}

#[test]
fn text_names_everything_with_its_reason() {
    let text = text(&["-f", "-"], WEIGHTED);
    for words in [
        "1 Gateway, 1 route, 2 external services",
        "the usual controller of class `cilium`",
        "HTTPRoute api -> web (http)",
        "hosts api.example.com",
        "45 %  stable-0:80",
        "10 %  canary:80",
        "relay: Cilium",
        "source: Cilium",
        "c.example.com:80",
        "OBJECTS",
    ] {
        assert!(text.contains(words), "`{words}` is missing:\n{text}");
    }
}

#[test]
fn text_says_what_was_derived() {
    let text = text(&["-f", "-"], SOUND);
    assert!(text.contains("derived from service api"), "{text}");
    assert!(text.contains("Service with EndpointSlices: so Cilium"), "{text}");
}

#[test]
fn a_thousand_services_fit_a_screen_or_two() {
    let mut values = "externalServices:\n".to_owned();
    for number in 0..1000 {
        let _ =
            writeln!(values, "  - {{name: s{number}, port: 80, endpoints: [192.0.2.{}]}}", 1 + number % 250);
    }
    let text = text(&["-f", "-"], &values);
    assert!(text.lines().count() < 80, "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert!(text.contains("1000 HTTPRoutes") && text.contains("… and 992 more"), "{text}");
}

/// Gateways, and groups of routes by their Gateways, are as many as the organizations.
#[test]
fn ten_thousand_gateways_fit_a_few_screens() {
    let plan = |count: u32| {
        let mut values = "baseDomain: example.com\nprofile: envoy-gateway\nsharding: {strategy: dedicated}\n\
             gateway: {name: eg, className: eg, listeners: [{name: http, port: 80, protocol: HTTP}]}\norganizations:\n"
            .to_owned();
        for number in 0..count {
            let _ = writeln!(values, "  - {{name: org-{number:05}, services: [{{name: web, port: 80}}]}}");
        }
        text(&["-f", "-", "-n", "edge"], &values)
    };
    let many = plan(10_000);
    assert!(many.lines().count() < 130, "{many}");
    for rest in
        ["  … and 9992 more Gateways, with --format json\n", "  … and 9992 more routes, with --format json\n"]
    {
        assert!(many.contains(rest), "`{rest}` is missing:\n{many}");
    }
    assert!(plan(12).contains("  eg-org-00011, class eg, 1 route\n"));
}

#[test]
fn against_tells_what_comes_goes_and_changes() {
    let directory = directory("against_tells_what_comes_goes_and_changes");
    let service =
        |name: &str, address: &str| format!("  - {{name: {name}, port: 80, endpoints: [{address}]}}\n");
    let values = |services: &[String]| format!("externalServices:\n{}", services.concat());
    let old =
        file(&directory, "old.yaml", values(&[service("kept", "192.0.2.1"), service("old", "192.0.2.2")]));
    let new = values(&[service("kept", "192.0.2.9"), service("new", "192.0.2.2")]);
    let plan = json(&["-f", "-", "--against", &old], &new);
    let changes = &plan["changes"];
    assert_eq!(objects(&changes["added"]), ["Service new", "EndpointSlice new", "HTTPRoute new-route"]);
    assert_eq!(objects(&changes["removed"]), ["Service old", "EndpointSlice old", "HTTPRoute old-route"]);
    assert_eq!(objects(&changes["changed"]), ["EndpointSlice kept"]);
    assert_ne!(changes["changed"][0]["digest"], changes["changed"][0]["oldDigest"]);
    assert_eq!(changes["unchanged"], 3);
    assert_eq!(plan["backends"].as_array().map(Vec::len), Some(2));
    let text = text(&["-f", "-", "--against", &old], &new);
    for words in [
        "3 objects added, 3 removed, 1 changed, 3 unchanged",
        "+  Service        1  new",
        "-  HTTPRoute      1  old-route",
        "~ EndpointSlice kept",
        "-  - \"192.0.2.1\"",
        "+  - \"192.0.2.9\"",
    ] {
        assert!(text.contains(words), "`{words}` is missing:\n{text}");
    }
}

/// Routes come after Gateways: a listener under another name is there before its route names it.
#[test]
fn against_warns_of_hosts_that_are_unserved_between() {
    let directory = directory("against_warns_of_hosts_that_are_unserved_between");
    let values = |listener: &str| {
        format!(
            "externalServices: [{{name: api, port: 80, endpoints: [192.0.2.1]}}]
gateway: {{name: web, listeners: [{{name: {listener}, protocol: HTTP, port: 80}}]}}
routes: [{{name: api, sectionName: {listener}, hostnames: [api.example.com], rules: [{{backendRefs: [{{name: api}}]}}]}}]
"
        )
    };
    let old = file(&directory, "old.yaml", values("one"));
    let run = run(&["plan", "-f", "-", "--format", "json", "--against", &old], values("other"));
    assert_eq!(run.code, Some(0));
    assert!(
        run.stderr.contains("\"unserved-between\"") && run.stderr.contains("`api.example.com`"),
        "{}",
        run.stderr
    );
    let plan: Value = serde_json::from_str(&run.stdout).expect("the plan is JSON");
    assert_eq!(plan["changes"]["unserved"], serde_json::json!(["api.example.com"]));
}

/// Of two listeners the narrower one takes the host, also where its route names the wider one.
#[test]
fn against_warns_of_what_is_lost_for_good() {
    let directory = directory("against_warns_of_what_is_lost_for_good");
    let values = |listener: &str, address: &str| {
        format!(
            "externalServices: [{{name: api, port: 80, endpoints: [192.0.2.100]}}]
gateway:
  name: web
  addresses: [{{value: {address}}}]
  listeners: [{{name: wide, protocol: HTTP, port: 80}}, {{name: own, protocol: HTTP, port: 80, hostname: a.com}}]
routes: [{{name: api, sectionName: {listener}, hostnames: [a.com], rules: [{{backendRefs: [{{name: api}}]}}]}}]
"
        )
    };
    let old = file(&directory, "old.yaml", values("own", "192.0.2.1"));
    let run = run(&["plan", "-f", "-", "--format", "json", "--against", &old], values("wide", "192.0.2.2"));
    assert_eq!(run.code, Some(0));
    for code in ["\"unserved-after\"", "\"gateway-address-gone\""] {
        assert!(run.stderr.contains(code), "{}", run.stderr);
    }
    let plan: Value = serde_json::from_str(&run.stdout).expect("the plan is JSON");
    let changes = &plan["changes"];
    assert_eq!(changes["unserved"], serde_json::json!([]));
    assert_eq!(
        changes["astray"],
        serde_json::json!([{"host": "a.com", "namespace": "", "gateway": "web", "port": 80, "listener": "own", "routes": ["api"]}])
    );
    assert_eq!(
        changes["goneAddresses"],
        serde_json::json!([{"namespace": "", "gateway": "web", "address": "192.0.2.1", "hosts": [], "matches": []}])
    );
}

/// What a terminal has no room for is all there in a pipe.
#[test]
fn a_diff_into_a_pipe_is_whole() {
    let directory = directory("a_diff_into_a_pipe_is_whole");
    let with = |from: u16| {
        let listener = |port| format!("  - {{name: l{port}, protocol: HTTP, port: {port}}}\n");
        let listeners: String = (from..from + 50).map(listener).collect();
        format!("gateway:\n  name: web\n  listeners:\n{listeners}")
    };
    let text = text(&["-f", "-", "--against", &file(&directory, "old.yaml", with(1000))], &with(2000));
    assert_eq!(text.matches("+    port: ").count(), 50, "{text}");
    assert!(!text.contains('…'), "{text}");
}

#[test]
fn objects_that_change_alike_share_a_diff() {
    let directory = directory("objects_that_change_alike_share_a_diff");
    let old = file(&directory, "old.yaml", SOUND);
    let text = text(&["-f", "-", "--against", &old], &format!("{SOUND}labels: {{team: edge}}\n"));
    assert!(text.contains("4 objects alike: "), "{text}");
    assert_eq!(text.matches("+    team: edge").count(), 1, "{text}");
}

#[test]
fn equal_values_change_nothing_under_any_flags() {
    let directory = directory("equal_values_change_nothing_under_any_flags");
    let old = file(&directory, "old.yaml", SOUND);
    let text = text(&["-f", "-", "--against", &old, "--set", "profile=istio", "-n", "edge"], SOUND);
    assert!(text.starts_with("No change: "), "{text}");
}

#[test]
fn old_values_may_be_several_files_or_stdin() {
    let directory = directory("old_values_may_be_several_files_or_stdin");
    let base = file(&directory, "base.yaml", SOUND);
    let overlay = file(&directory, "overlay.yaml", "labels: {team: edge}\n");
    let both = format!("{base},{overlay}");
    assert!(text(&["-f", &both, "--against", &base, "--against", &overlay], "").starts_with("No change"));
    assert!(text(&["-f", &both, "--against", &both], "").starts_with("No change"));
    assert!(text(&["-f", &base, "--against", "-"], SOUND).starts_with("No change"));
}

#[test]
fn an_error_exits_1_and_prints_no_plan() {
    for format in ["text", "json"] {
        let run = run(&["plan", "-f", "-", "--format", format], FAULTY);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run:?}");
        assert!(run.stderr.contains("prot"), "{run:?}");
    }
}

#[test]
fn an_error_of_the_old_values_is_placed_in_their_file() {
    let directory = directory("an_error_of_the_old_values_is_placed_in_their_file");
    let old = file(&directory, "old.yaml", FAULTY);
    let run = run(&["plan", "-f", "-", "--against", &old], SOUND);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run:?}");
    assert!(run.stderr.contains("old.yaml:2:"), "{run:?}");
    assert!(run.stderr.contains("(in the values of --against)"), "{run:?}");
    let run = self::run(&["plan", "-f", "-", "--against", &file(&directory, "list.yaml", "- a\n")], SOUND);
    assert!(run.stderr.contains("list.yaml`)"), "an error without a place names the file: {run:?}");
    let run = self::run(&["plan", "-f", "-", "--against", "absent.yaml"], SOUND);
    assert!(run.stderr.contains("(in the values of --against"), "{run:?}");
}

#[test]
fn warnings_of_the_old_values_are_not_repeated() {
    let directory = directory("warnings_of_the_old_values_are_not_repeated");
    let old = file(&directory, "old.yaml", format!("{SOUND}global: {{namespace: old}}\n"));
    let run = run(&["plan", "-f", "-", "--against", &old], SOUND);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
}

#[test]
fn wrong_usage_and_unreadable_values_exit_2() {
    for arguments in [
        &["-f", "absent.yaml"] as &[_],
        &["-f", "-", "--against", "absent.yaml"],
        &["-f", "-", "--against", "-"],
        &["-f", "-", "--format", "sarif"],
        &["-f", "-", "--set", "a"],
    ] {
        let run = run(&[&["plan"], arguments].concat(), SOUND);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?}: {run:?}");
        assert!(run.stderr.starts_with("error"), "{arguments:?}: {run:?}");
    }
}

#[test]
fn a_fault_of_the_flags_is_told_once() {
    let directory = directory("a_fault_of_the_flags_is_told_once");
    let old = file(&directory, "old.yaml", SOUND);
    let run = run(&["plan", "-f", "-", "--against", &old, "--set", "a"], SOUND);
    assert_eq!(run.stderr.matches("flag-malformed").count(), 1, "{run:?}");
}

#[test]
fn what_a_user_wrote_cannot_command_the_terminal() {
    let directory = directory("what_a_user_wrote_in_a_plan_cannot_command_the_terminal");
    let old = file(&directory, "old.yaml", SOUND);
    let new = format!("{SOUND}annotations: {{note: \"\\e[2J\\x9b2J\\u200b\"}}\n");
    let said = text(&["-f", "-", "--against", &old], &new);
    assert!(!said.contains(['\x1b', '\u{9b}', '\u{200b}']), "{said:?}");
}

/// The text for a data plane takes the place of the plan; one of another controller is an error.
#[test]
fn emits_what_a_data_plane_needs() {
    let values =
        "gateway: {name: web, className: higress, listeners: [{name: http, protocol: HTTP, port: 80}]}\n";
    let emit =
        |form: &str, words: &[&str]| run(&[&["plan", "-f", "-", "--emit", form], words].concat(), values);
    let higress = emit("higress-values", &[]);
    assert_eq!(higress.code, Some(0), "{higress:?}");
    assert!(higress.stdout.contains("\nhigress-core:\n"), "{higress:?}");
    let other = emit("envoy-proxy", &[]);
    assert_eq!((other.code, other.stdout.as_str()), (Some(1), ""), "{other:?}");
    assert!(other.stderr.contains("[no-gateway-of-controller]"), "{other:?}");
    assert_eq!(emit("higress-values", &["--format", "json"]).code, Some(2));
}

/// Twenty listeners where the values allow as many: full, although Gateway API would take more.
#[test]
fn a_full_gateway_is_full_by_the_bound_of_the_values() {
    let mut values = "\
baseDomain: example.com
gateway: {name: eg, className: eg, listeners: [{name: http, port: 80, protocol: HTTP}]}
sharding: {strategy: pool, limits: {listeners: 20}}
organizations:
"
    .to_owned();
    for number in 0..19 {
        writeln!(values, "  - {{name: org-{number}, services: [{{name: web, port: 80}}]}}")
            .expect("a string grows");
    }
    let room = &json(&["-n", "edge", "-f", "-"], &values)["gateways"][0]["room"];
    assert_eq!(room["listeners"], serde_json::json!({"taken": 20, "most": 20}));
    assert_eq!(room["certificates"]["most"], Value::Null);
    let plan = text(&["-n", "edge", "-f", "-"], &values);
    assert!(plan.contains("eg-01    19             20 of 20       20 of 20"), "{plan}");
    let picture = text(&["-n", "edge", "-f", "-", "--format", "mermaid"], &values);
    assert!(picture.contains("eg-01<br/>20 of 20 listeners\"]]:::full"), "{picture}");
}

#[test]
fn a_picture_shows_the_gateway_and_what_stands_before_it() {
    for (format, start) in [("dot", "digraph"), ("mermaid", "flowchart LR"), ("svg", "<svg ")] {
        let picture = text(&["-f", "-", "--format", format], WEIGHTED);
        assert!(picture.starts_with(start), "{picture}");
        for words in ["web", "1 of 64 listeners", "HTTP:80", "api"] {
            assert!(picture.contains(words), "{format} lacks `{words}`:\n{picture}");
        }
    }
}

#[test]
fn a_picture_of_changes_is_wrong_usage() {
    let run = run(&["plan", "-f", "-", "--against", "old.yaml", "--format", "svg"], SOUND);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:?}");
    assert!(run.stderr.contains("--against"), "{run:?}");
}
