//! Helm's stream: no stream stops the post-renderer, and what it gives reads as YAML.

#![no_main]

use gatewright_core::diagnostic::has_errors;
use gatewright_core::{PostRender, post_render};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|stream: &str| {
    for allow_missing_carrier in [false, true] {
        let settings = PostRender { allow_missing_carrier, ..PostRender::default() };
        let rendered = post_render(stream, &settings);
        if has_errors(&rendered.diagnostics) {
            assert!(rendered.output.is_empty(), "an error, and still output");
        }
    }
});
