//! cert-manager's Certificate (`cert-manager.io/v1`, v1.21.2).

use serde::Serialize;

use super::object::{Head, Writer};
use crate::hostname::Hostname;
use crate::plan::Certificate;
use crate::release::Kind;
use crate::tree::Node;
use crate::values::Metadata;

/// Without `commonName`: it is limited to 64 characters, and nobody reads it any more.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    secret_name: &'a str,
    issuer_ref: &'a Node<'a>,
    dns_names: Vec<&'a str>,
}

/// Writes a Certificate, whose Secret has its name.
pub(super) fn certificate(writer: &mut Writer<'_>, certificate: &Certificate<'_>) {
    let Certificate { name, namespace, dns_names, issuer_ref, organization: _, path } = certificate;
    let head = Head {
        kind: Kind::Certificate,
        name,
        namespace,
        component: "gateway",
        given: Metadata::default(),
        labels: &[],
        origin: path,
    };
    let dns_names = dns_names.iter().map(Hostname::as_str).collect();
    writer.object(&head, Spec { secret_name: name, issuer_ref, dns_names });
}
