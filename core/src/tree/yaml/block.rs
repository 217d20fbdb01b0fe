//! Maps and lists in block style.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::emitter::{Emitter, Place};
use super::text::{new_line, write_name};
use super::write::Unwritable;

/// A map or list that is being written. Nothing is written until its first entry comes, for an empty
/// one has another form.
pub(super) struct Block<'o> {
    out: &'o mut String,
    /// Of its keys or dashes.
    column: usize,
    /// What stands to the left of the whole.
    place: Place,
    is_empty: bool,
    when_empty: &'static str,
}

impl<'o> Block<'o> {
    pub(super) fn map(Emitter { out, indent, place }: Emitter<'o>) -> Self {
        let column = if place == Place::Start { 0 } else { indent + 2 };
        Self { out, column, place, is_empty: true, when_empty: "{}" }
    }

    pub(super) fn list(Emitter { out, indent, place }: Emitter<'o>) -> Self {
        let column = if place == Place::Dash { indent + 2 } else { indent };
        Self { out, column, place, is_empty: true, when_empty: "[]" }
    }

    /// Goes where the next key or dash stands.
    fn next(&mut self) {
        if self.is_empty && self.place != Place::Key {
            if self.place == Place::Dash {
                self.out.push(' ');
            }
        } else {
            new_line(self.out, self.column);
        }
        self.is_empty = false;
    }

    /// Writes the name of a variant, and is then where its value goes.
    pub(super) fn under(mut self, variant: &'static str) -> Emitter<'o> {
        self.next();
        write_name(variant, self.out);
        Emitter { out: self.out, indent: self.column, place: Place::Key }
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        self.next();
        key.serialize(Emitter { out: self.out, indent: self.column, place: Place::AsKey })
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        value.serialize(Emitter { out: self.out, indent: self.column, place: Place::Key })
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unwritable> {
        self.next();
        write_name(name, self.out);
        self.value(value)
    }

    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Unwritable> {
        self.next();
        self.out.push('-');
        item.serialize(Emitter { out: self.out, indent: self.column, place: Place::Dash })
    }

    fn finish(self) {
        if self.is_empty {
            if self.place != Place::Start {
                self.out.push(' ');
            }
            self.out.push_str(self.when_empty);
        }
    }
}

impl SerializeMap for Block<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.value(value)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.finish();
        Ok(())
    }
}

/// The other traits differ in the name of their one method only.
macro_rules! compound {
    ($trait:ident, item $method:ident) => {
        impl $trait for Block<'_> {
            type Ok = ();
            type Error = Unwritable;

            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Unwritable> {
                self.item(item)
            }

            fn end(self) -> Result<(), Unwritable> {
                self.finish();
                Ok(())
            }
        }
    };
    ($trait:ident, field $method:ident) => {
        impl $trait for Block<'_> {
            type Ok = ();
            type Error = Unwritable;

            fn $method<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Unwritable> {
                self.field(key, value)
            }

            fn end(self) -> Result<(), Unwritable> {
                self.finish();
                Ok(())
            }
        }
    };
}

compound!(SerializeSeq, item serialize_element);
compound!(SerializeTuple, item serialize_element);
compound!(SerializeTupleStruct, item serialize_field);
compound!(SerializeTupleVariant, item serialize_field);
compound!(SerializeStruct, field serialize_field);
compound!(SerializeStructVariant, field serialize_field);
