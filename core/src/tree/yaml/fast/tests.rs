//! The fast reader against the parser: whatever it does not give up, both read alike.

use super::*;
use crate::tree::yaml::{Limits, characters, events::Events, stream};

#[path = "../../../../tests/helm-yaml/generator.rs"]
#[allow(dead_code, reason = "the end-to-end tests use more of it")]
mod generator;

/// Whether the fast reader takes the first document of a text; fails where the parser disagrees.
fn takes(text: &str) -> bool {
    // `read` has refused these before either reader sees them.
    if characters::forbidden(text).is_some() {
        return false;
    }
    let limits = Limits::DEFAULT;
    let Some(chunk) = stream::chunks(text, 4).next().filter(|chunk| chunk.is_single) else {
        return false;
    };
    let mut ours = Builder::new(&limits);
    if read(chunk.text, chunk.lines_before, 3, &mut ours).is_err() {
        assert!(ours.documents.is_empty(), "{text:?} leaves something behind");
        return false;
    }
    let mut theirs = Builder::new(&limits);
    let result = Events {
        text: chunk.text,
        lines_before: chunk.lines_before,
        source: 3,
        builder: &mut theirs,
        is_json: false,
    }
    .run(&limits);
    assert!(result.is_ok(), "{text:?}: {result:?}");
    assert_eq!(ours.documents, theirs.documents, "{text:?}");
    assert_eq!(ours.spent(), theirs.spent(), "{text:?}");
    let findings = |builder: Builder<'_, '_>| {
        let mut found = Vec::new();
        builder.findings.finish(None, &mut found);
        found
    };
    assert_eq!(findings(ours), findings(theirs), "{text:?}");
    true
}

#[test]
fn takes_what_people_write() {
    for text in [
        "",
        "# only a comment\n",
        "---\n",
        "--- # c\n\n",
        "a: 1\nb: 'x' # c\n\n# c\nc: \"y\\n\\\"\\u00e9\"\n",
        "a:\nb:   \n  # c\nc: # x\n",
        "a:\n  b:\n    c: 1\n  d: 2\ne: 3",
        "-\n-   \n- # c\n- a:\n  b: 1\n- x\n",
        "a:\n- x\n-\n- b: 1\n  c:\n  - y\nd:\n  - z\n",
        "- - a\n  - b\n- - - c\n  -\n",
        "a: |\n  x\n   y\n\n  z\n\nb: |-\n    z\n",
        "a: [x, 1, {b: c, 'd': [], \"e\":2}, {}, []] # c\nb: {}\n",
        "{\"a\": 1, \"b\":[true,null], \"c\": {\"d\":\"e\"}}\n",
        "a : 1\n\"b\" : 2\n'c': 3\nyes: 4\n1e3: 5\n.inf: 6\n",
        "é: [日本, 😀] # é\nb: \"é\\n\"\n",
        "a: http://x:80/?q=[1]#frag\nb: -1\nc: a, b\nd: it's\n",
        "a: 1\na: 2\nnull: 3\nb: .inf\n18446744073709551615: 1\n",
    ] {
        assert!(takes(text), "{text:?}");
    }
}

#[test]
fn gives_up_what_it_does_not_know() {
    for text in [
        "a",
        "a: b: c\n",
        "a: b\n  c\n",
        "a: &x 1\n",
        "a: *x\n",
        "a: !x 1\n",
        "<<: {}\n",
        "a: >\n  x\n",
        "a: |+\n  x\n",
        "a: |\n  x",
        "? a\n: b\n",
        "a:\n\tb: 1\n",
        "a: \"x\n  y\"\n",
        "a: \"\\/\"\n",
        "a: [b,\n c]\n",
        "a: 'it''s'\n",
        "  a: 1\n b: 2\n",
        "a: 1\n- b\n",
        "- a\nb: 1\n",
        "a: [b?c]\n",
        "a: {b}\n",
        "a: - b\n",
        "a: 'b' c\n",
    ] {
        assert!(!takes(text), "{text:?}");
    }
}

#[test]
fn agrees_with_the_parser_on_generated_texts() {
    let texts = generator::texts(1, 10_000);
    let taken = texts.iter().filter(|text| takes(text)).count();
    assert!(taken > 1_000, "{taken}");
}
