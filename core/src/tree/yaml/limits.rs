//! Bounds on hostile text, checked while reading.

/// How much one text may cost to read. Crossing a bound is an error of code `yaml-limit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: usize,
    /// Maps and lists inside each other, aliases expanded. Readers of the tree may recurse this deep.
    pub depth: usize,
    /// Keys and values after aliases and merge keys are expanded; what an anchor stands for counts
    /// once more, since it is kept for its aliases.
    pub nodes: usize,
    /// Bytes of all keys and texts, counted as the nodes are.
    pub scalar_bytes: usize,
    /// Documents, empty ones included.
    pub documents: usize,
}

impl Limits {
    /// For text of unknown origin: about 100 MB of memory at worst.
    ///
    /// A Helm release cannot exceed them: its Secret holds 1 MiB, compressed.
    pub const DEFAULT: Self =
        Self { bytes: 16 << 20, depth: 100, nodes: 1_000_000, scalar_bytes: 64 << 20, documents: 10_000 };

    /// For the command line, where the user's own memory is at stake: about 0.5 GB at worst.
    pub const NATIVE: Self =
        Self { bytes: 64 << 20, depth: 100, nodes: 5_000_000, scalar_bytes: 256 << 20, documents: 100_000 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
