//! Exact shares: integers in the ratio asked for, reduced, within the bound.

/// One backend's share: a reference's weight, divided among its service's objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// Weight of the reference.
    pub(super) reference: u32,
    /// Weight of the object among its service's.
    pub(super) part: u64,
    /// Sum of those weights; at least `part`.
    pub(super) whole: u64,
}

/// Weights for shares.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Weights {
    /// One a share, in order.
    pub(super) weights: Vec<u32>,
    /// The largest difference between a share asked for and given, in parts per million of all
    /// traffic; 0 when exact.
    pub(super) error_ppm: u64,
}

/// Shares out weights, all at most `bound`: exactly if integers fit, else as closely as the bound allows.
///
/// A share above zero never becomes zero; a zero stays zero.
pub(super) fn share_out(shares: &[Share], bound: u32) -> Weights {
    exact(shares, bound).map_or_else(|| closest(shares, bound), |weights| Weights { weights, error_ppm: 0 })
}

/// `reference × part ÷ whole` over one denominator, reduced by the greatest common divisor.
fn exact(shares: &[Share], bound: u32) -> Option<Vec<u32>> {
    let mut denominator: u128 = 1;
    for share in shares {
        let whole = u128::from(share.whole.max(1));
        denominator = denominator.checked_mul(whole / gcd(denominator, whole))?;
    }
    let scaled: Option<Vec<u128>> = shares
        .iter()
        .map(|share| {
            let factor = denominator / u128::from(share.whole.max(1));
            factor.checked_mul(u128::from(share.reference))?.checked_mul(u128::from(share.part))
        })
        .collect();
    let scaled = scaled?;
    let divisor = scaled.iter().copied().fold(0, gcd).max(1);
    scaled
        .into_iter()
        .map(|weight| u32::try_from(weight / divisor).ok().filter(|weight| *weight <= bound))
        .collect()
}

/// The largest share gets the bound, the others their ratio to it, rounded.
fn closest(shares: &[Share], bound: u32) -> Weights {
    // A weight is at most 10^6, and a part or whole the sum of at most 5 × 10^6 of them (the reader's
    // bound on values), 5 × 10^12: products stay below 10^6 × 10^13 × 10^13 × 10^6 = 10^38 < 2^127.
    let value = |share: &Share| {
        (u128::from(share.reference) * u128::from(share.part), u128::from(share.whole.max(1)))
    };
    let largest = shares
        .iter()
        .map(value)
        .max_by(|(a, b), (c, d)| (a * d).cmp(&(c * b)))
        .filter(|(numerator, _)| *numerator > 0);
    let Some((top, top_whole)) = largest else {
        return Weights { weights: vec![0; shares.len()], error_ppm: 0 };
    };
    let weights: Vec<u32> = shares
        .iter()
        .map(|share| {
            let (numerator, whole) = value(share);
            if numerator == 0 {
                return 0;
            }
            let dividend = numerator * top_whole * u128::from(bound);
            let divisor = whole * top;
            let rounded = (dividend + divisor / 2) / divisor;
            u32::try_from(rounded).unwrap_or(bound).clamp(1, bound)
        })
        .collect();
    let error_ppm = largest_error(shares, &weights);
    Weights { weights, error_ppm }
}

/// Compares shares of traffic in floating point: the figure is for a message, not for a weight.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a figure in a message"
)]
fn largest_error(shares: &[Share], weights: &[u32]) -> u64 {
    let asked: Vec<f64> = shares
        .iter()
        .map(|share| f64::from(share.reference) * share.part as f64 / share.whole.max(1) as f64)
        .collect();
    let all_asked: f64 = asked.iter().sum();
    let all_given: f64 = weights.iter().map(|weight| f64::from(*weight)).sum();
    let worst = asked
        .iter()
        .zip(weights)
        .map(|(asked, given)| (asked / all_asked - f64::from(*given) / all_given).abs())
        .fold(0.0, f64::max);
    (worst * 1e6).ceil() as u64
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn even(reference: u32, count: u32) -> Vec<Share> {
        vec![Share { reference, part: 1, whole: u64::from(count) }; count as usize]
    }

    fn weights(shares: &[Share]) -> Vec<u32> {
        share_out(shares, 1_000_000).weights
    }

    #[test]
    fn ninety_to_ten_stays_so_over_any_number_of_endpoints() {
        assert_eq!(weights(&[even(90, 4), even(10, 1)].concat()), [9, 9, 9, 9, 4]);
        assert_eq!(weights(&[even(90, 3), even(10, 2)].concat()), [6, 6, 6, 1, 1]);
        assert_eq!(weights(&even(1, 4)), [1, 1, 1, 1]);
        assert_eq!(weights(&[even(0, 2), even(5, 1)].concat()), [0, 0, 1]);
        assert_eq!(weights(&even(0, 3)), [0, 0, 0]);
    }

    #[test]
    fn says_how_far_off_it_is_when_no_integers_fit() {
        let shares = [even(999_999, 7), even(1, 11)].concat();
        let given = share_out(&shares, 1_000_000);
        assert!(given.error_ppm > 0 && given.error_ppm < 10, "{given:?}");
        assert!(given.weights.iter().all(|weight| (1..=1_000_000).contains(weight)));
    }

    #[test]
    fn keeps_to_a_smaller_bound() {
        let given = share_out(&[even(1000, 1), even(1, 1)].concat(), 999);
        assert_eq!(given.weights, [999, 1]);
        assert!(given.error_ppm > 0);
    }
}
