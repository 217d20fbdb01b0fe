//! `tenantClusters`: Kubernetes APIs of tenants behind a listener that passes TLS through.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::endpoint::Endpoint;
use super::inline::Inline;
use super::read::{entries, hostname, metadata, port};
use super::sections::{ANNOTATIONS, LABELS};
use super::shape::{Field, List, Object, PORT, Shape, Unique};
use super::walk::MISSING_KEY;
use super::{
    BackendName, BackendRef, Expansion, Gateway, HostHeader, Protocol, Route, Rule, Service, ServiceOrigin,
    is_dns_label, text,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::release::Kind;
use crate::tree::Node;

/// Two clusters have the same host name.
const HOSTNAME_TWICE: Code = Code("hostname-twice");
/// The name that the certificate of a tenant's API server must have.
const CERTIFICATE_NAME_NEEDED: Code = Code("certificate-name-needed");

/// The port of a Kubernetes API server.
const API_PORT: u16 = 6443;

/// The listener that TLS passes through where the Gateway's are derived.
pub const PASSTHROUGH_LISTENER: &str = "tls-passthrough";

/// What the rule of a tenant's route says beside its backend.
static NOTHING: Node<'static> = Node::NULL;

/// `tenantClusters`: two of one name may stand in two namespaces.
pub(super) static TENANT_CLUSTERS: List =
    List { of: Shape::Object(&TENANT_CLUSTER), bound: None, unique: Unique::Nothing, indexed: true };

static TENANT_CLUSTER: Object = Object {
    name: "tenantCluster",
    doc: "The Kubernetes API of a tenant's cluster, reached under a host name of its own by TLS passthrough.",
    fields: &[
        Field::new("name", Shape::Text(&text::DNS_LABEL), "its name, unique in its namespace").required(),
        Field::new(
            "addresses",
            Shape::List(&ADDRESSES),
            "where its API servers are: IP addresses, with a port if it is another than `port`",
        )
        .required(),
        Field::new("port", PORT, "port of its API servers and of its Service").default("6443"),
        Field::new(
            "namespace",
            Shape::Text(&text::DNS_LABEL),
            "the namespace of its objects; becomes a part of its host name; default the release's",
        ),
        Field::new(
            "hostname",
            Shape::Text(&text::EXACT_HOSTNAME),
            "its host name; default `<name>-cp.<baseDomain>`, with a namespace `<name>-cp-<namespace>.<baseDomain>`",
        ),
        Field::new("gateway", Shape::Text(&text::OBJECT_NAME), "the Gateway; default the only one"),
        Field::new(
            "sectionName",
            Shape::Text(&text::OBJECT_NAME),
            "the listener; default the first that passes TLS through",
        ),
        Field::new("labels", Shape::Map(&LABELS), "labels of its objects"),
        Field::new("annotations", Shape::Map(&ANNOTATIONS), "annotations of its objects"),
    ],
};

static ADDRESSES: List =
    List { of: Shape::Text(&text::NOT_EMPTY), bound: None, unique: Unique::Items, indexed: true };

/// The route of every tenant cluster, whose service joins those of endpoints in place.
pub(super) fn routes<'v>(
    root: &'v Node<'v>,
    gateways: &[Gateway<'v>],
    inline: &mut Inline<'v>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Route<'v>> {
    let domain = hostname(root.get("baseDomain"));
    let mut routes: Vec<Route<'v>> = Vec::new();
    let mut owners: BTreeMap<Hostname<'v>, Path> = BTreeMap::new();
    for (path, node) in entries(root.get("tenantClusters"), "tenantClusters") {
        let Some(route) = route(node, path, domain.as_ref(), gateways, inline, out) else { continue };
        for hostname in &route.hostnames {
            if let Some(first) = owners.insert(hostname.clone(), route.path.clone()) {
                let message = format!("`{hostname}` is the host name of {first} too");
                out.push(
                    Diagnostic::error(HOSTNAME_TWICE, route.path.clone(), message)
                        .hint("give one of them a `hostname` of its own"),
                );
            }
        }
        routes.push(route);
    }
    routes
}

fn route<'v>(
    node: &'v Node<'v>,
    path: Path,
    domain: Option<&Hostname<'v>>,
    gateways: &[Gateway<'v>],
    inline: &mut Inline<'v>,
    out: &mut Vec<Diagnostic>,
) -> Option<Route<'v>> {
    let word = |key: &str| node.get(key).and_then(Node::as_text);
    let name = word("name").filter(|name| is_dns_label(name))?;
    let namespace = word("namespace");
    let hostname = hostname(node.get("hostname")).or_else(|| derived(name, namespace, domain, &path, out))?;
    out.push(
        Diagnostic::info(
            CERTIFICATE_NAME_NEEDED,
            path.clone(),
            format!("TLS passes through, so the API servers' certificate must have the name `{hostname}`"),
        )
        .hint("add it to the API servers' certificate, with kubeadm `apiServer.certSANs`"),
    );
    let at = path.key("addresses");
    let items = || node.get("addresses").into_iter().flat_map(Node::items);
    if node.get("addresses").is_some() && items().next().is_none() {
        let message = "no addresses, but a cluster has at least one API server";
        out.push(
            Diagnostic::error(MISSING_KEY, at.clone(), message)
                .hint("give the IP addresses of its API servers"),
        );
    }
    let endpoints: Vec<_> =
        items().filter_map(|(index, item)| Endpoint::read(item, at.index(index), out)).collect();
    let object = format!("{name}-cp");
    let port = port(node.get("port")).unwrap_or(API_PORT);
    let service = inline.push(Service {
        name: Cow::Owned(object.clone()),
        port,
        protocol: Protocol::Tls,
        endpoints,
        expansion: Expansion::Grouped,
        host_header: HostHeader::Preserve,
        tls: None,
        origin: ServiceOrigin::TenantCluster,
        namespace,
        metadata: metadata(node),
        path: path.clone(),
    });
    let backend = BackendRef {
        backend: BackendName::Inline(service),
        port: None,
        namespace: None,
        weight: 1,
        kind: None,
        group: None,
        filters: Vec::new(),
        path: path.clone(),
    };
    Some(Route {
        name: Cow::Owned(object),
        kind: Kind::TlsRoute,
        gateway: word("gateway"),
        section_name: Some(word("sectionName").unwrap_or_else(|| listener(word("gateway"), gateways))),
        parent_refs: Vec::new(),
        namespace,
        hostnames: vec![hostname],
        rules: vec![Rule {
            node: &NOTHING,
            matches: Vec::new(),
            filters: Vec::new(),
            backend_refs: vec![backend],
            path: path.clone(),
        }],
        use_default_gateways: None,
        is_tenant: true,
        metadata: metadata(node),
        path,
    })
}

/// Two tenants of one name in two namespaces have two host names, and neither changes when the other comes.
fn derived<'v>(
    name: &str,
    namespace: Option<&str>,
    domain: Option<&Hostname<'v>>,
    path: &Path,
    out: &mut Vec<Diagnostic>,
) -> Option<Hostname<'v>> {
    let Some(domain) = domain else {
        let message = "`baseDomain` is missing: the domain below which tenant clusters have their host names";
        out.push(
            Diagnostic::error(MISSING_KEY, path.clone(), message)
                .hint("set `baseDomain: example.com`, or give the cluster a `hostname`"),
        );
        return None;
    };
    // It is refused where it stands.
    if domain.is_wildcard() {
        return None;
    }
    let namespace = namespace.map_or_else(String::new, |namespace| format!("-{namespace}"));
    let made = format!("{name}-cp{namespace}.{domain}");
    match Hostname::parse(&made) {
        Ok((hostname, _)) => Some(hostname.into_owned()),
        Err(fault) => {
            let message = format!("its host name would be `{made}`, which {fault}");
            out.push(Diagnostic::error(super::BAD_VALUE, path.clone(), message).hint("give it a `hostname`"));
            None
        }
    }
}

/// The first listener that passes TLS through, of the Gateway that is meant.
fn listener<'v>(gateway: Option<&str>, gateways: &[Gateway<'v>]) -> &'v str {
    let meant = gateways.iter().filter(|found| gateway.is_none() || found.name == gateway);
    let mut listeners = meant.flat_map(|gateway| gateway.listeners.iter().flatten());
    let passes = listeners.find(|listener| {
        let mode = listener.tls.and_then(|tls| tls.get("mode")).and_then(Node::as_text);
        listener.protocol == "TLS" && mode == Some("Passthrough")
    });
    passes.map_or(PASSTHROUGH_LISTENER, |listener| listener.name)
}
