//! A JSON value that knows where it was written.
//!
//! Text becomes a [`Node`] by [`yaml::read`] (with Helm's typing) or [`json::read`], any
//! serialisable value by [`of`]; a `Node` becomes text by [`yaml::write`] or serde. Maps are sorted by key, so the order in which a user
//! or Helm wrote them changes nothing downstream.

mod build;
pub mod json;
pub mod merge;
mod serialize;
mod serialized;
pub mod set;
pub mod yaml;

use std::borrow::Cow;

pub use serialize::of;

use crate::path::{Path, Step};

/// Where a value starts in its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Which of the caller's texts, 0-based: the first `-f` file, the second …
    pub source: u16,
    /// 1-based; 0 where there is no text (a flag, a Helm payload, defaults).
    pub line: u32,
    /// 1-based, in characters; 0 where there is no text.
    pub column: u32,
}

impl Position {
    /// A value that no text holds.
    pub const UNKNOWN: Self = Self { source: u16::MAX, line: 0, column: 0 };
}

/// A value and its place.
///
/// Equality looks at both; use [`Value`] to compare meanings.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'a> {
    /// The value.
    pub value: Value<'a>,
    /// Where it starts.
    pub position: Position,
}

/// What a JSON text can hold, with integers kept apart from floats.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`, the same as absent everywhere in values.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer that fits 64 bits with sign.
    Integer(i64),
    /// An integer above [`i64::MAX`] that fits 64 bits.
    Unsigned(u64),
    /// Any other number; always finite.
    Float(f64),
    /// Text, borrowed from the input where no escape changed it.
    Text(Cow<'a, str>),
    /// A list, with its null items.
    List(Vec<Node<'a>>),
    /// A map, sorted by key.
    Map(Map<'a>),
}

/// A map with unique keys in ascending order of their bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map<'a>(Vec<Entry<'a>>);

/// One key of a map with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'a> {
    /// The key.
    pub key: Cow<'a, str>,
    /// Where the key starts.
    pub position: Position,
    /// Its value.
    pub value: Node<'a>,
}

impl<'a> Node<'a> {
    /// A value without a text.
    pub const fn bare(value: Value<'a>) -> Self {
        Self { value, position: Position::UNKNOWN }
    }

    /// The null that stands for everything absent.
    pub const NULL: Self = Self::bare(Value::Null);

    /// Whether it is null.
    pub const fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if it is one that fits.
    pub fn as_integer(&self) -> Option<i64> {
        match self.value {
            Value::Integer(integer) => Some(integer),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(boolean) => Some(boolean),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&Map<'a>> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The value under a key, if it is a map that holds the key with anything but null.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key).filter(|node| !node.is_null())
    }

    /// The text under a key, shared with the input where the value is.
    pub fn text_of(&self, key: &str) -> Option<Cow<'a, str>> {
        match &self.get(key)?.value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// Items that are not null, each with the index the user knows it by.
    pub fn items(&self) -> impl Iterator<Item = (usize, &Self)> {
        self.as_list().unwrap_or_default().iter().enumerate().filter(|(_, item)| !item.is_null())
    }

    /// Whether it is a map or list that holds nothing but nulls: such a one says nothing.
    pub fn is_empty(&self) -> bool {
        self.as_map().is_some_and(|map| map.iter().all(|entry| entry.value.is_null()))
            || self.as_list().is_some_and(|items| items.iter().all(Self::is_null))
    }

    /// Takes out every null below it, in maps and lists.
    pub fn prune(&mut self) {
        match &mut self.value {
            Value::Map(map) => {
                map.prune();
                map.iter_mut().for_each(|entry| entry.value.prune());
            }
            Value::List(items) => {
                items.retain(|item| !item.is_null());
                items.iter_mut().for_each(Self::prune);
            }
            _ => {}
        }
    }

    /// Lets it and everything below it stand at one place.
    pub fn place_at(&mut self, position: Position) {
        self.position = position;
        match &mut self.value {
            Value::Map(map) => {
                for entry in map.iter_mut() {
                    entry.position = position;
                    entry.value.place_at(position);
                }
            }
            Value::List(items) => items.iter_mut().for_each(|item| item.place_at(position)),
            _ => {}
        }
    }

    /// Where the value that a path names stands, and where its key does; of the nearest value above
    /// it where the tree ends before the path.
    pub fn positions_of(&self, path: &Path) -> (Position, Position) {
        let (mut node, mut position, mut key) = (self, self.position, self.position);
        for step in path.steps() {
            let next = match (step, &node.value) {
                (Step::Key(name), Value::Map(map)) => {
                    map.entry(name).map(|entry| (&entry.value, entry.position))
                }
                (Step::Index(index), Value::List(items)) => {
                    items.get(*index as usize).map(|item| (item, item.position))
                }
                _ => None,
            };
            let Some((child, at)) = next else { break };
            (node, key) = (child, at);
            // A scalar is where the eye should go; a map or list starts on the line after its key.
            position = match node.value {
                Value::Map(_) | Value::List(_) | Value::Null => at,
                _ if node.position != Position::UNKNOWN => node.position,
                _ => at,
            };
        }
        (position, key)
    }

    /// The word for its type in messages.
    pub const fn type_word(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Integer(_) | Value::Unsigned(_) | Value::Float(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    /// The same value with every text owned.
    pub fn into_owned(self) -> Node<'static> {
        let value = match self.value {
            Value::Null => Value::Null,
            Value::Bool(boolean) => Value::Bool(boolean),
            Value::Integer(integer) => Value::Integer(integer),
            Value::Unsigned(integer) => Value::Unsigned(integer),
            Value::Float(float) => Value::Float(float),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::List(items) => Value::List(items.into_iter().map(Node::into_owned).collect()),
            Value::Map(map) => Value::Map(Map(map
                .0
                .into_iter()
                .map(|entry| Entry {
                    key: Cow::Owned(entry.key.into_owned()),
                    position: entry.position,
                    value: entry.value.into_owned(),
                })
                .collect())),
        };
        Node { value, position: self.position }
    }
}

/// Equality of keys. Most differ in length or in their first letter, which costs no call.
pub(crate) fn is_same_key(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.as_bytes().first() == other.as_bytes().first() && one == other
}

impl<'a> Map<'a> {
    /// Sorts entries by key; of equal keys the last one written wins, and the others are returned.
    pub fn from_entries(mut entries: Vec<Entry<'a>>) -> (Self, Vec<Entry<'a>>) {
        let mut lost = Vec::new();
        if !entries.is_sorted_by(|a, b| a.key < b.key) {
            entries.sort_by(|a, b| a.key.cmp(&b.key));
            if entries.is_sorted_by(|a, b| a.key < b.key) {
                return (Self(entries), lost);
            }
            let mut kept: Vec<Entry<'a>> = Vec::with_capacity(entries.len());
            for entry in entries {
                match kept.last_mut() {
                    Some(last) if last.key == entry.key => lost.push(std::mem::replace(last, entry)),
                    _ => kept.push(entry),
                }
            }
            entries = kept;
        }
        (Self(entries), lost)
    }

    /// The entry of a key, null or not.
    pub fn entry(&self, key: &str) -> Option<&Entry<'a>> {
        self.0.get(self.index(key)?)
    }

    fn index(&self, key: &str) -> Option<usize> {
        // Nearly all maps are so small that comparing lengths and first letters, which differ mostly, is faster.
        const SCANNED: usize = 12;
        if self.0.len() > SCANNED {
            return self.0.binary_search_by(|entry| entry.key.as_ref().cmp(key)).ok();
        }
        self.0.iter().position(|entry| is_same_key(&entry.key, key))
    }

    /// The value of a key, null or not.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of a key, null or not, to change in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node<'a>> {
        let index = self.index(key)?;
        self.0.get_mut(index).map(|entry| &mut entry.value)
    }

    /// Sets a key, in place of what it had.
    pub fn insert(&mut self, key: Cow<'a, str>, value: Node<'a>) {
        let position = value.position;
        match self.0.binary_search_by(|entry| entry.key.cmp(&key)) {
            Ok(index) => self.0[index] = Entry { key, position, value },
            Err(index) => self.0.insert(index, Entry { key, position, value }),
        }
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) -> Option<Node<'a>> {
        let index = self.index(key)?;
        Some(self.0.remove(index).value)
    }

    /// Takes out the entries whose value is null.
    pub fn prune(&mut self) {
        self.0.retain(|entry| !entry.value.is_null());
    }

    /// The entries in ascending order of key.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry<'a>> {
        self.0.iter()
    }

    /// The entries to change in place; their keys must stay as they are.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Entry<'a>> {
        self.0.iter_mut()
    }

    /// The entries, given away.
    pub fn into_entries(self) -> Vec<Entry<'a>> {
        self.0
    }

    /// How many keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'m, 'a> IntoIterator for &'m mut Map<'a> {
    type Item = &'m mut Entry<'a>;
    type IntoIter = std::slice::IterMut<'m, Entry<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}

impl<'m, 'a> IntoIterator for &'m Map<'a> {
    type Item = &'m Entry<'a>;
    type IntoIter = std::slice::Iter<'m, Entry<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
