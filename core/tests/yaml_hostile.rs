//! Texts made to cost: each is read, or refused by a bound, without harm.
//!
//! Times are printed (`--nocapture`), not asserted.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "the test shows how long reading takes")]
#![allow(clippy::format_collect, clippy::format_push_string, reason = "the texts are made to be read")]

use std::time::Instant;

use gatewright_core::diagnostic::has_errors;
use gatewright_core::tree::yaml::{self, Limits};

/// Without optimisation everything is ten times smaller, the bounds too.
const SCALE: usize = if cfg!(debug_assertions) { 10 } else { 1 };

const LIMITS: Limits = Limits {
    bytes: Limits::DEFAULT.bytes / SCALE,
    nodes: Limits::DEFAULT.nodes / SCALE,
    scalar_bytes: Limits::DEFAULT.scalar_bytes / SCALE,
    documents: Limits::DEFAULT.documents / SCALE,
    ..Limits::DEFAULT
};

/// Reads a text and says whether it was refused, by which code.
fn read(name: &str, text: &str) -> Option<&'static str> {
    let start = Instant::now();
    let mut found = Vec::new();
    let documents = yaml::read(text, 0, &LIMITS, &mut found);
    let count = documents.len();
    drop(documents);
    let refusal = found.last().filter(|_| has_errors(&found)).map(|diagnostic| diagnostic.code.0);
    println!(
        "{name}: {} bytes, {count} documents, {refusal:?}, {} findings, {:.1} ms",
        text.len(),
        found.len(),
        start.elapsed().as_secs_f64() * 1e3
    );
    refusal
}

/// `a1: &a1 [*a0, *a0, …]`, and so on: each line ten times as much as the one before.
fn bomb(lines: usize, merge: bool) -> String {
    let mut text = if merge { "a0: &a0 {k: x}\n" } else { "a0: &a0 [x]\n" }.to_owned();
    for line in 1..lines {
        let before = format!("*a{}, ", line - 1).repeat(10);
        if merge {
            text += &format!("a{line}: &a{line}\n  <<: [{before}]\n  k{line}: [{before}]\n");
        } else {
            text += &format!("a{line}: &a{line} [{before}]\n");
        }
    }
    text
}

#[test]
fn alias_bombs_are_refused() {
    assert_eq!(read("alias bomb", &bomb(20, false)), Some("yaml-limit"));
    assert_eq!(read("merge bomb", &bomb(20, true)), Some("yaml-limit"));
    let list = format!("a: &a [{}]\nb: [{}]\n", "x, ".repeat(50_000), "*a, ".repeat(2_000));
    assert_eq!(read("one long list, many aliases", &list), Some("yaml-limit"));
    let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), "*a, ".repeat(1_000));
    assert_eq!(read("one long text, many aliases", &text), Some("yaml-limit"));
    let nested: String =
        (0..99).map(|level| format!("&a{level} [")).collect::<String>() + &"x, ".repeat(20_000);
    assert!(read("anchors inside anchors", &nested).is_some());
    let chain: String = (1..5_000).map(|line| format!("- &a{line} [*a{}]\n", line - 1)).collect();
    assert_eq!(read("a deep chain of aliases", &format!("- &a0 [x]\n{chain}")), Some("yaml-limit"));
    let merges = format!(
        "a: &a {{{}}}\nb:\n{}",
        (0..2_000).map(|key| format!("k{key}: 1, ")).collect::<String>(),
        "  <<: *a\n".repeat(400)
    );
    assert!(matches!(read("one map merged often", &merges), None | Some("yaml-limit")));
}

#[test]
fn deep_nesting_is_refused() {
    for (name, open) in [("[", "["), ("{a:", "{a: "), ("[{a:", "[{a: "), ("- ", "- "), ("? ", "? ")] {
        let refusal = read(&format!("deep {name}"), &open.repeat(100_000));
        assert!(refusal.is_some(), "{name}");
    }
    let block: String = (0..5_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert_eq!(read("deep block map", &block), Some("yaml-limit"));
    let allowed = format!("{}x{}", "[".repeat(100), "]".repeat(100));
    assert_eq!(read("as deep as may be", &allowed), None);
    assert_eq!(read("one deeper", &format!("[{allowed}]")), Some("yaml-limit"));
}

#[test]
fn long_texts_are_read_or_refused() {
    let keys: String = (0..300_000 / SCALE).map(|key| format!("k{key}: 1\n")).collect();
    assert_eq!(read("many keys", &keys), None);
    assert_eq!(read("one key often", &"a: 1\n".repeat(400_000 / SCALE)), None);
    let doubled: String = (0..100_000 / SCALE).map(|key| format!("k{key}: 1\nk{key}: 2\n")).collect();
    assert_eq!(read("many keys twice", &doubled), None);
    assert_eq!(read("a long text", &format!("a: {}\n", "x".repeat((10 << 20) / SCALE))), None);
    assert_eq!(read("a long quoted text", &format!("a: \"{}\"\n", "\\n".repeat((5 << 20) / SCALE))), None);
    assert_eq!(read("many comments", &"# c\n".repeat(1_000_000 / SCALE)), None);
    assert_eq!(read("many documents", &"---\n".repeat(1_000_000 / SCALE)), Some("yaml-limit"));
    assert_eq!(read("many items", &"- \n".repeat(2_000_000 / SCALE)), Some("yaml-limit"));
    assert_eq!(read("many infinities", &"- .inf\n".repeat(300_000 / SCALE)), Some("yaml-value"));
    assert_eq!(read("a text beyond all bounds", &"a".repeat((17 << 20) / SCALE)), Some("yaml-limit"));
    assert_eq!(read("many quotes", &"''".repeat((1 << 19) / SCALE)), None);
    assert!(read("a key without end", &"a".repeat(2_000).repeat(4_000 / SCALE)).is_none());
    assert!(read("many colons", &":".repeat((1 << 20) / SCALE)).is_some());
    assert!(read("many question marks", &"? ".repeat((1 << 19) / SCALE)).is_some());
    assert!(read("many tags", &"!a ".repeat((1 << 19) / SCALE)).is_some());
    assert!(read("many anchors", &"- &a x\n".repeat(300_000 / SCALE)).is_none());
    assert!(read("many commas", &format!("[{}", ",".repeat((1 << 20) / SCALE))).is_some());
    assert!(read("many braces", &"{}".repeat((1 << 19) / SCALE)).is_some());
    assert!(read("byte-order marks", &"---\n\u{feff}".repeat(200_000 / SCALE)).is_some());
}
