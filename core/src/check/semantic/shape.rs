//! What a match asks for, in one form: equal forms take the same requests and have the same precedence.

use std::borrow::Cow;

use crate::check::model::{Match, Route, TextMatch};

/// A text and how it is compared.
type Text<'m> = (How, &'m str);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// Not at all.
    Any,
    Exact,
    Prefix,
    Expression,
}

/// The form of a match.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shape<'m> {
    /// HTTP path, or gRPC method.
    pub(super) path: Text<'m>,
    /// gRPC service.
    pub(super) service: Text<'m>,
    /// HTTP method.
    pub(super) method: Option<&'m str>,
    /// In ascending order of name, in lower case; of names that are equal in it only the first counts.
    headers: Vec<(Cow<'m, str>, Text<'m>)>,
    query_params: Vec<(&'m str, Text<'m>)>,
}

/// The forms of all matches of a route, rule by rule, each with its index. A rule without matches
/// has one, of everything; in routes of other kinds than HTTP and gRPC all rules have.
pub(super) fn of<'m>(route: &'m Route<'_>) -> impl Iterator<Item = (usize, Option<usize>, Shape<'m>)> {
    let http = route.kind == "HTTPRoute";
    route.rules.iter().enumerate().flat_map(move |(rule, found)| {
        let everything = found.matches.is_empty().then(|| (rule, None, everything(http)));
        let listed = found.matches.iter().enumerate();
        everything.into_iter().chain(listed.map(move |(index, one)| (rule, Some(index), shape(one, http))))
    })
}

fn everything<'m>(http: bool) -> Shape<'m> {
    let path = if http { (How::Prefix, "/") } else { (How::Any, "") };
    Shape { path, service: (How::Any, ""), method: None, headers: Vec::new(), query_params: Vec::new() }
}

fn shape<'m>(found: &'m Match<'_>, http: bool) -> Shape<'m> {
    let Match { path, service, method, headers, query_params } = found;
    let mut shape = everything(http);
    if let Some(path) = path {
        shape.path = text(path);
    }
    if let Some(service) = service {
        shape.service = text(service);
    }
    shape.method = method.as_deref();
    for (name, value) in headers {
        let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(name.as_ref())
        };
        if shape.headers.iter().all(|(earlier, _)| *earlier != name) {
            shape.headers.push((name, text(value)));
        }
    }
    shape.headers.sort_unstable();
    shape.query_params = query_params.iter().map(|(name, value)| (name.as_ref(), text(value))).collect();
    shape.query_params.sort_unstable();
    shape
}

fn text<'m>(found: &'m TextMatch<'_>) -> Text<'m> {
    match found {
        TextMatch::Exact(text) => (How::Exact, text),
        // A prefix goes by path elements, so `/a` and `/a/` take the same requests.
        TextMatch::Prefix(text) => {
            let trimmed = text.strip_suffix('/').unwrap_or(text);
            (How::Prefix, if trimmed.is_empty() { "/" } else { trimmed })
        }
        TextMatch::Expression(text) => (How::Expression, text),
    }
}

/// Whether a prefix covers a path, element by element.
pub(super) fn starts_with(path: &str, prefix: &str) -> bool {
    match path.strip_prefix(prefix) {
        Some(rest) => rest.is_empty() || rest.starts_with('/') || prefix.ends_with('/'),
        None => false,
    }
}

impl<'m> Shape<'m> {
    /// Whether it asks for headers or query parameters.
    pub(super) fn has_conditions(&self) -> bool {
        !self.headers.is_empty() || !self.query_params.is_empty()
    }

    /// What decides its precedence. Of expressions the order is the controller's own; equal ones tie.
    ///
    /// Source: Gateway API v1.6.1, `httproute_types.go:185-196`.
    pub(super) fn rank(&self) -> (Text<'m>, Text<'m>, Option<&'m str>, usize, usize) {
        (self.path, self.service, self.method, self.headers.len(), self.query_params.len())
    }

    /// Whether one request can be what both ask for, given that paths and methods are equal.
    pub(super) fn meets(&self, other: &Shape<'_>) -> bool {
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
    pub(super) fn words(&self) -> String {
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
