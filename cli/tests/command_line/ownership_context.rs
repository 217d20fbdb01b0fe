//! What a folder of a cluster's objects may hold, and what is told of it.

use std::fs;

use serde_json::{Value, json};

use crate::ownership::{GRANT, response, review, values};
use crate::process::{directory, file, run};

/// kubectl writes such characters as they are, and whoever owns the object keeps nobody else from an answer.
#[test]
fn characters_that_yaml_forbids_in_an_object_of_the_context_keep_nobody_from_an_answer() {
    let folder = directory("ownership-characters");
    file(&folder, "grants.yaml", GRANT);
    let context = folder.to_str().expect("UTF-8");
    let claim = |note: &str| {
        json!({
            "apiVersion": "gatewright.dev/v1alpha1",
            "kind": "DomainClaim",
            "metadata": {"name": "pay.shop.example.com", "annotations": {"note": note}},
            "spec": {"hostname": "pay.shop.example.com", "namespace": "bank"},
            "status": {"phase": "Bound"},
        })
    };
    for note in ["\u{80}", "\u{85}", "\u{fffe}", "\u{2028}", "\u{7f}", "\u{feff}"] {
        file(&folder, "claim.json", claim(note).to_string());
        let run = run(&["review", "--context", context], review("pay.shop.example.com"));
        let response = response(&run.stdout);
        assert_eq!(response["auditAnnotations"]["rule"], "hostname-claimed", "{note:?}: {run:?}");
        assert_eq!(run.stderr, "");
    }
    let odd = claim("\u{80}").to_string();
    for context_text in
        [format!("{odd}\n{odd}\n"), format!("[{odd}]"), format!("{{\"kind\":\"List\",\"items\":[{odd}]}}")]
    {
        file(&folder, "claim.json", &context_text);
        let run = run(&["review", "--context", context], review("pay.shop.example.com"));
        assert_eq!(response(&run.stdout)["auditAnnotations"]["rule"], "hostname-claimed", "{context_text}");
    }
    // In YAML what stands behind it on its line is text to some readers, and a grant to others: neither is believed.
    file(&folder, "claim.json", "");
    let forged = "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Namespace\n    metadata:\n      name: shop\n      \
                  annotations:\n        note: x\u{2028}  - {\"apiVersion\":\"gatewright.dev/v1alpha1\",\"kind\":\"HostnameGrant\",\
                  \"metadata\":{\"name\":\"all\"},\"spec\":{\"namespaces\":[\"shop\"],\"hostnames\":[\"*\"]}}\n";
    file(&folder, "forged.yaml", forged);
    let refused = run(&["review", "--context", context], review("pay.shop.example.com"));
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
    assert!(refused.stderr.contains("U+2028 ends a line for some readers"), "{refused:?}");
    assert!(refused.stderr.contains("kubectl get -o json"), "{refused:?}");
    fs::remove_file(folder.join("forged.yaml")).expect("a file");
    file(&folder, "claim.json", "{\"kind\": \"\u{80}\"");
    let run = run(&["review", "--context", context], review("pay.shop.example.com"));
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("U+0080 is a control character"), "{run:?}");
}

/// Each file has its own verdict, whatever those before it hold.
#[test]
fn check_takes_characters_that_yaml_forbids_in_json() {
    let folder = directory("ownership-characters-check");
    let claim = json!({
        "apiVersion": "gatewright.dev/v1alpha1",
        "kind": "DomainClaim",
        "metadata": {"name": "pay.shop.example.com", "annotations": {"note": "\u{80}"}},
        "spec": {"hostname": "pay.shop.example.com", "namespace": "bank"},
        "status": {"phase": "Bound"},
    });
    let context = directory("ownership-characters-check/context");
    file(&context, "grants.yaml", GRANT);
    file(&context, "claim.json", claim.to_string());
    let route = |name: &str, host: &str| {
        let mut object =
            serde_json::from_str::<Value>(&review(host)).expect("JSON")["request"]["object"].take();
        object["metadata"] = json!({"name": name, "namespace": "shop", "annotations": {"note": "\u{80}"}});
        object.to_string()
    };
    let granted = file(&folder, "a.json", route("a", "a.shop.example.com"));
    let stranger = file(&folder, "b.json", route("b", "b.bank.example.com"));
    let claimed = file(&folder, "c.json", route("c", "pay.shop.example.com"));
    let context = context.to_str().expect("UTF-8");
    let run = run(
        &[
            "check",
            "--context",
            context,
            "--format",
            "json",
            "--skip",
            "no-backend",
            &granted,
            &stranger,
            &claimed,
        ],
        "",
    );
    assert_eq!(run.code, Some(1), "{run:?}");
    let report: Value = serde_json::from_str(&run.stdout).expect("a report");
    let verdict = |result: &Value| {
        let codes =
            result["diagnostics"].as_array().expect("a list").iter().map(|found| found["code"].clone());
        (result["object"]["name"].clone(), result["allowed"].clone(), codes.collect::<Vec<_>>())
    };
    let verdicts: Vec<_> = report["results"].as_array().expect("a list").iter().map(verdict).collect();
    let expected = [
        ("a", true, vec![]),
        ("b", false, vec!["hostname-not-granted"]),
        ("c", false, vec!["hostname-claimed"]),
    ];
    let expected = expected.map(|(name, allowed, codes)| {
        (name.into(), allowed.into(), codes.into_iter().map(Value::from).collect::<Vec<_>>())
    });
    assert_eq!(verdicts, expected, "{report}");
}

#[test]
fn a_context_that_holds_no_objects_is_not_taken_in_silence() {
    let folder = directory("ownership-context-form");
    let route = file(
        &folder,
        "route.yaml",
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web, namespace: shop}\nspec: {hostnames: [a.com], parentRefs: [{name: public}]}\n",
    );
    let asked = file(&folder, "review.json", review("a.shop.example.com"));
    let given = file(&folder, "values.yaml", values("a.shop.example.com"));
    let listed = "{\"complete\": [], \"objects\": [{\"kind\": \"HostnameGrant\"}]}";
    let recorded = format!("{{\"settings\": {{}}, \"context\": {listed}, \"review\": {{}}}}");
    for (text, code, is_refused) in [
        (listed, "error[context-not-manifests]", true),
        (&recorded, "error[context-not-manifests]", true),
        ("[{\"kind\": \"HostnameGrant\"}]", "warning[not-an-object]", false),
        ("hello\n", "warning[not-an-object]", false),
        (&format!("a: 1\n---\n{GRANT}"), "warning[not-an-object]", false),
    ] {
        let context = file(&folder, "context.json", text);
        for arguments in [
            &["check", "--context", &context, &route][..],
            &["review", "--context", &context, &asked],
            &["can-i", "use", "a.com", "-n", "shop", "--context", &context],
            &["render", "-n", "shop", "-f", &given, "--context", &context],
            &["grants", "infer", &context],
        ] {
            let run = run(arguments, "");
            let told = format!("{}{}", run.stdout, run.stderr);
            assert!(told.contains(code), "{arguments:?}: {text}: {run:?}");
            assert_eq!(run.code == Some(2), is_refused, "{arguments:?}: {text}: {run:?}");
        }
    }
    let bare = "[{\"apiVersion\": \"gatewright.dev/v1alpha1\", \"kind\": \"HostnameGrant\", \"metadata\": {\"name\": \"shop\"}, \
                \"spec\": {\"namespaces\": [\"shop\"], \"hostnames\": [\"a.com\"]}}]";
    let context = file(&folder, "context.json", bare);
    let yes = run(&["can-i", "use", "a.com", "-n", "shop", "--context", &context], "");
    assert_eq!((yes.code, yes.stdout.as_str()), (Some(0), "yes, by HostnameGrant `shop` with `a.com`\n"));
    let counted = run(&["check", "--context", &context, &route], "");
    assert!(!counted.stdout.contains("no-grants-or-claims"), "{counted:?}");
    let context = file(&folder, "context.json", "");
    let unasked = run(&["check", "--context", &context, &route], "");
    assert_eq!(unasked.code, Some(0), "{unasked:?}");
    assert!(unasked.stdout.contains("warning[no-grants-or-claims]"), "{unasked:?}");
}

#[test]
fn a_context_without_grants_and_claims_is_told() {
    let folder = directory("ownership-wrong-context");
    let empty = folder.join("empty");
    std::fs::create_dir(&empty).expect("the folder is new");
    let empty = empty.to_str().expect("UTF-8");
    let other = file(&folder, "other.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n");
    let asked = file(&folder, "review.json", review("a.shop.example.com"));
    let route =
        serde_json::from_str::<Value>(&review("a.com")).expect("JSON")["request"]["object"].to_string();
    let route = file(&folder, "route.yaml", route);
    for context in [empty, &other] {
        for arguments in [
            &["review", "--context", context, &asked][..],
            &["can-i", "use", "a.com", "-n", "shop", "--context", context],
            &["check", "--context", context, "--fail-on", "warning", &route],
        ] {
            let run = run(arguments, "");
            let told = format!("{}{}", run.stdout, run.stderr);
            assert!(told.contains("warning[no-grants-or-claims]"), "{arguments:?}: {run:?}");
            assert_eq!(run.code, Some(1), "{arguments:?}: {run:?}");
        }
    }
}

#[test]
fn what_is_odd_in_a_context_is_told() {
    let folder = directory("ownership-odd-context");
    for (name, text, code) in [
        ("twice.yaml", format!("{GRANT}---\n{GRANT}"), "warning[repeated-object]"),
        (
            "field.yaml",
            GRANT.replace("hostnames:", "gateway: [], hostnames:"),
            "warning[context-unknown-field]",
        ),
        ("version.yaml", GRANT.replace("v1alpha1", "v1beta9"), "warning[context-unknown-field]"),
        ("review.json", review("a.com"), "error[context-not-manifests]"),
    ] {
        let context = file(&folder, name, text);
        let run = run(&["can-i", "use", "a.shop.example.com", "-n", "shop", "--context", &context], "");
        assert!(run.stderr.contains(code), "{name}: {run:?}");
        assert_eq!(run.code == Some(2), code.starts_with("error"), "{name}: {run:?}");
    }
}
