//! Times as Go reads them by its layout of RFC 3339, with more patience than the RFC has.
//!
//! Source: Go 1.26, `time.Parse` with `time.RFC3339`, which `metav1.Time` and CEL's `timestamp` call.

/// A point in time, to the second: the API server keeps no fraction.
///
/// Source: `k8s.io/apimachinery` v0.36.2, `pkg/apis/meta/v1/time.go:161-172`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(i64);

impl Time {
    /// Reads `2006-01-02T15:04:05Z`, with a fraction or an offset.
    ///
    /// An hour may have one digit, a comma may stand before the fraction, and an offset may have 24 hours and 60
    /// minutes. A day must be one that its month has.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = Rest(text.as_bytes());
        let seconds = seconds(&mut rest)?;
        rest.0.is_empty().then_some(Self(seconds))
    }
}

/// What is not read yet.
struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    fn mark(&mut self, mark: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        (*first == mark).then_some(())
    }

    /// A number of exactly so many digits, within bounds.
    fn number(&mut self, digits: usize, least: i64, most: i64) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(digits)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        self.0 = rest;
        let number = digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        (least..=most).contains(&number).then_some(number)
    }
}

/// Seconds since the year 0 began.
fn seconds(rest: &mut Rest<'_>) -> Option<i64> {
    let year = rest.number(4, 0, 9999)?;
    rest.mark(b'-')?;
    let month = rest.number(2, 1, 12)?;
    rest.mark(b'-')?;
    let day = rest.number(2, 1, days_of_month(year, month))?;
    rest.mark(b'T')?;
    let hour_digits = if rest.0.get(1).is_some_and(u8::is_ascii_digit) { 2 } else { 1 };
    let mut time = rest.number(hour_digits, 0, 23)?;
    for _ in 0..2 {
        rest.mark(b':')?;
        time = time * 60 + rest.number(2, 0, 59)?;
    }
    if let [b'.' | b',', fraction @ ..] = rest.0 {
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        rest.0 = fraction.get(digits..).filter(|_| digits > 0)?;
    }
    let days =
        days_before_year(year) + (1..month).map(|month| days_of_month(year, month)).sum::<i64>() + day - 1;
    Some(days * 86_400 + time - offset(rest)?)
}

/// How many seconds a time zone is ahead of UTC.
fn offset(rest: &mut Rest<'_>) -> Option<i64> {
    let (zone, after) = rest.0.split_first()?;
    rest.0 = after;
    let sign = match zone {
        b'Z' => return Some(0),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours = rest.number(2, 0, 24)?;
    rest.mark(b':')?;
    Some(sign * (hours * 60 + rest.number(2, 0, 60)?) * 60)
}

/// The days from the start of the year 0, which is a leap year, to that of another.
fn days_before_year(year: i64) -> i64 {
    // The leap years before it, the year 0 included.
    let leap = |every: i64| (year + every - 1) / every;
    year * 365 + leap(4) - leap(100) + leap(400)
}

fn days_of_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn reads_times_as_go_does() {
        for text in [
            "2024-02-29T00:00:00Z",
            "2000-02-29T23:59:59Z",
            "0000-01-01T00:00:00Z",
            "2024-02-01T00:00:00.5Z",
            "2024-02-01T00:00:00,5Z",
            "2024-02-01T0:00:00Z",
            "2024-02-01T9:00:00,25-01:00",
            "2024-02-01T00:00:00+24:60",
        ] {
            assert!(Time::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2024-04-31T00:00:00Z",
            "2024-00-01T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-2-01T00:00:00Z",
            "12024-02-01T00:00:00Z",
            "2024-02-01t00:00:00Z",
            "2024-02-01T00:00:00z",
            "2024-02-01 00:00:00Z",
            "2024-02-01T24:00:00Z",
            "2024-02-01T1:0:00Z",
            "2024-02-01T00:00:60Z",
            "2024-02-01T00:00:00.Z",
            "2024-02-01T00:00:00",
            "2024-02-01T00:00:00Z ",
            "2024-02-01T00:00:00+25:00",
            "2024-02-01T00:00:00+00:61",
            "2024-02-01T00:00:00+0000",
            "2024-02-01T00:00:00é",
        ] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }

    #[test]
    fn counts_seconds_across_zones_months_and_leap_years() {
        let since_1970 = |text: &str| {
            let [Time(start), Time(time)] =
                ["1970-01-01T00:00:00Z", text].map(|text| Time::parse(text).expect("a time"));
            time - start
        };
        // Each as `date -d TEXT +%s` has it.
        for (text, expected) in [
            ("1970-01-01T00:00:01.9Z", 1),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2026-01-01T00:30:00+01:00", 1_767_223_800),
            ("2025-12-31T23:30:00Z", 1_767_223_800),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            assert_eq!(since_1970(text), expected, "{text}");
        }
    }
}
