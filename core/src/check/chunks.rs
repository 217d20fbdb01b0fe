//! Where the objects of the input stand: trees are not kept, so what is found later is placed by reading again.

use std::collections::BTreeMap;

use super::objects::each_object;
use crate::diagnostic::{self, Diagnostic};
use crate::tree::yaml::{self, Limits};

/// The parts of the input that can be read by themselves, in its order.
#[derive(Debug, Default)]
pub(super) struct Chunks<'a>(Vec<Chunk<'a>>);

#[derive(Debug)]
struct Chunk<'a> {
    text: yaml::Chunk<'a>,
    source: u16,
    /// The index of its first object.
    first: usize,
}

impl<'a> Chunks<'a> {
    /// Notes that the object of this index stands in a chunk, with none before it in there that was not noted.
    pub(super) fn note(&mut self, text: yaml::Chunk<'a>, source: u16, object: usize) {
        if self.0.last().is_none_or(|last| !last.text.is(&text)) {
            self.0.push(Chunk { text, source, first: object });
        }
    }

    /// Places findings by the index of their object: a chunk that has any is read once more.
    pub(super) fn place(&self, findings: &mut BTreeMap<usize, Vec<Diagnostic>>, limits: &Limits) {
        let mut index = 0;
        while let Some((&next, _)) = findings.range(index..).next() {
            let at = self.0.partition_point(|chunk| chunk.first <= next);
            let Some(chunk) = at.checked_sub(1).and_then(|at| self.0.get(at)) else { return };
            index = chunk.first;
            let documents = yaml::again(chunk.text, chunk.source, limits);
            for node in documents.into_iter().filter(|node| !node.is_null()) {
                each_object(node, &mut |node| {
                    if let Some(found) = findings.get_mut(&index) {
                        diagnostic::locate(found, &node);
                    }
                    index += 1;
                });
            }
            index = index.max(next + 1);
        }
    }
}
