//! Which organizations are rendered together.

use std::collections::{BTreeMap, BTreeSet};

use super::survey::Survey;
use crate::plan::{Decided, Place, Placement, gateway_names};
use crate::tree::yaml::Chunk;

/// What of a batch must stay together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// Whose listeners stand on a Gateway of the values: that Gateway is rendered with the first batch.
    First,
    /// Whose listeners stand on this Gateway.
    Of(usize),
    /// Whose listeners stand in ListenerSets or on a Gateway of its own.
    Alone,
}

/// Indexes of organizations, batch by batch.
pub(super) fn of(survey: &Survey<'_>, placed: &Placement, batch_bytes: usize) -> Vec<Vec<u32>> {
    let written: BTreeSet<&str> = placed.written.iter().map(String::as_str).collect();
    let pattern = placed.written.first().map_or("", String::as_str);
    let group = |index: usize, place: &Place| match place {
        Place::Own => {
            let own = survey.units.get(index).map(|unit| gateway_names::own(pattern, &unit.name));
            if own.is_some_and(|own| written.contains(own.as_str())) { Group::First } else { Group::Alone }
        }
        Place::Shared(..) if placed.in_sets => Group::Alone,
        Place::Shared(at, _) => match placed.decided.gateways.get(*at) {
            Some(name) if written.contains(name.as_str()) => Group::First,
            _ => Group::Of(*at),
        },
        Place::Nowhere => Group::Alone,
    };
    let places = placed.decided.places.iter().enumerate();
    let mut order: Vec<(Group, u32)> =
        places.filter_map(|(index, place)| Some((group(index, place), u32::try_from(index).ok()?))).collect();
    order.sort_unstable();
    let mut batches: Vec<Vec<u32>> = Vec::new();
    let mut last = None;
    let mut bytes = 0;
    for (group, index) in order {
        let is_end = group == Group::Alone || last != Some(group);
        if batches.is_empty() || bytes > batch_bytes && is_end {
            batches.push(Vec::new());
            bytes = 0;
        }
        let chunk = usize::try_from(index).ok().and_then(|index| survey.chunks.get(index));
        bytes += chunk.map_or(0, Chunk::bytes);
        last = Some(group);
        batches.last_mut().into_iter().for_each(|batch| batch.push(index));
    }
    batches
}

/// Names of shared Gateways to which no organization goes.
pub(super) fn unused(placed: &Placement) -> Vec<String> {
    let used: BTreeSet<usize> = placed
        .decided
        .places
        .iter()
        .filter_map(|place| if let Place::Shared(at, _) = place { Some(*at) } else { None })
        .collect();
    let gateways = placed.decided.gateways.iter().enumerate();
    gateways.filter(|(at, _)| !used.contains(at)).map(|(_, name)| name.clone()).collect()
}

/// Where those of a batch go, with the Gateways that they go to.
pub(super) fn decided(batch: &[u32], placed: &Placement) -> Decided {
    let mut decided = Decided::default();
    let mut indexes: BTreeMap<usize, usize> = BTreeMap::new();
    for index in batch {
        let place = usize::try_from(*index).ok().and_then(|index| placed.decided.places.get(index));
        decided.places.push(match place {
            Some(Place::Shared(at, by)) => {
                let next = decided.gateways.len();
                let here = *indexes.entry(*at).or_insert(next);
                if here == next {
                    decided.gateways.extend(placed.decided.gateways.get(*at).cloned());
                }
                Place::Shared(here, *by)
            }
            Some(place) => *place,
            None => Place::Nowhere,
        });
    }
    decided
}
