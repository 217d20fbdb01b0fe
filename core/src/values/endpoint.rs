//! One place an external service is at: `host`, `host:port`, `192.0.2.1`, `[2001:db8::1]:8443`, or a map.

use core::net::IpAddr;

use super::walk::{BAD_VALUE, VALUE_MAPPED};
use super::words::quoted;
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::tree::{Node, Value};

/// An address that no upstream outside the cluster can have.
pub const UNREACHABLE_ADDRESS: Code = Code("unreachable-address");
/// A host name that means something inside the cluster or the pod.
pub const INTERNAL_HOSTNAME: Code = Code("internal-hostname");

/// One place a service is at.
#[derive(Clone, Debug)]
pub struct Endpoint<'v> {
    /// Its host.
    pub host: Host<'v>,
    /// Its port, if it names one; else the service's.
    pub port: Option<u16>,
    /// Its share among the service's endpoints.
    pub weight: u32,
    /// The name its certificate must have, if it has one of its own.
    pub tls_hostname: Option<Hostname<'v>>,
    /// Where it stands in the values.
    pub path: Path,
}

/// A host name or an IP address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Host<'v> {
    /// An IP address.
    Ip(IpAddr),
    /// An exact host name.
    Name(Hostname<'v>),
}

impl std::fmt::Display for Host<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ip(ip) => ip.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

impl<'v> Endpoint<'v> {
    /// Reads an endpoint; `None` after an error-level diagnostic.
    pub(super) fn read(node: &'v Node<'v>, path: Path, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.value {
            Value::Text(text) => {
                let (host, port) = split(text, &path, out)?;
                let host = read_host(host, &path, out)?;
                Some(Self { host, port, weight: 1, tls_hostname: None, path })
            }
            Value::Map(_) => {
                let text = node.get("host")?.as_text()?;
                let (host, port) = split(text, &path.key("host"), out)?;
                let host = read_host(host, &path.key("host"), out)?;
                let own_port =
                    node.get("port").and_then(Node::as_integer).and_then(|port| u16::try_from(port).ok());
                if let (Some(inner), Some(outer)) = (port, own_port)
                    && inner != outer
                {
                    let message = format!("`host` says port {inner}, `port` says {outer}");
                    out.push(Diagnostic::error(BAD_VALUE, path, message).hint("keep one of them"));
                    return None;
                }
                let weight = node
                    .get("weight")
                    .and_then(Node::as_integer)
                    .and_then(|weight| u32::try_from(weight).ok());
                let tls_hostname = node
                    .get("tlsHostname")
                    .and_then(Node::as_text)
                    .and_then(|name| Hostname::parse(name).ok());
                Some(Self {
                    host,
                    port: own_port.or(port),
                    weight: weight.unwrap_or(1),
                    tls_hostname: tls_hostname.map(|(name, _)| name),
                    path,
                })
            }
            _ => None,
        }
    }
}

/// Splits off the port.
fn split<'t>(text: &'t str, path: &Path, out: &mut Vec<Diagnostic>) -> Option<(&'t str, Option<u16>)> {
    let mut refuse = |why: String, hint: &'static str| {
        out.push(Diagnostic::error(BAD_VALUE, path.clone(), format!("{} {why}", quoted(text))).hint(hint));
        None
    };
    if text.is_empty() {
        // The walk has said so.
        return None;
    }
    if let Some((scheme, _)) = text.split_once("://") {
        let why = format!("starts with the scheme {}, where a host or host:port belongs", quoted(scheme));
        return refuse(why, "leave the scheme out and set the service's `protocol`");
    }
    if text.contains(['/', '?', '#']) {
        return refuse(
            "has a path, where a host or host:port belongs".to_owned(),
            "leave the path out; to send requests to a path use a URLRewrite filter",
        );
    }
    if text.contains('@') {
        return refuse("has user information, where a host or host:port belongs".to_owned(), "leave it out");
    }
    if text.parse::<IpAddr>().is_ok() {
        return Some((text, None));
    }
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let Some((host, after)) = rest.split_once(']') else {
            return refuse("has `[` without `]`".to_owned(), "write IPv6 with a port as `[2001:db8::1]:443`");
        };
        match after.strip_prefix(':') {
            Some(port) => (host, port),
            None if after.is_empty() => return Some((host, None)),
            None => return refuse(format!("has {} after `]`", quoted(after)), "write `[2001:db8::1]:443`"),
        }
    } else {
        match text.split_once(':') {
            None => return Some((text, None)),
            Some((_, rest)) if rest.contains(':') => {
                return refuse(
                    "has several colons and is no IPv6 address".to_owned(),
                    "write IPv6 with a port as `[2001:db8::1]:443`",
                );
            }
            Some(parts) => parts,
        }
    };
    let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    match port.parse::<u16>() {
        Ok(port) if digits && port > 0 => Some((host, Some(port))),
        _ => refuse(
            format!("has the port {}, but ports are 1 to 65535", quoted(port)),
            "give a port, or leave it out",
        ),
    }
}

fn read_host<'v>(host: &'v str, path: &Path, out: &mut Vec<Diagnostic>) -> Option<Host<'v>> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        let ip = ip.to_canonical();
        if let Some(what) = unreachable(ip) {
            let message = format!("{ip} is {what}, which no upstream outside the cluster can have");
            out.push(
                Diagnostic::error(UNREACHABLE_ADDRESS, path.clone(), message)
                    .source("Kubernetes v1.36, EndpointSlice validation of addresses")
                    .hint("give the address that nodes of the cluster can reach"),
            );
            return None;
        }
        return Some(Host::Ip(ip));
    }
    let (name, mapped) = match Hostname::parse(host) {
        Ok((name, _)) if name.is_wildcard() => {
            let message = format!("{} is a wildcard, where one host is meant", quoted(host));
            out.push(Diagnostic::error(BAD_VALUE, path.clone(), message));
            return None;
        }
        Ok(parsed) => parsed,
        Err(fault) => {
            out.push(Diagnostic::error(BAD_VALUE, path.clone(), format!("{} {fault}", quoted(host))));
            return None;
        }
    };
    if let Some(mapped) = mapped {
        out.push(Diagnostic::info(
            VALUE_MAPPED,
            path.clone(),
            format!("{} becomes `{name}`: {mapped}", quoted(host)),
        ));
    }
    let text = name.as_str();
    if text.rsplit('.').next().is_some_and(is_number) {
        let message = format!("{} ends in a number and is no IP address", quoted(host));
        out.push(
            Diagnostic::error(BAD_VALUE, path.clone(), message)
                .source("RFC 1123 2.1: a host name's last label is not all digits")
                .hint("give a host name, or an IPv4 address of four numbers up to 255"),
        );
        return None;
    }
    if text == "localhost"
        || text.ends_with(".localhost")
        || text == "cluster.local"
        || text.ends_with(".cluster.local")
        || text.rsplit('.').next() == Some("svc")
        || text == "ip6-localhost"
    {
        let message = format!(
            "`{text}` is a name inside the cluster or the gateway's own pod, not an upstream outside"
        );
        out.push(
            Diagnostic::warning(INTERNAL_HOSTNAME, path.clone(), message)
                .hint("refer to a Service of the cluster by a backendRef with its name and namespace"),
        );
    }
    Some(Host::Name(name))
}

/// What resolvers take for part of an IPv4 address: decimal, octal or hexadecimal digits.
fn is_number(label: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    label.bytes().all(|byte| byte.is_ascii_digit()) || label.strip_prefix("0x").is_some_and(digits)
}

/// What kind of unusable address it is.
fn unreachable(ip: IpAddr) -> Option<&'static str> {
    let link_local = match ip {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    };
    match ip {
        _ if ip.is_loopback() => Some("a loopback address"),
        _ if ip.is_unspecified() => Some("the unspecified address"),
        _ if ip.is_multicast() => Some("a multicast address"),
        _ if link_local => Some("a link-local address"),
        IpAddr::V4(v4) if v4.is_broadcast() => Some("the broadcast address"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, Option<u16>), Code> {
        let node = Node::bare(Value::Text(text.to_owned().into()));
        let mut out = Vec::new();
        match Endpoint::read(&node, Path::ROOT, &mut out) {
            Some(endpoint) => Ok((endpoint.host.to_string(), endpoint.port)),
            None => Err(out.first().expect("a refusal has a reason").code),
        }
    }

    #[test]
    fn reads_every_form() {
        for (text, host, port) in [
            ("api.example.com", "api.example.com", None),
            ("pve1:8006", "pve1", Some(8006)),
            ("192.0.2.10", "192.0.2.10", None),
            ("192.0.2.10:443", "192.0.2.10", Some(443)),
            ("2001:db8::1", "2001:db8::1", None),
            ("[2001:db8::1]", "2001:db8::1", None),
            ("[2001:db8::1]:8443", "2001:db8::1", Some(8443)),
            ("API.example.com", "api.example.com", None),
        ] {
            assert_eq!(read(text), Ok((host.to_owned(), port)), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_endpoint() {
        for text in [
            "http://a",
            "a/b",
            "a:0",
            "a:70000",
            "a:",
            "a:+1",
            "[::1",
            "[2001:db8::1]x",
            "a:b:c",
            "user@host",
            "*.a.com",
            "a_b",
            "256.1.1.1",
            "8080",
            "0x7f000001",
            "127.1",
        ] {
            assert_eq!(read(text), Err(BAD_VALUE), "{text}");
        }
        for text in
            ["127.0.0.1", "[::1]:80", "169.254.1.1", "224.0.0.1", "0.0.0.0", "fe80::1", "::ffff:127.0.0.1"]
        {
            assert_eq!(read(text), Err(UNREACHABLE_ADDRESS), "{text}");
        }
    }
}
