//! Gateway API's order of precedence, step by step: host name, rank of the match, then age, name and order.
//!
//! Source: v1.6.1, `apis/v1/httproute_types.go:104-112` and `:185-206`; `apis/v1/grpcroute_types.go:194-213`.

use core::cmp::Ordering;

use crate::check::attach::{Doubt, precedence};
use crate::check::matches::Rank;
use crate::check::model::Route;

/// A step, in the order in which they decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    RouteHostname,
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
    /// Its word in the interface.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::RouteHostname => "route-hostname",
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

/// A match that the request meets.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'c> {
    pub(super) route: &'c Route<'c>,
    pub(super) rule: usize,
    pub(super) matched: usize,
    /// Of the route's host name that the host meets.
    pub(super) host: (usize, usize),
    pub(super) rank: Rank,
    /// Why it cannot be told whether the route is attached, where that is so.
    pub(super) doubt: Option<Doubt>,
}

/// Why it cannot be told which of two routes of one age comes first by name, where one has none yet.
pub(super) const NO_NAME_YET: &str = "matches as well, and which of the two routes comes first depends on a name that the \
                                      API server is yet to make";

/// Whether names settle which of two routes goes first, but one of them is yet to be made, of `generateName`.
pub(super) fn lacks_a_name(one: &Route<'_>, other: &Route<'_>) -> bool {
    let (first, second) = (&one.meta, &other.meta);
    first.object != second.object
        && first.created == second.created
        && first.namespace == second.namespace
        && (first.name.is_empty() || second.name.is_empty())
}

/// Which of two goes first (`Less`), and the step that decides.
pub(super) fn compare(one: &Candidate<'_>, other: &Candidate<'_>) -> (Ordering, Step) {
    let (a, b) = (one.rank, other.rank);
    let (first, second) = (precedence(&one.route.meta), precedence(&other.route.meta));
    let steps: [(Step, Ordering); 9] = [
        (Step::RouteHostname, other.host.cmp(&one.host)),
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
