//! Whether a request meets a match.
//!
//! Source: Gateway API v1.6.1, `apis/v1/httproute_types.go:490-860`, `apis/v1/grpcroute_types.go:290-430`.
//! Regular expressions are in the controller's own dialect: what not all dialects agree on is not guessed.

use std::borrow::Cow;

use super::expression;
use super::request::Parts;
use crate::check::matches::{distinct, prefix_rest};
use crate::check::model::{Match, TextMatch};

/// Whether a request meets a match, or one of its conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    Yes,
    /// Everything is met but for regular expressions, whose dialect is the controller's.
    Perhaps,
    No,
}

/// A part of a match, in the order in which they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Path,
    Service,
    GrpcMethod,
    Method,
    Headers,
    QueryParams,
}

/// A condition of a match, and what came of it.
pub(super) struct Condition<'m> {
    pub(super) part: Part,
    /// The name of the header or parameter.
    pub(super) name: &'m str,
    /// How it is compared, and with what.
    pub(super) wanted: (&'static str, &'m str),
    pub(super) given: Option<Cow<'m, str>>,
    pub(super) met: Met,
}

/// Whether a request meets a match of an HTTPRoute, or of a GRPCRoute, which other requests never do.
pub(super) fn met(found: &Match<'_>, grpc: bool, request: &Parts<'_>) -> Met {
    if grpc && request.grpc().is_none() {
        return Met::No;
    }
    conditions(found, grpc, request).map(|condition| condition.met).fold(Met::Yes, both)
}

/// The conditions of a match, in their order.
pub(super) fn conditions<'m>(
    found: &'m Match<'_>,
    grpc: bool,
    request: &'m Parts<'_>,
) -> impl Iterator<Item = Condition<'m>> {
    let called = request.grpc().filter(|_| grpc);
    let path = match called {
        Some((_, method)) => text(Part::GrpcMethod, "", found.path.as_ref(), Some(method.into())),
        None => text(Part::Path, "", found.path.as_ref(), Some(request.path.into())),
    };
    let service = found.service.as_ref().filter(|_| called.is_some());
    let service = text(Part::Service, "", service, called.map(|(service, _)| service.into()));
    let given = request.method.unwrap_or("GET");
    let method = found.method.as_deref().map(|wanted| Condition {
        part: Part::Method,
        name: "",
        wanted: ("", wanted),
        given: Some(given.into()),
        met: of(wanted == given),
    });
    let headers = distinct(&found.headers, true)
        .filter_map(|(name, wanted)| text(Part::Headers, name, Some(wanted), request.header(name)));
    let parameters = distinct(&found.query_params, false).filter_map(|(name, wanted)| {
        text(Part::QueryParams, name, Some(wanted), request.query(name).map(Cow::Borrowed))
    });
    service.into_iter().chain(path).chain(method).chain(headers).chain(parameters)
}

fn text<'m>(
    part: Part,
    name: &'m str,
    wanted: Option<&'m TextMatch<'_>>,
    given: Option<Cow<'m, str>>,
) -> Option<Condition<'m>> {
    let wanted = wanted?;
    let met = given.as_deref().map_or(Met::No, |given| match wanted {
        TextMatch::Exact(wanted) => of(wanted == given),
        // A prefix is of paths only.
        TextMatch::Prefix(prefix) => of(part == Part::Path && prefix_rest(prefix, given).is_some()),
        TextMatch::Expression(wanted) => expression::met(wanted, given).map_or(Met::Perhaps, of),
    });
    let wanted: (_, &str) = match wanted {
        TextMatch::Exact(wanted) => ("", wanted),
        TextMatch::Prefix(wanted) => ("the prefix ", wanted),
        TextMatch::Expression(wanted) => ("the expression ", wanted),
    };
    Some(Condition { part, name, wanted, given, met })
}

const fn of(met: bool) -> Met {
    if met { Met::Yes } else { Met::No }
}

const fn both(one: Met, other: Met) -> Met {
    match (one, other) {
        (Met::No, _) | (_, Met::No) => Met::No,
        (Met::Yes, Met::Yes) => Met::Yes,
        _ => Met::Perhaps,
    }
}
