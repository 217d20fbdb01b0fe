//! The rank of a match among those that one request meets.
//!
//! Source: Gateway API v1.6.1, `apis/v1/httproute_types.go:104-112` (host names) and `:185-206` (matches);
//! `apis/v1/grpcroute_types.go:194-213` for GRPCRoutes.

use super::shape::{How, Shape, Text};

/// What decides between matches before age, name and order do; the larger, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) struct Rank {
    /// 2 for exact, 1 for a prefix, 0 where a regular expression leaves it to the controller.
    pub(in crate::check) path_type: u8,
    /// Characters of path, of a prefix without the slash at its end; for gRPC of service, then of method.
    pub(in crate::check) path: (usize, usize),
    pub(in crate::check) method: bool,
    pub(in crate::check) headers: usize,
    pub(in crate::check) query_params: usize,
}

/// Rank of a host name of a route or listener: characters of an exact one, then of any. A route's own text
/// counts, not what it has in common with the listener's: conformance test
/// `httproute-multiple-routes-attachment-same-hostname-intersection` of v1.7.0.
pub(in crate::check) fn of_host(name: Option<&str>) -> (usize, usize) {
    let length = name.map_or(0, str::len);
    (if name.is_some_and(|name| name.starts_with('*')) { 0 } else { length }, length)
}

impl Shape<'_> {
    /// Its rank.
    pub(in crate::check) fn rank(&self) -> Rank {
        let (path_type, path) =
            if self.http { of_path(self.path) } else { of_method(self.service, self.path) };
        Rank {
            path_type,
            path,
            method: self.method.is_some(),
            headers: self.headers.len(),
            query_params: self.query_params.len(),
        }
    }
}

fn of_path((how, path): Text<'_>) -> (u8, (usize, usize)) {
    let length = path.chars().count();
    match how {
        How::Exact => (2, (length, 0)),
        How::Prefix => (1, (length, 0)),
        How::Any | How::Expression => (0, (0, 0)),
    }
}

/// Service and method count as the two elements of a path, so that a GRPCRoute can be compared with an
/// HTTPRoute too; among GRPCRoutes that is the published order: characters of the service, then of the method.
fn of_method(service: Text<'_>, method: Text<'_>) -> (u8, (usize, usize)) {
    let exact = |(how, text): Text<'_>| (how == How::Exact).then(|| text.chars().count());
    let (service, method) = (exact(service), exact(method));
    let path_type = if service.is_some() && method.is_some() { 2 } else { 1 };
    // With the slashes around the service: `/pkg.Service/`.
    (path_type, (service.map_or(1, |length| length + 2), method.unwrap_or(0)))
}
