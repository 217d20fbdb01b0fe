//! Where a rule's requests go.

use super::answer::{Forwarded, Share};
use super::filters::{self, Connection};
use crate::check::attach::{Attachments, Reference, backend, is_distrusted};
use crate::check::model::{Match, Route, Rule};
use crate::check::settings::Settings;

/// The share of each backend: its weight in the sum of all. One that cannot be used keeps its share,
/// which is answered 500; one of weight 0 gets nothing.
///
/// Source: Gateway API v1.6.1, `apis/v1/shared_types.go:315-333`, `apis/v1/httproute_types.go:267-288`.
pub(super) fn shares<'c>(
    route: &'c Route<'c>,
    rule: &'c Rule<'c>,
    attachments: &Attachments<'_>,
    settings: &Settings,
    (matched, connection, request): (Option<&Match<'_>>, &Connection, Option<&Forwarded>),
    notes: &mut Vec<String>,
) -> Vec<Share<'c>> {
    let sum: i64 = rule.backends.iter().map(|found| found.weight.max(0)).sum();
    let mut shares = Vec::with_capacity(rule.backends.len());
    for found in &rule.backends {
        let target = &found.target;
        let resolved = backend(&attachments.index, settings.profile, route, found);
        if resolved == Reference::KindUnknown {
            notes.push(format!(
                "what becomes of requests to {} `{}` of group `{}` is the controller's own and not traced",
                target.kind, target.name, target.group
            ));
        }
        let invalid = resolved.reason();
        let distrusted = request.is_some() && is_distrusted(&attachments.index, route, found);
        let invalid = invalid.or_else(|| distrusted.then_some("NoValidCACertificate"));
        let own = request.filter(|_| !found.filters.is_empty()).map(|request| {
            let mut request = request.clone();
            if filters::apply(&found.filters, matched, connection, &mut request, notes).is_some() {
                notes.push(format!("requests to `{}` are answered with a redirect", found.target.name));
            }
            request
        });
        #[allow(
            clippy::cast_precision_loss,
            reason = "weights are at most a million each, sixteen to a rule"
        )]
        let share = if sum == 0 { 0.0 } else { found.weight.max(0) as f64 / sum as f64 };
        shares.push(Share {
            kind: Some(target.kind.as_ref()).filter(|kind| *kind != "Service"),
            namespace: target.namespace.as_deref().unwrap_or(&route.meta.namespace),
            name: &target.name,
            port: found.port,
            share,
            status: invalid.is_some().then_some(500),
            reason: invalid,
            request: own,
        });
    }
    if sum == 0 && !shares.is_empty() {
        notes.push("every weight is 0: Gateway API does not say what is answered".to_owned());
    }
    shares
}

/// Whether at least one backend gets requests and can be used.
pub(super) fn any_usable(shares: &[Share<'_>]) -> bool {
    shares.iter().any(|share| share.status.is_none() && share.share > 0.0)
}
