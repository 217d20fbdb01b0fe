//! Where things stand, by a text: one list, sorted once, and looked up by halving.
//!
//! One type for every index, rather than maps of many types, keeps the policy module small.

use std::borrow::Cow;

/// Indexes by text; several may have the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sorted {
    entries: Vec<(String, usize)>,
}

impl Sorted {
    /// Texts, to see whether one is among them.
    pub(super) fn of(texts: &[Cow<'_, str>]) -> Self {
        let mut sorted = Self::default();
        for text in texts {
            sorted.push((**text).to_owned(), 0);
        }
        sorted.finish();
        sorted
    }

    /// Adds an entry; it is not found before [`Sorted::finish`].
    pub(super) fn push(&mut self, key: String, index: usize) {
        self.entries.push((key, index));
    }

    /// Puts the entries in order.
    pub(super) fn finish(&mut self) {
        self.entries.sort_unstable();
    }

    /// Everything, in order.
    pub(super) fn entries(&self) -> &[(String, usize)] {
        &self.entries
    }

    /// The first entry with a key.
    pub(super) fn get(&self, key: &str) -> Option<usize> {
        let (other, index) = self.entries.get(start(&self.entries, key))?;
        (other == key).then_some(*index)
    }

    /// Every entry whose key starts with a text, in ascending order.
    pub(super) fn starting_with(&self, prefix: &str) -> &[(String, usize)] {
        let from = self.entries.get(start(&self.entries, prefix)..).unwrap_or_default();
        let end = from.partition_point(|(key, _)| key.starts_with(prefix));
        from.get(..end).unwrap_or_default()
    }
}

/// Where entries with a key stand, or would stand.
pub(super) fn start(entries: &[(String, usize)], key: &str) -> usize {
    entries.partition_point(|(other, _)| other.as_str() < key)
}

/// Every entry with a key, in ascending order.
pub(super) fn all(entries: &[(String, usize)], key: &str) -> impl Iterator<Item = usize> {
    let from = entries.get(start(entries, key)..).unwrap_or_default();
    from.iter().take_while(move |(other, _)| other == key).map(|(_, index)| *index)
}
