//! Durations as Go reads them.

/// Nanoseconds of each unit.
const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Most digits of a number that count; more can make no valid duration, or make no difference.
const DIGITS_MAX: usize = 20;

/// What Go's `time.ParseDuration` takes, and kube-cel's `duration` does not check to the end.
pub(crate) fn nanoseconds(text: &str) -> Option<i64> {
    let (negative, text) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if text == "0" {
        return Some(0);
    }
    if text.is_empty() {
        return None;
    }
    let mut rest = text;
    let mut sum: i128 = 0;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        let is_number = !whole.is_empty() || !fraction.is_empty();
        let whole = whole.trim_start_matches('0');
        if !is_number || whole.len() > DIGITS_MAX {
            return None;
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit)?;
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let fraction = &fraction[..fraction.len().min(DIGITS_MAX)];
        let part: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
        let tens = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
        sum += whole * scale + part * scale / tens;
        rest = after;
    }
    i64::try_from(if negative { -sum } else { sum }).ok()
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::nanoseconds;

    #[test]
    fn reads_durations_as_go_does() {
        // Found with Go 1.26.8: `time.ParseDuration`.
        for (text, expected) in [
            ("0", Some(0)),
            ("+1s", Some(1_000_000_000)),
            ("1.s", Some(1_000_000_000)),
            ("000000000000000000000001s", Some(1_000_000_000)),
            ("1s", Some(1_000_000_000)),
            ("-1.5h", Some(-5_400_000_000_000)),
            ("1h1m1s1ms1us1ns", Some(3_661_001_001_001)),
            (".5s", Some(500_000_000)),
            ("2562047h", Some(9_223_369_200_000_000_000)),
            ("2562048h", None),
            ("99999999999999999999h", None),
            ("", None),
            ("1", None),
            ("1d", None),
            ("5sx", None),
            ("s", None),
            (".s", None),
            ("1 s", None),
        ] {
            assert_eq!(nanoseconds(text), expected, "{text}");
        }
    }
}
