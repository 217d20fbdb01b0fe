//! Objects of all batches: what was given already, and what two organizations make.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::conflicts::Pairs;
use super::survey::shared;
use super::{in_stream, organization};
use crate::{Manifest, Manifests};

/// Stands for an organization where an object is of none.
const BESIDE: u32 = u32::MAX;

/// Objects that were given.
#[derive(Default)]
pub(super) struct Objects {
    /// Those of no organization, by group, kind, namespace and name.
    beside: BTreeSet<(String, String, String, String)>,
    /// Of all of them a hash of the same, and whose each is. Two with one hash are looked at again.
    hashes: Vec<(u64, u32)>,
}

impl Objects {
    /// Takes out what an earlier batch gave.
    pub(super) fn keep_new(&mut self, manifests: &mut Manifests, batch: &[u32]) {
        manifests.list.retain(|manifest| {
            let owner = organization(&manifest.origin).map(|index| in_stream(index, batch));
            let is_new = owner.is_some() || {
                let (group, kind, namespace, name) = manifest.identity();
                self.beside.insert((group.into(), kind.into(), namespace.into(), name.into()))
            };
            if is_new {
                self.hashes.push((hash(manifest), owner.unwrap_or(BESIDE)));
            }
            is_new
        });
    }

    /// Organizations that may make an object that another makes too.
    pub(super) fn conflicts(&mut self) -> Pairs {
        // What stands beside the organizations comes last of all indexes.
        let of_one = |(one, other): (u32, u32)| (one, if other == BESIDE { one } else { other });
        shared(&mut self.hashes).map(of_one).filter(|(one, _)| *one != BESIDE).collect()
    }
}

fn hash(manifest: &Manifest) -> u64 {
    let mut hasher = DefaultHasher::new();
    manifest.identity().hash(&mut hasher);
    hasher.finish()
}
