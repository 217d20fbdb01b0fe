//! Numbers that no type of Go holds.
//!
//! Source: `k8s.io/kube-openapi`, `pkg/validation/validate/values.go`, `IsValueValidAgainstRange`; `type.go`. What a
//! format says counts for its own type only: `int32` for integers, `float` for numbers.

use gatewright_core::path::Path;
use serde_json::{Map, Number, Value};

use crate::finding::What;

/// Which numbers a schema's type and format have.
#[derive(Debug, Default)]
pub(crate) enum Numbers {
    #[default]
    Any,
    /// 64 bits with the sign.
    Integers,
    /// 32 bits with the sign.
    Integers32,
    /// Floats of 32 bits.
    Floats32,
}

impl Numbers {
    pub(crate) fn of(schema: &Map<String, Value>) -> Self {
        let word = |key: &str| schema.get(key).and_then(Value::as_str);
        let int_or_string = schema.get("x-kubernetes-int-or-string").is_some_and(|value| *value == true);
        match (word("type"), word("format")) {
            (Some("integer"), Some("int32")) => Self::Integers32,
            (Some("integer"), _) => Self::Integers,
            (Some("number"), Some("float")) => Self::Floats32,
            _ if int_or_string => Self::Integers,
            _ => Self::Any,
        }
    }

    /// What is wrong with a number that is too large, in the API server's words. That it has a fraction is told
    /// elsewhere.
    pub(crate) fn fault(&self, number: &Number, path: &Path) -> Option<(What, String)> {
        let float = number.as_f64().unwrap_or(f64::INFINITY);
        let of_format = |words: &str| {
            (What::Bound, format!("Invalid value: \"\": Checked value must be of type {words} in {path}"))
        };
        match self {
            Self::Integers | Self::Integers32 if number.as_i64().is_none() => {
                let message =
                    format!("Invalid value: \"number\": {path} in body must be of type integer: \"number\"");
                (float.fract() == 0.0).then_some((What::Type, message))
            }
            Self::Integers32 => {
                let fits = number.as_i64().is_some_and(|integer| i32::try_from(integer).is_ok());
                (!fits).then(|| of_format("integer with format int32"))
            }
            #[allow(clippy::cast_possible_truncation, reason = "what is too large becomes infinite")]
            Self::Floats32 => (float as f32).is_infinite().then(|| of_format("number with format float")),
            Self::Any | Self::Integers => None,
        }
    }
}

/// The integer that kubectl sends for a float without a fraction, in the fewest digits that tell it from others. Of
/// one that somebody else sends as it is, the API server's rules say that it is no integer.
pub(crate) fn whole(number: &Number) -> Option<Number> {
    let float = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0)?;
    float.to_string().parse::<i64>().ok().map(Number::from)
}
