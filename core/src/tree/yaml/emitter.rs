//! Scalars, and where a value stands.

use serde::ser::{Serialize, Serializer};

use super::block::Block;
use super::number::integral;
use super::quote;
use super::write::Unwritable;

/// Keys of this many bytes or more are written as `? key`, newline, `: value`: readers look for the
/// colon of a simple key within 1024 characters only, and an escape may take ten.
///
/// Source: YAML 1.2.2 section 7.4.2; goyaml.v2 `scannerc.go`, `yaml_simple_key_is_valid`.
const SIMPLE_KEY_MAX: usize = 120;

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

/// Starts a new line and goes to a column.
pub(super) fn new_line(out: &mut String, column: usize) {
    const LINE: &str = "\n                                                                ";
    if let Some(line) = LINE.get(..=column) {
        out.push_str(line);
    } else {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', column));
    }
}

/// Writes a key and its colon.
pub(super) fn write_key(key: &str, column: usize, out: &mut String) {
    if key.len() < SIMPLE_KEY_MAX {
        write_text(key, out);
    } else {
        out.push_str("? ");
        write_text(key, out);
        new_line(out, column);
    }
    out.push(':');
}

/// Writes the name of a field or variant and its colon. Names are a program's own, and most of the
/// keys that are written: nobody has to look whether they are plain.
pub(super) fn write_name(name: &'static str, out: &mut String) {
    debug_assert!(quote::is_plain(name), "`{name}` is no plain text");
    out.push_str(name);
    out.push(':');
}

fn write_text(text: &str, out: &mut String) {
    if quote::is_plain(text) {
        out.push_str(text);
    } else {
        quote::quoted(text, out);
    }
}

/// Digits of an integer, without the machinery of `fmt`.
fn write_digits(integer: u64, out: &mut String) {
    if integer >= 10 {
        write_digits(integer / 10, out);
    }
    out.push(char::from(b'0' + (integer % 10) as u8));
}

fn write_float(float: f64, out: &mut String) {
    match integral(float) {
        Some(integer) => {
            if integer < 0 {
                out.push('-');
            }
            write_digits(integer.unsigned_abs(), out);
        }
        // serde_json writes a number for every finite float, and null for the others.
        None => out.push_str(&serde_json::to_string(&float).unwrap_or_default()),
    }
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

    fn serialize_i128(self, integer: i128) -> Result<(), Unwritable> {
        self.number(|out| out.push_str(&integer.to_string()));
        Ok(())
    }

    fn serialize_u128(self, integer: u128) -> Result<(), Unwritable> {
        self.number(|out| out.push_str(&integer.to_string()));
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
