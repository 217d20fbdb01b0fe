//! The file of `--record`: where organizations are, as values.

use std::collections::BTreeSet;

use gatewright_core::diagnostic::{Diagnostic, has_errors};
use gatewright_core::tree::Node;
use gatewright_core::tree::yaml::{self, Limits};

use crate::record::{Loss, Record};

/// A record that is among the values is replaced, for that is how it is kept.
pub(super) const PLACEMENTS: Record =
    Record { what: "placements", is_one: is_record, keeps_input: true, lost };

/// A line of a record that a new one has not: under a key that stands there twice, or taken out of the values by a later
/// file or a flag.
fn lost(old: &str, new: &str) -> Option<Loss> {
    let mut faults = Vec::new();
    let old = names(old, &mut faults);
    if let Some(twice) = faults.into_iter().find(|fault| fault.code == yaml::DUPLICATE_KEY) {
        return Some(Loss {
            found: twice.message,
            hint: "keep one of them, with every line that is to stay",
        });
    }
    let new = names(new, &mut Vec::new());
    let gone = old.iter().find(|name| !new.contains(*name))?;
    Some(Loss {
        found: format!("it has a line for `{gone}`, which the values have no more"),
        hint: "see what takes it out of them; if it is to go, take the line out by hand",
    })
}

fn names(text: &str, faults: &mut Vec<Diagnostic>) -> BTreeSet<String> {
    let documents = yaml::read(text, 0, &Limits::NATIVE, faults);
    let gateways =
        documents.first().and_then(|document| document.get("placements")?.get("gateways")?.as_map());
    gateways.into_iter().flatten().map(|entry| entry.key.to_string()).collect()
}

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
