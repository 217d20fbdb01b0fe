//! Every listener that was given, with the object it stands in.

use crate::check::model::{Listener, Meta, Model};

/// All listeners, each with the kind and metadata of its Gateway or ListenerSet.
pub(in crate::check) fn of<'m, 'a>(
    model: &'m Model<'a>,
) -> impl Iterator<Item = (&'static str, &'m Meta<'a>, &'m Listener<'a>)> {
    let gateways = model.gateways.iter().map(|gateway| ("Gateway", &gateway.meta, &gateway.listeners));
    let sets = model.listener_sets.iter().map(|set| (set.kind, &set.meta, &set.listeners));
    gateways
        .chain(sets)
        .flat_map(|(kind, meta, listeners)| listeners.iter().map(move |listener| (kind, meta, listener)))
}
