//! Values, shapes and slips in words, as messages have them.

use std::borrow::Cow;

use super::shape::Shape;
use crate::shorten::shortened;
use crate::tree::{Node, Value};

/// A text in backticks, cut where a message would become unreadable.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    format!("`{}`", shortened(text, LONGEST))
}

/// Most names of an input that are compared with one that is not there; where there are more, the nearest may be among
/// the rest, and the hint is then another name or none.
///
/// Source: our own bound.
pub const COMPARED: usize = 256;

/// The candidate that a typing slip could have meant: at most a third of its letters differ.
pub fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    // No key is that long, and the comparison takes time by the product of both lengths.
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).max(1))
        .min()
        .map(|(_, candidate)| candidate)
}

/// A value where another type belongs, as the message of a finding.
pub(super) fn wrong_type(node: &Node<'_>, wanted: &str) -> String {
    let found = match &node.value {
        Value::Bool(boolean) => format!("the boolean {boolean}"),
        Value::Integer(integer) => format!("the number {integer}"),
        Value::Unsigned(integer) => format!("the number {integer}"),
        Value::Float(float) => format!("the number {float}"),
        Value::Text(text) => format!("the string {}", quoted(text)),
        _ => node.type_word().to_owned(),
    };
    format!("{found}, where {wanted} belongs")
}

/// What a shape takes, with its article.
pub(super) fn type_word(shape: Shape) -> Cow<'static, str> {
    match shape {
        Shape::Text(text) => Cow::Borrowed(text.what),
        Shape::Choice(choice) => Cow::Owned(format!("one of {}", choice.words.join(", "))),
        Shape::Integer(..) | Shape::IntegerOf(_) => Cow::Borrowed("an integer"),
        Shape::Boolean => Cow::Borrowed("a boolean"),
        Shape::List(_) => Cow::Borrowed("a list"),
        _ => Cow::Borrowed("a map"),
    }
}
