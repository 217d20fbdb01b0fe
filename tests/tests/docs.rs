//! Documents that are printed from the code are current; `UPDATE_GOLDEN=1` writes them anew.

use std::path::Path;

use gatewright_core::values;

#[test]
fn reference_of_the_values_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/values.md");
    let printed = values::reference();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &printed).expect("docs/values.md is writable");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == printed,
        "docs/values.md is not current: run the tests with UPDATE_GOLDEN=1 and read the diff"
    );
}
