//! Numbers.

use hifijson::SliceLexer;
use hifijson::num::LexWrite as _;

use super::fault::Wrong;
use crate::tree::Value;

/// What a float is read with.
pub(super) type Floats = fn(&str) -> f64;

/// Reads a number, of which integers stay integers as far as 64 bits go.
pub(super) fn read(lexer: &mut SliceLexer<'_>, floats: Floats) -> Result<Value<'static>, Wrong> {
    let (text, parts) = lexer.num_string().validated()?;
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if parts.is_int()
        && let Ok(digits) = digits.parse::<u64>()
    {
        let integer =
            if is_negative { 0_i64.checked_sub_unsigned(digits) } else { i64::try_from(digits).ok() };
        match integer {
            Some(integer) => return Ok(Value::Integer(integer)),
            None if !is_negative => return Ok(Value::Unsigned(digits)),
            None => {}
        }
    }
    let float = floats(text);
    if float.is_finite() { Ok(Value::Float(float)) } else { Err(Wrong::Range) }
}

/// The float that is nearest to a number.
pub(super) fn exact(text: &str) -> f64 {
    text.parse().unwrap_or(f64::INFINITY)
}

/// A float near a number, mostly the nearest: the last digits are lost to steps by ten, which take no tables of the
/// powers of ten.
pub(super) fn about(text: &str) -> f64 {
    // More digits than a float tells apart, and more tens than it reaches.
    const DIGITS_END: u64 = 10_u64.pow(17);
    const TENS_MAX: i64 = 1 << 40;
    let (mut digits, mut tens, mut exponent, mut step) = (0_u64, 0_i64, 0_i64, 0_i64);
    let mut sign_of_exponent = None;
    for byte in text.bytes() {
        match (byte, &mut sign_of_exponent) {
            (b'.', _) => step = -1,
            (b'e' | b'E', sign) => *sign = Some(1),
            (b'-', Some(sign)) => *sign = -1,
            (b'0'..=b'9', Some(_)) => exponent = (exponent * 10 + i64::from(byte - b'0')).min(TENS_MAX),
            (b'0'..=b'9', None) if digits < DIGITS_END => {
                digits = digits * 10 + u64::from(byte - b'0');
                tens += step;
            }
            // A digit of the whole part that is not taken is a ten more.
            (b'0'..=b'9', None) => tens += step + 1,
            _ => {}
        }
    }
    tens += exponent * sign_of_exponent.unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "it is about right")]
    let mut float = digits as f64;
    while tens != 0 && float > 0.0 && float.is_finite() {
        float = if tens > 0 { float * 10.0 } else { float / 10.0 };
        tens -= tens.signum();
    }
    if text.starts_with('-') { -float } else { float }
}
