//! Text to values to manifests: no text stops the renderer, and what it emits reads back.

#![no_main]

use gatewright_core::diagnostic::has_errors;
use gatewright_core::tree::yaml::{self, Limits};
use gatewright_core::{Format, Scope, render};
use libfuzzer_sys::fuzz_target;

/// Small bounds: the fuzzer has better to do than to allocate.
const LIMITS: Limits =
    Limits { bytes: 1 << 16, depth: 100, nodes: 20_000, scalar_bytes: 1 << 18, documents: 4 };

fuzz_target!(|text: &str| {
    let scope = Scope { release: "demo".to_owned(), namespace: "edge".to_owned(), ..Scope::default() };
    let mut found = Vec::new();
    let Some(values) = yaml::read(text, 0, &LIMITS, &mut found).into_iter().next() else { return };
    if has_errors(&found) {
        return;
    }
    let rendered = render(values, &scope, Format::Yaml);
    if has_errors(&rendered.diagnostics) {
        assert!(rendered.manifests.list.is_empty(), "an error, and still manifests");
    }
    for (manifest, text) in rendered.manifests.iter() {
        let mut found = Vec::new();
        let documents = yaml::read(text, 0, &Limits::DEFAULT, &mut found);
        assert!(
            found.is_empty() && documents.len() == 1,
            "{} {}: {found:?}\n{text}",
            manifest.kind,
            manifest.name
        );
        let name = documents[0]
            .get("metadata")
            .and_then(|metadata| metadata.get("name"))
            .and_then(|name| name.as_text());
        assert_eq!(name, Some(manifest.name.as_ref()));
    }
});
