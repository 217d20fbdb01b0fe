//! The faults that the API server finds, in its own words.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::elsewhere::elsewhere;
use super::metadata;
use super::place::Place;
use super::schema::{Kind, Rule};
use super::tables::patch;
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::release::Target;
use crate::shorten::shortened;
use crate::tree::{Node, Value};

/// A field that the schema does not have.
pub const UNKNOWN_FIELD: Code = Code("api-unknown-field");
/// A value of another type.
pub const TYPE: Code = Code("api-type");
/// A field that must be there is not.
pub const REQUIRED: Code = Code("api-required");
/// A word that is not one of those allowed.
pub const ENUM: Code = Code("api-enum");
/// A number, or a count of items or characters, beyond its bound.
pub const BOUND: Code = Code("api-bound");
/// A text with more characters than allowed.
pub const TOO_LONG: Code = Code("api-too-long");
/// A list or map with more items than allowed.
pub const TOO_MANY: Code = Code("api-too-many");
/// A text that does not match its pattern.
pub const PATTERN: Code = Code("api-pattern");
/// A value that fits none of the forms it may have.
pub const MALFORMED: Code = Code("api-malformed");
/// Two items that count as the same one.
pub const DUPLICATE: Code = Code("api-duplicate");
/// A CEL rule of the CRD does not hold.
pub const RULE: Code = Code("api-rule");
/// A fault in the object's metadata.
pub const METADATA: Code = Code("api-metadata");
/// The target serves no such kind under that apiVersion.
pub const NOT_SERVED: Code = Code("api-not-served");

/// Most bytes of a CEL expression that a hint shows; a longer one tells a reader less than the rule's message. Our own
/// bound.
const EXPRESSION_MAX: usize = 160;

/// What was found so far in one object.
pub(super) struct Faults {
    kind: &'static Kind,
    target: Target,
    found: Vec<Diagnostic>,
}

impl Faults {
    pub(super) fn new(kind: &'static Kind, target: Target) -> Self {
        Self { kind, target, found: Vec::new() }
    }

    /// How many there are, to be given back to [`Faults::forgive`].
    pub(super) fn mark(&self) -> usize {
        self.found.len()
    }

    /// Drops what was found since a mark in a value that an update leaves alone. An unknown field stays:
    /// the API server finds it while it reads the request, before it compares.
    pub(super) fn forgive(&mut self, mark: usize) {
        let mut at = 0;
        self.found.retain(|fault| {
            at += 1;
            at <= mark || fault.code == UNKNOWN_FIELD
        });
    }

    /// Whether one of them keeps the API server from evaluating CEL rules.
    ///
    /// Source: `k8s.io/apiextensions-apiserver` v0.36.2, `pkg/registry/customresource/strategy.go`, `hasBlockingErr`.
    pub(super) fn blocking(&self) -> bool {
        self.found.iter().any(|fault| [TYPE, ENUM, REQUIRED, TOO_LONG, TOO_MANY].contains(&fault.code))
    }

    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.found
    }

    /// Adds one with the kind's schema as its source.
    pub(super) fn add(
        &mut self,
        code: Code,
        place: &Place<'_>,
        message: impl Into<String>,
        hint: impl Into<Cow<'static, str>>,
    ) {
        let Kind { version, kind, .. } = self.kind;
        let source = format!(
            "Gateway API v{} {}, {kind} {version}",
            patch(self.target.release),
            self.target.channel.name()
        );
        self.push(code, place, message.into(), hint.into(), source);
    }

    /// Adds one whose source is the API server's own code.
    pub(super) fn metadata(&mut self, place: &Place<'_>, message: impl Into<String>, hint: &'static str) {
        self.push(METADATA, place, message.into(), Cow::Borrowed(hint), metadata::SOURCE.to_owned());
    }

    /// `of_type` is the field that goes with the `type` beside it, where that is missing.
    pub(super) fn unknown_field(
        &mut self,
        place: &Place<'_>,
        known: impl Iterator<Item = &'static str>,
        of_type: Option<&str>,
    ) {
        let path = place.path();
        let name = match place {
            Place::Key(_, key) => *key,
            Place::Root | Place::Index(..) => "",
        };
        let near = crate::values::nearest(name, known);
        let mut message = format!("strict decoding error: unknown field \"{path}\"");
        if let Some(near) = near {
            let _ = write!(message, "; did you mean `{near}`?");
        }
        let hint = match (elsewhere(self.kind, &path, self.target), near, of_type) {
            (Some((release, channel)), ..) => {
                format!("Gateway API {} has it in the {} channel", release.name(), channel.name())
            }
            (None, Some(near), _) => {
                format!("write `{near}`; without strict validation it would be dropped silently")
            }
            (None, None, Some(field)) => {
                format!(
                    "write `{field}`, which goes with the `type`; without strict validation it would be dropped silently"
                )
            }
            (None, None, None) => {
                "take it out; without strict validation it would be dropped silently".to_owned()
            }
        };
        self.add(UNKNOWN_FIELD, place, message, hint);
        if let Some(last) = self.found.last_mut() {
            last.about_key = true;
        }
    }

    /// `as_text` says what to do where the value would not do as a text either.
    pub(super) fn wrong_type(
        &mut self,
        place: &Place<'_>,
        wanted: &str,
        found: &Node<'_>,
        as_text: Option<&str>,
    ) {
        let kind = type_name(found);
        let message = format!(
            "Invalid value: \"{kind}\": {} in body must be of type {wanted}: \"{kind}\"",
            place.path()
        );
        let hint = match (wanted, &found.value) {
            ("string", Value::Integer(_) | Value::Unsigned(_) | Value::Float(_) | Value::Bool(_)) => {
                "quote it"
            }
            ("integer", Value::Text(text)) if text.parse::<i64>().is_ok() => "take its quotes away",
            ("boolean", Value::Text(text)) if matches!(text.as_ref(), "true" | "false") => {
                "take its quotes away"
            }
            ("integer", Value::Text(_)) => "give a whole number",
            ("boolean", Value::Text(_)) => "give true or false",
            ("integer", _) => "write a whole number",
            ("boolean", _) => "write `true` or `false`",
            ("array", _) => "write a list, with `-` before each item or in brackets",
            ("object", _) => "write keys with their values",
            _ => "write a text",
        };
        self.add(TYPE, place, message, as_text.unwrap_or(hint).to_owned());
    }

    pub(super) fn required(&mut self, place: &Place<'_>, detail: &str) {
        let message =
            if detail.is_empty() { "Required value".to_owned() } else { format!("Required value: {detail}") };
        let hint = match place {
            Place::Key(_, key) => format!("add `{key}`; a key with nothing behind it counts as absent"),
            Place::Root | Place::Index(..) => "add it".to_owned(),
        };
        self.add(REQUIRED, place, message, hint);
    }

    /// Says that a rule does not hold.
    pub(super) fn rule(&mut self, place: &Place<'_>, node: &Node<'_>, rule: &Rule) {
        // The API server repeats plain values only.
        let message = match &node.value {
            Value::Map(_) | Value::List(_) | Value::Null => format!("Invalid value: {}", rule.message),
            _ => format!("Invalid value: {}: {}", shown(node), rule.message),
        };
        let hint = if rule.transition {
            "it cannot be changed: leave it as it was, or delete the object and make it anew".to_owned()
        } else if rule.port.expression.len() <= EXPRESSION_MAX {
            format!("change it so that this holds: `{}`", rule.port.expression)
        } else {
            "change one of the fields that the message is about, or take it out".to_owned()
        };
        self.add(RULE, place, message, hint);
    }

    /// Says that a rule cannot be evaluated.
    ///
    /// Source: `k8s.io/apiextensions-apiserver` v0.36.2, `pkg/apiserver/schema/cel/validation.go:450`.
    pub(super) fn rule_error(
        &mut self,
        place: &Place<'_>,
        node: &Node<'_>,
        rule: &Rule,
        error: &str,
        hint: &'static str,
    ) {
        let kind = type_name(node);
        let message = format!("Invalid value: \"{kind}\": {error} evaluating rule: {}", rule.message);
        self.add(RULE, place, message, hint);
    }

    fn push(
        &mut self,
        code: Code,
        place: &Place<'_>,
        message: String,
        hint: Cow<'static, str>,
        source: String,
    ) {
        let diagnostic =
            Diagnostic::error(code, place.path(), message).hint(hint).source(source).level(Level::Api);
        self.found.push(diagnostic);
    }
}

/// The word that the API server has for a value's type.
pub(super) fn type_name(node: &Node<'_>) -> &'static str {
    match node.value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Integer(_) => "integer",
        // Beyond 64 bits with the sign Go has floats only.
        Value::Unsigned(_) | Value::Float(_) => "number",
        Value::Text(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
    }
}

/// A value as JSON, cut where it is long.
pub(super) fn shown(node: &Node<'_>) -> String {
    /// Most bytes of a value that a message repeats; our own bound.
    const SHOWN: usize = 120;
    shortened(&serde_json::to_string(node).unwrap_or_default(), SHOWN).into_owned()
}

#[cfg(test)]
mod tests {
    use crate::check::api;
    use crate::release::{Channel, Release, Target};
    use crate::tree::yaml::{self, Limits};

    #[test]
    fn hints_do_not_lead_to_the_next_fault() {
        let target = Target { release: Release::V1_6, channel: Channel::Standard };
        for (spec, expected) in [
            ("rules: [{timeouts: {request: 10}}]", "give it a unit, like `10s`"),
            ("rules: [{timeouts: {request: '10'}}]", "give it a unit, like `10s`"),
            ("rules: [{timeouts: {request: 1.5}}]", "write one to four whole numbers"),
            ("parentRefs: [{name: 10}]", "quote it"),
            ("parentRefs: [{name: a, sectionName: 80}]", "quote it"),
            ("hostnames: ['*']", "leave it out: without a host name every host is meant"),
            ("hostnames: ['*.']", "write labels"),
            (
                "rules: [{filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, value: /}}}]}]",
                "write `replaceFullPath`, which goes with the `type`;",
            ),
            (
                "rules: [{filters: [{type: URLRewrite, value: a}]}]",
                "write `urlRewrite`, which goes with the `type`;",
            ),
        ] {
            let text = format!(
                "{{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {{name: a}}, spec: {{{spec}}}}}"
            );
            let mut nodes = yaml::read(&text, 0, &Limits::NATIVE, &mut Vec::new());
            let kind = api::find(target, "gateway.networking.k8s.io/v1", "HTTPRoute").expect("it is served");
            let found = api::check(kind, &mut nodes[0], None, target);
            assert!(found.iter().any(|fault| fault.hint.starts_with(expected)), "{spec}: {found:?}");
        }
    }
}
