//! The words for everything that can be wrong with a JSON text.

use std::fmt;

use hifijson::{Expect, SliceLexer, escape, num, str};

use super::{DEPTH, offset};

/// Why a text is no JSON, or none that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonFault {
    /// In words, without the place.
    pub words: &'static str,
    /// 1-based.
    pub line: usize,
    /// 1-based, in bytes; of the first byte that was not read any more.
    pub column: usize,
}

/// What is wrong.
#[derive(Debug)]
pub(super) enum Wrong {
    Token(Expect),
    Number,
    Text(str::Error),
    Depth,
    Range,
    NoList,
}

impl JsonFault {
    /// A fault at the place where reading stopped.
    pub(super) fn of(wrong: &Wrong, text: &str, lexer: &SliceLexer<'_>) -> Self {
        let read = text.as_bytes().get(..offset(text, lexer)).unwrap_or_default();
        let column = 1 + read.iter().rev().take_while(|&&byte| byte != b'\n').count();
        Self { words: wrong.words(), line: read.split(|&byte| byte == b'\n').count(), column }
    }
}

impl fmt::Display for JsonFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.words, self.line, self.column)
    }
}

impl std::error::Error for JsonFault {}

impl Wrong {
    fn words(&self) -> &'static str {
        const _: () = assert!(DEPTH == 127, "the words say the bound");
        match self {
            Self::Token(Expect::Value) => "a value is missing",
            Self::Token(Expect::ValueOrEnd) => "a list or map has no end",
            Self::Token(Expect::CommaOrEnd) => "a comma is missing, or the end of a list or map,",
            Self::Token(Expect::String) => "a key is missing",
            Self::Token(Expect::Colon) => "a colon is missing",
            Self::Token(Expect::Eof) => "more than one value stands",
            Self::Number => "a digit is missing",
            Self::Range => "a number is beyond what 64 bits hold",
            Self::Text(str::Error::Control) => "a text has a control character that is not escaped",
            Self::Text(str::Error::Escape(escape::Error::Eof) | str::Error::Eof) => "a text has no end",
            Self::Text(str::Error::Escape(_)) => "a text has an escape that JSON has not",
            Self::Text(str::Error::Utf8(_)) => "a text is no UTF-8",
            Self::Depth => "lists and maps stand more than 127 levels deep",
            Self::NoList => "a list is missing",
        }
    }
}

impl From<Expect> for Wrong {
    fn from(expected: Expect) -> Self {
        Self::Token(expected)
    }
}

impl From<num::Error> for Wrong {
    fn from(num::Error::ExpectedDigit: num::Error) -> Self {
        Self::Number
    }
}

impl From<str::Error> for Wrong {
    fn from(error: str::Error) -> Self {
        Self::Text(error)
    }
}
