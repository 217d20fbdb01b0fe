//! Matches of rules in a few words each.

use super::text;
use crate::tree::Node;

/// Said of what has no match.
pub(super) const EVERY_REQUEST: &str = "every request";

/// Whether one match, in words, takes every request of another: by its path alone.
pub(super) fn cover(wide: &str, words: &str) -> bool {
    if wide.is_empty() || wide == EVERY_REQUEST || wide == words {
        return true;
    }
    let Some(prefix) = wide.strip_prefix("PathPrefix ").filter(|prefix| !prefix.contains(", ")) else {
        return false;
    };
    let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
    if prefix.is_empty() {
        return true;
    }
    let first = words.split(", ").next().unwrap_or_default();
    let path = ["PathPrefix ", "Exact "].iter().find_map(|kind| first.split_once(kind));
    let below = path.and_then(|(_, path)| path.strip_prefix(prefix));
    below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

/// A match: `GET PathPrefix /api, header x-canary=always`.
pub(super) fn words(found: &Node<'_>) -> String {
    let mut words = Vec::new();
    match found.get("method") {
        // A GRPCRoute's method is a map.
        Some(method) if method.as_map().is_some() => {
            let part = |key: &str| text(method, key).unwrap_or("*");
            words.push(format!(
                "{} {}/{}",
                text(method, "type").unwrap_or("Exact"),
                part("service"),
                part("method")
            ));
        }
        method => {
            let path = found.get("path").map(|path| {
                format!(
                    "{} {}",
                    text(path, "type").unwrap_or("PathPrefix"),
                    text(path, "value").unwrap_or("/")
                )
            });
            let parts: Vec<_> =
                method.and_then(Node::as_text).map(str::to_owned).into_iter().chain(path).collect();
            if !parts.is_empty() {
                words.push(parts.join(" "));
            }
        }
    }
    for (key, word) in [("headers", "header"), ("queryParams", "query")] {
        for (_, item) in found.get(key).into_iter().flat_map(Node::items) {
            let sign = if text(item, "type") == Some("RegularExpression") { "~" } else { "=" };
            let (name, value) =
                (text(item, "name").unwrap_or_default(), text(item, "value").unwrap_or_default());
            words.push(format!("{word} {name}{sign}{value}"));
        }
    }
    if words.is_empty() { EVERY_REQUEST.to_owned() } else { words.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_takes_what_is_below_it() {
        for (wide, words, takes) in [
            ("", "Exact /a", true),
            (EVERY_REQUEST, "header x=y", true),
            ("PathPrefix /", "RegularExpression /a.*", true),
            ("PathPrefix /a", "GET PathPrefix /a/b, header x=y", true),
            ("PathPrefix /a/", "Exact /a", true),
            ("PathPrefix /a", "PathPrefix /ab", false),
            ("PathPrefix /a", "header x=y", false),
            ("PathPrefix /a, header x=y", "PathPrefix /a/b", false),
            ("Exact /a", "Exact /a", true),
            ("GET PathPrefix /a", "PathPrefix /a", false),
        ] {
            assert_eq!(cover(wide, words), takes, "{wide} takes {words}");
        }
    }
}
