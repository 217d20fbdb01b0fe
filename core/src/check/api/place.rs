//! Where a check stands: a path that costs nothing until a fault needs it.

use crate::path::Path;

/// A chain of steps up to the root of an object.
#[derive(Clone, Copy)]
pub(super) enum Place<'p> {
    /// The object itself.
    Root,
    /// The value under a key.
    Key(&'p Self, &'p str),
    /// An item of a list.
    Index(&'p Self, usize),
}

impl<'p> Place<'p> {
    pub(super) fn key(&'p self, key: &'p str) -> Self {
        Self::Key(self, key)
    }

    pub(super) fn index(&'p self, index: usize) -> Self {
        Self::Index(self, index)
    }

    pub(super) fn path(&self) -> Path {
        match self {
            Self::Root => Path::ROOT,
            Self::Key(above, key) => above.path().key(key),
            Self::Index(above, index) => above.path().index(*index),
        }
    }
}
