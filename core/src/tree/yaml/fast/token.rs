//! Scalars on one line.

use std::borrow::Cow;

use granit_parser::ScalarStyle;

use super::Odd;
use super::lines::Line;
use crate::tree::Position;
use crate::tree::yaml::builder::Builder;
use crate::tree::yaml::scalar;

/// Longest key that this reader takes; the parser counts characters up to 1024.
const KEY_MAX: usize = 1000;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A plain or quoted scalar.
    Scalar,
    /// `[` or `{`.
    Flow,
    /// `|`.
    Literal,
}

/// Where a token stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// In block style.
    Block,
    /// Inside `[]` or `{}`.
    Flow,
}

/// A scalar, or the start of something else.
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    text: Cow<'a, str>,
    style: ScalarStyle,
    /// Just behind it; of a key, the place of its colon.
    pub(super) end: usize,
    /// A colon and a blank follow.
    pub(super) is_key: bool,
}

/// Reads the token that starts at a byte that is no blank.
pub(super) fn token<'a>(line: &Line<'a>, at: usize, context: Context) -> Result<Token<'a>, Odd> {
    let start =
        |kind| Token { kind, text: Cow::Borrowed(""), style: ScalarStyle::Plain, end: at, is_key: false };
    let first = line.byte(at).ok_or(Odd)?;
    match first {
        b'"' => quoted(line, at, double_quoted(line, at)?, ScalarStyle::DoubleQuoted, context),
        b'\'' => quoted(line, at, single_quoted(line, at)?, ScalarStyle::SingleQuoted, context),
        b'[' | b'{' => Ok(start(Kind::Flow)),
        b'|' if context == Context::Block => Ok(start(Kind::Literal)),
        b'-' if line.has_dash(at) => Err(Odd),
        b'-' if context == Context::Flow
            && !line.byte(at + 1).is_some_and(|byte| byte.is_ascii_alphanumeric()) =>
        {
            Err(Odd)
        }
        b',' | b']' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' | b'?' | b':' => {
            Err(Odd)
        }
        _ => plain(line, at, context),
    }
}

/// Hands a scalar to the builder.
pub(super) fn place<'a>(
    token: Token<'a>,
    position: Position,
    builder: &mut Builder<'a, '_>,
) -> Result<(), Odd> {
    if builder.awaits_key() && token.text == "<<" {
        return Err(Odd);
    }
    let length = token.text.len();
    builder.scalar(scalar::resolve(token.text, token.style, None), length, 0, position)?;
    Ok(())
}

fn plain<'a>(line: &Line<'a>, at: usize, context: Context) -> Result<Token<'a>, Odd> {
    let bytes = line.text.as_bytes().get(at..line.end).ok_or(Odd)?;
    let mut end = bytes.len();
    let mut is_key = false;
    for (index, &byte) in bytes.iter().enumerate() {
        match byte {
            b':' if matches!(bytes.get(index + 1), None | Some(b' ')) => {
                (end, is_key) = (index, true);
                break;
            }
            b'#' if index > 0 && bytes.get(index - 1) == Some(&b' ') => {
                end = index;
                break;
            }
            b',' | b']' | b'}' if context == Context::Flow => {
                end = index;
                break;
            }
            b'[' | b'{' | b'?' if context == Context::Flow => return Err(Odd),
            b':' if context == Context::Flow
                && matches!(bytes.get(index + 1), Some(b',' | b'[' | b']' | b'{' | b'}')) =>
            {
                return Err(Odd);
            }
            _ => {}
        }
    }
    let text = line.text.get(at..at + end).ok_or(Odd)?;
    let trimmed = text.trim_end_matches(' ');
    if is_key && (trimmed.len() > KEY_MAX) {
        return Err(Odd);
    }
    let end = if is_key { at + end } else { at + trimmed.len() };
    Ok(Token { kind: Kind::Scalar, text: Cow::Borrowed(trimmed), style: ScalarStyle::Plain, end, is_key })
}

/// A quoted scalar with what follows it.
fn quoted<'a>(
    line: &Line<'a>,
    at: usize,
    (text, end): (Cow<'a, str>, usize),
    style: ScalarStyle,
    context: Context,
) -> Result<Token<'a>, Odd> {
    let colon = line.skip_blanks(end);
    let is_key = line.byte(colon) == Some(b':');
    // JSON needs no blank behind the colon, and YAML none in `{}` behind a quoted key.
    let is_spaced = matches!(line.byte(colon + 1), None | Some(b' ')) || context == Context::Flow;
    if is_key && (!is_spaced || end - at > KEY_MAX) {
        return Err(Odd);
    }
    Ok(Token { kind: Kind::Scalar, text, style, end: if is_key { colon } else { end }, is_key })
}

fn single_quoted<'a>(line: &Line<'a>, at: usize) -> Result<(Cow<'a, str>, usize), Odd> {
    let inner = line.text.get(at + 1..line.end).ok_or(Odd)?;
    let length = inner.find('\'').ok_or(Odd)?;
    let end = at + 1 + length + 1;
    if line.byte(end) == Some(b'\'') {
        return Err(Odd);
    }
    Ok((Cow::Borrowed(inner.get(..length).ok_or(Odd)?), end))
}

fn double_quoted<'a>(line: &Line<'a>, at: usize) -> Result<(Cow<'a, str>, usize), Odd> {
    let inner = line.text.get(at + 1..line.end).ok_or(Odd)?;
    let stop = |byte: &u8| *byte == b'"' || *byte == b'\\';
    let mut length = inner.as_bytes().iter().position(stop).ok_or(Odd)?;
    if inner.as_bytes().get(length) == Some(&b'"') {
        return Ok((Cow::Borrowed(inner.get(..length).ok_or(Odd)?), at + 1 + length + 1));
    }
    let mut text = String::new();
    let mut written = 0;
    loop {
        text.push_str(inner.get(written..length).ok_or(Odd)?);
        let rest = inner.get(length..).ok_or(Odd)?;
        if rest.starts_with('"') {
            return Ok((Cow::Owned(text), at + 1 + length + 1));
        }
        let (character, escape) = unescape(rest)?;
        text.push(character);
        written = length + escape;
        length = written + inner.as_bytes().get(written..).ok_or(Odd)?.iter().position(stop).ok_or(Odd)?;
    }
}

/// The character of an escape, and the escape's length.
fn unescape(rest: &str) -> Result<(char, usize), Odd> {
    let digits = |count: usize| {
        let digits =
            rest.get(2..2 + count).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        code.map(|character| (character, 2 + count)).ok_or(Odd)
    };
    let character = match rest.as_bytes().get(1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'u') => return digits(4),
        Some(b'x') => return digits(2),
        Some(b'U') => return digits(8),
        _ => return Err(Odd),
    };
    Ok((character, 2))
}
