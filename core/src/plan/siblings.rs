//! Several references of one route to one parent: the API server has to tell them apart.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Level};
use crate::path::Path;
use crate::release::{Channel, GATEWAY_GROUP, Target};
use crate::tree::Node;

/// Two parents that the API server cannot tell apart.
const PARENTS_REFUSED: Code = Code("parents-refused");

/// Several references to one parent all say a section, or none does, and no two of them say the same.
///
/// Source: Gateway API v1.4.1 to v1.7.0, CEL rules on `spec.parentRefs`; ports tell parents apart in the
/// experimental channel only.
pub(super) fn check(parents: &[&Node<'_>], target: Target, path: &Path, out: &mut Vec<Diagnostic>) {
    let mut groups: BTreeMap<[&str; 4], Siblings<'_>> = BTreeMap::new();
    for (index, node) in parents.iter().enumerate() {
        let text = |key: &str, default| node.get(key).and_then(Node::as_text).unwrap_or(default);
        let parent =
            [text("group", GATEWAY_GROUP), text("kind", "Gateway"), text("namespace", ""), text("name", "")];
        let port = match target.channel {
            Channel::Standard => None,
            Channel::Experimental => node.get("port").and_then(Node::as_integer),
        };
        let siblings = groups.entry(parent).or_default();
        if let Some(message) = siblings.add(index, text("sectionName", ""), port) {
            out.push(
                Diagnostic::error(PARENTS_REFUSED, path.index(index), message)
                    .level(Level::Api)
                    .source("Gateway API v1.4.1 to v1.7.0, CEL rules on spec.parentRefs")
                    .hint("name a different `sectionName` in each, or remove one"),
            );
        }
    }
}

/// References to one parent. Of each sort the first is kept, so that none is compared with all before it.
#[derive(Default)]
struct Siblings<'n> {
    /// By section and port.
    same: BTreeMap<(&'n str, Option<i64>), usize>,
    /// Without a section, and with one.
    by_section: [Option<usize>; 2],
    /// Without a port, and with one.
    by_port: [Option<usize>; 2],
}

impl<'n> Siblings<'n> {
    /// Adds a reference; says how it conflicts with the first one that it conflicts with.
    fn add(&mut self, index: usize, section: &'n str, port: Option<i64>) -> Option<String> {
        let (sections, ports) = (usize::from(!section.is_empty()), usize::from(port.is_some()));
        let conflicts = [
            (self.same.get(&(section, port)).copied(), 0),
            (self.by_section[1 - sections], 1),
            (self.by_port[1 - ports], 2),
        ];
        self.same.entry((section, port)).or_insert(index);
        self.by_section[sections].get_or_insert(index);
        self.by_port[ports].get_or_insert(index);
        let first = conflicts.into_iter().filter_map(|(other, why)| Some((other?, why))).min()?;
        Some(match first {
            (other, 0) => format!("the same parent as parentRefs[{other}]"),
            (other, 1) => {
                format!("the parent of parentRefs[{other}], but only one of the two has a `sectionName`")
            }
            (other, _) => format!("the parent of parentRefs[{other}], but only one of the two has a `port`"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Release;

    fn refused(parents: &[Node<'_>], channel: Channel) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        let target = Target { release: Release::V1_6, channel };
        check(&parents.iter().collect::<Vec<_>>(), target, &Path::ROOT, &mut out);
        out
    }

    fn parent(section: &'static str, port: Option<i64>) -> Node<'static> {
        let mut entries = vec![("name", Node::text("web"))];
        entries.extend((!section.is_empty()).then(|| ("sectionName", Node::text(section))));
        entries.extend(port.map(|port| ("port", Node::integer(port))));
        Node::map(entries)
    }

    #[test]
    fn a_parent_is_told_from_the_first_one_it_conflicts_with() {
        let parents = [
            parent("a", None),
            parent("b", None),
            parent("b", Some(80)),
            parent("", None),
            parent("b", None),
            parent("c", None),
        ];
        let messages = |channel| -> Vec<String> {
            refused(&parents, channel)
                .iter()
                .map(|found| format!("{} {}", found.path, found.message))
                .collect()
        };
        assert_eq!(
            messages(Channel::Standard),
            [
                "[2] the same parent as parentRefs[1]",
                "[3] the parent of parentRefs[0], but only one of the two has a `sectionName`",
                "[4] the same parent as parentRefs[1]",
                "[5] the parent of parentRefs[3], but only one of the two has a `sectionName`",
            ]
        );
        assert_eq!(
            messages(Channel::Experimental),
            [
                "[2] the parent of parentRefs[0], but only one of the two has a `port`",
                "[3] the parent of parentRefs[0], but only one of the two has a `sectionName`",
                "[4] the same parent as parentRefs[1]",
                "[5] the parent of parentRefs[2], but only one of the two has a `port`",
            ]
        );
    }

    /// Compared in pairs, these would take minutes.
    #[test]
    fn parents_are_not_compared_in_pairs() {
        let parents: Vec<_> =
            (0..50_000).map(|number| Node::map([("name", Node::text(format!("web-{number}")))])).collect();
        assert_eq!(refused(&parents, Channel::Standard), []);
    }
}
