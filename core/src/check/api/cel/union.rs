//! Unions: a field whose word says which of its siblings is set.

use super::eval::{has, is};
use crate::tree::Node;

/// `self.field == 'word' ? has(self.member) : !has(self.member)`.
pub(super) fn exactly(this: &Node<'_>, field: &str, word: &str, member: &str) -> bool {
    is(this, field, word) == Some(has(this, member))
}

/// `self.field == 'word' ? !has(self.member) : has(self.member)`.
pub(super) fn unless(this: &Node<'_>, field: &str, word: &str, member: &str) -> bool {
    is(this, field, word) == Some(!has(this, member))
}

/// `self.field == 'word' ? has(self.member) : true`.
pub(super) fn needs(this: &Node<'_>, field: &str, word: &str, member: &str) -> bool {
    is(this, field, word).is_some_and(|chosen| !chosen || has(this, member))
}

/// `self.field != 'word' || has(self.member)`, the same as
/// `!(!has(self.member) && self.field == 'word')`. Unlike [`needs`] it holds of a member without a word.
pub(super) fn given(this: &Node<'_>, field: &str, word: &str, member: &str) -> bool {
    has(this, member) || is(this, field, word) == Some(false)
}

/// `has(self.member) ? self.field == 'word' : true`, the same as `!has(self.member) || self.field ==
/// 'word'` and as `!(has(self.member) && self.field != 'word')`.
pub(super) fn only(this: &Node<'_>, field: &str, word: &str, member: &str) -> bool {
    !has(this, member) || is(this, field, word) == Some(true)
}
