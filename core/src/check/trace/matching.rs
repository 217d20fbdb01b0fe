//! Whether a request meets a match.
//!
//! Source: Gateway API v1.6.1, `apis/v1/httproute_types.go:490-860`, `apis/v1/grpcroute_types.go:290-430`.
//! Regular expressions are in the controller's own dialect: what not all dialects agree on is not guessed.

use super::expression;
use super::request::Parts;
use crate::check::matches::{distinct, prefix_rest};
use crate::check::model::{Match, TextMatch};

/// Whether a request meets a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    Yes,
    /// Everything is met but for regular expressions, whose dialect is the controller's.
    Perhaps,
    /// Not met, by this part first.
    No(Part),
}

/// A part of a match, in the order in which they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// A GRPCRoute, and the request is no gRPC.
    Protocol,
    Path,
    Method,
    Headers,
    QueryParams,
}

impl Part {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Method => "method",
            Self::Headers => "headers",
            Self::QueryParams => "query parameters",
            Self::Protocol => "protocol: it is no gRPC request",
        }
    }
}

pub(super) fn http(found: &Match<'_>, request: &Parts<'_>) -> Met {
    let path = match &found.path {
        None => Met::Yes,
        Some(TextMatch::Exact(path)) => of(path == request.path, Part::Path),
        Some(TextMatch::Prefix(prefix)) => of(prefix_rest(prefix, request.path).is_some(), Part::Path),
        Some(TextMatch::Expression(wanted)) => expression(wanted, request.path, Part::Path),
    };
    let method = found
        .method
        .as_ref()
        .map_or(Met::Yes, |method| of(method == request.method.unwrap_or("GET"), Part::Method));
    let parameters = distinct(&found.query_params, false)
        .map(|(name, value)| text(value, request.query(name), Part::QueryParams));
    let others = [path, method].into_iter().chain(headers(found, request)).chain(parameters);
    others.fold(Met::Yes, both)
}

pub(super) fn grpc(found: &Match<'_>, request: &Parts<'_>) -> Met {
    let Some((service, method)) = request.grpc() else { return Met::No(Part::Protocol) };
    let part = |wanted: &Option<TextMatch<'_>>, given| {
        wanted.as_ref().map_or(Met::Yes, |wanted| text(wanted, Some(given), Part::Path))
    };
    let path = [part(&found.service, service), part(&found.path, method)];
    path.into_iter().chain(headers(found, request)).fold(Met::Yes, both)
}

fn headers<'m>(found: &'m Match<'_>, request: &'m Parts<'_>) -> impl Iterator<Item = Met> + 'm {
    let headers = distinct(&found.headers, true);
    headers.map(|(name, value)| text(value, request.header(name).as_deref(), Part::Headers))
}

fn text(wanted: &TextMatch<'_>, given: Option<&str>, part: Part) -> Met {
    match (wanted, given) {
        (TextMatch::Exact(wanted), Some(given)) => of(wanted == given, part),
        (TextMatch::Expression(wanted), Some(given)) => expression(wanted, given, part),
        // A prefix is of paths only.
        (TextMatch::Prefix(_), Some(_)) | (_, None) => Met::No(part),
    }
}

fn expression(wanted: &str, given: &str, part: Part) -> Met {
    expression::met(wanted, given).map_or(Met::Perhaps, |met| of(met, part))
}

const fn of(met: bool, part: Part) -> Met {
    if met { Met::Yes } else { Met::No(part) }
}

const fn both(one: Met, other: Met) -> Met {
    match (one, other) {
        (Met::No(part), _) | (_, Met::No(part)) => Met::No(part),
        (Met::Yes, Met::Yes) => Met::Yes,
        _ => Met::Perhaps,
    }
}
