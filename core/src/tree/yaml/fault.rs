//! The words for everything that can be wrong with a YAML text.

use std::borrow::Cow;

use granit_parser::{ErrorKind, ScanError};

use super::dialect::FlowAmbiguity;
use super::scalar::ScalarFault;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::tree::Position;

/// The text is not YAML, or not the YAML that Helm reads. Reading stops there.
pub const YAML_SYNTAX: Code = Code("yaml-syntax");
/// The YAML is sound, but says something that JSON cannot. Reading goes on.
pub const YAML_VALUE: Code = Code("yaml-value");
/// The text crosses a bound of the reader: its size, depth, values or aliases. Reading stops there.
pub const YAML_LIMIT: Code = Code("yaml-limit");
/// A map has a key twice.
pub const DUPLICATE_KEY: Code = Code("duplicate-key");

/// A fault after which nothing sound can be read. Boxed, since it is part of every result.
#[derive(Debug)]
pub(super) struct Halt(Box<Diagnostic>);

impl Halt {
    fn new(code: Code, position: Position, message: impl Into<String>) -> Self {
        let mut diagnostic = Diagnostic::error(code, Path::ROOT, message);
        diagnostic.position = position;
        Self(Box::new(diagnostic))
    }

    fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint = hint.into();
        self
    }

    fn source(mut self, source: &'static str) -> Self {
        self.0.source = source.into();
        self
    }

    /// What to tell the user.
    pub(super) fn into_diagnostic(self) -> Diagnostic {
        *self.0
    }
}

/// What is known about the reader that our users' values pass through.
const GO_SOURCE: &str = "Helm's YAML reader, sigs.k8s.io/yaml 1.4.0";

pub(super) fn syntax(position: Position, message: impl Into<String>) -> Halt {
    Halt::new(YAML_SYNTAX, position, message)
}

pub(super) fn limit(position: Position, message: impl Into<String>) -> Halt {
    Halt::new(YAML_LIMIT, position, message)
}

/// An object of a stream of JSON is none. The words are the reader's own, without the place that the position has.
pub(super) fn json(error: &serde_json::Error, position: Position) -> Halt {
    let words = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let words = words.strip_suffix(&place).unwrap_or(&words);
    syntax(position, format!("not JSON, as the objects before it are: {words}"))
        .hint("put `---` lines between objects that are YAML; what is behind this one is not read")
}

/// The parser stopped. The words are its own.
pub(super) fn scan(error: &ScanError, position: Position, depth: usize) -> Halt {
    let fault = syntax(position, error.info());
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(position, depth),
        ErrorKind::UnexpectedCharacter { character: '%' | '@' | '`' } => {
            fault.hint("put quotes around the text")
        }
        ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation | ErrorKind::TabNotAllowed => {
            fault.hint("indent with spaces")
        }
        ErrorKind::MappingValueNotAllowed => {
            fault.hint("a text that holds `: ` needs quotes; a key needs the indentation of its neighbours")
        }
        _ => fault,
    }
}

pub(super) fn too_deep(position: Position, depth: usize) -> Halt {
    limit(position, format!("maps and lists stand more than {depth} levels deep, the bound of this reader"))
}

pub(super) fn excessive_aliases(position: Position) -> Halt {
    limit(position, "nearly all values come from aliases, more than the 99 of 100 that Helm allows")
        .source(GO_SOURCE)
}

pub(super) fn forbidden_character(position: Position, character: char) -> Halt {
    let code = u32::from(character);
    if matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}') {
        syntax(position, format!("U+{code:04X} ends a line for some readers of YAML and not for others"))
            .hint(format!(
                "write it as `\\u{code:04x}` in double quotes, or JSON, as `kubectl get -o json` does"
            ))
    } else {
        syntax(position, format!("U+{code:04X} is a control character, which YAML does not allow"))
            .hint("take it out, write it as an escape in double quotes, or write JSON")
    }
}

pub(super) fn stray_mark(position: Position) -> Halt {
    syntax(position, "a byte-order mark stands at the start of a line that starts no document")
        .hint("take the mark out, or put `---` on the line before it")
}

pub(super) fn refused_escape(position: Position, escape: &str) -> Halt {
    let fault = syntax(position, format!("the escape `{escape}` is not YAML, though JSON has it"));
    let hint = match escape {
        "\\/" => "write `/`",
        _ => "write the character itself, or `\\U` and its eight hexadecimal digits",
    };
    fault.hint(hint).source(GO_SOURCE)
}

pub(super) fn version(position: Position, major: u32, minor: u32) -> Halt {
    syntax(position, format!("the text declares YAML {major}.{minor}, but Helm reads 1.1 only"))
        .hint("take the `%YAML` line out")
        .source(GO_SOURCE)
}

pub(super) fn complex_key(position: Position) -> Halt {
    syntax(position, "a map or list cannot be a key")
        .hint("a template such as `{{ .Values.name }}` needs quotes around it")
}

pub(super) fn ambiguous_flow_scalar(ambiguity: FlowAmbiguity, position: Position) -> Halt {
    let message = match ambiguity {
        FlowAmbiguity::QuestionMark => "`?` inside `[]` or `{}` needs quotes: to Helm it starts a key",
        FlowAmbiguity::LeadingColon => {
            "a text inside `[]` or `{}` that starts with `:` needs quotes: Helm does not take it"
        }
        FlowAmbiguity::TouchingColon => {
            "`:` inside `[]` or `{}` needs a blank behind it: to Helm it is else part of the text before it"
        }
    };
    syntax(position, message).source(GO_SOURCE)
}

pub(super) fn touching_tag(position: Position) -> Halt {
    syntax(position, "a tag needs a blank behind it: Helm takes the bracket or comma for a part of it")
        .source(GO_SOURCE)
}

pub(super) fn anchor_name(position: Position) -> Halt {
    syntax(position, "the name of an anchor may hold letters, digits, `_` and `-` only, as Helm reads it")
        .source(GO_SOURCE)
}

pub(super) fn unindented(position: Position) -> Halt {
    syntax(
        position,
        "a block of text that is the whole document needs indentation: Helm else takes it for empty",
    )
    .source(GO_SOURCE)
}

pub(super) fn self_reference(position: Position) -> Halt {
    syntax(position, "the alias stands inside the value that its anchor names")
}

pub(super) fn bad_merge(position: Position) -> Halt {
    syntax(position, "`<<` merges a map or a list of maps, and this is neither")
        .hint("put quotes around `<<` if it is meant as a key")
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
        ScalarFault::HugeKey(_) => {
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
