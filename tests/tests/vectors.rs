//! The vectors of `tests/vectors`, judged by the native core. Other engines judge the same ones.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use gatewright_core::admission;
use gatewright_core::ownership::{Action, Slice};
use gatewright_tests::vectors::{self, Vector};

#[test]
fn every_vector_gets_the_verdict_that_it_expects() {
    let vectors = vectors::all();
    assert!(vectors.len() >= 300, "{} vectors", vectors.len());
    let wrong: Vec<String> = vectors.iter().filter_map(|vector| wrong(vector).err()).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
}

fn wrong(vector: &Vector) -> Result<(), String> {
    let Vector { name, expect, text } = vector;
    let reviewed = admission::replay(text, true).map_err(|fault| format!("{name}: {fault}"))?;
    let decision = &reviewed.decision;
    let code = decision.denials().next().map(|fault| fault.code.0);
    let found = (decision.is_allowed(), code, decision.about());
    let about: Vec<&str> = expect.about.iter().map(String::as_str).collect();
    if found != (expect.allowed, expect.code.as_deref(), about) {
        return Err(format!(
            "{name}: expected {expect:?}, found {found:?}\n    {}",
            reviewed.response.to_review()
        ));
    }
    let warned = decision.findings.iter().find(|finding| finding.action == Action::Warn);
    let warned = warned.map(|finding| finding.fault.code.0);
    if warned != expect.warned.as_deref() {
        return Err(format!("{name}: expected a warning {:?}, found {warned:?}", expect.warned));
    }
    Ok(())
}

/// Each answer is what API servers take, within the bounds on what is said.
#[test]
fn answers_keep_their_bounds() {
    for Vector { name, text, .. } in vectors::all() {
        let reviewed = admission::replay(&text, false).expect(&name);
        let response = &reviewed.response;
        for warning in &response.warnings {
            assert!(warning.len() <= admission::WARNING_MAX, "{name}: {warning}");
        }
        if let Some(status) = &response.status {
            assert!(status.message.len() <= admission::MESSAGE_MAX, "{name}: {}", status.message);
            let code = reviewed.decision.denials().next().expect("a denial").code;
            assert!(status.message.starts_with(code.0), "{name}: {}", status.message);
        }
        assert_eq!(response.allowed, response.status.is_none(), "{name}");
    }
}

/// What a decision looked at is all that it hangs on: over that alone it is the same, to the letter.
#[test]
fn the_verdict_over_the_slice_is_the_verdict_over_everything() {
    let context_of = |slice: &Slice| serde_json::to_string(slice).expect("JSON");
    let mut smaller = 0;
    for Vector { name, text, .. } in vectors::all() {
        let whole = admission::replay(&text, true).expect(&name);
        let Some(slice) = &whole.slice else { continue };
        let context = context_of(slice);
        let sliced = vectors::with_context(&text, &context);
        let again = admission::replay(&sliced, true).expect(&name);
        assert_eq!(again.response.to_review(), whole.response.to_review(), "{name}: over {context}");
        assert_eq!(again.decision.trace, whole.decision.trace, "{name}");
        assert_eq!(
            again.slice.as_ref().map(context_of),
            Some(context.clone()),
            "{name}: the slice of the slice"
        );
        smaller += usize::from(context.len() < text.len() / 2);
    }
    assert!(smaller > 100, "{smaller} slices are smaller than half of their vector");
}
