//! Every host name that listeners and routes are for.

use super::listeners;
use crate::check::model::Model;
use crate::path::Path;

/// Where a host name stands; a path is made only for a finding.
#[derive(Clone, Copy, Debug)]
pub(super) enum HostnamePlace {
    /// In the listener of this index.
    Listener(usize),
    /// In a route's list, at this index.
    Route(usize),
}

impl HostnamePlace {
    /// The name's path in its object.
    pub(super) fn path(self) -> Path {
        match self {
            Self::Listener(index) => super::finding::listener(index).key("hostname"),
            Self::Route(index) => Path::ROOT.key("spec").key("hostnames").index(index),
        }
    }
}

/// All host names: the object each is in, its place there, and the name as written.
pub(super) fn of<'m>(model: &'m Model<'_>) -> impl Iterator<Item = (usize, HostnamePlace, &'m str)> {
    let listeners = listeners::of(model).filter_map(|(_, meta, listener)| {
        Some((meta.object, HostnamePlace::Listener(listener.index), listener.hostname.as_deref()?))
    });
    let routes = model.routes.iter().flat_map(|route| {
        let names = route.hostnames.iter().enumerate();
        names.map(|(index, name)| (route.meta.object, HostnamePlace::Route(index), name.as_ref()))
    });
    listeners.chain(routes)
}
