//! Certificates of organizations: one a wildcard and all that it does not cover, or one a service.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::hosts::Hosts;
use super::strategy::Listeners;
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::plan::Certificate;
use crate::tree::Node;
use crate::values::{Organization, OrganizationService, Solver, Values, quoted};

/// A wildcard certificate whose issuer cannot, or may not be able to, prove it.
const WILDCARD_NEEDS_DNS01: Code = Code("wildcard-needs-dns01");

/// The Secret that the listeners of an organization refer to: its namespace and name.
pub(super) fn secret<'v>(
    organization: &Organization<'v>,
    service: Option<&OrganizationService<'v>>,
) -> (&'v str, Cow<'v, str>) {
    match (organization.secret_name, service) {
        (Some(name), _) => (organization.home(), Cow::Borrowed(name)),
        (None, Some(service)) => (service.namespace, Cow::Owned(format!("{}-tls", service.name))),
        (None, None) => (organization.home(), Cow::Owned(format!("{}-wildcard-tls", organization.name))),
    }
}

/// The Certificates of an organization; none where nobody says who issues them.
pub(super) fn of<'v>(
    organization: &'v Organization<'v>,
    hosts: &Hosts<'v>,
    shape: Listeners,
    values: &'v Values<'v>,
) -> Vec<Certificate<'v>> {
    let Some(issuer_ref) = issuer(organization, values) else { return Vec::new() };
    let make = |(namespace, name), names: BTreeSet<Hostname<'v>>, path: &Path| Certificate {
        name,
        namespace,
        dns_names: names.into_iter().collect(),
        issuer_ref,
        path: path.clone(),
    };
    let of_service = |names: &[Hostname<'v>]| names.iter().cloned().collect::<BTreeSet<_>>();
    let mut certificates: Vec<Certificate<'v>> = match shape {
        Listeners::Wildcard => vec![make(secret(organization, None), names(hosts), &organization.path)],
        Listeners::Host if organization.secret_name.is_some() => {
            let all = hosts.services.iter().flatten().cloned().collect();
            vec![make(secret(organization, None), all, &organization.path)]
        }
        Listeners::Host => organization
            .services
            .iter()
            .zip(&hosts.services)
            .map(|(service, own)| make(secret(organization, Some(service)), of_service(own), &service.path))
            .collect(),
    };
    certificates.retain(|certificate| !certificate.dns_names.is_empty());
    certificates
}

fn issuer<'v>(organization: &'v Organization<'v>, values: &'v Values<'v>) -> Option<&'v Node<'v>> {
    organization
        .issuer_ref
        .or_else(|| values.certificates.as_ref().map(|certificates| certificates.issuer_ref))
}

/// What the listeners answer for, and every host name below a wildcard that its certificate does not cover: a
/// listener's wildcard stands for any number of labels, a certificate's for one (RFC 6125 6.4.3).
fn names<'v>(hosts: &Hosts<'v>) -> BTreeSet<Hostname<'v>> {
    let mut names: BTreeSet<Hostname<'v>> = hosts.domains.iter().map(|(domain, _)| domain.clone()).collect();
    for hostname in hosts.services.iter().flatten() {
        let above = hostname.as_str().split_once('.').map_or("", |(_, above)| above);
        let is_covered =
            hosts.domains.iter().any(|(domain, _)| domain.as_str().strip_prefix("*.") == Some(above));
        if !is_covered {
            names.insert(hostname.clone());
        }
    }
    names
}

/// Wildcards are certified only by issuers that prove control of the domain by DNS.
pub(super) fn check_solver(values: &Values<'_>, certificates: &[Certificate<'_>], out: &mut Vec<Diagnostic>) {
    let wildcards =
        || certificates.iter().filter(|certificate| certificate.dns_names.iter().any(Hostname::is_wildcard));
    let Some(first) = wildcards().next() else { return };
    let name = first.dns_names.iter().find(|name| name.is_wildcard()).map(Hostname::to_string);
    let what = format!(
        "{} certificates hold wildcards ({} first), which ACME issues by DNS-01 only",
        wildcards().count(),
        quoted(&name.unwrap_or_default())
    );
    let path = Path::ROOT.key("certificates").key("solver");
    let source = "RFC 8555 8.3 and 7.1.3; Let's Encrypt, challenge types: HTTP-01 cannot issue wildcards";
    match values.certificates.as_ref().and_then(|certificates| certificates.solver) {
        Some(Solver::Http01) => out.push(
            Diagnostic::error(WILDCARD_NEEDS_DNS01, path, format!("{what}, but `solver` is http01"))
                .source(source)
                .hint("name an issuer with a dns01 solver, or take `sharding.strategy: perService`"),
        ),
        None => out.push(
            Diagnostic::warning(WILDCARD_NEEDS_DNS01, path, format!("{what}; nobody says how the issuer proves them"))
                .source(source)
                .hint("see that the issuer has a dns01 solver and set `certificates.solver: dns01`, or `none` if it is no ACME issuer"),
        ),
        Some(Solver::Dns01 | Solver::NotAcme) => {}
    }
}
