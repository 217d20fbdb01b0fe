//! Issuers that certificates of organizations name without saying of which kind they are.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::plan::Certificate;
use crate::tree::Node;
use crate::values::{Values, quoted};

/// Certificates whose issuer is looked for in the namespace of each of them.
const ISSUER_KIND_MISSING: Code = Code("issuer-kind-missing");

/// Certificates that name an issuer without its kind, by its name: how many, and the first namespace by the alphabet.
#[derive(Clone, Debug, Default)]
pub(super) struct Kindless {
    by_issuer: BTreeMap<String, (usize, String)>,
}

impl Kindless {
    pub(super) fn add(&mut self, certificate: &Certificate<'_>) {
        let Some(name) = kindless(certificate.issuer_ref) else { return };
        if let Some((count, first)) = self.by_issuer.get_mut(name) {
            *count += 1;
            if certificate.namespace < first.as_str() {
                certificate.namespace.clone_into(first);
            }
        } else {
            self.by_issuer.insert(name.to_owned(), (1, certificate.namespace.to_owned()));
        }
    }

    /// Says where cert-manager looks for the issuer of the values. One that an organization names itself may well be in
    /// its namespace.
    pub(super) fn finding(&self, values: &Values<'_>) -> Option<Diagnostic> {
        let issuer = kindless(values.certificates.as_ref()?.issuer_ref)?;
        let (count, first) = self.by_issuer.get(issuer)?;
        let message = format!(
            "certificates of organizations name issuer {} without its `kind` ({count} of them): cert-manager looks for an Issuer of \
             that name in the namespace of each, {} first",
            quoted(issuer),
            quoted(first)
        );
        let path = Path::ROOT.key("certificates").key("issuerRef");
        Some(
            Diagnostic::warning(ISSUER_KIND_MISSING, path, message)
                .source("cert-manager v1.21.2, pkg/apis/certmanager/v1/types_certificate.go, issuerRef")
                .hint("set `kind: ClusterIssuer`, or `kind: Issuer` if there is one in every namespace"),
        )
    }
}

/// The name of an issuer without a kind.
fn kindless<'n>(issuer: &'n Node<'_>) -> Option<&'n str> {
    let has_kind = issuer.get("kind").is_some_and(|kind| !kind.is_null());
    if has_kind { None } else { issuer.get("name")?.as_text() }
}
