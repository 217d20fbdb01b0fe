//! Scalars, and where a value stands.

use serde::ser::{Serialize, Serializer};

use super::block::Block;
use super::quote;
use super::text::{new_line, write_digits, write_float, write_key};
use super::write::Unwritable;

/// What stands to the left of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing: it is the document.
    Start,
    /// `key:`
    Key,
    /// `-`
    Dash,
    /// It is a key itself.
    AsKey,
}

/// Writes one value behind what stands at its left.
pub(super) struct Emitter<'o> {
    pub(super) out: &'o mut String,
    /// Column of the key or dash at the left, or of the key itself.
    pub(super) indent: usize,
    /// What is at the left.
    pub(super) place: Place,
}

impl<'o> Emitter<'o> {
    /// Writes a word that needs no quotes as a value, and gets them as a key.
    fn word(mut self, word: &str) {
        if self.place == Place::AsKey {
            write_key(word, self.indent, self.out);
        } else {
            self.separate();
            self.out.push_str(word);
        }
    }

    fn number(mut self, write: impl FnOnce(&mut String)) {
        if self.place == Place::AsKey {
            self.out.push('"');
            write(self.out);
            self.out.push_str("\":");
        } else {
            self.separate();
            write(self.out);
        }
    }

    fn null(self) -> Result<(), Unwritable> {
        if self.place == Place::AsKey {
            return Err(Unwritable);
        }
        self.word("null");
        Ok(())
    }

    /// Puts the blank between a key or dash and a value on its line.
    fn separate(&mut self) {
        if self.place != Place::Start {
            self.out.push(' ');
        }
    }

    fn literal(mut self, text: &str) {
        self.separate();
        let (marker, body) = match text.strip_suffix('\n') {
            Some(body) => ("|", body),
            None => ("|-", text),
        };
        self.out.push_str(marker);
        for line in body.split('\n') {
            new_line(self.out, if line.is_empty() { 0 } else { self.indent + 2 });
            self.out.push_str(line);
        }
    }

    fn map(self) -> Result<Block<'o>, Unwritable> {
        if self.place == Place::AsKey { Err(Unwritable) } else { Ok(Block::map(self)) }
    }

    fn list(self) -> Result<Block<'o>, Unwritable> {
        if self.place == Place::AsKey { Err(Unwritable) } else { Ok(Block::list(self)) }
    }

    /// `variant:` as a map of one key, and is then where its value goes.
    fn variant(self, variant: &'static str) -> Result<Self, Unwritable> {
        Ok(self.map()?.under(variant))
    }
}

impl<'o> Serializer for Emitter<'o> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Block<'o>;
    type SerializeTuple = Block<'o>;
    type SerializeTupleStruct = Block<'o>;
    type SerializeTupleVariant = Block<'o>;
    type SerializeMap = Block<'o>;
    type SerializeStruct = Block<'o>;
    type SerializeStructVariant = Block<'o>;

    fn serialize_str(mut self, text: &str) -> Result<(), Unwritable> {
        if self.place == Place::AsKey {
            write_key(text, self.indent, self.out);
        } else if quote::is_plain(text) {
            self.separate();
            self.out.push_str(text);
        } else if quote::is_literal(text) {
            self.literal(text);
        } else {
            self.separate();
            quote::quoted(text, self.out);
        }
        Ok(())
    }

    fn serialize_bool(self, boolean: bool) -> Result<(), Unwritable> {
        self.word(if boolean { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i64(self, integer: i64) -> Result<(), Unwritable> {
        self.number(|out| {
            if integer < 0 {
                out.push('-');
            }
            write_digits(integer.unsigned_abs(), out);
        });
        Ok(())
    }

    fn serialize_u64(self, integer: u64) -> Result<(), Unwritable> {
        self.number(|out| write_digits(integer, out));
        Ok(())
    }

    fn serialize_f64(self, float: f64) -> Result<(), Unwritable> {
        self.number(|out| write_float(float, out));
        Ok(())
    }

    fn serialize_i8(self, integer: i8) -> Result<(), Unwritable> {
        self.serialize_i64(integer.into())
    }

    fn serialize_i16(self, integer: i16) -> Result<(), Unwritable> {
        self.serialize_i64(integer.into())
    }

    fn serialize_i32(self, integer: i32) -> Result<(), Unwritable> {
        self.serialize_i64(integer.into())
    }

    fn serialize_u8(self, integer: u8) -> Result<(), Unwritable> {
        self.serialize_u64(integer.into())
    }

    fn serialize_u16(self, integer: u16) -> Result<(), Unwritable> {
        self.serialize_u64(integer.into())
    }

    fn serialize_u32(self, integer: u32) -> Result<(), Unwritable> {
        self.serialize_u64(integer.into())
    }

    fn serialize_f32(self, float: f32) -> Result<(), Unwritable> {
        self.serialize_f64(float.into())
    }

    fn serialize_char(self, character: char) -> Result<(), Unwritable> {
        self.serialize_str(character.encode_utf8(&mut [0; 4]))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Unwritable> {
        bytes.serialize(self)
    }

    fn serialize_none(self) -> Result<(), Unwritable> {
        self.null()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unwritable> {
        self.null()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unwritable> {
        self.null()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unwritable> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        value.serialize(self.variant(variant)?)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Block<'o>, Unwritable> {
        self.list()
    }

    fn serialize_tuple(self, _: usize) -> Result<Block<'o>, Unwritable> {
        self.list()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Block<'o>, Unwritable> {
        self.list()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Block<'o>, Unwritable> {
        self.variant(variant)?.list()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Block<'o>, Unwritable> {
        self.map()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Block<'o>, Unwritable> {
        self.map()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Block<'o>, Unwritable> {
        self.variant(variant)?.map()
    }
}
