//! Every backend of a route, whether it answers requests or gets copies of them.

use crate::check::model::{BackendRef, Filter, FilterKind, Route};
use crate::path::Path;

/// Where a backend stands in its route; a path is made only for a finding.
#[derive(Clone, Copy, Debug)]
pub(in crate::check) struct BackendPlace {
    rule: usize,
    /// Of `backendRefs`, where it stands in or below that list.
    backend: Option<usize>,
    /// Of `filters`, where it is the backend of a mirror.
    filter: Option<usize>,
}

impl BackendPlace {
    /// The reference's path in the object.
    pub(in crate::check) fn path(self) -> Path {
        let Self { rule, backend, filter } = self;
        let mut path = super::finding::rule(rule);
        if let Some(index) = backend {
            path = path.key("backendRefs").index(index);
        }
        if let Some(index) = filter {
            path = path.key("filters").index(index).key("requestMirror").key("backendRef");
        }
        path
    }

    /// What becomes of traffic that a backend here would get and cannot; `route` is the kind of the route.
    ///
    /// Source: Gateway API v1.6.1, `apis/v1/httproute_types.go:276-280` and `:1323-1326` (mirrors),
    /// `grpcroute_types.go:264-270`, `tlsroute_types.go:133-138`, `tcproute_types.go:73-77`,
    /// `udproute_types.go:73-77`.
    pub(in crate::check) fn loss(self, route: &str) -> &'static str {
        match route {
            _ if self.filter.is_some() => "no request is copied to it",
            "GRPCRoute" => "its share of requests is answered with the status UNAVAILABLE",
            "TLSRoute" | "TCPRoute" => "its share of connections is rejected",
            "UDPRoute" => "its share of packets is dropped",
            _ => "its share of requests is answered with 500",
        }
    }
}

/// All backends of a route, in the order in which they are written. One without a name is left out, of which level
/// `api` tells.
pub(in crate::check) fn of<'r, 'a>(
    route: &'r Route<'a>,
) -> impl Iterator<Item = (BackendPlace, &'r BackendRef<'a>)> {
    route.rules.iter().enumerate().flat_map(|(rule, found)| {
        let own = mirrors(&found.filters).map(move |(filter, backend)| {
            (BackendPlace { rule, backend: None, filter: Some(filter) }, backend)
        });
        let listed = found.backends.iter().flat_map(move |backend| {
            let index = Some(backend.index);
            let itself = (BackendPlace { rule, backend: index, filter: None }, backend);
            let below = mirrors(&backend.filters).map(move |(filter, backend)| {
                (BackendPlace { rule, backend: index, filter: Some(filter) }, backend)
            });
            std::iter::once(itself).chain(below)
        });
        own.chain(listed).filter(|(_, backend)| !backend.target.name.is_empty())
    })
}

fn mirrors<'r, 'a>(filters: &'r [Filter<'a>]) -> impl Iterator<Item = (usize, &'r BackendRef<'a>)> {
    filters.iter().filter_map(|filter| match &filter.kind {
        FilterKind::Mirror(backend) => Some((filter.index, backend.as_ref())),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::BackendPlace;

    #[test]
    fn each_kind_of_route_loses_in_its_own_way() {
        let (backend, mirror) = (BackendPlace { rule: 0, backend: Some(0), filter: None }, Some(0));
        for (route, expected) in [
            ("HTTPRoute", "500"),
            ("GRPCRoute", "UNAVAILABLE"),
            ("TLSRoute", "connections is rejected"),
            ("TCPRoute", "connections is rejected"),
            ("UDPRoute", "packets is dropped"),
        ] {
            assert!(backend.loss(route).ends_with(expected), "{route}");
            let copied = BackendPlace { filter: mirror, ..backend }.loss(route);
            assert_eq!(copied, "no request is copied to it", "{route}");
        }
    }
}
