//! Who may use which host name: reviews, questions of people, CRDs.

use std::path::Path;

use serde_json::{Value, json};

use crate::process::{directory, file, run};

pub(crate) const GRANT: &str = r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
"#;

/// Values of one route with a host name.
pub(crate) fn values(host: &str) -> String {
    format!(
        "routes:\n- name: web\n  parentRefs: [{{name: public, namespace: edge}}]\n  hostnames: [{host}]\n  rules: [{{backendRefs: [{{name: web, port: 80}}]}}]\n"
    )
}

/// An AdmissionReview of a route with a host name.
pub(crate) fn review(host: &str) -> String {
    json!({
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "request": {
            "uid": "7a1f",
            "operation": "CREATE",
            "namespace": "shop",
            "kind": {"group": "gateway.networking.k8s.io", "version": "v1", "kind": "HTTPRoute"},
            "object": {
                "apiVersion": "gateway.networking.k8s.io/v1",
                "kind": "HTTPRoute",
                "metadata": {"name": "web", "namespace": "shop"},
                "spec": {"parentRefs": [{"name": "public"}], "hostnames": [host]},
            },
        },
    })
    .to_string()
}

pub(crate) fn response(stdout: &str) -> Value {
    serde_json::from_str::<Value>(stdout).expect("an answer is JSON")["response"].clone()
}

#[test]
fn a_review_is_answered_from_a_folder() {
    let folder = directory("ownership-review");
    file(&folder, "grants.yaml", GRANT);
    let context = folder.to_str().expect("UTF-8");
    for (host, code, allowed) in [("a.shop.example.com", 0, true), ("a.example.com", 1, false)] {
        let run = run(&["review", "--context", context], review(host));
        assert_eq!(run.code, Some(code), "{run:?}");
        let response = response(&run.stdout);
        assert_eq!((&response["uid"], &response["allowed"]), (&"7a1f".into(), &allowed.into()));
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn a_review_may_be_yaml_and_settings_are_flags() {
    let folder = directory("ownership-settings");
    let node: Value = serde_json::from_str(&review("a.example.com")).expect("JSON");
    let yaml = serde_json::to_string_pretty(&node).expect("JSON").replace('{', "{ # yaml\n");
    let path = file(&folder, "review.yaml", yaml);
    let context = file(&folder, "grants.yaml", GRANT);
    let ask =
        |flags: &[&str]| run(&[&["review", "--context", &context], flags, &[path.as_str()]].concat(), "");
    assert_eq!(ask(&["--grants", "off"]).code, Some(0));
    let denied = ask(&["--claims", "require", "--grants", "off"]);
    let status = &response(&denied.stdout)["status"];
    assert!(
        status["message"].as_str().is_some_and(|text| text.starts_with("hostname-not-claimed: ")),
        "{status}"
    );
    let warned = ask(&["--rule", "hostname-not-granted=warn"]);
    assert_eq!(warned.code, Some(0));
    assert_eq!(response(&warned.stdout)["warnings"].as_array().map(Vec::len), Some(1), "{warned:?}");
}

#[test]
fn what_cannot_be_read_is_denied_and_what_cannot_be_answered_is_code_two() {
    let folder = directory("ownership-unreadable");
    let context = file(&folder, "grants.yaml", GRANT);
    for text in ["{", "", "[]", "kind: [", "7"] {
        let run = run(&["review", "--context", &context], text);
        assert_eq!(run.code, Some(1), "{text}: {run:?}");
        assert!(run.stdout.contains("review-malformed: "), "{text}: {run:?}");
    }
    let bytes = [review("a").as_bytes(), b"\xff"].concat();
    let path = file(&folder, "review.json", bytes);
    let denied = run(&["review", "--context", &context, &path], "");
    let recorded = run(&["review", "--context", &context, "--record", &context, &path], "");
    assert_eq!(recorded.code, Some(2), "{recorded:?}");
    assert_eq!((denied.code, &response(&denied.stdout)["uid"]), (Some(1), &"".into()), "{denied:?}");
    for arguments in [
        &["review"][..],
        &["review", "--context", &context, "no-such-file"],
        &["review", "--context", "no-such-folder"],
        &["review", "--context", &context, "--rule", "no-such-rule=deny"],
        &["review", "--context", &context, "--rule", "grant-in-use"],
        &["review", "--context", &context, "--claims", "maybe"],
        &["review", "--replay", "no-such-file"],
        &["can-i", "use", "a.example.com", "-n", "shop", "--context", "no-such-folder"],
        &["can-i", "use", "a.example.com", "-n", "shop", "--context", ".", "--kind", "TCPRoute"],
        &[
            "can-i",
            "use",
            "a.com",
            "-n",
            "shop",
            "--context",
            &context,
            "--kind",
            "Gateway",
            "--gateway",
            "edge/public",
        ],
        &[
            "can-i",
            "use",
            "a.com",
            "-n",
            "shop",
            "--context",
            &context,
            "--kind",
            "Ingress",
            "--gateway",
            "edge/public",
        ],
        &["grants", "infer", "no-such-file"],
    ] {
        let run = run(arguments, review("a.example.com"));
        assert_eq!(run.code, Some(2), "{arguments:?}: {run:?}");
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_recording_is_judged_again_to_the_same_letters() {
    let folder = directory("ownership-record");
    let context = file(&folder, "grants.yaml", GRANT);
    let recording = folder.join("case.json").to_str().expect("UTF-8").to_owned();
    let first = run(&["review", "--context", &context, "--record", &recording], review("a.example.com"));
    let again = run(&["review", "--replay", &recording], "");
    assert_eq!((again.code, &again.stdout), (first.code, &first.stdout));
    let trace = run(&["review", "--replay", &recording, "--trace"], "");
    let trace: Value = serde_json::from_str(&trace.stdout).expect("a trace is JSON");
    assert_eq!(trace["uses"][0]["nearestGrant"]["name"], "shop", "{trace}");
}

#[test]
fn a_recording_replaces_recordings_only() {
    let folder = directory("ownership-record-only");
    let context = file(&folder, "grants.yaml", GRANT);
    let asked = file(&folder, "review.json", review("a.shop.example.com"));
    let other = file(&folder, "other.json", "{\"review\": {}, \"expect\": {}}");
    for kept in [&context, &asked, &other] {
        let before = std::fs::read_to_string(kept).expect("it is there");
        let refused = run(&["review", "--context", &context, "--record", kept, &asked], "");
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""), "{refused:?}");
        assert!(refused.stderr.contains("record-unwritable"), "{refused:?}");
        assert_eq!(std::fs::read_to_string(kept).expect("it is there"), before);
    }
    let recording = file(&folder, "case.json", "");
    for _ in 0..2 {
        let recorded = run(&["review", "--context", &context, "--record", &recording, &asked], "");
        assert_eq!(recorded.code, Some(0), "{recorded:?}");
    }
    let again = run(&["review", "--replay", &recording], "");
    assert_eq!(again.code, Some(0), "{again:?}");
}

#[test]
fn settings_that_nobody_would_ask_for_are_refused() {
    let folder = directory("ownership-unasked-settings");
    let recording = folder.join("case.json").to_str().expect("UTF-8").to_owned();
    let context = file(&folder, "grants.yaml", GRANT);
    let recorded =
        run(&["review", "--context", &context, "--record", &recording], review("a.shop.example.com"));
    assert_eq!(recorded.code, Some(0), "{recorded:?}");
    for arguments in [
        &["review", "--replay", &recording, "--claims", "off"][..],
        &["review", "--replay", &recording, "--exempt-user", "me"],
        &["check", "--claims", "require", "-"],
        &["check", "--rule", "hostname-claimed=warn", "-"],
        &["render", "-f", "-", "--grants", "off"],
    ] {
        let refused = run(arguments, values("a.shop.example.com"));
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""), "{arguments:?}: {refused:?}");
    }
    let usage = run(&["review", "--help"], "");
    assert!(usage.stdout.contains("gatewright review [OPTIONS] --context <DIR> [FILE]"), "{usage:?}");
}

#[test]
fn what_is_no_review_is_told_in_its_own_words() {
    let folder = directory("ownership-no-review");
    let context = file(&folder, "grants.yaml", GRANT);
    let document = serde_json::from_str::<Value>(&review("a.com")).expect("JSON");
    let manifest = document["request"]["object"].to_string();
    for (text, words) in [
        ("kind: [\n".to_owned(), "(line 1, column 7)"),
        (format!("a: 1\n---\n{manifest}"), "2 documents, where one AdmissionReview belongs"),
        (manifest.clone(), "HTTPRoute of `gateway.networking.k8s.io/v1` is no AdmissionReview"),
        (manifest, "`gatewright check --context DIR FILE`"),
        (
            review("a.com").replace("AdmissionReview", "AdmissionReviewX"),
            "AdmissionReviewX of `admission.k8s.io/v1` is no AdmissionReview",
        ),
        (String::new(), "the review is empty"),
    ] {
        let denied = run(&["review", "--context", &context], &text);
        assert_eq!(denied.code, Some(1), "{text}: {denied:?}");
        assert!(denied.stdout.contains(words), "{text}: {denied:?}");
    }
    let replayed = run(&["review", "--replay", "-"], review("a.com"));
    assert!(replayed.code == Some(2) && replayed.stderr.contains("without `--replay`"), "{replayed:?}");
}

#[test]
fn a_rule_that_cannot_be_set_is_told_as_the_report_is_asked_for() {
    let folder = directory("ownership-bad-rule");
    let context = file(&folder, "grants.yaml", GRANT);
    for (rule, words) in [
        ("hostname-claimed=off", "`off` is none of deny, warn and audit"),
        ("hostname-claimd=warn", "did you mean `hostname-claimed`?"),
    ] {
        let refused =
            run(&["check", "--context", &context, "--rule", rule, "--format", "json", &context], "");
        let report: Value = serde_json::from_str(&refused.stdout).expect("a report is JSON");
        let found = &report["results"][0]["diagnostics"][0];
        assert_eq!((refused.code, &found["code"]), (Some(2), &json!("unanswerable")), "{report}");
        let message = found["message"].as_str().expect("a text");
        assert!(message.contains("--rule") && message.contains(words), "{message}");
    }
}

#[test]
fn a_recording_stays_out_of_the_context() {
    let folder = directory("ownership-record-in-context");
    let asked = file(&folder, "review.yaml", review("a.shop.example.com"));
    let context = folder.join("context");
    std::fs::create_dir(&context).expect("the folder is new");
    file(&context, "grants.yaml", format!("{GRANT}---\n{GRANT}"));
    let record = |recording: &Path| {
        let [context, recording] = [&context, recording].map(|path| path.to_str().expect("UTF-8"));
        run(&["review", "--context", context, "--record", recording, &asked], "")
    };
    let refused = record(&context.join("case.json"));
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""), "{refused:?}");
    for code in ["record-unwritable", "repeated-object"] {
        assert!(refused.stderr.contains(code), "{refused:?}");
    }
    assert_eq!(record(&folder.join("case.json")).code, Some(0));
    let nowhere = record(&folder.join("nowhere/case.json"));
    assert!(nowhere.code == Some(2) && !nowhere.stderr.contains("/."), "{nowhere:?}");
}

#[test]
fn people_are_told_what_they_may_have_overlooked() {
    let folder = directory("ownership-overlooked");
    let gateway = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: public, namespace: edge}\n\
                   spec: {gatewayClassName: c, listeners: [{name: a, port: 80, protocol: HTTP}]}\n";
    let labelled = "apiVersion: gatewright.dev/v1alpha1\nkind: HostnameGrant\nmetadata: {name: team}\n\
                    spec: {namespaceSelector: {matchLabels: {team: shop}}, hostnames: [team.example.com]}\n";
    let context = file(&folder, "context.yaml", format!("{GRANT}---\n{labelled}---\n{gateway}"));
    let ask = |words: &[&str]| {
        run(&[&["can-i", "use"], words, &["-n", "shop", "--context", &context]].concat(), "").stderr
    };
    for (words, told) in [
        (&["team.example.com"][..], "warning[untrusted-selector]: HostnameGrant `team`"),
        (&["a.shop.example.com", "--gateway", "edge/nosuch"], "warning[gateway-not-in-context]"),
        (&["b\u{fc}cher.shop.example.com"], "write `xn--bcher-kva.shop.example.com`"),
        (&["c.org"], "its grants are for other names"),
        (&["*", "--claims", "require", "--grants", "off"], "nobody can claim `*`"),
    ] {
        assert!(ask(words).contains(told), "{words:?}: {}", ask(words));
    }
    assert_eq!(ask(&["a.shop.example.com", "--gateway", "edge/public"]), "");
}

/// A grant that does less than it seems to.
pub(crate) const IDLE: &str = "apiVersion: gatewright.dev/v1alpha1\nkind: HostnameGrant\nmetadata: {name: idle}\n\
                               spec: {namespaceSelector: {matchLabels: {team: shop}}, hostnames: [Idle.example.com]}\n";

/// What is warned of it.
pub(crate) const IDLE_WARNINGS: [&str; 2] = [
    "[untrusted-selector]: HostnameGrant `idle`: the selector asks for the label `team`",
    "[hostname-not-canonical]: HostnameGrant `idle`: `Idle.example.com` has the character 'I'",
];

#[test]
fn grants_that_permit_nothing_are_told() {
    let folder = directory("ownership-idle");
    let context = file(&folder, "context.yaml", format!("{GRANT}---\n{IDLE}"));
    let asked = run(&["review", "--context", &context], review("a.shop.example.com"));
    assert_eq!(asked.code, Some(0), "{asked:?}");
    assert!(IDLE_WARNINGS.iter().all(|warning| asked.stderr.contains(warning)), "{asked:?}");
    let off = run(&["review", "--grants", "off", "--context", &context], review("a.shop.example.com"));
    assert_eq!((off.code, off.stderr.as_str()), (Some(0), ""));
    let about = run(&["can-i", "use", "idle.example.com", "-n", "shop", "--context", &context], "");
    assert!(IDLE_WARNINGS.iter().all(|warning| about.stderr.contains(warning)), "{about:?}");
    let other = run(&["can-i", "use", "a.shop.example.com", "-n", "shop", "--context", &context], "");
    assert_eq!((other.code, other.stderr.as_str()), (Some(0), ""));
    let many: Vec<String> = (0..10).map(|at| IDLE.replace("idle", &format!("idle-{at}"))).collect();
    let many = file(&folder, "many.yaml", many.join("---\n"));
    let many = run(&["review", "--context", &many], review("a.shop.example.com"));
    assert_eq!(many.stderr.matches("2 more HostnameGrants have such a fault").count(), 2, "{many:?}");
}

#[test]
fn people_get_a_yes_or_a_no() {
    let folder = directory("ownership-can-i");
    let context = file(&folder, "grants.yaml", GRANT);
    let ask = |host: &str| run(&["can-i", "use", host, "-n", "shop", "--context", &context], "");
    let yes = ask("a.shop.example.com");
    assert_eq!(
        (yes.code, yes.stdout.as_str()),
        (Some(0), "yes, by HostnameGrant `shop` with `*.shop.example.com`\n")
    );
    let no = ask("a.example.com");
    assert_eq!((no.code, no.stdout.as_str()), (Some(1), "no\n"));
    assert_eq!(
        no.stderr,
        "error[hostname-not-granted]: `a.example.com` is not granted to namespace `shop`; the nearest grant is `shop` with \
         `*.shop.example.com`\n  hint: ask for a HostnameGrant whose `hostnames` cover `a.example.com` and `namespaces` name `shop`\n"
    );
    for (flags, answer) in [
        (["--exempt-namespace", "shop"], "yes: the namespace is exempt\n"),
        (["--grants", "off"], "yes: with `--grants off` names need no grant\n"),
    ] {
        let arguments = [&["can-i", "use", "a.example.com", "-n", "shop", "--context", &context], &flags[..]];
        let yes = run(&arguments.concat(), "");
        assert_eq!((yes.code, yes.stdout.as_str(), yes.stderr.as_str()), (Some(0), answer, ""));
    }
}

#[test]
fn the_crds_are_those_of_the_repository() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crds/gatewright.dev.yaml");
    let committed = std::fs::read_to_string(file).expect("the CRDs are committed");
    assert_eq!(run(&["crds"], "").stdout, committed, "run `cargo xtask codegen`");
}
