//! Grants that are inferred from what a cluster has.

use std::path::Path;

use serde_json::Value;

use crate::ownership::{GRANT, review};
use crate::process::{directory, file, run};

#[test]
fn inferred_grants_let_everything_pass_that_they_were_inferred_from() {
    let folder = directory("ownership-infer");
    let review: Value = serde_json::from_str(&review("a.example.com")).expect("JSON");
    let object = review["request"]["object"].to_string();
    let inferred = run(&["grants", "infer", "-"], &object);
    assert_eq!(inferred.code, Some(0), "{inferred:?}");
    let context = file(&folder, "grants.yaml", &inferred.stdout);
    let passed = run(&["review", "--context", &context], review.to_string());
    assert_eq!(passed.code, Some(0), "{}\n{passed:?}", inferred.stdout);
}

#[test]
fn what_no_grant_permits_is_said() {
    let claim = "apiVersion: gatewright.dev/v1alpha1\nkind: DomainClaim\nmetadata: {name: a.example.com}\n\
                 spec: {hostname: a.example.com, namespace: bank}\nstatus: {phase: Bound}\n";
    let review: Value = serde_json::from_str(&review("a.example.com")).expect("JSON");
    let inferred = run(&["grants", "infer", "-"], format!("{claim}---\n{}\n", review["request"]["object"]));
    assert!(
        inferred.stderr.contains("HTTPRoute `shop/web` is denied all the same: `a.example.com` belongs to"),
        "{inferred:?}"
    );
    assert!(
        inferred.stdout.contains("name: bank\n") && inferred.stdout.contains("name: shop\n"),
        "{inferred:?}"
    );
    for text in ["", GRANT, "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"] {
        let nothing = run(&["grants", "infer", "-"], text);
        assert_eq!((nothing.code, nothing.stdout.as_str()), (Some(1), ""), "{nothing:?}");
        assert!(nothing.stderr.contains("error[nothing-to-infer]"), "{nothing:?}");
    }
}

/// What one page asks for is what another does: a kind that is left out gets no grant.
#[test]
fn the_commands_that_infer_grants_fetch_the_same_kinds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = |name: &str| std::fs::read_to_string(folder.join(name)).expect("it is committed");
    let pages = ["README.md", "docs/ownership.md"].map(page);
    let help = [&["grants", "--help"][..], &["grants", "infer", "--help"]].map(|words| run(words, "").stdout);
    let hint = run(&["grants", "infer", "-"], "").stderr;
    for text in pages.iter().chain(&help).chain([&hint]) {
        let asked = text.split("kubectl get ").skip(1).filter(|rest| rest.starts_with("gateways,"));
        let kinds: Vec<&str> = asked.filter_map(|rest| rest.split_whitespace().next()).collect();
        assert!(!kinds.is_empty(), "{text}");
        for kinds in kinds {
            assert_eq!(kinds, "gateways,listenersets,httproutes,grpcroutes,tlsroutes,ingresses");
        }
    }
}
