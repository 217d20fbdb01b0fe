//! How much an entry likes a bin: a number that must stay the same for ever, or everything moves.

use crate::hash::fnv1a;

/// The name of the score, for records: what was placed by another one is not where this one puts it.
pub const NAME: &str = "fnv1a-splitmix64";

/// A name as the score takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key(u64);

impl Key {
    pub(super) fn of(name: &str) -> Self {
        Self(fnv1a(name.bytes()))
    }

    pub(super) fn score(self, bin: Self) -> u64 {
        mixed(self.0 ^ mixed(bin.0))
    }
}

/// How much the entry of one name likes the bin of another; the higher, the better.
pub fn score(entry: &str, bin: &str) -> u64 {
    Key::of(entry).score(Key::of(bin))
}

/// Lets every bit of the input change half of the output's: FNV-1a alone leaves the high bits of short names
/// alike.
///
/// Source: the output step of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014), with its increment.
const fn mixed(hash: u64) -> u64 {
    let hash = hash.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs of SplitMix64 seeded with 0, as its authors publish them: its state goes up by the
    /// increment, so the second is the mix of one increment.
    #[test]
    fn mixes_as_splitmix64_does() {
        assert_eq!(mixed(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(mixed(0x9e37_79b9_7f4a_7c15), 0x6e78_9e6a_a1b9_65f4);
    }

    /// Frozen: another number here moves the organizations of everybody who has no recorded placements.
    #[test]
    fn stays_the_same_for_ever() {
        let vectors =
            [("", ""), ("acme", "gw-01"), ("acme", "gw-02"), ("globex", "gw-01"), ("gw-01", "acme")];
        let scores = vectors.map(|(entry, bin)| score(entry, bin));
        assert_eq!(
            scores,
            [
                11_549_774_816_140_213_323,
                12_299_454_572_686_391_424,
                12_452_725_288_971_819_525,
                9_982_334_628_993_999_402,
                12_498_079_317_737_711_015,
            ]
        );
    }
}
