//! What CEL's operators come to, as far as the rules need them.
//!
//! A missing field is an error in CEL, which `&&`, `||`, `all` and `exists` absorb where the other side
//! decides, and which `?:`, `==`, `filter` and `exists_one` hand on. Here an error is [`None`]. It is
//! kept apart from false only where a rule negates: at the top both mean that the rule does not hold.

use crate::tree::Node;

/// True, false, or an error.
pub(super) type Verdict = Option<bool>;

/// `has(node.field)`.
pub(super) fn has(node: &Node<'_>, field: &str) -> bool {
    node.get(field).is_some()
}

/// The text of `node.field`.
pub(super) fn text<'n>(node: &'n Node<'_>, field: &str) -> Option<&'n str> {
    node.get(field)?.as_text()
}

/// The integer of `node.field`.
pub(super) fn integer(node: &Node<'_>, field: &str) -> Option<i64> {
    node.get(field)?.as_integer()
}

/// `node.field == 'word'`.
pub(super) fn is(node: &Node<'_>, field: &str, word: &str) -> Verdict {
    Some(text(node, field)? == word)
}

/// `node.field in ['word', …]`.
pub(super) fn is_among(node: &Node<'_>, field: &str, words: &[&str]) -> Verdict {
    Some(words.contains(&text(node, field)?))
}

/// `has(node.field) && node.field != ''`.
pub(super) fn says(node: &Node<'_>, field: &str) -> bool {
    text(node, field).is_some_and(|text| !text.is_empty())
}

/// The items of a list.
pub(super) fn items<'n, 'a>(list: &'n Node<'a>) -> &'n [Node<'a>] {
    list.as_list().unwrap_or_default()
}

/// The items of `node.field`.
pub(super) fn items_of<'n, 'a>(node: &'n Node<'a>, field: &str) -> Option<&'n [Node<'a>]> {
    node.get(field)?.as_list()
}

/// `size(node.field)` of a list or map.
pub(super) fn size(node: &Node<'_>, field: &str) -> Option<usize> {
    let value = node.get(field)?;
    value.as_list().map(<[_]>::len).or_else(|| Some(value.as_map()?.len()))
}

/// `a && b`.
pub(super) fn and(a: Verdict, b: Verdict) -> Verdict {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// `list.exists(item, test)`.
pub(super) fn exists<'n, 'a>(list: &'n [Node<'a>], test: impl Fn(&'n Node<'a>) -> Verdict) -> Verdict {
    let mut verdict = Some(false);
    for item in list {
        match test(item) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => verdict = None,
        }
    }
    verdict
}

/// `list.filter(item, test).size()`.
pub(super) fn count<'n, 'a>(list: &'n [Node<'a>], test: impl Fn(&'n Node<'a>) -> Verdict) -> Option<usize> {
    list.iter().try_fold(0, |count, item| Some(count + usize::from(test(item)?)))
}

/// `list.exists_one(item, test)`.
pub(super) fn exists_one<'n, 'a>(list: &'n [Node<'a>], test: impl Fn(&'n Node<'a>) -> Verdict) -> Verdict {
    Some(count(list, test)? == 1)
}

/// `list.all(a, list.exists_one(b, same(a, b)))`, where items are the same whose keys are equal: no key
/// is there twice. A key that is an error is one when compared with itself, so the rule does not hold.
pub(super) fn distinct<K: Ord>(keys: impl Iterator<Item = Option<K>>) -> bool {
    neighbours(keys, |a, b| a != b)
}

/// `list.all(a, list.all(b, same(a, b) ? trait(a) == trait(b) : true))`, each key being of what makes
/// items the same, and the trait.
pub(super) fn agreeing<K: Ord, T: Ord>(keys: impl Iterator<Item = Option<(K, T)>>) -> bool {
    neighbours(keys, |a, b| a.0 != b.0 || a.1 == b.1)
}

/// Whether all neighbours in the order of the keys fit.
fn neighbours<K: Ord>(mut keys: impl Iterator<Item = Option<K>>, fit: impl Fn(&K, &K) -> bool) -> bool {
    let Some(first) = keys.next() else { return true };
    // Most lists have one item; nothing is allocated for them.
    let Some(second) = keys.next() else { return first.is_some() };
    let Some(mut all) = [first, second].into_iter().chain(keys).collect::<Option<Vec<_>>>() else {
        return false;
    };
    all.sort_unstable();
    all.is_sorted_by(fit)
}
