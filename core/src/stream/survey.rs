//! The first look at every organization.

use super::conflicts::{Names, Pairs, pair};
use super::{SECTION, Source, Stream};
use crate::diagnostic::{self, Diagnostic, has_errors};
use crate::hash::fnv1a;
use crate::plan::{self, Surveyed, Unit};
use crate::tree::Node;
use crate::tree::yaml::Chunk;
use std::borrow::Cow;

/// What is kept of every organization, by its index in the stream.
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
    /// One that has room for as many organizations.
    fn of(organizations: usize) -> Self {
        Self {
            chunks: Vec::with_capacity(organizations),
            units: Vec::with_capacity(organizations),
            homes: Vec::with_capacity(organizations),
            namespaces: Vec::with_capacity(organizations),
            hostnames: Names::of(organizations),
        }
    }

    /// The namespace of an organization's ListenerSets.
    pub(super) fn home(&self, index: usize) -> &str {
        let own = self.homes.get(index).and_then(Option::as_deref);
        own.or_else(|| self.units.get(index).map(|unit| unit.name.as_ref())).unwrap_or_default()
    }

    /// Organizations that may have a name, a namespace or a host name in common.
    pub(super) fn conflicts(&mut self) -> Pairs {
        let mut conflicts = self.hostnames.conflicts();
        conflicts.extend(shared(&mut self.namespaces));
        let names = self.units.iter().zip(0..);
        let mut names: Vec<(u64, u32)> =
            names.map(|(unit, index)| (fnv1a(unit.name.bytes()), index)).collect();
        conflicts.extend(shared(&mut names));
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
    organizations: Stream<'t>,
    read: &mut Vec<Diagnostic>,
    out: &mut Vec<Diagnostic>,
) -> Option<Survey<'t>> {
    let mut survey = Survey::of(organizations.text.bytes().filter(|byte| *byte == b'\n').count() + 1);
    let mut pending: Vec<Node<'t>> = Vec::new();
    let mut bytes = 0;
    let mut found = Vec::new();
    organizations.each(read, |node, chunk| {
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
