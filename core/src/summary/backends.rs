//! Upstreams, and what comes with them: policies, relays, grants, certificates, DNS records.

use serde::Serialize;

use super::{ObjectRef, object_ref, path, texts};
use crate::plan::{self, FormReason};
use crate::profile::Form;
use crate::tree::Node;
use crate::values::Endpoint;

/// What stands for one upstream, or several that share everything but the address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Backend {
    /// The service it belongs to.
    pub service: String,
    /// Its own name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// What it is, in words: `Backend (gateway.envoyproxy.io)`, `relay port 17947`.
    pub form: String,
    /// The relay's port; null for every other form.
    pub relay_port: Option<u16>,
    /// What its endpoints speak.
    pub protocol: &'static str,
    /// The port that routes refer to.
    pub port: u16,
    /// Where it is: `host:port` each.
    pub endpoints: Vec<String>,
    /// How the gateway encrypts to it; null: it does not.
    pub tls: Option<BackendTls>,
    /// The word of the profile that decided.
    pub profile: &'static str,
    /// Why it has this form.
    pub why: String,
    /// Where the fact behind that is written down; empty where no fact decided.
    pub source: &'static str,
    /// The value it came from.
    pub path: String,
}

/// How a gateway encrypts to an upstream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackendTls {
    /// SNI and name of the certificate; null only where that is not checked.
    pub hostname: Option<String>,
    /// Whether the certificate is checked.
    pub verified: bool,
}

/// A BackendTLSPolicy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TlsPolicy {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// What it is for.
    pub target: ObjectRef,
    /// SNI and name of the certificate.
    pub hostname: String,
    /// Whether the controller holds the name against the certificate, as far as is known.
    pub name_checked: bool,
    /// Who signed it: `System`, or names of ConfigMaps and the like.
    pub certificate_authorities: Vec<String>,
    /// The value it came from.
    pub path: String,
}

/// Envoy Gateway's HTTPRouteFilter that sets each request's Host to the chosen endpoint's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HostFilter {
    /// Its name, which is its route's.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The value it came from.
    pub path: String,
}

/// A ReferenceGrant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// Its name.
    pub name: String,
    /// The namespace of what is referred to.
    pub namespace: String,
    /// The namespace that refers.
    pub from_namespace: String,
    /// Kinds that refer.
    pub from_kinds: Vec<&'static str>,
    /// What is referred to.
    pub to: ObjectRef,
    /// The value it came from.
    pub path: String,
}

/// A Certificate of cert-manager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// Its name, and its Secret's.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Names it is for.
    pub dns_names: Vec<String>,
    /// Kind and name of its issuer.
    pub issuer: String,
    /// The value it came from.
    pub path: String,
}

/// A DNSEndpoint of external-dns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DnsRecords {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Names it has records for.
    pub hostnames: Vec<String>,
    /// Time to live, in seconds.
    pub ttl: i64,
    /// What each of the names points to.
    pub records: Vec<Record>,
    /// The value it came from.
    pub path: String,
    /// Namespace and name of the Gateway whose addresses they point to; none where they point to `dns.targets`.
    #[serde(skip)]
    pub(super) gateway: Option<(String, String)>,
}

/// Records of one type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// `A`, `AAAA` or `CNAME`.
    #[serde(rename = "type")]
    pub record_type: &'static str,
    /// What they point to.
    pub targets: Vec<String>,
}

/// A relay: one Deployment of Envoy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Relay {
    /// Base name of its objects.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Number of pods.
    pub replicas: i64,
    /// What it carries, by port.
    pub upstreams: Vec<Upstream>,
    /// The value it came from.
    pub path: String,
}

/// What one port of a relay leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Upstream {
    /// The port.
    pub port: u16,
    /// `host:port` of each endpoint.
    pub endpoints: Vec<String>,
}

pub(super) fn backend(backend: &plan::Backend<'_>) -> Backend {
    let plan::Backend {
        name,
        namespace,
        form,
        profile,
        reason: _,
        service,
        endpoints,
        tls,
        relay_port,
        service_type: _,
    } = backend;
    let address =
        |endpoint: &&Endpoint<'_>| address(&endpoint.host.to_string(), endpoint.port.unwrap_or(service.port));
    let (why, source) = why(backend);
    let tls = tls.as_ref().map(|plan::BackendTls { hostname, skip_verify }| BackendTls {
        hostname: hostname.as_ref().map(ToString::to_string),
        verified: !skip_verify,
    });
    Backend {
        service: service.name.to_string(),
        name: name.to_string(),
        namespace: (*namespace).to_owned(),
        form: words(*form, *relay_port),
        relay_port: (*form == Form::Relay).then_some(*relay_port),
        protocol: service.protocol.word(),
        port: service.port,
        endpoints: endpoints.iter().map(address).collect(),
        tls,
        profile: profile.word,
        why,
        source,
        path: path(&service.path),
    }
}

/// An IPv6 address stands in brackets before its port.
fn address(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

fn words(form: Form, relay_port: u16) -> String {
    if form == Form::Relay { format!("relay port {relay_port}") } else { form.words().to_owned() }
}

/// Why a backend has its form, and where the fact behind that is written down.
fn why(backend: &plan::Backend<'_>) -> (String, &'static str) {
    let profile = backend.profile;
    match &backend.reason {
        FormReason::HostName if backend.form == Form::Relay => (
            format!("{} reaches no host name outside the cluster by itself", profile.title),
            profile.dns.source,
        ),
        FormReason::HostName => {
            (format!("so {} reaches a host name outside the cluster", profile.title), profile.dns.source)
        }
        FormReason::Address => {
            (format!("so {} reaches an IP address outside the cluster", profile.title), profile.ip.source)
        }
        FormReason::Misfit(misfit) => (format!("{}, for {}", misfit.why, profile.title), misfit.source),
        FormReason::Unchecked => (
            format!("only so does {} leave the certificate unchecked", profile.title),
            profile.skip_verify.source,
        ),
        FormReason::Shared => {
            ("the controller of another Gateway needs the relay, and one Service serves both".to_owned(), "")
        }
        FormReason::Asked => match backend.form {
            Form::Relay => ("`externalHostnames: relay`".to_owned(), ""),
            Form::ExternalName => {
                ("`externalHostnames: externalName`".to_owned(), profile.external_name.source)
            }
            Form::XBackend => ("`externalHostnames: xbackend`".to_owned(), plan::X_BACKEND_SOURCE),
            _ => ("`externalHostnames: backend`".to_owned(), profile.vendor.source),
        },
    }
}

pub(super) fn tls_policy(policy: &plan::TlsPolicy<'_>) -> TlsPolicy {
    let plan::TlsPolicy { name, namespace, target, hostname, name_checked, service } = policy;
    let refs = service.tls.as_ref().map(|tls| tls.ca_certificate_refs.as_slice()).unwrap_or_default();
    let mut authorities: Vec<String> =
        refs.iter().filter_map(|node| node.get("name")?.as_text()).map(str::to_owned).collect();
    if refs.is_empty() {
        let well_known = service.tls.as_ref().and_then(|tls| tls.well_known);
        authorities.push(well_known.unwrap_or("System").to_owned());
    }
    TlsPolicy {
        name: name.to_string(),
        namespace: (*namespace).to_owned(),
        target: object_ref(target),
        hostname: hostname.to_string(),
        name_checked: *name_checked,
        certificate_authorities: authorities,
        path: path(&service.path),
    }
}

pub(super) fn host_filter(filter: &plan::HostFilter<'_>) -> HostFilter {
    let plan::HostFilter { name, namespace, path: at } = filter;
    HostFilter { name: name.to_string(), namespace: (*namespace).to_owned(), path: path(at) }
}

pub(super) fn grant(grant: &plan::Grant<'_>) -> Grant {
    let plan::Grant { name, namespace, from_namespace, from_kinds, to, path: at } = grant;
    Grant {
        name: name.to_string(),
        namespace: namespace.to_string(),
        from_namespace: (*from_namespace).to_owned(),
        from_kinds: from_kinds.iter().map(|kind| kind.newest().kind).collect(),
        to: object_ref(to),
        path: path(at),
    }
}

pub(super) fn certificate(certificate: &plan::Certificate<'_>) -> Certificate {
    let plan::Certificate { name, namespace, dns_names, issuer_ref, organization: _, path: at } = certificate;
    let text = |key: &str, default: &'static str| {
        issuer_ref.get(key).and_then(Node::as_text).unwrap_or(default).to_owned()
    };
    Certificate {
        name: name.to_string(),
        namespace: (*namespace).to_owned(),
        dns_names: texts(dns_names),
        issuer: format!("{} {}", text("kind", "Issuer"), text("name", "")),
        path: path(at),
    }
}

pub(super) fn dns_records(dns: &plan::DnsRecords<'_>, gateways: &[plan::Gateway<'_>]) -> DnsRecords {
    let plan::DnsRecords { name, namespace, hostnames, ttl, records, gateway, path: at } = dns;
    let gateway = gateway.and_then(|at| gateways.get(at));
    DnsRecords {
        name: name.to_string(),
        namespace: (*namespace).to_owned(),
        hostnames: texts(hostnames),
        ttl: *ttl,
        records: records
            .iter()
            .map(|(record_type, targets)| Record { record_type, targets: texts(targets) })
            .collect(),
        path: path(at),
        gateway: gateway.map(|gateway| (gateway.namespace.to_owned(), gateway.name.to_string())),
    }
}

pub(super) fn relay(relay: &plan::Relay<'_>) -> Relay {
    let plan::Relay { name, namespace, settings, upstreams, path: at } = relay;
    let upstream = |(port, upstream): (&u16, &plan::Upstream)| Upstream {
        port: *port,
        endpoints: upstream.endpoints.iter().map(|(host, port)| address(host, *port)).collect(),
    };
    Relay {
        name: name.clone(),
        namespace: (*namespace).to_owned(),
        replicas: settings.replicas,
        upstreams: upstreams.iter().map(upstream).collect(),
        path: path(at),
    }
}
