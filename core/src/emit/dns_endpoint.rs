//! external-dns' DNSEndpoint (`externaldns.k8s.io/v1alpha1`, v0.23.0).

use serde::Serialize;

use super::object::{Head, Writer};
use crate::plan::DnsRecords;
use crate::release::Kind;
use crate::values::Metadata;

#[derive(Serialize)]
struct Spec<'a> {
    endpoints: Vec<Endpoint<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint<'a> {
    dns_name: &'a str,
    #[serde(rename = "recordTTL")]
    record_ttl: i64,
    record_type: &'a str,
    targets: &'a [&'a str],
}

/// Writes the records of one route.
pub(super) fn dns_endpoint(writer: &mut Writer<'_>, dns: &DnsRecords<'_>) {
    let DnsRecords { name, namespace, hostnames, ttl, records, gateway: _, path } = dns;
    let head = Head {
        kind: Kind::DnsEndpoint,
        name,
        namespace,
        component: "dns",
        given: Metadata::default(),
        labels: &[],
        origin: path,
    };
    let endpoints = hostnames
        .iter()
        .flat_map(|hostname| {
            records.iter().map(|(record_type, targets)| Endpoint {
                dns_name: hostname.as_str(),
                record_ttl: *ttl,
                record_type,
                targets,
            })
        })
        .collect();
    writer.object(&head, Spec { endpoints });
}
