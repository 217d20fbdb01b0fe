//! What `spec.tls` of a Gateway makes of conditions: of its own, and of those of its HTTPS listeners.

use super::condition::{Condition, NOT_GIVEN, PENDING, Truth};
use super::listener::Verdict;
use crate::check::attach::{self, Attachments, Index, Joined, Reference, Referrer};
use crate::check::model::{Gateway, ObjectRef};

/// What became of the CA certificates that a listener's clients are validated with.
pub(super) struct Authorities<'c> {
    found: Vec<(&'c ObjectRef<'c>, Reference)>,
}

impl<'c> Authorities<'c> {
    /// Those of a listener; none for listeners that do not end HTTPS.
    pub(super) fn of(joined: &Joined<'_>, gateway: Option<&'c Gateway<'c>>, index: &Index<'_>) -> Self {
        let https = gateway.filter(|_| joined.listener.protocol == "HTTPS");
        let certificates = https.and_then(|gateway| {
            let from = referrer(gateway);
            let certificates = &gateway.validation(joined.listener.port)?.certificates;
            Some(certificates.iter().map(|found| (found, attach::authority(index, from, found))).collect())
        });
        Self { found: certificates.unwrap_or_default() }
    }

    /// `Accepted`, where no CA certificate is known to be valid.
    ///
    /// Source: Gateway API v1.7.0, `apis/v1/gateway_types.go:878-884`.
    pub(super) fn accepted(&self) -> Option<Condition> {
        if self.found.is_empty() || self.found.iter().any(|(_, found)| *found == Reference::Resolved) {
            return None;
        }
        let none = self.found.iter().all(|(_, found)| found.is_invalid());
        let (status, reason) =
            if none { (Truth::False, "NoValidCACertificate") } else { (Truth::Unknown, PENDING) };
        Some(Condition::new("Accepted", status, reason, "clients could not be validated"))
    }

    /// `ResolvedRefs`, where a CA certificate is not valid or unknown.
    ///
    /// Source of the reasons: v1.7.0, `apis/v1/gateway_types.go:849-868`.
    pub(super) fn resolved_refs(&self) -> Option<Condition> {
        let told = |status, reason, (reference, _): &(&ObjectRef<'_>, Reference)| {
            let message = format!("{} `{}` as a CA certificate for clients", reference.kind, reference.name);
            Some(Condition::new("ResolvedRefs", status, reason, message))
        };
        if let Some(invalid) = self.found.iter().find(|(_, found)| found.is_invalid()) {
            let reason = match invalid.1 {
                Reference::NotPermitted => "RefNotPermitted",
                Reference::InvalidKind => "InvalidCACertificateKind",
                _ => "InvalidCACertificateRef",
            };
            return told(Truth::False, reason, invalid);
        }
        let unknown = self.found.iter().find(|(_, found)| *found != Reference::Resolved)?;
        told(Truth::Unknown, NOT_GIVEN, unknown)
    }
}

/// The conditions that a Gateway has only with TLS settings of its own.
///
/// `ResolvedRefs` sums up those of its listeners as well.
///
/// Source: v1.7.0, `apis/v1/gateway_types.go:1383-1397` and `:1469-1522`; conformance tests
/// `gateway-invalid-tls-backend-configuration` and `gateway-with-clientcertificate-validation-insecure-fallback`.
pub(super) fn gateway(
    at: usize,
    gateway: &Gateway<'_>,
    attachments: &Attachments<'_>,
    verdicts: &[Verdict],
) -> Vec<Condition> {
    let mut conditions = Vec::new();
    if let Some(certificate) = &gateway.client_certificate {
        let found = attach::certificate(&attachments.index, referrer(gateway), certificate);
        let listeners = attachments.merged(at).filter_map(|(id, _)| verdicts.get(id.0));
        let resolved: Vec<Truth> = listeners.map(|verdict| verdict.resolved).collect();
        let (status, reason) = match found {
            Reference::NotPermitted => (Truth::False, "RefNotPermitted"),
            found if found.is_invalid() => (Truth::False, "InvalidClientCertificateRef"),
            _ if resolved.contains(&Truth::False) => (Truth::False, "ListenersNotResolved"),
            Reference::Resolved if !resolved.contains(&Truth::Unknown) => (Truth::True, "ResolvedRefs"),
            _ => (Truth::Unknown, NOT_GIVEN),
        };
        conditions.push(Condition::new("ResolvedRefs", status, reason, ""));
    }
    let own = gateway.validations.iter().filter_map(|(_, validation)| validation.as_ref());
    if gateway.validation.iter().chain(own).any(|validation| validation.insecure) {
        conditions.push(Condition::holds("InsecureFrontendValidationMode", "ConfigurationChanged"));
    }
    conditions
}

fn referrer<'g>(gateway: &'g Gateway<'_>) -> Referrer<'g> {
    Referrer { group: "gateway.networking.k8s.io", kind: "Gateway", namespace: &gateway.meta.namespace }
}
