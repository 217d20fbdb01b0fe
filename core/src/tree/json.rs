//! JSON to tree, whole or in part.
//!
//! Every text that holds no escape is borrowed. Integers stay integers and floats floats (`1.0` is
//! [`Value::Float`]); an integer beyond 64 bits is a float. Of a key written twice the last wins. What is
//! read may be [`DEPTH`] levels deep, what is passed over however deep.
//! Positions are [`Position::UNKNOWN`](super::Position::UNKNOWN).
//!
//! Tokens are hifijson's: serde's machinery would be a tenth of the policy module
//! (`docs/decisions/0010-policy-module.md`).

mod fault;
mod number;
mod skip;
#[cfg(test)]
mod tests;
mod writer;

pub use self::fault::JsonFault;
pub use self::writer::Writer;

use hifijson::token::Lex as _;
use hifijson::{Expect, SliceLexer, str::LexAlloc as _};

use self::fault::Wrong;
use self::number::Floats;
use super::{Entry, Map, Node, Position, Value};

/// Most levels of lists and maps that are read; our own bound, which is that of `serde_json` too.
const DEPTH: usize = 127;

/// What becomes of the value of a key when a text is read in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// It is passed over, however deep it is.
    Nothing,
    /// It is read, by the same keys again.
    Part,
    /// It is read with every key in it.
    Whole,
    /// It becomes the text that it was written as, to be compared or read later; null stays null.
    Text,
}

/// Reads a text that is one value.
///
/// # Errors
/// The first fault from the left.
pub fn read(text: &str) -> Result<Node<'_>, JsonFault> {
    one(text, How { text, keep: None, floats: number::exact, levels: DEPTH })
}

/// Reads of a text what some keys name, which takes a fraction of the time of reading all of it. Floats are about right:
/// good enough to be told from what else may stand there.
///
/// # Errors
/// As [`read`].
pub fn part(text: &str, keep: fn(&str) -> Keep) -> Result<Node<'_>, JsonFault> {
    one(text, How { text, keep: Some(keep), floats: number::about, levels: DEPTH })
}

/// Reads the value that a text starts with, and gives what stands behind it.
///
/// # Errors
/// As [`read`].
pub fn first(text: &str) -> Result<(Node<'_>, &str), JsonFault> {
    let mut lexer = SliceLexer::new(text.as_bytes());
    let how = How { text, keep: None, floats: number::exact, levels: DEPTH };
    let next = lexer.ws_peek().ok_or(Wrong::Token(Expect::Value));
    match next.and_then(|next| value(next, &mut lexer, how)) {
        Ok(node) => Ok((node, text.get(offset(text, &lexer)..).unwrap_or_default())),
        Err(wrong) => Err(JsonFault::of(&wrong, text, &lexer)),
    }
}

/// The items of a list, each as the text that it was written as.
///
/// # Errors
/// As [`read`], and for anything but a list.
pub fn items(text: &str) -> Result<Vec<&str>, JsonFault> {
    let mut lexer = SliceLexer::new(text.as_bytes());
    let mut items = Vec::new();
    let read = lexer.exactly_one(SliceLexer::ws_peek, |next, lexer| {
        if next != b'[' {
            return Err(Wrong::NoList);
        }
        lexer.discarded().seq(b']', SliceLexer::ws_peek, |next, lexer| {
            items.push(written(text, next, lexer)?);
            Ok(())
        })
    });
    read.map(|()| items).map_err(|wrong| JsonFault::of(&wrong, text, &lexer))
}

/// How a text is read; without `keep` all of it.
#[derive(Clone, Copy)]
struct How<'a> {
    text: &'a str,
    keep: Option<fn(&str) -> Keep>,
    floats: Floats,
    levels: usize,
}

fn one<'a>(text: &'a str, how: How<'a>) -> Result<Node<'a>, JsonFault> {
    let mut lexer = SliceLexer::new(text.as_bytes());
    let read = lexer.exactly_one(SliceLexer::ws_peek, |next, lexer| value(next, lexer, how));
    read.map_err(|wrong| JsonFault::of(&wrong, text, &lexer))
}

/// Reads the value that starts with this byte, which is the next one.
fn value<'a>(next: u8, lexer: &mut SliceLexer<'a>, how: How<'a>) -> Result<Node<'a>, Wrong> {
    let below = || Ok::<_, Wrong>(How { levels: how.levels.checked_sub(1).ok_or(Wrong::Depth)?, ..how });
    Ok(Node::bare(match next {
        b'"' => Value::Text(lexer.discarded().str_string()?),
        b'[' => {
            let (below, mut items) = (below()?, Vec::new());
            lexer.discarded().seq(b']', SliceLexer::ws_peek, |next, lexer| {
                items.push(value(next, lexer, below)?);
                Ok::<_, Wrong>(())
            })?;
            Value::List(items)
        }
        b'{' => {
            let (below, mut entries) = (below()?, Vec::new());
            lexer.discarded().seq(b'}', SliceLexer::ws_peek, |next, lexer| {
                entries.extend(entry(next, lexer, below)?);
                Ok::<_, Wrong>(())
            })?;
            Value::Map(Map::from_entries(entries).0)
        }
        b'-' | b'0'..=b'9' => number::read(lexer, how.floats)?,
        _ => lexer.null_or_bool().map(|word| word.map_or(Value::Null, Value::Bool)).ok_or(Expect::Value)?,
    }))
}

/// Reads a key and what is kept of its value.
fn entry<'a>(next: u8, lexer: &mut SliceLexer<'a>, how: How<'a>) -> Result<Option<Entry<'a>>, Wrong> {
    lexer.expect(|_| Some(next), b'"').ok_or(Expect::String)?;
    let key = lexer.str_string()?;
    let next = skip::colon(lexer)?;
    let value = match how.keep.map_or(Keep::Whole, |keep| keep(&key)) {
        Keep::Nothing => {
            skip::value(next, lexer)?;
            return Ok(None);
        }
        Keep::Part => value(next, lexer, how)?,
        Keep::Whole => value(next, lexer, How { keep: None, ..how })?,
        Keep::Text => match written(how.text, next, lexer)? {
            "null" => Node::NULL,
            text => Node::text(text),
        },
    };
    Ok(Some(Entry { key, position: Position::UNKNOWN, value }))
}

/// Passes over a value, and gives it as it was written.
fn written<'a>(text: &'a str, next: u8, lexer: &mut SliceLexer<'a>) -> Result<&'a str, Wrong> {
    let start = offset(text, lexer);
    skip::value(next, lexer)?;
    // Values start and end between characters.
    Ok(text.get(start..offset(text, lexer)).unwrap_or_default())
}

/// How many bytes were read.
fn offset(text: &str, lexer: &SliceLexer<'_>) -> usize {
    text.len() - lexer.as_slice().len()
}
