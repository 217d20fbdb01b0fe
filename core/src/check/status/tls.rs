//! What `spec.tls` of a Gateway makes of conditions: of its own, and of those of its HTTPS listeners.

use super::condition::{Condition, NOT_GIVEN, PENDING, Truth};
use super::listener::ListenerVerdict;
use crate::check::attach::{self, Attachments, Index, Joined, Reference, Referrer};
use crate::check::model::{Gateway, ObjectRef};
use crate::check::rule::words;
use crate::release::GATEWAY_GROUP;

/// The CA certificates that a listener's clients are validated with.
pub(super) struct Authorities<'c>(Vec<Authority<'c>>);

/// A CA certificate, and what became of the reference to it.
struct Authority<'c> {
    from: Referrer<'c>,
    target: &'c ObjectRef<'c>,
    found: Reference,
}

impl<'c> Authorities<'c> {
    /// Those of a listener; none for listeners that do not end HTTPS.
    pub(super) fn of(joined: &Joined<'_>, gateway: Option<&'c Gateway<'c>>, index: &Index<'_>) -> Self {
        let https = gateway.filter(|_| joined.listener.protocol == "HTTPS");
        let authorities = https.and_then(|gateway| {
            let from = referrer(gateway);
            let certificates = gateway.validation(joined.listener.port)?.certificates.iter();
            let judge = |target| Authority { from, target, found: attach::authority(index, from, target) };
            Some(certificates.map(judge).collect())
        });
        Self(authorities.unwrap_or_default())
    }

    /// `Accepted`, where no CA certificate is known to be valid.
    ///
    /// Source: Gateway API v1.7.0, `apis/v1/gateway_types.go:878-884`.
    pub(super) fn accepted(&self) -> Option<Condition> {
        let Self(authorities) = self;
        let first = authorities.first()?;
        if authorities.iter().any(|one| one.found == Reference::Resolved) {
            return None;
        }
        Some(match authorities.iter().find(|one| !one.found.is_invalid()) {
            Some(unknown) => Condition::new("Accepted", Truth::Unknown, PENDING, unknown.words()),
            None => Condition::new("Accepted", Truth::False, "NoValidCACertificate", first.words()),
        })
    }

    /// `ResolvedRefs`, where a CA certificate is not valid or unknown.
    ///
    /// Source of the reasons: v1.7.0, `apis/v1/gateway_types.go:849-868`.
    pub(super) fn resolved_refs(&self) -> Option<Condition> {
        let Self(authorities) = self;
        let invalid = authorities.iter().find(|one| one.found.is_invalid());
        let unknown = || authorities.iter().find(|one| one.found != Reference::Resolved);
        let told = invalid.or_else(unknown)?;
        let (status, reason) = match told.found {
            Reference::NotPermitted => (Truth::False, "RefNotPermitted"),
            Reference::InvalidKind => (Truth::False, "InvalidCACertificateKind"),
            found if found.is_invalid() => (Truth::False, "InvalidCACertificateRef"),
            _ => (Truth::Unknown, NOT_GIVEN),
        };
        Some(Condition::new("ResolvedRefs", status, reason, told.words()))
    }
}

impl Authority<'_> {
    fn words(&self) -> String {
        let Self { from, target, found } = self;
        format!("CA certificates for clients: {}", words::authority(*found, *from, target))
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
    verdicts: &[ListenerVerdict],
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
        let words = words::certificate(found, referrer(gateway), certificate);
        conditions.push(Condition::new("ResolvedRefs", status, reason, words));
    }
    let own = gateway.validations.iter().filter_map(|(_, validation)| validation.as_ref());
    if gateway.validation.iter().chain(own).any(|validation| validation.insecure) {
        let message = "clients without a valid certificate are let in: `mode` is AllowInsecureFallback";
        let (kind, reason) = ("InsecureFrontendValidationMode", "ConfigurationChanged");
        conditions.push(Condition::new(kind, Truth::True, reason, message));
    }
    conditions
}

fn referrer<'g>(gateway: &'g Gateway<'_>) -> Referrer<'g> {
    Referrer { group: GATEWAY_GROUP, kind: "Gateway", namespace: &gateway.meta.namespace }
}
