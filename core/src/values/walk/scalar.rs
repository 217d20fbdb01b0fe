//! Texts, numbers, booleans and words.

use std::borrow::Cow;

use super::{BAD_VALUE, VALUE_MAPPED, mapped, not_in_release, wrong_type};
use crate::diagnostic::Diagnostic;
use crate::release::{Availability, Target};
use crate::tree::{Node, Value};
use crate::values::shape::{Choice, Text, Verdict};
use crate::values::slips;
use crate::values::trail::Trail;
use crate::values::words::quoted;

pub(super) fn walk_text(node: &mut Node<'_>, rule: &Text, trail: Trail<'_>, out: &mut Vec<Diagnostic>) {
    let number = match node.value {
        Value::Integer(integer) => Some(integer.to_string()),
        Value::Unsigned(integer) => Some(integer.to_string()),
        Value::Float(float) if rule.takes_decimals || is_integral(float) => Some(float.to_string()),
        Value::Text(_) => None,
        _ => {
            let quotable = matches!(node.value, Value::Bool(_) | Value::Float(_));
            let fault = wrong_type(node, rule.what, trail);
            out.push(if quotable { fault.hint("quote it, if it is meant as text") } else { fault });
            return;
        }
    };
    let was_number = number.is_some();
    if let Some(text) = number {
        node.value = Value::Text(Cow::Owned(text));
    }
    let Value::Text(text) = &node.value else { return };
    let verdict = (rule.check)(text);
    // Of a text that is refused, that it was a number is no news.
    if was_number && !rule.takes_decimals && !matches!(verdict, Verdict::Wrong { .. }) {
        let message = format!("the number {text} becomes the string `{text}`: text belongs here; quote it");
        out.push(Diagnostic::info(VALUE_MAPPED, trail.path(), message));
    }
    match verdict {
        Verdict::Fine => {}
        Verdict::Mapped { to, why } => {
            out.push(mapped(&quoted(text), &to, &why, trail));
            node.value = Value::Text(Cow::Owned(to));
        }
        Verdict::Wrong { why, hint } => {
            let message = if text.is_empty() {
                format!("an empty string, where {} belongs", rule.what)
            } else {
                format!("{} {why}", quoted(text))
            };
            out.push(Diagnostic::error(BAD_VALUE, trail.path(), message).hint(hint));
        }
    }
}

/// Whether a float is an integer that Helm's float64 can hold exactly.
fn is_integral(float: f64) -> bool {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    float.fract() == 0.0 && float.abs() <= EXACT
}

pub(super) fn walk_integer(node: &mut Node<'_>, trail: Trail<'_>, out: &mut Vec<Diagnostic>) -> Option<i64> {
    let integer = match &node.value {
        Value::Integer(integer) => *integer,
        #[expect(clippy::cast_possible_truncation, reason = "is_integral bounds it by 2^53")]
        Value::Float(float) if is_integral(*float) => *float as i64,
        Value::Text(text) => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            match text.parse::<i64>() {
                Ok(integer) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                    let message = format!(
                        "the string {} becomes the number {integer}: an integer belongs here; unquote it",
                        quoted(text)
                    );
                    out.push(Diagnostic::info(VALUE_MAPPED, trail.path(), message));
                    integer
                }
                _ => {
                    out.push(wrong_type(node, "an integer", trail));
                    return None;
                }
            }
        }
        _ => {
            out.push(wrong_type(node, "an integer", trail));
            return None;
        }
    };
    node.value = Value::Integer(integer);
    Some(integer)
}

pub(super) fn walk_integer_of(
    node: &mut Node<'_>,
    options: &[(i64, Availability)],
    trail: Trail<'_>,
    target: Target,
    out: &mut Vec<Diagnostic>,
) {
    let Some(integer) = walk_integer(node, trail, out) else { return };
    match options.iter().find(|(option, _)| *option == integer) {
        Some((_, since)) if since.holds(target) => {}
        Some((_, since)) => out.push(not_in_release(&integer.to_string(), *since, target, trail)),
        None => {
            let options: Vec<_> = options.iter().map(|(option, _)| option.to_string()).collect();
            let message = format!("{integer} is none of {}", options.join(", "));
            out.push(Diagnostic::error(BAD_VALUE, trail.path(), message));
        }
    }
}

pub(super) fn walk_boolean(node: &Node<'_>, trail: Trail<'_>, out: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Bool(_) => {}
        Value::Text(text) if text == "true" || text == "false" => {
            out.push(
                wrong_type(node, "a boolean", trail)
                    .hint("unquote it (with Helm, `--set` instead of `--set-string`)"),
            );
        }
        _ => out.push(wrong_type(node, "a boolean", trail)),
    }
}

pub(super) fn walk_choice(
    node: &mut Node<'_>,
    choice: &Choice,
    trail: Trail<'_>,
    target: Target,
    out: &mut Vec<Diagnostic>,
) {
    let Value::Text(text) = &node.value else {
        out.push(wrong_type(node, &format!("one of {}", choice.words.join(", ")), trail));
        return;
    };
    let found = choice
        .words
        .iter()
        .find(|word| **word == text.as_ref() || (choice.any_case && word.eq_ignore_ascii_case(text)));
    let Some(word) = found else {
        let fault = Diagnostic::error(
            BAD_VALUE,
            trail.path(),
            format!("{} is none of {}", quoted(text), choice.words.join(", ")),
        );
        out.push(match slips::word_instead(text, choice) {
            Some(word) => fault.hint(format!("did you mean `{word}`?")),
            None => fault,
        });
        return;
    };
    if let Some((_, since)) = choice.limited.iter().find(|(limited, _)| limited == word)
        && !since.holds(target)
    {
        out.push(not_in_release(&format!("`{word}`"), *since, target, trail));
    }
    if *word != text.as_ref() {
        node.value = Value::Text(Cow::Borrowed(word));
    }
}
