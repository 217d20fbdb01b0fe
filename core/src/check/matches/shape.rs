//! What a match asks for, in one form: equal forms take the same requests and have the same precedence.

use std::borrow::Cow;

use super::prefix::without_slash;
use super::rank::Rank;
use crate::check::model::{Match, Route, TextMatch};

/// A text and how it is compared.
pub(super) type Text<'m> = (How, &'m str);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum How {
    /// Not at all.
    Any,
    Exact,
    Prefix,
    Expression,
}

/// The form of a match.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) struct Shape<'m> {
    /// Whether it is of an HTTPRoute.
    pub(super) http: bool,
    /// HTTP path, or gRPC method.
    pub(in crate::check) path: Text<'m>,
    /// gRPC service.
    pub(super) service: Text<'m>,
    /// HTTP method.
    pub(in crate::check) method: Option<&'m str>,
    /// In ascending order of name, in lower case; of names that are equal in it only the first counts.
    pub(super) headers: Vec<(Cow<'m, str>, Text<'m>)>,
    pub(super) query_params: Vec<(&'m str, Text<'m>)>,
}

/// The forms of all matches of a route, rule by rule, each with its index. A rule without matches
/// has one, of everything; in routes of other kinds than HTTP and gRPC all rules have.
pub(in crate::check) fn of<'m>(
    route: &'m Route<'_>,
) -> impl Iterator<Item = (usize, Option<usize>, Shape<'m>)> {
    let http = route.kind == "HTTPRoute";
    route.rules.iter().enumerate().flat_map(move |(rule, found)| {
        let everything = found.matches.is_empty().then(|| (rule, None, of_match(None, http)));
        let listed = found.matches.iter().enumerate();
        let listed = listed.map(move |(index, one)| (rule, Some(index), of_match(Some(one), http)));
        everything.into_iter().chain(listed)
    })
}

/// The form of a match of an HTTPRoute or of another route; none stands for everything.
pub(in crate::check) fn of_match<'m>(found: Option<&'m Match<'_>>, http: bool) -> Shape<'m> {
    let path = if http { (How::Prefix, "/") } else { (How::Any, "") };
    let (service, method) = ((How::Any, ""), None);
    let mut shape = Shape { http, path, service, method, headers: Vec::new(), query_params: Vec::new() };
    let Some(Match { path, service, method, headers, query_params }) = found else { return shape };
    if let Some(path) = path {
        shape.path = text(path);
    }
    if let Some(service) = service {
        shape.service = text(service);
    }
    shape.method = method.as_deref();
    shape.headers = distinct(headers, true).map(|(name, value)| (lower(name), text(value))).collect();
    shape.headers.sort_unstable();
    shape.query_params = distinct(query_params, false).map(|(name, value)| (name, text(value))).collect();
    shape.query_params.sort_unstable();
    shape
}

fn text<'m>(found: &'m TextMatch<'_>) -> Text<'m> {
    match found {
        TextMatch::Exact(text) => (How::Exact, text),
        TextMatch::Prefix(text) => (How::Prefix, without_slash(text)),
        TextMatch::Expression(text) => (How::Expression, text),
    }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Of several conditions on one name only the first counts; header names differ by more than case.
///
/// Source: Gateway API v1.6.1, `apis/v1/httproute_types.go:617-621`.
pub(in crate::check) fn distinct<'m, 'a>(
    conditions: &'m [(Cow<'a, str>, TextMatch<'a>)],
    any_case: bool,
) -> impl Iterator<Item = (&'m str, &'m TextMatch<'a>)> {
    let same = move |one: &str, other: &str| {
        if any_case { one.eq_ignore_ascii_case(other) } else { one == other }
    };
    let first = move |(at, (name, value)): (usize, &'m (Cow<'a, str>, TextMatch<'a>))| {
        let before = conditions.get(..at).unwrap_or_default();
        let seen = before.iter().any(|(earlier, _)| same(earlier, name));
        (!seen).then_some((name.as_ref(), value))
    };
    conditions.iter().enumerate().filter_map(first)
}

impl<'m> Shape<'m> {
    /// Whether it asks for headers or query parameters.
    pub(in crate::check) fn has_conditions(&self) -> bool {
        !self.headers.is_empty() || !self.query_params.is_empty()
    }

    /// Its rank, with the path and method that it asks for: matches that have all of it in common tie
    /// where one request meets them. Of expressions the order is the controller's own; equal ones tie.
    ///
    /// Source: Gateway API v1.6.1, `httproute_types.go:185-196`.
    pub(in crate::check) fn tier(&self) -> (Rank, Text<'m>, Text<'m>, Option<&'m str>) {
        (self.rank(), self.path, self.service, self.method)
    }

    /// Whether one request can be what both ask for, given that paths and methods are equal.
    pub(in crate::check) fn meets(&self, other: &Shape<'_>) -> bool {
        // Two exact values of one name exclude each other; expressions may meet anything. Lists have
        // 16 items at most.
        let excludes = |(how, one): &Text<'_>, (other_how, other): &Text<'_>| {
            *how == How::Exact && *other_how == How::Exact && one != other
        };
        let headers = self.headers.iter().any(|(name, value)| {
            other.headers.iter().any(|(its, found)| name == its && excludes(value, found))
        });
        let query_params = self.query_params.iter().any(|(name, value)| {
            other.query_params.iter().any(|(its, found)| name == its && excludes(value, found))
        });
        !headers && !query_params
    }

    /// What it asks for, in words, as far as a message needs it.
    pub(in crate::check) fn words(&self) -> String {
        let (how, path) = self.path;
        let (_, service) = self.service;
        match how {
            How::Any if service.is_empty() => "every request".to_owned(),
            How::Any => format!("service `{service}`"),
            How::Exact if !service.is_empty() => format!("method `{service}/{path}`"),
            How::Exact => format!("path `{path}`"),
            How::Prefix => format!("prefix `{path}`"),
            How::Expression => format!("expression `{path}`"),
        }
    }
}
