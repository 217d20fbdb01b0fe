//! Endpoints in place of a backend's name: each becomes a service of its own.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Endpoint, Expansion, Host, HostHeader, Metadata, Protocol, Service, ServiceOrigin};
use crate::hash::fnv1a;
use crate::hostname::LABEL_MAX;
use crate::release::Kind;

/// Services made of endpoints, as routes name them.
pub(super) struct Inline<'v> {
    /// Namespace of routes that name none.
    release: &'v str,
    services: Vec<Service<'v>>,
    known: BTreeMap<(Host<'v>, u16, &'v str, Protocol), usize>,
}

impl<'v> Inline<'v> {
    pub(super) fn new(release: &'v str) -> Self {
        Self { release, services: Vec::new(), known: BTreeMap::new() }
    }

    /// The service of an endpoint, counted among the inline ones: routes of one namespace and protocol that
    /// name the same endpoint share it.
    pub(super) fn index_of(
        &mut self,
        endpoint: Endpoint<'v>,
        port: Option<u16>,
        (kind, namespace): (Kind, Option<&'v str>),
    ) -> usize {
        let protocol = match kind {
            Kind::GrpcRoute => Protocol::Grpc,
            Kind::TlsRoute => Protocol::Tls,
            Kind::TcpRoute => Protocol::Tcp,
            Kind::UdpRoute => Protocol::Udp,
            _ => Protocol::Http,
        };
        let port = endpoint.port.or(port).unwrap_or(if protocol == Protocol::Tls { 443 } else { 80 });
        let key = (endpoint.host.clone(), port, namespace.unwrap_or(self.release), protocol);
        *self.known.entry(key).or_insert_with(|| {
            self.services.push(Service {
                name: Cow::Owned(name(&endpoint.host, port, protocol)),
                port,
                protocol,
                path: endpoint.path.clone(),
                endpoints: vec![endpoint],
                expansion: Expansion::Auto,
                host_header: HostHeader::Auto,
                tls: None,
                origin: ServiceOrigin::InPlace,
                namespace,
                metadata: Metadata::default(),
            });
            self.services.len() - 1
        })
    }

    /// Adds a service that no other route shares, and counts it among the inline ones.
    pub(super) fn push(&mut self, service: Service<'v>) -> usize {
        self.services.push(service);
        self.services.len() - 1
    }

    /// Puts them behind the written services.
    pub(super) fn append_to(self, services: &mut Vec<Service<'v>>) {
        services.extend(self.services);
    }
}

/// Bytes of a hyphen and eight hexadecimal digits.
const HASH: usize = 9;

/// `legacy.example.com:8080` as `legacy-example-com-8080`: a DNS label with a letter first.
///
/// A host with hyphens of its own gets a hash, since its dots become hyphens too; so does one that must be
/// cut. Protocols other than HTTP are named, since one endpoint may speak several.
fn name(host: &Host<'_>, port: u16, protocol: Protocol) -> String {
    let host = host.to_string();
    let mut name: String = host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        name.insert_str(0, "ip-");
    }
    let mut suffix = format!("-{port}");
    if protocol != Protocol::Http {
        suffix = format!("{suffix}-{}", protocol.word().to_ascii_lowercase());
    }
    if host.contains('-') || name.len() + suffix.len() > LABEL_MAX {
        name.truncate(LABEL_MAX - suffix.len() - HASH);
        let hash = fnv1a(host.bytes()) >> 32;
        name = format!("{}-{hash:08x}", name.trim_end_matches('-'));
    }
    name.push_str(&suffix);
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hostname::Hostname;

    fn named(host: &str) -> String {
        let host = match host.parse() {
            Ok(ip) => Host::Ip(ip),
            Err(_) => Host::Name(Hostname::parse(host).expect("a host name").0),
        };
        name(&host, 80, Protocol::Http)
    }

    #[test]
    fn different_hosts_have_different_names() {
        let hosts =
            ["a.b.c", "a-b.c", "a.b-c", "a-b-c", "1.2.3.4", "ip-1-2-3-4", "ip.1.2.3.4a", "2001:db8::1"];
        let names: std::collections::BTreeSet<_> = hosts.iter().map(|host| named(host)).collect();
        assert_eq!(names.len(), hosts.len(), "{names:?}");
        assert_eq!(named("legacy.example.com"), "legacy-example-com-80");
        assert!(named(&format!("{}.example.com", "a".repeat(60))).len() <= LABEL_MAX);
    }
}
