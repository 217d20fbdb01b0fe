//! Where redirects and rewrites lead, as far as a filter of Gateway API can say it.
//!
//! Source: ingress-nginx v1.12.1, `internal/ingress/annotations/redirect/redirect.go` and `buildProxyPass` of
//! `internal/ingress/controller/template/template.go`; nginx, `ngx_http_rewrite_module`, directive `rewrite`.

use crate::hostname::Hostname;
use crate::tree::Node;

/// What nginx calls path and query of a request.
const REQUEST_URI: &str = "$request_uri";
/// What of the path the idiom that cuts a prefix keeps.
const KEPT_REST: &str = "$2";
/// Statuses of a redirect that ingress-nginx takes from an annotation; in place of others it has its default.
const STATUSES: std::ops::RangeInclusive<i64> = 300..=308;

/// A scheme with a host, to which a client is sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    scheme: &'static str,
    host: String,
    port: Option<i64>,
}

/// Where a redirect leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Redirect {
    origin: Origin,
    /// The path, or what stands before that of the request.
    path: String,
    keeps_path: bool,
    code: i64,
}

/// What takes the place of a path, or of its prefix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rewrite {
    /// Where nginx redirects instead of asking the Service.
    pub(super) origin: Option<Origin>,
    path: String,
    /// Whether only a prefix is replaced.
    pub(super) is_prefix: bool,
}

/// Why there is no redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoRedirect {
    /// ingress-nginx takes it for none either.
    Ignored(&'static str),
    /// Gateway API has no words for it.
    Unsaid(&'static str),
}

impl Redirect {
    /// Of a URL and the text of a status, with the status where nobody gives one.
    pub(super) fn read(url: &str, code: Option<&str>, default: i64) -> Result<Self, NoRedirect> {
        let code = code
            .map_or(Ok(default), str::parse)
            .map_err(|_| NoRedirect::Ignored("a status that is a number"))?;
        let code = if STATUSES.contains(&code) { code } else { default };
        if matches!(code, 300 | 304..=306) {
            return Err(NoRedirect::Unsaid("has a status that redirects of Gateway API do not have"));
        }
        let (start, keeps_path) = url.strip_suffix(REQUEST_URI).map_or((url, false), |start| (start, true));
        let (origin, path) = split(start)?;
        if keeps_path && path.ends_with('/') {
            return Err(NoRedirect::Unsaid("puts two `/` before the path of the request"));
        }
        if !path.is_empty() {
            plain_path(path).map_err(NoRedirect::Unsaid)?;
        }
        Ok(Self { origin, path: path.to_owned(), keeps_path, code })
    }

    /// Settings of the filter for a path.
    pub(super) fn settings<'a>(&self, kind: &str, path: &str) -> Node<'a> {
        let settings = self.origin.settings(self.code);
        let below = || format!("{}{}", self.path, path.trim_end_matches('/'));
        match self.keeps_path {
            true if self.path.is_empty() => settings,
            true if kind == "PathPrefix" => settings.with("path", prefix_replaced(below())),
            true => settings.with("path", path_replaced(format!("{}{path}", self.path))),
            false => settings.with("path", path_replaced(or_root(&self.path))),
        }
    }
}

impl Rewrite {
    /// Of a whole path, or why no rule can say it.
    pub(super) fn whole(target: &str) -> Result<Self, &'static str> {
        let (origin, path) = target_parts(target)?;
        let path = if origin.is_some() { or_root(path) } else { path.to_owned() };
        plain_path(&path)?;
        Ok(Self { origin, path, is_prefix: false })
    }

    /// Of the prefix that `/prefix(/|$)(.*)` cuts, or why no rule can say it; nothing where the target is another one.
    pub(super) fn of_prefix(target: &str) -> Option<Result<Self, &'static str>> {
        let start = target.strip_suffix(KEPT_REST).filter(|start| !start.contains('$'))?;
        let read = || {
            let (origin, path) = target_parts(start)?;
            plain_path(path)?;
            let path = path.strip_suffix('/').ok_or("puts no `/` before what it keeps of the path")?;
            if path.ends_with('/') {
                return Err("puts two `/` before what it keeps of the path");
            }
            Ok(Self { origin, path: or_root(path), is_prefix: true })
        };
        Some(read())
    }

    /// Of the whole path of a default backend, for which there is no expression: nothing stands for what one would keep.
    pub(super) fn of_rest(target: &str) -> Result<Self, &'static str> {
        Self::whole(&(0..=9).fold(target.to_owned(), |text, number| text.replace(&format!("${number}"), "")))
    }

    /// The path of a filter.
    pub(super) fn path<'a>(&self) -> Node<'a> {
        if self.is_prefix { prefix_replaced(self.path.clone()) } else { path_replaced(self.path.clone()) }
    }
}

impl Origin {
    /// Settings of a redirect there, without a path.
    pub(super) fn settings<'a>(&self, code: i64) -> Node<'a> {
        let settings = Node::map([("scheme", Node::text(self.scheme))])
            .with("hostname", Node::text(self.host.clone()))
            .with("statusCode", Node::integer(code));
        self.port.map_or_else(|| settings.clone(), |port| settings.clone().with("port", Node::integer(port)))
    }
}

/// Why a path cannot be written in place of another one.
pub(super) fn plain_path(path: &str) -> Result<(), &'static str> {
    match path {
        _ if !path.starts_with('/') => Err("does not begin with `/`"),
        _ if path.contains('$') => Err("has a variable of nginx"),
        _ if path.contains('?') => Err("has a query, and filters of Gateway API write paths alone"),
        _ if path.contains(|c: char| c == '#' || c.is_whitespace() || c.is_control()) => {
            Err("has a character that no path has")
        }
        _ => Ok(()),
    }
}

/// Settings of a filter that writes a whole path.
pub(super) fn path_replaced<'a>(path: String) -> Node<'a> {
    Node::map([("type", Node::text("ReplaceFullPath")), ("replaceFullPath", Node::text(path))])
}

fn prefix_replaced<'a>(path: String) -> Node<'a> {
    Node::map([("type", Node::text("ReplacePrefixMatch")), ("replacePrefixMatch", Node::text(path))])
}

/// The path, or the root where it is empty.
pub(super) fn or_root(path: &str) -> String {
    if path.is_empty() { "/".to_owned() } else { path.to_owned() }
}

/// Origin and path of what a rewrite writes: nginx redirects where it begins like a URL.
fn target_parts(target: &str) -> Result<(Option<Origin>, &str), &'static str> {
    if !target.starts_with("http://") && !target.starts_with("https://") {
        return Ok((None, target));
    }
    match split(target) {
        Ok((origin, path)) => Ok((Some(origin), path)),
        Err(NoRedirect::Ignored(_)) => Err("is no URL"),
        Err(NoRedirect::Unsaid(_)) => Err("is a URL that no redirect can lead to"),
    }
}

/// Origin and path of a URL.
fn split(url: &str) -> Result<(Origin, &str), NoRedirect> {
    let scheme =
        |scheme: &str| ["http", "https"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known));
    let Some((scheme, rest)) = url.split_once("://").and_then(|(start, rest)| Some((scheme(start)?, rest)))
    else {
        return Err(NoRedirect::Ignored("URLs with `http://` or `https://`"));
    };
    let (authority, path) = rest.find(['/', '?', '#']).map_or((rest, ""), |end| rest.split_at(end));
    if authority.contains('$') {
        return Err(NoRedirect::Unsaid("has a variable of nginx that is not `$request_uri` at the end"));
    }
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let port = match port.filter(|port| !port.is_empty()).map(str::parse::<u16>) {
        None => None,
        Some(Ok(port)) if port > 0 => Some(i64::from(port)),
        Some(_) => return Err(NoRedirect::Ignored("a port that is a number")),
    };
    match Hostname::parse(host) {
        Ok((host, _)) if !host.is_wildcard() => Ok((Origin { scheme, host: host.to_string(), port }, path)),
        _ => Err(NoRedirect::Unsaid("leads to something that is no host name")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_are_read_or_say_why_not() {
        let read =
            |url: &str, code| Redirect::read(url, code, 301).map(|read| read.settings("PathPrefix", "/a"));
        let ignored = |url: &str, code| matches!(read(url, code), Err(NoRedirect::Ignored(_)));
        let unsaid = |url: &str, code| matches!(read(url, code), Err(NoRedirect::Unsaid(_)));
        assert!(read("https://b.example.com$request_uri", None).is_ok_and(|to| to.get("path").is_none()));
        assert!(read("HTTPS://b.example.com:8443", Some("404")).is_ok());
        assert!(
            ignored("/a", None) && ignored("b.example.com", None) && ignored("ftp://b.example.com", None)
        );
        assert!(ignored("https://b.example.com:x", None) && ignored("https://b.example.com", Some("x")));
        assert!(unsaid("https://b.example.com/?a=b", None) && unsaid("https://b.example.com?a=b", None));
        assert!(unsaid("https://b.example.com/$request_uri", None) && unsaid("https://$host/a", None));
        assert!(
            unsaid("https://b.example.com$request_uri/c", None) && unsaid("https://a@b.example.com", None)
        );
        assert!(unsaid("https://b.example.com", Some("304")) && unsaid("https://", None));
    }

    #[test]
    fn rewrites_are_paths_or_say_why_not() {
        assert!(Rewrite::whole("/a").is_ok_and(|rewrite| rewrite.origin.is_none()));
        assert!(Rewrite::whole("http://b.example.com").is_ok_and(|rewrite| rewrite.path == "/"));
        for target in ["a", "/a?b", "/a b", "/$uri", "http://", "https://b.example.com/a?b=c"] {
            assert!(Rewrite::whole(target).is_err(), "{target}");
        }
        assert_eq!(Rewrite::of_prefix("/$1"), None);
        assert!(Rewrite::of_prefix("/$2").is_some_and(|read| read.is_ok_and(|rewrite| rewrite.path == "/")));
        for target in ["$2", "/v$2", "//$2", "a/$2", "/?a=$2", "https://b.example.com$2"] {
            assert!(Rewrite::of_prefix(target).is_some_and(|read| read.is_err()), "{target}");
        }
    }
}
