//! Numbers as Go's `strconv` reads and writes them.

use std::borrow::Cow;

/// A number, or the finding that a text is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Integer(i64),
    Unsigned(u64),
    Float(f64),
    None,
}

/// Reads a text that starts with a digit or a sign: integer first, then float.
///
/// `_` counts for nothing. `0x`, `0o`, `0b` and a leading `0` give the base; digits that do not fit
/// it (`089`) or do not fit 64 bits make a float. What overflows a float (`1e400`) is no number.
pub(super) fn number(text: &str) -> Number {
    let text: Cow<'_, str> =
        if text.contains('_') { text.replace('_', "").into() } else { Cow::Borrowed(text) };
    if let Some(integer) = integer(&text) {
        return integer;
    }
    if let Some(float) = float(&text) {
        return Number::Float(float);
    }
    // goyaml tries what follows `0b` once more, and Go's parser takes a sign there.
    match text.strip_prefix("0b") {
        Some(rest) if rest.starts_with(['+', '-']) => {
            i64::from_str_radix(rest, 2).map_or(Number::None, Number::Integer)
        }
        _ => Number::None,
    }
}

fn integer(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix('-') {
        let magnitude = magnitude(digits)?;
        return 0_i64.checked_sub_unsigned(magnitude).map(Number::Integer);
    }
    if let Some(digits) = text.strip_prefix('+') {
        return i64::try_from(magnitude(digits)?).ok().map(Number::Integer);
    }
    let magnitude = magnitude(text)?;
    Some(i64::try_from(magnitude).map_or(Number::Unsigned(magnitude), Number::Integer))
}

/// Digits in the base that their prefix names; nothing if there are none or they exceed 64 bits.
fn magnitude(text: &str) -> Option<u64> {
    let (base, digits) = match text.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, text.get(2..)?),
        [b'0', b'o' | b'O', _, ..] => (8, text.get(2..)?),
        [b'0', b'b' | b'B', _, ..] => (2, text.get(2..)?),
        [b'0', _, ..] => (8, text.get(1..)?),
        _ => (10, text),
    };
    if digits.is_empty() {
        return None;
    }
    digits.chars().try_fold(0_u64, |sum, digit| {
        sum.checked_mul(u64::from(base))?.checked_add(u64::from(digit.to_digit(base)?))
    })
}

/// Reads a text that starts with a dot. Here Go takes `_` between digits only.
pub(super) fn dotted_float(text: &str) -> Option<f64> {
    if !text.contains('_') {
        return float(text);
    }
    let mut parts = text.split('_').peekable();
    while let Some(part) = parts.next() {
        let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let next = parts.peek().is_none_or(|next| ends(next.as_bytes().first()));
        if !next || (parts.peek().is_some() && !ends(part.as_bytes().last())) {
            return None;
        }
    }
    float(&text.replace('_', ""))
}

/// A decimal float that does not overflow: `1.`, `.5`, `1e3`; never `inf` or `nan`.
fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let well_formed = digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent)
        });
    if !well_formed {
        return None;
    }
    text.parse().ok().filter(|float: &f64| float.is_finite())
}

/// The integer that a float is, below 2⁵³, where every integer still has its own float.
#[expect(clippy::cast_possible_truncation, reason = "the bound is checked")]
pub(in crate::tree) fn integral(float: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (float.abs() < EXACT && float.fract() == 0.0).then_some(float as i64)
}

/// A float as a key, in the words of sigs.k8s.io/yaml: rounded to 32 bits, in Go's format `g`.
///
/// So `1e6: x` gives the key `1e+06`, and `.inf: x` the key `.inf`.
#[expect(clippy::cast_possible_truncation, reason = "the library rounds so, too")]
pub(super) fn float_key(float: f64) -> String {
    let float = float as f32;
    if float.is_nan() {
        return ".nan".to_owned();
    }
    if float.is_infinite() {
        return if float > 0.0 { ".inf".to_owned() } else { "-.inf".to_owned() };
    }
    let scientific = format!("{float:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return float.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_go_reads() {
        for (text, expected) in [
            ("0", Number::Integer(0)),
            ("-0", Number::Integer(0)),
            ("0644", Number::Integer(420)),
            ("0o644", Number::Integer(420)),
            ("0O17", Number::Integer(15)),
            ("0x1F", Number::Integer(31)),
            ("-0x1F", Number::Integer(-31)),
            ("0b101", Number::Integer(5)),
            ("0b-101", Number::Integer(-5)),
            ("1_000", Number::Integer(1000)),
            ("+12", Number::Integer(12)),
            ("089", Number::Float(89.0)),
            ("-9223372036854775808", Number::Integer(i64::MIN)),
            ("9223372036854775808", Number::Unsigned(1 << 63)),
            ("+9223372036854775808", Number::Float(9_223_372_036_854_775_808.0)),
            ("18446744073709551616", Number::Float(18_446_744_073_709_551_616.0)),
            ("1e3", Number::Float(1000.0)),
            ("1.", Number::Float(1.0)),
            ("1e400", Number::None),
            ("0x", Number::None),
            ("0b", Number::None),
            ("1e", Number::None),
            ("1.2.3", Number::None),
            ("12:30:45", Number::None),
            ("-", Number::None),
            ("--1", Number::None),
            ("+-1", Number::None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }

    #[test]
    fn writes_float_keys_as_go_does() {
        for (float, expected) in [
            (2.5, "2.5"),
            (123_456.5, "123456.5"),
            (1e6, "1e+06"),
            (1_234_567.5, "1.2345675e+06"),
            (1e-5, "1e-05"),
            (0.1, "0.1"),
            (1e39, ".inf"),
        ] {
            assert_eq!(float_key(float), expected);
        }
    }
}
