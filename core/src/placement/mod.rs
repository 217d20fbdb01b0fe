//! Which of several Gateways each entry goes to: rendezvous hashing under hard capacity.
//!
//! Every entry likes every bin by a [`score`] of the two names, and goes to the one that it likes best
//! and that has room; where two want the last room, the higher score gets it. So the outcome does not
//! depend on the order of the input, a new bin draws only what likes it best, and an entry that goes
//! leaves the rest where it was, as long as no bin is full. Near capacity there is no such promise: what
//! is not where it likes best is listed, and only recorded placements keep it from moving.
//!
//! Source: Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998; bounds as
//! "hard" ones here, unlike the softer of Mirrokni, Thorup and Zadimoghaddam, 2016.

mod load;
mod score;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub use load::{Amount, Load};
pub use score::{NAME, score};

use score::Key;

/// What is to be placed.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'n> {
    /// Its name, unlike every other entry's.
    pub name: &'n str,
    /// What it needs of its bin.
    pub load: Load,
    /// The bin where it is already and stays, by index.
    pub recorded: Option<usize>,
}

/// Where entries may go.
#[derive(Clone, Copy, Debug)]
pub struct Bin<'n> {
    /// Its name, unlike every other bin's.
    pub name: &'n str,
    /// What it can take.
    pub room: Load,
}

/// Who went where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// The bin of each entry; none where no bin has room for it.
    pub bins: Vec<Option<usize>>,
    /// Entries that others keep from the bin they like best and that are in another, in their order.
    pub displaced: Vec<usize>,
    /// What each bin has left.
    pub left: Vec<Load>,
}

/// A wish: an entry for the bin that it likes best of those it has not asked yet.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Wish<'n> {
    score: u64,
    // Of equal scores, which 64 bits hardly ever give, the first name wins.
    name: Reverse<&'n str>,
    bin: Reverse<&'n str>,
    entry: usize,
    at: usize,
    /// Whether it is not the entry's first.
    is_second: bool,
}

/// Places every entry for which there is room.
///
/// Recorded entries go first and stay even where they overfill their bin: it is not for a new plan to move
/// them. One whose recorded bin is gone (an index beyond `bins`) is placed as if it were new.
///
/// Takes entries × bins steps, and more only where bins are full.
pub fn place(entries: &[Entry<'_>], bins: &[Bin<'_>]) -> Placement {
    let mut placement = Placement {
        bins: entries.iter().map(|entry| entry.recorded.filter(|bin| *bin < bins.len())).collect(),
        displaced: Vec::new(),
        left: bins.iter().map(|bin| bin.room).collect(),
    };
    for (entry, bin) in entries.iter().zip(&placement.bins) {
        if let Some(left) = bin.and_then(|bin| placement.left.get_mut(bin)) {
            *left = left.less(entry.load);
        }
    }
    let keys: Vec<Key> = bins.iter().map(|bin| Key::of(bin.name)).collect();
    let unplaced = entries.iter().zip(&placement.bins).enumerate().filter(|(_, (_, bin))| bin.is_none());
    let wishes: Vec<Wish<'_>> =
        unplaced.filter_map(|(at, (entry, _))| best(at, entry, bins, &keys, |_| true)).collect();
    if let Some(left) = granted(&wishes, entries, &placement.left) {
        for wish in wishes {
            if let Some(bin) = placement.bins.get_mut(wish.entry) {
                *bin = Some(wish.at);
            }
        }
        return Placement { left, ..placement };
    }
    let mut wishes = BinaryHeap::from(wishes);
    while let Some(wish) = wishes.pop() {
        let Some((entry, left)) = entries.get(wish.entry).zip(placement.left.get_mut(wish.at)) else {
            continue;
        };
        if left.fits(entry.load) {
            *left = left.less(entry.load);
            if let Some(bin) = placement.bins.get_mut(wish.entry) {
                *bin = Some(wish.at);
            }
            if wish.is_second {
                placement.displaced.push(wish.entry);
            }
            continue;
        }
        // Room only shrinks: a bin without it now need not be asked later.
        let has_room = |bin: usize| placement.left.get(bin).is_some_and(|left| left.fits(entry.load));
        let next = best(wish.entry, entry, bins, &keys, has_room);
        wishes.extend(next.map(|next| Wish { is_second: true, ..next }));
    }
    placement.displaced.sort_unstable();
    placement
}

/// What bins have left where all of these wishes are granted; `None` where some bin has no room for that.
fn granted(wishes: &[Wish<'_>], entries: &[Entry<'_>], left: &[Load]) -> Option<Vec<Load>> {
    let mut left = left.to_vec();
    for wish in wishes {
        let (entry, left) = entries.get(wish.entry).zip(left.get_mut(wish.at))?;
        if !left.fits(entry.load) {
            return None;
        }
        *left = left.less(entry.load);
    }
    Some(left)
}

/// The bin that an entry likes best, of those that count.
fn best<'n>(
    entry: usize,
    of: &Entry<'n>,
    bins: &[Bin<'n>],
    keys: &[Key],
    counts: impl Fn(usize) -> bool,
) -> Option<Wish<'n>> {
    let own = Key::of(of.name);
    let wishes =
        bins.iter().zip(keys).enumerate().filter(|(at, _)| counts(*at)).map(|(at, (bin, key))| Wish {
            score: own.score(*key),
            name: Reverse(of.name),
            bin: Reverse(bin.name),
            entry,
            at,
            is_second: false,
        });
    wishes.max()
}
