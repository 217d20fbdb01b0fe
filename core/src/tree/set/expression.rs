//! The text of an assignment, taken apart from the left.

use super::{INDEX_MAX, NESTING_MAX, SetError};
use crate::tree::{Value, json};

/// One part of a name: `a.b[0]` has three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Key(String),
    Index(usize),
}

/// A name as the user wrote it, without escapes.
pub(super) fn display(name: &[Name]) -> String {
    let mut text = String::new();
    for part in name {
        match part {
            Name::Key(key) if text.is_empty() => text.push_str(key),
            Name::Key(key) => text.extend([".", key]),
            Name::Index(index) => text.extend(["[", &index.to_string(), "]"]),
        }
    }
    text
}

/// What is left of an argument.
pub(super) struct Expression<'t> {
    rest: &'t str,
    /// `\` takes the next character as it is, and `,` ends a value.
    escapes: bool,
}

impl<'t> Expression<'t> {
    pub(super) fn escaped(text: &'t str) -> Self {
        Self { rest: text, escapes: true }
    }

    pub(super) fn literal(text: &'t str) -> Self {
        Self { rest: text, escapes: false }
    }

    pub(super) fn rest(&self) -> &'t str {
        self.rest
    }

    /// Takes a name and its `=`; nothing at the end of the text.
    pub(super) fn name(&mut self) -> Result<Option<Vec<Name>>, SetError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut name = Vec::new();
        let (mut dots, mut indexes) = (0, 0);
        let stops: &[char] = if self.escapes { &['=', '[', ',', '.'] } else { &['=', '[', '.'] };
        loop {
            let (key, mut stop) = self.until(stops);
            if key.is_empty() && (stop.is_some() || !name.is_empty()) {
                return Err(SetError::EmptyName { name: display(&name) });
            }
            name.push(Name::Key(key));
            while stop == Some('[') {
                indexes += 1;
                if indexes > NESTING_MAX {
                    return Err(SetError::TooDeep);
                }
                name.push(Name::Index(self.index(&name)?));
                let (text, next) = self.until(&['[', '.', '=']);
                if !text.is_empty() {
                    return Err(SetError::AfterIndex { name: display(&name) });
                }
                stop = next;
            }
            match stop {
                Some('.') => dots += 1,
                Some('=') => return Ok(Some(name)),
                _ => return Err(SetError::NoValue { name: display(&name) }),
            }
            if dots > NESTING_MAX {
                return Err(SetError::TooDeep);
            }
        }
    }

    /// Takes an index and its `]`.
    fn index(&mut self, name: &[Name]) -> Result<usize, SetError> {
        let (text, stop) = self.until(&[']']);
        let name = || display(name);
        if stop.is_none() {
            return Err(SetError::OpenIndex { name: name() });
        }
        let digits = text.strip_prefix('+').unwrap_or(&text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SetError::BadIndex { name: name(), index: text });
        }
        match digits.parse() {
            Ok(index) if index <= INDEX_MAX => Ok(index),
            _ => Err(SetError::HighIndex { name: name(), index: text }),
        }
    }

    /// Takes `{a,b}` and a comma behind it, if the value is a list. `{}` holds one empty text, as in Helm.
    pub(super) fn list(&mut self) -> Result<Option<Vec<String>>, SetError> {
        let Some(rest) = self.rest.strip_prefix('{') else { return Ok(None) };
        self.rest = rest;
        let mut items = Vec::new();
        loop {
            let (item, stop) = self.until(&[',', '}']);
            items.push(item);
            match stop {
                Some('}') => break,
                Some(_) => {}
                None => return Err(SetError::OpenList),
            }
        }
        self.rest = self.rest.strip_prefix(',').unwrap_or(self.rest);
        Ok(Some(items))
    }

    /// Takes a text up to the next comma, and that comma.
    pub(super) fn text(&mut self) -> String {
        self.until(&[',']).0
    }

    /// Takes a JSON value, or nothing for null, with blanks and one comma behind it.
    pub(super) fn json(&mut self, name: &[Name]) -> Result<Value<'static>, SetError> {
        if self.blank() {
            return Ok(Value::Null);
        }
        let (value, rest) = json::first(self.rest)
            .map_err(|fault| SetError::Json { name: display(name), reason: fault.to_string() })?;
        self.rest = rest;
        self.blank();
        Ok(value.into_owned().value)
    }

    /// Takes blanks; then a comma, which with the end of the text means that no value stands here.
    fn blank(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(',') {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => self.rest.is_empty(),
        }
    }

    /// Takes characters up to one of `stops`, and that one; its escapes undone.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let mut text = String::new();
        let mut characters = self.rest.chars();
        while let Some(character) = characters.next() {
            if stops.contains(&character) {
                self.rest = characters.as_str();
                return (text, Some(character));
            }
            if self.escapes && character == '\\' {
                text.extend(characters.next());
            } else {
                text.push(character);
            }
        }
        self.rest = "";
        (text, None)
    }
}
