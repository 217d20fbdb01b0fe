//! Values of several texts, each over those before it, and all over the chart's own.

use super::WRONG_TYPE;
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::path::Path;
use crate::tree::yaml::{self, Limits};
use crate::tree::{Node, Position, merge};

/// What every value is where no text and no flag says otherwise.
const DEFAULTS: &str = include_str!("../../../chart/values.yaml");

/// The chart that [`DEFAULTS`] are from.
pub const CHART: &str = "gatewright";

/// A text of values with more than one document.
const SEVERAL_DOCUMENTS: Code = Code("several-documents");

/// Lays the values of a text over others, as Helm does: maps are merged, lists replaced, null deletes. Gives whether it
/// could be parsed; without the one map that values are, the others stay.
pub fn over<'a>(
    values: &mut Node<'a>,
    (name, text): (&str, &'a str),
    source: u16,
    out: &mut Vec<Diagnostic>,
) -> bool {
    let mut found = Vec::new();
    let documents = yaml::read(text, source, &Limits::NATIVE, &mut found);
    let is_sound = !has_errors(&found);
    out.extend(found);
    if let Some(over) = root(documents, name, out) {
        *values = merge::merge(over, core::mem::replace(values, Node::NULL));
    }
    is_sound
}

/// The values under the chart's own.
pub fn over_defaults(values: Node<'_>) -> Node<'_> {
    merge::coalesce(values, defaults())
}

/// The one map of a text; nothing for an empty one, or after an error.
fn root<'a>(documents: Vec<Node<'a>>, name: &str, out: &mut Vec<Diagnostic>) -> Option<Node<'a>> {
    let mut documents = documents.into_iter().filter(|document| !document.is_null());
    let root = documents.next()?;
    if let Some(second) = documents.next() {
        let message = format!("{name} holds several documents, but values are one");
        let mut diagnostic = Diagnostic::error(SEVERAL_DOCUMENTS, Path::ROOT, message)
            .hint("put each in a file of its own, and name them with one -f each");
        diagnostic.position = second.position;
        out.push(diagnostic);
    }
    if root.as_map().is_none() {
        let message = format!("values are a map, but {name} holds {}", root.type_word());
        let mut diagnostic = Diagnostic::error(WRONG_TYPE, Path::ROOT, message);
        diagnostic.position = root.position;
        out.push(diagnostic);
        return None;
    }
    Some(root)
}

/// The chart's defaults, as if no text held them: nobody wants to be sent to a line of ours.
fn defaults() -> Node<'static> {
    let mut faults = Vec::new();
    let root = yaml::read(DEFAULTS, u16::MAX, &Limits::NATIVE, &mut faults).into_iter().next();
    let mut root = root.unwrap_or(Node::NULL);
    root.place_at(Position::UNKNOWN);
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_charts_defaults_are_values() {
        let mut faults = Vec::new();
        let documents = yaml::read(DEFAULTS, 0, &Limits::NATIVE, &mut faults);
        assert_eq!(faults, []);
        assert!(matches!(documents.as_slice(), [root] if root.as_map().is_some()));
    }
}
