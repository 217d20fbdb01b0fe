//! BackendTLSPolicy.

use serde::Serialize;

use super::object::{Head, Writer};
use super::service::COMPONENT;
use crate::plan::TlsPolicy;
use crate::release::Kind;
use crate::tree::Node;
use crate::values::UpstreamTls;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    target_refs: [TargetRef<'a>; 1],
    validation: Validation<'a>,
}

#[derive(Serialize)]
struct TargetRef<'a> {
    group: &'a str,
    kind: &'a str,
    name: &'a str,
}

/// `validation` of a BackendTLSPolicy; XBackend has the same.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Validation<'a> {
    hostname: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ca_certificate_refs: Vec<CaCertificateRef<'a>>,
    #[serde(rename = "wellKnownCACertificates", skip_serializing_if = "Option::is_none")]
    well_known: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subject_alt_names: Vec<SubjectAltName<'a>>,
}

#[derive(Serialize)]
struct CaCertificateRef<'a> {
    group: &'a str,
    kind: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct SubjectAltName<'a> {
    #[serde(rename = "type")]
    name_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<&'a str>,
}

/// Writes a policy.
pub(super) fn backend_tls_policy(writer: &mut Writer<'_>, policy: &TlsPolicy<'_>) {
    let TlsPolicy { name, namespace, target, hostname, name_checked: _, service } = policy;
    let head = Head {
        kind: Kind::BackendTlsPolicy,
        name,
        namespace,
        component: COMPONENT,
        given: service.metadata,
        labels: &[],
        origin: &service.path,
    };
    let target = TargetRef { group: target.group, kind: target.kind, name: &target.name };
    let validation = validation(hostname.as_str(), service.tls.as_ref());
    writer.object(&head, Spec { target_refs: [target], validation });
}

/// The system's CAs where the service names none.
pub(super) fn validation<'a>(hostname: &'a str, tls: Option<&'a UpstreamTls<'_>>) -> Validation<'a> {
    let refs = tls.map(|tls| tls.ca_certificate_refs.as_slice()).unwrap_or_default();
    let names = tls.map(|tls| tls.subject_alt_names.as_slice()).unwrap_or_default();
    Validation {
        hostname,
        ca_certificate_refs: refs.iter().map(|node| ca_certificate_ref(node)).collect(),
        well_known: refs.is_empty().then(|| tls.and_then(|tls| tls.well_known).unwrap_or("System")),
        subject_alt_names: names.iter().map(|node| subject_alt_name(node)).collect(),
    }
}

fn ca_certificate_ref<'a>(node: &'a Node<'_>) -> CaCertificateRef<'a> {
    let text = |key: &str, default: &'static str| node.get(key).and_then(Node::as_text).unwrap_or(default);
    CaCertificateRef { group: text("group", ""), kind: text("kind", "ConfigMap"), name: text("name", "") }
}

/// A plain text is a host name.
fn subject_alt_name<'a>(node: &'a Node<'_>) -> SubjectAltName<'a> {
    let text = |key: &str| node.get(key).and_then(Node::as_text);
    match node.as_text() {
        Some(hostname) => SubjectAltName { name_type: "Hostname", hostname: Some(hostname), uri: None },
        None => SubjectAltName {
            name_type: text("type").unwrap_or("Hostname"),
            hostname: text("hostname"),
            uri: text("uri"),
        },
    }
}
