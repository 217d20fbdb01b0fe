//! The type of a scalar, by the rules of goyaml.v2 (`resolve.go` and `decode.go` in
//! sigs.k8s.io/yaml 1.4.0).

use std::borrow::Cow;

use granit_parser::{ScalarStyle, Tag};

use super::binary;
use super::number::{Number, dotted_float, float_key, integral, number};
use super::word::{Word, non_finite, word};
use crate::tree::Value;

/// Why a scalar has no value. The words are in [`super::fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScalarFault {
    /// `!!int x`: the tag, and what the text is.
    NotOfTag(&'static str),
    /// `!!binary` with something else than base64.
    NotBase64,
    /// `.inf` or `.nan` as a value.
    NonFinite,
    /// Null as a key.
    NullKey,
    /// An integer above [`i64::MAX`] as a key.
    HugeKey(u64),
    /// A map or list as a key.
    ComplexKey,
}

/// What a tag asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// No tag, and a plain scalar: whatever the text looks like.
    Anything,
    Text,
    Binary,
    /// A type of the core schema: its tag's name, without `tag:yaml.org,2002:`.
    Type(&'static str),
}

/// Whether a scalar is the merge key: `<<`, plain or tagged `!!merge` or `!`.
pub(super) fn is_merge_key(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> bool {
    text == "<<"
        && match tag {
            None => style == ScalarStyle::Plain,
            Some(tag) => is_non_specific(tag) || name(tag).as_deref() == Some("merge"),
        }
}

/// Gives a scalar its type. Floats stay floats, finite or not, until it is known where they stand.
pub(super) fn resolve<'a>(
    text: Cow<'a, str>,
    style: ScalarStyle,
    tag: Option<&Tag>,
) -> Result<Value<'a>, ScalarFault> {
    match wanted(style, tag) {
        Wanted::Anything => Ok(plain(text)),
        Wanted::Text => Ok(Value::Text(text)),
        Wanted::Binary => {
            binary::decode(&text).map(|text| Value::Text(text.into())).ok_or(ScalarFault::NotBase64)
        }
        Wanted::Type("timestamp") if is_timestamp(&text) => Ok(Value::Text(text)),
        Wanted::Type(tag) => match (tag, plain(text)) {
            ("null", Value::Null) => Ok(Value::Null),
            ("bool", value @ Value::Bool(_))
            | ("int", value @ (Value::Integer(_) | Value::Unsigned(_)))
            | ("float", value @ Value::Float(_)) => Ok(value),
            #[expect(clippy::cast_precision_loss, reason = "Go converts so, too")]
            ("float", Value::Integer(integer)) => Ok(Value::Float(integer as f64)),
            _ => Err(ScalarFault::NotOfTag(tag)),
        },
    }
}

/// A float as it stands in a list or behind a key: an integral one becomes an integer, as in JSON.
pub(super) fn float_value(float: f64) -> Result<Value<'static>, ScalarFault> {
    if !float.is_finite() {
        return Err(ScalarFault::NonFinite);
    }
    Ok(integral(float).map_or(Value::Float(float), Value::Integer))
}

/// The value as the text of a key.
pub(super) fn as_key(value: Value<'_>) -> Result<Cow<'_, str>, ScalarFault> {
    Ok(match value {
        Value::Text(text) => text,
        Value::Bool(true) => Cow::Borrowed("true"),
        Value::Bool(false) => Cow::Borrowed("false"),
        Value::Integer(integer) => Cow::Owned(integer.to_string()),
        Value::Float(float) => Cow::Owned(float_key(float)),
        Value::Null => return Err(ScalarFault::NullKey),
        Value::Unsigned(integer) => return Err(ScalarFault::HugeKey(integer)),
        Value::List(_) | Value::Map(_) => return Err(ScalarFault::ComplexKey),
    })
}

fn plain(text: Cow<'_, str>) -> Value<'_> {
    let Some(&first) = text.as_bytes().first() else { return Value::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => match word(&text) {
            Some(Word::Null) => Value::Null,
            Some(Word::Bool(boolean)) => Value::Bool(boolean),
            None => Value::Text(text),
        },
        b'0'..=b'9' | b'+' | b'-' => match number(&text) {
            Number::Integer(integer) => Value::Integer(integer),
            Number::Unsigned(integer) => Value::Unsigned(integer),
            Number::Float(float) => Value::Float(float),
            Number::None => non_finite(&text).map_or(Value::Text(text), Value::Float),
        },
        b'.' => match non_finite(&text).or_else(|| dotted_float(&text)) {
            Some(float) => Value::Float(float),
            None => Value::Text(text),
        },
        _ => Value::Text(text),
    }
}

/// The tags that ask for a type other than text.
const TYPES: [&str; 5] = ["null", "bool", "int", "float", "timestamp"];

fn wanted(style: ScalarStyle, tag: Option<&Tag>) -> Wanted {
    let Some(tag) = tag else {
        return if style == ScalarStyle::Plain { Wanted::Anything } else { Wanted::Text };
    };
    match name(tag).as_deref() {
        Some("binary") => Wanted::Binary,
        Some(name) => {
            TYPES.iter().find(|known| **known == name).map_or(Wanted::Text, |known| Wanted::Type(known))
        }
        None => Wanted::Text,
    }
}

/// The lone `!`. It makes a scalar text, and a quoted `<<` a merge key all the same.
fn is_non_specific(tag: &Tag) -> bool {
    matches!(tag.parts(), ("!", "") | ("", "!"))
}

fn name(tag: &Tag) -> Option<Cow<'_, str>> {
    tag.suffix_in_namespace("tag:yaml.org,2002:")
}

/// Whether a text has the shape of one of goyaml's timestamps; days are not counted out by month.
fn is_timestamp(text: &str) -> bool {
    let mut fields = text.splitn(2, ['T', 't', ' ']);
    let date: Vec<&str> = fields.next().unwrap_or("").split('-').collect();
    let within = |field: &str, length: std::ops::RangeInclusive<usize>, bound: u32| {
        length.contains(&field.len())
            && field.bytes().all(|byte| byte.is_ascii_digit())
            && field.parse().is_ok_and(|number: u32| number <= bound)
    };
    let [year, month, day] = date[..] else { return false };
    if !(within(year, 4..=4, 9999) && within(month, 1..=2, 12) && within(day, 1..=2, 31)) {
        return false;
    }
    let Some(time) = fields.next() else { return true };
    let zoned = !text.contains(' ');
    let time = match time.strip_suffix('Z') {
        Some(time) if zoned => time,
        None if zoned => match time.rfind(['+', '-']).and_then(|sign| time.split_at_checked(sign)) {
            Some((time, zone)) if zone.len() == 6 && zone.get(3..4) == Some(":") => time,
            _ => return false,
        },
        _ => time,
    };
    let clock: Vec<&str> = time.split(':').collect();
    let [hour, minute, second] = clock[..] else { return false };
    let second = second.split_once('.').map_or(second, |(second, _)| second);
    within(hour, 1..=2, 23) && within(minute, 1..=2, 59) && within(second, 1..=2, 59)
}
