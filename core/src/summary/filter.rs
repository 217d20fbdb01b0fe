//! Filters of rules in a few words each: what is done, not only by which filter.

use super::text;
use crate::tree::Node;

/// A filter: `RequestHeaderModifier (set x-env=prod, remove x-debug)`.
pub(super) fn words(filter: &Node<'_>) -> String {
    let word = text(filter, "type").unwrap_or_default();
    let part =
        |key: &str, words: fn(&Node<'_>) -> Vec<String>| filter.get(key).map(words).unwrap_or_default();
    let does = match word {
        "RequestHeaderModifier" => part("requestHeaderModifier", headers),
        "ResponseHeaderModifier" => part("responseHeaderModifier", headers),
        "RequestRedirect" => part("requestRedirect", redirect),
        "URLRewrite" => part("urlRewrite", rewrite),
        "RequestMirror" => part("requestMirror", mirror),
        "CORS" => part("cors", cors),
        "ExternalAuth" => part("externalAuth", auth),
        "ExtensionRef" => part("extensionRef", |reference| vec![named(reference)]),
        _ => Vec::new(),
    };
    if does.is_empty() { word.to_owned() } else { format!("{word} ({})", does.join(", ")) }
}

fn headers(modifier: &Node<'_>) -> Vec<String> {
    let mut words = Vec::new();
    for (key, sign) in [("set", "="), ("add", "+=")] {
        for (_, item) in modifier.get(key).into_iter().flat_map(Node::items) {
            let (name, value) =
                (text(item, "name").unwrap_or_default(), text(item, "value").unwrap_or_default());
            words.push(format!("{key} {name}{sign}{value}"));
        }
    }
    words.extend(texts(modifier, "remove").into_iter().map(|name| format!("remove {name}")));
    words
}

fn redirect(redirect: &Node<'_>) -> Vec<String> {
    let mut words = vec![integer(redirect, "statusCode").unwrap_or(302).to_string()];
    words.extend(text(redirect, "scheme").map(|scheme| format!("scheme {scheme}")));
    words.extend(text(redirect, "hostname").map(|hostname| format!("hostname {hostname}")));
    words.extend(integer(redirect, "port").map(|port| format!("port {port}")));
    words.extend(redirect.get("path").and_then(path));
    words
}

fn rewrite(rewrite: &Node<'_>) -> Vec<String> {
    let hostname = text(rewrite, "hostname").map(|hostname| format!("hostname {hostname}"));
    hostname.into_iter().chain(rewrite.get("path").and_then(path)).collect()
}

fn path(path: &Node<'_>) -> Option<String> {
    let full = text(path, "replaceFullPath").map(|path| format!("path {path}"));
    full.or_else(|| text(path, "replacePrefixMatch").map(|path| format!("prefix becomes {path}")))
}

fn mirror(mirror: &Node<'_>) -> Vec<String> {
    let mut words: Vec<_> =
        mirror.get("backendRef").map(|backend| format!("to {}", named(backend))).into_iter().collect();
    words.extend(integer(mirror, "percent").map(|percent| format!("{percent} %")));
    words.extend(mirror.get("fraction").map(|fraction| {
        let whole = integer(fraction, "denominator").unwrap_or(100);
        format!("{} of {whole}", integer(fraction, "numerator").unwrap_or_default())
    }));
    words
}

fn cors(cors: &Node<'_>) -> Vec<String> {
    let list = |key: &str, word: &str| {
        let found = texts(cors, key);
        (!found.is_empty()).then(|| format!("{word} {}", found.join(" ")))
    };
    let lists = [("allowOrigins", "origins"), ("allowMethods", "methods"), ("allowHeaders", "headers")];
    let mut words: Vec<_> = lists.into_iter().filter_map(|(key, word)| list(key, word)).collect();
    let credentials = cors.get("allowCredentials").and_then(Node::as_bool) == Some(true);
    words.extend(credentials.then(|| "credentials".to_owned()));
    words
}

fn auth(auth: &Node<'_>) -> Vec<String> {
    let asked = auth.get("backendRef").map(|backend| format!("asks {}", named(backend)));
    asked.into_iter().chain(text(auth, "protocol").map(|protocol| format!("by {protocol}"))).collect()
}

/// `Kind namespace/name:port`, without what a Service of the route's namespace leaves out.
fn named(reference: &Node<'_>) -> String {
    let kind = text(reference, "kind").filter(|kind| *kind != "Service");
    let kind = kind.map_or_else(String::new, |kind| format!("{kind} "));
    let namespace =
        text(reference, "namespace").map_or_else(String::new, |namespace| format!("{namespace}/"));
    let port = integer(reference, "port").map_or_else(String::new, |port| format!(":{port}"));
    format!("{kind}{namespace}{}{port}", text(reference, "name").unwrap_or_default())
}

fn texts<'n>(node: &'n Node<'_>, key: &str) -> Vec<&'n str> {
    node.get(key).into_iter().flat_map(Node::items).filter_map(|(_, item)| item.as_text()).collect()
}

fn integer(node: &Node<'_>, key: &str) -> Option<i64> {
    node.get(key).and_then(Node::as_integer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::json;

    fn of(json: &str) -> String {
        words(&json::read(json).expect("the test's own JSON"))
    }

    #[test]
    fn says_what_a_filter_does() {
        for (json, expected) in [
            (
                r#"{"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [{"name": "a", "value": "b"}],
                    "add": [{"name": "c", "value": "d"}], "remove": ["e"]}}"#,
                "RequestHeaderModifier (set a=b, add c+=d, remove e)",
            ),
            (
                r#"{"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "statusCode": 301}}"#,
                "RequestRedirect (301, scheme https)",
            ),
            (
                r#"{"type": "RequestRedirect", "requestRedirect": {"port": 8443}}"#,
                "RequestRedirect (302, port 8443)",
            ),
            (
                r#"{"type": "URLRewrite", "urlRewrite": {"hostname": "a.example.com",
                    "path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/v2"}}}"#,
                "URLRewrite (hostname a.example.com, prefix becomes /v2)",
            ),
            (
                r#"{"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "b", "port": 80}, "percent": 5}}"#,
                "RequestMirror (to b:80, 5 %)",
            ),
            (
                r#"{"type": "CORS", "cors": {"allowOrigins": ["https://a.example.com"], "allowCredentials": true}}"#,
                "CORS (origins https://a.example.com, credentials)",
            ),
            (
                r#"{"type": "ExtensionRef", "extensionRef": {"group": "example.com", "kind": "Filter", "name": "f"}}"#,
                "ExtensionRef (Filter f)",
            ),
            (r#"{"type": "ExternalAuth"}"#, "ExternalAuth"),
        ] {
            assert_eq!(of(json), expected);
        }
    }
}
