//! The API server peer takes what Gateway API's CRDs allow, and refuses what they do not.

use anyhow::Result;
use gatewright_tests::peers::{ApiServer, crds};

fn route(rules: usize) -> String {
    let rules = "  - backendRefs: [{name: shop, port: 80}]\n".repeat(rules);
    format!(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{namespace: default, name: shop}}\n\
         spec:\n  parentRefs: [{{name: public}}]\n  rules:\n{rules}"
    )
}

#[test]
fn judges_by_the_crds_limits() -> Result<()> {
    let api = ApiServer::start(&[crds("gateway-api-1.6.3/standard")?])?;

    let said = api.apply_dry_run(&route(16))?;
    assert_eq!(said, "", "sixteen rules give no warning");

    let refusal = api.apply_dry_run(&route(17)).expect_err("seventeen rules are refused").to_string();
    assert!(refusal.contains("spec.rules: Too many: 17: must have at most 16 items"), "{refusal}");

    let typo = route(1).replace("parentRefs", "parentsRefs");
    let refusal = api.apply_dry_run(&typo).expect_err("an unknown field is refused").to_string();
    assert!(refusal.contains("spec.parentsRefs: field not declared in schema"), "{refusal}");

    let routes = api.get(&["httproutes", "--all-namespaces"])?;
    assert_eq!(routes["items"].as_array().map(Vec::len), Some(0), "a dry run leaves nothing behind");
    Ok(())
}
