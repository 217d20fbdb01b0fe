//! Durations, as Go reads them: timeouts and intervals.

use super::eval::{Verdict, and, has};
use super::{Errs, Port};
use crate::tree::Node;

pub(super) const PORTS: &[Port] = &[
    Port { expression: ORDER, holds: backend_is_not_longer },
    Port {
        expression: SECOND_TO_HOUR,
        holds: |this, _| duration(this).is_some_and(|interval| (SECOND..=HOUR).contains(&interval)),
    },
    Port {
        expression: UP_TO_HOUR,
        holds: |this, _| duration(this).is_some_and(|interval| interval != 0 && interval <= HOUR),
    },
];

/// A text that is no duration cannot be converted, which `&&` absorbs where both operands decide.
pub(super) const ERRORS: &[Errs] = &[
    Errs { expression: ORDER, error: |this| verdict(this).is_none().then_some(NO_DURATION), hint: WRITE },
    Errs {
        expression: SECOND_TO_HOUR,
        error: |this| duration(this).is_none().then_some(NO_DURATION),
        hint: WRITE,
    },
    Errs {
        expression: UP_TO_HOUR,
        error: |this| duration(this).is_none().then_some(NO_DURATION),
        hint: WRITE,
    },
];

/// Source: `github.com/google/cel-go` v0.26.0, `common/types/string.go`.
const NO_DURATION: &str = "type conversion error from 'string' to 'google.protobuf.Duration'";
const WRITE: &str = "write durations with their units, like `10s`";

const ORDER: &str = "!(has(self.request) && has(self.backendRequest) && duration(self.request) != duration('0s') && duration(self.backendRequest) > duration(self.request))";
const SECOND_TO_HOUR: &str = "!(duration(self) < duration('1s') || duration(self) > duration('1h'))";
const UP_TO_HOUR: &str = "!(duration(self) == duration('0s') || duration(self) > duration('1h'))";

const SECOND: i64 = 1_000_000_000;
const HOUR: i64 = 3600 * SECOND;

fn backend_is_not_longer(this: &Node<'_>, _: Option<&Node<'_>>) -> bool {
    verdict(this) == Some(true)
}

/// A request timeout of zero means none.
fn verdict(this: &Node<'_>) -> Verdict {
    if !has(this, "request") || !has(this, "backendRequest") {
        return Some(true);
    }
    let request = this.get("request").and_then(duration);
    let backend = this.get("backendRequest").and_then(duration);
    let longer = request.zip(backend).map(|(request, backend)| backend > request);
    and(request.map(|request| request != 0), longer).map(|longer| !longer)
}

/// `duration(text)`, in nanoseconds.
fn duration(node: &Node<'_>) -> Option<i64> {
    parse(node.as_text()?)
}

/// The nearest magnitude above what 64 bits with sign hold, which a negative duration may have.
const LIMIT: u64 = 1 << 63;

/// Go's `time.ParseDuration`: a sign, then numbers each with a unit, added up.
fn parse(text: &str) -> Option<i64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned == "0" {
        return Some(0);
    }
    let (mut rest, mut sum) = (unsigned, 0_u64);
    loop {
        let (whole, after) = digits(rest);
        let (fraction, after) = after.strip_prefix('.').map_or(("", after), digits);
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end)?;
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let unit = nanoseconds(unit)?;
        let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
        let amount = whole.checked_mul(unit)?.checked_add(part(fraction, unit))?;
        sum = sum.checked_add(amount).filter(|sum| *sum <= LIMIT)?;
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    if text.starts_with('-') { 0_i64.checked_sub_unsigned(sum) } else { i64::try_from(sum).ok() }
}

/// The digits at the start, and the rest.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn nanoseconds(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        // With the micro sign, and with the Greek letter.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// The nanoseconds of the digits after a point; digits beyond 63 bits change nothing.
#[expect(clippy::cast_precision_loss, reason = "Go computes it in floats, and so rounds alike")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most one unit")]
fn part(fraction: &str, unit: u64) -> u64 {
    let (mut value, mut scale) = (0_u64, 1_f64);
    for digit in fraction.bytes() {
        let next = value.checked_mul(10).and_then(|value| value.checked_add(u64::from(digit - b'0')));
        let Some(next) = next.filter(|next| *next <= LIMIT) else { break };
        value = next;
        scale *= 10.0;
    }
    (value as f64 * (unit as f64 / scale)) as u64
}

#[cfg(test)]
mod tests {
    use super::parse;

    /// Answers of Go 1.26.
    #[test]
    fn reads_durations_as_go_does() {
        for (text, nanoseconds) in [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("0s", Some(0)),
            ("1h", Some(3_600_000_000_000)),
            ("1h30m", Some(5_400_000_000_000)),
            ("1m1ms", Some(60_001_000_000)),
            ("1.5s", Some(1_500_000_000)),
            (".5s", Some(500_000_000)),
            ("1.s", Some(1_000_000_000)),
            ("-1s", Some(-1_000_000_000)),
            ("+5us", Some(5_000)),
            ("1\u{b5}s", Some(1_000)),
            ("1\u{3bc}s", Some(1_000)),
            ("0.3333333333333333333h", Some(1_200_000_000_000)),
            ("0.100000000000000000000h", Some(360_000_000_000)),
            ("0.9223372036854775807h", Some(3_320_413_933_267)),
            ("9223372036854775807ns", Some(i64::MAX)),
            ("9223372036854775808ns", None),
            ("-9223372036854775808ns", Some(i64::MIN)),
            ("9223372036854775.807us", Some(i64::MAX)),
            ("2562047h47m16.854775807s", Some(i64::MAX)),
            ("2562047h47m16.854775808s", None),
            ("3000000h", None),
            ("", None),
            ("-", None),
            ("s", None),
            (".s", None),
            ("1", None),
            ("1d", None),
            ("1 s", None),
            ("+-1s", None),
            ("1s ", None),
            ("\u{661}s", None),
        ] {
            assert_eq!(parse(text), nanoseconds, "{text}");
        }
    }
}
