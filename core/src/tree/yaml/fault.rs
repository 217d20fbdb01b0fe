//! The words for everything that can be wrong with a YAML text.

use granit_parser::{ErrorKind, ScanError};

use super::scalar::ScalarFault;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::tree::Position;

/// The text is not YAML, or not the YAML that Helm reads. Reading stops there.
pub const YAML_SYNTAX: Code = Code("yaml-syntax");
/// The YAML is sound, but says something that JSON cannot. Reading goes on.
pub const YAML_VALUE: Code = Code("yaml-value");
/// The text crosses a bound of [`super::Limits`]. Reading stops there.
pub const YAML_LIMIT: Code = Code("yaml-limit");
/// A map has a key twice.
pub const DUPLICATE_KEY: Code = Code("duplicate-key");

/// Findings of one text beyond this many are counted, not told; a repeated line could else cost
/// more memory than the tree.
pub(super) const FINDINGS_MAX: usize = 100;

/// What is known about the reader that our users' values pass through.
const GO_SOURCE: &str = "Helm's YAML reader, sigs.k8s.io/yaml 1.4.0";

pub(super) fn syntax(position: Position, message: impl Into<String>) -> Box<Diagnostic> {
    boxed(YAML_SYNTAX, position, message)
}

pub(super) fn limit(position: Position, message: impl Into<String>) -> Box<Diagnostic> {
    boxed(YAML_LIMIT, position, message)
}

fn boxed(code: Code, position: Position, message: impl Into<String>) -> Box<Diagnostic> {
    let mut diagnostic = Diagnostic::error(code, Path::ROOT, message);
    diagnostic.position = position;
    Box::new(diagnostic)
}

/// The parser stopped.
pub(super) fn scan(error: &ScanError, position: Position, depth: usize) -> Box<Diagnostic> {
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(position, depth),
        ErrorKind::UnexpectedCharacter { character: '%' | '@' | '`' } => {
            hinted(syntax(position, error.info()), "put quotes around the text")
        }
        ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation | ErrorKind::TabNotAllowed => {
            hinted(syntax(position, error.info()), "indent with spaces")
        }
        ErrorKind::MappingValueNotAllowed => hinted(
            syntax(position, error.info()),
            "a text that holds `: ` needs quotes; a key needs the indentation of its neighbours",
        ),
        _ => syntax(position, error.info()),
    }
}

pub(super) fn too_deep(position: Position, depth: usize) -> Box<Diagnostic> {
    limit(position, format!("maps and lists stand more than {depth} levels deep, the bound of this reader"))
}

pub(super) fn forbidden_character(position: Position, character: char) -> Box<Diagnostic> {
    let code = u32::from(character);
    let (what, hint) = match character {
        '\u{85}' | '\u{2028}' | '\u{2029}' => (
            "ends a line for some readers of YAML and not for others",
            format!("write it as `\\u{code:04x}` in double quotes"),
        ),
        _ => (
            "is a control character, which YAML does not allow",
            "take it out, or write it as an escape in double quotes".to_owned(),
        ),
    };
    let mut fault = syntax(position, format!("U+{code:04X} {what}"));
    fault.hint = hint.into();
    fault
}

pub(super) fn refused_escape(position: Position, escape: &str) -> Box<Diagnostic> {
    let hint = if escape.starts_with("\\u") || escape.starts_with("\\U") {
        "write the character itself, or `\\U` and its eight hexadecimal digits"
    } else {
        "write `/`"
    };
    sourced(hinted(syntax(position, format!("the escape `{escape}` is not YAML, though JSON has it")), hint))
}

pub(super) fn version(position: Position, major: u32, minor: u32) -> Box<Diagnostic> {
    let message = format!("the text declares YAML {major}.{minor}, but Helm reads 1.1 only");
    sourced(hinted(syntax(position, message), "take the `%YAML` line out"))
}

pub(super) fn complex_key(position: Position) -> Box<Diagnostic> {
    hinted(
        syntax(position, "a map or list cannot be a key"),
        "a template such as `{{ .Values.name }}` needs quotes around it",
    )
}

pub(super) fn self_reference(position: Position) -> Box<Diagnostic> {
    syntax(position, "the alias stands inside the value that its anchor names")
}

pub(super) fn bad_merge(position: Position) -> Box<Diagnostic> {
    hinted(
        syntax(position, "`<<` merges a map or a list of maps, and this is neither"),
        "put quotes around `<<` if it is meant as a key",
    )
}

/// A scalar that is sound YAML and has no JSON value.
pub(super) fn scalar(fault: ScalarFault, path: Path, position: Position) -> Diagnostic {
    let (message, hint) = match fault {
        ScalarFault::NotOfTag(tag) => {
            (format!("the tag `!!{tag}` does not fit the text behind it"), "take the tag out")
        }
        ScalarFault::NotBase64 => ("the text behind `!!binary` is not base64".to_owned(), ""),
        ScalarFault::NonFinite => (
            "infinity and not-a-number have no place in JSON, which Kubernetes speaks".to_owned(),
            "put quotes around it if it is meant as text",
        ),
        ScalarFault::NullKey => {
            ("null cannot be a key".to_owned(), "put quotes around it if it is meant as text")
        }
        ScalarFault::HugeKey => {
            (format!("an integer key above {} is refused by Helm", i64::MAX), "put quotes around it")
        }
        ScalarFault::ComplexKey => ("a map or list cannot be a key".to_owned(), ""),
    };
    let mut diagnostic = Diagnostic::error(YAML_VALUE, path, message).hint(hint).source(GO_SOURCE);
    diagnostic.position = position;
    diagnostic
}

/// A key that stands in one map more than once. `places` are all of its positions, in order.
pub(super) fn duplicate_key(path: Path, key: &str, places: &[Position]) -> Option<Diagnostic> {
    let [first, .., last] = places else { return None };
    let times = if places.len() == 2 { "twice".to_owned() } else { format!("{} times", places.len()) };
    let message = format!(
        "the key `{key}` stands here {times}, at line {}, column {} and at line {}, column {}; the last one wins",
        first.line, first.column, last.line, last.column
    );
    let mut diagnostic =
        Diagnostic::warning(DUPLICATE_KEY, path, message).hint("keep one of them").source(GO_SOURCE);
    diagnostic.position = *last;
    Some(diagnostic)
}

/// How many findings were not told.
pub(super) fn more(count: usize, position: Position) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::info(YAML_VALUE, Path::ROOT, format!("{count} more findings of this kind are not shown"));
    diagnostic.position = position;
    diagnostic
}

fn hinted(mut diagnostic: Box<Diagnostic>, hint: &'static str) -> Box<Diagnostic> {
    diagnostic.hint = hint.into();
    diagnostic
}

fn sourced(mut diagnostic: Box<Diagnostic>) -> Box<Diagnostic> {
    diagnostic.source = GO_SOURCE.into();
    diagnostic
}
