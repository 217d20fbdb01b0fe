//! What was read is written so that it reads as the same.

#![no_main]

use gatewright_core::diagnostic::has_errors;
use gatewright_core::tree::yaml::{self, Limits};
use libfuzzer_sys::fuzz_target;

/// Small bounds: the fuzzer has better to do than to allocate.
const LIMITS: Limits =
    Limits { bytes: 1 << 16, depth: 100, nodes: 20_000, scalar_bytes: 1 << 18, documents: 16 };

fuzz_target!(|text: &str| {
    let mut found = Vec::new();
    let documents = yaml::read(text, 0, &LIMITS, &mut found);
    if has_errors(&found) {
        return;
    }
    for document in documents {
        let mut written = String::new();
        yaml::write(&document, &mut written);
        let mut found = Vec::new();
        let again = yaml::read(&written, 0, &Limits::DEFAULT, &mut found);
        assert!(found.is_empty() && again.len() == 1, "{found:?}\n{written}");
        let json = |node| serde_json::to_string(node).expect("a tree is always JSON");
        assert_eq!(json(&document), json(&again[0]), "{written}");
    }
});
