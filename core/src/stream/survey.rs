//! The first look at every organization.

use super::conflicts::{Names, Pairs, pair};
use super::{SECTION, Source};
use crate::diagnostic::{self, Diagnostic, has_errors};
use crate::hash::fnv1a;
use crate::path::Path;
use crate::plan::{self, Surveyed, Unit};
use crate::tree::Node;
use crate::tree::yaml::{self, Chunk, Limits};
use crate::values::WRONG_TYPE;
use std::borrow::Cow;

/// What is kept of every organization, by its index in the stream.
#[derive(Default)]
pub(super) struct Survey<'t> {
    /// Where it stands in the text.
    pub(super) chunks: Vec<Chunk<'t>>,
    /// Its name and what it takes of a Gateway.
    pub(super) units: Vec<Unit<'static>>,
    /// The namespace of its ListenerSets, where that has not its name.
    homes: Vec<Option<Box<str>>>,
    /// Everybody's namespaces: a hash, and whose each is. Two with one hash are looked at again.
    namespaces: Vec<(u64, u32)>,
    /// Everybody's host names.
    hostnames: Names,
}

impl Survey<'_> {
    /// The namespace of an organization's ListenerSets.
    pub(super) fn home(&self, index: usize) -> &str {
        let own = self.homes.get(index).and_then(Option::as_deref);
        own.or_else(|| self.units.get(index).map(|unit| unit.name.as_ref())).unwrap_or_default()
    }

    /// Organizations that may have a name, a namespace or a host name in common.
    pub(super) fn conflicts(&mut self) -> Pairs {
        let mut conflicts = self.hostnames.conflicts();
        conflicts.extend(shared(&mut self.namespaces));
        let mut by_name: Vec<(&str, u32)> =
            self.units.iter().zip(0..).map(|(unit, index)| (unit.name.as_ref(), index)).collect();
        by_name.sort_unstable();
        for names in by_name.windows(2) {
            if let [(one, first), (other, second)] = names
                && one == other
            {
                conflicts.insert(pair(*first, *second));
            }
        }
        conflicts
    }

    fn add(&mut self, surveyed: Surveyed, first: usize) {
        let Surveyed { index, name, namespaces, is_dedicated, load, hostnames } = surveyed;
        let index = u32::try_from(first + index).unwrap_or(u32::MAX);
        for hostname in &hostnames {
            self.hostnames.add(hostname, index);
        }
        self.namespaces.extend(namespaces.iter().map(|namespace| (fnv1a(namespace.bytes()), index)));
        self.homes.push(namespaces.into_iter().next().filter(|home| *home != name));
        self.units.push(Unit { name: Cow::Owned(name.into()), is_dedicated, load });
    }
}

/// Whose things have one hash.
pub(super) fn shared(hashes: &mut [(u64, u32)]) -> impl Iterator<Item = (u32, u32)> {
    hashes.sort_unstable();
    hashes.windows(2).filter_map(|hashes| match hashes {
        [(one, first), (other, second)] if one == other => Some(pair(*first, *second)),
        _ => None,
    })
}

/// Reads every organization; `None` after an error. What is wrong with the text goes to `read`, all else to `out`.
pub(super) fn survey<'t>(
    source: &Source<'_, 't>,
    text: &'t str,
    read: &mut Vec<Diagnostic>,
    out: &mut Vec<Diagnostic>,
) -> Option<Survey<'t>> {
    let mut survey = Survey::default();
    let mut pending: Vec<Node<'t>> = Vec::new();
    let mut bytes = 0;
    let mut found = Vec::new();
    yaml::each_line(text, source.source, &Limits::NATIVE, read, |node, chunk| {
        if node.is_null() {
            return;
        }
        if node.as_map().is_none() {
            found.push(no_organization(&node, survey.chunks.len()));
        }
        survey.chunks.push(chunk);
        pending.push(node);
        bytes += chunk.bytes();
        if bytes > source.batch_bytes {
            look(source, &mut survey, std::mem::take(&mut pending), &mut found);
            bytes = 0;
        }
    });
    look(source, &mut survey, pending, &mut found);
    let sound = !has_errors(read) && !has_errors(&found);
    // Warnings come again when the batches are rendered.
    if !sound {
        out.append(&mut found);
    }
    sound.then_some(survey)
}

fn look<'t>(
    source: &Source<'_, 't>,
    survey: &mut Survey<'t>,
    nodes: Vec<Node<'t>>,
    out: &mut Vec<Diagnostic>,
) {
    let first = survey.chunks.len() - nodes.len();
    let indexes: Vec<u32> = (first..survey.chunks.len()).filter_map(|at| u32::try_from(at).ok()).collect();
    let root = source.base.clone().with(SECTION, Node::list(nodes));
    let mut found = Vec::new();
    let surveyed =
        source.with_values(root, &mut found, |values, out| plan::survey(values, source.scope, out));
    for surveyed in surveyed {
        survey.add(surveyed, first);
    }
    super::renumber(&mut found, &indexes);
    out.append(&mut found);
    diagnostic::sort(out);
}

fn no_organization(node: &Node<'_>, index: usize) -> Diagnostic {
    let message = format!("an organization is a map, but this is {}", node.type_word());
    let mut fault = Diagnostic::error(WRONG_TYPE, Path::ROOT.key(SECTION).index(index), message)
        .hint("write one JSON object a line: {\"name\": \"acme\", \"services\": [{\"name\": \"web\", \"port\": 80}]}");
    fault.position = node.position;
    fault
}
