//! Every host name that listeners and routes are for.

use crate::check::model::Model;
use crate::path::Path;

/// Where a host name stands; a path is made only for a finding.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// In the listener of this index.
    Listener(usize),
    /// In a route's list, at this index.
    Route(usize),
}

impl Place {
    /// The name's path in its object.
    pub(super) fn path(self) -> Path {
        match self {
            Self::Listener(index) => super::finding::listener(index).key("hostname"),
            Self::Route(index) => Path::ROOT.key("spec").key("hostnames").index(index),
        }
    }
}

/// All host names: the object each is in, its place there, and the name as written.
pub(super) fn of<'m>(model: &'m Model<'_>) -> impl Iterator<Item = (usize, Place, &'m str)> {
    let gateways = model.gateways.iter().map(|gateway| (gateway.meta.object, &gateway.listeners));
    let sets = model.listener_sets.iter().map(|set| (set.meta.object, &set.listeners));
    let listeners = gateways.chain(sets).flat_map(|(object, listeners)| {
        listeners.iter().filter_map(move |listener| {
            Some((object, Place::Listener(listener.index), listener.hostname.as_deref()?))
        })
    });
    let routes = model.routes.iter().flat_map(|route| {
        let names = route.hostnames.iter().enumerate();
        names.map(|(index, name)| (route.meta.object, Place::Route(index), name.as_ref()))
    });
    listeners.chain(routes)
}
