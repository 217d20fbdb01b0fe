//! Helm's stream: no stream stops the post-renderer, and where every document that comes in reads as
//! YAML, what goes out does too.

#![no_main]

use gatewright_core::diagnostic::has_errors;
use gatewright_core::tree::yaml::{self, Limits};
use gatewright_core::{PostRender, post_render};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|stream: &str| {
    let readable = read(stream);
    for allow_missing_carrier in [false, true] {
        let rendered = post_render(stream, &PostRender { allow_missing_carrier });
        if has_errors(&rendered.diagnostics) {
            assert!(rendered.output.is_empty(), "an error, and still output");
        } else if readable {
            assert!(read(&rendered.output), "{}", rendered.output);
        }
    }
});

/// Whether each document reads, cut as Helm cuts them: foreign ones pass byte for byte, also where Helm
/// sees the end of a document and YAML does not (`-----`).
fn read(stream: &str) -> bool {
    stream.split("\n---").all(|document| {
        let mut found = Vec::new();
        yaml::read(document, 0, &Limits::DEFAULT, &mut found);
        !has_errors(&found)
    })
}
