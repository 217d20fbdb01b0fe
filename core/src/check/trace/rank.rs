//! Gateway API's order of precedence, step by step.
//!
//! Source: v1.6.1, `apis/v1/httproute_types.go:104-112` (host names) and `:185-206` (matches, then age,
//! name and order); `apis/v1/grpcroute_types.go:194-213` for GRPCRoutes.

use core::cmp::Ordering;

use super::matching::distinct;
use crate::check::attach::precedence;
use crate::check::model::{Match, Route, TextMatch};

/// A step of the order, by the word of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    RouteHostname,
    RouteKind,
    PathType,
    PathLength,
    Method,
    Headers,
    QueryParams,
    Age,
    Name,
    RuleOrder,
}

impl Step {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::RouteHostname => "route-hostname",
            Self::RouteKind => "route-kind",
            Self::PathType => "path-type",
            Self::PathLength => "path-length",
            Self::Method => "method",
            Self::Headers => "headers",
            Self::QueryParams => "query-params",
            Self::Age => "age",
            Self::Name => "name",
            Self::RuleOrder => "rule-order",
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::RouteHostname => "the winner's host name is more specific",
            Self::RouteKind => "the host belongs to the oldest route, which is of another kind",
            Self::PathType => "the winner's path is exact",
            Self::PathLength => "the winner's path has more characters",
            Self::Method => "the winner matches on the method",
            Self::Headers => "the winner matches on more headers",
            Self::QueryParams => "the winner matches on more query parameters",
            Self::Age => "the winner's route is older",
            Self::Name => "the winner's route comes first by `namespace/name`",
            Self::RuleOrder => "the winner comes first in its route",
        }
    }
}

/// What decides the rank of a match; the larger, the better, up to `method` and the counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// Characters of the route's host name that the host meets: of an exact one, then of any.
    pub(super) host: (usize, usize),
    /// 2 for exact, 1 for a prefix, 0 where a regular expression leaves it to the controller.
    pub(super) path_type: u8,
    /// Characters of path; for gRPC of service, then of method.
    pub(super) path: (usize, usize),
    pub(super) method: bool,
    pub(super) headers: usize,
    pub(super) query_params: usize,
}

/// A match that the request meets.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'c> {
    pub(super) route: &'c Route<'c>,
    pub(super) rule: usize,
    pub(super) matched: usize,
    pub(super) rank: Rank,
}

/// Rank of a host name of a route, by its own text and not by what it has in common with the listener's:
/// conformance test `httproute-multiple-routes-attachment-same-hostname-intersection` of v1.7.0.
pub(super) fn host(name: Option<&str>) -> (usize, usize) {
    let length = name.map_or(0, str::len);
    (if name.is_some_and(|name| name.starts_with('*')) { 0 } else { length }, length)
}

pub(super) fn http(found: Option<&Match<'_>>, host: (usize, usize)) -> Rank {
    let (path_type, length) = match found.and_then(|found| found.path.as_ref()) {
        None => (1, 1),
        Some(TextMatch::Exact(path)) => (2, path.chars().count()),
        Some(TextMatch::Prefix(path)) => (1, path.chars().count()),
        Some(TextMatch::Expression(_)) => (0, 0),
    };
    Rank {
        host,
        path_type,
        path: (length, 0),
        method: found.is_some_and(|found| found.method.is_some()),
        headers: found.map_or(0, |found| distinct(&found.headers, true).count()),
        query_params: found.map_or(0, |found| distinct(&found.query_params, false).count()),
    }
}

/// Service and method count as the two elements of a path, so that a GRPCRoute can be compared with an
/// HTTPRoute too; among GRPCRoutes that is the published order: characters of the service, then of the method.
pub(super) fn grpc(found: Option<&Match<'_>>, host: (usize, usize)) -> Rank {
    let exact = |part: Option<&TextMatch<'_>>| match part {
        Some(TextMatch::Exact(text) | TextMatch::Prefix(text)) => Some(text.chars().count()),
        Some(TextMatch::Expression(_)) | None => None,
    };
    let service = exact(found.and_then(|found| found.service.as_ref()));
    let method = exact(found.and_then(|found| found.path.as_ref()));
    Rank {
        host,
        path_type: if service.is_some() && method.is_some() { 2 } else { 1 },
        // With the slashes around the service: `/pkg.Service/`.
        path: (service.map_or(1, |length| length + 2), method.unwrap_or(0)),
        method: false,
        headers: found.map_or(0, |found| distinct(&found.headers, true).count()),
        query_params: 0,
    }
}

/// Which of two goes first (`Less`), and the step that decides. `kind` is the kind that the host belongs
/// to, where HTTPRoutes and GRPCRoutes may not be mixed on one host.
pub(super) fn compare(one: &Candidate<'_>, other: &Candidate<'_>, kind: Option<&str>) -> (Ordering, Step) {
    let other_kind = |candidate: &Candidate<'_>| kind.is_some_and(|kind| kind != candidate.route.kind);
    let (a, b) = (one.rank, other.rank);
    let (first, second) = (precedence(&one.route.meta), precedence(&other.route.meta));
    let steps: [(Step, Ordering); 10] = [
        (Step::RouteHostname, b.host.cmp(&a.host)),
        (Step::RouteKind, other_kind(one).cmp(&other_kind(other))),
        (Step::PathType, b.path_type.cmp(&a.path_type)),
        (Step::PathLength, b.path.cmp(&a.path)),
        (Step::Method, b.method.cmp(&a.method)),
        (Step::Headers, b.headers.cmp(&a.headers)),
        (Step::QueryParams, b.query_params.cmp(&a.query_params)),
        (Step::Age, (first.0, first.1).cmp(&(second.0, second.1))),
        (Step::Name, (first.2, first.3).cmp(&(second.2, second.3))),
        (Step::RuleOrder, (one.rule, one.matched).cmp(&(other.rule, other.matched))),
    ];
    let decided = steps.into_iter().find(|(_, order)| order.is_ne());
    decided.map_or((Ordering::Equal, Step::RuleOrder), |(step, order)| (order, step))
}
