//! Any serialisable value as a tree: what [`yaml::write`](super::yaml::write()) would write, without the text.

use std::borrow::Cow;

use serde::ser::{
    Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::{Entry, Map, Node, Position, Value};

type Error = serde_json::Error;

/// The tree of a value. Names of fields are borrowed, every other text is its own.
///
/// # Errors
/// If the type refuses to be serialised, or a map's keys are no texts.
pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Node<'static>, Error> {
    value.serialize(Builder)
}

struct Builder;

/// Room that a map has for what somebody adds: defaults, mostly.
const ROOM: usize = 2;

/// A list that is being built, under the name of its variant if it has one.
struct List {
    items: Vec<Node<'static>>,
    variant: Option<&'static str>,
}

/// A map that is being built, under the name of its variant if it has one.
struct Fields {
    entries: Vec<Entry<'static>>,
    key: Cow<'static, str>,
    variant: Option<&'static str>,
}

impl List {
    fn new(len: Option<usize>, variant: Option<&'static str>) -> Self {
        Self { items: Vec::with_capacity(len.unwrap_or_default()), variant }
    }

    fn push<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
        self.items.push(of(item)?);
        Ok(())
    }

    fn finish(self) -> Node<'static> {
        under(self.variant, Node::bare(Value::List(self.items)))
    }
}

impl Fields {
    fn new(len: Option<usize>, variant: Option<&'static str>) -> Self {
        let entries = Vec::with_capacity(len.unwrap_or_default() + ROOM);
        Self { entries, key: Cow::Borrowed(""), variant }
    }

    fn push<T: Serialize + ?Sized>(&mut self, key: Cow<'static, str>, value: &T) -> Result<(), Error> {
        self.entries.push(Entry { key, position: Position::UNKNOWN, value: of(value)? });
        Ok(())
    }

    fn finish(self) -> Node<'static> {
        under(self.variant, Node::bare(Value::Map(Map::from_entries(self.entries).0)))
    }
}

fn under(variant: Option<&'static str>, node: Node<'static>) -> Node<'static> {
    match variant {
        Some(variant) => Node::map([(variant, node)]),
        None => node,
    }
}

fn text(text: &str) -> Node<'static> {
    Node::text(text.to_owned())
}

impl Serializer for Builder {
    type Ok = Node<'static>;
    type Error = Error;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = List;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Fields;

    fn serialize_bool(self, boolean: bool) -> Result<Node<'static>, Error> {
        Ok(Node::boolean(boolean))
    }

    fn serialize_i8(self, integer: i8) -> Result<Node<'static>, Error> {
        Ok(Node::integer(integer))
    }

    fn serialize_i16(self, integer: i16) -> Result<Node<'static>, Error> {
        Ok(Node::integer(integer))
    }

    fn serialize_i32(self, integer: i32) -> Result<Node<'static>, Error> {
        Ok(Node::integer(integer))
    }

    fn serialize_i64(self, integer: i64) -> Result<Node<'static>, Error> {
        Ok(Node::integer(integer))
    }

    fn serialize_u8(self, integer: u8) -> Result<Node<'static>, Error> {
        Ok(Node::integer(integer))
    }

    fn serialize_u16(self, integer: u16) -> Result<Node<'static>, Error> {
        Ok(Node::integer(integer))
    }

    fn serialize_u32(self, integer: u32) -> Result<Node<'static>, Error> {
        Ok(Node::integer(integer))
    }

    fn serialize_u64(self, integer: u64) -> Result<Node<'static>, Error> {
        Ok(Node::bare(i64::try_from(integer).map_or(Value::Unsigned(integer), Value::Integer)))
    }

    fn serialize_f32(self, float: f32) -> Result<Node<'static>, Error> {
        self.serialize_f64(float.into())
    }

    fn serialize_f64(self, float: f64) -> Result<Node<'static>, Error> {
        Ok(Node::bare(if float.is_finite() { Value::Float(float) } else { Value::Null }))
    }

    fn serialize_char(self, character: char) -> Result<Node<'static>, Error> {
        self.serialize_str(character.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Node<'static>, Error> {
        Ok(text(value))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Node<'static>, Error> {
        bytes.serialize(self)
    }

    fn serialize_none(self) -> Result<Node<'static>, Error> {
        Ok(Node::NULL)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Node<'static>, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Node<'static>, Error> {
        Ok(Node::NULL)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Node<'static>, Error> {
        Ok(Node::NULL)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Node<'static>, Error> {
        Ok(Node::text(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Node<'static>, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Node<'static>, Error> {
        Ok(under(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<List, Error> {
        Ok(List::new(len, None))
    }

    fn serialize_tuple(self, len: usize) -> Result<List, Error> {
        Ok(List::new(Some(len), None))
    }

    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<List, Error> {
        Ok(List::new(Some(len), None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<List, Error> {
        Ok(List::new(Some(len), Some(variant)))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Fields, Error> {
        Ok(Fields::new(len, None))
    }

    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Fields, Error> {
        Ok(Fields::new(Some(len), None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Fields, Error> {
        Ok(Fields::new(Some(len), Some(variant)))
    }
}

/// Lists in serde have four names.
macro_rules! list {
    ($($name:ident::$push:ident),*) => {$(
        impl $name for List {
            type Ok = Node<'static>;
            type Error = Error;

            fn $push<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
                self.push(item)
            }

            fn end(self) -> Result<Node<'static>, Error> {
                Ok(self.finish())
            }
        }
    )*};
}

/// Maps with names that Rust knows have two.
macro_rules! fields {
    ($($name:ident),*) => {$(
        impl $name for Fields {
            type Ok = Node<'static>;
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
                self.push(Cow::Borrowed(key), value)
            }

            fn end(self) -> Result<Node<'static>, Error> {
                Ok(self.finish())
            }
        }
    )*};
}

list!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);
fields!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Fields {
    type Ok = Node<'static>;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let Value::Text(key) = of(key)?.value else { return Err(Error::custom("a map's keys are texts")) };
        self.key = key;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = std::mem::take(&mut self.key);
        self.push(key, value)
    }

    fn end(self) -> Result<Node<'static>, Error> {
        Ok(self.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::json;

    #[derive(serde::Serialize)]
    struct Given<'a> {
        name: &'a str,
        count: Option<u32>,
        parts: Vec<Part>,
    }

    #[derive(serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    enum Part {
        WholeOne,
        Named(i8),
        Pair(bool, f64),
        Fields { b: char, a: u64 },
    }

    #[test]
    fn is_what_json_says() {
        let given = Given {
            name: "a\nb",
            count: None,
            parts: vec![
                Part::WholeOne,
                Part::Named(-1),
                Part::Pair(true, 0.5),
                Part::Fields { b: 'x', a: u64::MAX },
            ],
        };
        let text = serde_json::to_string(&given).expect("the type is plain");
        let read = json::read(&text).expect("our own JSON");
        assert_eq!(of(&given).expect("the type is plain"), read);
    }

    #[test]
    fn a_key_is_a_text() {
        assert!(of(&std::collections::BTreeMap::from([(1, 2)])).is_err());
    }
}
