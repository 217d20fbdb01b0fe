//! The request that is traced.

use std::borrow::Cow;

/// A request, or a connection. What is not given is guessed from the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The Host header or `:authority`, with or without a port; absent, it is the SNI.
    pub host: Option<String>,
    /// The path; a query after `?` is read as if it had been given apart. `/pkg.Service/Method` for gRPC.
    pub path: Option<String>,
    /// The method; absent, it is POST for a request that a GRPCRoute answers, else GET.
    pub method: Option<String>,
    /// Headers, with names in any case.
    pub headers: Vec<(String, String)>,
    /// Query parameters, behind those in the path.
    pub query: Vec<(String, String)>,
    /// The name that the client asks for in the TLS handshake; absent, it is the host.
    pub sni: Option<String>,
    /// The port that the client connects to.
    pub port: Option<i64>,
    /// The Gateway that it connects to: namespace and name.
    pub gateway: Option<(String, String)>,
}

/// A request, taken apart once.
pub(super) struct Parts<'r> {
    /// The host in lower case, without port and trailing dot; empty where none was given.
    pub(super) host: String,
    /// The name in the handshake.
    pub(super) sni: String,
    pub(super) path: &'r str,
    pub(super) method: Option<&'r str>,
    pub(super) headers: &'r [(String, String)],
    pub(super) query: Vec<(&'r str, &'r str)>,
    /// The query as it is sent.
    pub(super) query_text: String,
}

impl Request {
    /// Whether it says what is asked for, by host or path, and not only where.
    pub(super) const fn is_named(&self) -> bool {
        self.host.is_some() || self.path.is_some() || self.sni.is_some()
    }

    pub(super) fn parts(&self) -> Parts<'_> {
        let host = canonical(self.host.as_deref().or(self.sni.as_deref()).unwrap_or_default());
        let path = self.path.as_deref().unwrap_or("/");
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let given = self.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let texts = self.query.iter().map(|(name, value)| format!("{name}={value}"));
        let texts: Vec<_> =
            [query.to_owned()].into_iter().filter(|text| !text.is_empty()).chain(texts).collect();
        Parts {
            sni: self.sni.as_deref().map_or_else(|| host.clone(), canonical),
            host,
            path: if path.is_empty() { "/" } else { path },
            method: self.method.as_deref(),
            headers: &self.headers,
            query: pairs.chain(given).collect(),
            query_text: texts.join("&"),
        }
    }
}

impl Parts<'_> {
    /// The value of a header; of a repeated one its values joined, as RFC 9110 5.3 has it.
    pub(super) fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut values =
            self.headers.iter().filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        let first = values.next()?;
        let more: Vec<&str> = values.map(String::as_str).collect();
        if more.is_empty() {
            return Some(Cow::Borrowed(first));
        }
        Some(Cow::Owned(format!("{first},{}", more.join(","))))
    }

    /// The first value of a query parameter, as Gateway API recommends where one is repeated.
    ///
    /// Source: v1.6.3, `apis/v1/httproute_types.go:693-702`.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(found, _)| *found == name).map(|(_, value)| *value)
    }

    /// The name of a query parameter that is repeated.
    pub(super) fn repeated_parameter(&self) -> Option<&str> {
        let mut earlier = std::collections::BTreeSet::new();
        self.query.iter().map(|(name, _)| *name).find(|name| !earlier.insert(*name))
    }

    /// Service and method, if it can be a gRPC request: a POST to two path segments.
    pub(super) fn grpc(&self) -> Option<(&str, &str)> {
        let content = self.header("content-type");
        let typed = content.as_ref().is_some_and(|content| content.starts_with("application/grpc"));
        let may = content.is_none() && self.method.is_none_or(|method| method == "POST");
        let (service, method) = self.path.strip_prefix('/')?.split_once('/')?;
        let two = !service.is_empty() && !method.is_empty() && !method.contains('/');
        (two && (typed || may)).then_some((service, method))
    }

    /// Whether it says itself that it is gRPC.
    pub(super) fn says_grpc(&self) -> bool {
        self.header("content-type").is_some_and(|content| content.starts_with("application/grpc"))
    }
}

/// The port in a Host header does not count. Source: Gateway API v1.6.1, `apis/v1/httproute_types.go:66-70`.
fn canonical(host: &str) -> String {
    // What is in brackets is an IPv6 address; other hosts hold no colon but the port's.
    let end = host.rfind(']').map_or_else(|| host.find(':'), |end| Some(end + 1));
    let name = end.and_then(|end| host.get(..end)).unwrap_or(host);
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_the_host_does_not_count() {
        for (given, expected) in [
            ("Very.Specific.com:1234", "very.specific.com"),
            ("a.com.", "a.com"),
            ("[2001:db8::1]:80", "[2001:db8::1]"),
            ("a.com", "a.com"),
        ] {
            assert_eq!(canonical(given), expected);
        }
    }

    #[test]
    fn the_query_may_stand_in_the_path() {
        let request = Request { path: Some("/a?x=1&y".to_owned()), ..Request::default() };
        let parts = request.parts();
        assert_eq!((parts.path, parts.query("x"), parts.query("y")), ("/a", Some("1"), Some("")));
        let request = Request { query: vec![("x".to_owned(), "2".to_owned())], ..request };
        let parts = request.parts();
        assert_eq!((parts.query("x"), parts.query_text.as_str()), (Some("1"), "x=1&y&x=2"));
        assert_eq!(parts.repeated_parameter(), Some("x"));
    }
}
