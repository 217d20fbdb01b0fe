//! A tree as what serde writes, in JSON or any other format.
//!
//! Integral floats below 2⁵³ become integers, as Go's encoder prints them.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::tree::yaml::integral;
use crate::tree::{Map, Node, Value};

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
