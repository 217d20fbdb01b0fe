//! Whose host names are whose: no two organizations may have the same one, nor one below another's wildcard.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::Demand;
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::{Hostname, suffix, wider};
use crate::path::Path;
use crate::values::quoted;

/// Two services have the same host name.
pub(crate) const HOSTNAME_TWICE: Code = Code("hostname-twice");
/// A host name below a wildcard of another organization.
pub(crate) const HOSTNAME_OF_ANOTHER: Code = Code("hostname-of-another");

/// Two organizations have the same namespace.
pub(crate) const NAMESPACE_TWICE: Code = Code("namespace-twice");

/// Who has a host name.
#[derive(Clone, Copy)]
struct Owner<'d> {
    organization: &'d str,
    service: &'d str,
}

/// Refuses host names that more than one service has, or that stand below a wildcard of another organization.
pub(super) fn check(demands: &[Demand<'_>], out: &mut Vec<Diagnostic>) {
    check_namespaces(demands, out);
    let mut owners: BTreeMap<&str, Owner<'_>> = BTreeMap::new();
    let mut wildcards: BTreeMap<&str, &str> = BTreeMap::new();
    let mut told = Told::default();
    for Demand { organization, hosts, .. } in demands {
        for (domain, path) in &hosts.domains {
            let Some(suffix) = domain.as_str().strip_prefix('*') else { continue };
            match wildcards.get(suffix) {
                Some(other) if *other != organization.name => {
                    told.add(domain, organization.name, other);
                    out.push(of_another(domain, organization.name, other, domain.as_str(), path));
                }
                Some(_) => {}
                None => {
                    wildcards.insert(suffix, organization.name);
                }
            }
        }
    }
    for Demand { organization, hosts, .. } in demands {
        for (domain, path) in &hosts.domains {
            if let Some((other, wildcard)) = above(domain, organization.name, &wildcards) {
                told.add(domain, organization.name, other);
                out.push(of_another(domain, organization.name, other, &wildcard, path));
            }
        }
    }
    for Demand { organization, hosts, .. } in demands {
        for (service, own) in organization.services.iter().zip(&hosts.services) {
            let owner = Owner { organization: organization.name, service: service.name };
            for hostname in own {
                let first = owners.insert(hostname.as_str(), owner);
                if let Some(first) = first.filter(|first| !told.has(hostname, first, &owner)) {
                    out.push(twice(hostname, first, owner, &service.path));
                }
            }
        }
    }
}

/// Refuses namespaces that more than one organization has: the routes of one could attach to listeners of the other.
fn check_namespaces(demands: &[Demand<'_>], out: &mut Vec<Diagnostic>) {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for organization in demands.iter().map(|demand| demand.organization) {
        for namespace in &organization.namespaces {
            let first = *owners.entry(namespace).or_insert(organization.name);
            if first == organization.name {
                continue;
            }
            let message = format!(
                "namespace {} belongs to organization {} and to organization {}, whose routes could take each other's host names",
                quoted(namespace),
                quoted(first),
                quoted(organization.name)
            );
            let path = organization.path.key("namespaces");
            out.push(
                Diagnostic::error(NAMESPACE_TWICE, path, message).hint("give each `namespaces` of its own"),
            );
        }
    }
}

/// Host names of one organization that are among those of another, which is an error already: that a service of each has
/// one of them is no second one.
#[derive(Default)]
struct Told<'d>(BTreeSet<(&'d str, &'d str, &'d str)>);

impl<'d> Told<'d> {
    fn add(&mut self, domain: &'d Hostname<'_>, organization: &'d str, other: &'d str) {
        self.0.insert((suffix(domain.as_str()), organization, other));
    }

    /// Whether it was told of a host name, or of a wildcard above it.
    fn has(&self, hostname: &Hostname<'_>, one: &Owner<'_>, other: &Owner<'_>) -> bool {
        let name = hostname.as_str();
        let between = |(one, other): (&str, &str)| {
            [name].into_iter().chain(wider(name)).any(|name| self.0.contains(&(name, one, other)))
        };
        let (one, other) = (one.organization, other.organization);
        one != other && (between((one, other)) || between((other, one)))
    }
}

/// The organization that has a wildcard above a name, and the wildcard; each label of the name is looked at once.
fn above<'d>(
    hostname: &Hostname<'_>,
    organization: &str,
    wildcards: &BTreeMap<&str, &'d str>,
) -> Option<(&'d str, String)> {
    let own = suffix(hostname.as_str());
    // The wildcard of the same name was compared already.
    let suffixes = wider(own).filter(|wide| *wide != own);
    let mut others = suffixes.filter_map(|suffix| Some((suffix, *wildcards.get(suffix)?)));
    let (suffix, other) = others.find(|(_, other)| *other != organization)?;
    Some((other, format!("*{suffix}")))
}

fn of_another(
    hostname: &Hostname<'_>,
    organization: &str,
    other: &str,
    wildcard: &str,
    path: &Path,
) -> Diagnostic {
    let message = format!(
        "`{hostname}` of organization {} is among the host names of organization {}, which has `{wildcard}`",
        quoted(organization),
        quoted(other)
    );
    Diagnostic::error(HOSTNAME_OF_ANOTHER, path.clone(), message)
        .source("Gateway API v1.6.1, type Hostname: a wildcard stands for any number of labels")
        .hint("let one of the two have other `hostnames`: the most specific listener would take the other's requests")
}

fn twice(hostname: &Hostname<'_>, first: Owner<'_>, second: Owner<'_>, path: &Path) -> Diagnostic {
    let message = format!(
        "service {} of organization {} and service {} of organization {} have the same host name `{hostname}`",
        quoted(first.service),
        quoted(first.organization),
        quoted(second.service),
        quoted(second.organization)
    );
    Diagnostic::error(HOSTNAME_TWICE, path.clone(), message).hint(
        "give one of them `hostnames` of its own, or use a template that keeps them apart, such as \
         `{{ service }}.{{ org }}.{{ baseDomain }}`",
    )
}
