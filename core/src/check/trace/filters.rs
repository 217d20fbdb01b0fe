//! What filters make of a request.
//!
//! Source: Gateway API v1.6.1, `apis/v1/httproute_types.go:1085-1310`.

use super::answer::{Forwarded, Redirect};
use super::request::Parts;
use crate::check::matches::prefix_rest;
use crate::check::model::{Filter, FilterKind, Match, TextMatch};

/// What Gateway API leaves open of a query, where a redirect meets one.
pub(super) const QUERY_KEPT: &str =
    "the redirect keeps the query, as proxies do: Gateway API does not say what becomes of it";

/// What the connection says that a redirect falls back on.
pub(super) struct Connection {
    pub(super) https: bool,
    pub(super) port: i64,
}

/// The request as the client sent it.
pub(super) fn unchanged(request: &Parts<'_>) -> Forwarded {
    let mut forwarded = Forwarded {
        host: request.host.clone(),
        path: request.path.to_owned(),
        query: request.query_text.clone(),
        ..Forwarded::default()
    };
    for (name, value) in request.headers {
        append(&mut forwarded, name, value);
    }
    forwarded
}

/// Applies filters in their order, up to a redirect, which ends it.
pub(super) fn apply(
    filters: &[Filter<'_>],
    matched: Option<&Match<'_>>,
    connection: &Connection,
    request: &mut Forwarded,
    notes: &mut Vec<String>,
) -> Option<Redirect> {
    for filter in filters {
        match &filter.kind {
            FilterKind::Redirect { scheme, hostname, port, path, status } => {
                return Some(redirect(
                    scheme.as_deref(),
                    hostname.as_deref().unwrap_or(&request.host),
                    *port,
                    new_path(path.as_ref(), matched, &request.path),
                    &request.query,
                    *status,
                    connection,
                ));
            }
            FilterKind::Rewrite { hostname, path } => {
                request.path = new_path(path.as_ref(), matched, &request.path);
                if let Some(hostname) = hostname {
                    request.host = hostname.to_string();
                }
            }
            FilterKind::Headers { request: true, set, add, remove } => {
                for (name, value) in set {
                    take(request, name);
                    append(request, name, value);
                }
                for (name, value) in add {
                    append(request, name, value);
                }
                for name in remove {
                    take(request, name);
                }
            }
            FilterKind::Headers { request: false, set: _, add: _, remove: _ } => {}
            FilterKind::Mirror(backend) => {
                notes.push(format!(
                    "a copy of the request goes to {} `{}`",
                    backend.target.kind, backend.target.name
                ));
            }
            FilterKind::Extension([_, kind, name]) => {
                notes.push(format!(
                    "what the filter {kind} `{name}` does is the controller's own and not traced"
                ));
            }
            FilterKind::UnreadRedirect => {
                notes.push(
                    "a redirect could not be read as a whole, and where it leads is not known".to_owned(),
                );
            }
            FilterKind::Other(kind) => notes.push(format!("what the filter {kind} does is not traced")),
        }
    }
    None
}

/// Whether one of them is a redirect that could not be read.
pub(super) fn are_unread(filters: &[Filter<'_>]) -> bool {
    filters.iter().any(|filter| matches!(filter.kind, FilterKind::UnreadRedirect))
}

impl Redirect {
    /// Whether it sends the client to what it asked for.
    pub(super) fn leads_back(&self, connection: &Connection, asked: &Parts<'_>) -> bool {
        self.scheme == if connection.https { "https" } else { "http" }
            && self.port == connection.port
            && self.host == asked.host
            && self.path == asked.path
            && !self.host.is_empty()
    }
}

/// Source of port and scheme: v1.6.1, `apis/v1/httproute_types.go:1248-1268`. It says nothing of queries: proxies keep
/// them. A path that has a query of its own leaves no place for it.
fn redirect(
    scheme: Option<&str>,
    host: &str,
    port: Option<i64>,
    path: String,
    query: &str,
    status_code: i64,
    connection: &Connection,
) -> Redirect {
    let own = if connection.https { "https" } else { "http" };
    let implied = |scheme: &str| if scheme == "https" { 443 } else { 80 };
    let port = port.unwrap_or_else(|| scheme.map_or(connection.port, implied));
    let scheme = scheme.unwrap_or(own);
    let shown = if port == implied(scheme) { String::new() } else { format!(":{port}") };
    let query = if path.contains('?') { "" } else { query };
    let asked = if query.is_empty() { String::new() } else { format!("?{query}") };
    Redirect {
        location: format!("{scheme}://{host}{shown}{path}{asked}"),
        scheme: scheme.to_owned(),
        host: host.to_owned(),
        port,
        path,
        query: query.to_owned(),
        status_code,
    }
}

/// A path after replacement, of the whole or of the prefix that was matched.
///
/// Source: the table at v1.6.1, `apis/v1/httproute_types.go:1188-1200`.
fn new_path(
    change: Option<&(bool, std::borrow::Cow<'_, str>)>,
    matched: Option<&Match<'_>>,
    path: &str,
) -> String {
    match change {
        None => path.to_owned(),
        Some((true, whole)) => whole.to_string(),
        Some((false, prefix)) => {
            let rest = match matched.and_then(|matched| matched.path.as_ref()) {
                Some(TextMatch::Prefix(matched)) => prefix_rest(matched, path).unwrap_or_default(),
                Some(TextMatch::Exact(_) | TextMatch::Expression(_)) => "",
                None => path,
            };
            let start = prefix.strip_suffix('/').unwrap_or(prefix);
            if start.is_empty() && rest.is_empty() { "/".to_owned() } else { format!("{start}{rest}") }
        }
    }
}

fn take(request: &mut Forwarded, name: &str) {
    request.headers.retain(|found, _| !found.eq_ignore_ascii_case(name));
}

/// Adds a value behind those that are there, under the name that stands there already.
fn append(request: &mut Forwarded, name: &str, value: &str) {
    let there = request.headers.iter_mut().find(|(found, _)| found.eq_ignore_ascii_case(name));
    match there {
        Some((_, values)) => {
            values.push(',');
            values.push_str(value);
        }
        None => {
            request.headers.insert(name.to_owned(), value.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    /// The published table of ReplacePrefixMatch.
    #[test]
    fn prefixes_are_replaced_as_published() {
        for (path, prefix, replacement, expected) in [
            ("/foo/bar", "/foo", "/xyz", "/xyz/bar"),
            ("/foo/bar", "/foo", "/xyz/", "/xyz/bar"),
            ("/foo/bar", "/foo/", "/xyz", "/xyz/bar"),
            ("/foo/bar", "/foo/", "/xyz/", "/xyz/bar"),
            ("/foo", "/foo", "/xyz", "/xyz"),
            ("/foo/", "/foo", "/xyz", "/xyz/"),
            ("/foo/bar", "/foo", "", "/bar"),
            ("/foo/", "/foo", "", "/"),
            ("/foo", "/foo", "", "/"),
            ("/foo/", "/foo", "/", "/"),
            ("/foo", "/foo", "/", "/"),
        ] {
            let matched = Match {
                path: Some(TextMatch::Prefix(Cow::Borrowed(prefix))),
                service: None,
                method: None,
                headers: Box::default(),
                query_params: Box::default(),
                is_whole: true,
            };
            let change = (false, Cow::Borrowed(replacement));
            assert_eq!(
                new_path(Some(&change), Some(&matched), path),
                expected,
                "{path} {prefix} {replacement}"
            );
        }
    }

    #[test]
    fn a_redirect_keeps_the_query() {
        let connection = Connection { https: false, port: 80 };
        for (path, query, location) in [
            ("/p", "x=1&y", "http://e.org/p?x=1&y"),
            ("/p?own=1", "x=1", "http://e.org/p?own=1"),
            ("/p", "", "http://e.org/p"),
        ] {
            let found = redirect(None, "e.org", None, path.to_owned(), query, 302, &connection);
            assert_eq!(found.location, location);
        }
    }

    /// Conformance test `httproute-redirect-port-and-scheme`.
    #[test]
    fn ports_of_redirects_follow_scheme_and_listener() {
        for (https, listener, scheme, port, expected) in [
            (false, 80, None, None, "http://e.org/p"),
            (false, 80, None, Some(80), "http://e.org/p"),
            (false, 80, None, Some(8080), "http://e.org:8080/p"),
            (false, 80, Some("https"), None, "https://e.org/p"),
            (false, 80, Some("https"), Some(8443), "https://e.org:8443/p"),
            (false, 8080, None, None, "http://e.org:8080/p"),
            (false, 8080, None, Some(80), "http://e.org/p"),
            (false, 8080, Some("https"), None, "https://e.org/p"),
            (true, 443, None, None, "https://e.org/p"),
            (true, 443, None, Some(8443), "https://e.org:8443/p"),
            (true, 443, Some("http"), None, "http://e.org/p"),
            (true, 443, Some("http"), Some(8080), "http://e.org:8080/p"),
        ] {
            let connection = Connection { https, port: listener };
            let found = redirect(scheme, "e.org", port, "/p".to_owned(), "", 302, &connection);
            assert_eq!(found.location, expected);
        }
    }
}
