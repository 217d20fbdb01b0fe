//! Texts with names, as messages bring them.

use std::borrow::Cow;

use serde::Deserialize;

use super::malformed;
use crate::diagnostic::Diagnostic;

/// Most texts of one message: a place counts them in 16 bits, and the last number stands for none.
const FILES_MAX: usize = u16::MAX as usize;

/// A text with the name that findings call it by.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File<'m> {
    #[serde(borrow)]
    name: Cow<'m, str>,
    #[serde(borrow)]
    pub(super) text: Cow<'m, str>,
}

impl File<'_> {
    pub(super) fn name(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.name)
    }
}

/// Texts with the numbers by which places name them; the lists count on.
pub(super) fn numbered<'f, 'm>(lists: &[&'f [File<'m>]]) -> Result<Vec<(u16, &'f File<'m>)>, Diagnostic> {
    let files: Vec<&'f File<'m>> = lists.iter().flat_map(|list| list.iter()).collect();
    if files.len() > FILES_MAX {
        return Err(malformed(format!("{} files, but one message has {FILES_MAX} at most", files.len())));
    }
    Ok((0..u16::MAX).zip(files).collect())
}
