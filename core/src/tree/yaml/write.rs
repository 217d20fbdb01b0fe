//! Values to block YAML, straight into one buffer.

use std::fmt;

use serde::ser::{self, Serialize};

use super::emitter::{Emitter, Place};

/// Appends a value as one block YAML document that ends in a newline.
///
/// Lists stand at the indentation of their key, empty maps and lists are `{}` and `[]`. Strings are
/// plain only if no reader of YAML 1.1 or 1.2 could take them for anything else, block literals if
/// they have clean lines, and double-quoted otherwise. Floats are written as integers where they are
/// integral and below 2⁵³, else as JSON writes them with a dot (`1.0e+31`); infinity and not-a-number are `null`.
///
/// Maps keep the order they have. Names of fields and variants, which are Rust's or given in its
/// attributes, must be plain texts themselves. A type that refuses to be serialised, or a map whose keys are no
/// strings, numbers or booleans, leaves `out` as it was; the types of this crate never do.
pub fn write<T: Serialize + ?Sized>(value: &T, out: &mut String) {
    let start = out.len();
    match value.serialize(Emitter { out: &mut *out, indent: 0, place: Place::Start }) {
        Ok(()) => out.push('\n'),
        Err(Unwritable) => out.truncate(start),
    }
}

/// A value that has no YAML form here.
#[derive(Debug)]
pub(super) struct Unwritable;

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value has no YAML form")
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}
