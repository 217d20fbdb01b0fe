//! `multipleOf`, reckoned in floats as the API server does: it takes some that are no multiples, and refuses
//! some that are.
//!
//! Source: `k8s.io/kube-openapi`, `pkg/validation/validate/values.go`, `MultipleOf` and `MultipleOfNativeType`;
//! `github.com/go-openapi/swag`, `IsFloat64AJSONInteger`.

use jsonschema::{Keyword, ValidationError};
use serde_json::{Number, Value};

/// The largest integer, and the smallest without its sign, that is sure to be the same as a float.
const EXACT_MAX: f64 = 9_007_199_254_740_991.0;

/// How far from an integer a quotient may be, as a part of both.
const TOLERANCE: f64 = 1e-9;

/// The bound of a schema.
pub(crate) struct MultipleOf(Number);

impl MultipleOf {
    /// Reads what stands under the keyword.
    pub(crate) fn of(value: &Value) -> Result<Self, ValidationError<'_>> {
        match value {
            Value::Number(factor) => Ok(Self(factor.clone())),
            _ => Err(ValidationError::custom("multipleOf is a number")),
        }
    }
}

impl<'i> Keyword<'i> for MultipleOf {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) { Ok(()) } else { Err(ValidationError::custom(self.0.to_string())) }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        instance.as_number().is_none_or(|number| is_multiple(number, &self.0))
    }
}

fn is_multiple(number: &Number, factor: &Number) -> bool {
    let Some(factor) = factor.as_f64() else { return false };
    if let Some(integer) = number.as_i64() {
        // Of an integer the factor is cut to one, so that of a factor below one there is no multiple.
        #[allow(clippy::cast_possible_truncation, reason = "the API server cuts it so")]
        let factor = factor as i64;
        return factor > 0 && integer % factor == 0;
    }
    let Some(float) = number.as_f64() else { return false };
    is_integer(if factor < 1.0 { 1.0 / factor * float } else { float / factor })
}

fn is_integer(quotient: f64) -> bool {
    if quotient.is_nan() || quotient.abs() > EXACT_MAX {
        return false;
    }
    let (whole, quotient) = (quotient.trunc().abs(), quotient.abs());
    quotient.fract() == 0.0 || whole != 0.0 && (quotient - whole) / (quotient + whole) < TOLERANCE
}

#[cfg(test)]
mod tests {
    use serde_json::{Number, json};

    use super::is_multiple;

    #[test]
    fn reckons_as_the_api_server_does() {
        let number = |value: serde_json::Value| value.as_number().cloned().unwrap_or_else(|| Number::from(0));
        for (factor, multiples, others) in [
            (
                json!(5),
                vec![json!(0), json!(-5), json!(9_223_372_036_854_775_805_i64)],
                vec![json!(7), json!(2.5), json!(1e20)],
            ),
            (
                json!(0.1),
                vec![json!(0.3), json!(0.7), json!(2.3), json!(123_456.7)],
                vec![json!(0), json!(1), json!(0.35), json!(1e17)],
            ),
            (
                json!(0.01),
                vec![json!(0.07), json!(1.1)],
                vec![json!(0.29), json!(1.15), json!(4.35), json!(8.2)],
            ),
            (json!(0.3), vec![json!(0.9), json!(1.2), json!(-0.9)], vec![json!(3), json!(1)]),
            (json!(0.5), vec![json!(1.5)], vec![json!(0.25), json!(-2), json!(1e300)]),
        ] {
            let factor = number(factor);
            for multiple in multiples {
                assert!(is_multiple(&number(multiple.clone()), &factor), "{multiple} of {factor}");
            }
            for other in others {
                assert!(!is_multiple(&number(other.clone()), &factor), "{other} of {factor}");
            }
        }
    }
}
