//! Certificates of organizations: one a listener, or one a service.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::hosts::Hosts;
use super::listeners::Draft;
use super::routes::Side;
use crate::diagnostic::Diagnostic;
use crate::hostname::Hostname;
use crate::path::Path;
use crate::plan::certificates::NEEDS_SECRET;
use crate::plan::{Certificate, split};
use crate::tree::Node;
use crate::values::{Organization, Values};

/// Namespace and name.
pub(super) type Secret<'v> = (&'v str, Cow<'v, str>);

/// The Secret that a listener of an organization refers to.
///
/// Each has its own: one that two of them show lets a client ask one listener for what the other serves, and
/// controllers then give up HTTP/2 (`OverlappingCertificates`).
pub(super) fn secret<'v>(organization: &Organization<'v>, listener: &Draft<'v>) -> Secret<'v> {
    let service = listener.service.and_then(|service| organization.services.get(service));
    let (namespace, name) = match (organization.secret_name, service) {
        (Some(name), _) => return (organization.home(), Cow::Borrowed(name)),
        (None, Some(service)) => (service.namespace, format!("{}-tls", service.name)),
        (None, None) if listener.number == 0 => {
            (organization.home(), format!("{}-wildcard-tls", organization.name))
        }
        (None, None) => (organization.home(), format!("{}-tls", organization.name)),
    };
    (namespace, Cow::Owned(split::part_name(&name, listener.number + 1)))
}

/// The Certificates of an organization, one a Secret; none where nobody says who issues them. In a migration it has
/// those of the old strategy too.
pub(super) fn of<'v>(
    organization: &'v Organization<'v>,
    hosts: &Hosts<'v>,
    sides: &[Side<'_, 'v>],
    values: &'v Values<'v>,
) -> Vec<Certificate<'v>> {
    let Some(issuer_ref) = issuer(organization, values) else { return Vec::new() };
    let mut names: BTreeMap<Secret<'v>, BTreeSet<Hostname<'v>>> = BTreeMap::new();
    let mut paths: BTreeMap<Secret<'v>, &Path> = BTreeMap::new();
    for side in sides {
        for listener in side.drafts {
            let secret = secret(organization, listener);
            paths.entry(secret.clone()).or_insert(&listener.path);
            names.entry(secret).or_default().insert(listener.hostname.clone());
        }
        for (listener, hostname) in beyond_one_label(side, hosts) {
            names.entry(secret(organization, listener)).or_default().insert(hostname);
        }
    }
    let of_secrets = names.into_iter().zip(paths.into_values());
    of_secrets
        .map(|(((namespace, name), names), path)| Certificate {
            name,
            namespace,
            dns_names: names.into_iter().collect(),
            issuer_ref,
            organization: Some(organization.name),
            path: path.clone(),
        })
        .collect()
}

/// Says that Secrets whose names nobody wrote are not rendered; once, for all that have no issuer.
pub(super) fn check_issuers(values: &Values<'_>, out: &mut Vec<Diagnostic>) {
    let is_without = |organization: &Organization<'_>| {
        organization.secret_name.is_none() && issuer(organization, values).is_none()
    };
    if values.organizations.list.iter().any(is_without) {
        let message = "listeners of organizations that name no issuer need Secrets with their certificates: \
                       these are not rendered";
        let hint = "create them, or set `certificates.enabled` for cert-manager, or `certificate.issuerRef` of an \
                    organization";
        out.push(Diagnostic::info(NEEDS_SECRET, Path::ROOT.key("organizations"), message).hint(hint));
    }
}

fn issuer<'v>(organization: &'v Organization<'v>, values: &'v Values<'v>) -> Option<&'v Node<'v>> {
    organization
        .issuer_ref
        .or_else(|| values.certificates.as_ref().map(|certificates| certificates.issuer_ref))
}

/// Host names that a listener's wildcard answers for and its certificate's does not: the one stands for any number
/// of labels, the other for one (RFC 9525 6.3).
fn beyond_one_label<'m, 'v>(side: &Side<'m, 'v>, hosts: &Hosts<'v>) -> Vec<(&'m Draft<'v>, Hostname<'v>)> {
    let taken = |hostname: &Hostname<'v>| {
        let listener = side.drafts.get(side.by_hostname.most_specific(hostname)?)?;
        let suffix = listener.hostname.as_str().strip_prefix("*.")?;
        let above = hostname.as_str().split_once('.').map_or("", |(_, above)| above);
        (above != suffix).then(|| (listener, hostname.clone()))
    };
    hosts.services.iter().flatten().filter_map(taken).collect()
}
