//! JSON, or any other format of serde, to tree and back.
//!
//! Reading borrows every text that holds no escape. Integers stay integers and floats floats
//! (`1.0` is [`Value::Float`]); an integer beyond 64 bits is a float, as `serde_json` makes it. Of a
//! key written twice the last wins. Nesting is bounded by the format's own reader (`serde_json`: 128).
//! Positions are [`Position::UNKNOWN`](super::Position::UNKNOWN).
//!
//! Writing turns integral floats below 2⁵³ into integers, as Go's encoder prints them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

use super::yaml::integral;
use super::{Entry, Map, Node, Position, Value};

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(boolean) => serializer.serialize_bool(*boolean),
            Self::Integer(integer) => serializer.serialize_i64(*integer),
            Self::Unsigned(integer) => serializer.serialize_u64(*integer),
            Self::Float(float) => match integral(*float) {
                Some(integer) => serializer.serialize_i64(integer),
                None => serializer.serialize_f64(*float),
            },
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Map(map) => map.serialize(serializer),
        }
    }
}

impl Serialize for Map<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for entry in self {
            map.serialize_entry(entry.key.as_ref(), &entry.value)?;
        }
        map.end()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Node<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Reader { keep: None }.deserialize(deserializer)
    }
}

/// What becomes of the value of a key when a JSON text is read in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// It is passed over, however deep it is.
    Nothing,
    /// It is read, by the same keys again.
    Part,
    /// It is read with every key in it.
    Whole,
    /// It becomes the text that it was written as, to be compared or read later.
    Text,
}

/// Reads of a JSON text what some keys name, which takes a fraction of the time of reading all of it.
pub fn part(text: &str, keep: fn(&str) -> Keep) -> Result<Node<'_>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let node = Reader { keep: Some(keep) }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(node)
}

/// Reads a value; without `keep` all of it.
#[derive(Clone, Copy)]
struct Reader {
    keep: Option<fn(&str) -> Keep>,
}

impl<'de> DeserializeSeed<'de> for Reader {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Node<'de>, E> {
        Ok(Node::NULL)
    }

    fn visit_none<E: Error>(self) -> Result<Node<'de>, E> {
        Ok(Node::NULL)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, boolean: bool) -> Result<Node<'de>, E> {
        Ok(Node::bare(Value::Bool(boolean)))
    }

    fn visit_i64<E: Error>(self, integer: i64) -> Result<Node<'de>, E> {
        Ok(Node::bare(Value::Integer(integer)))
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<Node<'de>, E> {
        Ok(Node::bare(i64::try_from(integer).map_or(Value::Unsigned(integer), Value::Integer)))
    }

    fn visit_f64<E: Error>(self, float: f64) -> Result<Node<'de>, E> {
        if float.is_finite() {
            Ok(Node::bare(Value::Float(float)))
        } else {
            Err(E::custom("infinity and not-a-number have no place in JSON"))
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::bare(Value::Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::bare(Value::Text(Cow::Borrowed(text))))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Node<'de>, E> {
        Ok(Node::bare(Value::Text(Cow::Owned(text))))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Node::bare(Value::List(items)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(Key(key)) = access.next_key()? {
            let value = match self.keep.map_or(Keep::Whole, |keep| keep(&key)) {
                Keep::Nothing => {
                    access.next_value::<IgnoredAny>()?;
                    continue;
                }
                Keep::Part => access.next_value_seed(self)?,
                Keep::Whole => access.next_value_seed(Self { keep: None })?,
                Keep::Text => {
                    let text: &RawValue = access.next_value()?;
                    Node::bare(Value::Text(Cow::Borrowed(text.get())))
                }
            };
            entries.push(Entry { key, position: Position::UNKNOWN, value });
        }
        Ok(Node::bare(Value::Map(Map::from_entries(entries).0)))
    }
}

/// A key, borrowed where it holds no escape. (serde's own `Cow` is always owned.)
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(text.to_owned())))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Node<'_> {
        serde_json::from_str(text).expect("the test's own JSON")
    }

    #[test]
    fn borrows_texts_and_keys_without_escapes() {
        let node = read(r#"{"plain": "text", "esc\naped": "a\"b"}"#);
        let borrowed = |text: &Cow<'_, str>| matches!(text, Cow::Borrowed(_));
        let entries: Vec<_> = node.as_map().expect("a map").iter().collect();
        assert!(!borrowed(&entries[0].key) && borrowed(&entries[1].key));
        assert!(matches!(&entries[1].value.value, Value::Text(text) if borrowed(text)));
        assert_eq!(entries[0].value.as_text(), Some("a\"b"));
    }

    #[test]
    fn keeps_floats_apart_from_integers() {
        let node = read("[1, 1.0, 18446744073709551615, 18446744073709551616, -1]");
        let values: Vec<_> = node.as_list().expect("a list").iter().map(|item| item.value.clone()).collect();
        assert_eq!(
            values,
            [
                Value::Integer(1),
                Value::Float(1.0),
                Value::Unsigned(u64::MAX),
                Value::Float(18_446_744_073_709_551_616.0),
                Value::Integer(-1),
            ]
        );
    }

    #[test]
    fn writes_integral_floats_as_integers_and_keeps_the_last_of_equal_keys() {
        let node = read(r#"{"b": 1.0, "a": 1, "a": {"c": [null, true, 0.5, 1e300]}}"#);
        let text = serde_json::to_string(&node).expect("a tree is always JSON");
        assert_eq!(text, r#"{"a":{"c":[null,true,0.5,1e+300]},"b":1}"#);
    }

    #[test]
    fn reads_a_part_and_passes_over_the_rest_however_deep_it_is() {
        let keep = |key: &str| match key {
            "spec" | "name" => Keep::Part,
            "labels" => Keep::Whole,
            "rules" => Keep::Text,
            _ => Keep::Nothing,
        };
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let text = format!(
            r#"{{"spec": {{"labels": {{"a": 1}}, "rules": [ 1], "x": {deep}}}, "name": null, "y": 2}}"#
        );
        let node = part(&text, keep).expect("the test's own JSON");
        assert_eq!(
            serde_json::to_string(&node).expect("a tree is always JSON"),
            r#"{"name":null,"spec":{"labels":{"a":1},"rules":"[ 1]"}}"#
        );
        assert!(part("{} {}", keep).is_err(), "a second value");
    }

    #[test]
    fn refuses_deep_nesting() {
        let deep = "[".repeat(100_000);
        assert!(serde_json::from_str::<Node<'_>>(&deep).is_err());
    }
}
