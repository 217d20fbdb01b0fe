//! The file of `--record`: where organizations are, as values.

use gatewright_core::diagnostic::has_errors;
use gatewright_core::tree::Node;
use gatewright_core::tree::yaml::{self, Limits};

use crate::record::Record;

/// A record that is among the values is replaced, for that is how it is kept.
pub(super) const PLACEMENTS: Record = Record { what: "placements", is_one: is_record, keeps_input: true };

/// Whether a values file has placements and nothing else.
fn is_record(text: &str) -> bool {
    let mut faults = Vec::new();
    let documents = yaml::read(text, 0, &Limits::NATIVE, &mut faults);
    let [document] = documents.as_slice() else { return false };
    let has_only_placements = |node: &Node<'_>| {
        node.as_map().is_some_and(|map| map.len() == 1)
            && node.get("placements").is_some_and(|placements| placements.as_map().is_some())
    };
    !has_errors(&faults) && has_only_placements(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_placements_are_a_record() {
        assert!(is_record("# where\nplacements:\n  gateways: {acme: eg-0}\n  hash: fnv\n"));
        for text in [
            "hello: 1",
            "[1, 2]",
            "plain text",
            "placements: [",
            "placements: {}\ngateway: {}",
            "placements: hello",
            "# a comment",
            "placements: {}\n---\nplacements: {}",
            "placements: {}\n---\nhello",
        ] {
            assert!(!is_record(text), "{text}");
        }
    }
}
