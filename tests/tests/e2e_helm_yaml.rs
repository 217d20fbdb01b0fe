//! Our reading of YAML against Helm's: thousands of generated texts, each read by both.
//!
//! The generator is seeded, so a run is the same everywhere: `GATEWRIGHT_YAML_SEED` and
//! `GATEWRIGHT_YAML_COUNT` look further. A text that both refuse, or read alike, agrees. Texts that
//! only one of the two refuses must have a reason listed in [`STRICTER`] or [`LAXER`]; two
//! different values are a failure always.

#![cfg(feature = "e2e")]
#![allow(clippy::disallowed_methods, reason = "a test reads its environment and runs Go")]

#[path = "../../core/tests/helm-yaml/generator.rs"]
mod generator;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use gatewright_core::diagnostic::Severity;
use gatewright_core::tree::yaml::{self, Limits};
use serde_json::Value;

/// What we refuse and Go reads: the words of our message, and why we refuse.
const STRICTER: &[(&str, &str)] = &[
    ("ends a line for some readers", "YAML 1.1 and 1.2 disagree about NEL, U+2028 and U+2029"),
    ("byte-order mark", "to Go it is text wherever it starts no document"),
    ("a BOM must not appear inside a document", "the same, inside a line"),
    ("`:` inside `[]` or `{}` needs a blank", "`[a:]` is text in YAML 1.1 and a key in 1.2"),
    ("`?` inside `[]` or `{}` needs quotes", "`?` is a key in YAML 1.1 and text in 1.2"),
    ("that starts with `:` needs quotes", "`[:a]` is a key in YAML 1.1"),
    ("a tag needs a blank behind it", "Go takes `,` and `]` for parts of a tag"),
    ("the name of an anchor may hold", "Go ends a name at the first other character and reads on"),
    ("is the whole document needs indentation", "Go takes the text for empty"),
    // What the parser, by YAML 1.2, does not take.
    ("comment intercepting the multiline text", "a comment cannot stand inside a plain text"),
    ("comments must be separated", "`\"a\"#b`"),
    ("did not find expected whitespace", "`!a!b!c`, `&a*`"),
    ("did not find expected tag URI", "`!!`"),
    ("found unknown escape character", "`\\'`, which Go takes"),
    ("':' may not precede any of", "`{?\"a\":[b]}`"),
    ("illegal placement of ':' indicator", "a key of several lines in `[]`"),
    ("invalid indentation in multiline quoted scalar", "quoted text continued at its key's indentation"),
    ("plain scalar cannot start with '-'", "`[-]`"),
    ("simple key expected ':'", "a block scalar at its key's indentation"),
    ("wrongly indented line in block scalar", "an empty first line deeper than the text"),
    ("did not find expected ',' or '}'", "`{a: b:}`"),
    ("tabs disallowed within this context", "a tab before `[` on a line of its own"),
    ("tab cannot be used as indentation", "a line of tabs inside quotes"),
    ("did not find expected alphabetic or numeric character", "`*` alone"),
    // Go stops looking where the first document's value ends, so it misses what follows.
    ("a map or list cannot be a key", "`{}: 1`"),
    ("must be followed by a valid YAML whitespace", "a tab behind `-`, in a second document"),
    ("did not find expected <document start>", "a second value without `---`"),
    ("unexpected character: `%'", "`[] [%`"),
    ("invalid content after document end marker", "`... x`"),
    ("invalid trailing content after", "`\"a\" b`"),
    ("misplaced bracket", "`[a]]`"),
    ("mismatched bracket", "the same"),
    ("\"-\" is only valid inside a block", "the same"),
    ("block sequence entries are not allowed", "`&a:- x`, where Go ends the anchor's name early"),
    ("unclosed quote", "`{}\"`"),
    ("missing explicit document end marker", "a directive in a second document"),
    ("unclosed bracket", "`[a] [`"),
    ("unexpected EOF while parsing", "the same"),
    ("found unknown anchor", "an alias in the second document"),
];

/// What Go refuses and we read: the words of Go's message, and why we read it.
const LAXER: &[(&str, &str)] = &[
    ("found character that cannot start any token", "tabs between `-` or `?` and a value"),
    ("found a tab character", "tabs on blank lines and in block scalars"),
    ("did not find expected node content", "`...` without a document"),
    ("did not find expected ',' or '}'", "a plain key of several lines in `{}`"),
    ("did not find expected ',' or ']'", "the same in `[]`"),
    ("did not find expected alphabetic or numeric character", "`&a[` without a blank"),
    ("did not find expected whitespace or line break", "the same behind a tag"),
    ("did not find expected tag URI", "`!!#`"),
    ("could not find expected directive name", "directives nobody knows"),
    ("found unexpected non-alphabetical character", "the same"),
    ("found unknown directive name", "the same"),
    ("did not find the expected '>'", "`!<a#b>`"),
    ("found unknown escape character", "in a comment or key that Go reads as quoted"),
];

/// How many texts a failure shows for one reason, the shortest first.
const EXAMPLES_SHOWN: usize = 5;

#[test]
fn reads_as_helm_does() -> Result<()> {
    let seed = variable("GATEWRIGHT_YAML_SEED", 1)?;
    let count = variable("GATEWRIGHT_YAML_COUNT", 20_000)?;
    let texts = generator::texts(seed, usize::try_from(count)?);
    let answers = ask_go(&texts)?;
    ensure!(answers.len() == texts.len(), "Go answered {} of {} texts", answers.len(), texts.len());
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (text, answer) in texts.iter().zip(&answers) {
        if let Some((reason, detail)) = difference(text, answer) {
            reasons.entry(reason).or_default().push(format!("{text:?}\n      {detail}"));
        }
    }
    let unexplained: Vec<String> = reasons
        .into_iter()
        .filter(|(reason, _)| !is_known(reason))
        .map(|(reason, mut examples)| {
            examples.sort_by_key(String::len);
            let count = examples.len();
            examples.truncate(EXAMPLES_SHOWN);
            format!("{count} of {reason}\n    {}", examples.join("\n    "))
        })
        .collect();
    ensure!(unexplained.is_empty(), "seed {seed}: differences from Helm\n{}", unexplained.join("\n"));
    Ok(())
}

/// What we write, Go reads back: strings that look like anything else, in every place.
#[test]
fn helm_reads_what_we_write() -> Result<()> {
    let seed = variable("GATEWRIGHT_YAML_SEED", 1)?;
    let count = variable("GATEWRIGHT_YAML_COUNT", 20_000)?;
    let values = generator::values(seed, usize::try_from(count)?);
    let texts: Vec<String> = values
        .iter()
        .map(|value| {
            let mut text = String::new();
            yaml::write(value, &mut text);
            text
        })
        .collect();
    let answers = ask_go(&texts)?;
    ensure!(answers.len() == texts.len(), "Go answered {} of {} texts", answers.len(), texts.len());
    for ((value, text), answer) in values.iter().zip(&texts).zip(&answers) {
        let read = answer.get("json");
        ensure!(
            read.is_some_and(|read| equal(read, value)),
            "seed {seed}: {value}\nwritten as\n{text}\nHelm: {answer}"
        );
    }
    Ok(())
}

fn is_known(reason: &str) -> bool {
    let list = match reason.split_once(": ") {
        Some(("stricter", message)) => (STRICTER, message),
        Some(("laxer", message)) => (LAXER, message),
        _ => return false,
    };
    list.0.iter().any(|(words, _)| list.1.contains(words))
}

fn variable(name: &str, default: u64) -> Result<u64> {
    match std::env::var(name) {
        Ok(value) => value.parse().with_context(|| format!("{name} is not a number: {value}")),
        Err(_) => Ok(default),
    }
}

/// What Go's reader says to each text: `{"json": …}` or `{"error": …}`.
fn ask_go(texts: &[String]) -> Result<Vec<Value>> {
    let mut go = Command::new("go")
        .args(["run", "."])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/helm-yaml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting `go run` in tests/helm-yaml")?;
    let mut input = go.stdin.take().context("the standard input of `go run`")?;
    let questions = serde_json::to_vec(texts)?;
    let writer = std::thread::spawn(move || input.write_all(&questions));
    let output = go.wait_with_output().context("waiting for `go run`")?;
    writer.join().ok().context("the thread that writes to `go run`")?.context("writing to `go run`")?;
    ensure!(output.status.success(), "`go run` in tests/helm-yaml failed: {}", output.status);
    serde_json::from_slice(&output.stdout).context("reading the answers of `go run`")
}

/// In which way the two readers differ about a text, and the details.
fn difference(text: &str, answer: &Value) -> Option<(String, String)> {
    let mut found = Vec::new();
    let documents = yaml::read(text, 0, &Limits::DEFAULT, &mut found);
    let ours = documents.first().map(|node| serde_json::to_value(node).unwrap_or_default());
    // What stopped the reading says most.
    let mut faults = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let fault = faults.clone().find(|fault| fault.code != yaml::YAML_VALUE).or_else(|| faults.next());
    // Go looks at the first document only: a fault behind it is none for Go.
    let refused = match documents.len() {
        0 => true,
        1 => fault.is_some(),
        _ => found.iter().any(|diagnostic| diagnostic.code == yaml::YAML_VALUE),
    };
    let is_twice = found.iter().any(|diagnostic| diagnostic.code == yaml::DUPLICATE_KEY);
    match (answer.get("json"), ours) {
        (None, _) if refused => None,
        (None, ours) => {
            let error = go_message(answer["error"].as_str().unwrap_or(""));
            Some((format!("laxer: {error}"), format!("ours: {}", ours.unwrap_or_default())))
        }
        (Some(theirs), Some(ours)) if equal(&ours, theirs) => None,
        // A value that a later one of the same key replaces is none to Go, even if JSON cannot say it.
        (Some(_), _) if is_twice && fault.is_some_and(|fault| fault.code == yaml::YAML_VALUE) => None,
        (Some(theirs), _) if refused => {
            let message = fault.map_or("", |fault| &fault.message);
            Some((format!("stricter: {message}"), format!("Helm: {theirs}")))
        }
        // Of `1_000: a` and `1e3: b`, which become one key in JSON only, Go takes either.
        (Some(_), _) if is_twice => None,
        (Some(theirs), ours) => {
            let detail = format!("Helm: {theirs}\n      ours: {}", ours.unwrap_or_default());
            Some(("different values".to_owned(), detail))
        }
    }
}

/// Go's message without `yaml: line 3: ` before it.
fn go_message(error: &str) -> &str {
    let error = error.strip_prefix("yaml: ").unwrap_or(error);
    match error.split_once(": ") {
        Some((line, message)) if line.starts_with("line ") => message,
        _ => error,
    }
}

/// Whether two numbers are the same float64, but for the last digit: serde_json's own float parser,
/// which reads Go's answer here, is not exact.
fn same_number(a: &serde_json::Number, b: &serde_json::Number) -> bool {
    let (Some(a), Some(b)) = (a.as_f64(), b.as_f64()) else { return false };
    (a - b).abs() <= a.abs() * 1e-15
}

/// Whether two values mean the same; numbers are compared as float64, which is what Helm makes of them.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}
