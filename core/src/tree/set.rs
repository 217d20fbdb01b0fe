//! Helm's `--set` family: `a.b[0].c=value,d=value` written into a tree.
//!
//! Every function changes the tree as it goes: after an error the assignments before the faulty one
//! stand. What is set stands where the caller says. Two things differ from Helm on purpose: a null counts as
//! absent where a map or list is wanted (Helm fails), and an empty name is an error (Helm ignores
//! the assignment).
//!
//! Source: Helm 3.17.3, `pkg/strvals`; whole objects for `--set-json` since Helm 3.18.

mod error;
mod expression;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use error::SetError;
use expression::{Expression, Name};

use super::{Map, Node, Position, Value};
use super::{json, merge};

/// Highest index of a list. Helm refuses a higher one, since every item below it is made.
///
/// Source: Helm 3.17.3, `MaxIndex` in `pkg/strvals/parser.go`.
pub const INDEX_MAX: usize = 65_536;

/// Most dots in one name, and most indexes. Helm refuses the thirty-first dot; it counts no indexes.
///
/// Source: Helm 3.17.3, `MaxNestedNameLevel` in `pkg/strvals/parser.go`.
pub const NESTING_MAX: usize = 30;

/// How the value of an assignment is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `--set`: `true`, `false`, `null` in any case, integers without leading zero that fit 64 bits;
    /// everything else is text. `{a,b}` is a list.
    Typed,
    /// `--set-string`: text, or `{a,b}` as a list of texts.
    Text,
    /// `--set-json`: a JSON value, or nothing for null; or one JSON object to merge into the tree.
    Json,
    /// `--set-literal`: one assignment, everything behind its `=` is text as it stands.
    Literal,
}

/// Applies one argument of `--set`, `--set-string`, `--set-json` or `--set-literal`.
///
/// In all but the last, `\` takes the character behind it as it is, and `,` starts the next
/// assignment.
pub fn apply(
    root: &mut Node<'static>,
    expression: &str,
    mode: Mode,
    position: Position,
) -> Result<(), SetError> {
    match mode {
        Mode::Typed => assign(root, expression, position, &mut |text| Ok(typed(text))),
        Mode::Text => assign(root, expression, position, &mut |text| Ok(Value::Text(text.into()))),
        Mode::Json => apply_json(root, expression, position),
        Mode::Literal => {
            let mut expression = Expression::literal(expression);
            let Some(name) = expression.name()? else { return Ok(()) };
            let text = expression.rest().to_owned();
            store(root, &name, Node { value: Value::Text(text.into()), position })
        }
    }
}

/// Applies one argument of `--set-file`: as [`Mode::Text`], but each value is the path of a file
/// that `read` gives the content of. Its error is put into [`SetError::Unreadable`].
pub fn apply_files(
    root: &mut Node<'static>,
    expression: &str,
    position: Position,
    read: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Result<(), SetError> {
    assign(root, expression, position, &mut |path| match read(&path) {
        Ok(content) => Ok(Value::Text(content.into())),
        Err(reason) => Err(SetError::Unreadable { path, reason }),
    })
}

fn assign(
    root: &mut Node<'static>,
    expression: &str,
    position: Position,
    convert: &mut dyn FnMut(String) -> Result<Value<'static>, SetError>,
) -> Result<(), SetError> {
    let mut expression = Expression::escaped(expression);
    while let Some(name) = expression.name()? {
        let value = match expression.list()? {
            Some(items) => {
                let items = items.into_iter().map(|item| convert(item).map(Node::bare));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            None => convert(expression.text())?,
        };
        let mut node = Node { value, position };
        node.place_at(position);
        store(root, &name, node)?;
    }
    Ok(())
}

fn apply_json(root: &mut Node<'static>, text: &str, position: Position) -> Result<(), SetError> {
    if text.trim_start().starts_with('{') {
        let mut object = json::read(text)
            .map_err(|error| SetError::Json { name: String::new(), reason: error.to_string() })?;
        object.place_at(position);
        let under = std::mem::replace(root, Node::NULL);
        *root = merge::merge(object.into_owned(), under);
        return Ok(());
    }
    let mut expression = Expression::escaped(text);
    while let Some(name) = expression.name()? {
        let mut node = Node { value: expression.json(&name)?, position };
        node.place_at(position);
        store(root, &name, node)?;
    }
    Ok(())
}

/// The value of a text in `--set`.
fn typed(text: String) -> Value<'static> {
    match text.as_str() {
        _ if text.eq_ignore_ascii_case("true") => Value::Bool(true),
        _ if text.eq_ignore_ascii_case("false") => Value::Bool(false),
        _ if text.eq_ignore_ascii_case("null") => Value::Null,
        "0" => Value::Integer(0),
        padded if padded.starts_with('0') => Value::Text(text.into()),
        digits => digits.parse().map_or(Value::Text(text.into()), Value::Integer),
    }
}

/// Writes a value where a name points, making the maps and lists on the way.
///
/// A list item that is no map becomes one if a key is wanted in it, as in Helm.
fn store(root: &mut Node<'static>, name: &[Name], set: Node<'static>) -> Result<(), SetError> {
    let position = set.position;
    let made = |value| Node { value, position };
    let mut node = root;
    let mut in_list = false;
    for (depth, step) in name.iter().enumerate() {
        let so_far = || expression::display(name.get(..depth).unwrap_or(name));
        let found = node.type_word();
        match step {
            Name::Key(key) => {
                if node.is_null() || (in_list && node.as_map().is_none()) {
                    *node = made(Value::Map(Map::default()));
                }
                let Value::Map(map) = &mut node.value else {
                    return Err(SetError::NotAMap { name: so_far(), found });
                };
                // A key that is given a value stands where that is given.
                if map.get(key).is_none() || depth + 1 == name.len() {
                    map.insert(Cow::Owned(key.clone()), made(Value::Null));
                }
                let Some(child) = map.get_mut(key) else { return Ok(()) };
                node = child;
                in_list = false;
            }
            Name::Index(index) => {
                if node.is_null() {
                    *node = made(Value::List(Vec::new()));
                }
                let Value::List(items) = &mut node.value else {
                    return Err(SetError::NotAList { name: so_far(), found });
                };
                if items.len() <= *index {
                    items.resize(*index + 1, Node::NULL);
                }
                let Some(child) = items.get_mut(*index) else { return Ok(()) };
                node = child;
                in_list = true;
            }
        }
    }
    *node = set;
    Ok(())
}
