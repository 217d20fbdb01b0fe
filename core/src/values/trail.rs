//! The way down to a value while the walk is there.

use crate::path::Path;

/// The way down to a value: lives on the stack, becomes a [`Path`] only for a diagnostic.
#[derive(Clone, Copy)]
pub struct Trail<'t> {
    above: Option<&'t Trail<'t>>,
    step: TrailStep<'t>,
}

#[derive(Clone, Copy)]
enum TrailStep<'t> {
    Root,
    Key(&'t str),
    Index(usize),
}

impl<'t> Trail<'t> {
    /// The root of the values.
    pub const ROOT: Trail<'static> = Trail { above: None, step: TrailStep::Root };

    /// One step down, to the value of a key.
    pub fn key(&'t self, key: &'t str) -> Self {
        Self { above: Some(self), step: TrailStep::Key(key) }
    }

    /// One step down, to an item.
    pub fn index(&'t self, index: usize) -> Self {
        Self { above: Some(self), step: TrailStep::Index(index) }
    }

    /// The path that the trail stands for.
    pub fn path(&self) -> Path {
        let above = self.above.map_or(Path::ROOT, Trail::path);
        match self.step {
            TrailStep::Root => above,
            TrailStep::Key(key) => above.key(key),
            TrailStep::Index(index) => above.index(index),
        }
    }
}
