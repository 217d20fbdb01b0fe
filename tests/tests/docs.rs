//! Documents that are printed from the code are current; `UPDATE_GOLDEN=1` writes them anew.

use gatewright_core::values;
use gatewright_tests::golden;

#[test]
fn reference_of_the_values_is_current() {
    let held = golden::hold(&golden::root().join("docs/values.md"), &values::reference());
    assert_eq!(held, Ok(()));
}
