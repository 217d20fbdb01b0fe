//! The structural schema, judged by `jsonschema` and told in the API server's words.

use gatewright_core::path::Path;
use gatewright_core::shorten::shortened;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::{Location, LocationSegment};
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;

use crate::finding::{Findings, What};
use crate::multiple::MultipleOf;
use crate::pattern::Pattern;
use crate::{format, json_schema};

/// Most bytes of a value that a message repeats; our own bound.
const SHOWN: usize = 120;

/// Most words of an enum that a message repeats; our own bound.
const WORDS: usize = 100;

/// Most bytes of what is wrong with a schema; our own bound.
const FAULT: usize = 400;

pub(crate) struct Structure {
    validator: Validator,
    /// Formats under conditions of which it is not known what they take.
    unsure: Vec<String>,
}

impl Structure {
    pub(crate) fn new(schema: &Value) -> Result<Self, String> {
        let mut unsure = Vec::new();
        let converted = json_schema::of(schema, &mut unsure);
        let mut options = jsonschema::options()
            .with_draft(Draft::Draft7)
            .should_validate_formats(true)
            .with_keyword(json_schema::PATTERN, |_, value, _| Ok(Box::new(Pattern::of(value)?)))
            .with_keyword(json_schema::MULTIPLE_OF, |_, value, _| Ok(Box::new(MultipleOf::of(value)?)));
        for (name, takes) in format::CERTAIN {
            options = options.with_format(*name, takes);
        }
        let validator = options.build(&converted).map_err(|fault| {
            let place = fault.instance_path().as_str().replace('/', ".");
            format!("openAPIV3Schema{place}: {}", shortened(&fault.to_string(), FAULT))
        })?;
        Ok(Self { validator, unsure })
    }

    pub(crate) fn check(&self, object: &Value, findings: &mut Findings) {
        for format in &self.unsure {
            let message =
                format!("a condition of the schema asks for the format `{format}`, which is not known here");
            findings.add(What::NotEvaluated, Path::ROOT, message);
        }
        for error in self.validator.iter_errors(object) {
            // Of a null that may be there only type and words count.
            let of_null =
                matches!(error.kind(), ValidationErrorKind::Type { .. } | ValidationErrorKind::Enum { .. });
            let value = object.pointer(error.instance_path().as_str()).unwrap_or(&Value::Null);
            if !value.is_null() || of_null {
                tell(&error, value, findings);
            }
        }
    }
}

/// Adds a fault in the API server's words.
fn tell(error: &ValidationError<'_>, value: &Value, findings: &mut Findings) {
    let path = path(error.instance_path());
    let number = |bound: &str, limit: &Value| {
        format!("Invalid value: {}: {path} in body should be {bound} {limit}", shown(value))
    };
    let count = |bound: &str, limit: u64, of: &str| {
        format!("Invalid value: {}: {path} in body should {bound} {limit} {of}", size(value))
    };
    let conditions =
        |words: &str| format!("Invalid value: {:?}: {path} in body must {words}", type_name(value));
    let (what, message) = match error.kind() {
        ValidationErrorKind::Type { kind } => {
            let (found, wanted) = (type_name(value), wanted(kind));
            let message =
                format!("Invalid value: \"{found}\": {path} in body must be of type {wanted}: \"{found}\"");
            (What::Type, message)
        }
        ValidationErrorKind::Required { property } => {
            let path = path.key(property.as_str().unwrap_or_default());
            return findings.add(What::Required, path, "Required value");
        }
        ValidationErrorKind::Enum { options } => {
            let options = options.as_array().map_or(&[][..], Vec::as_slice);
            let words: Vec<String> = options.iter().take(WORDS).map(shown).collect();
            let rest = match options.len().saturating_sub(WORDS) {
                0 => String::new(),
                rest => format!(" and {rest} more"),
            };
            let (value, words) = (shown(value), words.join(", "));
            let message = format!("Unsupported value: {value}: supported values: {words}{rest}");
            (What::Enum, message)
        }
        ValidationErrorKind::Minimum { limit } => (What::Bound, number("greater than or equal to", limit)),
        ValidationErrorKind::Maximum { limit } => (What::Bound, number("less than or equal to", limit)),
        ValidationErrorKind::ExclusiveMinimum { limit } => (What::Bound, number("greater than", limit)),
        ValidationErrorKind::ExclusiveMaximum { limit } => (What::Bound, number("less than", limit)),
        ValidationErrorKind::Custom { keyword, message: factor } if keyword == json_schema::MULTIPLE_OF => {
            let message =
                format!("Invalid value: {}: {path} in body should be a multiple of {factor}", shown(value));
            (What::Bound, message)
        }
        ValidationErrorKind::MinLength { limit } => {
            let message = format!(
                "Invalid value: {}: {path} in body should be at least {limit} chars long",
                shown(value)
            );
            (What::Bound, message)
        }
        ValidationErrorKind::MaxLength { limit } => {
            (What::TooLong, format!("Too long: may not be more than {limit} bytes"))
        }
        ValidationErrorKind::MinItems { limit } => (What::Bound, count("have at least", *limit, "items")),
        ValidationErrorKind::MaxItems { limit } | ValidationErrorKind::MaxProperties { limit } => {
            (What::TooMany, format!("Too many: {}: must have at most {limit} items", size(value)))
        }
        ValidationErrorKind::MinProperties { limit } => {
            (What::Bound, count("have at least", *limit, "properties"))
        }
        ValidationErrorKind::Custom { message: pattern, .. } => {
            let message = format!("Invalid value: {}: {path} in body should match '{pattern}'", shown(value));
            (What::Pattern, message)
        }
        ValidationErrorKind::Format { format } => {
            let message =
                format!("Invalid value: {0}: {path} in body must be of type {format}: {0}", shown(value));
            (What::Malformed, message)
        }
        ValidationErrorKind::UniqueItems => {
            (What::Duplicate, format!("Invalid value: {path} in body shouldn't contain duplicates"))
        }
        ValidationErrorKind::AnyOf { .. } => {
            (What::Malformed, conditions("validate at least one schema (anyOf)"))
        }
        ValidationErrorKind::OneOfNotValid { .. } | ValidationErrorKind::OneOfMultipleValid { .. } => {
            (What::Malformed, conditions("validate one and only one schema (oneOf)"))
        }
        ValidationErrorKind::Not { .. } => (What::Malformed, conditions("not validate the schema (not)")),
        // No keyword that is translated gives another kind of fault, unless the engine itself fails.
        _ => (What::NotEvaluated, error.to_string()),
    };
    findings.add(what, path, message);
}

fn path(location: &Location) -> Path {
    location.iter().fold(Path::ROOT, |path, segment| match segment {
        LocationSegment::Property(key) => path.key(&key),
        LocationSegment::Index(index) => path.index(index),
    })
}

fn wanted(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(kind) => kind.to_string(),
        TypeKind::Multiple(kinds) => {
            let words: Vec<String> = kinds.iter().map(|kind| kind.to_string()).collect();
            words.join(",")
        }
    }
}

fn size(value: &Value) -> usize {
    value.as_array().map(Vec::len).or_else(|| value.as_object().map(serde_json::Map::len)).unwrap_or_default()
}

/// The word that the API server has for a value's type.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A value as JSON, cut where it is long.
pub(crate) fn shown(value: &Value) -> String {
    shortened(&value.to_string(), SHOWN).into_owned()
}
