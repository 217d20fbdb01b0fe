//! The host names of an organization: from the template, or from what it says itself.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::hostname_index::HostnameIndex;
use super::layout::base_domain;
use super::strategy::Listeners;
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::plan::names::{Names, Subject, Tenant};
use crate::public_suffix::{self, Section};
use crate::shorten::listed;
use crate::values::{Organization, OrganizationService, Values, quoted};

/// A wildcard directly below a public suffix.
const PUBLIC_SUFFIX_WILDCARD: Code = Code("public-suffix-wildcard");
/// A host name of an organization whose service nobody named.
const WHOSE_HOSTNAME: Code = Code("whose-hostname");
/// A service of an organization without a host name.
const SERVICE_NOT_EXPOSED: Code = Code("service-not-exposed");
/// The template makes something that is no host name, or no wildcard where it must be one.
const BAD_ORGANIZATION_HOSTNAME: Code = Code("bad-organization-hostname");

/// What a host name may be.
const HOSTNAME_SOURCE: &str = "Gateway API v1.6.1, type Hostname; RFC 1035 2.3.4";

/// The domain below which organizations have their host names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Base<'b> {
    /// Empty where the template needs none.
    name: &'b str,
    /// Whether no public suffix is below it, so that none has to be looked for there.
    is_plain: bool,
}

impl<'b> Base<'b> {
    pub(super) fn of(values: &'b Values<'_>) -> Self {
        let name = base_domain(values);
        Self { name, is_plain: !name.is_empty() && !public_suffix::has_rules_below(name) }
    }

    /// Whether a name is no public suffix for being below this domain.
    pub(super) fn rules_out(self, name: &str) -> bool {
        self.is_plain && name.strip_suffix(self.name).is_some_and(|below| below.ends_with('.'))
    }
}

/// Host names of an organization.
#[derive(Debug, Default)]
pub(super) struct Hosts<'v> {
    /// Of each service, in the order of the values, without repetitions.
    pub(super) services: Vec<Vec<Hostname<'v>>>,
    /// What its listeners answer for, each with the value it came from: wildcards that cover the services'
    /// names, and the names that no wildcard covers.
    pub(super) domains: Vec<(Hostname<'v>, Path)>,
}

impl Hosts<'_> {
    /// The service of each host name, and which of its names it is.
    pub(super) fn of_services(&self) -> BTreeMap<&str, (usize, usize)> {
        let mut found = BTreeMap::new();
        for (service, own) in self.services.iter().enumerate() {
            for (number, hostname) in own.iter().enumerate() {
                found.entry(hostname.as_str()).or_insert((service, number));
            }
        }
        found
    }
}

/// What an organization and its services say themselves.
struct Claims<'o> {
    /// `hostnames` and `extraHostnames` of the organization.
    listed: BTreeSet<&'o str>,
    /// `hostnames` of its services.
    named: BTreeSet<&'o str>,
}

impl<'o> Claims<'o> {
    fn of(organization: &'o Organization<'_>) -> Self {
        let listed = organization.hostnames.iter().chain(&organization.extra_hostnames);
        let named = organization.services.iter().flat_map(|service| &service.hostnames);
        Self {
            listed: listed.map(|(hostname, _)| hostname.as_str()).collect(),
            named: named.map(Hostname::as_str).collect(),
        }
    }

    /// Whether a service has derived host names: its own stand in place of them, but for those that say which of the
    /// organization's are its.
    fn derives(&self, service: &OrganizationService<'_>) -> bool {
        service.hostnames.iter().all(|hostname| self.listed.contains(hostname.as_str()))
    }
}

/// Whether host names of an organization come from the template.
pub(super) fn are_derived(organization: &Organization<'_>) -> bool {
    let claims = Claims::of(organization);
    organization.hostnames.is_empty() && organization.services.iter().any(|service| claims.derives(service))
}

/// Every host name of an organization, and what its listeners answer for.
pub(super) fn of<'v>(
    organization: &Organization<'v>,
    base: Base<'_>,
    listeners: Listeners,
    names: &Names<'v>,
    out: &mut Vec<Diagnostic>,
) -> Hosts<'v> {
    let tenant = Tenant { org: organization.name, base_domain: base.name };
    let claims = Claims::of(organization);
    let said = out.len();
    let mut hosts = Hosts { services: vec![Vec::new(); organization.services.len()], domains: Vec::new() };
    let templated = organization.hostnames.is_empty();
    if templated && listeners == Listeners::Wildcard && !organization.services.is_empty() {
        let domain = wildcard(organization, tenant, names, out);
        hosts.domains.extend(domain.filter(|(domain, path)| !refused(domain, base, organization, path, out)));
    }
    if templated {
        for (service, own) in organization.services.iter().zip(&mut hosts.services) {
            if claims.derives(service) {
                own.extend(from_template(service, tenant, names, out));
            }
        }
    }
    for (hostname, path) in organization.hostnames.iter().chain(&organization.extra_hostnames) {
        if listeners == Listeners::Wildcard && refused(hostname, base, organization, path, out) {
            continue;
        }
        match hostname.as_str().strip_prefix("*.") {
            Some(suffix) => below(organization, &claims, suffix, &mut hosts.services, path, out),
            None if claims.named.contains(hostname.as_str()) => {}
            None => exact(organization, hostname, &mut hosts.services, path, out),
        }
        if listeners == Listeners::Wildcard {
            hosts.domains.push((hostname.clone(), path.clone()));
        }
    }
    for (service, own) in organization.services.iter().zip(&mut hosts.services) {
        own.extend(service.hostnames.iter().cloned());
        let mut seen = BTreeSet::new();
        own.retain(|hostname| seen.insert(hostname.clone()));
    }
    if said == out.len() {
        check_exposed(organization, &hosts, out);
    }
    complete(organization, &mut hosts);
    hosts
}

/// A service without a host name is one that nothing exposes.
fn check_exposed(organization: &Organization<'_>, hosts: &Hosts<'_>, out: &mut Vec<Diagnostic>) {
    for (service, own) in organization.services.iter().zip(&hosts.services) {
        if own.is_empty() {
            let message = format!(
                "service {} of organization {} gets no host name, so nothing exposes it",
                quoted(service.name),
                quoted(organization.name)
            );
            out.push(Diagnostic::warning(SERVICE_NOT_EXPOSED, service.path.clone(), message).hint(
                "give it `hostnames`, or the organization a wildcard, below which each service has a name",
            ));
        }
    }
}

/// Whether a host name is a wildcard of names that anybody may register: an error, and then as if it were not there.
fn refused(
    domain: &Hostname<'_>,
    base: Base<'_>,
    organization: &Organization<'_>,
    path: &Path,
    out: &mut Vec<Diagnostic>,
) -> bool {
    let suffix = domain.as_str().strip_prefix("*.");
    let suffix = suffix.filter(|suffix| {
        !base.rules_out(suffix) && public_suffix::section_below(suffix) == Some(Section::Icann)
    });
    let Some(suffix) = suffix else { return false };
    let message = format!(
        "organization {} has `*.{suffix}`, but `{suffix}` is {}: everybody registers names below it",
        quoted(organization.name),
        public_suffix::words(suffix)
    );
    out.push(
        Diagnostic::error(PUBLIC_SUFFIX_WILDCARD, path.clone(), message)
            .source(format!(
                "Mozilla's Public Suffix List, ICANN section, as of {}; CA/Browser Forum, Baseline Requirements 3.2.2.6: no such certificate is issued",
                public_suffix::list()
            ))
            .hint("name a domain of its own below it"),
    );
    true
}

/// Adds what no listener answers for yet, and takes out what a wildcard of the organization answers for.
fn complete<'v>(organization: &Organization<'v>, hosts: &mut Hosts<'v>) {
    let Hosts { services, domains } = hosts;
    let known = domains.clone();
    let by_hostname = HostnameIndex::of(known.iter().map(|(domain, _)| domain));
    domains.retain(|(domain, _)| by_hostname.wider(domain).is_none());
    let mut seen: BTreeSet<&str> = known.iter().map(|(domain, _)| domain.as_str()).collect();
    for (service, own) in organization.services.iter().zip(services.iter()) {
        for hostname in own {
            if by_hostname.wider(hostname).is_none() && seen.insert(hostname.as_str()) {
                domains.push((hostname.clone(), service.path.clone()));
            }
        }
    }
}

/// What the template makes for every service at once.
fn wildcard<'v>(
    organization: &Organization<'v>,
    tenant: Tenant<'_>,
    names: &Names<'v>,
    out: &mut Vec<Diagnostic>,
) -> Option<(Hostname<'v>, Path)> {
    let subject = Subject {
        service: "*",
        namespace: organization.home(),
        protocol: "HTTP",
        port: 0,
        tenant: Some(tenant),
    };
    let made = names.organization_hostname(&subject, out)?;
    match Hostname::parse(&made) {
        Ok((hostname, _)) if hostname.is_wildcard() => {
            Some((hostname.into_owned(), organization.path.clone()))
        }
        _ => {
            let message = format!(
                "`names.organizationHostname` makes {} for all services of organization {}: that is no wildcard, so \
                 no listener can answer for all of them",
                quoted(&made),
                quoted(organization.name)
            );
            out.push(
                Diagnostic::error(BAD_ORGANIZATION_HOSTNAME, template_path(), message)
                    .source("Gateway API v1.6.1, type Hostname: `*` is the whole first label")
                    .hint(
                        "let the template begin with `{{ service }}.`, or take `sharding.strategy: perService` or `hash`",
                    ),
            );
            None
        }
    }
}

fn from_template<'v>(
    service: &OrganizationService<'v>,
    tenant: Tenant<'_>,
    names: &Names<'v>,
    out: &mut Vec<Diagnostic>,
) -> Option<Hostname<'v>> {
    let OrganizationService { name, port, namespace, .. } = service;
    let subject = Subject { service: name, namespace, protocol: "HTTP", port: *port, tenant: Some(tenant) };
    let made = names.organization_hostname(&subject, out)?;
    derived(&made, tenant.org, service, out)
}

/// A derived name as a host name; what is none is an error.
fn derived<'v>(
    made: &str,
    organization: &str,
    service: &OrganizationService<'_>,
    out: &mut Vec<Diagnostic>,
) -> Option<Hostname<'v>> {
    let fault = match Hostname::parse(made) {
        Ok((hostname, _)) if !hostname.is_wildcard() => return Some(hostname.into_owned()),
        Ok(_) => "is a wildcard, where one service needs a name".to_owned(),
        Err(fault) => fault.to_string(),
    };
    let message = format!(
        "service {} of organization {} gets the host name {}, which {fault}",
        quoted(service.name),
        quoted(organization),
        quoted(made)
    );
    out.push(
        Diagnostic::error(BAD_ORGANIZATION_HOSTNAME, service.path.clone(), message)
            .source(HOSTNAME_SOURCE)
            .hint("give it `hostnames` of its own, or change `names.organizationHostname`"),
    );
    None
}

/// A host name of every service below a wildcard.
fn below<'v>(
    organization: &Organization<'v>,
    claims: &Claims<'_>,
    suffix: &str,
    services: &mut [Vec<Hostname<'v>>],
    path: &Path,
    out: &mut Vec<Diagnostic>,
) {
    for (service, own) in organization.services.iter().zip(services) {
        if !claims.derives(service) {
            continue;
        }
        match Hostname::parse(&format!("{}.{suffix}", service.name)) {
            Ok((hostname, _)) => own.push(hostname.into_owned()),
            Err(fault) => {
                let message = format!("service {} below `*.{suffix}` {fault}", quoted(service.name));
                out.push(
                    Diagnostic::error(BAD_ORGANIZATION_HOSTNAME, path.clone(), message)
                        .source(HOSTNAME_SOURCE)
                        .hint("give the service `hostnames` of its own, or a wildcard of a shorter name"),
                );
            }
        }
    }
}

/// An exact name that no service names belongs to the service of its first label, else to the only one.
fn exact<'v>(
    organization: &Organization<'v>,
    hostname: &Hostname<'v>,
    services: &mut [Vec<Hostname<'v>>],
    path: &Path,
    out: &mut Vec<Diagnostic>,
) {
    let first = hostname.as_str().split('.').next().unwrap_or_default();
    let named = organization.services.iter().position(|service| service.name == first);
    let only = if organization.services.len() == 1 { Some(0) } else { None };
    if let Some(own) = named.or(only).and_then(|index| services.get_mut(index)) {
        own.push(hostname.clone());
        return;
    }
    let message = format!(
        "`{hostname}` is a host name of organization {}, but none of its services is called `{first}`",
        quoted(organization.name)
    );
    let hint = if organization.services.is_empty() {
        Cow::Borrowed("give the organization a service")
    } else {
        let names = listed(organization.services.iter().map(|service| quoted(service.name)));
        Cow::Owned(format!(
            "leave it here and name it in `hostnames` of one of its services too, beside whose other names it stands: {names}"
        ))
    };
    out.push(Diagnostic::error(WHOSE_HOSTNAME, path.clone(), message).hint(hint));
}

fn template_path() -> Path {
    Path::ROOT.key("names").key("organizationHostname")
}
