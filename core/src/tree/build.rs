//! Small trees made by the planner, in the same type as what users write.

use std::borrow::Cow;

use super::{Entry, Map, Node, Position, Value};

impl<'a> Node<'a> {
    /// A text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::bare(Value::Text(text.into()))
    }

    /// An integer.
    pub fn integer(integer: impl Into<i64>) -> Self {
        Self::bare(Value::Integer(integer.into()))
    }

    /// A boolean.
    pub fn boolean(boolean: bool) -> Self {
        Self::bare(Value::Bool(boolean))
    }

    /// A list.
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::bare(Value::List(items.into_iter().collect()))
    }

    /// A map; of equal keys the last wins.
    pub fn map(entries: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        let entries = entries
            .into_iter()
            .map(|(key, value)| Entry { key: Cow::Borrowed(key), position: Position::UNKNOWN, value })
            .collect();
        Self::bare(Value::Map(Map::from_entries(entries).0))
    }

    /// The same map with one key set; anything else becomes a map of that one key.
    #[must_use]
    pub fn with(mut self, key: &'a str, value: Self) -> Self {
        if let Value::Map(map) = &mut self.value {
            map.insert(Cow::Borrowed(key), value);
            self
        } else {
            Self::map([(key, value)])
        }
    }
}
