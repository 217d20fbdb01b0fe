//! Syntax of regular expressions that RE2 and Rust's regex read alike. Nothing is compiled or matched.
//!
//! Source: `re2/parse.cc` of RE2 2024-07-02 with the options that Envoy sets, `regex-syntax` 0.8.

mod property;

use std::iter::Peekable;
use std::str::CharIndices;

/// Most repetitions, those of nested groups multiplied. RE2 refuses more.
///
/// Source: RE2 `kMaxRepeat`; Go `regexp/syntax` has the same.
const REPETITIONS_MAX: u64 = 1000;

/// Most groups inside each other. RE2 refuses more.
///
/// Source: RE2 `kMaxNestingDepth`; Rust's regex allows 250.
const DEPTH_MAX: usize = 250;

/// What is wrong, and where: an offset in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) kind: Kind,
}

/// What is outside of the common syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Lookaround,
    Backreference,
    Possessive,
    Atomic,
    Group,
    GroupName,
    Unclosed,
    Unopened,
    UnclosedClass,
    NothingToRepeat,
    RepeatedTwice,
    Brace,
    TooManyRepetitions,
    TooDeep,
    Escape,
    TrailingBackslash,
    ClassEscape,
    ClassRange,
    ClassSet,
    ClassName,
    Property,
}

impl Kind {
    /// What was found, and what to do.
    pub(super) const fn words(self) -> (&'static str, &'static str) {
        const SPELL_OUT: &str =
            "RE2 and Rust's regex have none; match what is wanted by paths or rules of their own";
        match self {
            Self::Lookaround => ("a lookaround", SPELL_OUT),
            Self::Backreference => ("a backreference", SPELL_OUT),
            Self::Possessive => {
                ("a possessive quantifier", "take the second `+` away; these engines never backtrack")
            }
            Self::Atomic => ("an atomic group", "write `(?:` instead; these engines never backtrack"),
            Self::Group => (
                "a group that RE2 or Rust's regex does not know",
                "both know `(…)`, `(?:…)`, `(?P<name>…)` and the flags `i`, `m`, `s` and `U`",
            ),
            Self::GroupName => {
                ("a group name that is malformed or there already", "use letters, digits and `_`, once each")
            }
            Self::Unclosed => {
                ("a group that is not closed", "write `)` at its end, or `\\(` for the character")
            }
            Self::Unopened => ("a `)` without its `(`", "take it out, or write `\\)` for the character"),
            Self::UnclosedClass => ("a `[` without its `]`", "close it, or write `\\[` for the character"),
            Self::NothingToRepeat => {
                ("a quantifier with nothing before it", "write `.*` for any text, or escape the character")
            }
            Self::RepeatedTwice => {
                ("a quantifier behind a quantifier", "keep one of the two, or put a group around the first")
            }
            Self::Brace => (
                "a `{` that starts no repetition",
                "write `\\{` for the character, `{2}`, `{2,}` or `{2,5}` to repeat",
            ),
            Self::TooManyRepetitions => (
                "more than 1000 repetitions",
                "RE2 allows 1000, those of nested groups multiplied; repeat less",
            ),
            Self::TooDeep => ("more than 250 groups inside each other", "Rust's regex allows 250; nest less"),
            Self::Escape => (
                "an escape that RE2 or Rust's regex does not know, or that they read in different ways",
                "escape punctuation only; both know `\\d`, `\\w`, `\\s`, `\\b`, `\\A`, `\\z`, `\\x41`, `\\pL`",
            ),
            Self::TrailingBackslash => ("a `\\` with nothing behind it", "write `\\\\` for the character"),
            Self::ClassEscape => ("an escape that cannot stand inside `[…]`", "take it out of the class"),
            Self::ClassRange => (
                "a range that runs backwards, or whose end is no character",
                "write the lower character first, a `-` itself last",
            ),
            Self::ClassSet => (
                "a `[`, `&&`, `--` or `~~` inside `[…]`, which Rust's regex takes for sets",
                "escape it: `\\[`, `\\&`, `\\-`, `\\~`",
            ),
            Self::ClassName => (
                "a class name that does not exist",
                "the names are `[:alnum:]`, `[:alpha:]`, `[:digit:]` and so on",
            ),
            Self::Property => (
                "a Unicode property that RE2 or Rust's regex does not know",
                "both know scripts as `\\p{Greek}` and categories as `\\p{Lu}`",
            ),
        }
    }
}

/// What stands before the place that is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing that could be repeated.
    Nothing,
    /// Something, with the most repetitions inside it.
    Item(u64),
    /// Something that is repeated already.
    Repeated(u64),
}

struct Group {
    at: usize,
    /// Most repetitions of what is in it so far.
    repetitions: u64,
}

struct Reader<'e> {
    text: &'e str,
    rest: Peekable<CharIndices<'e>>,
    names: Vec<&'e str>,
}

/// Checks that both engines read an expression, and read it alike.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    let mut reader = Reader { text, rest: text.char_indices().peekable(), names: Vec::new() };
    let mut groups: Vec<Group> = Vec::new();
    let mut whole = Group { at: 0, repetitions: 1 };
    let mut before = Before::Nothing;
    while let Some((at, character)) = reader.rest.next() {
        let fault = |kind| Err(Fault { at, kind });
        let after = match character {
            '(' => {
                if groups.len() >= DEPTH_MAX {
                    return fault(Kind::TooDeep);
                }
                if reader.open(at)? {
                    groups.push(Group { at, repetitions: 1 });
                }
                Before::Nothing
            }
            ')' => {
                let Some(closed) = groups.pop() else { return fault(Kind::Unopened) };
                let outer = groups.last_mut().unwrap_or(&mut whole);
                outer.repetitions = outer.repetitions.max(closed.repetitions);
                Before::Item(closed.repetitions)
            }
            '|' => Before::Nothing,
            '*' | '+' | '?' | '{' => {
                let times = if character == '{' { reader.repetitions(at)? } else { 1 };
                let inner = match before {
                    Before::Nothing => return fault(Kind::NothingToRepeat),
                    Before::Repeated(_) if character == '+' => return fault(Kind::Possessive),
                    Before::Repeated(_) => return fault(Kind::RepeatedTwice),
                    Before::Item(inner) => inner,
                };
                let repetitions = inner.saturating_mul(times.max(1));
                if repetitions > REPETITIONS_MAX {
                    return fault(Kind::TooManyRepetitions);
                }
                let group = groups.last_mut().unwrap_or(&mut whole);
                group.repetitions = group.repetitions.max(repetitions);
                reader.take('?');
                Before::Repeated(repetitions)
            }
            '[' => {
                reader.class(at)?;
                Before::Item(1)
            }
            '\\' => {
                reader.escape(at, false)?;
                Before::Item(1)
            }
            _ => Before::Item(1),
        };
        before = after;
    }
    match groups.last() {
        Some(open) => Err(Fault { at: open.at, kind: Kind::Unclosed }),
        None => Ok(()),
    }
}

impl<'e> Reader<'e> {
    fn peek(&mut self) -> Option<char> {
        self.rest.peek().map(|(_, character)| *character)
    }

    fn take(&mut self, wanted: char) -> bool {
        self.rest.next_if(|(_, found)| *found == wanted).is_some()
    }

    /// The text from here to a character, which is taken too.
    fn until(&mut self, end: char) -> Option<&'e str> {
        let (start, _) = *self.rest.peek()?;
        let (at, _) = self.rest.find(|(_, found)| *found == end)?;
        self.text.get(start..at)
    }

    /// Reads what follows a `(`. False where it was flags for the rest of the group, `(?i)`.
    fn open(&mut self, at: usize) -> Result<bool, Fault> {
        let fault = |kind| Err(Fault { at, kind });
        if !self.take('?') {
            return Ok(true);
        }
        match self.peek() {
            Some('=' | '!') => return fault(Kind::Lookaround),
            Some('>') => return fault(Kind::Atomic),
            Some('P') => {
                self.take('P');
                match self.peek() {
                    Some('<') => {}
                    Some('=') => return fault(Kind::Backreference),
                    _ => return fault(Kind::Group),
                }
            }
            _ => {}
        }
        if self.take('<') {
            if matches!(self.peek(), Some('=' | '!')) {
                return fault(Kind::Lookaround);
            }
            let name = self.until('>').unwrap_or_default();
            let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
            let all = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !first || !all || self.names.contains(&name) {
                return fault(Kind::GroupName);
            }
            self.names.push(name);
            return Ok(true);
        }
        let (mut flags, mut negated) = (0_usize, false);
        loop {
            match self.rest.next().map(|(_, found)| found) {
                Some('i' | 'm' | 's' | 'U') => flags += 1,
                Some('-') if !negated => (flags, negated) = (0, true),
                Some(':') if flags > 0 || !negated => return Ok(true),
                Some(')') if flags > 0 => return Ok(false),
                _ => return fault(Kind::Group),
            }
        }
    }

    /// Reads what follows a `{`: the most repetitions.
    fn repetitions(&mut self, at: usize) -> Result<u64, Fault> {
        let fault = |kind| Err(Fault { at, kind });
        let Some(inner) = self.until('}') else { return fault(Kind::Brace) };
        let (least, most) = inner.split_once(',').map_or((inner, None), |(least, most)| (least, Some(most)));
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            // Too many digits are too many repetitions.
            digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
        };
        let Some(least) = number(least) else { return fault(Kind::Brace) };
        let most = match most {
            None | Some("") => least,
            Some(most) => match number(most) {
                Some(most) if most >= least => most,
                _ => return fault(Kind::Brace),
            },
        };
        if most > REPETITIONS_MAX { fault(Kind::TooManyRepetitions) } else { Ok(most) }
    }

    /// Reads what follows a `\`: the character that it stands for, where it is one.
    fn escape(&mut self, at: usize, in_class: bool) -> Result<Option<char>, Fault> {
        let fault = |kind| Err(Fault { at, kind });
        let Some((_, found)) = self.rest.next() else { return fault(Kind::TrailingBackslash) };
        match found {
            'b' if self.peek() == Some('{') => fault(Kind::Escape),
            'b' | 'B' | 'A' | 'z' if in_class => fault(Kind::ClassEscape),
            'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'b' | 'B' | 'A' | 'z' => Ok(None),
            'a' => Ok(Some('\u{7}')),
            'f' => Ok(Some('\u{c}')),
            't' => Ok(Some('\t')),
            'n' => Ok(Some('\n')),
            'r' => Ok(Some('\r')),
            'v' => Ok(Some('\u{b}')),
            'p' | 'P' => self.property(at).map(|()| None),
            'x' => self.hexadecimal(at).map(Some),
            '0'..='9' | 'k' => fault(Kind::Backreference),
            '<' | '>' | '_' => fault(Kind::Escape),
            other if other.is_ascii_punctuation() || other == ' ' => Ok(Some(other)),
            _ => fault(Kind::Escape),
        }
    }

    fn hexadecimal(&mut self, at: usize) -> Result<char, Fault> {
        let fault = Fault { at, kind: Kind::Escape };
        let digits = if self.take('{') {
            self.until('}').ok_or(fault)?
        } else {
            let (start, _) = self.rest.next().ok_or(fault)?;
            let (end, last) = self.rest.next().ok_or(fault)?;
            self.text.get(start..end + last.len_utf8()).ok_or(fault)?
        };
        // `from_str_radix` takes a sign.
        let number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let code = if number { u32::from_str_radix(digits, 16).ok() } else { None };
        code.and_then(char::from_u32).ok_or(fault)
    }

    fn property(&mut self, at: usize) -> Result<(), Fault> {
        let fault = Fault { at, kind: Kind::Property };
        let name = if self.take('{') {
            self.until('}').ok_or(fault)?
        } else {
            let (start, letter) = self.rest.next().ok_or(fault)?;
            self.text.get(start..start + letter.len_utf8()).ok_or(fault)?
        };
        if property::is_known(name) { Ok(()) } else { Err(fault) }
    }

    /// Reads what follows a `[`.
    fn class(&mut self, at: usize) -> Result<(), Fault> {
        self.take('^');
        let mut first = true;
        loop {
            let Some((here, found)) = self.rest.next() else {
                return Err(Fault { at, kind: Kind::UnclosedClass });
            };
            if found == ']' && !first {
                return Ok(());
            }
            first = false;
            let low = match found {
                '[' if self.peek() == Some(':') => {
                    self.class_name(here)?;
                    continue;
                }
                _ => self.class_character(here, found)?,
            };
            // A `-` before the end is itself.
            let mut ahead = self.rest.clone();
            let dash = ahead.next().is_some_and(|(_, found)| found == '-');
            let Some((_, next)) = ahead.next().filter(|(_, next)| dash && *next != ']') else { continue };
            self.take('-');
            let high = if next == '-' { None } else { self.rest.next() };
            let Some((there, high)) = high else { return Err(Fault { at: here, kind: Kind::ClassSet }) };
            let high = self.class_character(there, high)?;
            if low.zip(high).is_none_or(|(low, high)| low > high) {
                return Err(Fault { at: here, kind: Kind::ClassRange });
            }
        }
    }

    fn class_character(&mut self, at: usize, found: char) -> Result<Option<char>, Fault> {
        match found {
            '\\' => self.escape(at, true),
            '[' => Err(Fault { at, kind: Kind::ClassSet }),
            '&' | '~' | '-' if self.peek() == Some(found) => Err(Fault { at, kind: Kind::ClassSet }),
            _ => Ok(Some(found)),
        }
    }

    /// Reads what follows the `[` of `[:alpha:]`.
    fn class_name(&mut self, at: usize) -> Result<(), Fault> {
        const NAMES: [&str; 14] = [
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
            "space", "upper", "word", "xdigit",
        ];
        self.take(':');
        let name = self.until(':').unwrap_or_default();
        let known = NAMES.contains(&name.strip_prefix('^').unwrap_or(name));
        if known && self.take(']') { Ok(()) } else { Err(Fault { at, kind: Kind::ClassName }) }
    }
}

#[cfg(test)]
mod tests;
