//! Matches of rules in a few words each.

use super::text;
use crate::tree::Node;

/// Said of what has no match.
pub(super) const EVERY_REQUEST: &str = "every request";

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
