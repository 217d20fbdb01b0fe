//! The listeners of an organization, and which of them takes which host name.

use std::borrow::Cow;

use super::hosts::Hosts;
use super::strategy;
use crate::hostname::Hostname;
use crate::path::Path;
use crate::plan::Listener;
use crate::plan::listeners::{self, HTTPS_PORT};
use crate::tree::Node;
use crate::values::{Organization, OrganizationService};

/// A listener of an organization before it has a place.
#[derive(Debug)]
pub(super) struct Draft<'v> {
    pub(super) name: String,
    pub(super) hostname: Hostname<'v>,
    /// Which it is of the organization's, or of its service's, from 0.
    pub(super) number: usize,
    /// The service that it is for; `None`: all of them.
    pub(super) service: Option<usize>,
    pub(super) path: Path,
}

/// The listeners that an organization needs: one for everything and one for each name beside it, or one for each
/// host name.
///
/// Names of organizations and services are DNS labels, so the dots in these names keep them apart. A listener for one
/// host name is called alike by every strategy: on one Gateway it is the same one through a migration.
pub(super) fn drafts<'v>(
    organization: &Organization<'v>,
    hosts: &Hosts<'v>,
    shape: strategy::Listeners,
) -> Vec<Draft<'v>> {
    let numbered =
        |base: String, index: usize| if index == 0 { base } else { format!("{base}.{}", index + 1) };
    let of_service = |service: &OrganizationService<'_>, index: usize| {
        numbered(format!("https-{}.{}", service.name, organization.name), index)
    };
    match shape {
        strategy::Listeners::Wildcard => {
            let mut wildcards = 0..;
            let of_services = hosts.of_services();
            let domains = hosts.domains.iter().enumerate();
            let of = |(index, (hostname, path)): (usize, &(Hostname<'v>, Path))| {
                let own = of_services.get(hostname.as_str());
                let own = own.and_then(|(at, number)| Some((organization.services.get(*at)?, *number)));
                let name = match own {
                    Some((service, number)) => of_service(service, number),
                    None => {
                        numbered(format!("https-{}", organization.name), wildcards.next().unwrap_or_default())
                    }
                };
                Draft { name, hostname: hostname.clone(), number: index, service: None, path: path.clone() }
            };
            domains.map(of).collect()
        }
        strategy::Listeners::Host => {
            let services = organization.services.iter().zip(&hosts.services).enumerate();
            let of = |(service, (written, own)): (usize, (&OrganizationService<'v>, &Vec<Hostname<'v>>))| {
                let path = written.path.clone();
                own.iter()
                    .enumerate()
                    .map(|(index, hostname)| Draft {
                        name: of_service(written, index),
                        hostname: hostname.clone(),
                        number: index,
                        service: Some(service),
                        path: path.clone(),
                    })
                    .collect::<Vec<_>>()
            };
            services.flat_map(of).collect()
        }
    }
}

/// A listener with its certificate, open to the namespaces of its organization.
pub(super) fn listener<'v>(
    organization: &'v str,
    draft: &Draft<'v>,
    secret: (&str, &str),
    namespace: &str,
    from: &[&str],
) -> Listener<'v> {
    let (secret_namespace, secret) = secret;
    let mut reference = vec![("name", Node::text(secret.to_owned()))];
    if secret_namespace != namespace {
        reference.push(("namespace", Node::text(secret_namespace.to_owned())));
    }
    let tls = Node::map([
        ("mode", Node::text("Terminate")),
        ("certificateRefs", Node::list([Node::map(reference)])),
    ]);
    let is_own = from.iter().all(|name| *name == namespace);
    Listener {
        name: Cow::Owned(draft.name.clone()),
        protocol: "HTTPS",
        port: HTTPS_PORT,
        hostname: Some(draft.hostname.clone()),
        tls: Some(Cow::Owned(tls)),
        allowed_routes: (!is_own).then(|| Cow::Owned(listeners::from_namespaces(from.iter().copied()))),
        derived: false,
        organization: Some(organization),
        path: draft.path.clone(),
    }
}
