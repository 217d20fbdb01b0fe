//! Times as Go reads them by its layout of RFC 3339, with more patience than the RFC has.
//!
//! Source: Go 1.26, `time.Parse` with `time.RFC3339`, which `metav1.Time` and CEL's `timestamp` call.

/// Whether Go reads a text as a time: `2006-01-02T15:04:05Z`, with a fraction or an offset.
///
/// An hour may have one digit, a comma may stand before the fraction, and an offset may have 24 hours and 60
/// minutes. A day must be one that its month has.
pub fn is_time(text: &str) -> bool {
    let mut rest = Rest(text.as_bytes());
    parsed(&mut rest).is_some() && rest.0.is_empty()
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
    fn number(&mut self, digits: usize, least: u32, most: u32) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(digits)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        self.0 = rest;
        let number = digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
        (least..=most).contains(&number).then_some(number)
    }
}

fn parsed(rest: &mut Rest<'_>) -> Option<()> {
    let year = rest.number(4, 0, 9999)?;
    rest.mark(b'-')?;
    let month = rest.number(2, 1, 12)?;
    rest.mark(b'-')?;
    rest.number(2, 1, days(year, month))?;
    rest.mark(b'T')?;
    let hour_digits = if rest.0.get(1).is_some_and(u8::is_ascii_digit) { 2 } else { 1 };
    rest.number(hour_digits, 0, 23)?;
    for _ in 0..2 {
        rest.mark(b':')?;
        rest.number(2, 0, 59)?;
    }
    if let [b'.' | b',', fraction @ ..] = rest.0 {
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        rest.0 = fraction.get(digits..).filter(|_| digits > 0)?;
    }
    let (zone, offset) = rest.0.split_first()?;
    rest.0 = offset;
    match zone {
        b'Z' => {}
        b'+' | b'-' => {
            rest.number(2, 0, 24)?;
            rest.mark(b':')?;
            rest.number(2, 0, 60)?;
        }
        _ => return None,
    }
    Some(())
}

/// The days of a month.
fn days(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::is_time;

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
            assert!(is_time(text), "{text}");
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
            assert!(!is_time(text), "{text}");
        }
    }
}
