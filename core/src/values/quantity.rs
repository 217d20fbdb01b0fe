//! Quantities of resources, and the names of those that a container may have.

use super::shape::{Text, Verdict};
use super::text;

/// An amount of a resource, as `500m`, `1.5Gi` or `2`.
///
/// Source: Kubernetes v1.36, `apimachinery/pkg/api/resource/quantity.go`, and `ValidateResourceQuantityValue`,
/// which wants none below zero.
pub static QUANTITY: Text = Text {
    what: "a quantity",
    pattern: Some("^[+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$"),
    takes_decimals: true,
    check: |text| match billionths(text) {
        Some(_) => Verdict::Fine,
        None if text.starts_with('-') => wrong("is negative, but a resource is not", ""),
        None => wrong("is no quantity", "write a number with or without a unit, as `500m`, `2` or `1.5Gi`"),
    },
};

/// The name of a resource of a container.
///
/// Source: Kubernetes v1.36, `validateContainerResourceName`.
pub static RESOURCE_NAME: Text = Text {
    what: "a resource",
    pattern: None,
    takes_decimals: false,
    check: |name| match (text::QUALIFIED_NAME.check)(name) {
        Verdict::Fine if name.contains('/') || OWN.contains(&name) || is_huge_pages(name) => Verdict::Fine,
        Verdict::Fine => wrong(
            "is no resource of a container",
            "write `cpu`, `memory`, `ephemeral-storage`, `hugepages-…`, or a device's as `example.com/device`",
        ),
        fault => fault,
    },
};

/// Resources that Kubernetes itself has, besides huge pages.
const OWN: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

/// A whole of anything, in billionths.
pub(super) const ONE: u128 = 1_000_000_000;

/// Fraction digits that count; Kubernetes rounds to billionths.
const DIGITS: u32 = 9;

fn wrong(why: &str, hint: &'static str) -> Verdict {
    Verdict::Wrong { why: why.to_owned(), hint: hint.into() }
}

fn is_huge_pages(name: &str) -> bool {
    name.strip_prefix("hugepages-").is_some_and(|size| billionths(size).is_some())
}

/// Whether containers may together be promised more of it than there is, and have fractions.
pub(super) fn is_shared(name: &str) -> bool {
    OWN.contains(&name)
}

/// How much a text is, in billionths; `None` where it is no quantity, or below zero. More than any cluster
/// has (10²⁹) is all the same, and so are fractions that differ after the ninth digit.
pub(super) fn billionths(text: &str) -> Option<u128> {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let unit = unit(suffix)?;
    let digits = |digits: &str| {
        digits
            .bytes()
            .fold(0_u128, |sum, digit| sum.saturating_mul(10).saturating_add(u128::from(digit - b'0')))
    };
    let counted = fraction.get(..DIGITS as usize).unwrap_or(fraction);
    let places = u32::try_from(counted.len()).unwrap_or(DIGITS);
    let part = digits(counted).saturating_mul(unit) / 10_u128.pow(places);
    Some(digits(whole).saturating_mul(unit).saturating_add(part))
}

/// What a suffix stands for, in billionths.
fn unit(suffix: &str) -> Option<u128> {
    const POWERS: [&str; 6] = ["K", "M", "G", "T", "P", "E"];
    if let Some(exponent) =
        suffix.strip_prefix(['e', 'E']).filter(|exponent| !exponent.is_empty() && *exponent != "i")
    {
        let (negative, digits) = match exponent.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let power = digits.parse::<u32>().unwrap_or(u32::MAX);
        let power = 10_u128.saturating_pow(power);
        // What is left of less than a billionth is rounded up to one.
        return Some(if negative { (ONE / power).max(1) } else { ONE.saturating_mul(power) });
    }
    if let Some(power) = suffix.strip_suffix('i') {
        let power = POWERS.iter().position(|known| *known == power)?;
        return Some(ONE << (10 * (power + 1)));
    }
    Some(match suffix {
        "n" => 1,
        "u" => 1000,
        "m" => 1_000_000,
        "" => ONE,
        "k" => 1000 * ONE,
        _ => {
            let power = POWERS.iter().skip(1).position(|known| *known == suffix)?;
            ONE * 1000_u128.pow(u32::try_from(power).ok()? + 2)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_kubernetes_reads() {
        for (text, expected) in [
            ("0", 0),
            ("1", ONE),
            ("+1", ONE),
            ("1.", ONE),
            (".5", ONE / 2),
            ("0.5", ONE / 2),
            ("500m", ONE / 2),
            ("1n", 1),
            ("1u", 1000),
            ("1k", 1000 * ONE),
            ("1M", 1_000_000 * ONE),
            ("1E", 1_000_000_000_000_000_000 * ONE),
            ("1Ki", 1024 * ONE),
            ("1.5Mi", 1_572_864 * ONE),
            ("1Ei", (1 << 60) * ONE),
            ("1e3", 1000 * ONE),
            ("1E+3", 1000 * ONE),
            ("1e-3", ONE / 1000),
            ("1e99999999999", u128::MAX),
        ] {
            assert_eq!(billionths(text), Some(expected), "{text}");
        }
        let none = [
            "", ".", "1K", "1ki", "1mi", "1 M", "M", "-1", "1..2", "1.2.3", "0x1", "1e", "1e+", "1ee3", "é",
            "1é",
        ];
        for text in none {
            assert_eq!(billionths(text), None, "{text}");
        }
    }

    #[test]
    fn names_are_those_of_a_container() {
        for good in ["cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "nvidia.com/gpu"] {
            assert_eq!((RESOURCE_NAME.check)(good), Verdict::Fine, "{good}");
        }
        for bad in ["cpus", "pods", "storage", "hugepages-", "hugepages-x", "/gpu", "", "a/b/c"] {
            assert_ne!((RESOURCE_NAME.check)(bad), Verdict::Fine, "{bad}");
        }
    }
}
