//! How full a Gateway is, as every format shows it.

use crate::limits::NEARLY_FULL_PERCENT;
use crate::summary::Amount;

/// How much is taken of what there is least of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// In percent, 100 at most.
    pub percent: u8,
    /// Whether that is much.
    pub level: Level,
}

/// How near a bound is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// There is room.
    Ample,
    /// More than [`NEARLY_FULL_PERCENT`] is taken.
    NearlyFull,
    /// All of it is taken, or more than there is.
    Full,
}

impl Fill {
    /// `None` where there is no bound.
    pub(super) fn of(amount: Amount) -> Option<Self> {
        let (taken, most) = (u64::from(amount.taken), u64::from(amount.most?));
        let percent = (taken * 100).checked_div(most).unwrap_or(100).min(100);
        let level = match () {
            () if taken >= most => Level::Full,
            () if taken * 100 > most * u64::from(NEARLY_FULL_PERCENT) => Level::NearlyFull,
            () => Level::Ample,
        };
        Some(Self { percent: u8::try_from(percent).unwrap_or(100), level })
    }
}

impl Level {
    /// Every level.
    pub(super) const ALL: [Self; 3] = [Self::Ample, Self::NearlyFull, Self::Full];

    /// Its name where a format has names for looks.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Ample => "ample",
            Self::NearlyFull => "nearlyFull",
            Self::Full => "full",
        }
    }

    /// The colour of a Gateway.
    pub(super) const fn colour(self) -> &'static str {
        match self {
            Self::Ample => "#d9ead3",
            Self::NearlyFull => "#fce8b2",
            Self::Full => "#f4c7c3",
        }
    }
}
