//! What the Gateways of organizations are called: after the pattern, the Gateway that they are made like.

use super::strategy::{Gateways, Row};
use crate::values::GATEWAYS_MAX;

/// The name of an organization's own Gateway.
pub(crate) fn own(pattern: &str, organization: &str) -> String {
    format!("{pattern}-{organization}")
}

/// The pattern after which an organization's own Gateway would have this name.
pub(crate) fn pattern_of_own<'n>(name: &'n str, organization: &str) -> Option<&'n str> {
    let pattern = name.strip_suffix(organization)?.strip_suffix('-')?;
    (!pattern.is_empty()).then_some(pattern)
}

impl Row {
    /// The name of a shared Gateway by its number, from 0.
    pub(crate) fn name(self, pattern: &str, number: u32) -> String {
        match self.gateways {
            Gateways::Fixed => format!("{pattern}-{number}"),
            Gateways::Pool => format!("{pattern}-{:02}", number + 1),
            _ if number == 0 => pattern.to_owned(),
            _ => format!("{pattern}-{:02}", number + 1),
        }
    }

    /// Every pattern and number by which a shared Gateway has this name: with `hybrid`, `eg-02` is the second after
    /// `eg`, or a pattern itself.
    pub(crate) fn readings(self, name: &str) -> impl Iterator<Item = (&str, u32)> {
        let numbered =
            name.rsplit_once('-').and_then(|(pattern, digits)| Some((pattern, digits.parse().ok()?)));
        let numbered = numbered.filter(|(pattern, _)| !pattern.is_empty());
        let from_one =
            numbered.and_then(|(pattern, number): (_, u32)| Some((pattern, number.checked_sub(1)?)));
        let most = match self.gateways {
            Gateways::One => 1,
            Gateways::Each => 0,
            Gateways::Fixed | Gateways::Growing | Gateways::Pool => GATEWAYS_MAX,
        };
        let readings = [Some((name, 0)), numbered, from_one].into_iter().flatten();
        readings
            .filter(move |(pattern, number)| i64::from(*number) < most && self.name(pattern, *number) == name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::strategy;
    use super::*;
    use crate::values::Strategy;

    fn readings(strategy: Strategy, name: &str) -> Vec<(&str, u32)> {
        strategy::of(strategy).readings(name).collect()
    }

    #[test]
    fn names_are_read_as_they_are_made() {
        for row in Strategy::ALL.map(strategy::of).into_iter().filter(|row| row.gateways != Gateways::Each) {
            let most = if row.gateways == Gateways::One { 1 } else { 120 };
            for number in 0..most {
                let name = row.name("eg-1", number);
                assert!(row.readings(&name).any(|reading| reading == ("eg-1", number)), "{row:?} {name}");
            }
        }
        assert_eq!(pattern_of_own(&own("eg", "acme"), "acme"), Some("eg"));
    }

    #[test]
    fn a_name_of_another_form_is_not_read() {
        assert_eq!(readings(Strategy::Hybrid, "eg-02"), [("eg-02", 0), ("eg", 1)]);
        assert_eq!(readings(Strategy::Hybrid, "eg-2"), [("eg-2", 0)]);
        assert_eq!(readings(Strategy::Pool, "eg-01"), [("eg", 0)]);
        assert_eq!(readings(Strategy::Pool, "eg-1"), []);
        assert_eq!(readings(Strategy::Hash, "eg-0"), [("eg", 0)]);
        assert_eq!(readings(Strategy::Hash, "eg-00"), []);
        assert_eq!(readings(Strategy::Hash, "eg-20261122"), [], "more than values may ask for");
        assert_eq!(readings(Strategy::PerService, "eg-02"), [("eg-02", 0)]);
        assert_eq!(readings(Strategy::Dedicated, "eg"), []);
        assert_eq!(readings(Strategy::Pool, "-01"), []);
        assert_eq!(pattern_of_own("eg-acme", "globex"), None);
        assert_eq!(pattern_of_own("-acme", "acme"), None);
        assert_eq!(pattern_of_own("egacme", "acme"), None);
    }
}
