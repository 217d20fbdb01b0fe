//! Values that are passed over: no deeper in Rust's own stack than others, however deep they are.

use hifijson::escape::{self, Lex as _, Lit};
use hifijson::token::Lex as _;
use hifijson::{Expect, Read as _, SliceLexer, num::Lex as _, str::LexWrite as _};

use super::fault::Wrong;

/// Passes over the value that starts with this byte, which is the next one.
pub(super) fn value(mut next: u8, lexer: &mut SliceLexer<'_>) -> Result<(), Wrong> {
    // What closes each list and map that is open.
    let mut open = Vec::new();
    loop {
        match next {
            b'[' | b'{' => {
                let end = if next == b'[' { b']' } else { b'}' };
                let first = lexer.discarded().ws_peek().ok_or(Expect::ValueOrEnd)?;
                if first == end {
                    lexer.take_next();
                } else {
                    open.push(end);
                    next = if end == b'}' { key(first, lexer)? } else { first };
                    continue;
                }
            }
            b'"' => text(lexer.discarded())?,
            b'-' | b'0'..=b'9' => {
                lexer.num_ignore().validate()?;
            }
            _ => {
                lexer.null_or_bool().ok_or(Expect::Value)?;
            }
        }
        // A value has ended, and with it every list and map that it was the last of.
        let end = loop {
            let Some(&end) = open.last() else { return Ok(()) };
            let behind = lexer.ws_peek().ok_or(Expect::CommaOrEnd)?;
            if behind == b',' {
                break end;
            }
            if behind != end {
                return Err(Expect::CommaOrEnd.into());
            }
            lexer.take_next();
            open.pop();
        };
        next = lexer.discarded().ws_peek().ok_or(Expect::Value)?;
        if end == b'}' {
            next = key(next, lexer)?;
        }
    }
}

/// Passes over a key and its colon, and gives the first byte of its value.
fn key(next: u8, lexer: &mut SliceLexer<'_>) -> Result<u8, Wrong> {
    lexer.expect(|_| Some(next), b'"').ok_or(Expect::String)?;
    text(lexer)?;
    colon(lexer)
}

/// Passes over what is left of a text, in stretches between escapes: hifijson's own `str_ignore` takes a state for each
/// byte, and most bytes of a review are passed over.
fn text(lexer: &mut SliceLexer<'_>) -> Result<(), Wrong> {
    lexer.str_fold(
        (),
        |_, ()| Ok(()),
        |lexer, ()| {
            let escaped = match lexer.take_next() {
                Some(b'u') => lexer.hex::<u16>().map(drop),
                Some(other) => Lit::try_from(other).map(drop).ok_or(escape::Error::InvalidKind(other)),
                None => Err(escape::Error::Eof),
            };
            escaped.map_err(|error| Wrong::Text(error.into()))
        },
    )
}

/// Takes a colon, and gives the first byte of the value behind it.
pub(super) fn colon(lexer: &mut SliceLexer<'_>) -> Result<u8, Wrong> {
    lexer.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
    Ok(lexer.ws_peek().ok_or(Expect::Value)?)
}
