//! CRDs that an API server refuses are refused here, and those that it takes are not. Which is which a real one
//! is asked by `e2e_crd`.

use gatewright_crd::{What, refusals};
use gatewright_tests::refusals::cases;

#[test]
fn refuses_what_an_api_server_refuses() {
    let mut wrong = Vec::new();
    for case in cases().expect("the cases can be read") {
        let found = refusals(&case.crd, &mut |_| Ok(()));
        let refused = found.iter().any(|finding| finding.what != What::UnknownField);
        if refused == (case.taken || case.untold) {
            wrong.push(format!("{}: {found:#?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{} wrong: {}", wrong.len(), wrong.join("\n"));
}

#[test]
fn an_unknown_keyword_is_told_with_its_place() {
    let mut crd = cases().expect("the cases can be read").remove(0).crd;
    crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["oneof"] = true.into();
    let found = refusals(&crd, &mut |_| Ok(()));
    let told: Vec<_> = found.iter().map(|finding| (finding.what, finding.path.to_string())).collect();
    let path = "spec.versions[0].schema.openAPIV3Schema.oneof".to_owned();
    assert_eq!(told, [(What::UnknownField, path)]);
}

#[test]
fn a_rule_that_may_not_be_compiled_is_not_refused() {
    let case = cases().expect("the cases can be read").into_iter().find(|case| case.name == "self.text >");
    let found = refusals(&case.expect("it is there").crd, &mut |_| Err("too slow".to_owned()));
    assert_eq!(found, []);
}
