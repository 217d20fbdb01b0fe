//! Services without selector, ExternalName Services, Envoy Gateway's Backends and Istio's ServiceEntries, read as
//! what they stand for.

use std::collections::BTreeMap;

use super::super::objects::{Object, Objects};
use super::super::{metadata, shorter};
use super::{Reference, Upstream, Way};
use crate::diagnostic::Diagnostic;
use crate::release::{GATEWAY_GROUP, Kind, Target};
use crate::tree::Node;

/// Objects by what refers to them.
pub(super) struct Reader<'r, 'a> {
    objects: &'r Objects<'a>,
    target: Target,
    /// EndpointSlices by namespace and Service.
    slices: BTreeMap<(&'r str, &'r str), Vec<usize>>,
    /// BackendTLSPolicies by namespace, and kind and name of their only target.
    policies: BTreeMap<(&'r str, &'r str, &'r str), usize>,
    /// ServiceEntries by their first host.
    entries: BTreeMap<&'r str, usize>,
}

/// What of an object becomes an entry.
struct Found<'a> {
    port: i64,
    /// Word of the values; none where the port's name is none.
    protocol: Option<String>,
    endpoints: Vec<Node<'a>>,
    way: Option<Way>,
    objects: Vec<usize>,
}

impl<'r, 'a> Reader<'r, 'a> {
    pub(super) fn new(objects: &'r Objects<'a>, target: Target) -> Self {
        let (mut slices, mut policies, mut entries) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let istio = Kind::IstioServiceEntry.newest();
        for (index, object) in objects.list.iter().enumerate() {
            if object.is("discovery.k8s.io", "EndpointSlice") {
                let labels = object.metadata("labels");
                let service = labels.and_then(|labels| labels.get("kubernetes.io/service-name")?.as_text());
                if let Some(service) = service {
                    slices.entry((object.namespace(), service)).or_insert_with(Vec::new).push(index);
                }
            } else if object.is(GATEWAY_GROUP, "BackendTLSPolicy") {
                let targets = object.spec("targetRefs").and_then(Node::as_list).unwrap_or_default();
                if let [target] = targets
                    && let Some((kind, name)) = target.get("kind").zip(target.get("name"))
                    && let Some((kind, name)) = kind.as_text().zip(name.as_text())
                {
                    policies.insert((object.namespace(), kind, name), index);
                }
            } else if object.is(istio.group(), istio.kind)
                && let Some(host) = first(object.spec("hosts")).and_then(Node::as_text)
            {
                entries.insert(host, index);
            }
        }
        Self { objects, target, slices, policies, entries }
    }

    /// The external service that a reference may mean. `kind` is that of the first route that refers to it.
    pub(super) fn upstream(
        &self,
        reference: Reference,
        kind: &str,
        out: &mut Vec<Diagnostic>,
    ) -> Option<Upstream<'a>> {
        let [group, of, namespace, name] = &reference;
        let istio = Kind::IstioServiceEntry.newest();
        let index = match (group.as_str(), of.as_str()) {
            (group, "Hostname") if group == istio.group() => *self.entries.get(name.as_str())?,
            _ => self.objects.find(group, of, namespace, name)?,
        };
        let object = self.objects.get(index)?;
        let mut found = match (group.as_str(), of.as_str()) {
            ("", "Service") => self.service(object)?,
            ("gateway.envoyproxy.io", "Backend") => backend(object, kind)?,
            (_, "Hostname") => service_entry(object)?,
            _ => return None,
        };
        found.objects.insert(0, index);
        let policy = self.policies.get(&(object.namespace(), object.identity.kind.as_ref(), object.name()));
        let mut node = metadata::entry(object, object.identity.name.clone(), out)
            .with("port", Node::integer(found.port))
            .with("hostHeader", Node::text("preserve"));
        if found.endpoints.len() > 1 {
            node = node.with("expansion", Node::text("grouped"));
        }
        node = node.with("endpoints", Node::list(found.endpoints));
        let mut protocol = found.protocol;
        if let Some(policy) = policy.and_then(|index| self.objects.get(*index)) {
            // The policy is what encrypts; which of the protocols it was makes no other difference.
            let encrypted = match protocol.as_deref() {
                Some("H2C" | "GRPC" | "GRPCS") => "GRPCS",
                Some("TLS" | "TCP") => "TLS",
                _ => "HTTPS",
            };
            protocol = Some(encrypted.to_owned());
            node = node.with("tls", self.tls(policy));
        }
        found.objects.extend(policy);
        if let Some(protocol) = protocol.filter(|protocol| protocol != "HTTP") {
            node = node.with("protocol", Node::text(protocol));
        }
        Some(Upstream {
            name: object.name().to_owned(),
            objects: found.objects,
            way: found.way,
            node,
            reference,
        })
    }

    fn service(&self, object: &Object<'a>) -> Option<Found<'a>> {
        if object.spec("selector").is_some_and(|selector| !selector.is_empty()) {
            return None;
        }
        let [port] = object.spec("ports")?.as_list()? else { return None };
        let number = port.get("port")?.as_integer()?;
        let protocol = Some(port.get("name")?.as_text()?.to_ascii_uppercase());
        if object.spec("type").and_then(Node::as_text) == Some("ExternalName") {
            let host = object.spec("externalName")?.clone();
            let way = Some(Way { hostnames: "externalName", profile: None });
            return Some(Found { port: number, protocol, endpoints: vec![host], way, objects: Vec::new() });
        }
        let slices = self.slices.get(&(object.namespace(), object.name()))?.clone();
        let mut endpoints = Vec::new();
        for slice in slices.iter().filter_map(|index| self.objects.get(*index)) {
            let [port] = slice.node.get("ports")?.as_list()? else { return None };
            let port = port.get("port")?.as_integer()?;
            for endpoint in slice.node.get("endpoints")?.as_list()? {
                let address = first(endpoint.get("addresses"))?.clone();
                endpoints.push(placed(address, port, number));
            }
        }
        Some(Found { port: number, protocol, endpoints, way: None, objects: slices })
    }

    fn tls(&self, policy: &Object<'a>) -> Node<'a> {
        let spec = shorter::spec(policy, self.target);
        let validation = spec.get("validation").cloned().unwrap_or(Node::NULL);
        let mut tls = Node::map([]);
        for key in ["hostname", "caCertificateRefs", "wellKnownCACertificates", "subjectAltNames"] {
            let is_default =
                |node: &&Node<'_>| key == "wellKnownCACertificates" && node.as_text() == Some("System");
            if let Some(value) = validation.get(key).filter(|value| !is_default(value)) {
                tls = tls.with(key, value.clone());
            }
        }
        tls
    }
}

/// Envoy Gateway's Backend, whose protocol only its routes tell.
fn backend<'a>(object: &Object<'a>, route: &str) -> Option<Found<'a>> {
    let speaks_h2c = object.spec("appProtocols").is_some_and(|list| !list.is_empty());
    let protocol = match (route, speaks_h2c) {
        ("GRPCRoute", true) => "GRPC",
        (_, true) => "H2C",
        ("TLSRoute", _) => "TLS",
        ("TCPRoute", _) => "TCP",
        ("UDPRoute", _) => "UDP",
        _ => "HTTP",
    };
    let mut endpoints = Vec::new();
    let mut number = None;
    for endpoint in object.spec("endpoints")?.as_list()? {
        let (place, host) = match (endpoint.get("fqdn"), endpoint.get("ip")) {
            (Some(name), None) => (name, name.get("hostname")?),
            (None, Some(address)) => (address, address.get("address")?),
            _ => return None,
        };
        let port = place.get("port")?.as_integer()?;
        endpoints.push(placed(host.clone(), port, *number.get_or_insert(port)));
    }
    let way = Some(Way { hostnames: "backend", profile: Some("envoy-gateway") });
    Some(Found { port: number?, protocol: Some(protocol.to_owned()), endpoints, way, objects: Vec::new() })
}

fn service_entry<'a>(object: &Object<'a>) -> Option<Found<'a>> {
    let [port] = object.spec("ports")?.as_list()? else { return None };
    let (number, name) = (port.get("number")?.as_integer()?, port.get("name")?.as_text()?);
    let mut endpoints = Vec::new();
    for endpoint in object.spec("endpoints")?.as_list()? {
        let own = endpoint.get("ports").and_then(|ports| ports.get(name)?.as_integer()).unwrap_or(number);
        endpoints.push(placed(endpoint.get("address")?.clone(), own, number));
    }
    let protocol = Some(name.to_ascii_uppercase());
    let way = Some(Way { hostnames: "backend", profile: Some("istio") });
    Some(Found { port: number, protocol, endpoints, way, objects: Vec::new() })
}

/// An endpoint: its host alone where its port is the service's.
fn placed(host: Node<'_>, port: i64, of_service: i64) -> Node<'_> {
    if port == of_service { host } else { Node::map([("host", host), ("port", Node::integer(port))]) }
}

fn first<'n, 'a>(list: Option<&'n Node<'a>>) -> Option<&'n Node<'a>> {
    list?.as_list()?.first()
}
