//! A request as a user writes it: what is none is refused, with what was found and what is expected.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::hostname::{Hostname, HostnameFault};

/// A host, and the port where one was written behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// The name in lower case, or an address; an IPv6 one in brackets.
    pub host: String,
    /// The port.
    pub port: Option<i64>,
}

/// Reads a Host header: a name or an address, with or without a port.
///
/// # Errors
/// What is wrong, in words.
pub fn host(text: &str) -> Result<Authority, String> {
    if let Some(fault) = url(text) {
        return Err(fault);
    }
    if let Some((host, rest)) = text.split_once('/') {
        return Err(format!("a host has no path: the host is `{host}`, the path `/{rest}`"));
    }
    // An IPv6 address may stand without its brackets where there is no port.
    if let Ok(address) = text.parse::<Ipv6Addr>() {
        return Ok(Authority { host: format!("[{address}]"), port: None });
    }
    if let Some((inside, behind)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let address = inside.parse::<Ipv6Addr>().map_err(|_| format!("`{inside}` is no IPv6 address"))?;
        let port = match behind.strip_prefix(':') {
            Some(digits) => Some(port(digits)?),
            None if behind.is_empty() => None,
            None => return Err(format!("`{behind}` is no port: write `[{address}]:N`")),
        };
        return Ok(Authority { host: format!("[{address}]"), port });
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, digits)) => (host, Some(port(digits)?)),
        None => (text, None),
    };
    if host.parse::<Ipv4Addr>().is_ok() {
        return Ok(Authority { host: host.to_owned(), port });
    }
    Ok(Authority { host: name(host)?, port })
}

/// Reads the name in a TLS handshake.
///
/// # Errors
/// What is wrong, in words.
pub fn sni(text: &str) -> Result<String, String> {
    let Authority { host, port } = host(text)?;
    if port.is_some() {
        return Err(format!(
            "a handshake names no port: the name is `{host}`, and `port` is a word of its own"
        ));
    }
    // Source: RFC 6066, section 3.
    if host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok() {
        return Err("a handshake names no address: leave it out".to_owned());
    }
    Ok(host)
}

/// Reads a path, with or without a query.
///
/// # Errors
/// What is wrong, in words.
pub fn path(text: &str) -> Result<String, String> {
    if let Some(fault) = url(text) {
        return Err(fault);
    }
    if !text.starts_with('/') {
        return Err(format!("a path starts with `/`: write `/{text}`"));
    }
    sent(text)?;
    Ok(text.to_owned())
}

/// Reads a method.
///
/// # Errors
/// What is wrong, in words.
pub fn method(text: &str) -> Result<String, String> {
    // Methods are compared with case: RFC 9110, section 9.1.
    if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return Err(format!("methods are upper case: write `{}`", text.to_ascii_uppercase()));
    }
    if !is_token(text) {
        return Err("a method is a word such as `GET` or `POST`".to_owned());
    }
    Ok(text.to_owned())
}

/// Reads a header, `name: value`.
///
/// # Errors
/// What is wrong, in words.
pub fn header(text: &str) -> Result<(String, String), String> {
    if text.starts_with(':') {
        return Err(
            "what HTTP/2 sends as `:…` are host, path and method, which have words of their own".to_owned()
        );
    }
    let Some((name, value)) = text.split_once(':') else {
        return Err(match text.split_once('=') {
            Some((name, value)) => format!("write it as NAME:VALUE: `{name}:{value}`"),
            None => "write it as NAME:VALUE".to_owned(),
        });
    };
    let (name, value) = (name.trim(), value.trim());
    if !is_token(name) {
        return Err(format!("`{name}` is no name of a header: letters, digits and `-` belong there"));
    }
    if name.eq_ignore_ascii_case("host") {
        return Err(format!("the Host header has a word of its own: the host is `{value}`"));
    }
    if value.chars().any(|character| character.is_control() && character != '\t') {
        return Err("a header's value holds no control characters".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}

/// Reads a query parameter, `name=value`.
///
/// # Errors
/// What is wrong, in words.
pub fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    if name.is_empty() || name.starts_with('?') {
        return Err("write it as NAME=VALUE, without `?`".to_owned());
    }
    if text.contains('&') {
        return Err(
            "one parameter each: give each by itself, or write `%26` for an `&` in a value".to_owned()
        );
    }
    sent(text)?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Reads the name of a Gateway, `namespace/name`.
///
/// # Errors
/// What is wrong, in words.
pub fn gateway(text: &str) -> Result<(String, String), String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    let is_name = |part: &str| !part.is_empty() && part.bytes().all(allowed);
    match text.split_once('/') {
        Some((namespace, name)) if is_name(namespace) && is_name(name) => {
            Ok((namespace.to_owned(), name.to_owned()))
        }
        _ => Err("write it as NAMESPACE/NAME, both as in its metadata".to_owned()),
    }
}

/// What somebody means who gives a whole URL.
fn url(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://").filter(|(scheme, _)| is_token(scheme))?;
    let at = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(at);
    let path = match path {
        "" => String::new(),
        path if path.starts_with('/') => format!(", the path `{path}`"),
        query => format!(", the path `/{query}`"),
    };
    let usual =
        !host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let port = if scheme.eq_ignore_ascii_case("https") && usual { ", the port 443" } else { "" };
    Some(format!("this is a URL: the host is `{host}`{path}{port}"))
}

fn port(digits: &str) -> Result<i64, String> {
    let number = digits.parse::<u16>().ok().filter(|port| *port > 0);
    number.map(i64::from).ok_or_else(|| format!("`{digits}` is no port: 1 to 65535"))
}

fn name(text: &str) -> Result<String, String> {
    let canonical = |text: &str| match Hostname::parse(text) {
        Ok((name, _)) if name.is_wildcard() => {
            Err(format!("a request is for one host: write one such as `{}`", text.replacen('*', "a", 1)))
        }
        Ok((name, _)) => Ok(name.as_str().to_owned()),
        Err(HostnameFault::Character(' ')) => Err("it has a space, which no host name may hold".to_owned()),
        Err(fault) => Err(format!("it {fault}")),
    };
    // No name of Gateway API has an underscore, but clients send such names, and wildcards cover them.
    if text.contains('_') {
        canonical(&text.replace('_', "x"))?;
        return Ok(text.to_ascii_lowercase());
    }
    canonical(text)
}

/// Whether a client can send these characters of a URL as they are.
fn sent(text: &str) -> Result<(), String> {
    if let Some((before, _)) = text.split_once('#') {
        return Err(format!("what follows `#` is never sent: write `{before}`"));
    }
    let odd = |character: char| !character.is_ascii_graphic();
    if !text.contains(odd) {
        return Ok(());
    }
    let mut encoded = String::with_capacity(text.len());
    for character in text.chars() {
        if odd(character) {
            let mut bytes = [0; 4];
            let bytes = character.encode_utf8(&mut bytes).bytes();
            encoded.extend(bytes.map(|byte| format!("%{byte:02X}")));
        } else {
            encoded.push(character);
        }
    }
    Err(format!("clients send spaces and letters beyond ASCII encoded: write `{encoded}`"))
}

/// Source: RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_as_clients_send_them() {
        for (text, name, port) in [
            ("Shop.Example.com", "shop.example.com", None),
            ("shop.example.com.", "shop.example.com", None),
            ("shop.example.com:8443", "shop.example.com", Some(8443)),
            ("a_b.example.com", "a_b.example.com", None),
            ("bücher.example", "xn--bcher-kva.example", None),
            ("192.0.2.1:80", "192.0.2.1", Some(80)),
            ("2001:DB8::1", "[2001:db8::1]", None),
            ("[2001:db8::1]:80", "[2001:db8::1]", Some(80)),
        ] {
            assert_eq!(host(text), Ok(Authority { host: name.to_owned(), port }), "{text}");
        }
    }

    #[test]
    fn what_is_no_host_is_told_from_what_is_meant() {
        for (text, said) in [
            ("", "is empty"),
            ("shop example.com", "has a space"),
            (
                "https://shop.example.com/cart?x=1",
                "the host is `shop.example.com`, the path `/cart?x=1`, the port 443",
            ),
            ("http://shop.example.com:8080", "the host is `shop.example.com:8080`"),
            ("shop.example.com/cart", "the host is `shop.example.com`, the path `/cart`"),
            ("*.example.com", "`a.example.com`"),
            ("a.com:0", "`0` is no port"),
            ("a.com:http", "`http` is no port"),
            ("[::1", "may hold"),
            ("[abc]", "no IPv6 address"),
            ("[::1]x", "`x` is no port"),
            ("a..b", "empty label"),
        ] {
            let fault = host(text).expect_err(text);
            assert!(fault.contains(said), "{text}: {fault}");
        }
        for (text, said) in [("a.com:443", "no port"), ("192.0.2.1", "no address"), ("::1", "no address")] {
            let fault = sni(text).expect_err(text);
            assert!(fault.contains(said), "{text}: {fault}");
        }
    }

    #[test]
    fn paths_are_those_that_a_client_sends() {
        assert_eq!(path("/a?x=1"), Ok("/a?x=1".to_owned()));
        for (text, said) in [
            ("cart", "write `/cart`"),
            ("", "write `/`"),
            ("/a#top", "write `/a`"),
            ("/a b", "write `/a%20b`"),
            ("/café", "write `/caf%C3%A9`"),
            ("http://a.com", "the host is `a.com`"),
        ] {
            let fault = path(text).expect_err(text);
            assert!(fault.contains(said), "{text}: {fault}");
        }
    }

    #[test]
    fn methods_headers_parameters_and_gateways_have_their_forms() {
        assert_eq!(method("PATCH"), Ok("PATCH".to_owned()));
        assert!(method("get").expect_err("lower case").contains("`GET`"));
        assert!(method("GET /").is_err() && method("").is_err());
        assert_eq!(header("X-A: b:c "), Ok(("X-A".to_owned(), "b:c".to_owned())));
        for (text, said) in [
            ("x-a=b", "`x-a:b`"),
            ("x-a", "NAME:VALUE"),
            ("x a: b", "no name"),
            (":path: /", "host, path and method"),
            ("Host: a.com", "the host is `a.com`"),
            ("x: a\nb", "control"),
        ] {
            let fault = header(text).expect_err(text);
            assert!(fault.contains(said), "{text}: {fault}");
        }
        assert_eq!(parameter("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        for text in ["a", "=b", "?a=b", "a=b&c=d", "a=b c", "a=#"] {
            assert!(parameter(text).is_err(), "{text}");
        }
        assert_eq!(gateway("a/b"), Ok(("a".to_owned(), "b".to_owned())));
        for text in ["a", "a/", "/b", "a/b/c", "A/b"] {
            assert!(gateway(text).is_err(), "{text}");
        }
    }
}
